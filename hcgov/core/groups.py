"""Names of groups: which differ only in how they are written."""

import unicodedata
from collections.abc import Iterable

from hcgov.core.confusables import in_latin

MOST_GROUPS = 50
"""From this many groups on, a column whose groups are hardly more than single people identifies them."""

PEOPLE_EACH = 2
"""People (or rows, where people are unknown) that a group has on average in a column that groups them."""


def identify_people(groups: int, people: int) -> bool:
    """Whether so many groups of so many people identify them: nearly every value is another person."""
    return groups >= MOST_GROUPS and people < PEOPLE_EACH * groups


def as_read(name: str) -> str:
    """Return a name as people read it: without case, blanks around it, invisible marks, or Unicode's other forms.

    >>> as_read(" Non‐Binary "), as_read("ｆ"), as_read("Straße") == as_read("STRASSE")
    ('non‐binary', 'f', True)
    """
    seen = "".join(c for c in name if unicodedata.category(c) != "Cf")
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", seen).casefold())
    return " ".join(folded.split())


def look_alikes(names: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """Return the names that read alike, each set of them in order.

    They read alike as they are, or with the letters of other scripts written as the Latin ones they are drawn like:
    as capitals, as small letters, or both, for some letters are drawn like Latin ones in one case only.

    >>> look_alikes(["F", "M", "f ", "f"])
    (('F', 'f', 'f '),)
    >>> look_alikes(["a", "\u0430", "b"])
    (('a', '\u0430'),)
    """
    joined: dict[str, str] = {}
    first: dict[str, str] = {}
    for name in sorted(set(names)):
        first[name], *further = _readings(name)
        for reading in further:
            joined[_end(joined, reading)] = _end(joined, first[name])
    alike: dict[str, list[str]] = {}
    for name, reading in first.items():
        alike.setdefault(_end(joined, reading), []).append(name)
    return tuple(tuple(written) for written in alike.values() if len(written) > 1)


def _readings(name: str) -> tuple[str, ...]:
    plain = as_read(name)
    return (plain,) if name.isascii() else (plain, as_read(in_latin(name)), in_latin(plain))


def _end(joined: dict[str, str], reading: str) -> str:
    """Return what a reading, and every one that was joined with it, stands under."""
    while (further := joined.get(reading, reading)) != reading:
        reading = further
    return reading
