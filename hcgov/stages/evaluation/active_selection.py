"""A model trained on chosen items is no worse than one trained on random ones."""

from collections.abc import Iterator, Mapping

from pydantic import Field

from hcgov.core.check import Example, Request, check
from hcgov.core.evidence.long import Long
from hcgov.core.limit import limits
from hcgov.core.measurement import Measurement
from hcgov.core.status import Verdict
from hcgov.stages.judgments.oversight import told
from hcgov.stages.judgments.oversight_compared import ComparedParams, scored
from hcgov.stages.worked import at_least

METRIC = "active_minus_random"


class ActiveSelection(ComparedParams):
    """Parameters of active selection."""

    active: str = Field(default="active", description="System that was trained on items chosen by a machine.")
    random: str = Field(default="random", description="System that was trained on items drawn at random.")


def asks(params: ActiveSelection) -> Mapping[str, Request]:
    """Ask for scores of both on the same held-out items."""
    return params.request()


def examples() -> tuple[Example[ActiveSelection], ...]:
    """Return chosen items that do as well, that harm one region, and what cannot tell."""

    def pair(users: int, first: float, second: float, *, unmatched: float = 0.0) -> Long:
        shares = (users, first, second)
        return scored({"north": shares, "south": shares}, systems=("active", "random"), unmatched=unmatched)

    both, apart = (
        pair(600, 0.9, 0.88),
        scored({"north": (900, 0.9, 0.85), "south": (900, 0.7, 0.85)}, systems=("active", "random")),
    )
    same = pair(600, 1.0, 1.0)
    return told(
        ActiveSelection(),
        at_least("-0.02"),
        ("as good as random", both, Verdict.PASS),
        ("worse in the south", apart, Verdict.FAIL),
        ("forty users", pair(20, 0.9, 0.88), Verdict.INCONCLUSIVE),
        (
            "one answer only",
            scored({"north": (1, 1.0, 0.0)}, systems=("active", "random")),
            Verdict.INCONCLUSIVE,
        ),
        ("every score is the same", same, Verdict.INCONCLUSIVE),
        ("a fifth of the items has one answer", pair(600, 0.9, 0.88, unmatched=0.2), Verdict.INCONCLUSIVE),
    )


@check(
    asks=asks,
    params=ActiveSelection,
    examples=examples,
    limit=limits(METRIC, at_least="[-1, 0)"),
    supports=(
        "nist-ai-rmf:MEASURE 2.3",
        "nist-ai-rmf:MEASURE 2.11",
        "eu-ai-act:Art.10(2)(f)",
        "iso-42001:A.7.2",
    ),
)
def active_selection(long: Long, params: ActiveSelection) -> Iterator[Measurement]:
    """Score of the model from chosen items minus that from random ones, on the same held-out items, by slice.

    Items about which a machine is unsure are not those that everyone needs: what saves labels on the whole may leave
    out people of whom it is wrongly sure. The held-out items must be drawn at random; differences are paired, users
    (or items) are clusters. Source: Settles 2009, Active Learning Literature Survey, University of Wisconsin 1648;
    Lowell, Lipton & Wallace 2019, EMNLP, doi:10.18653/v1/D19-1003; Tango 1998, Statistics in Medicine 17:891-908.
    """
    from hcgov.stages.judgments.oversight_pairs import compare  # noqa: PLC0415 - numpy only where rows are read

    yield from compare(long, METRIC, params.active, params.random, params)
