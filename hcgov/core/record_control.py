"""Controls and findings as they go over the wire; see :mod:`hcgov.core.record`."""

from typing import Literal

from pydantic import BaseModel, ConfigDict


class Wire(BaseModel):
    """Base of the wire types."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


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
    waiver: str = ""
    baseline: Literal["", "known", "new", "worse"] = ""


class LimitV1(Wire):
    """A limit; decimals as strings. ``spent`` is the confidence of PASS where attempts share the error of it."""

    side: Literal["at_most", "at_least"]
    value: str
    confidence: str
    narrow: str | None = None
    ratio_n_eff: int = 0
    spent: float | None = None


class WaiverV1(Wire):
    """A waiver: an exception with an owner, a reason and a last day.

    ``state`` is where it stood on the day of the check; only one that was ``in_force`` accepted anything, and ``why``
    says so in a sentence. ``used`` says whether it accepted anything. ``ceiling`` is the worst point estimate that it
    accepts; ``approved_by`` are those who approved, ``signed_by`` those of them whose signature was verified.
    """

    id: str
    expires: str
    owner: str
    reason: str
    control: str = ""
    subject: str = ""
    starts: str = ""
    accepts: tuple[str, ...] = ()
    slices: dict[str, tuple[str, ...]] = {}
    ceiling: str = ""
    compensating: tuple[str, ...] = ()
    requested_by: str = ""
    approved_by: tuple[str, ...] = ()
    signed_by: tuple[str, ...] = ()
    state: str = "in_force"
    why: SentenceV1 | None = None
    used: bool = True
    where: PositionV1 | None = None


class ChangeV1(Wire):
    """What a pack changed in a control that it inherited; values as text, JSON where they are no text.

    ``loosened`` stands where the pack took leave to ask for less, with who approved it.
    """

    pack: str
    path: str
    before: str = ""
    after: str = ""
    reason: str = ""
    loosened: bool = False
    approved_by: str = ""
    why_loosened: str = ""
    where: PositionV1 | None = None


class SignedV1(Wire):
    """A signature that counts: over an artifact as it was read, in a role, by a key, bearing a day."""

    artifact: str
    role: str
    key_id: str
    on: str


class ControlV1(Wire):
    """A control with its verdict, disposition and findings.

    ``findings`` are judged; ``shown`` are values that inform, such as each slice's own rate.
    ``decision_input`` is the SHA-256 of what this control was decided on: its parameters and limit, the digests
    of the evidence it read and how the manifest says to read it, the project's slices where it compares them,
    the signatures that it asks for, and the day where it asks for it. Values of other controls that it reads are
    not in it. ``attempt`` counts attempts at the same labels, ``level`` is the confidence of the bound that decides
    PASS. ``signed`` are the signatures that count, of those that it asks for. ``waiver`` is the first to end of those
    that accept its findings; ``baseline`` is the worst of what the baseline says of them.
    ``upcoming`` is the day from which it will be enforced
    as its policy says, while it is only advisory; ``changes`` are what later packs made of it.
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
    signed: tuple[SignedV1, ...] = ()
    decision_input: str = ""
    waiver: WaiverV1 | None = None
    baseline: Literal["", "known", "new", "worse"] = ""
    attempt: int = 1
    level: float | None = None
    upcoming: str = ""
    disabled: bool = False
    changes: tuple[ChangeV1, ...] = ()
