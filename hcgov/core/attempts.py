"""Attempts: how often the same labels were looked at, each time with other data about the system."""

from collections.abc import Iterable

from hcgov.core.frozen import frozen


@frozen
class Look:
    """One look at evaluation data.

    Parameters
    ----------
    at
        What was looked at: names of artifacts, each with the name of its sample where it has one; sorted.
    data
        SHA-256 of what stood there, in hexadecimal: other predictions are another look at the same labels.
    """

    at: tuple[str, ...]
    data: str


def place_of(look: Look, earlier: Iterable[Look]) -> int:
    """Return which attempt a look is, from 1: that of the same look before, else one more than there were.

    Parameters
    ----------
    earlier
        All looks so far, oldest first.

    >>> first, second = Look(at=("answers",), data="aa"), Look(at=("answers",), data="bb")
    >>> place_of(second, [first, first]), place_of(first, [first, second])
    (2, 1)
    """
    known = dict.fromkeys(one.data for one in earlier if one.at == look.at)
    order = {data: place for place, data in enumerate(known, start=1)}
    return order.get(look.data, len(order) + 1)


def places(looks: Iterable[Look], earlier: Iterable[Look]) -> dict[tuple[str, ...], int]:
    """Return which attempt each look is, by what was looked at."""
    before = tuple(earlier)
    return {look.at: place_of(look, before) for look in looks}
