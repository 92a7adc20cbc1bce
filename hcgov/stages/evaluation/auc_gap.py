"""A score tells the two labels apart as well in every slice."""

from collections.abc import Iterator, Mapping

from hcgov.core.check import Example, Request, check
from hcgov.core.estimate import Estimate
from hcgov.core.evidence.scores import Scores
from hcgov.core.limit import limits
from hcgov.core.measurement import Measurement
from hcgov.stages.contrasting import comparisons
from hcgov.stages.measuring import Valued, shown
from hcgov.stages.scoring import ScoreParams, auc_of
from hcgov.stages.worked import at_most
from hcgov.stages.worked_scores import BINS, score_table, score_verdicts, separated
from hcgov.stats.shares import difference


class AucGap(ScoreParams):
    """Parameters of the gap between areas under the ROC curve."""


def asks(params: AucGap) -> Mapping[str, Request]:
    """Ask for the histogram of the score by slice."""
    return {"scores": params.request}


def examples() -> tuple[Example[AucGap], ...]:
    """Two regions: alike, apart, and too few people."""
    good, bad = separated(500, hit=450, alarm=50), separated(500, hit=300, alarm=200)
    return score_verdicts(
        AucGap(table="predictions", bins=BINS),
        passes=score_table({"north": good, "south": separated(500, hit=445, alarm=50)}),
        fails=score_table({"north": good, "south": bad}),
        cannot_tell=score_table({"north": good, "south": separated(12, hit=11, alarm=1)}),
        limit=at_most("0.10"),
    )


def gap(one: Valued, other: Valued) -> Estimate:
    """Return how much lower the area of ``one`` is than that of ``other``."""
    if one.estimate is None or other.estimate is None:
        raise ValueError("only slices whose area is known are compared")
    return difference(other.estimate, one.estimate)


@check(
    asks=asks,
    params=AucGap,
    examples=examples,
    limit=limits("auc_gap", at_most="[0, 1)"),
    supports=("nist-ai-rmf:MEASURE 2.11", "nist-ai-rmf:MEASURE 2.5", "eu-ai-act:Art.13(3)(b)"),
)
def auc_gap(scores: Scores, params: AucGap) -> Iterator[Measurement]:
    """Difference of two areas under the ROC curve, in [-1, 1], of different people.

    Where a score orders one group worse, every threshold serves that group worse; the slice that is worse off is
    the one that is named. What binning can hide at most, in either slice, is added to both bounds. Source:
    DeLong, DeLong & Clarke-Pearson 1988, Biometrics 44:837-845; score interval of Miettinen & Nurminen 1985,
    Statistics in Medicine 4:213-226, on the effective samples.
    """
    found = auc_of(scores, "auc_gap", params)
    yield from shown(found, "auc", lambda one: one.estimate)
    yield from comparisons(found, gap)
