"""Many bounds against a limit: what each would be told alone."""

from decimal import Decimal
from math import inf, nextafter

from hypothesis import given
from hypothesis import strategies as st

from hcgov.core.limit import Limit, Side


@given(
    value=st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-10, max_value=10)
    | st.sampled_from([Decimal("0.1"), Decimal("0.8"), Decimal("1e-400"), Decimal(0)]),
    side=st.sampled_from(Side),
    others=st.lists(st.floats(allow_nan=False)),
)
def test_a_bound_beside_the_decimal_is_told_as_exactly_as_one_alone(value, side, others):
    limit, nearest = Limit(side=side, value=value), float(value)
    bounds = [nearest, nextafter(nearest, inf), nextafter(nearest, -inf), inf, -inf, *others]
    assert limit.hold(bounds) == [limit.holds(bound) for bound in bounds]
