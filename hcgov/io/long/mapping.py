"""Mapping files: how a file becomes a long table, apart from the manifest."""

from hcgov.core.judged import LongMapping
from hcgov.core.mistake import Mistake
from hcgov.io.manifest import understood
from hcgov.io.yaml import parse

MOST_BYTES = 1 << 18


def parse_mapping(data: bytes, file: str) -> tuple[LongMapping | None, list[Mistake]]:
    """Return the mapping of a file, and every mistake in it with its place.

    Raises
    ------
    AuthoringError
        It is no YAML.
    """
    return understood(LongMapping, parse(data, file, max_bytes=MOST_BYTES), (), what="the mapping")
