"""Stage 3: is the personalised response better for the person than the generic one; who says so."""

from collections.abc import Callable
from functools import cached_property
from itertools import combinations
from typing import Literal, TypeAlias

import numpy as np

from hcgov.core.estimate import Estimate
from hcgov.core.frozen import frozen
from hcgov.core.status import Reason
from hcgov.core.text import text
from hcgov.stages.judgments.personal_relevance import MOST_RATERS
from hcgov.stages.judgments.personal_rows import Bools, Floats, Ints, StageRows
from hcgov.stages.judgments.personal_slices import Told, lacking
from hcgov.stats.crossed import Rows, buckets, crossed_mean, of_sums
from hcgov.stats.personal.ceilings import one_person, perfect
from hcgov.stats.personal.leaving_out import Left
from hcgov.stats.personal.ranks import spearman, spearman_without

NO_DIFFERENCE = 3.0
Column: TypeAlias = tuple[float, Floats]
Scale: TypeAlias = Literal["net_win", "rating"]
FEWEST_SHARED = 5
"""Two people who share fewer items tell nothing of how alike they rank."""


def outcomes(rows: StageRows, scale: Scale) -> Floats:
    """Return ratings from 1 to 5, or +1, 0 and -1 for better, no different and worse."""
    return rows.value if scale == "rating" else np.sign(rows.value - NO_DIFFERENCE)


def no_better(rows: StageRows) -> Bools:
    """Return which judgments find the personalised response no better than the generic one."""
    return np.asarray(rows.value <= NO_DIFFERENCE)


def harmed(rows: StageRows) -> Bools:
    """Return which judgments prefer the generic response, or find the personalised one intrusive."""
    worse = np.asarray(rows.value < NO_DIFFERENCE)
    return worse | rows.true("intrusive") if rows.long.has("intrusive") else worse


def net_win(rows: StageRows) -> Callable[[Bools], Told]:
    """Return a function from some rows to the share of wins minus that of losses; ties count as 0."""
    signs = outcomes(rows, "net_win")

    def told(mask: Bools) -> Told:
        own = Rows(people=rows.people[mask])
        n, people = int(mask.sum()), own.distinct_people
        if not n:
            return lacking(0, people, (Reason.SMALL_N, text("no judgment is in it")))
        found = crossed_mean(signs[mask], own, low=-1.0, high=1.0, aim=1.0)
        return Told(n=n, people=people, positives=float((signs[mask] > 0).sum()), estimate=found)

    return told


@frozen
class Replies:
    """Items of stage 3, one row each.

    Parameters
    ----------
    people
        Whom each is about, shape (items,).
    first
        A row of the table about it.
    """

    rows: StageRows
    place: Ints
    first: Ints
    people: Ints

    def mean(self, which: Bools, values: Floats) -> Floats:
        """Return the mean of some rows' values for each item; NaN where an item has none."""
        n = np.bincount(self.place[which], minlength=self.people.size)
        total = np.bincount(self.place[which], weights=values[which], minlength=self.people.size)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(total / n, dtype=np.float64)

    @cached_property
    def wanted(self) -> Floats:
        """Mean rating by people; NaN where nobody rated."""
        return self.mean(self.rows.human, self.rows.value)

    @cached_property
    def people_an_item(self) -> float:
        """How many people rated an item, on average over the items that anybody rated."""
        n = np.bincount(self.place[self.rows.human], minlength=self.people.size)
        return float(n[n > 0].mean()) if (n > 0).any() else 0.0

    def among(self, mask: Bools) -> Bools:
        """Return which items have a row in a mask over the stage's rows."""
        found = np.zeros(self.people.size, dtype=np.bool_)
        found[self.place[mask]] = True
        return found


def replies_of(rows: StageRows) -> Replies:
    """Return the items of stage 3."""
    _, at, place = np.unique(rows.items, return_index=True, return_inverse=True)
    return Replies(rows=rows, place=place, first=rows.index[at], people=rows.people[at])


def shift(replies: Replies, which: Bools, scale: Scale) -> Callable[[Bools], Told]:
    """Return a function from some rows to a judge's mean minus people's, over the items that both rated."""
    values = outcomes(replies.rows, scale)
    theirs, ours = replies.mean(which, values), replies.mean(replies.rows.human, values)
    low, high = (-2.0, 2.0) if scale == "net_win" else (-4.0, 4.0)

    def told(mask: Bools) -> Told:
        both = replies.among(mask) & np.isfinite(theirs) & np.isfinite(ours)
        own = Rows(people=replies.people[both])
        n, people = int(both.sum()), own.distinct_people
        if not n:
            note = text("no response was rated by people and by the judge")
            return lacking(0, people, (Reason.UNMATCHED_PAIRS, note))
        if np.ptp(theirs[both]) == 0.0:
            note = text("the judge gave every response the same rating")
            return lacking(n, people, (Reason.CONSTANT_OUTCOME, note))
        found = crossed_mean(theirs[both] - ours[both], own, low=low, high=high, aim=0.0)
        return Told(n=n, people=people, estimate=found)

    return told


@frozen
class Ranked:
    """Rank correlations with the mean of people, and what anything could reach.

    Parameters
    ----------
    judges, rewards
        By name; ``None`` where a rater or people do not vary.
    between_people
        Mean over pairs of people.
    one_person, perfect
        What one further person, and what people have in common, would reach.
    reward_minus_person, reward_minus_judge
        The best reward model against one further person, and against the best judge.
    """

    judges: tuple[tuple[str, Estimate | None], ...]
    rewards: tuple[tuple[str, Estimate | None], ...]
    between_people: Estimate | None
    one_person: Estimate | None
    perfect: Estimate | None
    reward_minus_person: Estimate | None
    reward_minus_judge: Estimate | None


