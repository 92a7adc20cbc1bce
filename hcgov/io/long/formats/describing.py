"""What a file says about people: attributes, and consent that was withdrawn.

Prolific, and data sets collected with it, write two words in place of an attribute. ``CONSENT_REVOKED`` stands in
every attribute of a person who withdrew consent for the study: the person leaves every number. ``DATA_EXPIRED``
stands in single attributes whose answer, given in Prolific's screening, was too old to be shared when it was
exported; of the 506 people of MultiPICo 109 have it as employment status and 1 as gender, while the rest of what
they said stands. So it is read as a value of the attribute, ``expired``, and says nothing about consent. The
reading rests on the files themselves (LeWiDi, MultiPICo and CSC); Prolific's public documentation of the two
words was not found.
"""

from collections.abc import Mapping

from hcgov.core.evidence.source import Tree
from hcgov.io.long.formats.values import name_of

CONSENT_REVOKED = "CONSENT_REVOKED"
DATA_EXPIRED = "DATA_EXPIRED"
EXPIRED = "expired"
REVOKED = "revoked"


def described(attributes: Mapping[str, Tree]) -> tuple[dict[str, str | None], str | None]:
    """Return the attributes of a person as groups, and their consent where the attributes tell it.

    ``nan``, which is how a missing number ends up in text, is not recorded. Every other word stays as it is.

    >>> described({"Age": 34.0, "Gender": "DATA_EXPIRED"})
    ({'Age': '34', 'Gender': 'expired'}, None)
    >>> described({"Age": 34.0, "Gender": "CONSENT_REVOKED"})
    ({'Age': None, 'Gender': None}, 'revoked')
    """
    words = {key: name_of(value) for key, value in attributes.items()}
    if CONSENT_REVOKED in words.values():
        return dict.fromkeys(words), REVOKED
    return {key: _attribute(word) for key, word in words.items()}, None


def _attribute(word: str | None) -> str | None:
    if word is None or word in ("nan", "NaN"):
        return None
    return EXPIRED if word == DATA_EXPIRED else word
