"""Artifacts that hold people's judgments: which file, in which format, and which column is which."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from hcgov.core.artifacts import ArtifactBase, CsvDialect, Spec
from hcgov.core.long_tables import COLUMNS, LongKind, Scale

Fixed = Annotated[str, Field(min_length=1, max_length=200)]
REVOKED = "revoked"
"""The consent of who withdrew."""


def is_revoked(value: str) -> bool:
    """Whether a value of a file says itself that consent was revoked."""
    return value.strip().casefold() == REVOKED


class LongMapping(Spec):
    """How a file becomes a long table; stands in the manifest, or in a file of its own (``mapping:``)."""

    format: str = Field(
        default="",
        pattern=r"^[a-z0-9][a-z0-9-]{0,39}$|^$",
        description="Format with a reader of its own, such as `argilla`; a table with columns if left out.",
    )
    columns: dict[str, str] = Field(
        default_factory=dict,
        description="Canonical column -> column of the file; those of equal name need none.",
    )
    groups: dict[str, str] = Field(
        default_factory=dict, description="Slice column -> column of the file, where the names differ."
    )
    questions: dict[str, str] = Field(
        default_factory=dict,
        description="Question -> column of the file with its answers, for tables with a column a question.",
    )
    constants: dict[str, Fixed] = Field(
        default_factory=dict, description="Canonical column -> the value that every row has."
    )
    values: dict[str, dict[str, str | None]] = Field(
        default_factory=dict,
        description="Canonical or slice column -> value of the file -> value here; null means not recorded.",
    )
    only: dict[str, tuple[str, ...]] = Field(
        default_factory=dict,
        description="Column of the file -> values: other rows are not part of the table.",
    )
    scale: Scale = Field(default=Scale.NOMINAL, description="nominal, ordinal, interval or ratio.")
    order: tuple[str, ...] = Field(default=(), description="Values of an ordinal scale, lowest first.")
    low: float | None = Field(default=None, allow_inf_nan=False, description="Lowest value of the scale.")
    high: float | None = Field(default=None, allow_inf_nan=False, description="Highest value of the scale.")
    randomised: bool | None = Field(
        default=None, description="Whether the order in which things were shown was drawn at random."
    )
    declared: dict[str, str] = Field(default_factory=dict, description="Further facts that checks read.")
    csv: CsvDialect = CsvDialect()
    question: str = Field(default="", description="For formats that hold several questions: which one.")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.low is not None and self.high is not None and not self.low < self.high:
            raise ValueError("`low` must be below `high`")
        twice = sorted({value for value in self.order if self.order.count(value) > 1})
        if twice:
            raise ValueError(f"`order` names `{twice[0]}` twice")
        if self.questions and "label" in self.columns:
            raise ValueError(
                "`questions` says where the labels stand, so `columns` cannot name a `label` too"
            )
        both = [name for name in self.constants if name in self.columns]
        if both:
            raise ValueError(
                f"`{both[0]}` stands under `columns` and under `constants`; it is one or the other"
            )
        self._no_one_is_bound_again()
        return self

    def _no_one_is_bound_again(self) -> None:
        """Refuse to read a consent that was revoked as another one: who withdrew is in no number."""
        for given, meant in self.values.get("consent", {}).items():
            if is_revoked(given) and meant != REVOKED:
                raise ValueError(f"`values` cannot read `{given}` consent as anything but `{REVOKED}`")


class Judgments(ArtifactBase, LongMapping):
    """A long table of judgments: one row a judgment."""

    kind: Literal["annotations", "annotators", "preferences", "evaluations", "personalization", "feedback"]
    mapping: str = Field(default="", description="File with the mapping, in place of the keys here.")
    annotators: str = Field(
        default="", description="Artifact of kind `annotators` that describes the people who judged."
    )

    @property
    def long_kind(self) -> LongKind:
        """Which long table it is."""
        return LongKind(self.kind)

    def mapped_with(self, mapping: LongMapping) -> "Judgments":
        """Return the artifact with a mapping in place of its own."""
        return self.model_copy(update={name: getattr(mapping, name) for name in LongMapping.model_fields})

    @model_validator(mode="after")
    def _known(self) -> Self:
        known = COLUMNS[self.long_kind]
        for place in (self.columns, self.constants):
            stray = [name for name in place if name not in known]
            if stray:
                raise ValueError(f"`{stray[0]}` is no column of {self.kind}; there are {', '.join(known)}")
        if self.mapping:
            usual = LongMapping()
            beside = [key for key in LongMapping.model_fields if getattr(self, key) != getattr(usual, key)]
            if beside:
                raise ValueError(f"`{beside[0]}` stands either here or in the file that `mapping` names")
        return self
