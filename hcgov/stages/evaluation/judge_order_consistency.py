"""A judge prefers the same response whichever is shown first."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from hcgov.core.check import Example, Request, check
from hcgov.core.estimate import Estimate
from hcgov.core.evidence.long import Long
from hcgov.core.limit import limits
from hcgov.core.measurement import Measurement
from hcgov.core.slices import Slice
from hcgov.core.status import Reason, Verdict
from hcgov.core.text import text
from hcgov.stages.judgments.judge_params import JudgeParams
from hcgov.stages.judgments.judge_ratings import Ints, Mask, Ratings, Refused, ratings
from hcgov.stages.judgments.judge_slices import named, sliced
from hcgov.stages.judgments.judge_specimens import JUDGE, Row, table
from hcgov.stages.worked import at_least
from hcgov.stats.judges.consistency import Orders, both_orders

METRIC = "judge_order_consistency"
_SIDE = {"a": 1, "A": 1, "1": 1, "b": -1, "B": -1, "2": -1}


class JudgeOrderConsistency(JudgeParams):
    """Parameters of the consistency of a judge over both orders."""


def asks(params: JudgeOrderConsistency) -> Mapping[str, Request]:
    """Ask for the judgments and the order of each."""
    return {"long": params.request(("order",))}


def examples() -> tuple[Example[JudgeOrderConsistency], ...]:
    """Return a judge of one mind, one that takes what it sees first, too few pairs, and pairs shown in one order."""

    def shown(pairs: int, first: int, orders: tuple[str, ...] = ("ab", "ba")) -> Long:
        rows: list[Row] = []
        for pair in range(pairs):
            for order in orders:
                taken = order[0] if pair * 100 < first * pairs else "ab"[pair % 2]
                rows.append(
                    {
                        "item": f"i{pair}",
                        "rater": JUDGE,
                        "rater_kind": "judge",
                        "score": taken,
                        "order": order,
                    }
                )
        return table(rows)

    cases = {
        "of one mind": (shown(300, 6), Verdict.PASS),
        "takes the first": (shown(300, 40), Verdict.FAIL),
        "few pairs": (shown(12, 10), Verdict.INCONCLUSIVE),
        "one order": (shown(100, 0, ("ab",)), Verdict.INCONCLUSIVE),
    }
    return tuple(
        Example(
            title=title,
            params=JudgeOrderConsistency(),
            evidence={"long": long},
            expect=expect,
            limit=at_least("0.80"),
        )
        for title, (long, expect) in cases.items()
    )


@check(
    asks=asks,
    params=JudgeOrderConsistency,
    examples=examples,
    limit=limits(METRIC, at_least="(0, 1)"),
    supports=("nist-ai-rmf:MEASURE 2.5", "nist-ai-rmf:MEASURE 2.13"),
)
def judge_order_consistency(long: Long, params: JudgeOrderConsistency) -> Iterator[Measurement]:
    """Share of pairs, shown in both orders, of which the judge prefers the same response.

    A score names the preferred response, ``a`` or ``b``, wherever it stood. What depends on the place is no judgment of
    the responses, and people who are shown the result cannot see that. Beside it the fairness: pairs in which the last
    is always taken minus those in which the first is. Source: Shi et al. 2024, arXiv:2406.07791; Zheng et al. 2023,
    arXiv:2306.05685.
    """
    found = ratings(long, params.positive)
    for name, prefix in named(found, params):
        own = np.flatnonzero(found.of(name) & (found.probe < 0))
        whole = orders_of(found, own)
        if not isinstance(whole, Refused):
            yield Measurement(
                metric="judge_place_fairness", scope=Slice(values=prefix), estimate=whole.fairness, shown=True
            )

        def value(mask: Mask, own: Ints = own) -> Mapping[str, Estimate] | Refused:
            one = orders_of(found, own[mask])
            return one if isinstance(one, Refused) else {METRIC: one.consistency}

        known = found.user is not None
        yield from sliced(long, found.at[own], found.cluster(own), (METRIC,), value, prefix, known=known)


def orders_of(found: Ratings, rows: Ints) -> Orders | Refused:
    """Return what a judge says of pairs in both orders, over some of its scores, or why nothing is known."""
    names = found.long.codes("score").names
    side = np.array([_SIDE.get(name, 0) for name in names], dtype=np.int64)[found.label[rows]]
    shown = found.long.codes("order").names
    known = found.order[rows] >= 0
    turned = np.array([*(name == "ba" for name in shown), False])[found.order[rows]]
    if rows.size and not side.any():
        return Refused(
            reason=Reason.MISSING_OUTCOMES, text=text("no score names the preferred response, `a` or `b`")
        )
    one = both_orders(
        found.unit[rows][known], side[known], turned[known], np.asarray(found.cluster(rows))[known]
    )
    if one is None:
        return Refused(
            reason=Reason.UNMATCHED_PAIRS, text=text("no pair was shown to the judge in both orders")
        )
    if np.ptp(side) == 0:
        return Refused(
            reason=Reason.CONSTANT_OUTCOME, text=text("the judge prefers the same letter in every pair")
        )
    return replace(
        one, consistency=found.known_people(one.consistency), fairness=found.known_people(one.fairness)
    )
