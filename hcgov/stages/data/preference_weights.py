"""Weights that make the people who judged stand for a population leave enough of them."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import Field

from hcgov.core.check import Example, Params, Request, check
from hcgov.core.direction import Stricter
from hcgov.core.evidence.documents import Record, RecordOf
from hcgov.core.evidence.long import Long, LongOf
from hcgov.core.evidence.source import Tree
from hcgov.core.limit import limits
from hcgov.core.long_tables import PERSON, LongKind
from hcgov.core.measurement import Answered, Measurement, Observation, Statement
from hcgov.core.slices import NOT_RECORDED, Slice, SliceChoice
from hcgov.core.status import Reason, Verdict
from hcgov.core.text import text
from hcgov.stages.judgments.choice_examples import Vote, asked, preferences
from hcgov.stages.judgments.weight_quality import METRIC, quality_of
from hcgov.stages.judgments.weighting import columns_of, margins_written, refused, weighted
from hcgov.stages.records import where
from hcgov.stages.specimens import record
from hcgov.stages.worked import at_least
from hcgov.stats.sampling.raking import CAP, FEWEST_IN_LEVEL, Refusal


class PreferenceWeights(Params):
    """Parameters of weights of people."""

    table: str = Field(default="preferences", description="Table of people's judgments.")
    kind: Annotated[Literal["preferences", "annotations"], Stricter.IDENTITY] = Field(
        default="preferences", description="Kind of that table."
    )
    population: str = Field(
        default="population_margins",
        description="Record with the population's shares by column, or by crossed cells.",
    )
    weights: Annotated[Literal["raked", "given"], Stricter.IDENTITY] = Field(
        default="raked",
        description="Whether weights are made by raking to the population, or those of the table's `weight` column are "
        "held against it.",
    )
    cap: Annotated[float, Stricter.LOWER] = Field(
        default=CAP, gt=1, le=100, description="Largest weight, as a multiple of the median."
    )
    fewest_in_level: Annotated[int, Stricter.HIGHER] = Field(
        default=FEWEST_IN_LEVEL, ge=1, le=1000, description="Fewest people of a level that is weighted up."
    )
    fewest_effective: Annotated[int, Stricter.HIGHER] = Field(
        default=30, ge=1, le=100000, description="Fewest effective people of a group that is told weighted."
    )
    most_miss: Annotated[float, Stricter.LOWER] = Field(
        default=0.01,
        ge=1e-6,
        le=0.5,
        description="Largest miss of a level's share of the population after trimming.",
    )
    max_unrecorded: Annotated[float, Stricter.LOWER] = Field(
        default=0.20,
        ge=0,
        le=1,
        description="Largest share of people without a recorded level in some margin: they get no weight.",
    )
    slices: SliceChoice = Field(
        default=SliceChoice(), description="Columns that the population is written by."
    )


def asks(params: PreferenceWeights) -> Mapping[str, Request]:
    """Ask for the people of the table, and for the population."""
    kind = LongKind(params.kind)
    needs = (PERSON[kind], "weight") if params.weights == "given" else (PERSON[kind],)
    may = ("label_source",) if kind is LongKind.PREFERENCES else ()
    return {
        "long": LongOf(table=params.table, kind=kind, needs=needs, may=may, slices=params.slices),
        "population": RecordOf(artifact=params.population),
    }


def examples() -> tuple[Example[PreferenceWeights], ...]:
    """Return people near the population, far from it, some who are nobody, and weights that are none."""
    raking, loose = PreferenceWeights(), PreferenceWeights(cap=50)
    given = PreferenceWeights(weights="given")
    zero = preferences(
        [Vote(group=g, a="m1", b="m2", for_a=50, for_b=50) for g in ("north", "south")],
        weights={"north": 0.0, "south": 0.0},
    )
    near, cannot_tell = asked({"north": 300, "south": 250}), Verdict.INCONCLUSIVE
    return (
        _example("nearly as the population", raking, near, Verdict.PASS),
        _example("few stand for half", loose, asked({"north": 960, "south": 40}), Verdict.FAIL),
        _example(
            "most say not where from", raking, asked({"north": 60, "south": 50, None: 300}), cannot_tell
        ),
        _example("nobody of the south", raking, asked({"north": 300}), cannot_tell),
        _example("three of the south", raking, asked({"north": 300, "south": 3}), cannot_tell),
        _example("the south is worth too few", raking, asked({"north": 30, "south": 20}), cannot_tell),
        _example("weights that sum to zero", given, zero, cannot_tell),
        _example("shares that are not a whole", raking, near, Verdict.ERROR, south=0.9),
    )


def _example(
    title: str, params: PreferenceWeights, long: Long, expect: Verdict, south: float = 0.5
) -> Example[PreferenceWeights]:
    population: dict[str, Tree] = {
        "kind": "PopulationMargins",
        "margins": {"region": {"north": 0.5, "south": south}},
        "source": "Census 2021",
    }
    return Example(
        title=title,
        params=params,
        evidence={"long": long, "population": record("population_margins", population)},
        expect=expect,
        limit=at_least("0.50"),
    )


@check(
    asks=asks,
    params=PreferenceWeights,
    examples=examples,
    limit=limits(METRIC, at_least="(0, 1)"),
    supports=(
        "nist-ai-rmf:MEASURE 2.2",
        "eu-ai-act:Art.10(3)-(4)",
        "eu-ai-act:Art.10(2)(d)",
        "iso-42001:A.7.4",
    ),
)
def preference_weights(long: Long, population: Record, params: PreferenceWeights) -> Iterator[Observation]:
    """Effective share of the people under their weights, (sum w)^2 / (n sum w^2), in (0, 1].

    Weights let a few people speak for many: the fewer they are worth, the more a single voice is made into a group's.
    Weights are raked to the population's margins, cut at a multiple of the median, and never create people: a level
    without people is refused. Source: Deming & Stephan 1940, Annals of Mathematical Statistics 11:427-444; Kish 1965,
    Survey Sampling, section 11.7.
    """
    wanted, faults = margins_written(population)
    yield from faults
    if wanted is None:
        return
    missing = [column for column in columns_of(wanted) if column not in long.groups]
    if missing:
        yield Statement(
            about="columns",
            answer=Answered.ERROR,
            text=text(
                "the population is written by {columns}, which the table does not have among its slices",
                columns=", ".join(f"`{column}`" for column in missing),
            ),
            where=where(population, ("margins",)),
        )
        return
    found = weighted(
        long, wanted, use_given=params.weights == "given", cap=params.cap, fewest=params.fewest_in_level
    )
    if isinstance(found, Refusal):
        reason, note = refused(found)
        yield Measurement(metric=METRIC, reason=reason, note=note)
        return
    unplaced, people = found.unplaced, int(found.weights.size)
    if unplaced > params.max_unrecorded * people:
        note = text(
            "{n} of {people} {people|person|people} {n|has|have} no recorded level in some margin, and no weight",
            n=unplaced,
            people=people,
        )
        yield Measurement(
            metric=METRIC,
            scope=Slice(values=(("level", NOT_RECORDED),)),
            depth=1,
            reason=Reason.MISSING_DEMOGRAPHICS,
            note=note,
        )
    yield from quality_of(
        found,
        fewest_effective=params.fewest_effective,
        most_miss=params.most_miss,
        cap=params.cap,
    )
