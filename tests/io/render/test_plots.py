import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcgov.io.render.catalogue import labels
from hcgov.io.render.html.figures import figures, group_label
from hcgov.io.render.html.plots import LABELS, PLOT, WIDTH, Row, axis, bar, lay_out
from hcgov.io.render.reading import slice_values
from tests.io.render.sample_compas import false_positive_gap, representation

RIGHT = LABELS + PLOT
numbers = st.none() | st.floats(allow_nan=False, allow_infinity=False, width=32)


def row(low: float | None, value: float | None, high: float | None) -> Row:
    return Row(label="a group", value=value, low=low, high=high, note="")


def test_a_rate_stands_where_its_share_of_the_axis_is() -> None:
    ruler = axis("rate", [])
    assert ruler.x(0) == LABELS
    assert ruler.x(0.25) == LABELS + PLOT / 4
    assert ruler.x(1) == RIGHT


def test_a_ratio_of_one_stands_in_the_middle_and_doubling_is_as_far_as_halving() -> None:
    ruler = axis("ratio", [])
    assert ruler.x(1) == LABELS + PLOT / 2
    assert ruler.x(2) - ruler.x(1) == ruler.x(1) - ruler.x(0.5)
    assert ruler.x(0) == LABELS


@pytest.mark.parametrize(
    ("scale", "inside", "outside", "narrow", "wide"),
    [("difference", 0.5, 0.51, (-0.5, 0.5), (-1, 1)), ("ratio", 4.0, 4.1, (0.25, 4), (0.0625, 16))],
)
def test_a_domain_has_two_sizes_and_is_never_fitted(scale, inside, outside, narrow, wide) -> None:
    for values, ends in (([0.3], narrow), ([inside], narrow), ([outside], wide)):
        ruler = axis(scale, [row(None, value, None) for value in values])
        assert (ruler.start, ruler.end) == ends
    assert axis("rate", [row(0.4, 0.41, 0.42)]).end == 1


@given(
    st.sampled_from(["rate", "difference", "ratio"]),
    st.lists(st.tuples(numbers, numbers, numbers), max_size=20),
    numbers,
)
def test_every_mark_lies_inside_the_plot_whatever_is_drawn(scale, values, limit) -> None:
    rows = [row(*sorted_) for sorted_ in values]
    plot = lay_out(rows, axis(scale, rows, limit), limit=limit, limit_label="limit")
    assert len(plot.marks) == len(rows)
    for mark, before in zip(plot.marks, (None, *plot.marks), strict=False):
        for x in (mark.low, mark.high, *([] if mark.x is None else [mark.x])):
            assert LABELS <= x <= RIGHT
        assert plot.top < mark.y < plot.bottom < plot.height
        assert before is None or mark.y > before.y
    if limit is not None:
        start, width = plot.wrong_side
        assert start >= LABELS
        assert math.isclose(start + width, RIGHT, abs_tol=0.2)
    assert all(0 <= tick.x <= WIDTH for tick in plot.ticks)


@given(st.floats(0, 1), st.floats(0, 1))
def test_order_on_the_axis_is_order_of_values(a: float, b: float) -> None:
    ruler = axis("rate", [])
    if a <= b:
        assert ruler.x(a) <= ruler.x(b)


def test_ends_beyond_the_axis_are_open() -> None:
    (mark,) = lay_out([row(-3.0, 0.2, None)], axis("difference", [])).marks
    assert mark.open_low
    assert mark.open_high
    (mark,) = lay_out([row(-0.1, 0.2, 0.3)], axis("difference", [])).marks
    assert not mark.open_low
    assert not mark.open_high


def test_the_side_where_a_limit_is_not_met_is_right_for_at_most_and_left_for_at_least() -> None:
    ruler = axis("rate", [])
    assert lay_out([], ruler, limit=0.1, side="at_most").wrong_side == (LABELS + 40, 360)
    assert lay_out([], ruler, limit=0.1, side="at_least").wrong_side == (LABELS, 40)


@given(st.lists(st.integers(0, 10_000), max_size=8))
def test_a_stacked_bar_fills_its_width_in_order_and_hides_nothing(counts: list[int]) -> None:
    segments = bar([(str(i), n) for i, n in enumerate(counts)])
    assert [int(kind) for kind, *_ in segments] == [i for i, n in enumerate(counts) if n]
    assert [n for *_, n in segments] == [n for n in counts if n]
    assert all(width >= 8 for _, _, width, _ in segments)
    if segments:
        _, x, width, _ = segments[-1]
        assert x + width == pytest.approx(760, abs=1)


def test_comparisons_are_drawn_with_the_bounds_that_decide() -> None:
    control = false_positive_gap()
    rates, gaps = figures(control, slice_values(control), control.findings, "p1", labels())
    assert [mark.label for mark in rates.plot.marks] == [
        "African-American", "Caucasian", "Hispanic", "Other", "Asian", "Native American",
    ]  # fmt: skip
    assert [mark.hollow for mark in rates.plot.marks] == [False] * 4 + [True] * 2
    assert rates.plot.limit is None
    worst = next(mark for mark in gaps.plot.marks if mark.label == "African-American − Caucasian")
    assert worst.note == "0.214 [0.171, 0.240]"
    assert worst.tone == "fail"
    ruler = axis("difference", [])
    assert (worst.low, worst.high) == (ruler.x(0.17105), ruler.x(0.240184))
    assert gaps.plot.limit.label == "limit ≤ 0.10"
    assert gaps.plot.limit.x < worst.low
    assert gaps.left_out == len(control.findings) - 16
    small = [mark for mark in gaps.plot.marks if mark.hollow]
    assert [(mark.label, mark.note, mark.x) for mark in small] == [
        ("Asian", "n = 23, too few to tell", None),
        ("Native American", "n = 8, too few to tell", None),
    ]


def test_shares_of_one_population_are_not_drawn_as_rates_by_group() -> None:
    control = representation()
    assert slice_values(control) == ()
    (ratios,) = figures(control, (), control.findings, "p1", labels())
    assert ratios.scale == "ratio"
    assert ratios.plot.wrong_side[0] == LABELS


def test_people_without_a_group_are_named_by_column_as_several_columns_may_have_them() -> None:
    some = slice_values(false_positive_gap())[0]
    missing, known = (
        some.model_copy(update={"slice": {"age": value}}) for value in ("(not recorded)", "60+")
    )
    assert (group_label(missing), group_label(known)) == ("age=(not recorded)", "60+")


def test_the_words_beside_a_reported_group_fit_the_picture() -> None:
    control = false_positive_gap()
    one = next(f for f in slice_values(control) if f.estimate is not None and f.estimate.low is not None)
    assert one.estimate is not None
    many = one.model_copy(
        update={"reason": "reported", "estimate": one.estimate.model_copy(update={"n": 99_999_999})}
    )
    (drawn, *_) = figures(control, (many,), (), "f", labels())
    (mark,) = drawn.plot.marks
    assert mark.note.endswith("reported, not gating")
    assert RIGHT + 14 + 6.4 * len(mark.note) <= WIDTH
