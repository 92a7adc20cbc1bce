"""Each group's share of the people in the data is near its share in the population that is served."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import Field

from hcgov.core.check import Example, Params, Request, check
from hcgov.core.direction import Stricter
from hcgov.core.evidence.counts import Shares, SharesOf
from hcgov.core.evidence.documents import Record, RecordOf
from hcgov.core.limit import limits
from hcgov.core.measurement import Answered, Extreme, GroupCount, Measurement, Observation, Statement
from hcgov.core.slices import NOT_RECORDED, Slice
from hcgov.core.status import Reason, Verdict
from hcgov.core.text import text
from hcgov.stages.records import Written, read, where
from hcgov.stages.specimens import record, source
from hcgov.stages.worked import at_least
from hcgov.stats.proportions import share_ratio
from hcgov.stats.worst_case import corners_of_rate

METRIC = "representation_ratio"
SUM_TOLERANCE = 0.01
"""Shares are often published rounded to whole per cent."""


class Representation(Params):
    """Parameters of representation."""

    table: str = Field(default="training_data", description="Table artifact whose people are counted.")
    column: str = Field(description="Group column, by the name that the manifest gives it.")
    target: str = Field(
        default="population_target", description="Record with the shares in the population served."
    )
    max_unrecorded: Annotated[float, Stricter.LOWER] = Field(
        default=0.2,
        ge=0,
        lt=1,
        description="Largest share of people whose group is not recorded; above it nothing can be told.",
    )


class _Target(Written):
    kind: Literal["PopulationTarget"] = "PopulationTarget"
    column: str = Field(min_length=1)
    groups: dict[str, float] = Field(min_length=2)
    source: str = Field(min_length=3)
    date: str = ""


def asks(params: Representation) -> Mapping[str, Request]:
    """Ask for the people of each group, and for the target."""
    return {
        "shares": SharesOf(table=params.table, column=params.column),
        "target": RecordOf(artifact=params.target),
    }


def examples() -> tuple[Example[Representation], ...]:
    """Return data like the population, data that lack a half, too few people, and a broken target."""

    def target(north: float, south: float) -> Record:
        return record(
            "population_target",
            {"column": "region", "groups": {"north": north, "south": south}, "source": "Census 2021"},
        )

    def shares(north: int, south: int, *, people_known: bool = True) -> Shares:
        return Shares(
            table="training_data",
            column="region",
            groups=(("north", north), ("south", south)),
            people_known=people_known,
            source=source("training_data", "table"),
        )

    cases = (
        ("like the population", shares(1000, 1010), target(0.5, 0.5), Verdict.PASS),
        ("the south is nearly absent", shares(1900, 100), target(0.5, 0.5), Verdict.FAIL),
        (
            "people cannot be counted",
            shares(1000, 1010, people_known=False),
            target(0.5, 0.5),
            Verdict.INCONCLUSIVE,
        ),
        ("near the limit, and few", shares(58, 42), target(0.5, 0.5), Verdict.INCONCLUSIVE),
        ("the target's shares are not a whole", shares(1000, 1010), target(0.5, 0.9), Verdict.ERROR),
    )
    return tuple(
        Example(
            title=title,
            params=Representation(column="region"),
            evidence={"shares": counted, "target": wanted},
            expect=expect,
            limit=at_least("0.80"),
        )
        for title, counted, wanted, expect in cases
    )


@check(
    asks=asks,
    params=Representation,
    examples=examples,
    limit=limits(METRIC, at_most="(0, inf)", at_least="(0, 1)"),
    supports=(
        "nist-ai-rmf:MEASURE 2.2",
        "nist-ai-rmf:MEASURE 2.11",
        "eu-ai-act:Art.10(3)-(4)",
        "iso-42001:A.7.4",
    ),
)
def representation(shares: Shares, target: Record, params: Representation) -> Iterator[Observation]:
    """Ratio of a group's share of the people in the data to its target share, from 0 upwards.

    Who is rare in the data is served by guesses. The denominator is everyone whose group is recorded, also
    groups that the target does not name. The interval is Clopper and Pearson's for the share, divided by the
    target, which is taken as exact. Source: Clopper & Pearson 1934, Biometrika 26:404-413.
    """
    wanted, faults = read(target, target.data, _Target, answer=Answered.ERROR)
    yield from faults
    if wanted is None:
        return
    broken = tuple(_broken(target, wanted, shares.column))
    yield from broken
    if broken:
        return
    people = {group: n for group, n in shares.groups if group is not None}
    unrecorded = sum(n for group, n in shares.groups if group is None)
    obstacle = _obstacle(sum(people.values()), unrecorded, shares.people_known, params.max_unrecorded)
    for group in wanted.groups.items():
        yield _measured(shares, group, people, unrecorded, obstacle)
    yield from _beside(shares, people, unrecorded, set(wanted.groups))


def _broken(target: Record, wanted: _Target, column: str) -> Iterator[Statement]:
    """Say what makes a target unusable; then nothing can be checked against it."""
    total = sum(wanted.groups.values())
    if any(not 0 < share <= 1 for share in wanted.groups.values()):
        yield Statement(
            about="target shares",
            answer=Answered.ERROR,
            text=text("a target share lies outside (0, 1]; write shares such as 0.13, not per cent"),
            where=where(target, ("groups",)),
        )
    elif round(abs(total - 1), 9) > SUM_TOLERANCE:  # 0.33 + 0.33 + 0.33 is a whole
        yield Statement(
            about="target shares",
            answer=Answered.ERROR,
            text=text("the target's shares add up to {total}, not to 1", total=f"{total:.3f}"),
            where=where(target, ("groups",)),
        )
    if wanted.column != column:
        yield Statement(
            about="target column",
            answer=Answered.ERROR,
            text=text(
                "the target is about `{theirs}`, the control about `{ours}`",
                theirs=wanted.column,
                ours=column,
            ),
            where=where(target, ("column",)),
        )


def _obstacle(n: int, unrecorded: int, people_known: bool, most: float) -> Reason | None:
    if not people_known:
        return Reason.FEW_PEOPLE
    if n == 0 or unrecorded > most * (n + unrecorded):
        return Reason.MISSING_DEMOGRAPHICS
    return None


def _measured(
    shares: Shares,
    wanted: tuple[str, float],
    people: Mapping[str, int],
    unrecorded: int,
    obstacle: Reason | None,
) -> Measurement:
    group, share = wanted
    counted, n = people.get(group, 0), sum(people.values())
    scope = Slice(values=((shares.column, group),))
    known = n if shares.people_known else None
    corners = corners_of_rate(counted, n, positives=unrecorded, negatives=unrecorded) if unrecorded else ()
    return Measurement(
        metric=METRIC,
        scope=scope,
        depth=1,
        estimate=None if obstacle else share_ratio(counted, n, share, people=known),
        groups=(GroupCount(slice=scope, positives=counted, n=n, n_eff=n, people=known),),
        reason=obstacle,
        note=text(
            "{counted} of {n} are {group}; the target share is {share}",
            counted=counted,
            n=n,
            group=group,
            share=share,
        ),
        extremes=tuple(
            Extreme(
                estimate=share_ratio(int(x), int(of), share, people=known), reason=Reason.MISSING_DEMOGRAPHICS
            )
            for x, of in corners
            if obstacle is None
        ),
    )


def _beside(
    shares: Shares, people: Mapping[str, int], unrecorded: int, named: set[str]
) -> Iterator[Measurement]:
    """Name the groups that the target does not know, and the people without a group."""
    total = sum(people.values()) + unrecorded
    others = {group: n for group, n in people.items() if group not in named}
    if unrecorded:
        others[NOT_RECORDED] = unrecorded
    for group, n in sorted(others.items()):
        yield Measurement(
            metric=METRIC,
            scope=Slice(values=((shares.column, group),)),
            depth=1,
            reason=Reason.MISSING_DEMOGRAPHICS if group == NOT_RECORDED else Reason.NO_INTERVAL,
            note=text(
                "{group}: {n} of {total}; the target does not name this group", group=group, n=n, total=total
            ),
            shown=True,
        )
