"""The smallest change of a limit that gives a recorded control another verdict."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from hcgov.core.frozen import frozen
from hcgov.core.limit import Limit, LimitRange, Side
from hcgov.core.status import Verdict
from hcgov.judgement.rejudging import Rejudged, limit_from

_MOST_DOUBLINGS = 40


@frozen
class Turn:
    """A limit at which the verdict is another, while one unit nearer to the present limit it is not yet.

    Parameters
    ----------
    value
        The limit, in the decimals that the present one is written in.
    verdict
        What the control comes to by it.
    looser
        Whether it asks for less than the present limit.
    before
        The limit one unit nearer to the present one.
    """

    value: Decimal
    before: Decimal
    verdict: Verdict
    looser: bool


@frozen
class Turns:
    """Where the verdict would turn, on either side of the present limit.

    ``why`` says in a sentence why nothing can be told; ``unknown`` names slices of which the record does not hold
    enough, so that the true turn may lie nearer.
    """

    turns: tuple[Turn, ...] = ()
    why: str = ""
    unknown: tuple[str, ...] = ()


def unit_of(value: Decimal) -> Decimal:
    """Return one unit of the last decimal that a number is written in.

    >>> unit_of(Decimal("0.10"))
    Decimal('0.01')
    """
    exponent = value.as_tuple().exponent
    return Decimal(1).scaleb(min(int(exponent), 0))


def turns(recorded: Rejudged, allowed: LimitRange | None) -> Turns:
    """Return where the verdict of a recorded control would turn.

    Parameters
    ----------
    allowed
        The limits that decide anything; nothing beyond them is told.
    """
    limit = limit_from(recorded.control)
    if limit is None:
        return Turns(why="no limit decides this control")
    now = recorded.verdict(limit)
    if now != recorded.control.verdict:
        return Turns(
            why=f"what the record holds comes to {now}, not to {recorded.control.verdict}: it does not hold all that "
            "decided"
        )
    looser, tighter = (_Search(recorded, limit, allowed, looser=way) for way in (True, False))
    found: list[Turn | None] = []
    if now is not Verdict.PASS:
        found.append(looser.first(lambda verdict: verdict is not now))
        found.append(looser.first(lambda verdict: verdict is Verdict.PASS))
    if now is not Verdict.FAIL:
        found.append(tighter.first(lambda verdict: verdict is not now))
        found.append(tighter.first(lambda verdict: verdict is Verdict.FAIL))
    return Turns(
        turns=tuple(dict.fromkeys(one for one in found if one is not None)), unknown=recorded.unknown
    )


class _Search:
    """Limits in one direction from the present one, in units of its last decimal."""

    def __init__(self, recorded: Rejudged, limit: Limit, allowed: LimitRange | None, *, looser: bool) -> None:
        self.recorded, self.limit, self.looser = recorded, limit, looser
        self.span = None if allowed is None else allowed.on(limit.side)
        upwards = looser is (limit.side is Side.AT_MOST)
        self.unit = unit_of(limit.value) * (1 if upwards else -1)
        self.known: dict[int, Verdict] = {0: recorded.verdict(limit)}

    def first(self, wanted: Callable[[Verdict], bool]) -> Turn | None:
        """Return the nearest limit whose verdict is wanted; the one before it is not."""
        if wanted(self.known[0]):
            return None
        low, high = 0, 1
        for _ in range(_MOST_DOUBLINGS):
            if not self._sensible(high):
                high = self._last_sensible(low, high)
                break
            if wanted(self._at(high)):
                break
            low, high = high, 2 * high
        if high <= low or not wanted(self._at(high)):
            return None
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if wanted(self._at(middle)) else (middle, high)
        return Turn(
            value=self._value(high), before=self._value(low), verdict=self._at(high), looser=self.looser
        )

    def _value(self, steps: int) -> Decimal:
        return self.limit.value + self.unit * steps

    def _sensible(self, steps: int) -> bool:
        return self.span is None or self.span.holds(self._value(steps))

    def _last_sensible(self, low: int, high: int) -> int:
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self._sensible(middle) else (low, middle)
        return low

    def _at(self, steps: int) -> Verdict:
        if steps not in self.known:
            # `narrow` lies inside the limit and decides no verdict.
            self.known[steps] = self.recorded.verdict(
                replace(self.limit, value=self._value(steps), narrow=None)
            )
        return self.known[steps]
