"""Places of codes are those that sorting gives, dense or not."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcgov.core.evidence.clusters import Crowd
from hcgov.stats.clusters import design_effect, moments
from hcgov.stats.crossed import Rows, buckets, different, distinct, jackknifed, ranked, worth_of

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


@given(codes, st.sampled_from([np.int32, np.int64]))
def test_different_codes_are_those_of_sorting(given_codes, kind):
    array = np.array(given_codes, dtype=kind)
    assert different(array).tolist() == np.unique(array).tolist()
    assert different(array).dtype == kind


def test_a_jackknife_goes_through_rows_once_and_finds_what_leaving_out_finds():
    random = np.random.default_rng(3)
    rows = Rows(people=random.integers(0, 90, 700), items=random.integers(-1, 200, 700))
    terms = np.stack([random.random(700), np.ones(700)], axis=1)
    mean = float(terms[:, 0].mean())
    found = jackknifed(terms, rows, lambda sums: sums[..., 0] / sums[..., 1], mean)
    person, item = buckets(rows.people), buckets(rows.items)
    variances = []
    for side in (person, item, person * 64 + item):
        left = [float(terms[side != bucket, 0].mean()) for bucket in np.unique(side)]
        variances.append((len(left) - 1) / len(left) * float(((np.array(left) - mean) ** 2).sum()))
    one, other, both = variances
    assert found is not None
    assert np.isclose(found[0], max(one + other - both, one, other), rtol=1e-10)
    assert found[1] == min(np.unique(person).size, np.unique(item).size) - 1


@pytest.mark.parametrize("times", [1, 2])
def test_rows_are_worth_what_the_sums_of_their_clusters_say(times):
    random = np.random.default_rng(5)
    cells = random.choice(60 * 50, 400, replace=False).repeat(times)
    people, items = cells // 50, cells % 50
    y = (random.random(cells.size) < 0.2 + 0.6 * (people % 2)).astype(float)
    sides = [
        moments((float((key == k).sum()), float(y[key == k].sum())) for k in np.unique(key))
        for key in (people, items, cells)
    ]
    crowd = Crowd(
        people=sides[0].clusters, rows=float(y.size), by_person=sides[0], by_item=sides[1], by_both=sides[2]
    )
    told, found = design_effect(crowd), worth_of(y, Rows(people=people, items=items))
    assert (found.clusters, found.n) == (told.clusters, told.n)
    assert np.isclose(found.n_eff, told.n_eff, rtol=1e-12)
