"""Patterns find in every engine what Python finds, or are not asked for."""

import re
from collections.abc import Sequence

import pytest

from hcgov.io.quality.patterns import common
from hcgov.io.tables.live.patterns import pattern_in
from tests.io.tables.live.conftest import URL

PATTERNS = (
    "^a", "b$", r"^\d+$", "[^a]", r"^\w+$", r"\s", r"\S\S", "^(a|ab)$", "a{2,3}", "a{2,}b", "", ".", r"\bb",
    "^[a-z ]*$", r"[\t\-x-z]", "a|$", "(a|)b", r"[\w.-]+@x\.y", "[a-c-e]", r"^\D*$", r"^[^\W]", r"^(?:ab)+?$",
    r"a.b", r"[\]\[^]",
    r"^[\s]+$", r"\.\*", "(^a|b$)",
)  # fmt: skip
TEXTS = (
    "", "a", "b", "ab", "abab", "aab", "aaab", "a\n", "\n", "a\nb", "a b", "12", "1\n", "x_1", "\x0b", "\x1c", "z-",
    "e", "me.x@x.y", "^", "[", "]", "a\u2028b", "é", "a\rb", ".*", "\t", "A", "\x85",
)  # fmt: skip


def test_what_is_not_sure_elsewhere_is_not_asked_for() -> None:
    for pattern, dialects in ((r"\B", "postgres spark"), ("x{300}", "postgres"), ("a", "mysql sqlite")):
        assert [pattern_in(pattern, dialect) for dialect in dialects.split()] == [None] * len(
            dialects.split()
        )
    # Java tries every way to part a text among repetitions, which may take longer than anyone waits.
    for pattern in ("(a+)+b", "(a|aa)*b", "(?:a?){30}"):
        assert pattern_in(pattern, "spark") is None
        assert pattern_in(pattern, "postgres") is not None
    assert [
        pattern_in(pattern, "postgres") for pattern in ("(a", "a)", "(?=a)", "a++", r"\pL", "[[:alpha:]]+")
    ] == ([None] * 6)


def known(dialect: str) -> dict[str, str]:
    found = {}
    for pattern in PATTERNS:
        here = common(pattern)
        there = None if here is None else pattern_in(here.re2, dialect)
        if there is not None:
            found[pattern] = there
    assert len(found) >= 20
    return found


def ours(pattern: str, texts: Sequence[str]) -> list[bool]:
    here = common(pattern)
    assert here is not None
    return [re.search(pattern, text) is not None for text in texts if text.isascii() or not here.only_ascii]


@pytest.mark.services
def test_postgresql_finds_what_python_finds() -> None:
    psycopg = pytest.importorskip("psycopg")
    with psycopg.connect(URL) as connection:
        for pattern, there in known("postgres").items():
            texts = [text for text in TEXTS if text.isascii() or not common(pattern).only_ascii]  # type: ignore[union-attr]  # known
            terms = ", ".join(['%s COLLATE "C" ~ %s'] * len(texts))
            values = [value for text in texts for value in (text, there)]
            row = connection.execute(f"SELECT {terms}", values).fetchone()
            assert list(row or ()) == ours(pattern, TEXTS), pattern


@pytest.mark.spark
def test_spark_finds_what_python_finds() -> None:
    sessions = pytest.importorskip("pyspark.sql")
    session = sessions.SparkSession.builder.master("local[2]").getOrCreate()
    pattern_ = session._jvm.java.util.regex.Pattern
    for pattern, there in known("spark").items():
        texts = [text for text in TEXTS if text.isascii() or not common(pattern).only_ascii]  # type: ignore[union-attr]  # known
        compiled = pattern_.compile(there)
        assert [compiled.matcher(text).find() for text in texts] == ours(pattern, TEXTS), pattern
