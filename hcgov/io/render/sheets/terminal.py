"""A sheet on a terminal: headings, facts, tables that fit, and what cannot be told."""

import textwrap
from collections.abc import Sequence

from hcgov.core.sheet import Bars, Facts, Grid, Heat, Note, Part, Section, Sheet, Tone
from hcgov.core.text import Text
from hcgov.io.render.catalogue import Labels, labels
from hcgov.io.render.plain import cells, clip
from hcgov.io.render.sheets.writing import NONE, begun, counts, written

MOST_ROWS = 40
NARROWEST = 9
"""No column is made narrower than this."""
_TONES = {Tone.PLAIN: "", Tone.WARNING: "! ", Tone.CANNOT_TELL: "? "}


def render_sheet_terminal(sheet: Sheet, *, width: int) -> str:
    """Return a sheet for a person at a terminal.

    Parameters
    ----------
    width
        Cells of a line; prose is wrapped, and tables are cut to it.
    """
    words = labels()
    lines = [*textwrap.wrap(words.text(sheet.title), width), ""]
    for note in sheet.lead:
        lines += [*_note(note, words, width), ""]
    for section in sheet.sections:
        lines += _section(section, words, width)
    return "\n".join(line.rstrip() for line in lines).rstrip() + "\n"


def _section(section: Section, words: Labels, width: int) -> list[str]:
    title = words.text(section.title)
    lines = [*textwrap.wrap(title, width), "─" * min(cells(title), width)]
    for part in section.parts:
        lines += [*_part(part, words, width), ""]
    return lines if section.parts else [*lines, ""]


def _part(part: Part, words: Labels, width: int) -> list[str]:
    match part:
        case Facts():
            return _table([(words.text(f.name), written(f.value, words)) for f in part.facts], width)
        case Grid():
            rows = [tuple(written(cell, words) for cell in row) for row in part.rows]
            head = tuple(words.text(one) for one in part.head)
            note = [] if part.note is None else textwrap.wrap(words.text(part.note), width)
            return [*_title(part.title, words, width), *_table([head, *rows], width), *note]
        case Bars():
            bars = [(words.text(name), written(value, words), counts(value)) for name, value in part.rows]
            return [*_title(part.title, words, width), *_table(bars, width)]
        case Heat():
            return [*_title(part.title, words, width), *_heat(part, words, width)]
        case Note():
            return _note(part, words, width)


def _title(title: Text, words: Labels, width: int) -> list[str]:
    return textwrap.wrap(words.text(title), width)


def _note(note: Note, words: Labels, width: int) -> list[str]:
    mark = _TONES[note.tone]
    return textwrap.wrap(
        begun(words.text(note.text)), width, initial_indent=mark, subsequent_indent=" " * len(mark)
    )


def _heat(heat: Heat, words: Labels, width: int) -> list[str]:
    head = ("", *(words.text(one) for one in heat.columns))
    rows = [
        (words.text(name), *(NONE if value is None else f"{value:.2f}" for value in values))
        for name, values in zip(heat.rows, heat.values, strict=True)
    ]
    return _table([head, *rows], width)


def _table(rows: Sequence[Sequence[str]], width: int) -> list[str]:
    """Return rows in columns as wide as they need, or as there is room; cells take several lines if need be."""
    if not rows:
        return []
    shown = rows[: MOST_ROWS + 1]
    widths = _fitting([max(cells(row[i]) for row in shown) for i in range(len(shown[0]))], width)
    lines = []
    for row in shown:
        columns = [textwrap.wrap(cell, size) or [""] for cell, size in zip(row, widths, strict=True)]
        for i in range(max(map(len, columns))):
            parts = (
                _padded(told[i] if i < len(told) else "", size)
                for told, size in zip(columns, widths, strict=True)
            )
            lines.append(clip(("  " + "  ".join(parts)).rstrip(), max(width, 40)))
    if len(rows) > len(shown):
        lines.append(f"  … {len(rows) - len(shown)} more")
    return lines


def _fitting(wanted: Sequence[int], width: int) -> list[int]:
    """Return widths of columns that fit: the widest gives way first, down to a least width."""
    widths = [max(size, 1) for size in wanted]
    while sum(widths) + 2 * len(widths) > width and max(widths) > NARROWEST:
        widest = max(range(len(widths)), key=lambda i: widths[i])
        widths[widest] -= 1
    return widths


def _padded(cell: str, size: int) -> str:
    cut = clip(cell, size)
    return cut + " " * (size - cells(cut))
