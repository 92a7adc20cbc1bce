"""Keys that look like other keys: invisible, bidirectional and look-alike characters.

A reviewer reads a policy on a screen; a key must be what it looks like. The idea is that of Unicode Technical
Standard 39 (mixed-script detection), reduced to the scripts whose letters are drawn like Latin ones.
"""

import re
import unicodedata

from hcgov.core.confusables import named

_LOOK_ALIKE = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU", "GEORGIAN"})
_WORD = re.compile(r"[^\W\d_]+")
_HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_HIDDEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180e\u2800\u3164\uffa0")
"""Letters and marks that draw nothing: fillers, variation selectors, the blank Braille pattern."""


def hidden_characters(key: str) -> tuple[str, ...]:
    """Return the invisible, control and bidirectional characters of a key as ``U+XXXX NAME``.

    >>> hidden_characters("lim\u200bit")
    ('U+200B ZERO WIDTH SPACE',)
    """
    return tuple(dict.fromkeys(named(c) for c in key if _is_hidden(c)))


def mixed_scripts(key: str) -> tuple[str, ...]:
    """Return the look-alike characters of a key as ``U+XXXX NAME``; empty where none is suspicious.

    Suspicious is a word whose letters come from more than one of the scripts that share letter shapes, and
    a letter that is only another drawing of a plain one (full width, mathematical bold).

    >>> mixed_scripts("pоlicy")
    ('U+043E CYRILLIC SMALL LETTER O',)
    >>> mixed_scripts("цель")
    ()
    """
    if key.isascii():
        return ()
    found = [c for c in key if not c.isascii() and c.isalnum() and unicodedata.normalize("NFKC", c).isascii()]
    for word in _WORD.findall(key):
        scripts = {c: _script(c) for c in word}
        seen = set(scripts.values()) & _LOOK_ALIKE
        if len(seen) > 1:
            host = "LATIN" if "LATIN" in seen else scripts[word[0]]
            found += [c for c, script in scripts.items() if script in seen and script != host]
    return tuple(dict.fromkeys(named(c) for c in found))


def _is_hidden(character: str) -> bool:
    if " " <= character <= "~":
        return False
    if unicodedata.category(character) in _HIDDEN_CATEGORIES or character in _HIDDEN:
        return True
    return "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"


def _script(character: str) -> str:
    # The first word of a letter's Unicode name is its script; the standard library has no table of scripts.
    return unicodedata.name(character, "UNNAMED").split()[0]
