"""Sections of sheets, one family a file."""
