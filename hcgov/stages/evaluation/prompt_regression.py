"""A new prompt is no worse than the old one for anybody."""

from collections.abc import Iterator, Mapping

from pydantic import Field

from hcgov.core.check import Example, Request, check
from hcgov.core.evidence.long import Long
from hcgov.core.limit import limits
from hcgov.core.measurement import Measurement
from hcgov.core.status import Verdict
from hcgov.stages.judgments.oversight import told
from hcgov.stages.judgments.oversight_compared import ComparedParams, Raters, scored
from hcgov.stages.worked import at_least

METRIC = "new_minus_old"


class PromptRegression(ComparedParams):
    """Parameters of a regression test of prompts."""

    new: str = Field(default="new", description="System: the version of the prompt that is to be used.")
    old: str = Field(default="old", description="System: the version that is in use.")
    raters: Raters = Field(
        default="any", description="Whose scores count: those of people only, or of anybody."
    )


def asks(params: PromptRegression) -> Mapping[str, Request]:
    """Ask for scores of both versions on the regression set."""
    return params.request()


def examples() -> tuple[Example[PromptRegression], ...]:
    """Return a prompt that is no worse, one that is worse for one region, and what cannot tell."""

    def pair(users: int, first: float, second: float, *, unmatched: float = 0.0) -> Long:
        shares = (users, first, second)
        return scored({"north": shares, "south": shares}, systems=("new", "old"), unmatched=unmatched)

    both, apart = (
        pair(600, 0.9, 0.88),
        scored({"north": (900, 0.9, 0.85), "south": (900, 0.7, 0.85)}, systems=("new", "old")),
    )
    same = pair(600, 1.0, 1.0)
    return told(
        PromptRegression(),
        at_least("-0.02"),
        ("no worse anywhere", both, Verdict.PASS),
        ("worse in the south", apart, Verdict.FAIL),
        ("forty users", pair(20, 0.9, 0.88), Verdict.INCONCLUSIVE),
        ("one answer only", scored({"north": (1, 1.0, 0.0)}, systems=("new", "old")), Verdict.INCONCLUSIVE),
        ("every score is the same", same, Verdict.INCONCLUSIVE),
        ("a fifth of the items has one answer", pair(600, 0.9, 0.88, unmatched=0.2), Verdict.INCONCLUSIVE),
    )


@check(
    asks=asks,
    params=PromptRegression,
    examples=examples,
    limit=limits(METRIC, at_least="[-1, 0)"),
    supports=(
        "nist-ai-rmf:MEASURE 2.5",
        "nist-ai-rmf:MEASURE 2.11",
        "nist-ai-rmf:MANAGE 4.2",
        "eu-ai-act:Art.17(1)",
        "iso-42001:A.6.2.4",
    ),
)
def prompt_regression(long: Long, params: PromptRegression) -> Iterator[Measurement]:
    """Score with the new prompt minus that with the old one on the same items, in [-1, 1], by slice.

    A prompt is changed for one complaint and felt by everyone; whom it serves worse shows only where the same items are
    run with both. Pairs of 0 and 1 are McNemar's: how many turned better, how many worse and his exact p-value are
    shown beside the difference that decides. Users (or items) are clusters, and raters where there are ten or more.
    Source: McNemar 1947, Psychometrika 12:153-157; Miettinen & Nurminen 1985, Statistics in Medicine 4:213-226.
    """
    from hcgov.stages.judgments.oversight_pairs import compare  # noqa: PLC0415 - numpy only where rows are read

    yield from compare(long, METRIC, params.new, params.old, params, people_only=params.raters == "human")
