"""Plain scalars of YAML, by the core schema of YAML 1.2.2 (section 10.3.2): ``no``, ``on`` and ``1_0`` are text."""

import math
import re

_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEAN = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
WORDS = _NULL | _BOOLEAN.keys()
_DECIMAL = re.compile(r"[-+]?[0-9]+\Z")
_OCTAL = re.compile(r"0o[0-7]+\Z")
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]+\Z")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
_NOT_FINITE = re.compile(r"([-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))\Z")
_LONGEST_NUMBER = 400


def plain_scalar(text: str) -> bool | int | float | str | None:
    """Resolve a plain scalar by the core schema of YAML 1.2.2.

    Raises
    ------
    ValueError
        The number is not finite, or has more than 400 characters.

    >>> plain_scalar("no"), plain_scalar("0o14"), plain_scalar("1e3"), plain_scalar("12:30:00")
    ('no', 12, 1000.0, '12:30:00')
    """
    if text in _NULL:
        return None
    if text in _BOOLEAN:
        return _BOOLEAN[text]
    if _NOT_FINITE.match(text):
        raise ValueError(f"`{text}` is not a finite number")
    if not (_FLOAT.match(text) or _OCTAL.match(text) or _HEXADECIMAL.match(text)):
        return text
    if len(text) > _LONGEST_NUMBER:
        raise ValueError(f"a number of {len(text)} characters is too long to be read exactly")
    if _DECIMAL.match(text):
        return int(text)
    if text[:2] in ("0o", "0x"):
        return int(text, 0)
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"`{text}` is not a finite number")
    return value
