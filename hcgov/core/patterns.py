"""Regular expressions that people write: what keeps one from being read."""

import re
import warnings


def fault_of_pattern(pattern: str) -> str:
    """Return why Python cannot read a regular expression, and at which character, or an empty string.

    >>> fault_of_pattern("^[A-Z]+$")
    ''
    >>> fault_of_pattern("a(b")
    'missing ), unterminated subpattern at character 2'
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what may come to mean something else is read today
            re.compile(pattern)
    except re.error as error:
        return error.msg if error.pos is None else f"{error.msg} at character {error.pos + 1}"
    except (RecursionError, OverflowError) as error:
        return f"it is too large ({type(error).__name__})"
    return ""
