"""Who would make an AUC or a mean most extreme: against the enumeration of everybody who might join."""

from collections.abc import Sequence
from itertools import product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hcgov.stats.auc import binned_auc
from hcgov.stats.worst_scores import highest_mean, lowest_area

BINS = 4


def _side(most: int) -> st.SearchStrategy[list[int]]:
    return st.lists(st.integers(0, most), min_size=BINS, max_size=BINS)


def _least(positives: Sequence[int], negatives: Sequence[int], exact: Sequence[bool]) -> float:
    found = binned_auc(positives, negatives, exact)
    assert found is not None
    return found.value - found.error


@settings(max_examples=150, deadline=None)
@given(
    own=st.tuples(_side(3), _side(3)),
    may=st.tuples(_side(1), _side(2)),
    exact=st.lists(st.booleans(), min_size=BINS, max_size=BINS),
    missing=st.integers(0, 2),
)
def test_nobody_else_who_might_join_gives_a_lower_area(
    own: tuple[list[int], list[int]], may: tuple[list[int], list[int]], exact: list[bool], missing: int
) -> None:
    assume(sum(own[0]) and sum(own[1]))
    cut = lowest_area(own, may, exact, missing)
    ends = (True, *exact, True)

    def with_(ones: Sequence[int], zeros: Sequence[int], low: int) -> float:
        positives = [low, *map(sum, zip(own[0], ones, strict=True)), 0]
        negatives = [0, *map(sum, zip(own[1], zeros, strict=True)), missing - low]
        return _least(positives, negatives, ends)

    found = with_(
        [n if at < cut.positives_below else 0 for at, n in enumerate(may[0])],
        [n if at >= cut.negatives_from else 0 for at, n in enumerate(may[1])],
        cut.ones,
    )
    every = product(*(range(n + 1) for n in may[0]), *(range(n + 1) for n in may[1]), range(missing + 1))
    assert found == pytest.approx(min(with_(one[:BINS], one[BINS:-1], one[-1]) for one in every))


def test_nobody_joins_whose_score_would_help() -> None:
    # Of those who may belong, positives are above and negatives below everyone: each would raise the area.
    cut = lowest_area(([0, 5, 5, 0], [0, 5, 5, 0]), ([0, 0, 0, 9], [9, 0, 0, 0]), (True,) * 4)
    assert (cut.positives_below <= 3, cut.negatives_from >= 1) == (True, True)


@settings(max_examples=200, deadline=None)
@given(
    n=st.integers(1, 5),
    share=st.floats(-1, 1),
    parts=st.lists(st.lists(st.integers(0, 9), min_size=1, max_size=2), max_size=4),
)
def test_no_part_of_those_who_may_join_gives_a_higher_mean(
    n: int, share: float, parts: list[list[int]]
) -> None:
    # Values of part k lie within a tenth of k / 10.
    values = [[at / 10.0 + step / 90.0 for step in part] for at, part in enumerate(parts)]
    found, joined = highest_mean(n, n * share, [(len(part), sum(part)) for part in values], 0.1)
    each = [value for part in values for value in part]
    best = max(
        (n * share + sum(v for v, taken in zip(each, chosen, strict=True) if taken)) / (n + sum(chosen))
        for chosen in product((False, True), repeat=len(each))
    )
    assert found >= best - 1e-12
    assert found <= best + 0.1 * len(each) + 1e-12
    assert joined <= set(range(len(parts)))


def test_parts_join_while_they_raise_the_mean() -> None:
    assert highest_mean(10, 0.0, [(10, 10.0), (10, 2.0), (0, 0.0), (5, -5.0)], 0.01) == (
        pytest.approx(0.5),
        {0},
    )
