"""Sums and standard deviations of floating-point numbers as sums of whole numbers, which every engine adds exactly.

A number is written as ``step * k`` and a remainder, with a step that is a power of two and a whole ``k`` of at most 41
bits. Sums of ``k`` and its square fit 38 decimal digits for 10^12 rows, and the remainders add less than the last
digit. A plain sum errs more the more rows there are: of a hundred million times 0.1 already by two billionths.
"""

import math
from fractions import Fraction

from hcgov.core.evidence.aggregates import Answer, Deviation, Number, Sum

BITS = 40
SMALLEST = -1000
"""Least exponent of a step: its inverse is still a number."""
LARGEST = 2.0**200
"""Magnitude beyond which nothing is asked; 2^63 is the most that an expectation is answered for."""


def moment_terms(
    name: str, asked: Sum | Deviation, least: Number | None, greatest: Number | None, *, whole: bool
) -> tuple[str, ...]:
    """Return the terms that a sum or a deviation needs; none where it is beyond what is asked."""
    if least is None or greatest is None or not max(abs(least), abs(greatest)) < LARGEST:
        return ()
    if isinstance(asked, Sum) and whole:
        return (f"SUM(CAST({name} AS DECIMAL(38, 0)))",)
    step, inverse = _steps(asked, least, greatest)
    if isinstance(asked, Sum):
        whole_part = f"FLOOR({name} * {inverse})"
        return f"SUM({_exact(whole_part)})", f"SUM({name} - {whole_part} * {step})"
    whole_part = _exact(f"FLOOR((CAST({name} AS DOUBLE) - {_double(float(least))}) * {inverse})")
    return f"SUM({whole_part})", f"SUM({whole_part} * {whole_part})"


def total(numbers: Answer | None, least: Number | None, greatest: Number | None) -> Number | None:
    """Return a sum from the answers to its terms."""
    if numbers is None or least is None or greatest is None or numbers[0] is None:
        return None
    if len(numbers) == 1:
        return numbers[0]
    step = Fraction(2.0 ** _exponent(max(abs(least), abs(greatest))))
    return float(step * Fraction(numbers[0]) + Fraction(numbers[1] or 0))


def deviation(
    numbers: Answer | None, count: int, least: Number | None, greatest: Number | None
) -> Number | None:
    """Return a sample standard deviation from the answers to its terms."""
    if numbers is None or least is None or greatest is None or numbers[0] is None or count < 2:
        return None
    sum_, squares = Fraction(numbers[0]), Fraction(numbers[1] or 0)
    variance = (squares - sum_ * sum_ / count) / (count - 1)
    return math.sqrt(variance) * 2.0 ** _exponent(float(greatest) - float(least))


def _steps(asked: Sum | Deviation, least: Number, greatest: Number) -> tuple[str, str]:
    spread = max(abs(least), abs(greatest)) if isinstance(asked, Sum) else float(greatest) - float(least)
    exponent = _exponent(spread)
    return _double(2.0**exponent), _double(2.0**-exponent)


def _exponent(spread: float) -> int:
    return max(math.frexp(float(spread))[1] - BITS, SMALLEST)


def _exact(value: str) -> str:
    return f"CAST({value} AS DECIMAL(19, 0))"


def _double(value: float) -> str:
    return f"CAST('{value!r}' AS DOUBLE)"
