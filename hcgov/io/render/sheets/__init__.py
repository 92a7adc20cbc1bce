"""Sheets about people's judgments as a page, on a terminal and as JSON: pure functions of the sheet."""

from hcgov.io.render.sheets.as_json import render_sheet_json
from hcgov.io.render.sheets.page import render_sheet_html
from hcgov.io.render.sheets.terminal import render_sheet_terminal

__all__ = ["render_sheet_html", "render_sheet_json", "render_sheet_terminal"]
