"""What is called common ground has the agreement of every group."""

from collections.abc import Iterator, Mapping
from typing import Annotated

import numpy as np
from pydantic import Field

from hcgov.core.check import Example, Params, Request, check
from hcgov.core.direction import Stricter
from hcgov.core.estimate import Estimate, Method
from hcgov.core.evidence.long import Long, LongOf, coded
from hcgov.core.limit import limits
from hcgov.core.long_tables import LongKind
from hcgov.core.measurement import GroupCount, Measurement
from hcgov.core.slices import Slice, SliceChoice
from hcgov.core.status import Reason, Verdict
from hcgov.core.text import text
from hcgov.stages.judgments.arrays import Bools, codes
from hcgov.stages.judgments.preference_slices import Group, few, groups_of, unknown_groups
from hcgov.stages.judgments.preference_worked import REGIONS, RULES, SOURCE, mixed
from hcgov.stages.worked import at_least
from hcgov.stats.crossed import Rows, crossed_share
from hcgov.stats.preferences.bridging import group_informed_consensus
from hcgov.stats.preferences.contests import Codes

METRIC = "agreement"
MOST_ITEMS = 500
"""Of more items, those that are called common ground have to be named."""


class CommonGround(Params):
    """Parameters of the common ground."""

    table: str = Field(
        default="annotations", description="Long table of answers about statements or candidates."
    )
    question: str = Field(default="", description="Only answers to this question; all of them if left out.")
    items: Annotated[tuple[str, ...], Stricter.SUPERSET] = Field(
        default=(), description="Items that are called common ground; every item if left out."
    )
    agree: Annotated[tuple[str, ...], Stricter.SUBSET] = Field(
        default=("agree",), min_length=1, description="Answers that agree."
    )
    passed: Annotated[tuple[str, ...], Stricter.SUBSET] = Field(
        default=("pass",),
        description="Answers that say nothing and do not count; what else is no agreement does.",
    )
    slices: SliceChoice = Field(
        default=SliceChoice(), description="Tightens the project's slices for this control."
    )


def asks(params: CommonGround) -> Mapping[str, Request]:
    """Ask for who answered what about which item."""
    return {
        "long": LongOf(
            table=params.table,
            kind=LongKind.ANNOTATIONS,
            needs=("item", "annotator", "label"),
            slices=params.slices,
            question=params.question,
        )
    }


def examples() -> tuple[Example[CommonGround], ...]:
    """Two regions vote on one statement."""

    def table(people: int, north: int, south: int) -> Long:
        share = {"north": north, "south": south}
        who = [
            (f"p{i}", REGIONS[i % 2], "agree" if mixed(i // 2, 1) < share[REGIONS[i % 2]] else "disagree")
            for i in range(people)
        ]
        return Long(
            table="annotations",
            kind=LongKind.ANNOTATIONS,
            rows=people,
            columns={
                "item": coded(["parks stay open"] * people),
                "annotator": coded([person for person, _, _ in who]),
                "label": coded([label for _, _, label in who]),
            },
            groups={"region": coded([region for _, region, _ in who])},
            rules=RULES,
            source=SOURCE,
        )

    told = (
        ("both regions agree", table(400, 85, 80), Verdict.PASS),
        ("the larger agreement hides the south", table(400, 95, 40), Verdict.FAIL),
        ("a dozen people in each region", table(24, 85, 80), Verdict.INCONCLUSIVE),
        ("one person", table(1, 85, 80), Verdict.INCONCLUSIVE),
    )
    return tuple(
        Example(
            title=title,
            params=CommonGround(),
            evidence={"long": long},
            expect=verdict,
            limit=at_least("0.60"),
        )
        for title, long, verdict in told
    )


@check(
    asks=asks,
    params=CommonGround,
    examples=examples,
    limit=limits(METRIC, at_least="(0, 1)"),
    supports=("nist-ai-rmf:MEASURE 2.11", "nist-ai-rmf:GOVERN 5.1", "iso-42001:A.5.4"),
)
def common_ground(long: Long, params: CommonGround) -> Iterator[Measurement]:
    """Share of each group's people who agree with an item, of those who answered; every group has to keep the limit.

    A majority of everyone can be one group's will. Every person counts once for an item. Group-informed consensus,
    the product over groups of (A + 1) / (S + 2), is shown with its geometric mean, which does not shrink with the
    number of groups. Source: Small et al. 2021, Recerca 26:2; Clopper & Pearson 1934, Biometrika 26:404-413.
    """
    label, item, people = codes(long, "label"), codes(long, "item"), codes(long, "annotator")
    names, items = long.codes("label").names, long.codes("item").names
    silent = [i for i, name in enumerate(names) if name in params.passed]
    used = (label >= 0) & ~np.isin(label, silent) & (people >= 0) & (item >= 0)
    agrees = np.isin(label, [i for i, name in enumerate(names) if name in params.agree])
    wanted = params.items or items
    if not used.any() or len(wanted) > MOST_ITEMS:
        note = text(
            "`{table}` holds answers about {n} {n|item|items}; name those that are called common ground",
            table=long.table,
            n=len(items),
        )
        yield Measurement(metric=METRIC, depth=1, reason=Reason.SMALL_N, note=note)
        return
    yield from unknown_groups(long, METRIC, used)
    for name in wanted:
        rows = used & (item == items.index(name)) if name in items else np.zeros_like(used)
        if not rows.any():
            note = text("nobody answered about `{item}`", item=name)
            yield Measurement(
                metric=METRIC,
                scope=Slice(values=(("item", name),)),
                depth=1,
                reason=Reason.SMALL_N,
                note=note,
            )
            continue
        for column in long.rules.by:
            yield from _of_item(long, name, column, groups_of(long, column, people, rows), agrees, people)


def _of_item(
    long: Long, item: str, column: str, groups: tuple[Group, ...], agrees: Bools, people: Codes
) -> Iterator[Measurement]:
    agreeing, seen = [], []
    for group in groups:
        scope = Slice(values=(("item", item), *group.slice.values))
        here = Group(slice=scope, rows=group.rows, people=group.people)
        estimate = _share(agrees, group.rows, people)
        agreeing.append((estimate.value or 0.0) * group.people)
        seen.append(float(group.people))
        counted = GroupCount(
            slice=scope,
            positives=agreeing[-1],
            n=group.people,
            n_eff=float(group.people),
            people=group.people,
        )
        yield few(here, METRIC, long) or Measurement(
            metric=METRIC, scope=scope, depth=1, estimate=estimate, groups=(counted,)
        )
    consensus = group_informed_consensus(agreeing, seen)
    if consensus is None:
        return
    for name, value in (
        ("group_informed_consensus", consensus.product),
        ("consensus_mean", consensus.geometric_mean),
    ):
        total = int(sum(seen))
        yield Measurement(
            metric=name,
            scope=Slice(values=(("item", item), ("over", column))),
            depth=1,
            estimate=Estimate(value=value, n=total, n_eff=float(total), people=total, method=Method.POINT),
            shown=True,
        )


def _share(agrees: Bools, rows: Codes, people: Codes) -> Estimate:
    """Return the share of people who agree; who answered several times counts once, with the mean of the answers."""
    persons, place = np.unique(people[rows], return_inverse=True)
    mean = np.bincount(place, agrees[rows]) / np.bincount(place)
    return crossed_share(mean, Rows(people=persons))
