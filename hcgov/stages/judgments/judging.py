"""From a long table of evaluations to a judge's scores beside those that people gave to the same."""

from dataclasses import field

import numpy as np

from hcgov.core.frozen import frozen
from hcgov.core.long_tables import Scale
from hcgov.core.status import Reason
from hcgov.core.text import text
from hcgov.stages.judgments.judge_ratings import Floats, Ints, Mask, Ratings, Refused, combined
from hcgov.stats.crossed import Rows, distinct, ranked


@frozen
class Matched:
    """The scores of people that a judge scored, too.

    Parameters
    ----------
    at
        Row of the table of each person's score, shape (n,); the other fields are in the same order.
    unit, label, score
        What it is about, code of the score and its worth (see :class:`Ratings`).
    judge_label, judge_score
        The judge's first label about the same, and its mean score.
    agreed
        Share of the judge's answers about it that are the person's.
    rater
        The person who judged.
    rows
        Clusters: the user where known, else the person who judged and the item.
    units_of_people, units_of_judge
        Things judged by people and not by the judge, and the other way round.
    """

    judge: str
    from_: Ratings = field(repr=False)
    at: Ints
    unit: Ints
    label: Ints
    score: Floats
    judge_label: Ints
    judge_score: Floats
    agreed: Floats
    rater: Ints
    rows: Rows
    units_of_people: int
    units_of_judge: int

    @property
    def numeric(self) -> bool:
        """Whether every score is a number."""
        return bool(np.isfinite(self.score).all() and np.isfinite(self.judge_score).all())

    @property
    def items(self) -> int:
        """Different things that both judged."""
        return distinct(self.unit)

    def trouble(self, mask: Mask, *, constant: bool = True) -> Refused | None:
        """Return why nothing can be said of some of the rows; ``None`` where something can.

        ``constant`` is whether scores that are all the same are a reason.
        """
        if not mask.any():
            return Refused(
                reason=Reason.SMALL_N,
                text=text("nothing that people judged was judged by `{j}`", j=self.judge),
            )
        if distinct(self.rows.people[mask]) < 2:
            return Refused(
                reason=Reason.FEW_PEOPLE,
                text=text("all judgments are one person's: nothing is known of how people differ"),
            )
        if distinct(self.unit[mask]) < 2:
            return Refused(reason=Reason.SMALL_N, text=text("all judgments are about one item"))
        if constant and (alike := self._constant(mask)):
            return Refused(
                reason=Reason.CONSTANT_OUTCOME,
                text=text(
                    "{who} the same score to everything: nothing is told apart, so nothing can be compared",
                    who=alike,
                ),
            )
        return None

    def _constant(self, mask: Mask) -> str:
        worth = self.numeric
        judge = self.judge_score[mask] if worth else self.judge_label[mask]
        people = self.score[mask] if worth else self.label[mask]
        if np.ptp(judge) == 0:
            return f"`{self.judge}` gives"
        return "people give" if np.ptp(people) == 0 else ""


def no_such_score(found: Ratings) -> Refused:
    """Refuse `positive` where no score has any of its names: every score would count as 0."""
    return Refused(
        reason=Reason.UNKNOWN_FACT,
        text=text(
            "no score is {names}, which `positive` counts; where a score may occur and does not, `order` of the "
            "artifact names it",
            names=" or ".join(f"`{one}`" for one in found.unheard),
        ),
    )


def match(found: Ratings, judge: str, *, most_unmatched: float) -> Matched | Refused:
    """Put the scores of a judge beside those that people gave to the same.

    Parameters
    ----------
    found
        All scores.
    judge
        Name of the judge.
    most_unmatched
        Share of the things that people judged and the judge did not, or the other way round, that may be left out.
        What only the judge scored is no matter where people's items were drawn at random from all.

    Returns
    -------
    Matched or Refused
        Items of one side that the other never saw are refused, for the two would speak of different things; so are
        judgments that are given twice.
    """
    if found.unheard:
        return no_such_score(found)
    if lost := found.few_lost(judge):
        return lost
    honest = found.probe < 0
    human = found.human & honest
    if found.drawn is not None and bool((human & found.drawn).any()):
        human &= found.drawn
    own = found.of(judge) & honest
    size = int(found.unit.max(initial=-1)) + 1
    by_people, by_judge = (np.bincount(found.unit[who], minlength=size) for who in (human, own))
    if again := given_twice(found, human | own):
        return again
    if silent := _silent(found, by_people > 0, honest, most_unmatched):
        return silent
    only_people, only_judge = (
        int(((by_people > 0) & (by_judge == 0)).sum()),
        int(((by_people == 0) & (by_judge > 0)).sum()),
    )
    both = int(((by_people > 0) & (by_judge > 0)).sum())
    if refused := _unmatched(found, judge, (only_people, only_judge, both), most_unmatched):
        return refused
    rows = np.flatnonzero(human & (by_judge[found.unit] > 0))
    return _beside(found, judge, rows, own, (only_people, only_judge))


