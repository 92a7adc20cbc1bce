"""Values of a sheet from estimates."""

from hcgov.core.estimate import Estimate, Method
from hcgov.core.sheet import Unit, Value
from hcgov.core.text import Text
from hcgov.stats.bounds import two_sided

LEVEL = 0.95
"""Two-sided confidence of the intervals that sheets show; what decides is on the control."""


def value_of(estimate: Estimate | None, unit: Unit = Unit.PLAIN, *, why: Text | None = None) -> Value:
    """Return an estimate with its two-sided 95 % interval; without an estimate, why there is none."""
    if estimate is None or estimate.value is None:
        return Value(value=None, unit=unit, why=why, n=None if estimate is None else estimate.n)
    low: float | None = None
    high: float | None = None
    if estimate.method is not Method.POINT:
        low, high = two_sided(estimate, LEVEL)
    return Value(
        value=estimate.value,
        unit=unit,
        low=low,
        high=high,
        level=LEVEL,
        n=estimate.n,
        people=estimate.people,
        why=why,
    )
