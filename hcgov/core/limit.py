"""Limits: a decimal number, a side, and how sure one must be."""

from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum

from hcgov.core.frozen import frozen
from hcgov.core.span import Span


class Side(StrEnum):
    """On which side of the limit the value has to lie."""

    AT_MOST = "at_most"
    AT_LEAST = "at_least"


@frozen
class Limit:
    """A control's limit.

    Parameters
    ----------
    side
        Whether values must be at most or at least ``value``.
    value
        The limit; decimal, so that what is written is what is compared.
    confidence
        One-sided confidence of the bound that decides PASS, in (0.5, 1); FAIL uses the same level,
        corrected for the family.
    narrow
        A tighter value; a pass outside it is flagged ``narrow``.
    ratio_n_eff
        Independent observations that either side of a ratio has to be worth; fewer decide nothing. 0 asks for
        none.
    spent
        Confidence of the bound that decides PASS where attempts at the same labels share the error; ``None`` where
        they do not. FAIL keeps ``confidence``.
    """

    side: Side
    value: Decimal
    confidence: Decimal = Decimal("0.95")
    narrow: Decimal | None = None
    ratio_n_eff: int = 0
    spent: float | None = None

    @property
    def pass_level(self) -> float:
        """One-sided confidence of the bound that decides PASS."""
        return float(self.confidence) if self.spent is None else self.spent

    def holds(self, bound: float, *, value: Decimal | None = None) -> bool:
        """Whether a bound lies on the right side (equality is right) of the limit or of ``value``."""
        against = self.value if value is None else value
        # A float and a decimal are compared exactly, digit by digit of what either is.
        return bound <= against if self.side is Side.AT_MOST else bound >= against

    def hold(self, bounds: Sequence[float]) -> list[bool]:
        """Return of each bound what :meth:`holds` says of it, in a tenth of the time."""
        nearest = float(self.value)  # no other float lies between it and the decimal
        if self.side is Side.AT_MOST:
            return [bound < nearest or (bound == nearest and self.holds(bound)) for bound in bounds]
        return [bound > nearest or (bound == nearest and self.holds(bound)) for bound in bounds]

    @property
    def symbol(self) -> str:
        """The comparison as shown to people."""
        return "≤" if self.side is Side.AT_MOST else "≥"

    def __str__(self) -> str:
        """Return for example ``≤ 0.10``."""
        return f"{self.symbol} {self.value}"


@frozen
class LimitRange:
    """Which limits on what a check measures can decide anything.

    Parameters
    ----------
    metrics
        The metrics that are held against the limit.
    at_most, at_least
        What a limit on this side may be; ``None`` where the side makes no sense. Beyond one end a limit can never
        fail, beyond the other never pass.
    """

    metrics: tuple[str, ...]
    at_most: Span | None = None
    at_least: Span | None = None

    def on(self, side: Side) -> Span | None:
        """Return what a limit on a side may be."""
        return self.at_most if side is Side.AT_MOST else self.at_least

    def fault(self, side: Side, value: Decimal) -> str:
        """Say why a limit decides nothing, or return the empty string.

        >>> gap = LimitRange(metrics=("rate_gap",), at_most=Span.of("[0, 1)"))
        >>> gap.fault(Side.AT_MOST, Decimal(1))
        '`at_most: 1` can never fail'
        >>> gap.fault(Side.AT_LEAST, Decimal("0.1"))
        '`at_least` is the wrong side: what is measured is worse the higher it is'
        """
        span = self.on(side)
        if span is None:
            worse = "higher" if side is Side.AT_LEAST else "lower"
            return f"`{side}` is the wrong side: what is measured is worse the {worse} it is"
        if span.holds(value):
            return ""
        harmless = span.above(value) if side is Side.AT_MOST else span.below(value)
        return f"`{side}: {value}` can never {'fail' if harmless else 'pass'}"

    def __str__(self) -> str:
        """Return each side that makes sense, with what a limit on it may be."""
        sides = ((side, self.on(side)) for side in Side)
        return " or ".join(f"`{side}` ({span})" for side, span in sides if span is not None)


def limits(*metrics: str, at_most: str = "", at_least: str = "") -> LimitRange:
    """Return the limits that decide anything about some metrics, each side in the notation of intervals.

    >>> str(limits("impact_ratio", at_least="(0, 1]"))
    '`at_least` (above 0 and at most 1)'
    """
    return LimitRange(
        metrics=metrics,
        at_most=Span.of(at_most) if at_most else None,
        at_least=Span.of(at_least) if at_least else None,
    )
