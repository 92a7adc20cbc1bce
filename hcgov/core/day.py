"""Days as people write them into files: ``2026-12-01``, in UTC, the whole day included."""

import re
from datetime import date
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer

_WRITTEN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")


def _as_day(value: object) -> object:
    """Read a day; a time of day or a number would be a guess at what was meant."""
    if isinstance(value, str):
        if not _WRITTEN.match(value):
            raise ValueError("a day is written as year-month-day, such as 2026-12-01")
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise ValueError(f"there is no day {value}") from None
    if type(value) is date:
        return value
    raise ValueError("a day is written as year-month-day, such as 2026-12-01")


Day = Annotated[date, BeforeValidator(_as_day), PlainSerializer(lambda day: day.isoformat())]
"""A day of the calendar, in UTC."""
