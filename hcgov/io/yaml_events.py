"""What the YAML parser hands on, piece by piece, and what is read from a piece."""

from typing import Protocol

from hcgov.io.scalars import WORDS


class Mark(Protocol):
    """A place in the text."""

    index: int


class Event(Protocol):
    """What is needed of an event of the parser."""

    start_mark: Mark
    end_mark: Mark


class Parser(Protocol):
    """What is needed of the parser."""

    def get_event(self) -> Event:
        """Return the next event."""
        ...


def parser_of(text: str) -> Parser:
    """Return the parser of a text: that of libyaml where it is there."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    parser: Parser = loader(text)
    return parser


def word_of(event: Event) -> str | None:
    """Return a scalar that is text whether plain or in quotes, as most of a file is; ``None`` for all else."""
    text: str | None = getattr(event, "value", None)
    if not text or not text[0].isalpha() or not text.isascii() or text in WORDS:
        return None
    return text if anchor_of(event) is None and tag_of(event) is None else None


def kind_of(event: Event) -> str:
    """Return the kind of an event, by the name of its class."""
    return event.__class__.__name__


def text_of(event: Event) -> str:
    """Return the text of a scalar."""
    return getattr(event, "value", None) or ""


def is_plain(event: Event) -> bool:
    """Whether a scalar stands without quotes."""
    return not getattr(event, "style", None)


def anchor_of(event: Event) -> str | None:
    """Return the anchor, if any."""
    return getattr(event, "anchor", None)


def tag_of(event: Event) -> str | None:
    """Return the tag, if any."""
    return getattr(event, "tag", None)
