"""The card's body: headings of the Hugging Face template, and fences around what is made from the record."""

import re
from collections.abc import Iterable, Iterator

from hcgov.core.frozen import frozen
from hcgov.core.record import ReportV1
from hcgov.io.render.plain import markdown

NOTHING = "Not provided."

_FENCE = re.compile(r"<!-- hcgov:(begin|end) ([a-z][a-z-]*) -->[ \t]*")
_HEADING = re.compile(r"(#{1,6})[ \t]+(.*?)[ \t]*#*[ \t]*")
_CODE = re.compile(r"[ ]{0,3}(`{3,}|~{3,})")
_OPTIONAL = re.compile(r"\s*\[optional\]\s*$", re.IGNORECASE)
_EMPTY = re.compile(r"(?:not provided|\[?more information needed\]?|todo|tbd|n/?a)\.?", re.IGNORECASE)
_SLOT = re.compile(r"[-*]\s+\*\*(.+?):?\*\*:?\s*(.*)")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)

HEADINGS: tuple[tuple[int, str, str], ...] = (
    (2, "Model Details", ""),
    (
        3,
        "Model Description",
        "- **Model type:** Not provided\n- **Finetuned from model:** Not provided\n- **Funded by:** Not provided",
    ),
    (3, "Model Sources", "- **Repository:** Not provided\n- **Paper:** Not provided"),
    (2, "Uses", ""),
    (3, "Direct Use", NOTHING),
    (3, "Downstream Use", NOTHING),
    (3, "Out-of-Scope Use", NOTHING),
    (2, "Bias, Risks, and Limitations", NOTHING),
    (3, "Recommendations", NOTHING),
    (2, "How to Get Started with the Model", NOTHING),
    (2, "Training Details", ""),
    (3, "Training Data", NOTHING),
    (3, "Training Procedure", NOTHING),
    (4, "Preprocessing", NOTHING),
    (4, "Training Hyperparameters", NOTHING),
    (2, "Evaluation", ""),
    (3, "Testing Data, Factors & Metrics", ""),
    (4, "Testing Data", ""),
    (4, "Factors", ""),
    (4, "Metrics", ""),
    (3, "Results", ""),
    (2, "Environmental Impact", NOTHING),
    (2, "Technical Specifications", NOTHING),
    (2, "Release Decision", ""),
    (2, "Citation", NOTHING),
    (2, "Model Card Authors", NOTHING),
    (2, "Model Card Contact", NOTHING),
)
"""Level, name and first text of every heading; the names are those of the template, without ``[optional]``."""


class UnreadableCard(ValueError):  # noqa: N818 - it says what the card is, as the other refusals of readers do
    """It cannot be told which part of a card people wrote; nothing is changed."""


@frozen
class Block:
    """Text made from the record: its name, the heading it belongs under (none: after the title), and its lines."""

    name: str
    heading: str
    text: str


@frozen
class Gaps:
    """How many of the card's slots say something, and the names of those that do not."""

    filled: int
    open: tuple[str, ...]


def skeleton(report: ReportV1) -> str:
    """Return a card in which every heading stands and nothing is invented."""
    parts = [f"# Model Card for {markdown(report.system.name)} {markdown(report.system.version)}"]
    for level, name, text in HEADINGS:
        parts.append(f"{'#' * level} {name}")
        if text:
            parts.append(text)
    return "\n\n".join(parts) + "\n"


def fill(body: str, blocks: Iterable[Block]) -> str:
    """Put each block between its fences; where a card has none yet, under its heading, or at the end.

    Raises
    ------
    UnreadableCard
        Fences do not pair.
    """
    for block in blocks:
        lines = body.split("\n")
        found = _fences(lines)
        new = [
            f"<!-- hcgov:begin {block.name} -->",
            "",
            *_inner(block),
            "",
            f"<!-- hcgov:end {block.name} -->",
        ]
        if block.name in found:
            start, end = found[block.name]
            lines[start : end + 1] = new
        else:
            at = _place(lines, block.heading)
            if at is None:
                lines = [*"\n".join(lines).rstrip().split("\n"), "", f"## {block.heading}"]
                at = len(lines)
            lines[at:at] = ["", *new]
            if at + len(new) + 1 < len(lines) and lines[at + len(new) + 1].strip():
                lines.insert(at + len(new) + 1, "")
        body = "\n".join(lines)
    return body


