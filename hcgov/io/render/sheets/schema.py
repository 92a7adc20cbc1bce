"""JSON Schema of a sheet as JSON, ``hcgov.sheet/1``."""

from hcgov.core.evidence.source import Tree
from hcgov.core.sheet import Tone, Unit
from hcgov.io.render.sheets.as_json import SCHEMA

_TEXT: Tree = {"type": "string"}
_NUMBER: Tree = {"type": ["number", "null"]}
_ID: Tree = {"type": "string", "minLength": 1, "description": "Stable: machines find the part by it."}
_PARTS = ("Facts", "Table", "Bars", "Matrix", "Note")


def sheet_tree() -> dict[str, Tree]:
    """Return the schema; a key that is not named in it is none."""
    return {
        **_object(
            schema={"const": SCHEMA},
            kind={"type": "string", "description": "What it is, such as `annotation-report`."},
            tool=_object(name=_TEXT, version=_TEXT),
            date={"type": "string", "format": "date", "description": "ISO day on which it was made."},
            title=_TEXT,
            lead=_list(_reference("Note"), "What a reader should take away."),
            sources=_list(_reference("Source"), "What was read."),
            sections=_list(_reference("Section"), "Its parts, each with a stable id."),
        ),
        "$defs": {
            "Source": _object(
                artifact=_TEXT,
                location=_TEXT,
                sha256={"type": ["string", "null"]},
                rows={"type": ["integer", "null"]},
            ),
            "Section": _object(id=_ID, title=_TEXT, about=_TEXT, parts=_list(_reference("Part"))),
            "Part": {"oneOf": [_reference(name) for name in _PARTS]},
            **_parts(),
            "Cell": {"oneOf": [_TEXT, _reference("Value")]},
            "Value": _value(),
        },
    }


def _parts() -> dict[str, Tree]:
    named = _object(name=_TEXT, value=_reference("Value"))
    return {
        "Facts": _object(type={"const": "facts"}, facts=_list(_object(name=_TEXT, value=_reference("Cell")))),
        "Table": _object(
            type={"const": "table"},
            id=_ID,
            title=_TEXT,
            head=_list(_TEXT),
            rows=_list(_list(_reference("Cell")), "Every row as long as `head`."),
            note={"type": ["string", "null"]},
        ),
        "Bars": _object(type={"const": "bars"}, id=_ID, title=_TEXT, mark=_NUMBER, rows=_list(named)),
        "Matrix": _object(
            type={"const": "matrix"},
            id=_ID,
            title=_TEXT,
            rows=_list(_TEXT),
            columns=_list(_TEXT),
            values=_list(_list(_NUMBER)),
        ),
        "Note": _object(type={"const": "note"}, tone={"enum": [tone.value for tone in Tone]}, text=_TEXT),
    }


def _value() -> dict[str, Tree]:
    return _object(
        value={
            "type": ["number", "null"],
            "description": "null where there is none; then `why` may say why.",
        },
        unit={"enum": [unit.value for unit in Unit]},
        low={
            "type": ["number", "null"],
            "description": "End of a two-sided interval at `level`; null where it is open or there is none.",
        },
        high=_NUMBER,
        level={"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
        n={"type": ["integer", "null"], "description": "Judgments behind it."},
        people={"type": ["integer", "null"], "description": "Distinct people behind it."},
        why={"type": ["string", "null"]},
    )


def _object(**properties: Tree) -> dict[str, Tree]:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


def _list(items: Tree, description: str = "") -> dict[str, Tree]:
    made: dict[str, Tree] = {"type": "array", "items": items}
    return {**made, "description": description} if description else made


def _reference(name: str) -> dict[str, Tree]:
    return {"$ref": f"#/$defs/{name}"}
