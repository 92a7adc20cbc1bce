"""Patterns against Python's ``re``, on text with line ends, odd blanks and letters beyond ASCII."""

import re
from random import Random

import duckdb
import pytest

from hcgov.io.quality.patterns import common
from hcgov.io.tables.sql import literal

PARTS = (
    "a", "b", "0", "-", "_", " ", ".", r"\.", r"\d", r"\w", r"\s", r"\S", r"\D", r"\W", r"\b", "[a-c]", "[^a]",
    r"[\s_]", r"[^\s]", r"[\w-]", r"\n", r"\-", "@", "[-a]", r"[a\]]", r"[\\s]", r"\_", r"\\", r"\t", "A", "$", "^",
    "|", "(", "(?:", ")", "*", "+", "?", "{2}", "{1,3}", "{0,}", "*?", "(?i)", "(?=a)", r"\Z", r"(a)\1",
    "[[:alpha:]]", "a++", "é", '"', "'", "#", "&", "[a&&b]", "{", "}", r"[^\d\s]", "[a--b]",
)  # fmt: skip
LETTERS = [*"abcA07-_ \n\t\v\x1c\x1f.@\\snw]éß٣\"'"]


@pytest.mark.parametrize("seed", range(3))
def test_what_is_translated_finds_what_python_finds(seed: int) -> None:
    random = Random(seed)
    texts = ["", *("".join(random.choices(LETTERS, k=random.randint(0, 5))) for _ in range(300))]
    with duckdb.connect() as engine:
        engine.execute("CREATE TABLE t AS SELECT UNNEST(?::VARCHAR[]) v", [texts])
        translated = 0
        for _ in range(1_500):
            pattern = "".join(random.choices(PARTS, k=random.randint(0, 6)))
            known = common(pattern)
            if known is None:
                continue
            translated += 1
            query = f"SELECT v FROM t WHERE REGEXP_MATCHES(v, {literal(known.re2)})"
            found = {text for (text,) in engine.execute(query).fetchall()}
            expected = {text for text in texts if re.search(pattern, text)}
            if known.only_ascii:
                found, expected = ({t for t in some if t.isascii()} for some in (found, expected))
            assert found == expected, (pattern, known.re2)
    assert translated > 300


@pytest.mark.parametrize(
    "pattern",
    [
        "(?i)a", "(?=a)", r"(a)\1", r"a\Z", "a++", r"a$\n", "(a$)b", "é", "[[:alpha:]]", "[a--b]", "((", r"\p{L}",
        "a{1001}", "(a{100}){100}", r"\_", "x" * 501,
    ],
)  # fmt: skip
def test_what_is_not_certain_is_left_to_python(pattern: str) -> None:
    assert common(pattern) is None


def test_usual_patterns_are_translated() -> None:
    for pattern in (
        r"^\d{5}$",
        "^[A-Z]{2}-[0-9]+$",
        r"^[\w.+-]+@[\w-]+\.[\w.]+$",
        "^(yes|no)$",
        r"^\S+$",
        "x*",
    ):
        assert common(pattern) is not None
