"""What a baseline says of failures: which are known, which are new, and which got worse.

A new failure blocks, and a known one may not get worse. Failures are compared as a multiset by their fingerprint:
one that is mended does not make room for another.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from hcgov.core.frozen import frozen
from hcgov.core.limit import Side

if TYPE_CHECKING:
    from hcgov.core.baseline import EntrySpec

_NOISE = Decimal("1e-9")
"""Relative difference of two values that arithmetic on another machine may make; it is no change."""


class Known(StrEnum):
    """What a baseline says of a failure."""

    KNOWN = "known"
    NEW = "new"
    WORSE = "worse"


@frozen
class Failure:
    """A failing finding as a baseline sees it.

    Parameters
    ----------
    value
        The point estimate; ``None`` where nothing was measured.
    side
        Side of the limit the value is held against; ``None`` without a limit.
    """

    fingerprint: str
    control: str
    about: str
    metric: str = ""
    value: float | None = None
    side: Side | None = None


@frozen
class Compared:
    """A comparison: a word for each failure, the entries nothing matched, and those that are past their day."""

    words: tuple[Known, ...] = ()
    idle: "tuple[EntrySpec, ...]" = ()
    expired: "tuple[EntrySpec, ...]" = ()


def compare(entries: "Sequence[EntrySpec]", failures: Sequence[Failure], on: date) -> Compared:
    """Compare failures with what is known, as multisets.

    Failures and entries of one fingerprint are paired from the worst down: the worst failure with the worst entry.
    Failures without an entry are new; one that lies beyond its entry is worse.
    """
    pairs, idle = paired([entry for entry in entries if on <= entry.expires], failures)
    return Compared(
        words=tuple(
            Known.NEW if entry is None else held_against(failure, entry)
            for failure, entry in zip(failures, pairs, strict=True)
        ),
        idle=idle,
        expired=tuple(entry for entry in entries if entry.expires < on),
    )


def paired(
    entries: "Iterable[EntrySpec]", failures: Sequence[Failure]
) -> "tuple[tuple[EntrySpec | None, ...], tuple[EntrySpec, ...]]":
    """Pair failures with entries of the same fingerprint and control, from the worst down.

    Returns
    -------
    The entry of each failure, and the entries that are left.
    """
    pools: dict[tuple[str, str], list[EntrySpec]] = {}
    for entry in entries:
        pools.setdefault((entry.fingerprint, entry.control), []).append(entry)
    found: list[EntrySpec | None] = [None] * len(failures)
    order = sorted(
        range(len(failures)),
        key=lambda n: _badness(decimal_of(failures[n].value), failures[n].side),
        reverse=True,
    )
    for number in order:
        side = failures[number].side
        pool = pools.get((failures[number].fingerprint, failures[number].control))
        if pool:
            worst = max(range(len(pool)), key=lambda n: _badness(pool[n].observed, side))
            found[number] = pool.pop(worst)
    return tuple(found), tuple(entry for pool in pools.values() for entry in pool)


def held_against(failure: Failure, entry: "EntrySpec") -> Known:
    """Say whether a failure is no worse than it was."""
    value = decimal_of(failure.value)
    if value is None and entry.observed is None:
        return Known.KNOWN
    if value is None or entry.observed is None:
        return (
            Known.WORSE
        )  # it was met or not met, and now has a value, or the other way round: not comparable
    beyond = _badness(value, failure.side) - _badness(entry.observed, failure.side)
    noise = _NOISE * max(abs(value), abs(entry.observed))
    return Known.WORSE if beyond > noise else Known.KNOWN


def stricter(value: Decimal, than: Decimal, side: Side | None) -> bool:
    """Whether a value is better than another, so that it makes a stricter entry."""
    return _badness(value, side) < _badness(than, side)


def _badness(value: Decimal | None, side: Side | None) -> Decimal:
    """Return a number that grows as things get worse; what has no value is not ordered."""
    if value is None:
        return Decimal(0)
    return -value if side is Side.AT_LEAST else value


def decimal_of(value: float | None) -> Decimal | None:
    """Return a value as the decimal that is written into a baseline."""
    return None if value is None else Decimal(repr(value))
