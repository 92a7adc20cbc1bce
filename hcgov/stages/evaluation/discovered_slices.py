"""The slices that look worst in one half of the people are served no worse than others in the other half."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Annotated

from pydantic import Field

from hcgov.core.check import Example, Request, check
from hcgov.core.direction import Stricter
from hcgov.core.estimate import Estimate
from hcgov.core.evidence.counts import Counts, CountsOf, Rate
from hcgov.core.limit import limits
from hcgov.core.measurement import GroupCount, Measurement
from hcgov.core.slices import NOT_RECORDED, Slice
from hcgov.core.status import Reason, Verdict
from hcgov.core.text import text
from hcgov.stages.accounting import slicings
from hcgov.stages.comparing import against_the_rest
from hcgov.stages.evaluation.rate_gap import gap
from hcgov.stages.missing import Compare
from hcgov.stages.rates import REST, RateParams, complement, count, enough, obstacle
from hcgov.stages.worked import at_most, people_table
from hcgov.stats.bounds import lower

SEARCH_LEVEL = 0.95
"""One-sided confidence of the bound by which slices are ranked in the half that is searched; it decides nothing."""


class DiscoveredSlices(RateParams):
    """Parameters of discovered slices."""

    outcome: str = Field(description="Outcome whose share is compared; its adverse direction is declared.")
    given: Annotated[dict[str, int], Stricter.IDENTITY] = Field(
        default_factory=dict, description="Only rows where these outcomes have these values."
    )
    top: Annotated[int, Stricter.HIGHER] = Field(
        default=5,
        ge=1,
        le=20,
        description="How many of the worst slices are judged.",
    )

    @property
    def rate(self) -> Rate:
        """The rate that is compared."""
        return Rate(outcome=self.outcome, given=tuple(sorted(self.given.items())))


def asks(params: DiscoveredSlices) -> Mapping[str, Request]:
    """Ask for the rate by slice in either half of the people."""
    searched = CountsOf(
        table=params.table,
        rates=(params.rate,),
        slices=params.slices,
        directed=(params.outcome,),
        half="a",
    )
    return {"searched": searched, "judged": replace(searched, half="b")}


def examples() -> tuple[Example[DiscoveredSlices], ...]:
    """Three regions in two halves: alike, one apart in both, one apart by chance, too few, and a constant."""
    alike = people_table({"north": (600, 300), "south": (600, 303), "east": (600, 298)})
    apart = people_table({"north": (600, 300), "south": (600, 150), "east": (600, 298)})
    few = people_table({"north": (600, 300), "south": (12, 3)})
    same = people_table({"north": (600, 600), "south": (600, 600)})
    told = (
        ("alike in both halves", alike, alike, Verdict.PASS),
        ("apart in both halves", apart, apart, Verdict.FAIL),
        ("apart by chance where it was searched", apart, alike, Verdict.PASS),
        ("too few people", few, few, Verdict.INCONCLUSIVE),
        ("the same for everyone", same, same, Verdict.INCONCLUSIVE),
    )
    return tuple(
        Example(
            title=title,
            params=DiscoveredSlices(table="predictions", outcome="prediction", top=2),
            evidence={"searched": searched, "judged": judged},
            expect=expect,
            limit=at_most("0.10"),
        )
        for title, searched, judged, expect in told
    )


@check(
    asks=asks,
    params=DiscoveredSlices,
    examples=examples,
    limit=limits("discovered_deficit", at_most="[0, 1)"),
    supports=("nist-ai-rmf:MEASURE 2.11", "nist-ai-rmf:MEASURE 2.5"),
)
def discovered_slices(searched: Counts, judged: Counts, params: DiscoveredSlices) -> Iterator[Measurement]:
    """How much worse off the worst-looking slices are than everyone else, in [-1, 1], judged on people not searched.

    People are divided into two halves by a hash. In one, slices of all columns and crossings are ranked by how much
    worse than everyone else they are for certain; the first few are judged in the other, with Miettinen and
    Nurminen's interval. Judged where they were found they would look worse than they are (Cox 1975, Biometrika
    62:441, doi:10.1093/biomet/62.2.441).
    """
    higher = bool((judged.adverse or {}).get(params.outcome))

    def compare(one: GroupCount, other: GroupCount) -> Estimate:
        return gap(one, other, adverse_higher=higher)

    metric = "discovered_deficit"
    for counts in (searched, judged):
        stopped = obstacle(counts, params.rate, metric, params.gaps)
        if stopped is not None:
            yield stopped
            return
    found = _worst(searched, params.rate, compare)[: params.top]
    if not found:
        yield Measurement(
            metric=metric,
            reason=Reason.SMALL_N,
            note=text(
                "no slice and its complement have {min_people} {min_people|person|people} each in the half that is "
                "searched",
                min_people=searched.rules.min_people,
            ),
        )
    for scope, estimate, groups in found:
        yield Measurement(
            metric="deficit_where_found",
            scope=scope,
            against=REST,
            depth=1,
            estimate=estimate,
            groups=groups,
            shown=True,
        )
    for scope, _, _ in found:
        yield from against_the_rest(
            judged, params.rate, scope, metric=metric, compare=compare, gaps=params.gaps
        )


def _worst(
    counts: Counts, rate: Rate, compare: Compare
) -> list[tuple[Slice, Estimate, tuple[GroupCount, GroupCount]]]:
    """Return the slices that are large enough, those that are worse off for certain first."""
    overall = counts.overall(rate)
    ranked = []
    for columns in slicings(counts, rate):
        for sums in counts.by(rate, columns):
            if NOT_RECORDED in dict(sums.slice.values).values():
                continue
            group = count(sums, overall)
            rest = count(complement(sums, overall), overall) if enough(group, counts) else None
            if rest is not None and enough(rest, counts):
                estimate = compare(group, rest)
                ranked.append((-lower(estimate, SEARCH_LEVEL), sums.slice, estimate, (group, rest)))
    return [(scope, estimate, groups) for _, scope, estimate, groups in sorted(ranked, key=lambda r: r[:2])]
