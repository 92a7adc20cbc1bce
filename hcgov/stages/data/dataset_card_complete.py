"""The dataset card is complete: its front matter is set and its sections are filled, not merely present."""

from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import Field

from hcgov.core.check import Example, Judged, Params, check
from hcgov.core.direction import Stricter
from hcgov.core.evidence.documents import Card, CardOf
from hcgov.core.measurement import Statement
from hcgov.core.status import Verdict
from hcgov.stages.sections import Alternatives, filled_sections, front_matter
from hcgov.stages.specimens import card, worked

SECTIONS: Alternatives = (
    ("Dataset Description", "Dataset Summary", "Dataset Details"),
    ("Uses", "Direct Use", "Supported Tasks"),
    ("Out-of-Scope Use", "Out of scope", "Discouraged Use"),
    ("Dataset Structure", "Data Fields", "Data Instances"),
    ("Curation Rationale",),
    ("Source Data", "Data Collection"),
    ("Personal and Sensitive Information",),
    ("Bias, Risks, and Limitations", "Discussion of Biases", "Social Impact of Dataset", "Limitations"),
)
CONTACT = ("Dataset Card Contact", "Contact", "Dataset Curators", "Dataset Card Authors")


class DatasetCardComplete(Params):
    """Parameters of a complete dataset card."""

    artifact: str = Field(default="dataset_card", description="Dataset card.")
    keys: Annotated[tuple[str, ...], Stricter.SUPERSET] = Field(
        default=("license", "language", "pretty_name"), description="Keys that the front matter must have."
    )
    sections: Annotated[Alternatives, Stricter.EACH_OF_ANY] = Field(
        default=SECTIONS,
        description="Sections that must be filled, each as a list of headings of which one will do.",
    )
    contact: Annotated[tuple[str, ...], Stricter.SUBSET] = Field(
        default=CONTACT, min_length=1, description="Headings of which one must say whom to ask."
    )
    min_characters: Annotated[int, Stricter.HIGHER] = Field(
        default=20,
        ge=1,
        le=100_000,
        description="Fewest characters of a section.",
    )


def examples() -> tuple[Example[DatasetCardComplete], ...]:
    """Return a filled card, one whose headings are empty, and one that only points elsewhere."""
    told = "Tickets that callers wrote between March and June, read by two people each."
    sections = {names[0]: told for names in SECTIONS} | {CONTACT[0]: "data@example.org"}
    keys = {"license": "cc-by-4.0", "language": "en", "pretty_name": "Tickets"}

    def with_sections(changed: Mapping[str, str]) -> Card:
        return card("dataset_card", keys, {**sections, **changed})

    return worked(
        DatasetCardComplete(),
        "card",
        {
            "filled": (with_sections({}), Verdict.PASS),
            "headings without text": (with_sections(dict.fromkeys(sections, "")), Verdict.FAIL),
            "no licence": (card("dataset_card", {}, sections), Verdict.FAIL),
            "the source data are told elsewhere": (
                with_sections({"Source Data": "See [the paper](https://example.org/paper)."}),
                Verdict.INCONCLUSIVE,
            ),
        },
    )


@check(
    asks=lambda p: {"card": CardOf(artifact=p.artifact, kind="dataset_card")},
    params=DatasetCardComplete,
    examples=examples,
    judged=Judged.BY_STATEMENT,
    supports=(
        "nist-ai-rmf:MAP 2.3",
        "nist-ai-rmf:MEASURE 2.2",
        "eu-ai-act:Art.10(2)(b)",
        "iso-42001:A.7.2",
        "iso-42001:A.7.5",
    ),
)
def dataset_card_complete(card: Card, params: DatasetCardComplete) -> Iterator[Statement]:
    """Say for each key and each section whether it says something.

    People who use the data, and people in it, rely on the card to know what it may be used for and whom it
    leaves out; a heading with nothing below it only looks like an answer. Names follow the dataset card of
    the Hugging Face hub, in its present and its former template. Source: Gebru et al. 2021, Communications of
    the ACM 64(12), doi:10.1145/3458723.
    """
    yield from front_matter(card, params.keys)
    yield from filled_sections(card, params.sections, min_characters=params.min_characters)
    yield from filled_sections(card, (params.contact,), min_characters=1, links_suffice=True)
