"""The comparison that says most about a slice is that with the most people on its other side."""

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from hcgov.core.measurement import GroupCount, Measurement
from hcgov.core.slices import Slice
from hcgov.judgement.comparable import Who, best_comparisons
from hcgov.stats.differences import miettinen_nurminen

REST = Slice(rest_of=True)
SLICES = [Slice(values=(("group", name),)) for name in "abc"]
SIDES = st.lists(
    st.tuples(
        st.permutations([*SLICES, REST]).map(lambda order: order[:2]), st.integers(1, 90), st.integers(1, 90)
    ),
    max_size=6,
)


def _measurement(sides: list[Slice], n1: int, n2: int) -> Measurement:
    groups = tuple(
        GroupCount(slice=slice_, positives=0.0, n=n, n_eff=float(n), people=n)
        for slice_, n in zip(sides, (n1, n2), strict=True)
    )
    return Measurement(
        metric="m",
        scope=sides[0],
        against=sides[1],
        estimate=miettinen_nurminen(0, n1, 0, n2),
        groups=groups,
        depth=1,
    )


@given(drawn=SIDES)
def test_each_side_of_each_comparison_counts(drawn: list[tuple[list[Slice], int, int]]) -> None:
    measured = [_measurement(*one) for one in drawn]
    expected: dict[Who, Measurement] = {}
    largest: dict[Who, int] = {}
    for one in measured:
        for group, other in permutations(one.groups, 2):
            who = group.slice.values
            if not group.slice.rest_of and other.n >= largest.get(who, 0):
                largest[who], expected[who] = other.n, one
    assert best_comparisons(measured) == expected
