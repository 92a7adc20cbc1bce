"""What a strict limit asks beside its confidence: ratios stand on enough independent observations on either side."""

import math
from collections.abc import Sequence
from dataclasses import replace

from hcgov.core.estimate import Method
from hcgov.core.limit import Limit
from hcgov.core.measurement import GroupCount, Measurement
from hcgov.core.slices import Slice
from hcgov.core.status import Reason
from hcgov.core.text import Text, text


def without_thin_ratios(measurements: Sequence[Measurement], limit: Limit) -> tuple[Measurement, ...]:
    """Return measurements in which a slice too thin for a strict ratio is named once and enters no pair.

    Parameters
    ----------
    measurements
        All of one metric and one depth.
    limit
        Its ``ratio_n_eff`` says how many independent observations either side has to be worth; 0 changes
        nothing, nor does any limit change what is no ratio.

    Returns
    -------
    tuple of Measurement
        In the order given. What is too thin has the reason ``small_n`` and stands outside the family.
    """
    if limit.ratio_n_eff <= 0:
        return tuple(measurements)
    told: list[Measurement] = []
    named: set[Slice] = set()
    for measurement in measurements:
        if not _thin(measurement, limit):
            told.append(measurement)
            continue
        groups = [group for group in measurement.groups if group.n_eff < limit.ratio_n_eff]
        slices = [group for group in groups if not group.slice.rest_of]
        if not slices:
            told.append(_side_is_thin(measurement, limit, groups))
        for group in slices:
            if group.slice not in named:
                named.add(group.slice)
                told.append(_slice_is_thin(measurement, limit, group))
    return tuple(told)


def _thin(measurement: Measurement, limit: Limit) -> bool:
    estimate = measurement.estimate
    if measurement.reason is not None or estimate is None or estimate.method is not Method.KOOPMAN:
        return False
    return min(estimate.statistic("n1"), estimate.statistic("n2")) < limit.ratio_n_eff


def _slice_is_thin(measurement: Measurement, limit: Limit, group: GroupCount) -> Measurement:
    return replace(
        measurement,
        scope=group.slice,
        against=None,
        estimate=None,
        groups=(group,),
        reason=Reason.SMALL_N,
        note=_sentence(str(group.slice), group.n_eff, limit),
        labels_needed=_missing(group, limit),
    )


def _side_is_thin(measurement: Measurement, limit: Limit, groups: Sequence[GroupCount]) -> Measurement:
    """Keep the comparison: what is thin is everyone else, or a side that is not described."""
    assert measurement.estimate is not None
    least = min(measurement.estimate.statistic("n1"), measurement.estimate.statistic("n2"))
    who = (
        f"{measurement.scope} against {measurement.against}"
        if measurement.against
        else str(measurement.scope)
    )
    needed = max((_missing(group, limit) or 0 for group in groups), default=0)
    return replace(
        measurement, reason=Reason.SMALL_N, note=_sentence(who, least, limit), labels_needed=needed or None
    )


def _missing(group: GroupCount, limit: Limit) -> int | None:
    """Return the rows that a side lacks, at its present design effect."""
    if group.n_eff <= 0.0:
        return None
    return math.ceil((limit.ratio_n_eff - group.n_eff) * group.n / group.n_eff)


def _sentence(who: str, n_eff: float, limit: Limit) -> Text:
    return text(
        "{who}: worth {n_eff} independent {n_eff|observation|observations}; a strict limit on a ratio needs {needed} "
        "on either side",
        who=who,
        n_eff=f"{n_eff:.4g}",
        needed=limit.ratio_n_eff,
    )
