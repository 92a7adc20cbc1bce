"""What is not recorded may not decide: a verdict stands only if it stands at every extreme of what is missing.

Worst-case bounds after Manski (1990, American Economic Review 80:319): PASS must survive the assignment of
unrecorded people and outcomes that is worst for the slice, FAIL the one that is best for it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from hcgov.core.finding import Bound, Finding
from hcgov.core.frozen import frozen
from hcgov.core.limit import Limit, Side
from hcgov.core.measurement import Extreme, Measurement
from hcgov.core.slices import Slice
from hcgov.core.status import Reason, Verdict
from hcgov.core.text import text
from hcgov.judgement.saying import number, percent
from hcgov.stats import many
from hcgov.stats.many import Steps

_Key = tuple[str, Slice | None, Slice | None]

_WHAT = {
    Reason.MISSING_DEMOGRAPHICS: "the groups that are not recorded",
    Reason.MISSING_OUTCOMES: "what is not recorded",
}


def held_at_extremes(
    findings: Iterable[Finding], measurements: Sequence[Measurement], limit: Limit
) -> Steps[tuple[Finding, ...]]:
    """Return the findings, those undecided that another assignment of what is missing would decide otherwise.

    Parameters
    ----------
    findings
        Of one family, as judged from what is recorded.
    measurements
        That family's, with their extremes.
    limit
        The control's limit.

    Notes
    -----
    A finding can only lose its verdict here. Others keep the levels they were judged at: a family that was
    corrected for one accusation more is corrected for enough.
    """
    extremes = {_key(m): m.extremes for m in measurements if m.extremes}
    if not extremes:
        return tuple(findings)
    findings = tuple(findings)
    cases = [
        _Case(place=place, extremes=found, decides=decides)
        for place, finding in enumerate(findings)
        if (found := extremes.get((finding.metric, finding.scope, finding.against)))
        and (decides := _decides(finding)) is not None
    ]
    told = list(findings)
    found_at = yield from _values(cases)
    for case, values in zip(cases, found_at, strict=True):
        told[case.place] = _held(findings[case.place], case, values, limit)
    return tuple(told)


@frozen
class _Case:
    """A decided finding's place, its extremes, and the bound that decided it."""

    place: int
    extremes: tuple[Extreme, ...]
    decides: Bound


def _decides(finding: Finding) -> Bound | None:
    if finding.verdict is Verdict.PASS:
        return finding.pass_bound
    return finding.fail_bound if finding.verdict is Verdict.FAIL else None


def _values(cases: Sequence[_Case]) -> Steps[list[list[float]]]:
    """Return the deciding bound at every extreme of every case; those of all cases are computed together."""
    found: dict[int, list[float]] = {}
    for end, bounds in (("lower", many.lowers), ("upper", many.uppers)):
        own = [case for case in cases if case.decides.end == end]
        subjects = [many.subject(extreme.estimate) for case in own for extreme in case.extremes]
        levels = [case.decides.level for case in own for _ in case.extremes]
        values = iter((yield from bounds(subjects, levels)))
        found |= {case.place: [next(values) for _ in case.extremes] for case in own}
    return [found[case.place] for case in cases]


def _held(finding: Finding, case: _Case, values: Sequence[float], limit: Limit) -> Finding:
    passed, decides = finding.verdict is Verdict.PASS, case.decides
    at = [(value, extreme.reason) for value, extreme in zip(values, case.extremes, strict=True)]
    broken = next((reason for value, reason in at if limit.holds(value) is not passed), None)
    # The worst end for PASS is that on the limit's wrong side, for FAIL that on its right side.
    highest = (limit.side is Side.AT_MOST) is passed
    worst = replace(decides, value=(max if highest else min)(value for value, _ in at))
    if broken is None:
        narrow = passed and limit.narrow is not None and not limit.holds(worst.value, value=limit.narrow)
        return replace(finding, worst_case=worst, narrow=finding.narrow or narrow)
    sentence = text(
        "{who}: {value} from what is recorded, but {what} could change the verdict: at their extremes it is "
        "{end} {bound} ({level} confidence), and the limit is {limit}",
        who=finding.about,
        value=number(None if finding.estimate is None else finding.estimate.value),
        what=_WHAT.get(broken, _WHAT[Reason.MISSING_OUTCOMES]),
        end="at least" if worst.end == "lower" else "at most",
        bound=number(worst.value),
        level=percent(worst.level),
        limit=limit,
    )
    return replace(
        finding,
        verdict=Verdict.INCONCLUSIVE,
        reason=broken,
        text=sentence,
        narrow=False,
        worst_case=worst,
        labels_needed=None,
    )


def _key(measurement: Measurement) -> _Key:
    return measurement.metric, measurement.scope, measurement.against
