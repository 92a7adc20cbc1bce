"""Whether prose says something, or is what a template left there.

Templates of model cards, dataset cards and datasheets come filled with placeholders, labels without values,
questions and instructions to the author. They are no content; what is left when they are taken away is.
"""

import re

from hcgov.stages.prose import ASKED, EDGES, NEEDED, NOTHING, SLOT

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_OPTIONAL = re.compile(r"\[\s*(?:optional|if applicable|if available)\s*\]", re.IGNORECASE)
_LATER = re.compile(r"\b(?:TODO|TBD|TBA|TBC|FIXME|XXX)\b")
_LABEL = re.compile(r"[^:\n]{1,80}:")
_LABELLED_LINE = re.compile(r"[\W_]*[^\W_][^:.?!\n]{0,60}:(?!\S*//)")
_SENTENCE_END = re.compile(r"(?<=[.?!:])\s+(?![(\d])")  # "et al. (2019)" is no end
_INSTRUCTION = re.compile(
    rf"(?:.*\b{ASKED}"
    r"|(?:briefly\s+)?(?:summari[sz]e|describe|provide|explain|specify|list|include|mention|discuss|address|indicate|state"
    r"|give|write|fill\s+in|enter|insert)\s+(?:and\s+\w+\s+)?(?:a|an|the|any|all|whether|if|how|why|what|and|here|each|your"
    r"|this|these|basic|links?|instructions|relevant)\b"
    r"|this\s+section\s+(?:is\s+(?:meant|for|intended)|should|describes|addresses|provides|will|would|can|may)\b"
    r"|use\s+the\s+code\s+below\s+to\s+get\s+started\b"
    r"|users\s+\(both\s+direct\s+and\s+downstream\)\s+should\s+be\s+made\s+aware\s+of\s+the\s+risks\b"
    r"|carbon\s+emissions\s+can\s+be\s+estimated\s+using\s+the\b"
    r"|an\s+example\s+of\s+\S+\s+looks\s+as\s+follows)",
    re.IGNORECASE,
)
_SHORT = 8


def without_markup(text: str) -> str:
    """Return text without HTML comments and tags; what a comment holds is never shown to a reader."""
    return _TAG.sub(" ", _COMMENT.sub(" ", text))


def content(paragraph: str, *, wrapped: bool = True) -> str:
    """Return a paragraph, list item or table cell if it says something, else the empty string.

    Parameters
    ----------
    paragraph
        Its text; placeholders are cut out of what is returned.
    wrapped
        Whether a line may go on in the next one, as prose does and code does not.

    >>> content("License: [More Information Needed]"), content("TODO"), content("License: MIT")
    ('', '', 'License: MIT')
    >>> content("For what purpose was the data set created? Please provide a description.")
    ''
    """
    written = without_markup(paragraph).splitlines()
    lines = (_line_content(line) for line in (_unwrapped(written) if wrapped else written))
    return "\n".join(line for line in lines if line)


def _unwrapped(lines: list[str]) -> list[str]:
    """Join the lines of a wrapped paragraph; a line that begins with a label stays on its own."""
    joined: list[str] = []
    for line in lines:
        if (
            joined
            and not _LABELLED_LINE.match(line)
            and not _LABELLED_LINE.fullmatch(joined[-1].rstrip(" *_"))
        ):
            joined[-1] = f"{joined[-1]} {line}"
        else:
            joined.append(line)
    return joined


def _line_content(line: str) -> str:
    whole = " ".join(_OPTIONAL.sub(" ", line).split())
    if _LATER.search(whole) and len(whole.split()) <= _SHORT:
        return ""
    sentences = _SENTENCE_END.split(SLOT.sub(" ", whole).strip())
    told = [NEEDED.sub(" ", sentence) for sentence in sentences if not _asks(sentence)]
    rest = " ".join(" ".join(told).split())
    value = _LABEL.sub("", rest, count=1) if _LABEL.match(rest) else rest
    bare = value.strip(EDGES)
    says = any(character.isalnum() for character in bare) and not NOTHING.fullmatch(bare)
    return rest if says else ""


def _asks(sentence: str) -> bool:
    """Whether a sentence is a question, an instruction to the author, or begins with a placeholder."""
    bare = sentence.strip(" \t*_`>\"'()[]")
    return bare.endswith("?") or _INSTRUCTION.match(bare) is not None or NEEDED.match(bare) is not None