def _inner(block: Block) -> list[str]:
    # Text from the record is escaped, so it cannot hold a fence; this is the last guard that it does not.
    return [line if not _FENCE.fullmatch(line) else "" for line in block.text.strip("\n").split("\n")]


def _fences(lines: list[str]) -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    opened: tuple[str, int] | None = None
    for number, line in _outside_code(lines):
        fence = _FENCE.fullmatch(line)
        if fence is None:
            continue
        kind, name = fence.groups()
        if kind == "begin":
            if opened is not None or name in found:
                raise UnreadableCard(
                    f"line {number + 1} of the body begins block `{name}` inside another, or again"
                )
            opened = (name, number)
        elif opened is None or opened[0] != name:
            raise UnreadableCard(f"line {number + 1} of the body ends block `{name}`, which is not open")
        else:
            found[name] = (opened[1], number)
            opened = None
    if (code := _open_code(lines)) is not None:
        raise UnreadableCard(f"line {code + 1} of the body opens a code block that is never closed")
    if opened is not None:
        raise UnreadableCard(f"block `{opened[0]}` begins in line {opened[1] + 1} of the body and never ends")
    return found


def _outside_code(lines: list[str]) -> Iterator[tuple[int, str]]:
    return ((number, line) for number, line, code in _with_code(lines) if code is None)


def _open_code(lines: list[str]) -> int | None:
    """Return the line that opens a code block which nothing closes."""
    found = list(_with_code(lines))
    if not found:
        return None
    number, line, opened = found[-1]
    closed = opened is None or (number != opened and _closes(line, lines[opened]))
    return None if closed else opened


def _with_code(lines: list[str]) -> Iterator[tuple[int, str, int | None]]:
    """Yield each line with its number, and the number of the line that opened the code block it belongs to."""
    opened: int | None = None
    for number, line in enumerate(lines):
        was = opened
        opened = number if was is None and _CODE.match(line) else was
        yield number, line, opened
        if was is not None and _closes(line, lines[was]):
            opened = None


def _closes(line: str, opening: str) -> bool:
    fence, found = _CODE.match(opening), _CODE.match(line)
    return (
        fence is not None
        and found is not None
        and line.strip().startswith(fence[1])
        and not line.strip().strip(fence[1][0])
    )


def _headings(lines: list[str]) -> list[tuple[int, int, str]]:
    """Return line, level and name of every heading."""
    found = []
    for number, line in _outside_code(lines):
        heading = _HEADING.fullmatch(line)
        if heading is not None:
            found.append((number, len(heading[1]), _OPTIONAL.sub("", heading[2])))
    return found


def _place(lines: list[str], heading: str) -> int | None:
    """Return the line after a heading; with no heading named, after the title, or the top where there is none."""
    for number, level, name in _headings(lines):
        if (heading and name.casefold() == heading.casefold()) or (not heading and level == 1):
            return number + 1
    return None if heading else 0


def gaps(body: str) -> Gaps:
    """Return which slots of a card say nothing: headings without text, and labels without a value."""
    lines = body.split("\n")
    headings = _headings(lines)
    filled, opened = 0, []
    for index, (start, level, name) in enumerate(headings):
        following = headings[index + 1] if index + 1 < len(headings) else (len(lines), 0, "")
        if level == 1:
            continue
        said, unsaid, waiting = _slots("\n".join(lines[start + 1 : following[0]]))
        filled += said
        opened += [f"{name}: {label}" for label in unsaid]
        if waiting or (not said and not unsaid and following[1] <= level):
            opened.append(name)
    return Gaps(filled=filled, open=tuple(opened))


def _slots(text: str) -> tuple[int, tuple[str, ...], bool]:
    """Return how many parts of a section say something, the labels of those that do not, and whether prose waits."""
    said, unsaid, prose, waiting = 0, [], False, False
    for line in filter(None, (part.strip() for part in _COMMENT.sub("", text).split("\n"))):
        slot = _SLOT.fullmatch(line)
        if slot is None:
            empty = _EMPTY.fullmatch(line) is not None
            prose, waiting = prose or not empty, waiting or empty
        elif not slot[2].strip() or _EMPTY.fullmatch(slot[2].strip()):
            unsaid.append(slot[1])
        else:
            said += 1
    return said + prose, tuple(unsaid), waiting
