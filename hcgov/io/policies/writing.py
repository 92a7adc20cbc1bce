"""Write resolved controls as YAML that a person can read and that means the same when it is read again."""

import json
import re
from collections.abc import Iterator, Mapping

from hcgov.core.evidence.source import Tree
from hcgov.io.yaml import plain_scalar

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9 _./@(),'-]*\Z")

Notes = Mapping[tuple[str | int, ...], str]


def written(tree: Tree, notes: Notes | None = None) -> str:
    """Return a tree as block YAML.

    Parameters
    ----------
    notes
        Comments by path, put at the end of the line of a value.
    """
    return "\n".join(_lines(tree, (), 0, notes or {})) + "\n"


def _lines(tree: Tree, path: tuple[str | int, ...], depth: int, notes: Notes) -> Iterator[str]:
    indent = "  " * depth
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from _entry(f"{indent}{scalar(key)}:", value, (*path, key), depth, notes)
    elif isinstance(tree, list):
        for number, value in enumerate(tree):
            at = (*path, number)
            if isinstance(value, dict) and value and not _flat(value):
                first, *rest = _lines(value, at, depth + 1, notes)
                yield f"{indent}- {first.lstrip()}"
                yield from rest
            else:
                yield from _entry(f"{indent}-", value, at, depth, notes)
    else:
        yield f"{indent}{scalar(tree)}"


def _entry(start: str, value: Tree, path: tuple[str | int, ...], depth: int, notes: Notes) -> Iterator[str]:
    note = f"  # {notes[path]}" if path in notes else ""
    if isinstance(value, dict | list) and value and not _flat(value):
        yield f"{start}{note}"
        yield from _lines(value, path, depth + 1, notes)
    else:
        yield f"{start} {_inline(value)}{note}"


def _flat(value: Tree) -> bool:
    """Whether a list is short and plain enough for one line."""
    if not isinstance(value, list):
        return False
    return all(not isinstance(one, dict | list) for one in value) and len(_inline(value)) < 80


def _inline(value: Tree) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(scalar, value))}]"
    if isinstance(value, dict):
        return "{}"
    return scalar(value)


def scalar(value: Tree) -> str:
    """Return a plain value as YAML; text stands in quotes wherever it would be read as something else.

    >>> scalar("a text"), scalar("0.10"), scalar("no: yes"), scalar(True)
    ('a text', '"0.10"', '"no: yes"', 'true')
    """
    if not isinstance(value, str):
        return json.dumps(value)
    plain = (
        _PLAIN.match(value)
        and not value.endswith(" ")
        and "," not in value
        and isinstance(plain_scalar(value), str)
    )
    return value if plain else json.dumps(value, ensure_ascii=False)
