"""Corners of what is missing, held against every assignment of small tables."""

from collections.abc import Iterator
from functools import cache
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from hcgov.stats.differences import miettinen_nurminen_lower, miettinen_nurminen_upper
from hcgov.stats.proportions import clopper_pearson_lower, clopper_pearson_upper
from hcgov.stats.ratios import koopman_lower, koopman_upper
from hcgov.stats.worst_case import Sides, Unknown, corners, corners_of_rate

UPPER = tuple(map(cache, (miettinen_nurminen_upper, koopman_upper)))
LOWER = tuple(map(cache, (miettinen_nurminen_lower, koopman_lower)))


def _placed(number: int, places: tuple[str, ...]) -> Iterator[dict[str, int]]:
    """Yield every way of putting ``number`` rows into places."""
    if len(places) == 1:
        yield {places[0]: number}
        return
    for here in range(number + 1):
        for others in _placed(number - here, places[1:]):
            yield {places[0]: here, **others}


def _assignments(sides: Sides, unknown: Unknown) -> set[Sides]:
    """Enumerate every assignment of what is missing, one row at a time."""
    groups = ("1", "2", "") if unknown.elsewhere else ("1", "2")
    kinds = (
        _placed(int(unknown.positives), tuple(f"{g}+" for g in groups)),
        _placed(int(unknown.negatives), tuple(f"{g}-" for g in groups)),
        _placed(int(unknown.first), ("1+", "1-", "out")),
        _placed(int(unknown.second), ("2+", "2-", "out")),
        _placed(int(unknown.both), ("1+", "1-", "2+", "2-", "out")),
    )
    found = set()
    for parts in product(*map(list, kinds)):
        up1, down1, up2, down2 = (sum(p.get(place, 0) for p in parts) for place in ("1+", "1-", "2+", "2-"))
        x1, n1, x2, n2 = sides
        found.add((x1 + up1, n1 + up1 + down1, x2 + up2, n2 + up2 + down2))
    return found


GRID = [
    (sides, Unknown(positives=p, negatives=n, first=f, second=s, both=b, elsewhere=elsewhere))
    for elsewhere in (True, False)
    for p, n, f, s, b in ((1, 1, 0, 0, 0), (2, 1, 0, 0, 0), (0, 0, 2, 1, 0), (2, 2, 1, 0, 1), (0, 0, 0, 0, 2))
    for n1, n2 in ((1, 1), (1, 5), (3, 4), (7, 2))
    for x1, x2 in product(range(n1 + 1), range(n2 + 1))
    for sides in [(x1, n1, x2, n2)]
]


def test_no_assignment_leads_a_bound_beyond_the_corners() -> None:
    for sides, unknown in GRID:
        at, every = corners(*sides, unknown), _assignments(sides, unknown)
        for bound in UPPER:
            assert max(bound(*one, 0.95) for one in every) <= max(bound(*one, 0.95) for one in at) + 1e-9
        for bound in LOWER:
            assert min(bound(*one, 0.95) for one in every) >= min(bound(*one, 0.95) for one in at) - 1e-9


def test_corners_are_assignments_so_that_the_bounds_are_reached() -> None:
    for sides, unknown in GRID:
        if not unknown.both:
            assert set(corners(*sides, unknown)) <= _assignments(sides, unknown)


@given(
    n=st.integers(0, 12),
    share=st.floats(0, 1),
    positives=st.integers(0, 4),
    negatives=st.integers(0, 4),
    outcomes=st.integers(0, 4),
)
def test_a_rate_lies_between_all_missing_with_and_all_without_the_outcome(
    n: int, share: float, positives: int, negatives: int, outcomes: int
) -> None:
    x = round(n * share)
    at = corners_of_rate(x, n, positives=positives, negatives=negatives, outcomes=outcomes)
    every = [
        (x + p + up, n + p + m + up + down)
        for p in range(positives + 1)
        for m in range(negatives + 1)
        for up in range(outcomes + 1)
        for down in range(outcomes - up + 1)
    ]
    high = max(clopper_pearson_upper(*one, 0.95) for one in at)
    low = min(clopper_pearson_lower(*one, 0.95) for one in at)
    assert all(clopper_pearson_upper(*one, 0.95) <= high + 1e-9 for one in every)
    assert all(clopper_pearson_lower(*one, 0.95) >= low - 1e-9 for one in every)
    assert set(at) <= set(every)


def test_nothing_missing_leaves_one_corner() -> None:
    assert corners(3, 10, 4, 12, Unknown()) == ((3, 10, 4, 12),)
    assert corners_of_rate(3, 10) == ((3, 10),)
