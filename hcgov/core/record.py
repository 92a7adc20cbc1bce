"""report.json, version 1: the wire type. It is versioned by itself and never an internal type.

Every rendering - HTML, cards, MLflow - is a pure function of it.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

SCHEMA = "hcgov.report/1"


class Wire(BaseModel):
    """Base of the wire types."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class ToolV1(Wire):
    """The program that wrote the record."""

    name: str
    version: str


class SystemV1(Wire):
    """The system under audit."""

    name: str
    version: str
    risk_profile: str
    description: str = ""
    owner: str = ""
    facts: dict[str, bool | int | float | str] = {}


class PackV1(Wire):
    """A policy pack that was applied."""

    id: str
    version: str
    title: str
    file: str
    sha256: str


class SubjectPartV1(Wire):
    """One artifact of what is released."""

    artifact: str
    location: str
    sha256: str


class SubjectV1(Wire):
    """What is released; ``sha256`` is empty where it could not be read or is not named."""

    sha256: str = ""
    parts: tuple[SubjectPartV1, ...] = ()


class StageV1(Wire):
    """A stage: whether it ran, and its own decision."""

    id: str
    title: str
    ran: bool
    decision: str = ""
    counts: dict[str, int] = {}


class DecisionV1(Wire):
    """The release decision.

    ``counts`` has one entry for each verdict, over controls; ``blocking`` lists the ids that stand in the way.
    """

    value: Literal["passed", "passed_with_conditions", "failed", "incomplete"]
    exit_code: int
    exit_zero: bool = False
    reason: str
    counts: dict[str, int]
    blocking: tuple[str, ...] = ()
    interrupted: bool = False


class PositionV1(Wire):
    """A place in a file."""

    file: str
    line: int
    column: int


class BoundV1(Wire):
    """A one-sided bound; ``value`` is null where it is infinite."""

    value: float | None
    level: float
    end: Literal["lower", "upper"]


class EstimateV1(Wire):
    """An estimate with its sufficient statistics, so that any bound can be recomputed.

    ``low`` and ``high`` are the ends of the two-sided interval at ``display_level`` that plots draw.
    """

    value: float | None
    n: int
    n_eff: float
    people: int | None
    method: str
    statistics: dict[str, float] = {}
    low: float | None = None
    high: float | None = None
    display_level: float | None = None
    display_method: str = ""


class GroupV1(Wire):
    """Counts of one group of a measurement."""

    slice: str
    positives: float
    n: int
    n_eff: float
    people: int | None


class SentenceV1(Wire):
    """A sentence: English text, and its catalogue key with values."""

    text: str
    template: str
    values: dict[str, str] = {}


class FindingV1(Wire):
    """One finding of a control.

    ``worst_case`` is the bound that decides with what is not recorded at its worst: people without a group, rows
    without an outcome.
    """

    about: str
    metric: str
    verdict: str
    narrow: bool = False
    primary: bool = True
    listed: bool = False
    reason: str = ""
    message: SentenceV1
    slice: dict[str, str] = {}
    against: str = ""
    depth: int = 0
    estimate: EstimateV1 | None = None
    groups: tuple[GroupV1, ...] = ()
    pass_bound: BoundV1 | None = None
    fail_bound: BoundV1 | None = None
    worst_case: BoundV1 | None = None
    family: int = 0
    labels_needed: int | None = None
    where: PositionV1 | None = None
    fingerprint: str = ""


class LimitV1(Wire):
    """A limit; decimals as strings."""

    side: Literal["at_most", "at_least"]
    value: str
    confidence: str
    narrow: str | None = None
    ratio_n_eff: int = 0


class WaiverV1(Wire):
    """A waiver that was used. Waivers come with a later version; the place is kept."""

    id: str
    expires: str
    owner: str
    reason: str


class ControlV1(Wire):
    """A control with its verdict, disposition and findings.

    ``findings`` are judged; ``shown`` are values that inform, such as each slice's own rate.
    ``decision_input`` is the SHA-256 of what this control was decided on: its parameters and limit, the digests
    of the evidence it read and how the manifest says to read it, the project's slices where it compares them,
    and the day where it asks for it. Values of other controls that it reads are not in it. ``attempt`` and
    ``level`` have their place for repeated attempts.
    """

    id: str
    title: str
    stage: str
    check: str
    pack: str
    severity: str
    enforcement: str
    verdict: str
    disposition: str
    narrow: bool = False
    why: str
    fix: str
    source: str
    supports: tuple[str, ...] = ()
    limit: LimitV1 | None = None
    params: dict[str, object] = {}
    safety: str = "standard"
    small_slices: str = "judge"
    small_slices_reason: str = ""
    where: PositionV1 | None = None
    headline: SentenceV1
    worst: str = ""
    worst_metric: str = ""
    coverage: float | None = None
    findings: tuple[FindingV1, ...] = ()
    shown: tuple[FindingV1, ...] = ()
    evidence: tuple[str, ...] = ()
    decision_input: str = ""
    waiver: WaiverV1 | None = None
    baseline: str = ""
    attempt: int = 1
    level: float | None = None


class EvidenceV1(Wire):
    """One piece of evidence, read or absent.

    ``counted`` stands where a table was read live, in an engine or in memory, so that its content has no digest:
    it is the SHA-256 over the answers that were read, and says no more than whether another reading told the same.
    ``counted_before`` names the files of a folder whose bytes this check digested, but whose counts it took from an
    earlier check that had counted the same bytes.
    """

    id: str
    artifact: str
    kind: str
    location: str
    sha256: str = ""
    size: int | None = None
    rows: int | None = None
    counted: str = ""
    counted_before: tuple[str, ...] = ()
    absent: str = ""
    detail: SentenceV1 | None = None
    pinned: bool = False
    description: str = ""


class BindingV1(Wire):
    """What an outcome that was judged means: the column it is read from, and which values count.

    With neither ``positive`` nor ``at_least``, 1 and true count as positive, 0 and false as negative.
    """

    table: str
    outcome: str
    column: str
    positive: tuple[str, ...] = ()
    negative: tuple[str, ...] = ()
    at_least: str = ""
    adverse: str = ""


class NoticeV1(Wire):
    """Something the reader must know, such as a pack that could not be imported."""

    code: str
    message: SentenceV1


class EnvironmentV1(Wire):
    """Where the record was made."""

    python: str
    platform: str
    packages: dict[str, str] = {}


class ReportV1(Wire):
    """report.json, version 1."""

    schema_: Literal["hcgov.report/1"] = Field(default="hcgov.report/1", alias="schema")
    id: str
    created: str
    occasion: str
    actor: str = ""
    tool: ToolV1
    system: SystemV1
    packs: tuple[PackV1, ...]
    subject: SubjectV1
    stages: tuple[StageV1, ...]
    decision: DecisionV1
    controls: tuple[ControlV1, ...]
    evidence: tuple[EvidenceV1, ...]
    bindings: tuple[BindingV1, ...] = ()
    notices: tuple[NoticeV1, ...] = ()
    limits: tuple[SentenceV1, ...] = ()
    command: str = ""
    manifest: EvidenceV1 | None = None
    environment: EnvironmentV1

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, defer_build=True)
