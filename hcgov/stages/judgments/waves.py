"""What changed between rounds of collection: shifts of people's choices, and when choices are too old."""

from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np

from hcgov.core.estimate import Estimate
from hcgov.core.evidence.long import Long
from hcgov.core.frozen import frozen
from hcgov.core.status import Reason
from hcgov.core.text import text
from hcgov.stages.judgments.arrays import by_judge, codes, numbers
from hcgov.stages.judgments.choices import EVERYTHING, Choices, NoChoices, Of, choices_of, used_rows
from hcgov.stats.aggregation.ballots import Ballots, Bools, Floats, Ints
from hcgov.stats.aggregation.regret import half_of
from hcgov.stats.crossed import Rows, of_sums
from hcgov.stats.means import student

DAY = 86400.0


@frozen
class Shift:
    """How much more often an alternative is preferred in the later wave than in the one before it.

    Parameters
    ----------
    alternative, scope
        Which, and in which dimension; over prompts ``the earlier favourite``.
    estimate
        Difference of shares of preference, later minus earlier, in [-1, 1].
    earlier, later
        People of either wave, on what both waves judged.
    """

    alternative: str
    scope: str
    estimate: Estimate
    earlier: int
    later: int


@frozen
class Shifts:
    """Shifts between the last two waves.

    Parameters
    ----------
    waves
        Names of the two waves, the earlier first.
    same_people
        People who judged in both.
    same_prompts
        Whether only prompts that both waves judged are compared; else prompts differ, and may be what changed.
    dropped
        Choices on what only one of them judged.
    """

    waves: tuple[str, str]
    shifts: tuple[Shift, ...]
    same_people: int
    same_prompts: bool
    dropped: int


def shifts_of(long: Long, order: Sequence[str] = (), *, of: Of | None = None) -> Shifts | NoChoices:
    """Return what shifted between the last two waves of a table of preferences, or why nothing can be told.

    Parameters
    ----------
    long
        With ``wave``; waves are in the order of their first day where ``submitted_at`` is there.
    order
        Names of the waves, the earliest first; those of the table where left out.
    of
        What is chosen between.
    """
    choices = choices_of(long, of=of)
    if isinstance(choices, NoChoices):
        return choices
    wave = codes(long, "wave").astype(np.int64)[used_rows(long, choices.of)]
    unordered = sorted(set(waves_of(long)) - set(order)) if order else []
    if unordered:
        return NoChoices(
            reason=Reason.UNDECLARED_GROUP,
            note=text(
                "the order of the waves does not name {names}: the last of them may be one of these",
                names=", ".join(f"`{name}`" for name in unordered),
            ),
        )
    names = [name for name in order or waves_of(long) if name in long.codes("wave").names]
    held = [long.codes("wave").names.index(name) for name in names]
    held = [code for code in held if (wave == code).any()]
    if len(held) < 2:
        return NoChoices(
            reason=Reason.UNMATCHED_PAIRS,
            note=text("the choices are of one wave, so nothing can have changed"),
        )
    before, after = wave == held[-2], wave == held[-1]
    ballots = choices.ballots
    common, same_prompts = _common(ballots, before, after, choices.of)
    if not common.any():
        return NoChoices(
            reason=Reason.UNMATCHED_PAIRS,
            note=text("the two last waves have no pair of alternatives in common"),
        )
    people = [set(np.unique(ballots.person[one & common]).tolist()) for one in (before, after)]
    found = _between_models if choices.of is Of.MODELS else _of_favourites
    return Shifts(
        waves=(long.codes("wave").names[held[-2]], long.codes("wave").names[held[-1]]),
        shifts=tuple(found(choices, before & common, after & common)),
        same_people=len(people[0] & people[1]),
        same_prompts=same_prompts,
        dropped=int(((before | after) & ~common).sum()),
    )


def waves_of(long: Long) -> tuple[str, ...]:
    """Return the names of the waves, the earliest first: by their first day, else by name."""
    column = long.codes("wave")
    wave = codes(long, "wave")
    present = [code for code in range(len(column.names)) if (wave == code).any()]
    if not long.has("submitted_at"):
        return tuple(column.names[code] for code in present)
    at = numbers(long, "submitted_at")
    first = {code: _first(at[wave == code]) for code in present}
    return tuple(column.names[code] for code in sorted(present, key=lambda code: (first[code], code)))


