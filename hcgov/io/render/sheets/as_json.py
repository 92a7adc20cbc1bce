"""A sheet as JSON for machines: stable ids, raw numbers, sentences in English."""

import json
import math

from hcgov import __version__
from hcgov.core.evidence.source import Tree
from hcgov.core.sheet import Bars, Cell, Facts, Grid, Heat, Note, Part, Section, Sheet, Value

SCHEMA = "hcgov.sheet/1"


def render_sheet_json(sheet: Sheet) -> str:
    """Return a sheet as JSON, ending in a line break; equal sheets give equal bytes."""
    tree: Tree = {
        "schema": SCHEMA,
        "kind": sheet.kind,
        "tool": {"name": "hcgov", "version": __version__},
        "date": sheet.date,
        "title": str(sheet.title),
        "lead": [_note(note) for note in sheet.lead],
        "sources": [
            {"artifact": s.artifact, "location": s.location, "sha256": s.sha256, "rows": s.rows}
            for s in sheet.sources
        ],
        "sections": [_section(section) for section in sheet.sections],
    }
    return json.dumps(tree, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _section(section: Section) -> Tree:
    return {
        "id": section.id,
        "title": str(section.title),
        "about": str(section.about),
        "parts": [_part(part) for part in section.parts],
    }


def _part(part: Part) -> Tree:
    match part:
        case Facts():
            return {
                "type": "facts",
                "facts": [{"name": str(fact.name), "value": _cell(fact.value)} for fact in part.facts],
            }
        case Grid():
            return {
                "type": "table",
                "id": part.id,
                "title": str(part.title),
                "head": [str(one) for one in part.head],
                "rows": [[_cell(cell) for cell in row] for row in part.rows],
                "note": None if part.note is None else str(part.note),
            }
        case Bars():
            return {
                "type": "bars",
                "id": part.id,
                "title": str(part.title),
                "mark": part.mark,
                "rows": [{"name": str(name), "value": _cell(value)} for name, value in part.rows],
            }
        case Heat():
            return {
                "type": "matrix",
                "id": part.id,
                "title": str(part.title),
                "rows": [str(one) for one in part.rows],
                "columns": [str(one) for one in part.columns],
                "values": [[_finite(value) for value in row] for row in part.values],
            }
        case Note():
            return _note(part)


def _note(note: Note) -> Tree:
    return {"type": "note", "tone": note.tone.value, "text": str(note.text)}


def _cell(cell: Cell) -> Tree:
    if not isinstance(cell, Value):
        return str(cell)
    return {
        "value": _finite(cell.value),
        "unit": cell.unit.value,
        "low": _finite(cell.low),
        "high": _finite(cell.high),
        "level": cell.level,
        "n": cell.n,
        "people": cell.people,
        "why": None if cell.why is None else str(cell.why),
    }


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None
