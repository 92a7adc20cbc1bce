"""Findings about what no verdict can be given of: what has no interval, and what is too small."""

from dataclasses import replace

from hcgov.core.finding import Finding
from hcgov.core.limit import Limit
from hcgov.core.measurement import GroupCount, Measurement
from hcgov.core.status import Reason, Verdict
from hcgov.core.text import Text, text
from hcgov.judgement.saying import about, apart, cannot_pass, few_and_apart
from hcgov.stats.hypothetical import best_case
from hcgov.stats.power import labels_needed


def unresolved(measurement: Measurement, reason: Reason) -> Finding:
    """Say why a measurement cannot be judged at all."""
    note = measurement.note or text("{who}: cannot be told", who=about(measurement))
    return _undecided(measurement, note, measurement.reason or reason, measurement.labels_needed)


def too_small(
    measurement: Measurement, limit: Limit, group: GroupCount | None = None, *, beyond: bool = False
) -> Finding:
    """Say that a comparison, or a slice in any comparison, is too small for the limit.

    Parameters
    ----------
    beyond
        Whether what is known of it lies beyond the limit for more than chance: it cannot be accused, for it stands
        outside the family, and it must not be passed over either.
    """
    if beyond and measurement.note is not None:
        told = _undecided(
            replace(measurement, estimate=None),
            few_and_apart(measurement.note, limit),
            Reason.SMALL_AND_APART,
            measurement.labels_needed,
        )
        return replace(told, against=None)
    estimate = measurement.estimate
    needed = None if estimate is None else labels_needed(best_case(estimate, limit.side), limit)
    who = about(measurement) if group is None else str(group.slice)
    sentence = apart(who, limit) if beyond else cannot_pass(who, limit)
    reason = Reason.SMALL_AND_APART if beyond else Reason.SMALL_N
    finding = _undecided(measurement, sentence, reason, needed)
    if group is None:
        return finding
    return replace(finding, about=who, scope=group.slice, against=None, groups=(group,), estimate=None)


def _undecided(measurement: Measurement, sentence: Text, reason: Reason, needed: int | None) -> Finding:
    return Finding(
        about=about(measurement),
        metric=measurement.metric,
        verdict=Verdict.INCONCLUSIVE,
        text=sentence,
        primary=measurement.depth <= 1,
        reason=reason,
        scope=measurement.scope,
        against=measurement.against,
        depth=measurement.depth,
        estimate=measurement.estimate,
        groups=measurement.groups,
        labels_needed=needed,
    )
