"""Columns of a long table as numpy arrays, without copying."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from hcgov.core.evidence.long import Codes, Long

Ints: TypeAlias = NDArray[np.int32]
Floats: TypeAlias = NDArray[np.float64]
Bools: TypeAlias = NDArray[np.bool_]


def codes(long: Long, name: str) -> Ints:
    """Return the codes of a column, shape (rows,): -1 where nothing is recorded. It cannot be written to."""
    return as_array(long.codes(name))


def as_array(column: Codes) -> Ints:
    """Return the codes of a column or of a group as an array that cannot be written to."""
    found = np.frombuffer(column.codes, dtype=np.int32)
    found.flags.writeable = False
    return found


def numbers(long: Long, name: str) -> Floats:
    """Return a column of numbers, shape (rows,): NaN where nothing is recorded. It cannot be written to."""
    found = np.frombuffer(long.numbers(name), dtype=np.float64)
    found.flags.writeable = False
    return found


def flags(long: Long, name: str) -> tuple[Bools, Bools]:
    """Return where a flag is true and where it is recorded, each of shape (rows,)."""
    column = long.codes(name)
    array = as_array(column)
    true = [i for i, value in enumerate(column.names) if value == "true"]
    return np.isin(array, true), array >= 0


def by_judge(long: Long) -> Bools:
    """Return the rows of a table of preferences that a judge model made: they are nobody's."""
    if not long.has("label_source"):
        return np.zeros(long.rows, dtype=np.bool_)
    judges = [i for i, name in enumerate(long.codes("label_source").names) if name == "judge"]
    return np.isin(codes(long, "label_source"), judges)


def label_values(long: Long, name: str) -> Floats:
    """Return what each name of a column is worth as a number, shape (names,); NaN for names that are no number."""

    def worth(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            return float("nan")
        return value if np.isfinite(value) else float("nan")

    return np.array([worth(text) for text in long.codes(name).names], dtype=np.float64)
