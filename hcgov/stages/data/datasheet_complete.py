"""The datasheet answers all seven groups of questions."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from hcgov.core.check import Example, Judged, Params, check
from hcgov.core.direction import Stricter
from hcgov.core.evidence.documents import Card, CardOf
from hcgov.core.measurement import Statement
from hcgov.core.status import Verdict
from hcgov.stages.sections import Alternatives, filled_sections
from hcgov.stages.specimens import card, worked

SECTIONS: Alternatives = (
    ("Motivation",),
    ("Composition",),
    ("Collection process", "Collection", "Data collection"),
    ("Preprocessing", "Data preprocessing", "Cleaning", "Labelling", "Labeling"),
    ("Uses", "Intended uses", "Recommended uses"),
    ("Distribution",),
    ("Maintenance",),
)


class DatasheetComplete(Params):
    """Parameters of a complete datasheet."""

    artifact: str = Field(default="datasheet", description="Datasheet in Markdown.")
    min_characters: Annotated[int, Stricter.HIGHER] = Field(
        default=60,
        ge=1,
        le=100_000,
        description="Fewest characters of a section with all below it.",
    )


def examples() -> tuple[Example[DatasheetComplete], ...]:
    """Return a filled datasheet, one without maintenance, and one that only points elsewhere."""
    told = "Two people read every ticket before it entered the set; a third settled where they differed."
    names = [headings[0] for headings in SECTIONS]
    filled = dict.fromkeys(names, told)
    return worked(
        DatasheetComplete(),
        "datasheet",
        {
            "all seven are filled": (card("datasheet", {}, filled), Verdict.PASS),
            "maintenance is left out": (card("datasheet", {}, dict.fromkeys(names[:-1], told)), Verdict.FAIL),
            "composition is a word": (card("datasheet", {}, filled | {"Composition": "Text."}), Verdict.FAIL),
            "distribution is a link": (
                card("datasheet", {}, filled | {"Distribution": "<https://example.org/terms>"}),
                Verdict.INCONCLUSIVE,
            ),
        },
    )


@check(
    asks=lambda p: {"datasheet": CardOf(artifact=p.artifact, kind="datasheet")},
    params=DatasheetComplete,
    examples=examples,
    judged=Judged.BY_STATEMENT,
    supports=(
        "nist-ai-rmf:MAP 2.3",
        "nist-ai-rmf:MEASURE 2.2",
        "eu-ai-act:Art.10(2)(a)",
        "eu-ai-act:Art.11(1)",
        "iso-42001:A.7.3",
    ),
)
def datasheet_complete(datasheet: Card, params: DatasheetComplete) -> Iterator[Statement]:
    """Say for each of the seven sections whether it is filled.

    Why data were made, what is in them, how they were gathered, cleaned and labelled, what they may be used
    for, who gets them and who keeps them: each is a question that people in the data would ask. Source: Gebru
    et al. 2021, Communications of the ACM 64(12), doi:10.1145/3458723.
    """
    yield from filled_sections(datasheet, SECTIONS, min_characters=params.min_characters)