def _first(at: Floats) -> float:
    known = at[np.isfinite(at)]
    return float(known.min()) if known.size else float("inf")


def _common(ballots: Ballots, before: Bools, after: Bools, of: Of) -> tuple[Bools, bool]:
    """Return the rows on what both waves judged: the same pair of the same prompt, else the same pair."""
    low, high = np.minimum(ballots.a, ballots.b), np.maximum(ballots.a, ballots.b)
    pair = (ballots.scope * ballots.alternatives + low) * ballots.alternatives + high
    keys = [pair]
    if ballots.item is not None and of is Of.MODELS:
        keys.insert(0, pair * (int(ballots.item.max()) + 1) + ballots.item)
    for place, key in enumerate(keys):
        both = np.intersect1d(key[before], key[after])
        if both.size:
            return np.isin(key, both) & (before | after), place == 0
    return np.zeros(ballots.rows, dtype=bool), False


def _between_models(choices: Choices, before: Bools, after: Bools) -> Iterator[Shift]:
    ballots = choices.ballots
    for scope, name in enumerate(choices.scopes):
        for alternative, model in enumerate(choices.alternatives):
            with_it = (ballots.scope == scope) & ((ballots.a == alternative) | (ballots.b == alternative))
            if not (with_it & before).any() or not (with_it & after).any():
                continue
            y = np.where(ballots.a == alternative, ballots.y, 1.0 - ballots.y)
            yield _shift(
                ballots, y, with_it & before, with_it & after, model, "" if name == EVERYTHING else name
            )


def _of_favourites(choices: Choices, before: Bools, after: Bools) -> Iterator[Shift]:
    """Yield the shift of what one half of the earlier people preferred, among all other people."""
    ballots = choices.ballots
    size = ballots.alternatives
    turned = ballots.a > ballots.b
    pair = (ballots.scope * size + np.minimum(ballots.a, ballots.b)) * size + np.maximum(ballots.a, ballots.b)
    y = np.where(turned, 1.0 - ballots.y, ballots.y)
    half = half_of(ballots.person)
    distinct, place = np.unique(pair, return_inverse=True)
    asked = before & (half == 0)
    count = np.bincount(place[asked], minlength=distinct.size)
    lead = np.bincount(place[asked], weights=y[asked] - 0.5, minlength=distinct.size)
    known = (count[place] > 0) & (np.abs(lead[place]) > 1e-9) & (half == 1)
    if (known & before).any() and (known & after).any():
        favoured = np.where(lead[place] > 0.0, y, 1.0 - y)
        yield _shift(ballots, favoured, known & before, known & after, "the earlier favourite", "")


def _shift(ballots: Ballots, y: Floats, before: Bools, after: Bools, alternative: str, scope: str) -> Shift:
    used = before | after
    late, early = after[used].astype(np.float64), before[used].astype(np.float64)
    terms = np.stack([y[used] * late, late, y[used] * early, early], axis=1)
    rows = Rows(people=ballots.person[used], items=None if ballots.item is None else ballots.item[used])

    def difference(sums: Floats) -> Floats:
        found: Floats = sums[..., 0] / sums[..., 1] - sums[..., 2] / sums[..., 3]
        return found

    return Shift(
        alternative=alternative,
        scope=scope,
        estimate=of_sums(terms, rows, difference, low=-1.0, high=1.0),
        earlier=_people(ballots.person, before),
        later=_people(ballots.person, after),
    )


def _people(person: Ints, mask: Bools) -> int:
    return int(np.unique(person[mask]).size)


def newest_age(long: Long, today: str) -> int | None:
    """Return the days since the newest choice; ``None`` where no row says when it was made."""
    if not long.has("submitted_at"):
        return None
    at = numbers(long, "submitted_at")
    known = at[np.isfinite(at) & ~by_judge(long)]
    if not known.size:
        return None
    days = (date.fromisoformat(today) - date(1970, 1, 1)).days
    return days - int(np.floor(known.max() / DAY))


def mirrored(estimate: Estimate) -> Estimate:
    """Return the estimate of the same change in the other direction."""
    told = dict(estimate.statistics)
    value = None if estimate.value is None else -estimate.value
    return student(
        value, told.get("se"), told.get("df", 0.0), n=estimate.n, people=estimate.people, low=-1.0, high=1.0
    )
