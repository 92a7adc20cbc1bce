"""Measurements of a control, divided into families and judged by its limit."""

from collections import Counter
from collections.abc import Sequence

from hcgov.core.finding import Finding
from hcgov.core.limit import Limit
from hcgov.core.measurement import Measurement
from hcgov.judgement.extremes import held_at_extremes
from hcgov.judgement.family import judge_families
from hcgov.stats.many import Steps


def families(measured: Sequence[Measurement]) -> list[tuple[list[Measurement], int]]:
    """Return the families of measurements, and with how many of its depth each shares the error of accusing.

    A family is all of one metric and one slicing depth, in the order they were measured.
    """
    found: dict[tuple[str, int], list[Measurement]] = {}
    for one in measured:
        found.setdefault((one.metric, one.depth), []).append(one)
    metrics = Counter(depth for _, depth in found)
    return [(family, metrics[depth]) for (_, depth), family in found.items()]


def judge_all(measured: Sequence[Measurement], limit: Limit) -> Steps[tuple[Finding, ...]]:
    """Judge the measurements of a control, and hold each verdict against what is not recorded."""
    divided = families(measured)
    judged = yield from judge_families(divided, limit)
    findings: list[Finding] = []
    for (family, _), own in zip(divided, judged, strict=True):
        findings += yield from held_at_extremes(own, family, limit)
    return tuple(findings)
