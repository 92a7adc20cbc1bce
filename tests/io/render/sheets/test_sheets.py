"""Sheets as pages, on a terminal and as JSON."""

import html
import json
import re
from dataclasses import replace

import pytest

from hcgov.core.sheet import Bars, Grid, Heat, Section, Unit, Value
from hcgov.core.text import text
from hcgov.io.render.catalogue import labels
from hcgov.io.render.plain import cells
from hcgov.io.render.sheets import render_sheet_html, render_sheet_json, render_sheet_terminal
from hcgov.io.render.sheets.plots import drawn, heat_map
from hcgov.io.render.sheets.writing import written
from tests.io.render.sample_sheets import sheet


def test_nothing_breaks_out_of_the_page() -> None:
    page = render_sheet_html(sheet())
    assert "<script" not in page
    assert "<i>standard" not in page
    assert "&lt;script&gt;" in page
    assert "default-src 'none'; style-src 'sha256-" in html.unescape(page)
    assert " style=" not in page


def test_ids_of_a_page_are_its_own() -> None:
    ids = re.findall(r'\bid="([^"]+)"', render_sheet_html(sheet()))
    assert len(ids) == len(set(ids))


def test_equal_sheets_give_equal_bytes() -> None:
    assert render_sheet_html(sheet()) == render_sheet_html(sheet())
    assert render_sheet_json(sheet()) == render_sheet_json(sheet())


def test_a_value_that_is_not_there_says_why_everywhere() -> None:
    for shown in (
        render_sheet_html(sheet()),
        render_sheet_terminal(sheet(), width=100),
        render_sheet_json(sheet()),
    ):
        assert "12 people; 30 are needed" in shown


def test_json_holds_the_raw_numbers() -> None:
    tree = json.loads(render_sheet_json(sheet()))
    (section,) = tree["sections"]
    table = next(part for part in section["parts"] if part.get("id") == "gap-by-slice")
    assert table["rows"][0][1] == {
        "value": 0.021,
        "unit": "points",
        "low": -0.01,
        "high": 0.052,
        "level": 0.95,
        "n": 240,
        "people": 40,
        "why": None,
    }


@pytest.mark.parametrize("width", [40, 72, 120])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    assert max(cells(line) for line in render_sheet_terminal(sheet(), width=width).splitlines()) <= width


def test_long_tables_are_cut_and_say_so() -> None:
    rows = tuple((text("{n}", n=n), Value(value=1.0 * n)) for n in range(500))
    grid = Grid(id="long", title=text("Long"), head=(text("a"), text("b")), rows=rows)
    long = replace(sheet(), sections=(Section(id="s", title=text("S"), about=text("."), parts=(grid,)),))
    assert "Further rows are in the JSON form" in render_sheet_html(long)
    assert "460 more" in render_sheet_terminal(long, width=80)
    assert len(json.loads(render_sheet_json(long))["sections"][0]["parts"][0]["rows"]) == 500


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Value(value=0.546, low=0.495, high=0.596, unit=Unit.SHARE), "54.6\u00a0% [49.5, 59.6]"),
        (Value(value=-0.02, unit=Unit.POINTS), "−2.0 points"),
        (Value(value=2.25, low=None, high=3.5), "2.250 [−∞, 3.500]"),
        (Value(value=None), "–"),
    ],
)
def test_values_as_people_read_them(value: Value, shown: str) -> None:
    assert written(value, labels()) == shown


@pytest.mark.parametrize(
    "values",
    [(0.2, 0.5), (-0.3, 0.1), (3.1, 4.2), (5.0, 5.0), (0.0, 0.0), (-2.0, -1.0), (1e-9, 1e9)],
)
def test_every_value_stands_on_the_axis(values: tuple[float, float]) -> None:
    bars = Bars(
        id="b", title=text("B"), rows=tuple((text("x"), Value(value=v, low=v, high=v)) for v in values)
    )
    plot = drawn(bars, "b", labels()).plot
    assert all(mark.x is not None and plot.left <= mark.x <= plot.right for mark in plot.marks)
    assert not any(mark.open_low or mark.open_high for mark in plot.marks)
    assert 2 <= len(plot.ticks) <= 12


def test_darker_squares_are_larger_numbers() -> None:
    heat = Heat(
        id="h", title=text("H"), rows=(text("a"),), columns=(text("x"), text("y")), values=((0.2, 0.9),)
    )
    low, high = heat_map(heat, labels()).squares
    assert low.strength < high.strength
