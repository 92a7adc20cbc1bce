"""Words by which people answer for something: blanks and invisible characters say nothing."""

import unicodedata
from typing import Annotated

from pydantic import AfterValidator

_FILLERS = "\u115f\u1160\u3164\uffa0"
"""Letters that draw nothing."""


def says(text: str) -> bool:
    """Whether a text has a letter or a digit that can be seen.

    >>> says("ok"), says(" \u200b\u3164..."), says("")
    (True, False, False)
    """
    return any(unicodedata.category(c)[0] in "LN" and c not in _FILLERS for c in text)


def _as_said(text: str) -> str:
    if not says(text):
        raise ValueError("it says nothing that anybody could read; write it in words")
    return text


Words = Annotated[str, AfterValidator(_as_said)]
"""Text with something to read in it."""
