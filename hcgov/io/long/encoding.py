"""Values of a file as columns of names, numbers, moments, flags and texts; what is no such value is refused."""

import re
from array import array
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from hcgov.core.evidence.long import NOT_A_VALUE, Codes, Column, Numbers, Texts
from hcgov.core.long_tables import Holds, LongColumn
from hcgov.core.mistake import did_you_mean
from hcgov.core.text import Text, text

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

Given: TypeAlias = "pa.ChunkedArray"
"""A column as it was read: text, or null where nothing is recorded."""

MOST_TOLD, LONGEST_TOLD = 20, 30
"""Values of a column with so many different ones at most, and of so many characters, are named in messages."""
_NUMERIC = re.compile(r"[-+0-9.,:eETZ ]+")
_TRUE = frozenset({"true", "1", "yes", "t", "y"})
_FALSE = frozenset({"false", "0", "no", "f", "n"})


class NotSuchAValueError(ValueError):
    """A column holds what its meaning does not allow; ``detail`` says so for people."""

    def __init__(self, detail: Text) -> None:
        self.detail = detail
        super().__init__(str(detail))


def as_text(values: Sequence[str | float | bool | None]) -> Given:
    """Return values of Python as a column of text; numbers that are whole are written without a point."""
    import pyarrow as pa

    return pa.chunked_array([pa.array([_written(value) for value in values], type=pa.string())])


def encode(
    name: str,
    kind: LongColumn,
    given: Given,
    *,
    values: Mapping[str, str | None],
    order: Sequence[str] = (),
) -> Column:
    """Return a column of a canonical kind.

    Parameters
    ----------
    name
        Canonical or slice column, for messages.
    kind
        What it holds.
    given
        As it was read.
    values
        Value of the file -> value here; ``None`` means not recorded.
    order
        Names of an ordinal scale, lowest first.

    Raises
    ------
    NotSuchAValueError
        A value is no number, no moment, no flag, or none of those that the column may have.
    """
    if kind.holds is Holds.TEXT:
        return Texts(values=tuple(given.to_pylist()))
    if kind.holds is Holds.NUMBER:
        return Numbers(values=_numbers(name, given, values))
    if kind.holds is Holds.MOMENT:
        return Numbers(values=_moments(name, given))
    allowed = ("true", "false") if kind.holds is Holds.FLAG else kind.values
    return encode_names(
        name, given, values=values, allowed=allowed, order=order, flag=kind.holds is Holds.FLAG
    )


def encode_names(
    name: str,
    given: Given,
    *,
    values: Mapping[str, str | None],
    allowed: Sequence[str] = (),
    order: Sequence[str] = (),
    flag: bool = False,
) -> Codes:
    """Return a column of names; see :func:`encode`."""
    import numpy as np

    combined = given.combine_chunks() if given.num_chunks != 1 else given.chunk(0)
    coded = combined.dictionary_encode()
    found: list[str] = coded.dictionary.to_pylist()
    meant: list[str | None] = (
        [_meaning(name, one, values, allowed, order, flag=flag, among=len(found)) for one in found]
        if values or allowed or order or flag
        else [*found]
    )
    names = tuple(order) or tuple(allowed) or _sorted({one for one in meant if one is not None})
    place: dict[str | None, int] = {one: i for i, one in enumerate(names)} | {None: NOT_A_VALUE}
    table = np.array([*map(place.__getitem__, meant), NOT_A_VALUE], dtype=np.int32)
    return Codes(codes=array_of(table[_places(coded)]), names=names)


def _places(coded: "pa.DictionaryArray") -> "NDArray[np.int32]":
    """Return the place of each value in the dictionary, and the one after the last where nothing is recorded.

    From the buffer, for pyarrow's own way imports pandas where that is installed: a third of a second.
    """
    import numpy as np

    indices = coded.indices.fill_null(len(coded.dictionary)) if coded.null_count else coded.indices
    buffer = indices.buffers()[1]
    if buffer is None or not len(indices):
        return np.zeros(0, dtype=np.int32)
    return np.frombuffer(buffer, dtype=np.int32)[indices.offset : indices.offset + len(indices)]


def array_of(codes: "NDArray[np.int32]") -> "array[int]":
    """Return codes as an array of the standard library."""
    made = array("i")
    made.frombytes(codes.astype("int32", copy=False).tobytes())
    return made


