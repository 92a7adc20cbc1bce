"""How far each measured value went from one run to the next, with the interval of the difference where one is known."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Literal

from hcgov.core.frozen import frozen
from hcgov.core.record import ControlV1, EstimateV1, FindingV1, ReportV1
from hcgov.judgement.rejudging import estimate_from
from hcgov.stats.independent import between

LEVEL = 0.95

People = Literal["same", "perhaps", "unknown"]
"""Whether two runs are about the same people: by one digest of the data, by equal numbers, or nobody can tell."""


@frozen
class Delta:
    """A value in two runs.

    Parameters
    ----------
    delta
        The later minus the earlier value, in the unit of the metric.
    interval, method
        Two-sided 95 % interval of that difference for independent runs; ``None`` with the reason in ``why``.
    judged
        Whether a verdict rests on it; else it is a value that is only shown.
    """

    control: str
    metric: str
    about: str
    before: float
    after: float
    delta: float
    verdict_before: str
    verdict_after: str
    people: People
    judged: bool
    interval: tuple[float, float] | None = None
    method: str = ""
    why: str = ""

    @property
    def turned(self) -> bool:
        """Whether its verdict is another."""
        return self.judged and self.verdict_before != self.verdict_after

    @property
    def apart(self) -> bool:
        """Whether the interval leaves out zero."""
        return self.interval is not None and not self.interval[0] <= 0.0 <= self.interval[1]


def deltas(
    before: ReportV1, after: ReportV1, controls: Sequence[tuple[ControlV1, ControlV1]]
) -> tuple[Delta, ...]:
    """Return the difference of every value that both runs measured, control by control."""
    found = []
    for old, new in controls:
        same = _same_data(before, old, after, new)
        for judged, one, other in (
            (True, old.findings, new.findings),
            (False, old.shown, new.shown),
        ):
            for earlier, later in _matched(one, other):
                delta = _delta(new.id, earlier, later, same=same, judged=judged)
                if delta is not None:
                    found.append(delta)
    return tuple(found)


def _matched(
    before: Sequence[FindingV1], after: Sequence[FindingV1]
) -> Iterator[tuple[FindingV1, FindingV1]]:
    """Pair findings by fingerprint, else by what they measure and of whom; each is paired at most once."""
    left = dict(enumerate(before))
    unmatched = []
    by_print: dict[str, list[int]] = defaultdict(list)
    for place, finding in left.items():
        by_print[finding.fingerprint].append(place)
    for finding in after:
        places = by_print.get(finding.fingerprint) if finding.fingerprint else None
        if places:
            yield left.pop(places.pop(0)), finding
        else:
            unmatched.append(finding)
    by_name: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place, finding in left.items():
        by_name[finding.metric, finding.about].append(place)
    for finding in unmatched:
        places = by_name.get((finding.metric, finding.about))
        if places:
            yield left.pop(places.pop(0)), finding


def _delta(control: str, old: FindingV1, new: FindingV1, *, same: bool, judged: bool) -> Delta | None:
    one, other = old.estimate, new.estimate
    if one is None or other is None or one.value is None or other.value is None:
        return None
    people: People = "same" if same else "perhaps" if _as_many(one, other) else "unknown"
    interval, method, why = None, "", "both runs read the same data" if same else ""
    if not same:
        found = _interval(other, one)
        if found is None:
            why = "no interval of such a difference is known"
        else:
            interval, method = found
    return Delta(
        control=control,
        metric=new.metric,
        about=new.about,
        before=one.value,
        after=other.value,
        delta=other.value - one.value,
        verdict_before=old.verdict,
        verdict_after=new.verdict,
        people=people,
        judged=judged,
        interval=interval,
        method=method,
        why=why,
    )


def _interval(later: EstimateV1, earlier: EstimateV1) -> tuple[tuple[float, float], str] | None:
    try:
        return between(estimate_from(later), estimate_from(earlier), LEVEL)
    except (ValueError, KeyError):  # a method or statistics of another version
        return None


def _as_many(one: EstimateV1, other: EstimateV1) -> bool:
    return one.people == other.people if one.people is not None else one.n == other.n


def _same_data(before: ReportV1, old: ControlV1, after: ReportV1, new: ControlV1) -> bool:
    """Whether a control read the same bytes, or the same answers of a live table, in both runs."""
    one, other = _digests(before, old), _digests(after, new)
    return bool(one) and one == other


def _digests(report: ReportV1, control: ControlV1) -> dict[str, str]:
    read = {entry.id: entry for entry in report.evidence}
    found = {
        read[id_].artifact: read[id_].sha256 or read[id_].counted for id_ in control.evidence if id_ in read
    }
    return found if all(found.values()) else {}
