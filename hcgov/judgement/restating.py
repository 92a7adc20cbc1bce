"""What the ledger has to say of a record: it can only take a decision further from passing."""

import math
from collections.abc import Iterable, Sequence

from hcgov.core.record import ControlV1, FindingV1, NoticeV1, ReportV1
from hcgov.core.text import Text
from hcgov.judgement.evidence_index import sentence
from hcgov.judgement.redeciding import redecide

_NEAR = 1e-9
"""Relative difference of two values that were computed from the same data; sums may run in another order."""


def restated(
    report: ReportV1,
    told: Iterable[tuple[str, Text]] = (),
    *,
    unregistered: Sequence[str] = (),
    disagrees_with: str = "",
    unkept: bool = False,
) -> ReportV1:
    """Return a record with notices, decided again with what stands beside its controls.

    Parameters
    ----------
    unregistered
        What is not as it was registered on purpose.
    disagrees_with
        Record of the same inputs that came to something else.
    unkept
        The ledger could not be written.
    """
    notices = tuple(NoticeV1(code=code, message=sentence(message)) for code, message in told)
    report = report.model_copy(update={"notices": (*report.notices, *notices)})
    if not (unregistered or disagrees_with or unkept):
        return report
    beside = {"unregistered": tuple(unregistered), "disagrees_with": disagrees_with, "unkept": unkept}
    said = report.decision.model_copy(update=beside)
    found = redecide(report.model_copy(update={"decision": said}), on=report.occasion).concluded
    waved = said.exit_zero and not said.interrupted
    update = {
        "value": found.decision.value,
        "exit_code": 0 if waved else found.exit_code,
        "reason": said.reason if found.decision.value == said.value else str(found.reason),
    }
    return report.model_copy(update={"decision": said.model_copy(update=update)})


def agree(one: ReportV1, other: ReportV1) -> bool:
    """Whether two records of the same inputs say the same of every control."""
    return len(one.controls) == len(other.controls) and all(
        _same_control(a, b) for a, b in zip(one.controls, other.controls, strict=True)
    )


def _same_control(one: ControlV1, other: ControlV1) -> bool:
    said = [(c.id, c.verdict, c.disposition, c.attempt, len(c.findings)) for c in (one, other)]
    return said[0] == said[1] and all(
        _same_finding(a, b) for a, b in zip(one.findings, other.findings, strict=True)
    )


def _same_finding(one: FindingV1, other: FindingV1) -> bool:
    said = [(f.about, f.metric, f.verdict, f.estimate and f.estimate.n) for f in (one, other)]
    values = [None if f.estimate is None else f.estimate.value for f in (one, other)]
    if None in values:
        return said[0] == said[1] and values[0] == values[1]
    return said[0] == said[1] and math.isclose(
        values[0] or 0.0, values[1] or 0.0, rel_tol=_NEAR, abs_tol=1e-12
    )
