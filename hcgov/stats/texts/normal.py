"""Texts brought to one form before they are compared: NFKC, white space, case."""

import hashlib
import re
import unicodedata

_WORD = re.compile(r"\w+")
_BETWEEN = re.compile(r"\W+")


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
    """
    return _WORD.findall(caseless(text))


def caseless(text: str) -> str:
    """Return the NFKC form of a text without case, in which words are compared."""
    return text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()


def words_as_bytes(text: str) -> bytes:
    """Return a text without case in UTF-8, in which every byte from 128 on belongs to a word."""
    plain = caseless(text)
    return (plain if plain.isascii() else _BETWEEN.sub(" ", plain)).encode("utf-8", "surrogatepass")


def digest(*parts: str) -> bytes:
    """Return the SHA-256 of the normalised parts; where one ends and the next begins is part of it."""
    hashed = hashlib.sha256()
    for part in parts:
        told = normalised(part).encode("utf-8", "surrogatepass")
        hashed.update(len(told).to_bytes(8, "big"))
        hashed.update(told)
    return hashed.digest()
