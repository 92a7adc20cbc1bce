"""Places of codes are those that sorting gives, dense or not."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from hcgov.stats.crossed import distinct, ranked

codes = st.lists(st.one_of(st.integers(-1, 5), st.integers(-1, 10**7)), max_size=30)


@given(codes, st.sampled_from([np.int32, np.int64]))
def test_places_are_those_of_sorting(given_codes, kind):
    array = np.array(given_codes, dtype=kind)
    found, place = ranked(array)
    sorted_codes, inverse = np.unique(array, return_inverse=True)
    assert found.tolist() == sorted_codes.tolist()
    assert place.tolist() == inverse.tolist()
    assert found.dtype == kind
    assert distinct(array) == sorted_codes.size
