"""What the tables share: repeatable chance, people with their languages, and CSV."""

import csv
import hashlib
import io
from collections.abc import Mapping, Sequence

Row = dict[str, object]
Strengths = Mapping[str, float]
"""How strong each planted fault is; one that is not named is at its released strength."""

SEED = "listening-study-20261116"


def chance(*about: object) -> float:
    """Return a number in [0, 1) that is always the same for the same things and looks drawn at random."""
    told = "/".join((SEED, *map(str, about))).encode()
    return int.from_bytes(hashlib.blake2b(told, digest_size=8).digest(), "big") / 2.0**64


def even(place: int, *about: object) -> float:
    """Return the number at a place of a sequence that fills [0, 1) evenly, so that shares are nearly exact."""
    return (place * 0.6180339887498949 + chance(*about)) % 1.0


def language(person: int, people: int) -> str:
    """Return the first language of a person: 56 in 100 English, 42 Polish, 2 Welsh."""
    place = (person * 37 % 100 if people >= 100 else person * 100 // people) % 100
    return "english" if place < 56 else "polish" if place < 98 else "welsh"


def other(person: int, people: int) -> bool:
    """Whether English is not a person's first language."""
    return language(person, people) != "english"


def table(rows: Sequence[Row]) -> bytes:
    """Return rows as CSV."""
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(rows[0]), lineterminator="\n", restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()
