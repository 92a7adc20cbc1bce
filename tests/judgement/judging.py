"""What becomes of measurements, judged by a limit."""

from collections.abc import Sequence

from hcgov.core.finding import Finding
from hcgov.core.limit import Limit
from hcgov.core.measurement import Measurement
from hcgov.judgement.judging import judge_all
from hcgov.stats.many import alone


def judged(measured: Sequence[Measurement], limit: Limit) -> tuple[Finding, ...]:
    """Return the findings about measurements of one control."""
    return alone(judge_all(measured, limit))
