"""Limits: a decimal number, a side, and how sure one must be."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Side(StrEnum):
    """On which side of the limit the value has to lie."""

    AT_MOST = "at_most"
    AT_LEAST = "at_least"


@dataclass(frozen=True, kw_only=True)
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
    """

    side: Side
    value: Decimal
    confidence: Decimal = Decimal("0.95")
    narrow: Decimal | None = None
    ratio_n_eff: int = 0

    def holds(self, bound: float, *, value: Decimal | None = None) -> bool:
        """Whether a bound lies on the right side (equality is right) of the limit or of ``value``."""
        against = self.value if value is None else value
        # A float and a decimal are compared exactly, digit by digit of what either is.
        return bound <= against if self.side is Side.AT_MOST else bound >= against

    @property
    def symbol(self) -> str:
        """The comparison as shown to people."""
        return "≤" if self.side is Side.AT_MOST else "≥"

    def __str__(self) -> str:
        """Return for example ``≤ 0.10``."""
        return f"{self.symbol} {self.value}"
