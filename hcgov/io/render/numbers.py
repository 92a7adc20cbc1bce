"""Numbers as people read them; every rendering prints a value in the same way."""

from hcgov.core.record import BoundV1, EstimateV1, LimitV1

LARGE = 1e15
"""From here on a float no longer holds every whole number."""


def number(value: float | None) -> str:
    """Return a number with three decimals, a whole number of two or more without any; ``–`` where there is none.

    >>> number(0.21392), number(37.0), number(1795), number(-0.0004), number(1.0), number(None)
    ('0.214', '37', '1,795', '−0.000', '1.000', '–')
    """
    if value is None:
        return "–"
    if abs(value) >= LARGE:
        return f"{value:.3g}"
    whole = abs(value) >= 2 and value == int(value)
    return (f"{value:,.0f}" if whole else f"{value:,.3f}").replace("-", "−")


def count(value: float | None) -> str:
    """Return a count: whole where it is whole, else with one decimal (counts scaled to people who repeat).

    >>> count(0), count(1795.0), count(402.25), count(None)
    ('0', '1,795', '402.2', '–')
    """
    if value is None:
        return "–"
    return f"{value:,.0f}" if value == int(value) else f"{value:,.1f}"


def percent(value: float) -> str:
    r"""Return a level in percent without needless decimals.

    The space does not break. It is taken out here to be read.

    >>> [percent(level).replace("\u00a0", "") for level in (0.95, 0.9958333, 0.975, 0.99998)]
    ['95%', '99.58%', '97.5%', '99.998%']
    """
    # What falls short of all is never told as all.
    digits = next((n for n in range(2, 16) if value >= 1.0 or round(100 * value, n) < 100), 16)
    return f"{100 * value:.{digits}f}".rstrip("0").rstrip(".") + "\u00a0%"


def limit_text(limit: LimitV1 | None) -> str:
    """Return for example ``≤ 0.10``; empty where there is no limit."""
    if limit is None:
        return ""
    return f"{'≤' if limit.side == 'at_most' else '≥'} {limit.value}"


def interval(low: float | None, high: float | None) -> str:
    """Return ``[0.426, 0.472]``; an end that is not bounded is shown as ``∞``; empty where both are missing."""
    if low is None and high is None:
        return ""
    left = "−∞" if low is None else number(low)
    right = "∞" if high is None else number(high)
    return f"[{left}, {right}]"


def displayed(estimate: EstimateV1 | None) -> str:
    """Return a value with its displayed interval, such as ``0.448 [0.426, 0.472]``."""
    if estimate is None or estimate.value is None:
        return ""
    return f"{number(estimate.value)} {interval(estimate.low, estimate.high)}".rstrip()


def bound_text(bound: BoundV1 | None) -> str:
    """Return a one-sided bound such as ``≤ 0.240``: what the value is at most (or at least), at the bound's level."""
    if bound is None:
        return ""
    sign = "≤" if bound.end == "upper" else "≥"
    infinite = "∞" if bound.end == "upper" else "−∞"
    return f"{sign} {infinite if bound.value is None else number(bound.value)}"


def size(octets: int | None) -> str:
    """Return a file size in bytes, such as ``1,024``; ``–`` where it is unknown."""
    return "–" if octets is None else f"{octets:,}"


def moment(created: str) -> str:
    """Return an ISO 8601 time as ``2026-11-21 05:50 UTC``; anything else as it is.

    >>> moment("2026-11-21T05:50:07Z"), moment("2026-11-21T05:50:07+00:00"), moment("yesterday")
    ('2026-11-21 05:50 UTC', '2026-11-21 05:50 UTC', 'yesterday')
    """
    for zone in ("Z", "+00:00"):
        if created.endswith(zone) and len(created) >= 17 and created[10] == "T":
            return f"{created[:10]} {created[11:16]} UTC"
    return created
