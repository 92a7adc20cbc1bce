"""Texts brought to one form before they are compared: NFKC, white space, case."""

import hashlib
import re
import unicodedata

_WORD = re.compile(r"\w+")
_BETWEEN = re.compile(r"\W+")
_ALONE = re.compile(
    "([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff])"
)
"""Letters of scripts that put no space between words (Thai, Lao, Burmese, Khmer, kana, Han): each is a word."""


def normalised(text: str) -> str:
    r"""Return a text in NFKC with every run of white space as one space and none at the ends.

    >>> normalised(" ﬁne\u00a0 print\n")
    'fine print'
    """
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return " ".join(plain.split())


def words(text: str) -> list[str]:
    """Return the words of a text: runs of letters, digits and underscores of its NFKC form, without case.

    >>> words("It's FINE, isn't it?")
    ['it', 's', 'fine', 'isn', 't', 'it']
    >>> words("今日は fine")
    ['今', '日', 'は', 'fine']
    """
    return _WORD.findall(_apart(caseless(text)))


def caseless(text: str) -> str:
    """Return the NFKC form of a text without case, in which words are compared."""
    return text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()


def words_as_bytes(text: str) -> bytes:
    """Return a text without case in UTF-8, in which every byte from 128 on belongs to a word."""
    plain = caseless(text)
    return (plain if plain.isascii() else _BETWEEN.sub(" ", _apart(plain))).encode("utf-8", "surrogatepass")


def digest(*parts: str) -> bytes:
    """Return the SHA-256 of the normalised parts; where one ends and the next begins is part of it."""
    hashed = hashlib.sha256()
    for part in parts:
        told = normalised(part).encode("utf-8", "surrogatepass")
        hashed.update(len(told).to_bytes(8, "big"))
        hashed.update(told)
    return hashed.digest()


def _apart(plain: str) -> str:
    """Return a text in which letters that are words of their own stand between spaces."""
    return plain if plain.isascii() else _ALONE.sub(r" \1 ", plain)
