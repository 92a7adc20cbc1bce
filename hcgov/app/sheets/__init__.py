"""Sheets about people's judgments: read the tables, lay the sheet out, write it where asked."""

from hcgov.app.sheets.writing import SheetOutputs, shown, write_sheet

__all__ = ["SheetOutputs", "shown", "write_sheet"]
