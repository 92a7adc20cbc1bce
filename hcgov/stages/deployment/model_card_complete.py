"""The model card is complete: its front matter is set and its sections are filled, not merely present."""

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
    ("Model Description", "Model Details", "Model Summary"),
    ("Uses", "Direct Use", "Intended Use", "Intended uses"),
    ("Out-of-Scope Use", "Out of scope", "Misuse"),
    ("Bias, Risks, and Limitations", "Limitations", "Ethical considerations", "Risks"),
    ("Recommendations", "Mitigations"),
    ("Training Data", "Training Details", "Training"),
    ("Evaluation", "Results", "Quantitative analyses"),
)
CONTACT = ("Model Card Contact", "Contact", "Model Card Authors")


class ModelCardComplete(Params):
    """Parameters of a complete model card."""

    artifact: str = Field(default="model_card", description="Model card.")
    keys: Annotated[tuple[str, ...], Stricter.SUPERSET] = Field(
        default=("license", "model-index"), description="Keys that the front matter must have."
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


def examples() -> tuple[Example[ModelCardComplete], ...]:
    """Return a filled card, and ones with a section left out, left empty, or told elsewhere."""
    told = "Drafts replies that an agent reads, changes and sends; it was tried on tickets of one year."
    keys = {"license": "apache-2.0", "model-index": "Relay"}
    sections = {names[0]: told for names in SECTIONS} | {CONTACT[0]: "model@example.org"}
    without = {heading: told for heading in sections if heading != "Out-of-Scope Use"}

    def with_sections(changed: Mapping[str, str]) -> Card:
        return card("model_card", keys, changed)

    return worked(
        ModelCardComplete(),
        "card",
        {
            "filled": (with_sections(sections), Verdict.PASS),
            "uses out of scope are left out": (with_sections(without), Verdict.FAIL),
            "headings without text": (with_sections(dict.fromkeys(sections, "")), Verdict.FAIL),
            "the evaluation is told elsewhere": (
                with_sections({**sections, "Evaluation": "See <https://example.org/report>."}),
                Verdict.INCONCLUSIVE,
            ),
        },
    )


@check(
    asks=lambda p: {"card": CardOf(artifact=p.artifact, kind="model_card")},
    params=ModelCardComplete,
    examples=examples,
    judged=Judged.BY_STATEMENT,
    supports=(
        "nist-ai-rmf:MEASURE 2.8",
        "nist-ai-rmf:MANAGE 1.4",
        "eu-ai-act:Art.13(3)(b)",
        "iso-42001:A.8.2",
    ),
)
def model_card_complete(card: Card, params: ModelCardComplete) -> Iterator[Statement]:
    """Say for each key and each section whether it says something.

    The card is what people who use the model, or are judged with it, can know of it: what it is for, what it
    is not for, for whom it works less well, and whom to ask. Names follow the model card of the Hugging Face
    hub. Source: Mitchell et al. 2019, FAT*, doi:10.1145/3287560.3287596.
    """
    yield from front_matter(card, params.keys)
    yield from filled_sections(card, params.sections, min_characters=params.min_characters)
    yield from filled_sections(card, (params.contact,), min_characters=1, links_suffice=True)
