"""Keys that look like other keys."""

import pytest

from hcgov.io.lookalike import hidden_characters, mixed_scripts


@pytest.mark.parametrize(
    "character",
    ["\u200b", "\u200d", "\u2060", "\ufeff", "\u202e", "\u2066", "\u00ad", "\x00", "\x7f", "\ufe0f"],
)
def test_an_invisible_or_bidirectional_character_is_named(character):
    assert hidden_characters(f"lim{character}it")[0].startswith(f"U+{ord(character):04X} ")


@pytest.mark.parametrize("key", ["limit", "at_least", "größe", "цель", "目的", "a b-c.d", "naïve"])
def test_plain_keys_of_any_language_are_not_suspicious(key):
    assert hidden_characters(key) == ()
    assert mixed_scripts(key) == ()


def test_only_the_foreign_letters_of_a_word_are_named():
    assert mixed_scripts("limit_tоо") == ("U+043E CYRILLIC SMALL LETTER O",)
    assert mixed_scripts("group_группа") == ()
    assert mixed_scripts("\U0001d41eq") == ("U+1D41E MATHEMATICAL BOLD SMALL E",)
