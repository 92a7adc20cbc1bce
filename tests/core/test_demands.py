"""When controls apply, since when, and what evidence they ask for."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcgov.core.demands import Demand, compare_condition, compare_effective, compare_evidence
from hcgov.core.relation import Relation

TIGHTEN, LOOSEN, NEUTRAL, INCOMPARABLE = Relation


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ((), ("high risk",), LOOSEN),
        (("high risk",), (), TIGHTEN),
        (("high risk",), ("high risk", "used outside"), LOOSEN),
        (("used outside", "high risk"), ("high risk", "used outside"), NEUTRAL),
        (("high risk",), ("used outside",), INCOMPARABLE),
        (({"fact": "risk", "in": ["high"]},), ({"fact": "risk", "in": ["high"]},), NEUTRAL),
    ],
)
def test_what_applies_to_less_is_looser(old, new, found) -> None:
    assert compare_condition(old, new) is found
    assert compare_condition(new, old) is found.reversed


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        (None, date(2027, 1, 1), LOOSEN),
        (date(2027, 1, 1), date(2027, 1, 2), LOOSEN),
        (date(2027, 1, 1), None, TIGHTEN),
        (None, None, NEUTRAL),
    ],
)
def test_later_is_looser(old, new, found) -> None:
    assert compare_effective(old, new) is found
    assert compare_effective(new, old) is found.reversed


def _demand(*signed_by: str, days: int | None = None, of: str = "") -> Demand:
    age = None if days is None else timedelta(days=days)
    return Demand(signed_by=frozenset(signed_by), max_age=age, of=of)


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ((), (_demand("a"),), TIGHTEN),
        ((_demand("a"),), (_demand("a", "b"),), TIGHTEN),
        ((_demand("a"),), (_demand("a", days=30),), TIGHTEN),
        ((_demand(days=30),), (_demand(days=31),), LOOSEN),
        ((_demand(days=30),), (_demand("a", days=31),), INCOMPARABLE),
        ((_demand("a"), _demand("b")), (_demand("b"), _demand("a")), NEUTRAL),
        ((_demand("a"), _demand("b")), (_demand("a", "b"),), TIGHTEN),
        ((_demand("a", of="predictions"),), (_demand("a"),), TIGHTEN),
        ((_demand("a", of="predictions"),), (_demand("a", of="card"),), INCOMPARABLE),
    ],
)
def test_more_signers_and_younger_evidence_are_stricter(old, new, found) -> None:
    assert compare_evidence(old, new) is found
    assert compare_evidence(new, old) is found.reversed


_demands = st.lists(
    st.builds(
        Demand,
        signed_by=st.frozensets(st.sampled_from("ab")),
        max_age=st.none() | st.integers(1, 2).map(lambda days: timedelta(days=days)),
        of=st.sampled_from(["", "t"]),
    ),
    max_size=2,
)


@given(_demands, _demands, _demands)
def test_asking_for_evidence_is_an_order(first, second, third) -> None:
    assert compare_evidence(first, first) is NEUTRAL
    assert compare_evidence(second, first) is compare_evidence(first, second).reversed
    if not compare_evidence(first, second).may_loosen and not compare_evidence(second, third).may_loosen:
        assert not compare_evidence(first, third).may_loosen
