"""Two one-sided tests."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hcgov.stats.bounds import lower, upper
from hcgov.stats.differences import miettinen_nurminen
from hcgov.stats.equivalence import equivalence_p_value, within

differences = st.tuples(st.integers(1, 900), st.floats(0, 1), st.integers(1, 900), st.floats(0, 1)).map(
    lambda d: miettinen_nurminen(round(d[0] * d[1]), d[0], round(d[2] * d[3]), d[2])
)


def test_equal_rates_are_equivalent_once_there_are_enough_people():
    assert within(miettinen_nurminen(300, 600, 300, 600), 0.10, 0.95) is True
    assert within(miettinen_nurminen(30, 60, 30, 60), 0.10, 0.95) is None
    for x1, x2 in ((500, 100), (100, 500)):
        assert within(miettinen_nurminen(x1, 600, x2, 600), 0.10, 0.95) is False


def test_the_accusing_bound_takes_half_the_error_on_either_side():
    found = miettinen_nurminen(150, 300, 102, 300)
    margin = (lower(found, 0.95) + lower(found, 0.975)) / 2
    assert within(found, margin, 0.95) is None
    assert within(found, margin, 0.90) is False


@given(differences, st.floats(0.01, 0.9), st.floats(0.6, 0.999))
def test_the_p_value_agrees_and_wider_margins_never_hurt(found, margin, level):
    decided = within(found, margin, level)
    p = equivalence_p_value(found, margin)
    assume(abs(p - (1 - level)) > 1e-7)
    assert (decided is True) == (p < 1 - level)
    if decided is True:
        assert within(found, margin * 1.2, level) is True
        assert -margin <= lower(found, level) <= upper(found, level) <= margin
    if decided is False:
        assert within(found, margin * 0.8, level) is False


def test_nonsense_is_refused():
    for margin in (0.0, -0.1):
        with pytest.raises(ValueError, match="margin"):
            within(miettinen_nurminen(1, 2, 1, 2), margin, 0.95)
        with pytest.raises(ValueError, match="margin"):
            equivalence_p_value(miettinen_nurminen(1, 2, 1, 2), margin)
    with pytest.raises(ValueError, match="confidence"):
        within(miettinen_nurminen(1, 2, 1, 2), 0.1, 0.2)
