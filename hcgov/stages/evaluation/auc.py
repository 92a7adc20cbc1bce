"""A score tells the two labels apart well enough in every slice."""

from collections.abc import Iterator, Mapping

from hcgov.core.check import Example, Request, check
from hcgov.core.evidence.scores import Scores
from hcgov.core.limit import limits
from hcgov.core.measurement import Measurement
from hcgov.stages.contrasting import each_alone
from hcgov.stages.measuring import shown
from hcgov.stages.scoring import ScoreParams, auc_of
from hcgov.stages.worked import at_least
from hcgov.stages.worked_scores import BINS, score_table, score_verdicts, separated


class Auc(ScoreParams):
    """Parameters of the area under the ROC curve."""


def asks(params: Auc) -> Mapping[str, Request]:
    """Ask for the histogram of the score by slice."""
    return {"scores": params.request}


def examples() -> tuple[Example[Auc], ...]:
    """Two regions: told apart well in both, badly in one, and too few people."""
    good, bad = separated(500, hit=450, alarm=50), separated(500, hit=300, alarm=200)
    return score_verdicts(
        Auc(table="predictions", bins=BINS),
        passes=score_table({"north": good, "south": separated(500, hit=440, alarm=55)}),
        fails=score_table({"north": good, "south": bad}),
        cannot_tell=score_table({"north": good, "south": separated(12, hit=11, alarm=1)}),
        limit=at_least("0.70"),
    )


@check(
    asks=asks,
    params=Auc,
    examples=examples,
    limit=limits("auc", at_least="(0, 1)"),
    supports=("nist-ai-rmf:MEASURE 2.11", "nist-ai-rmf:MEASURE 2.5", "eu-ai-act:Art.13(3)(b)"),
)
def auc(scores: Scores, params: Auc) -> Iterator[Measurement]:
    """Area under the ROC curve of a slice, in [0, 1], with the variance of DeLong, DeLong and Clarke-Pearson.

    A score can rank everyone well and one group of people hardly at all. Ties within a bin count one half; what
    binning can hide at most is added to both bounds. Where people repeat, the variance is that of a jackknife
    over people. Source: DeLong, DeLong & Clarke-Pearson 1988, Biometrics 44:837-845; bounds of Clopper and
    Pearson on the effective sample, as in Korn & Graubard 1998, Survey Methodology 24:193-201.
    """
    found = auc_of(scores, "auc", params)
    everyone = shown(found, "auc", lambda one: one.estimate)
    yield next(everyone)
    yield from each_alone(found)
