"""What the next bundle for researchers has to know of the one before, so that their difference tells nobody."""

from hcgov.core.evidence.source import Tree
from hcgov.core.suppression import Key
from hcgov.stages.judgments.bundles import Bundle
from hcgov.stages.records import Written


def memory_of(bundle: Bundle) -> Tree:
    """Return what the next bundle has to know of this one, as plain values. It tells small counts: keep it in."""
    return {
        "k": bundle.k,
        "cells": [
            {
                "table": name,
                "key": [list(pair) for pair in key],
                "counts": list(counts),
                "hidden": key in secret,
            }
            for name, cells in bundle.held.items()
            for secret in (bundle.hidden[name],)
            for key, counts in sorted(cells.items())
        ],
    }


class _Cell(Written):
    table: str
    key: list[tuple[str, str]]
    counts: list[int]
    hidden: bool


class _Memory(Written):
    k: int
    cells: list[_Cell]


def remembered(memory: Tree) -> Bundle:
    """Return a bundle without its tables, from :func:`memory_of`, to make the next one against.

    Raises
    ------
    ValueError
        It is no such memory.
    """
    read = _Memory.model_validate(memory)
    held: dict[str, dict[Key, tuple[int, ...]]] = {}
    hidden: dict[str, set[Key]] = {}
    for cell in read.cells:
        held.setdefault(cell.table, {})[tuple(cell.key)] = tuple(cell.counts)
        hidden.setdefault(cell.table, set()).update([tuple(cell.key)] if cell.hidden else [])
    return Bundle(
        k=read.k,
        tables=(),
        held=held,
        hidden={name: frozenset(keys) for name, keys in hidden.items()},
        note={},
    )
