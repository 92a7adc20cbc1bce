"""The manifest of a project, ``hcgov.yaml``: its system, artifacts, slices, policies, answers and tracking."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from hcgov.core.artifacts import ArtifactBase, CsvDialect, Scalar, Spec
from hcgov.core.connection import Connection
from hcgov.core.control import DecimalText, Identifier
from hcgov.core.judged import Judgments
from hcgov.core.slices import SliceRules
from hcgov.core.status import RiskProfile

Files = Annotated[
    tuple[str, ...], BeforeValidator(lambda value: (value,) if isinstance(value, str) else value)
]
"""One path or several, relative to the project."""


class System(Spec):
    """What is under audit."""

    name: str = Field(min_length=1, description="Name of the system.")
    version: str = Field(min_length=1, description="Version that is to be released.")
    risk_profile: RiskProfile = Field(description="low, standard or high: how much is at stake for people.")
    description: str = Field(default="", description="One or two sentences for readers of the report.")
    owner: str = Field(default="", description="Who answers for it.")
    facts: dict[str, Scalar] = Field(default_factory=dict, description="Typed facts that policies may read.")


class Outcome(Spec):
    """An outcome derived from a column: which values count as 1, and whether more of it harms people."""

    column: str | None = Field(
        default=None, description="Column it is read from; the role's column if left out."
    )
    positive: tuple[Scalar, ...] = Field(
        default=(), description="Values that count as 1; other recorded values are 0."
    )
    negative: tuple[Scalar, ...] = Field(
        default=(), description="Values that count as 0; if given, any further value counts as not recorded."
    )
    at_least: DecimalText | None = Field(default=None, description="Numbers from here upwards count as 1.")
    adverse: Literal["higher", "lower"] | None = Field(
        default=None, description="Whether people are harmed when the share is higher or when it is lower."
    )


class CountColumn(Spec):
    """A table that is already aggregated: which column holds the counts, and what is counted."""

    column: str
    unit: Literal["person", "row"] = Field(description="`person`: each counted unit is a different person.")


class Roles(Spec):
    """Which columns play which part; policies speak of roles, never of columns."""

    label: str | None = None
    prediction: str | None = None
    score: str | None = None
    person: str | None = Field(default=None, description="Column that identifies a person.")
    item: str | None = Field(
        default=None,
        description="Column that identifies what was judged, where several rows are about the same, such as the "
        "text that annotators label: rows are then clustered by person and by item.",
    )
    weight: str | None = Field(
        default=None, description="Column with the weight of a row, such as a survey weight; above 0."
    )
    groups: dict[str, str] = Field(
        default_factory=dict, description="Group name -> column, where they differ."
    )


class Table(ArtifactBase):
    """A table: Parquet file or folder, CSV, or JSON Lines; or one that stands in the engine of a connection."""

    kind: Literal["table"]
    connection: str | None = Field(default=None, description="Connection that the table is read through.")
    relation: str | None = Field(
        default=None, min_length=1, description="Table or view in it, such as `audit.decisions`."
    )
    format: Literal["parquet", "csv", "jsonl"] | None = Field(
        default=None, description="By file name if left out."
    )
    csv: CsvDialect = CsvDialect()
    columns: dict[str, int] = Field(
        default_factory=dict, description="Name -> position (from 0), for headers that repeat or mislead."
    )
    roles: Roles = Roles()
    outcomes: dict[str, Outcome] = Field(
        default_factory=dict, description="Outcomes by name; roles may be refined here."
    )
    count: CountColumn | None = None
    unit: Literal["person", "row"] = Field(
        default="row", description="`person`: each row is a different person, and no person column is needed."
    )
    may_be_empty: bool = Field(
        default=False, description="A table without rows is an answer, such as `nobody withdrew`."
    )


class Document(ArtifactBase):
    """A document or record read as a whole."""

    kind: Literal[
        "record",
        "dataset_card",
        "model_card",
        "datasheet",
        "croissant",
        "expectation_suite",
        "inspect_log",
        "file",
    ]


class TrainingRun(ArtifactBase):
    """A training run: an MLflow URI, or a record exported from a run."""

    kind: Literal["run"]


Artifact = Annotated[Table | Document | TrainingRun | Judgments, Field(discriminator="kind")]


class Tracking(Spec):
    """Where results are logged."""

    enabled: bool = True
    uri: str = Field(
        default="", description="MLflow tracking URI; the project's own SQLite store if left out."
    )
    experiment: str = Field(default="", description="Experiment; the system's name if left out.")


class Project(Spec):
    """A project as ``hcgov.yaml`` describes it."""

    hcgov: Literal[1] = Field(description="Major version of the manifest.")
    kind: Literal["Project"] = "Project"
    system: System
    policies: tuple[str, ...] = Field(
        min_length=1, description="Shipped packs by name, or paths of own packs."
    )
    connections: dict[Identifier, Connection] = Field(
        default_factory=dict, description="Engines in which tables stand, by name."
    )
    artifacts: dict[Identifier, Artifact] = Field(description="Artifacts by name.")
    slices: SliceRules = SliceRules()
    subject: tuple[str, ...] = Field(default=(), description="Artifacts that together are what is released.")
    answers: str = Field(default="answers", description="Folder with the answers to checklists.")
    tracking: Tracking = Tracking()
    waivers: Files = Field(default=(), description="Files of waivers: exceptions that were approved.")
    baseline: str = Field(default="", description="File of failures that are known.")
    trust: str = Field(
        default="", description="File that says whose signatures count; waivers must then be signed."
    )

    def table(self, name: str) -> Table | None:
        """Return a table artifact by name, or ``None`` where there is no such table."""
        found = self.artifacts.get(name)
        return found if isinstance(found, Table) else None

    def judgments(self, name: str) -> Judgments | None:
        """Return a long table of judgments by name, or ``None`` where there is none."""
        found = self.artifacts.get(name)
        return found if isinstance(found, Judgments) else None

    @property
    def describing(self) -> dict[str, str]:
        """To each table of judgments the artifact that describes its people, where there is one."""
        found = {name: self.judgments(name) for name in self.artifacts}
        return {name: one.annotators for name, one in found.items() if one is not None and one.annotators}
