"""What is said of a measurement, and how its numbers are shown to people."""

from functools import lru_cache
from math import isfinite

from hcgov.core.finding import Bound, Finding
from hcgov.core.limit import Limit
from hcgov.core.measurement import Measurement
from hcgov.core.status import Verdict
from hcgov.core.text import Text, text

_PASSED = text("{who}: {value}, and with {level} confidence {end} {bound}, inside the limit {limit}")
_FAILED = text("{who}: {value}, and with {level} confidence {end} {bound}, beyond the limit {limit}")
_OPEN = text(
    "{who}: {value}; the data allow {end} {bound} ({level} confidence), so the limit {limit} is neither "
    "kept nor broken for certain"
)
_SHOWN = text("{who}: {value}")
_AT_LEAST, _AT_MOST = ("end", "at least"), ("end", "at most")

# Taken from their class once: that takes longer than all else that is done with one.
_PASS, _FAIL, _NOT_EVALUATED = Verdict.PASS, Verdict.FAIL, Verdict.NOT_EVALUATED


def judged(who: str, value: float, limit: tuple[str, str], verdict: Verdict, deciding: Bound) -> Text:
    """Return the sentence of a verdict: the value, and the bound that decided with its level.

    Parameters
    ----------
    limit
        ``("limit", ...)`` with the limit in words; sentences share what is the same in many of them.
    """
    return Text.of(
        (_PASSED if verdict is _PASS else _FAILED if verdict is _FAIL else _OPEN).template,
        (
            ("who", who),
            ("value", number(value)),
            ("bound", number(deciding.value)),
            _AT_LEAST if deciding.end == "lower" else _AT_MOST,
            _sure(deciding.level),
            limit,
        ),
    )


def cannot_pass(who: str, limit: Limit) -> Text:
    """Return the sentence of what is too small for any verdict."""
    return text(
        "{who}: even a perfect sample of this size could not keep the limit {limit}", who=who, limit=limit
    )


def apart(who: str, limit: Limit) -> Text:
    """Return the sentence of what is too small for any verdict, and yet hardly keeps the limit."""
    return text(
        "{who}: too small for the limit {limit} to be kept, and yet so far beyond it that chance alone would hardly "
        "explain it",
        who=who,
        limit=limit,
    )


def few_and_apart(why: Text, limit: Limit) -> Text:
    """Return the sentence of a slice of too few people that hardly keeps the limit."""
    return text(
        "{why}; and yet so far beyond the limit {limit} that chance alone would hardly explain it",
        why=why,
        limit=limit,
    )


def as_shown(measurement: Measurement) -> Finding:
    """Return a value that informs and is not judged."""
    who = about(measurement)
    value = None if measurement.estimate is None else measurement.estimate.value
    said = measurement.note or Text.of(_SHOWN.template, (("who", who), ("value", number(value))))
    none = (None, None)
    return Finding.about_measured(
        measurement, who, _NOT_EVALUATED, said, measurement.reason, none, False, 0, None, True
    )


def about(measurement: Measurement) -> str:
    """Return who a measurement is about, and compared with whom."""
    scope, against = measurement.scope, measurement.against
    return str(scope) if against is None else f"{scope!s} against {against!s}"


def number(value: float | None) -> str:
    """Return a value as shown to people: four significant digits at most, never NaN.

    >>> number(0.213914), number(None), number(float("inf"))
    ('0.2139', 'undefined', 'without bound')
    """
    if value is None:
        return "undefined"
    return f"{value:.4f}" if isfinite(value) else "without bound"


@lru_cache(maxsize=256)
def percent(level: float) -> str:
    """Return a level as shown to people.

    >>> percent(0.95), percent(0.99833), percent(0.99998)
    ('95 %', '99.83 %', '99.998 %')
    """
    # What falls short of all is never told as all.
    digits = next((n for n in range(2, 16) if level >= 1.0 or round(100 * level, n) < 100), 16)
    return f"{100 * level:.{digits}f}".rstrip("0").rstrip(".") + " %"


@lru_cache(maxsize=256)
def _sure(level: float) -> tuple[str, str]:
    return "level", percent(level)
