"""Sections of a Markdown document, as CommonMark reads it (headings in code fences and comments are none)."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hcgov.core.evidence.documents import Section
from hcgov.io.readers.prose import content

if TYPE_CHECKING:
    from markdown_it.token import Token

LARGEST = 1 << 20
"""Most bytes of a Markdown document; a card is written for people to read."""

_PLACEHOLDER_LINKS = ("how-to-contribute-to-the-dataset-cards", "how-to-contribute-to-the-dataset-card")


def sections(text: str, *, first_line: int = 1) -> tuple[Section, ...]:
    """Return the sections of a document in order.

    Parameters
    ----------
    text
        Markdown, any line ends.
    first_line
        Line of the file in which ``text`` begins.

    Returns
    -------
    tuple of Section
        ``text`` of a section holds only what says something (placeholders, labels without value, template
        instructions and comments are left out); ``filled`` is whether there is any. Prose before the first
        heading belongs to no section.
    """
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    # Only headings that stand by themselves begin a section, not those quoted or inside a list.
    starts = [i for i, token in enumerate(tokens) if token.type == "heading_open" and token.level == 0]
    found = []
    for start, end in zip(starts, [*starts, len(tokens)][1:], strict=True):
        said = "\n".join(block for block in _blocks(tokens[start + 3 : end]) if block)
        line = (tokens[start].map or [0])[0] + first_line
        heading = " ".join(_inline(tokens[start + 1]).split())
        level = int(tokens[start].tag[1:])
        found.append(Section(heading=heading, level=level, text=said, filled=bool(said), line=line))
    return tuple(found)


def _blocks(tokens: "list[Token]") -> Iterator[str]:
    """Yield what each paragraph, code block, HTML block and table row says; empty where it says nothing."""
    cells: list[str] | None = None
    in_head = False
    for token in tokens:
        if token.type in ("thead_open", "thead_close"):
            in_head = token.type == "thead_open"
        elif token.type == "tr_open":
            cells = []
        elif token.type == "tr_close":
            # The first cell of a row is its label, unless it is the only one.
            said = [content(cell) for cell in cells or ()]
            yield " | ".join(cells or ()) if not in_head and any(said[1:] or said) else ""
            cells = None
        elif token.type == "inline" and cells is not None:
            cells.append(_inline(token))
        elif token.type == "inline":
            yield content(_inline(token))
        elif token.type in ("fence", "code_block", "html_block"):
            yield content(token.content, wrapped=token.type == "html_block")


def _inline(token: "Token") -> str:
    """Return the text of an inline token as a reader sees it; images by their alternative text."""
    parts: list[str] = []
    skipping = False
    for child in token.children or ():
        if child.type == "link_open":
            target = str(child.attrGet("href") or "")
            # A link within the page, as in a table of contents, and a link to the template say nothing.
            skipping = target.startswith("#") or target.endswith(_PLACEHOLDER_LINKS)
        elif child.type == "link_close":
            skipping = False
        elif skipping:
            continue
        elif child.type in ("softbreak", "hardbreak"):
            parts.append("\n")
        elif child.type in ("text", "code_inline", "html_inline", "image"):
            parts.append(child.content)
    return "".join(parts)
