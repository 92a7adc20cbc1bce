"""The rule that makes one preference of many costs no group much."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import Field

from hcgov.core.check import Example, Params, Request, check
from hcgov.core.direction import Stricter
from hcgov.core.evidence.long import Long, LongOf
from hcgov.core.limit import limits
from hcgov.core.long_tables import LongKind
from hcgov.core.measurement import Measurement
from hcgov.core.slices import SliceChoice
from hcgov.core.status import Verdict
from hcgov.stages.judgments.choice_examples import Vote, preferences
from hcgov.stages.judgments.choices import COLUMNS, Of
from hcgov.stages.judgments.regrets import METRIC, regrets_of
from hcgov.stages.worked import at_most
from hcgov.stats.aggregation.rules import Rule


class AggregationRegret(Params):
    """Parameters of the cost of an aggregation rule."""

    table: str = Field(default="preferences", description="Table of preferences, one choice a row.")
    rule: Annotated[
        Literal["weighted_mean", "majority", "borda", "copeland", "equal_groups", "maximin", "nash"],
        Stricter.IDENTITY,
    ] = Field(default="weighted_mean", description="Rule by which the choices become one.")
    of: Annotated[Literal["auto", "models", "responses", "sides"], Stricter.IDENTITY] = Field(
        default="auto",
        description="What is chosen between: models, the responses of each prompt by their texts, or the sides a and "
        "b; `auto` takes the first of them that the table tells.",
    )
    slices: SliceChoice = Field(default=SliceChoice(), description="Columns whose groups may lose.")


def asks(params: AggregationRegret) -> Mapping[str, Request]:
    """Ask for every single choice."""
    return {
        "long": LongOf(
            table=params.table,
            kind=LongKind.PREFERENCES,
            needs=("prompt_id", "choice", "annotator"),
            may=COLUMNS,
            slices=params.slices,
        )
    }


def examples() -> tuple[Example[AggregationRegret], ...]:
    """Return groups that agree, one that loses, one that is too small, and alternatives that nothing links."""
    params = AggregationRegret()

    def long(*votes: Vote) -> Long:
        return preferences(votes)

    cases = (
        (
            "both groups prefer the same",
            long(_vote("north", 700, 300), _vote("south", 350, 150)),
            Verdict.PASS,
        ),
        (
            "the smaller group is outvoted",
            long(_vote("north", 700, 300), _vote("south", 90, 210)),
            Verdict.FAIL,
        ),
        (
            "the smaller group is too small",
            long(_vote("north", 700, 300), _vote("south", 2, 4)),
            Verdict.INCONCLUSIVE,
        ),
        (
            "nothing links the alternatives",
            long(_vote("north", 40, 30), Vote(group="south", a="m3", b="m4", for_a=30, for_b=30)),
            Verdict.INCONCLUSIVE,
        ),
        ("nobody's group is known", long(_vote(None, 700, 300)), Verdict.INCONCLUSIVE),
        (
            "everyone finds everything alike",
            long(_vote("north", 0, 0, 400), _vote("south", 0, 0, 400)),
            Verdict.INCONCLUSIVE,
        ),
    )
    return tuple(
        Example(title=title, params=params, evidence={"long": table}, expect=verdict, limit=at_most("0.10"))
        for title, table, verdict in cases
    )


def _vote(group: str | None, for_a: int, for_b: int, ties: int = 0) -> Vote:
    return Vote(group=group, a="m1", b="m2", for_a=for_a, for_b=for_b, ties=ties)


@check(
    asks=asks,
    params=AggregationRegret,
    examples=examples,
    limit=limits(METRIC, at_most="[0, 1)"),
    supports=("nist-ai-rmf:MEASURE 2.11", "nist-ai-600-1:2.6", "eu-ai-act:Art.10(2)(f)", "iso-42001:A.5.4"),
)
def aggregation_regret(long: Long, params: AggregationRegret) -> Iterator[Measurement]:
    """Share of preference that a group loses by the rule, in [-1, 1]: its own favourite minus the one that won.

    A majority of everyone is no majority of each group; a model trained on it serves some by overruling others.
    Between models every rival of the winner is held against the limit; over prompts the rule and the groups'
    favourites are read off one half of the people and their cost off the other. Source: Ziems et al. 2026,
    arXiv 2605.06901, sections 6.2.2 and 6.3.2; Chakraborty et al. 2024, arXiv 2402.08925.
    """
    yield from regrets_of(long, Rule(params.rule), None if params.of == "auto" else Of(params.of))