def numbers_of(values: "NDArray[np.float64]") -> "array[float]":
    """Return numbers as an array of the standard library."""
    made = array("d")
    made.frombytes(values.astype("float64", copy=False).tobytes())
    return made


def _meaning(
    name: str,
    value: str,
    values: Mapping[str, str | None],
    allowed: Sequence[str],
    order: Sequence[str],
    *,
    flag: bool,
    among: int,
) -> str | None:
    if value in values:
        meant = values[value]
        if meant is None:
            return None
        value = meant
    if flag:
        lowered = value.strip().casefold()
        value = "true" if lowered in _TRUE else "false" if lowered in _FALSE else value
    elif allowed and value not in allowed:
        value = next((one for one in allowed if one == value.strip().casefold()), value)
    known = tuple(order) or tuple(allowed)
    if known and value not in known:
        detail = text(
            "column `{column}` holds {value}; it may hold {known} ({near}), or say under `values:` what it means",
            column=name,
            value=_told(value, among),
            known=", ".join(known),
            near=did_you_mean(value, known) or "none is like it",
        )
        raise NotSuchAValueError(detail)
    return value


def _numbers(name: str, given: Given, values: Mapping[str, str | None]) -> "array[float]":
    import numpy as np

    coded = (given.combine_chunks() if given.num_chunks != 1 else given.chunk(0)).dictionary_encode()
    worth = []
    found = coded.dictionary.to_pylist()
    for one in found:
        meant = values.get(one, one)
        worth.append(float("nan") if meant is None else _number(name, meant, found))
    table = np.array([*worth, float("nan")], dtype=np.float64)
    return numbers_of(table[_places(coded)])


def _number(name: str, value: str, beside: Sequence[str]) -> float:
    import math

    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not math.isfinite(number) or "_" in value:
        detail = text(
            "column `{column}` holds {value}, which is no number; say under `values:` what it means",
            column=name,
            value=_told(value, _odd(beside)),
        )
        raise NotSuchAValueError(detail)
    return number


def _moments(name: str, given: Given) -> "array[float]":
    import numpy as np

    coded = (given.combine_chunks() if given.num_chunks != 1 else given.chunk(0)).dictionary_encode()
    found = coded.dictionary.to_pylist()
    worth = [_moment(name, one, found) for one in found]
    table = np.array([*worth, float("nan")], dtype=np.float64)
    return numbers_of(table[_places(coded)])


def _moment(name: str, value: str, beside: Sequence[str]) -> float:
    """Return seconds since 1970: of an ISO 8601 moment, UTC where it names no zone, or of a number of them.

    A number from 1e11 upwards counts milliseconds, for as seconds it would lie beyond the year 5100.
    """
    from datetime import UTC, datetime

    try:
        number = float(value)
    except ValueError:
        try:
            moment = datetime.fromisoformat(value.strip())
        except ValueError:
            detail = text(
                "column `{column}` holds {value}, which is no moment (ISO 8601, or seconds since 1970)",
                column=name,
                value=_told(value, _odd(beside)),
            )
            raise NotSuchAValueError(detail) from None
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    return number / 1000.0 if abs(number) >= 1e11 else number


def _odd(values: Sequence[str]) -> int:
    """Return how many values hold something else than the figures and signs of a number or of a moment."""
    return sum(not _NUMERIC.fullmatch(value) for value in values)


def _told(value: str, among: int) -> str:
    """Return a value for a message where it is one of a few short ones, as a vocabulary is; else only its length.

    A column that is mapped to the wrong one holds ids of people or what they wrote, which stand in no message.
    """
    if among <= MOST_TOLD and len(value) <= LONGEST_TOLD and "@" not in value:
        return f"`{value}`"
    return f"a value of {len(value)} characters (not shown, for it may be a person's id or words)"


def _sorted(names: set[str]) -> tuple[str, ...]:
    """Return names in order: as numbers where all of them are numbers, else as text."""
    try:
        return tuple(sorted(names, key=lambda one: (float(one), one)))
    except ValueError:
        return tuple(sorted(names))


def _written(value: str | float | bool | None) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return None if value != value else str(value)  # noqa: PLR0124 - NaN is not recorded
