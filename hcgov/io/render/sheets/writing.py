"""Values of a sheet as people read them."""

from hcgov.core.sheet import Cell, Unit, Value
from hcgov.core.text import Text
from hcgov.io.render.catalogue import Labels
from hcgov.io.render.numbers import count, number

NONE = "–"


def written(cell: Cell, words: Labels) -> str:
    """Return a cell: a sentence, or a number with its interval."""
    if isinstance(cell, Text):
        return words.text(cell)
    if cell.value is None:
        return NONE if cell.why is None else f"{NONE} ({words.text(cell.why)})"
    return f"{amount(cell.value, cell.unit)} {interval(cell)}".rstrip()


def amount(value: float, unit: Unit) -> str:
    r"""Return a number in its unit.

    >>> [amount(0.5462, Unit.SHARE), amount(-0.02, Unit.POINTS), amount(1375, Unit.COUNT), amount(0.4261, Unit.PLAIN)]
    ['54.6\xa0%', '−2.0 points', '1,375', '0.426']
    """
    match unit:
        case Unit.COUNT:
            return count(value)
        case Unit.SHARE:
            return f"{100 * value:.1f}\u00a0%".replace("-", "−")
        case Unit.POINTS:
            return f"{100 * value:+.1f} points".replace("-", "−")
        case Unit.MONEY:
            return f"{value:,.2f}".replace("-", "−")
        case Unit.SECONDS:
            return f"{value:,.1f} s"
        case Unit.PLAIN:
            return number(value)


def interval(cell: Value) -> str:
    """Return the ends of a value's interval, such as ``[49.5, 59.6]``; empty without any."""
    if cell.low is None and cell.high is None:
        return ""
    return f"[{_end(cell.low, cell.unit, '−∞')}, {_end(cell.high, cell.unit, '∞')}]"


def _end(value: float | None, unit: Unit, open_: str) -> str:
    if value is None or value in (float("inf"), float("-inf")):
        return open_
    if unit in (Unit.SHARE, Unit.POINTS):
        return f"{100 * value:.1f}".replace("-", "−")
    return amount(value, unit)


def begun(told: str) -> str:
    """Return a sentence with a capital at its beginning, unless that is a name in backticks or a digit."""
    return told[:1].upper() + told[1:]


def counts(cell: Value) -> str:
    """Return what stands behind a value, such as ``1,101 judgments by 50 people``; empty where nothing is said."""
    parts: list[str] = []
    if cell.unit is Unit.COUNT:
        return ""
    if cell.n is not None:
        parts.append(f"n = {cell.n:,}")
    if cell.people is not None:
        parts.append(f"people = {cell.people:,}")
    return ", ".join(parts)
