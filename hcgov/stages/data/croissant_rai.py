"""The Croissant metadata are sound and tell the responsible-AI part of the data's story."""

from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import Field

from hcgov.core.check import Example, Judged, Params, check
from hcgov.core.direction import Stricter
from hcgov.core.evidence.documents import Croissant, CroissantOf
from hcgov.core.measurement import Answered, Statement
from hcgov.core.mistake import did_you_mean
from hcgov.core.status import Verdict
from hcgov.core.text import Text, text
from hcgov.stages.prose import characters, only_links, placeholder
from hcgov.stages.specimens import source, worked

CORE = "mlcommons.org/croissant/"
RAI = "mlcommons.org/croissant/rai/"


class CroissantRai(Params):
    """Parameters of the Croissant metadata."""

    artifact: str = Field(default="croissant", description="Croissant metadata (JSON-LD).")
    required: Annotated[tuple[str, ...], Stricter.SUPERSET] = Field(
        default=(
            "dataCollection",
            "dataBiases",
            "dataLimitations",
            "dataUseCases",
            "personalSensitiveInformation",
        ),
        min_length=1,
        description="Responsible-AI properties that must say something, without the `rai:` prefix.",
    )
    min_characters: Annotated[int, Stricter.HIGHER] = Field(
        default=30,
        ge=1,
        le=100_000,
        description="Fewest characters of a required property.",
    )


def examples() -> tuple[Example[CroissantRai], ...]:
    """Return sound metadata, some with a placeholder, and some that only point elsewhere."""
    names: tuple[str, ...] = CroissantRai().required
    told = dict.fromkeys(names, "Callers wrote the tickets; two people read each of them.")

    def metadata(rai: Mapping[str, str], problems: tuple[str, ...] = ()) -> Croissant:
        return Croissant(
            conforms_to=("http://mlcommons.org/croissant/1.0", "http://mlcommons.org/croissant/RAI/1.0"),
            fields={"name": "tickets"},
            rai=dict(rai),
            record_sets=1,
            files=1,
            problems=problems,
            source=source("croissant", "croissant"),
        )

    return worked(
        CroissantRai(),
        "croissant",
        {
            "sound and told": (metadata(told), Verdict.PASS),
            "biases are a placeholder": (metadata({**told, "dataBiases": "TBD"}), Verdict.FAIL),
            "not as the specification asks": (
                metadata(told, ("a distribution entry has no checksum",)),
                Verdict.FAIL,
            ),
            "biases are a link": (
                metadata({**told, "dataBiases": "https://example.org/biases-of-the-data"}),
                Verdict.INCONCLUSIVE,
            ),
        },
    )


@check(
    asks=lambda p: {"croissant": CroissantOf(artifact=p.artifact)},
    params=CroissantRai,
    examples=examples,
    judged=Judged.BY_STATEMENT,
    supports=(
        "nist-ai-rmf:MEASURE 2.2",
        "eu-ai-act:Art.10(2)(b)",
        "eu-ai-act:Art.10(2)(f)",
        "iso-42001:A.7.5",
    ),
)
def croissant_rai(croissant: Croissant, params: CroissantRai) -> Iterator[Statement]:
    """Say whether a version is claimed, what is not as specified, and which required property says nothing.

    Croissant is what machines read of a data set: hubs and search engines show it to people who will never
    open the datasheet. Source: MLCommons Croissant 1.0 and Croissant RAI 1.0.
    """
    core = [uri for uri in croissant.conforms_to if CORE in uri.lower() and RAI not in uri.lower()]
    yield Statement(
        about="conformsTo",
        answer=Answered.MET if core else Answered.NOT_MET,
        text=text("conforms to {versions}", versions=", ".join(core))
        if core
        else text("`conformsTo` names no version of Croissant, so nobody knows how to read it"),
    )
    for number, problem in enumerate(croissant.problems, start=1):
        yield Statement(
            about=f"specification {number}", answer=Answered.NOT_MET, text=text("{problem}", problem=problem)
        )
    told = {name.removeprefix("rai:"): value for name, value in croissant.rai.items()}
    for name in params.required:
        wanted = name.removeprefix("rai:")
        answer, found = _property(told, wanted, params.min_characters)
        yield Statement(about=f"rai:{wanted}", answer=answer, text=found)


def _property(told: Mapping[str, str], name: str, least: int) -> tuple[Answered, Text]:
    if name not in told:
        return Answered.NOT_MET, text(
            "there is no `rai:{name}`; {hint}", name=name, hint=did_you_mean(name, told)
        )
    value = told[name]
    if placeholder(value):
        return Answered.NOT_MET, text("`rai:{name}` is empty or a placeholder", name=name)
    if only_links(value):
        return Answered.CANNOT_TELL, text(
            "`rai:{name}` only points elsewhere, and what stands there was not read", name=name
        )
    length = characters(value)
    return (
        Answered.MET if length >= least else Answered.NOT_MET,
        text(
            "`rai:{name}` has {length} {length|character|characters} (at least {least})",
            name=name,
            length=length,
            least=least,
        ),
    )