def _beside(found: Ratings, judge: str, rows: Ints, own: Mask, only: tuple[int, int]) -> Matched:
    size = int(found.unit.max()) + 1
    answers = np.flatnonzero(own)
    count = np.bincount(found.unit[answers], minlength=size)
    total = np.bincount(found.unit[answers], weights=found.score[answers], minlength=size)
    first = np.full(size, -1, dtype=np.int64)
    first[found.unit[answers[::-1]]] = found.label[answers[::-1]]
    unit, label = found.unit[rows], found.label[rows]
    cells, times = np.unique(found.unit[answers] * found.kinds + found.label[answers], return_counts=True)
    place = np.searchsorted(cells, unit * found.kinds + label)
    hit = np.minimum(place, cells.size - 1)
    same = np.where(cells[hit] == unit * found.kinds + label, times[hit], 0)
    people = (
        Rows(people=found.rater[rows], items=found.item[rows])
        if found.user is None
        else Rows(people=found.user[rows])
    )
    return Matched(
        judge=judge,
        from_=found,
        at=found.at[rows],
        unit=ranked(unit)[1],
        label=label,
        score=found.score[rows],
        judge_label=first[unit],
        judge_score=total[unit] / count[unit],
        agreed=same / count[unit],
        rater=found.rater[rows],
        rows=people,
        units_of_people=only[0],
        units_of_judge=only[1],
    )


def _silent(found: Ratings, labelled: Mask, honest: Mask, most: float) -> Refused | None:
    """Refuse where items that were drawn for people to label were not: those who answered may differ."""
    if found.drawn is None:
        return None
    drawn = np.bincount(found.unit[found.drawn & honest], minlength=labelled.size) > 0
    all_, without = int(drawn.sum()), int((drawn & ~labelled).sum())
    if without <= most * all_:
        return None
    return Refused(
        reason=Reason.UNMATCHED_PAIRS,
        text=text(
            "{n} of {all} {all|item|items} that were drawn at random for people to label have no label of theirs",
            n=without,
            all=all_,
        ),
    )


def given_twice(found: Ratings, rows: Mask) -> Refused | None:
    """Refuse the same judgment given twice, unless it says which repetition or order it is."""
    keys = combined(*(c[rows] for c in (found.unit, found.repetition, found.order)))
    keys = np.sort(keys * (int(found.rater.max(initial=0)) + 1) + found.rater[rows])
    again = int((np.diff(keys) == 0).sum())
    if not again:
        return None
    return Refused(
        reason=Reason.REPEATED,
        text=text(
            "{n} {n|judgment is|judgments are} given twice by the same rater of the same item, and no `repetition` "
            "tells them apart: they are not independent",
            n=again,
        ),
    )


def _unmatched(found: Ratings, judge: str, counts: tuple[int, int, int], most: float) -> Refused | None:
    people, model, both = counts
    if not both:
        return Refused(
            reason=Reason.UNMATCHED_PAIRS,
            text=text(
                "people judged {people} {people|item|items} and `{judge}` {model}, and none of them is the same",
                people=people,
                model=model,
                judge=judge,
            ),
        )
    if people > most * (people + both):
        return Refused(
            reason=Reason.UNMATCHED_PAIRS,
            text=text(
                "{people} of {all} {all|item|items} that people judged {people|was|were} not judged "
                "by `{judge}`: what is left "
                "may differ from all",
                people=people,
                all=people + both,
                judge=judge,
            ),
        )
    if found.drawn is None and model > most * (model + both):
        return Refused(
            reason=Reason.UNMATCHED_PAIRS,
            text=text(
                "{model} of {all} {all|item|items} that `{judge}` judged {model|was|were} judged by "
                "nobody else, and no column "
                "`calibration` says that the others were drawn at random",
                model=model,
                all=model + both,
                judge=judge,
            ),
        )
    return None


def wants_ranks(found: Ratings) -> bool:
    """Whether scores are on a scale, so that their order counts; else they are labels."""
    return found.long.scale is not Scale.NOMINAL and bool(np.isfinite(found.score).all())
