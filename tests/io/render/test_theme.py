"""Contrast of every pair of colours that the theme puts on each other, by the formula of WCAG 2.2."""

import re

import pytest

from hcgov.io.render.html.environment import style

SHEET = style()[0]
_ROOTS = [
    dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", block))
    for block in re.findall(r":root \{(.*?)\}", SHEET, re.DOTALL)
]
THEMES = dict(zip(("light", "dark", "print"), _ROOTS, strict=True))
TONES = ("pass", "fail", "warn", "open", "wait", "none")
PAIRS = [
    *((tone, under) for tone in TONES for under in ("page", "raised", f"{tone}-tint")),
    *((ink, under) for ink in ("ink", "soft", "link") for under in ("page", "raised", "sunken")),
    *((ink, f"{tone}-tint") for ink in ("ink", "soft") for tone in TONES),
]


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: str, b: str) -> float:
    light, dark = sorted((luminance(a), luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_formula_gives_published_values() -> None:
    assert contrast("#000000", "#ffffff") == 21
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)  # the known near miss of AA


@pytest.mark.parametrize("theme", THEMES)
def test_text_is_readable_on_everything_it_stands_on(theme: str) -> None:
    colours = THEMES[theme]
    weak = {
        (a, b): round(contrast(colours[a], colours[b]), 2)
        for a, b in PAIRS
        if contrast(colours[a], colours[b]) < 4.5
    }
    assert weak == {}


@pytest.mark.parametrize("theme", THEMES)
def test_marks_of_plots_and_bars_stand_out(theme: str) -> None:
    colours = THEMES[theme]
    assert {m for m in (*TONES, "link", "strong") if contrast(colours[m], colours["page"]) < 3} == set()


def test_print_is_light() -> None:
    assert THEMES["print"] == THEMES["light"]


def test_the_style_sheet_fits_in_its_element_and_asks_for_nothing() -> None:
    assert "<" not in SHEET
    assert "url(" not in SHEET
    assert "@import" not in SHEET
    for rule in (
        "size: A4",
        "table-header-group",
        "break-inside: avoid",
        "prefers-reduced-motion",
        "color-scheme",
    ):
        assert rule in SHEET
