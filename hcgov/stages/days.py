"""Days written by people: ISO dates, compared with the day of the check."""

from datetime import date


def day(written: str) -> date | None:
    """Read an ISO date, with or without a time after it; ``None`` where it is none.

    >>> day("2026-11-21"), day("21/11/2026")
    (datetime.date(2026, 11, 21), None)
    """
    try:
        return date.fromisoformat(written.strip()[:10])
    except ValueError:
        return None


def age(written: str, today: str) -> int | None:
    """Return the days from a written date until today, negative in the future; ``None`` where it is no date.

    >>> age("2026-11-01", "2026-11-21")
    20
    """
    then = day(written)
    return None if then is None else (date.fromisoformat(today) - then).days
