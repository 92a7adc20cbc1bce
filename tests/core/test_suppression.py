"""No small cell is shown, and none can be found from what is shown by subtraction."""

from itertools import combinations, product

from hypothesis import given, settings
from hypothesis import strategies as st

from hcgov.core.suppression import FEWEST, Key, changed_little, few, rounded, suppressed

COLUMNS = {"age": ("old", "young"), "race": ("a", "b", "c"), "sex": ("F", "M", "X")}

counts = st.one_of(st.integers(0, 15), st.integers(0, 400))


@st.composite
def tables(draw: st.DrawFn) -> dict[Key, tuple[float, ...]]:
    """Draw the cells of two or three columns, and every slicing's sums of them."""
    names = sorted(COLUMNS)[: draw(st.integers(1, 3))]
    finest = {}
    for values in product(*(COLUMNS[name] for name in names)):
        with_outcome, without = draw(counts), draw(counts)
        finest[tuple(zip(names, values, strict=True))] = (with_outcome + without, with_outcome, without)
    found: dict[Key, tuple[float, ...]] = {}
    for depth in range(len(names) + 1):
        for kept in combinations(names, depth):
            for key, three in finest.items():
                part = tuple(pair for pair in key if pair[0] in kept)
                found[part] = tuple(a + b for a, b in zip(found.get(part, (0, 0, 0)), three, strict=True))
    return found


def _divisions(table: dict[Key, tuple[float, ...]]) -> list[tuple[Key, list[Key]]]:
    """Enumerate afresh every shown total and every way it is divided by further columns."""
    names = sorted({column for key in table for column, _ in key})
    found = []
    for whole in table:
        free = [name for name in names if name not in dict(whole)]
        for depth in range(1, len(free) + 1):
            for more in combinations(free, depth):
                parts = [
                    key
                    for key in table
                    if set(whole) <= set(key) and {c for c, _ in key} == {*dict(whole), *more}
                ]
                found.append((whole, parts))
    return found


@settings(max_examples=150, deadline=None)
@given(table=tables())
def test_no_cell_of_one_to_ten_people_is_shown_or_found_by_subtraction(
    table: dict[Key, tuple[float, ...]],
) -> None:
    hidden = suppressed([table])
    assert not [key for key, three in table.items() if key not in hidden and any(map(few, three))]
    for whole, parts in _divisions(table):
        if whole in hidden:
            continue
        out = [part for part in parts if part in hidden and table[part][0]]
        left = [table[whole][i] - sum(table[part][i] for part in parts if part not in out) for i in range(3)]
        # What subtraction leaves is several cells together, never one, and never few people.
        assert len(out) != 1
        assert not any(map(few, left))


@given(table=tables())
def test_nothing_is_hidden_without_a_reason(table: dict[Key, tuple[float, ...]]) -> None:
    hidden = suppressed([table])
    small = [key for key, three in table.items() if any(map(few, three))]
    assert bool(hidden) == bool(small)


def test_the_next_smallest_is_hidden_with_a_single_small_cell() -> None:
    sizes = {"a": 500, "b": 40, "c": 5}
    table: dict[Key, tuple[float, ...]] = {(("race", race),): (n,) for race, n in sizes.items()}
    assert suppressed([table]) == {(("race", "c"),)}
    table[()] = (545,)
    assert suppressed([table]) == {(("race", "c"),), (("race", "b"),)}


def test_a_total_that_nothing_protects_is_hidden() -> None:
    table: dict[Key, tuple[float, ...]] = {(): (20, 12, 8), (("race", "a"),): (20, 12, 8)}
    assert () in suppressed([table])
    two: dict[Key, tuple[float, ...]] = {(): (1000,), (("s", "F"),): (995,), (("s", "M"),): (5,)}
    assert suppressed([two]) == {(("s", "F"),), (("s", "M"),)}


def test_a_slice_is_hidden_in_every_table() -> None:
    # 100 women, 95 of them with a label 0: those with a label 1 are five, wherever they are not shown.
    sexes = [(("sex", sex),) for sex in "FMX"]
    everyone = dict(zip(sexes, [(100.0,), (500.0,), (400.0,)], strict=True))
    negatives = dict(zip(sexes, [(95.0,), (300.0,), (200.0,)], strict=True))
    positives = dict(zip(sexes, [(5.0,), (200.0,), (200.0,)], strict=True))
    assert suppressed([everyone, negatives, positives]) == {sexes[0]}


def test_a_small_difference_from_what_was_published_is_told() -> None:
    old: dict[Key, tuple[float, ...]] = {(("s", "F"),): (100, 50, 50), (("s", "M"),): (100, 50, 50)}
    new: dict[Key, tuple[float, ...]] = {(("s", "F"),): (103, 53, 50), (("s", "M"),): (150, 75, 75)}
    assert changed_little(new, old) == {(("s", "F"),)}
    assert changed_little(old, old) == frozenset()


def test_counts_are_rounded_to_five_and_ten_people_are_few() -> None:
    assert [rounded(n) for n in (11, 12, 13, 17, 18, 1000)] == [10, 10, 15, 15, 20, 1000]
    assert [few(n) for n in (0, 1, 10, FEWEST)] == [False, True, True, False]
