"""Datasheets for datasets (Gebru et al. 2021, doi:10.1145/3458723) written in Markdown.

The seven sections of the paper (Motivation, Composition, Collection process, Preprocessing/cleaning/labeling,
Uses, Distribution, Maintenance) are names that a check asks for; a question left unanswered is no content.
"""

from hcgov.core.evidence.absent import Absent
from hcgov.core.evidence.documents import Card
from hcgov.io.files import Blob
from hcgov.io.readers.card import read_markdown


def read(blob: Blob) -> Card | Absent:
    """Read a datasheet; it needs no front matter."""
    return read_markdown(blob)