def ranked(replies: Replies, reward: str = "") -> Ranked:
    """Return rank correlations with a jackknife over people, ranks being computed anew without each.

    ``reward`` names the reward model that is held against people and judges; the best one if empty.
    """
    rows = replies.rows
    judges = list(rows.judges)
    rewards = [rows.rater_names[c] for c in np.unique(rows.raters[rows.reward]).tolist()]
    scored = [_by(replies, name, rows.judge) for name in judges]
    scored += [_by(replies, name, rows.reward) for name in rewards]
    pairs = _between(replies)

    place = buckets(replies.people)
    columns = [spearman_without(one, replies.wanted, place) for one in scored]
    columns.append(_mean_rank(pairs, place))
    left = Left(
        whole=np.array([whole for whole, _ in columns]),
        without=np.stack([without for _, without in columns], axis=1),
        n=int(replies.people.size),
        people=Rows(people=replies.people).distinct_people,
    )
    told = [left.estimate(i, low=-1.0, high=1.0, aim=1.0) for i in range(len(scored))]
    between = left.estimate(len(scored), low=-1.0, high=1.0, aim=1.0)
    best_reward = _best(left, range(len(judges), len(scored)), rewards, reward)
    best_judge = _best(left, range(len(judges)), judges, "")
    person = _mapped(left, len(scored), lambda r: one_person(r, _whole(replies)))
    return Ranked(
        judges=tuple(zip(judges, told, strict=False)),
        rewards=tuple(zip(rewards, told[len(judges) :], strict=True)),
        between_people=between,
        one_person=_of(left, person),
        perfect=_of(left, _mapped(left, len(scored), lambda r: perfect(r, _whole(replies)))),
        reward_minus_person=_minus(left, best_reward, person),
        reward_minus_judge=_minus(left, best_reward, _column(left, best_judge)),
    )


def _whole(replies: Replies) -> int:
    return max(round(replies.people_an_item), 1)


def _by(replies: Replies, name: str, kind: Bools) -> Floats:
    return replies.mean(replies.rows.named(name) & kind, replies.rows.value)


def _rank(one: Floats, other: Floats, keep: Bools) -> float:
    both = keep & np.isfinite(one) & np.isfinite(other)
    found = spearman(one[both], other[both])
    return np.nan if found is None else found


def _between(replies: Replies) -> list[tuple[Floats, Floats]]:
    """Return the ratings of every two people who share enough items; of many people those who rated most."""
    rows = replies.rows
    people, counts = np.unique(rows.raters[rows.human], return_counts=True)
    chosen = people[np.argsort(-counts, kind="stable")][:MOST_RATERS]
    columns = [replies.mean(rows.human & (rows.raters == code), rows.value) for code in chosen.tolist()]
    shared = [
        (one, other)
        for one, other in combinations(columns, 2)
        if int((np.isfinite(one) & np.isfinite(other)).sum()) >= FEWEST_SHARED
    ]
    return [pair for pair in shared if np.isfinite(_rank(*pair, np.ones(pair[0].size, dtype=np.bool_)))]


def _mean_rank(pairs: list[tuple[Floats, Floats]], place: Ints) -> Column:
    """Return the mean correlation over pairs of people, and that without each bucket of users."""
    if not pairs:
        return np.nan, np.full(int(place.max(initial=-1)) + 1, np.nan)
    found = [spearman_without(one, other, place) for one, other in pairs]
    return float(np.mean([whole for whole, _ in found])), np.mean([without for _, without in found], axis=0)


def _best(left: Left, places: range, names: list[str], wanted: str) -> int | None:
    """Return the place of the named column, or of the one with the highest correlation."""
    if wanted:
        return places[names.index(wanted)] if wanted in names else None
    known = [place for place in places if np.isfinite(left.whole[place])]
    return max(known, key=lambda place: float(left.whole[place]), default=None)


def _column(left: Left, place: int | None) -> Column | None:
    return None if place is None else (float(left.whole[place]), left.without[:, place])


def _mapped(left: Left, place: int, function: Callable[[float], float | None]) -> Column | None:
    """Return a function of one column, with and without each bucket of people."""

    def at(value: float) -> float:
        found = function(value) if np.isfinite(value) else None
        return np.nan if found is None else found

    whole = at(float(left.whole[place]))
    return (
        (whole, np.array([at(float(one)) for one in left.without[:, place]])) if np.isfinite(whole) else None
    )


def _minus(left: Left, place: int | None, other: Column | None) -> Estimate | None:
    one = _column(left, place)
    if one is None or other is None:
        return None
    return left.of(one[0] - other[0], one[1] - other[1], low=-2.0, high=2.0, aim=2.0)


def _of(left: Left, column: Column | None) -> Estimate | None:
    return None if column is None else left.of(*column, low=-1.0, high=1.0, aim=1.0)


def mention_shift(rows: StageRows, which: Bools) -> Estimate | None:
    """Return the mean rating of responses that mention the person minus that of the others.

    ``None`` where one of the two has no rating.
    """
    told = rows.true("mentions")[which]
    value, own = rows.value[which], Rows(people=rows.people[which])
    if not told.any() or told.all():
        return None
    terms = np.stack([value * told, told, value * ~told, ~told], axis=1).astype(np.float64)
    found = of_sums(
        terms,
        own,
        lambda s: s[..., 0] / s[..., 1] - s[..., 2] / s[..., 3],
        low=-4.0,
        high=4.0,
        aim=0.0,
    )
    return found if found.value is not None else None
