"""Those who use the system are the mix of people it was evaluated on."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated

from pydantic import Field

from hcgov.core.check import Example, Params, Request, check
from hcgov.core.direction import Stricter
from hcgov.core.estimate import Estimate, Method
from hcgov.core.evidence.counts import Shares, SharesOf
from hcgov.core.limit import limits
from hcgov.core.measurement import GroupCount, Measurement
from hcgov.core.slices import NOT_RECORDED, Slice
from hcgov.core.status import Reason, Verdict
from hcgov.core.text import Text, text
from hcgov.stages.specimens import source
from hcgov.stages.worked import at_most
from hcgov.stats.drift import Drift, between_samples
from hcgov.stats.proportions import rate

METRIC = "population_stability_index"

BY_CHANCE = 0.05
"""Where chance leaves a group out of a table less often than this, it is gone, or new."""


class GroupMixDrift(Params):
    """Parameters of the drift of the mix of groups."""

    table: str = Field(default="feedback", description="Table artifact of those who use the system now.")
    reference: str = Field(
        default="predictions", description="Table artifact of those whom it was evaluated on."
    )
    column: str = Field(description="Group column of both, by the name that the manifest gives it.")
    max_unrecorded: Annotated[float, Stricter.LOWER] = Field(
        default=0.2,
        ge=0,
        lt=1,
        description="Largest share of people, in either table, whose group is not recorded.",
    )


def asks(params: GroupMixDrift) -> Mapping[str, Request]:
    """Ask for the people of each group in both tables."""
    return {
        "now": SharesOf(table=params.table, column=params.column),
        "before": SharesOf(table=params.reference, column=params.column),
    }


def examples() -> tuple[Example[GroupMixDrift], ...]:
    """Return the same mix, another one, few people, a new group, one group only, and unknown people."""

    def shares(table: str, *, people_known: bool = True, **groups: int) -> Shares:
        return Shares(
            table=table,
            column="region",
            groups=tuple((None if name == "unrecorded" else name, n) for name, n in groups.items()),
            people_known=people_known,
            source=source(table, "table"),
        )

    before = shares("predictions", north=1000, south=1000)
    cases = (
        ("the same mix", shares("feedback", north=980, south=1050), before, Verdict.PASS),
        ("the south is gone", shares("feedback", north=1800, south=200), before, Verdict.FAIL),
        ("few people yet", shares("feedback", north=24, south=12), before, Verdict.INCONCLUSIVE),
        ("a new group", shares("feedback", north=500, south=500, east=900), before, Verdict.FAIL),
        (
            "groups are no longer recorded",
            shares("feedback", north=300, south=300, unrecorded=900),
            before,
            Verdict.INCONCLUSIVE,
        ),
        (
            "people cannot be counted",
            shares("feedback", north=980, south=1050, people_known=False),
            before,
            Verdict.INCONCLUSIVE,
        ),
        (
            "one group only",
            shares("feedback", north=50),
            shares("predictions", north=90),
            Verdict.INCONCLUSIVE,
        ),
        ("nobody yet", shares("feedback"), before, Verdict.INCONCLUSIVE),
    )
    return tuple(
        Example(
            title=title,
            params=GroupMixDrift(column="region"),
            evidence={"now": now, "before": reference},
            expect=expect,
            limit=at_most("0.25"),
        )
        for title, now, reference, expect in cases
    )


@check(
    asks=asks,
    params=GroupMixDrift,
    examples=examples,
    limit=limits(METRIC, at_most="(0, inf)"),
    supports=(
        "nist-ai-rmf:MEASURE 2.4",
        "nist-ai-rmf:MANAGE 4.1",
        "eu-ai-act:Art.72",
        "iso-42001:A.6.2.6",
    ),
)
def group_mix_drift(now: Shares, before: Shares, params: GroupMixDrift) -> Iterator[Measurement]:
    """Index of population stability over the groups' shares, from 0 upwards; those without a group are one.

    What was shown of some people says little of others: when the mix has moved, the evaluation no longer
    covers those who are served. The index is bounded on the scale of its square root, so a few people prove
    neither stability nor drift; Jensen-Shannon divergence and chi-square test stand beside it and are not
    judged. By convention below 0.1 is stable and above 0.25 calls for action; neither number has a
    derivation. For shares known from elsewhere, such as a census, use `data.representation` on the table of
    use. Source: Siddiqi 2006, Credit Risk Scorecards; Yurdakul 2018, Statistical Properties of Population
    Stability Index; Lin 1991, IEEE Transactions on Information Theory 37:145-151.
    """
    counts = {NOT_RECORDED if name is None else name: [0, 0] for name, _ in (*before.groups, *now.groups)}
    for place, shares in enumerate((before, now)):
        for name, n in shares.groups:
            counts[NOT_RECORDED if name is None else name][place] += n
    stopped = _obstacle(now, before, len(counts), params)
    if stopped is not None:
        yield Measurement(metric=METRIC, reason=stopped[0], note=stopped[1])
        return
    names = sorted(counts)
    for place, shares in enumerate((before, now)):
        yield from _shares(shares, {name: counts[name][place] for name in names})
    drift = between_samples(
        [counts[name][0] for name in names],
        [counts[name][1] for name in names],
        people=sum(n for n_before, n_now in counts.values() for n in (n_before, n_now)),
    )
    yield Measurement(metric=METRIC, depth=1, estimate=drift.estimate)
    yield from _gone(now, before, counts)
    yield from _beside(drift, sum(min(pair) == 0 for pair in counts.values()))


def _obstacle(now: Shares, before: Shares, groups: int, params: GroupMixDrift) -> tuple[Reason, Text] | None:
    for shares in (before, now):
        total = sum(n for _, n in shares.groups)
        unrecorded = sum(n for name, n in shares.groups if name is None)
        if not shares.people_known:
            return Reason.FEW_PEOPLE, text(
                "it is not known which rows of `{table}` are the same person", table=shares.table
            )
        if total == 0:
            return Reason.SMALL_N, text("nobody stands in `{table}` yet", table=shares.table)
        if unrecorded > params.max_unrecorded * total:
            return Reason.MISSING_DEMOGRAPHICS, text(
                "{n} of {total} {total|person|people} in `{table}` {n|has|have} no recorded {column}; at most "
                "{share} may not",
                n=unrecorded,
                total=total,
                table=shares.table,
                column=shares.column,
                share=f"{params.max_unrecorded:.0%}",
            )
    if groups < 2:
        return Reason.UNMATCHED_PAIRS, text("everyone in both tables is of one group: no mix can move")
    return None


def _gone(now: Shares, before: Shares, counts: Mapping[str, Sequence[int]]) -> Iterator[Measurement]:
    """Name each group with nobody in one table though the other has too many of it for that to be chance.

    The index has no upper bound there: what half a person in its place makes of it is no proof of stability.
    """
    totals = [sum(pair[place] for pair in counts.values()) for place in (0, 1)]
    for name in sorted(counts):
        for here, there, shares, other in ((1, 0, now, before), (0, 1, before, now)):
            present = 1.0 - counts[name][there] / totals[there]
            if name == NOT_RECORDED or counts[name][here] or present ** totals[here] >= BY_CHANCE:
                continue
            scope = Slice(values=((shares.column, name),))
            yield Measurement(
                metric=METRIC,
                scope=scope,
                depth=1,
                groups=(GroupCount(slice=scope, positives=0, n=totals[here], n_eff=totals[here], people=0),),
                reason=Reason.ABSENT_GROUP,
                note=text(
                    "{slice}: {n} {n|person|people} in `{other}` and nobody in `{table}`, which is not by chance; "
                    "nothing "
                    "shows that the mix is the same",
                    slice=scope,
                    n=counts[name][there],
                    other=other.table,
                    table=shares.table,
                ),
            )


def _shares(shares: Shares, people: Mapping[str, int]) -> Iterator[Measurement]:
    """Show each group's share of the people of one table."""
    total = sum(people.values())
    for name, n in people.items():
        scope = Slice(values=((shares.column, name),))
        yield Measurement(
            metric=f"share_in_{shares.table}",
            scope=scope,
            depth=1,
            estimate=rate(n, total, people=total),
            groups=(GroupCount(slice=scope, positives=n, n=total, n_eff=total, people=total),),
            shown=True,
        )


