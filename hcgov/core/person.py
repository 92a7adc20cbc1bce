"""Who is who: two names of one person must not pass for two persons.

Whoever asks for an exception must not be who approves it. Names are compared by how they are drawn and where their
mail arrives, not by their bytes. The rule errs towards seeing one person: two people who are taken for one are told
so, and one of them writes the name more fully; one person who passes for two would be noticed by nobody.
"""

import re
import unicodedata

from hcgov.core.confusables import in_latin

_ADDRESS = r"[^\s<>@,;:]+@[^\s<>@,;]+"
_SPELT_AT = r"(?i)\s*[\[({]\s*at\s*[\])}]\s*"
_QUOTES = "\"'"
_FONTS_MAKE_ALIKE = str.maketrans("1|i0", "lllo")
"""Digits and letters of which many fonts draw one like the other."""


def same_person(one: str, other: str) -> bool:
    """Whether two names may be those of one person.

    Capitals, blanks, accents, invisible characters, letters that look alike and what stands behind a plus in a mail
    address make no difference; of ``Jane <jane@acme.example>`` the address counts.

    >>> same_person("Dev@Acme.example", "Dev Eloper <dev+approvals@acme.example>")
    True
    >>> same_person("dev@acme.example", "cro@acme.example")
    False
    """
    return not readings(one).isdisjoint(readings(other))


def readings(name: str) -> frozenset[str]:
    """Return what a name may be read as; names that look alike share a reading.

    Some letters are drawn like Latin ones in one case only, so that a name is read as it is written, in capitals and
    in small letters.

    >>> readings("СRO") & readings("cro")  # the first letter is Cyrillic
    frozenset({'cro'})
    """
    shown = "".join(c for c in name if unicodedata.category(c)[0] != "C" or c.isspace())
    written = re.sub(_SPELT_AT, "@", unicodedata.normalize("NFKC", shown))
    # Which of two addresses in one name mail would go to is not for whoever wrote both to say.
    mailboxes = [_mailbox(address) for address in re.findall(_ADDRESS, written)] or [shown]
    return frozenset(_read(cased) for one in mailboxes for cased in (one, one.upper(), one.casefold()))


def _mailbox(address: str) -> str:
    local, _, domain = address.partition("@")
    return f"{local.strip(_QUOTES).partition('+')[0]}@{domain.rstrip('.')}"


def _read(written: str) -> str:
    plain = unicodedata.normalize("NFKD", in_latin(written).casefold())
    marks_off = "".join(c for c in plain if not unicodedata.combining(c) and not c.isspace())
    return marks_off.translate(_FONTS_MAKE_ALIKE)
