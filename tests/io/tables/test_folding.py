"""Sums that are folded here are those that the engine would sum."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hcgov.core.evidence.counts import Counts
from hcgov.io.tables import crowds, folding, tally
from tests.io.tables.making import Record
from tests.io.tables.test_crowds import ITEM, counted, rows_

KINDS: dict[str, dict[str, object]] = {
    "items": {"roles": {"label": "label", "prediction": "prediction", "item": "item"}, "unit": "person"},
    "people and items": {"roles": ITEM},
    "people": {"unit": "person"},
}


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows=rows_, kind=st.sampled_from(sorted(KINDS)), places=st.sampled_from([0, 4, 20_000]))
def test_folded_here_or_summed_in_the_engine_is_the_same(rows: list[Record], kind: str, places: int) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(folding, "MOST_PLACES", places)
        here = _counts(rows, kind)
        patched.setattr(crowds, "MOST_ROWS", 0)
        patched.setattr(tally, "MOST_FEW", 0)
        assert here == _counts(rows, kind)


def _counts(rows: list[Record], kind: str) -> Counts:
    found = counted(rows, **KINDS[kind])
    assert isinstance(found, Counts)
    return found


def test_sums_near_the_largest_do_not_run_over() -> None:
    most = 2**62
    rows = [("F", 0, most, most - 1), ("M", 0, most - 1, 1), ("M", 1, 1, 0)]
    found = folding.folded(rows, groups=1, keys=[1], first=2, rates=1)
    assert found is not None
    assert found.by(())[()] == [(2 * most - 1, 1), (most, 0)]
    assert found.by([0])[("M",)] == [(most - 1, 1), (1, 0)]


def test_rows_of_one_bucket_are_added() -> None:
    rows = [("F", 0, 7, 3, 1), ("F", 1, 7, 2, 2), ("F", 1, 8, 5, 0)]
    of_people = folding.folded(rows, groups=1, keys=[1], first=3, rates=1)
    of_items = folding.folded(rows, groups=1, keys=[2], first=3, rates=1)
    of_both = folding.folded(rows, groups=1, keys=[1, 2], first=3, rates=1)
    assert of_people is not None
    assert of_items is not None
    assert of_both is not None
    assert of_people.by([0]) == {("F",): [(3, 7), (1, 2)]}
    assert of_items.by([0]) == {("F",): [(5, 5), (3, 0)]}
    assert of_both.by([0]) == {("F",): [(3, 2, 5), (1, 2, 0)]}


def test_nothing_is_nothing() -> None:
    found = folding.folded([], groups=1, keys=[1], first=2, rates=1)
    assert found is not None
    assert folding.own_sums(found.by(())[()]) == [0] * 8
    assert found.by([0]) == {}
