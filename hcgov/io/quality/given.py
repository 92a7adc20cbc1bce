"""The arguments of an expectation, read as strictly as the library reads them, or left to the library."""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from hcgov.core.evidence.aggregates import Aggregate, Aggregates, Between, Kind
from hcgov.core.frozen import frozen
from hcgov.core.text import Text, text
from hcgov.io.quality.engine import Answer
from hcgov.io.quality.suite import Wanted

MOST_VALUES = 5_000
"""Values of a set up to which it is written into a statement."""
EXACT = 2**53
"""Whole numbers below this are the same as floating-point numbers."""
CONDITION = frozenset({"row_condition", "condition_parser"})

_MOMENT = re.compile(r"(\d{4})-\d\d-\d\d(T\d\d:\d\d:\d\d)?")
_YEARS = range(1678, 2262)
"""Years that a frame of the library can hold as moments."""

Scalar: TypeAlias = str | int | float | bool
NUMBERS = (Kind.WHOLE, Kind.NUMBER)
KNOWN = tuple(kind for kind in Kind if kind is not Kind.OTHER)


class LeftError(Exception):
    """The library has to answer; carries the reason."""

    def __init__(self, why: Text) -> None:
        self.why = why
        super().__init__(str(why))


@frozen
class Translation:
    """An expectation as a function of aggregates.

    Parameters
    ----------
    of
        What it is a function of, for people.
    asks
        The aggregates.
    answer
        From their answers to what the library would say.

        Raises :class:`LeftError` where only the data show that the library has to answer.
    """

    of: Text
    asks: tuple[Aggregate, ...]
    answer: Callable[[Aggregates], Answer]


@dataclass(kw_only=True)
class Given:
    """The arguments of one expectation.

    Parameters
    ----------
    wanted
        The expectation.
    kinds
        What the columns hold; ``None`` where no table is known, and then what is needed is assumed.
    """

    wanted: Wanted
    kinds: Mapping[str, Kind | None] | None
    assumed: list[Text] = field(default_factory=list)

    def only(self, *names: str) -> None:
        """Leave it to the library if there is any argument but these."""
        for name, value in self.wanted.arguments.items():
            if name in CONDITION and value is None:
                continue
            if name == "row_condition":
                raise LeftError(text("`row_condition` picks rows"))
            if name not in names:
                raise LeftError(text("the argument `{name}` is not read by the scan", name=name))

    def column(self, *kinds: Kind, name: str = "column") -> str:
        """Return a column that holds one of the kinds."""
        column = self.wanted.arguments.get(name)
        if not isinstance(column, str) or not column:
            raise self.odd(name)
        self.holds(column, *kinds)
        return column

    def holds(self, column: str, *kinds: Kind) -> None:
        """Leave it to the library if a column holds none of the kinds."""
        if self.kinds is None:
            if Kind.TEXT not in kinds or len(kinds) == 1:
                named = "numbers" if set(kinds) & set(NUMBERS) else str(kinds[0])
                self.assumed.append(text("if `{column}` holds {kinds}", column=column, kinds=named))
            return
        held = self.kinds.get(column)
        if held not in kinds:
            raise LeftError(text("the column `{column}` holds {held}", column=column, held=held or "nothing"))

    def kind(self, column: str) -> Kind | None:
        """Return what a column holds, if that is known."""
        return self.kinds.get(column) if self.kinds is not None else None

    def flag(self, name: str) -> bool:
        """Return a boolean argument, false if left out."""
        value = self.wanted.arguments.get(name, False)
        if not isinstance(value, bool):
            raise self.odd(name)
        return value

    def choice(self, name: str, *choices: str) -> str:
        """Return one of the choices, the first if left out."""
        value = self.wanted.arguments.get(name, choices[0])
        if not isinstance(value, str) or value not in choices:
            raise self.odd(name)
        return value

    def mostly(self) -> float:
        """Return the share that has to pass, 1 if left out."""
        value = self.wanted.arguments.get("mostly", 1)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
            raise self.odd("mostly")
        return float(value)

    def whole(self, name: str) -> int:
        """Return a whole number."""
        value = self.wanted.arguments.get(name)
        if isinstance(value, bool) or not isinstance(value, int) or abs(value) >= EXACT:
            raise self.odd(name)
        return value

    def between(self, *, whole: bool = False, one: bool = False) -> Between:
        """Return bounds that are numbers.

        Parameters
        ----------
        whole
            They must be whole.
        one
            One of them must be given.
        """
        low, high = (self._number(name, whole=whole) for name in ("min_value", "max_value"))
        if (one and low is None and high is None) or (low is not None and high is not None and low > high):
            raise self.odd("min_value")
        return Between(
            low=low, high=high, strict_low=self.flag("strict_min"), strict_high=self.flag("strict_max")
        )

    def moments(self) -> Between:
        """Return bounds that are dates or moments, as ISO 8601 writes them; a date is its first moment."""
        low, high = (self._moment(name) for name in ("min_value", "max_value"))
        if (low is None and high is None) or (low is not None and high is not None and low > high):
            raise self.odd("min_value")
        return Between(
            low=low, high=high, strict_low=self.flag("strict_min"), strict_high=self.flag("strict_max")
        )

    def values(self, name: str = "value_set") -> tuple[tuple[Scalar, ...], tuple[Kind, ...]]:
        """Return a set of values of one kind, without repetition, and the kinds of column they suit."""
        value = self.wanted.arguments.get(name)
        if not isinstance(value, list) or not value or len(value) > MOST_VALUES:
            raise self.odd(name)
        scalars = tuple(dict.fromkeys(v for v in value if isinstance(v, str | int | float)))
        types = {type(v) for v in value}
        if types == {str} and not any("\x00" in v for v in scalars if isinstance(v, str)):
            return scalars, (Kind.TEXT,)
        if types == {bool}:
            return scalars, (Kind.FLAG,)
        if types <= {int, float} and all(_plain(v) for v in scalars if not isinstance(v, str)):
            return scalars, NUMBERS if types == {int} else (Kind.NUMBER,)
        raise self.odd(name)

    def odd(self, name: str) -> LeftError:
        """Return the reason that an argument is not one that the scan reads."""
        return LeftError(text("the scan does not read such a `{name}`", name=name))

    def _number(self, name: str, *, whole: bool) -> int | float | None:
        value = self.wanted.arguments.get(name)
        if value is None:
            return None
        if (
            isinstance(value, bool)
            or not isinstance(value, int if whole else int | float)
            or not _plain(value)
        ):
            raise self.odd(name)
        return value

    def _moment(self, name: str) -> datetime | None:
        value = self.wanted.arguments.get(name)
        if value is None:
            return None
        found = _MOMENT.fullmatch(value) if isinstance(value, str) else None
        if found is None or int(found[1]) not in _YEARS:
            raise self.odd(name)
        try:
            return datetime.fromisoformat(found[0])
        except ValueError:
            raise self.odd(name) from None


def _plain(value: float) -> bool:
    return math.isfinite(value) and abs(value) < EXACT
