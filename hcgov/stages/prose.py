"""What people wrote: whether it says anything, only points elsewhere, or still waits to be written."""

import re

_PENDING_WORD = (
    r"todo|tbd|tba|tbc|tbw|fixme|xxx+|n\.?\s*/?\s*a|placeholder|unknown|\.{2,}|…|-+|\?+"
    r"|to be (?:announced|completed|confirmed|decided|defined|determined|done|filled(?: in)?|written)"
    r"|(?:more )?information needed|coming soon|work in progress|fill (?:me )?in"
)
_WHOLE = re.compile(rf"[\s\[({{<*_]*(?:{_PENDING_WORD})[\s\])}}>*_.!]*", re.IGNORECASE)
_START = re.compile(r"\W*(?:todo|tbd|fixme)\b", re.IGNORECASE)
_BRACKETED = re.compile(r"\s*(?:\[[^\[\]]+\](?!\()|<(?!https?:)[^<>@]+>|\{\{.*\}\})\s*", re.DOTALL)
_FILLER = re.compile(r"lorem ipsum|more information needed|\{\{.*?\}\}", re.IGNORECASE | re.DOTALL)
_LINK = re.compile(r"!?\[[^\]]*\]\([^)]*\)|<?https?://\S+|<?\bdoi:\S+|<?\barxiv:\S+", re.IGNORECASE)
_WORD = re.compile(r"\w+")

LEAST_BESIDE_LINK = 25
"""Letters and digits that must stand beside a link for a text to say something itself."""


def placeholder(written: str) -> bool:
    """Whether a text is blank, or stands where the real one is still to be written.

    A text that is wholly in brackets is a template's instruction; a Markdown link is not.

    >>> [placeholder(t) for t in ("TBD", "[More Information Needed]", "<name>", "Ticket authors")]
    [True, True, True, False]
    """
    return (
        not written.strip()
        or _WHOLE.fullmatch(written) is not None
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
