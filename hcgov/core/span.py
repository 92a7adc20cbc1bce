"""Spans of numbers: what may be written, in the notation of intervals."""

from decimal import Decimal

from hcgov.core.frozen import frozen


@frozen
class Span:
    """Numbers between two ends.

    Parameters
    ----------
    low, high
        The ends; ``None`` where there is none.
    low_open, high_open
        Whether the end itself is outside.
    """

    low: Decimal | None = None
    high: Decimal | None = None
    low_open: bool = False
    high_open: bool = False

    @classmethod
    def of(cls, written: str) -> "Span":
        """Read the notation of intervals.

        >>> Span.of("[0, 1)").holds(Decimal(1))
        False
        >>> str(Span.of("(0, inf)"))
        'above 0'

        Raises
        ------
        ValueError
            It is not written as an interval, or is empty.
        """
        opening, inner, closing = written[:1], written[1:-1], written[-1:]
        low, comma, high = (part.strip() for part in inner.partition(","))
        if opening not in ("[", "(") or closing not in ("]", ")") or not comma:
            raise ValueError(f"an interval is written like `[0, 1)`, not `{written}`")
        span = cls(
            low=None if low == "-inf" else Decimal(low),
            high=None if high == "inf" else Decimal(high),
            low_open=opening == "(",
            high_open=closing == ")",
        )
        if span.low is not None and span.high is not None and span.low >= span.high:
            raise ValueError(f"`{written}` holds no numbers between its ends")
        return span

    def holds(self, value: Decimal) -> bool:
        """Whether a number lies within."""
        return not self.below(value) and not self.above(value)

    def below(self, value: Decimal) -> bool:
        """Whether a number lies before the span begins."""
        return self.low is not None and (value <= self.low if self.low_open else value < self.low)

    def above(self, value: Decimal) -> bool:
        """Whether a number lies after the span has ended."""
        return self.high is not None and (value >= self.high if self.high_open else value > self.high)

    def __str__(self) -> str:
        """Return it in words, for example ``at least 0 and below 1``."""
        parts = []
        if self.low is not None:
            parts.append(f"{'above' if self.low_open else 'at least'} {self.low:,}")
        if self.high is not None:
            parts.append(f"{'below' if self.high_open else 'at most'} {self.high:,}")
        return " and ".join(parts) or "any number"
