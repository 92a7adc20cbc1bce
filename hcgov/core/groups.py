"""Names of groups: which differ only in how they are written."""

import unicodedata
from collections.abc import Iterable


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

    >>> look_alikes(["F", "M", "f ", "f"])
    (('F', 'f', 'f '),)
    """
    read: dict[str, list[str]] = {}
    for name in sorted(set(names)):
        read.setdefault(as_read(name), []).append(name)
    return tuple(tuple(alike) for alike in read.values() if len(alike) > 1)