def _beside(drift: Drift, empty: int) -> Iterator[Measurement]:
    """Show the divergence, whether chance explains the move, and groups with nobody in one of the tables."""
    yield _point(
        "jensen_shannon_divergence",
        drift.jensen_shannon,
        drift,
        text("Jensen-Shannon divergence: {value} nats", value=f"{drift.jensen_shannon:.4f}"),
    )
    yield _point(
        "chi_square_p_value",
        drift.p_pearson,
        drift,
        text(
            "chi-square test of the same mix: {statistic} with {df} {df|degree|degrees} of freedom, p = {p}",
            statistic=f"{drift.pearson:.2f}",
            df=drift.df,
            p=f"{drift.p_pearson:.4f}",
        ),
    )
    if empty:
        yield _point(
            "groups_empty_on_one_side",
            float(empty),
            drift,
            text(
                "groups with nobody in one of the tables: {empty}; half a person was added to every group for "
                "the index",
                empty=empty,
            ),
        )


def _point(metric: str, value: float, drift: Drift, note: Text) -> Measurement:
    of = drift.estimate
    estimate = Estimate(value=value, n=of.n, n_eff=of.n_eff, people=of.people, method=Method.POINT)
    return Measurement(metric=metric, depth=1, estimate=estimate, note=note, shown=True)
