"""Sums of so few groups that they are merged here: the engine plans a statement many times longer than it works at it.

They are kept as a line of JSON, column by column, in which values that repeat are numbered.
"""

import json
from collections.abc import Mapping, Sequence
from operator import add

from hcgov.core.groups import identify_people
from hcgov.io.tables.engine import Row

_MOST = 1 << 127
"""Sums are whole numbers smaller than it, either way."""


def merged(rows: Sequence[Row], changes: Sequence[Row], keys: int) -> list[Row]:
    """Return sums to which others are added, which may be less than 0.

    Parameters
    ----------
    rows, changes
        Groups, then sums; the last is the number of files that a group is in, and a group goes with its last file.
    keys
        How many groups.
    """
    found = {row[:keys]: row[keys:] for row in rows}
    for change in changes:
        group, sums = change[:keys], change[keys:]
        before = found.get(group)
        found[group] = sums if before is None else tuple(map(add, before, sums))
    return [(*group, *sums) for group, sums in found.items() if sums[-1]]


def to_bytes(rows: Sequence[Row], columns: Sequence[str], keys: int) -> bytes:
    """Return sums as bytes; ``columns`` are their names."""
    turned = list(zip(*rows, strict=True)) or [()] * len(columns)
    groups = [_numbered(column) for column in turned[:keys]]
    held = {"rows": len(rows), "columns": list(columns), "groups": groups, "sums": turned[keys:]}
    return json.dumps(held, separators=(",", ":")).encode()


def of_bytes(content: bytes, columns: Sequence[str], texts: Sequence[bool]) -> list[Row] | None:
    """Return what was written as bytes.

    Parameters
    ----------
    content
        The bytes.
    columns
        Names of the columns, first those of the groups.
    texts
        For each group whether it is text; else it is whole numbers.

    Returns
    -------
    list of Row or None
        ``None`` where it is something else, or of other columns, or holds what no sums are.
    """
    keys = len(texts)
    try:
        held = json.loads(content)
        if held["columns"] != list(columns) or len(held["groups"]) != keys:
            return None
        read = zip(held["groups"], texts, strict=True)
        groups = [_unnumbered(values, codes, str if text else int) for (values, codes), text in read]
        turned = [*groups, *held["sums"]]
        if len(turned) != len(columns) or any(len(column) != held["rows"] for column in turned):
            return None
        if not all(type(one) is int and -_MOST < one < _MOST for column in held["sums"] for one in column):
            return None
        if not all(files > 0 for files in turned[-1]):
            return None
        rows = list(zip(*turned, strict=True))
        return rows if len({row[:keys] for row in rows}) == len(rows) else None
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return None


def _unnumbered(values: object, codes: object, kind: type) -> list[str | int | None]:
    """Return a column of groups: of one kind, and what is not recorded.

    Raises
    ------
    ValueError
        It is something else.
    """
    if not isinstance(values, list) or not isinstance(codes, list):
        raise ValueError("a list of values and one of their numbers")
    if not {type(value) for value in values} <= {kind, type(None)}:
        raise ValueError("values of another kind")
    if not all(type(code) is int and 0 <= code < len(values) for code in codes):
        raise ValueError("a number of no value")
    return [values[code] for code in codes]


def identifies(rows: Sequence[Row], columns: Mapping[str, int], texts: Sequence[str]) -> bool:
    """Whether a column of groups names people instead of grouping them.

    Parameters
    ----------
    rows, columns
        Sums, and the places of their columns by name.
    texts
        Names of groups that are text.
    """
    people = sum(int(row[columns["n"]] or 0) for row in rows) if "n" in columns else len(rows)
    return any(identify_people(len({row[columns[one]] for row in rows} - {None}), people) for one in texts)


def _numbered(column: Sequence[str | int | None]) -> tuple[list[str | int | None], list[int]]:
    values = list(dict.fromkeys(column))
    number = {value: at for at, value in enumerate(values)}
    return values, list(map(number.__getitem__, column))
