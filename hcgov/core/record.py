"""report.json, version 1: the wire type. It is versioned by itself and never an internal type.

Every rendering - HTML, cards, MLflow - is a pure function of it.
"""

from typing import Literal

from pydantic import ConfigDict, Field

from hcgov.core.record_control import (
    BoundV1,
    ChangeV1,
    ControlV1,
    EstimateV1,
    FindingV1,
    GroupV1,
    LimitV1,
    PositionV1,
    SentenceV1,
    SignedV1,
    WaiverV1,
    Wire,
)

SCHEMA = "hcgov.report/1"

__all__ = [
    "SCHEMA",
    "BindingV1",
    "BoundV1",
    "ChangeV1",
    "ComparedV1",
    "ControlV1",
    "DecisionV1",
    "EnvironmentV1",
    "EstimateV1",
    "EvidenceV1",
    "FindingV1",
    "GroupV1",
    "LimitV1",
    "NoticeV1",
    "PackV1",
    "PositionV1",
    "ReportV1",
    "SentenceV1",
    "SignedV1",
    "StageV1",
    "SubjectPartV1",
    "SubjectV1",
    "SystemV1",
    "ToolV1",
    "WaiverV1",
    "Wire",
]


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
    facts: dict[str, bool | int | float | str] = Field(default_factory=dict)


class PackV1(Wire):
    """A policy pack that was applied; ``inherited`` where another one extends it."""

    id: str
    version: str
    title: str
    file: str
    sha256: str
    inherited: bool = False


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
    counts: dict[str, int] = Field(default_factory=dict)


class DecisionV1(Wire):
    """The release decision.

    ``counts`` has one entry for each verdict, over controls; ``blocking`` lists the ids that stand in the way.
    ``fail_on`` are the dispositions that failed it although they do not block, ``skipped`` the locked controls that
    were not run; ``unidentified`` stands where what is released is named and could not be read. ``unregistered`` is
    what is not as it was registered on purpose, ``weaker`` what policies ask for less than at a trusted ref,
    ``disagrees_with`` the record of the same inputs that came to something else; ``unkept`` stands where the
    ledger could not be written.
    """

    value: Literal["passed", "passed_with_conditions", "failed", "incomplete"]
    exit_code: int
    exit_zero: bool = False
    reason: str
    counts: dict[str, int]
    blocking: tuple[str, ...] = ()
    interrupted: bool = False
    fail_on: tuple[str, ...] = ()
    unidentified: bool = False
    skipped: tuple[str, ...] = ()
    unregistered: tuple[str, ...] = ()
    weaker: tuple[str, ...] = ()
    disagrees_with: str = ""
    unkept: bool = False


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
    packages: dict[str, str] = Field(default_factory=dict)


class ComparedV1(Wire):
    """What became of the controls since an earlier record, which accepts nothing and changes no verdict.

    ``sha256`` is that of the earlier report.json; all else are ids of controls, except ``decision``, which is the
    earlier one. ``looser`` are controls that ask for less than then, or cannot be compared with it.
    """

    id: str
    created: str
    sha256: str
    decision: str
    newly_failing: tuple[str, ...] = ()
    newly_undecided: tuple[str, ...] = ()
    fixed: tuple[str, ...] = ()
    newly_passing: tuple[str, ...] = ()
    no_longer_judged: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    looser: tuple[str, ...] = ()


class ReportV1(Wire):
    """report.json, version 1.

    ``policy_digest`` is the SHA-256 of everything that the controls say after resolution, as a lock pins it;
    ``left_out`` are the controls of the stages that ran which were not selected. ``departures`` tell where the controls
    are not those that were inherited: loosened, disabled, not in force yet, below the floor of a clause.
    """

    schema_: Literal["hcgov.report/1"] = Field(default="hcgov.report/1", alias="schema")
    id: str
    created: str
    occasion: str
    actor: str = ""
    tool: ToolV1
    system: SystemV1
    packs: tuple[PackV1, ...]
    policy_digest: str = ""
    left_out: tuple[str, ...] = ()
    subject: SubjectV1
    stages: tuple[StageV1, ...]
    decision: DecisionV1
    controls: tuple[ControlV1, ...]
    evidence: tuple[EvidenceV1, ...]
    bindings: tuple[BindingV1, ...] = ()
    notices: tuple[NoticeV1, ...] = ()
    waivers: tuple[WaiverV1, ...] = ()
    departures: tuple[SentenceV1, ...] = ()
    limits: tuple[SentenceV1, ...] = ()
    command: str = ""
    manifest: EvidenceV1 | None = None
    environment: EnvironmentV1
    compared_with: ComparedV1 | None = None

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, defer_build=True)
