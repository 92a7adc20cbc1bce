"""The family judge: all measurements of one metric at one slicing depth meet the control's limit together.

Passing every slice is an intersection-union test (Berger 1982) and needs no correction: each passes by its own
one-sided bound. Accusing a slice does: Holm's step-down (Holm 1979) over the family. Slices that cannot be
resolved stand outside the family: they enter no comparison and no count.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import permutations

from hcgov.core.estimate import Estimate, Method
from hcgov.core.finding import Bound, Finding
from hcgov.core.limit import Limit, Side
from hcgov.core.measurement import GroupCount, Measurement
from hcgov.core.slices import Slice
from hcgov.core.status import Reason, Verdict
from hcgov.core.text import Text, text
from hcgov.stats.bounds import best_case, lower, p_value, point, upper
from hcgov.stats.differences import widest_half_width
from hcgov.stats.multiplicity import holm_levels, holm_reject
from hcgov.stats.power import labels_needed

SURE = Decimal("0.8")
"""From this confidence on, a value on the right side of its limit can never be accused of breaking it."""


@dataclass(frozen=True, kw_only=True)
class _Member:
    """A resolvable measurement with the bound that decides PASS and the p-value that decides FAIL."""

    measurement: Measurement
    estimate: Estimate
    passing: Bound
    p: float


def judge(measurements: Sequence[Measurement], limit: Limit) -> tuple[Finding, ...]:
    """Judge the measurements of one family against a limit.

    Parameters
    ----------
    measurements
        All of one metric and one depth, in the order they are to be reported.
    limit
        The control's limit; its confidence is that of either one-sided bound.
    """
    told: dict[int, Finding] = {}
    members: list[tuple[int, _Member]] = []
    tiny, named = _tiny(measurements, limit), set[Slice]()
    for place, measurement in enumerate(measurements):
        estimate = measurement.estimate
        small = next((group for group in measurement.groups if group.slice in tiny), None)
        if measurement.reason is not None or estimate is None:
            told[place] = _unresolved(measurement, measurement.reason or Reason.SMALL_N)
        elif estimate.method is Method.POINT:
            told[place] = _unresolved(measurement, Reason.NO_INTERVAL)
        elif point(estimate) is None:
            told[place] = _unresolved(measurement, Reason.SMALL_N)
        elif small is not None:
            if small.slice not in named:
                told[place] = _too_small(tiny[small.slice], limit, small)
                named.add(small.slice)
        elif not limit.holds((passing := _passing(estimate, limit)).value) and not _resolvable(
            estimate, limit
        ):
            told[place] = _too_small(measurement, limit)
        else:
            p = _accusation(estimate, limit)
            members.append((place, _Member(measurement=measurement, estimate=estimate, passing=passing, p=p)))
    told |= dict(_holm(members, limit))
    return tuple(told[place] for place in sorted(told))


def _tiny(measurements: Sequence[Measurement], limit: Limit) -> dict[Slice, Measurement]:
    """Return the slices that no data of their size could pass, each with its most favourable comparison.

    A slice's best chance is the comparison with the largest other side; where even that cannot be resolved,
    the slice stands outside the family and enters no pair.
    """
    best: dict[Slice, tuple[float, Measurement]] = {}
    for measurement in measurements:
        interval = measurement.estimate is not None and measurement.estimate.method is not Method.POINT
        if measurement.reason is None and interval and len(measurement.groups) > 1:
            for group, other in permutations(measurement.groups, 2):
                if not group.slice.rest_of and other.n_eff >= best.get(group.slice, (0.0, measurement))[0]:
                    best[group.slice] = (other.n_eff, measurement)
    return {
        group: measurement
        for group, (_, measurement) in best.items()
        if measurement.estimate is not None and not _resolvable(measurement.estimate, limit)
    }


def _accusation(estimate: Estimate, limit: Limit) -> float:
    """Return the p-value of the limit being kept; 1 where the value itself keeps it, which accuses nobody."""
    if estimate.value is not None and limit.holds(estimate.value) and limit.confidence >= SURE:
        return 1.0
    return p_value(estimate, float(limit.value), limit.side)


def _resolvable(estimate: Estimate, limit: Limit) -> bool:
    """Whether the most favourable data of the same size could pass at all."""
    gap = estimate.method is Method.MIETTINEN_NURMINEN and limit.side is Side.AT_MOST
    # Large groups need no search for the bound: equal rates, whatever they are, lie at most this far apart.
    if gap and widest_half_width(estimate, float(limit.confidence)) <= limit.value:
        return True
    return limit.holds(_passing(best_case(estimate, limit.side), limit).value)


def _passing(estimate: Estimate, limit: Limit) -> Bound:
    level = float(limit.confidence)
    if limit.side is Side.AT_MOST:
        return Bound(value=upper(estimate, level), level=level, end="upper")
    return Bound(value=lower(estimate, level), level=level, end="lower")


def _failing(estimate: Estimate, limit: Limit, level: float) -> Bound:
    if limit.side is Side.AT_MOST:
        return Bound(value=lower(estimate, level), level=level, end="lower")
    return Bound(value=upper(estimate, level), level=level, end="upper")


def _holm(members: Sequence[tuple[int, _Member]], limit: Limit) -> list[tuple[int, Finding]]:
    """Judge resolvable members: their own bound passes them, the step-down bound fails them."""
    alpha, p_values = 1.0 - float(limit.confidence), [member.p for _, member in members]
    accused, levels = holm_reject(p_values, alpha), holm_levels(len(members), alpha)
    told = []
    for rank, index in enumerate(sorted(range(len(members)), key=p_values.__getitem__)):
        place, member = members[index]
        # From the first that is not accused on, the step-down has stopped: nobody gets an easier level.
        level = levels[min(rank, sum(accused))]
        told.append((place, _verdict(member, limit, level, len(members), accused=accused[index])))
    return told


def _verdict(member: _Member, limit: Limit, level: float, size: int, *, accused: bool) -> Finding:
    measurement, estimate, passing = member.measurement, member.estimate, member.passing
    failing = _failing(estimate, limit, level)
    needed, reason, narrow = None, None, False
    if limit.holds(passing.value):
        verdict = Verdict.PASS
        narrow = limit.narrow is not None and not limit.holds(passing.value, value=limit.narrow)
    elif accused and not limit.holds(failing.value):
        verdict = Verdict.FAIL
    else:
        verdict, reason = Verdict.INCONCLUSIVE, Reason.NEAR_THRESHOLD
        needed = labels_needed(estimate, limit, fail_level=level)
    return Finding(
        about=about(measurement),
        metric=measurement.metric,
        verdict=verdict,
        text=_sentence(measurement, estimate, limit, verdict, passing, failing),
        narrow=narrow,
        primary=measurement.depth <= 1,
        reason=reason,
        scope=measurement.scope,
        against=measurement.against,
        depth=measurement.depth,
        estimate=estimate,
        groups=measurement.groups,
        pass_bound=passing,
        fail_bound=failing,
        family=size,
        labels_needed=needed,
    )


def _sentence(
    measurement: Measurement,
    estimate: Estimate,
    limit: Limit,
    verdict: Verdict,
    passing: Bound,
    failing: Bound,
) -> Text:
    deciding = failing if verdict is Verdict.FAIL else passing
    template = {
        Verdict.PASS: "{who}: {value}, and with {level} confidence {end} {bound}, inside the limit {limit}",
        Verdict.FAIL: "{who}: {value}, and with {level} confidence {end} {bound}, beyond the limit {limit}",
        Verdict.INCONCLUSIVE: "{who}: {value}; the data allow {end} {bound} ({level} confidence), "
        "so the limit {limit} is neither kept nor broken for certain",
    }[verdict]
    return text(
        template,
        who=about(measurement),
        value=number(point(estimate)),
        bound=number(deciding.value),
        end="at least" if deciding.end == "lower" else "at most",
        level=percent(deciding.level),
        limit=limit,
    )


def _unresolved(measurement: Measurement, reason: Reason) -> Finding:
    note = measurement.note or text("{who}: cannot be told", who=about(measurement))
    finding = _finding(measurement, Verdict.INCONCLUSIVE, note)
    return replace(finding, reason=reason, labels_needed=measurement.labels_needed)


def _too_small(measurement: Measurement, limit: Limit, group: GroupCount | None = None) -> Finding:
    """Say that a comparison, or a slice in any comparison, is too small for the limit."""
    estimate = measurement.estimate
    needed = None if estimate is None else labels_needed(best_case(estimate, limit.side), limit)
    finding = replace(
        _finding(measurement, Verdict.INCONCLUSIVE, _cannot_pass(about(measurement), limit)),
        reason=Reason.SMALL_N,
        labels_needed=needed,
    )
    if group is None:
        return finding
    who = str(group.slice)
    return replace(
        finding,
        about=who,
        scope=group.slice,
        against=None,
        groups=(group,),
        estimate=None,
        text=_cannot_pass(who, limit),
    )


def _cannot_pass(who: str, limit: Limit) -> Text:
    return text(
        "{who}: even a perfect sample of this size could not keep the limit {limit}", who=who, limit=limit
    )


def _finding(measurement: Measurement, verdict: Verdict, sentence: Text) -> Finding:
    return Finding(
        about=about(measurement),
        metric=measurement.metric,
        verdict=verdict,
        text=sentence,
        primary=measurement.depth <= 1,
        scope=measurement.scope,
        against=measurement.against,
        depth=measurement.depth,
        estimate=measurement.estimate,
        groups=measurement.groups,
    )


def as_shown(measurement: Measurement) -> Finding:
    """Return a value that informs and is not judged."""
    who = about(measurement)
    value = None if measurement.estimate is None else measurement.estimate.value
    return Finding(
        about=who,
        metric=measurement.metric,
        verdict=Verdict.NOT_EVALUATED,
        text=measurement.note or text("{who}: {value}", who=who, value=number(value)),
        primary=measurement.depth <= 1,
        reason=measurement.reason,
        scope=measurement.scope,
        against=measurement.against,
        depth=measurement.depth,
        estimate=measurement.estimate,
        groups=measurement.groups,
        shown=True,
    )


def about(measurement: Measurement) -> str:
    """Return who a measurement is about, and compared with whom."""
    if measurement.against is None:
        return str(measurement.scope)
    return f"{measurement.scope} against {measurement.against}"


def number(value: float | None) -> str:
    """Return a value as shown to people: four significant digits at most, never NaN.

    >>> number(0.213914), number(None), number(float("inf"))
    ('0.2139', 'undefined', 'without bound')
    """
    if value is None:
        return "undefined"
    if value in (float("inf"), float("-inf")):
        return "without bound"
    return f"{value:.4f}"


def percent(level: float) -> str:
    """Return a level as shown to people.

    >>> percent(0.95), percent(0.99833)
    ('95 %', '99.83 %')
    """
    return f"{100 * level:.2f}".rstrip("0").rstrip(".") + " %"
