"""Small histograms of scores for the worked examples of checks."""

from collections.abc import Mapping

from hcgov.core.check import Example
from hcgov.core.evidence.scores import UNIT, Histogram, ScoreCell, Scores
from hcgov.core.limit import Limit
from hcgov.core.status import Verdict
from hcgov.stages.worked import RULES, SOURCE, P

BINS = 10


def score_table(regions: Mapping[str, tuple[Mapping[float, int], Mapping[float, int]]]) -> Scores:
    """Return scores of people: region -> (score -> people with label 1, score -> people with label 0)."""
    return Scores(
        table="predictions",
        score="score",
        label="label",
        columns=("region",),
        bins=BINS,
        low=0.0,
        high=1.0,
        exact=(True,) * BINS,
        outside=0,
        cells=tuple(_cell(region, *sides) for region, sides in regions.items()),
        people_known=True,
        rules=RULES,
        source=SOURCE,
    )


def separated(people: int, *, hit: int, alarm: int) -> tuple[Mapping[float, int], Mapping[float, int]]:
    """Return ``people`` of either label, of whom ``hit`` and ``alarm`` have the high score .75, the others .25."""
    return {0.75: hit, 0.25: people - hit}, {0.75: alarm, 0.25: people - alarm}


def score_verdicts(
    params: P, *, passes: Scores, fails: Scores, cannot_tell: Scores, limit: Limit
) -> tuple[Example[P], ...]:
    """Return the three examples of a check on scores, plus one in which only one label occurs."""
    one_label = score_table({"north": ({0.75: 900}, {}), "south": ({0.25: 900}, {})})
    told = (
        ("alike", passes, Verdict.PASS),
        ("apart", fails, Verdict.FAIL),
        ("too few", cannot_tell, Verdict.INCONCLUSIVE),
        ("one label only", one_label, Verdict.INCONCLUSIVE),
    )
    return tuple(
        Example(title=title, params=params, evidence={"scores": scores}, expect=verdict, limit=limit)
        for title, scores, verdict in told
    )


def _cell(region: str, ones: Mapping[float, int], zeros: Mapping[float, int]) -> ScoreCell:
    positives, positive_totals = _binned(ones)
    negatives, negative_totals = _binned(zeros)
    rows = Histogram(
        positives=positives,
        negatives=negatives,
        positive_totals=positive_totals,
        negative_totals=negative_totals,
    )
    return ScoreCell(groups=(region,), rows=rows, missing=0)


def _binned(people: Mapping[float, int]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    counts, totals = [0] * BINS, [0] * BINS
    for score, n in people.items():
        place = min(int(score * BINS), BINS - 1)
        counts[place] += n
        totals[place] += round(score * UNIT) * n
    return tuple(counts), tuple(totals)
