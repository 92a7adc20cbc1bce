"""Which attempt at its labels a control was judged at, in words."""

from hcgov.core.record import ControlV1
from hcgov.core.text import text
from hcgov.io.render.numbers import percent


def attempt_text(control: ControlV1) -> str:
    """Return the attempt and what it takes to pass; empty where a control has no limit that attempts count at."""
    if control.limit is None or (control.limit.spent is None and control.attempt == 1):
        return ""
    if control.limit.spent is None:
        return str(text("{n} at these labels; only counted", n=control.attempt))
    return str(
        text(
            "{n} at these labels; passing takes {level} confidence, for all attempts share one error of {error}",
            n=control.attempt,
            level=percent(control.limit.spent),
            error=percent(1.0 - float(control.limit.confidence)),
        )
    )
