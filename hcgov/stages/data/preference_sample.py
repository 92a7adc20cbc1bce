"""The people who judged fill the strata that the sampling plan set."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import Field

from hcgov.core.check import Example, Judged, Params, Request, check
from hcgov.core.direction import Stricter
from hcgov.core.evidence.documents import Record, RecordOf
from hcgov.core.evidence.long import Long, LongOf
from hcgov.core.evidence.source import Tree
from hcgov.core.long_tables import PERSON, LongKind
from hcgov.core.measurement import Answered, Statement
from hcgov.core.slices import SliceChoice
from hcgov.core.status import Reason, Verdict
from hcgov.core.text import text
from hcgov.stages.judgments.choice_examples import asked
from hcgov.stages.judgments.plans import People, ReadPlan, people_by, plan_of
from hcgov.stages.records import where
from hcgov.stages.specimens import record
from hcgov.stats.sampling.plan import Fill, shortfall
from hcgov.stats.sampling.representation import covered_share


class PreferenceSample(Params):
    """Parameters of a sample of people."""

    table: str = Field(default="preferences", description="Table of people's judgments.")
    kind: Annotated[Literal["preferences", "annotations"], Stricter.IDENTITY] = Field(
        default="preferences", description="Kind of that table."
    )
    plan: str = Field(default="sampling_plan", description="Record with the strata, their shares and quotas.")
    least_fill: Annotated[float, Stricter.HIGHER] = Field(
        default=0.9, gt=0, le=1, description="Least share of every quota that is filled."
    )
    covered_by: Annotated[int, Stricter.HIGHER] = Field(
        default=11, ge=1, le=1000, description="People with whom a stratum counts as covered."
    )
    least_coverage: Annotated[float, Stricter.HIGHER] = Field(
        default=0.8,
        ge=0,
        le=1,
        description="Least share of the population that stands in covered strata.",
    )
    slices: SliceChoice = Field(default=SliceChoice(), description="Columns that the strata cross.")


def asks(params: PreferenceSample) -> Mapping[str, Request]:
    """Ask for the people of the table, and for the plan."""
    kind = LongKind(params.kind)
    may = ("label_source",) if kind is LongKind.PREFERENCES else ()
    return {
        "long": LongOf(table=params.table, kind=kind, needs=(PERSON[kind],), may=may, slices=params.slices),
        "plan": RecordOf(artifact=params.plan),
    }


def examples() -> tuple[Example[PreferenceSample], ...]:
    """Return a filled plan, a short one, one that is still being filled, and people of whom little is known."""

    def plan(*, collecting: bool = False, south: float = 0.4) -> dict[str, Tree]:
        return {
            "kind": "SamplingPlan",
            "columns": ["region"],
            "source": "Census 2021",
            "collecting": collecting,
            "strata": [
                {"values": ["north"], "share": 0.6, "quota": 60},
                {"values": ["south"], "share": south, "quota": 40},
            ],
        }

    cases = (
        ("both quotas are filled", asked({"north": 63, "south": 38}), plan(), Verdict.PASS),
        ("the south is half empty", asked({"north": 63, "south": 20}), plan(), Verdict.FAIL),
        (
            "the south is still asked",
            asked({"north": 63, "south": 20}),
            plan(collecting=True),
            Verdict.PENDING,
        ),
        (
            "thirty people say not where they are from",
            asked({"north": 63, "south": 20, None: 30}),
            plan(),
            Verdict.INCONCLUSIVE,
        ),
        (
            "the plan's shares are not a whole",
            asked({"north": 63, "south": 38}),
            plan(south=0.9),
            Verdict.ERROR,
        ),
    )
    return tuple(
        Example(
            title=title,
            params=PreferenceSample(),
            evidence={"long": long, "plan": record("sampling_plan", tree)},
            expect=verdict,
        )
        for title, long, tree, verdict in cases
    )


@check(
    asks=asks,
    params=PreferenceSample,
    examples=examples,
    judged=Judged.BY_STATEMENT,
    supports=(
        "nist-ai-rmf:MEASURE 2.2",
        "nist-ai-rmf:MEASURE 2.11",
        "eu-ai-act:Art.10(3)-(4)",
        "iso-42001:A.7.4",
    ),
)
def preference_sample(long: Long, plan: Record, params: PreferenceSample) -> Iterator[Statement]:
    """Count distinct people of each stratum against its quota, and say whether the sample may be called diverse.

    Quotas are set by design, so how far they are filled has no sampling error and no interval. A sample that lacks whom
    it set out to ask speaks for those who were easy to reach. Source: Neyman 1934, Journal of the Royal Statistical
    Society 97:558-625; Kirk et al. 2024, arXiv 2404.16019.
    """
    wanted, faults = plan_of(plan)
    yield from faults
    if wanted is None:
        return
    missing = [column for column in wanted.plan.columns if column not in long.groups]
    if missing:
        yield Statement(
            about="columns",
            answer=Answered.ERROR,
            text=text(
                "the plan's strata are by {columns}, which the table does not have among its slices",
                columns=", ".join(f"`{column}`" for column in missing),
            ),
            where=where(plan, ("columns",)),
        )
        return
    people = people_by(long, wanted.plan.columns)
    if not people.total:
        yield Statement(
            about="people",
            answer=Answered.CANNOT_TELL,
            reason=Reason.FEW_PEOPLE,
            text=text("no row says who judged, so people cannot be counted"),
        )
        return
    fills = shortfall(wanted.plan, people.by_values)
    for fill in fills:
        yield _stratum(fill, people, wanted, params)
    yield _coverage(wanted, people, params)
    yield from _claim(fills, wanted, people, params)


def _stratum(fill: Fill, people: People, plan: ReadPlan, params: PreferenceSample) -> Statement:
    """Say how far a stratum is filled."""
    # Quotas are whole people: what the least share asks for is a number of them.
    enough = fill.fill >= params.least_fill - 1e-12
    perhaps = fill.people + people.unplaced >= params.least_fill * fill.stratum.quota - 1e-9
    if enough:
        answer, reason = Answered.MET, None
    elif plan.collecting:
        answer, reason = Answered.PENDING, None
    elif perhaps:
        answer, reason = Answered.CANNOT_TELL, Reason.MISSING_DEMOGRAPHICS
    else:
        answer, reason = Answered.NOT_MET, None
    return Statement(
        about=f"stratum {' × '.join(fill.stratum.values)}",
        answer=answer,
        reason=reason,
        text=text(
            "{stratum}: {people} of {quota} {quota|person|people} ({fill} %), {short} short",
            stratum=" × ".join(fill.stratum.values),
            people=fill.people,
            quota=fill.stratum.quota,
            fill=f"{100 * fill.fill:.0f}",
            short=fill.short,
        ),
    )


def _coverage(plan: ReadPlan, people: People, params: PreferenceSample) -> Statement:
    """Say what share of the population stands in strata with enough people."""
    target = {stratum.values: stratum.share for stratum in plan.plan.strata}
    covered = covered_share(people.by_values, target, params.covered_by)
    answer = Answered.MET if covered >= params.least_coverage - 1e-9 else Answered.NOT_MET
    if answer is Answered.NOT_MET and plan.collecting:
        answer = Answered.PENDING
    return Statement(
        about="coverage",
        answer=answer,
        text=text(
            "{covered} % of the population stand in strata of at least {least} {least|person|people}",
            covered=f"{100 * covered:.1f}",
            least=params.covered_by,
        ),
    )


def _claim(
    fills: tuple[Fill, ...], plan: ReadPlan, people: People, params: PreferenceSample
) -> Iterator[Statement]:
    """Say what the sample may be called, and who is outside the plan."""
    short = [fill for fill in fills if fill.fill < params.least_fill - 1e-12]
    columns = " and ".join(plan.plan.columns)
    if short:
        yield Statement(
            about="claim",
            answer=Answered.PENDING if plan.collecting else Answered.CANNOT_TELL,
            reason=None if plan.collecting else Reason.COVERAGE,
            text=text(
                "the sample may not be called diverse or representative by {columns}: {short} of {all} "
                "{all|stratum|strata} under {least} % of the quota",
                columns=columns,
                short=len(short),
                all=len(fills),
                least=f"{100 * params.least_fill:.0f}",
            ),
        )
    outside = sum(
        n for values, n in people.by_values.items() if values not in {f.stratum.values for f in fills}
    )
    if people.unplaced or outside:
        yield Statement(
            about="outside the plan",
            answer=Answered.MET,
            text=text(
                "{unplaced} {unplaced|person|people} without a recorded stratum and {outside} of strata that the plan "
                "does not name fill no quota",
                unplaced=people.unplaced,
                outside=outside,
            ),
        )
