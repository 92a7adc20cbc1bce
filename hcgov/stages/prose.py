"""What people wrote: whether it says anything, only points elsewhere, or still waits to be written."""

import re

SLOT = re.compile(r"\{\{[^{}]*\}\}|\{%[^%]*%\}|\{card_data\}")
"""A template's own field."""

NEEDED = re.compile(
    r"[\[(<]?\s*\b(?:(?:more|needs?\s+more|add|insert|fill\s+in)\s+(?:information|details?|text|content)"
    r"(?:\s+(?:is\s+)?(?:needed|required|here|to\s+come|coming\s+soon)(?:\s+for\s+further\s+recommendations)?)"
    r"|needs?\s+more\s+information|information\s+needed|(?:insert|your)\s+(?:\w+\s+){1,4}here|fill\s+(?:me\s+|this\s+)?in"
    r"|lorem\s+ipsum|coming\s+soon|work\s+in\s+progress"
    r"|to\s+be\s+(?:added|announced|completed|confirmed|decided|defined|determined|done"
    r"|filled(?:\s+in)?|updated|written))\b\s*[\])>]?",
    re.IGNORECASE,
)
"""Words that say that the real ones are still to come."""

NOTHING = re.compile(
    r"(?:n\s*\.?\s*/?\s*a|nil|null|unknown|not\s+(?:applicable|available|known|specified|provided|yet)|todo|tbd|tba|tbc|tbw"
    r"|fixme|x{3,}|placeholder)",
    re.IGNORECASE,
)
"""What stands in a field, all by itself, that nobody filled."""

ASKED = (
    r"please\s+(?:\w+ly\s+)?(?:provide|describe|specify|explain|list|discuss|indicate|include|state|note\s+that\s+this"
    r"|fill|add|complete|summari[sz]e)\b"
)
"""How a template asks its author."""

EDGES = " \t\n\r*_`.,;:!?()[]{}<>|\"'-–—•~#=+/\\…"
"""What may stand around words without saying anything."""

_START = re.compile(rf"\W*(?:(?:todo|tbd|fixme)\b|{ASKED})", re.IGNORECASE)
_BRACKETED = re.compile(r"\s*(?:\[[^\[\]]+\](?!\()|<(?!https?:)[^<>@]+>|\{\{.*\}\})\s*", re.DOTALL)
_FILLER = re.compile(r"lorem ipsum|more information needed|\{\{.*?\}\}", re.IGNORECASE | re.DOTALL)
_LINK = re.compile(r"!?\[[^\]]*\]\([^)]*\)|<?https?://\S+|<?\bdoi:\S+|<?\barxiv:\S+", re.IGNORECASE)
_WORD = re.compile(r"\w+")

LEAST_WORDS = 2
"""Words that must stand beside those of a placeholder for a text to say something itself."""

LEAST_BESIDE_LINK = 25
"""Letters and digits that must stand beside a link for a text to say something itself."""


def placeholder(written: str) -> bool:
    """Whether a text is blank, or stands where the real one is still to be written.

    A text that is wholly in brackets is a template's instruction; a Markdown link is not.

    >>> [placeholder(t) for t in ("TBD", "[More Information Needed]", "<name>", "Ticket authors")]
    [True, True, True, False]
    """
    bare = written.strip(EDGES)
    left = _WORD.findall(NEEDED.sub(" ", bare))
    return (
        not bare
        or NOTHING.fullmatch(bare) is not None
        # "To be announced soon" is one; "fill in the form for a caller" is what somebody does.
        or (NEEDED.match(bare) is not None and len(left) < LEAST_WORDS)
        or _START.match(written) is not None
        or _BRACKETED.fullmatch(written) is not None
        or _FILLER.search(written) is not None
    )


def only_links(written: str) -> bool:
    """Whether a text says next to nothing but where else to look.

    >>> only_links("See [the paper](https://example.org/paper.pdf).")
    True
    """
    rest, links = _LINK.subn(" ", written)
    return links > 0 and sum(character.isalnum() for character in rest) < LEAST_BESIDE_LINK


def characters(written: str) -> int:
    """Count characters with runs of blanks taken as one.

    >>> characters("  two   words ")
    9
    """
    return len(" ".join(written.split()))


def words(written: str) -> int:
    """Count different words, so that repeating one does not make a text longer.

    >>> words("good good data")
    2
    """
    return len({word.casefold() for word in _WORD.findall(written)})


def folded(written: str) -> str:
    """Fold a text for comparison: words only, lower case.

    >>> folded("All Users!")
    'all users'
    """
    return " ".join(_WORD.findall(written.casefold()))
