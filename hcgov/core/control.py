"""A control: data that binds a check to parameters, a limit, a stage and a reason."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from hcgov.core.limit import Limit, Side
from hcgov.core.plainly import NUMBER, in_digits
from hcgov.core.status import Enforcement, RiskProfile, Severity
from hcgov.core.words import Words, says

_MOST_DIGITS = 30

STRICT_CONFIDENCE = Decimal("0.965")
"""Least confidence of a strict control: its intervals then err in no case measured by more than 5 %."""

STRICT_RATIO_N_EFF = 50
"""Independent observations on either side of a ratio that a strict control asks for; fewer were seen to err more."""


def _as_decimal_text(value: object) -> object:
    """Turn a YAML number into the decimal that was written; ``true`` is no number."""
    if isinstance(value, bool):
        raise ValueError('a limit is a number, such as "0.10"')
    if len(str(value)) > _MOST_DIGITS:
        # What is longer is no limit that anybody chose, and floats cannot tell it from its neighbours.
        raise ValueError(f"a number is written in at most {_MOST_DIGITS} characters")
    return str(value) if isinstance(value, int | float) else in_digits(value)


DecimalText = Annotated[
    Decimal,
    BeforeValidator(
        _as_decimal_text,
        json_schema_input_type=float | Annotated[str, Field(pattern=NUMBER, max_length=_MOST_DIGITS)],
    ),
    Field(allow_inf_nan=False),
]
"""A finite decimal, written as text (``"0.10"``) or as a plain YAML number."""


class LimitSpec(BaseModel):
    """A control's ``limit``."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    at_most: DecimalText | None = Field(default=None, description="The value must be at most this.")
    at_least: DecimalText | None = Field(default=None, description="The value must be at least this.")
    decide_on: Literal["interval"] = Field(default="interval", description="Only intervals decide.")
    confidence: Annotated[DecimalText, Field(gt=Decimal("0.5"), le=Decimal("0.999999"))] = Field(
        default=Decimal("0.95"),
        description="One-sided confidence of the deciding bound, above 0.5 and at most 0.999999.",
    )


class NarrowSpec(BaseModel):
    """A tighter limit; a pass outside it is flagged."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    at_most: DecimalText | None = None
    at_least: DecimalText | None = None


class EnforcementByProfile(BaseModel):
    """Enforcement that depends on the project's risk profile; ``else`` covers the profiles not named."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, defer_build=True)

    high: Enforcement | None = None
    standard: Enforcement | None = None
    low: Enforcement | None = None
    otherwise: Enforcement | None = Field(default=None, alias="else")

    def at(self, profile: RiskProfile) -> Enforcement:
        """Return the enforcement for a profile; the strictest where nothing is said."""
        chosen = {
            RiskProfile.HIGH: self.high,
            RiskProfile.STANDARD: self.standard,
            RiskProfile.LOW: self.low,
        }[profile]
        return chosen or self.otherwise or Enforcement.MANDATORY


def _a_day(text: str) -> str:
    try:
        date.fromisoformat(text)
    except ValueError:
        raise ValueError("a day is written as 2027-01-31") from None
    return text


Day = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$"), AfterValidator(_a_day)]
"""A day of the calendar, ISO 8601, as text."""


class EvidenceDemand(BaseModel):
    """What a control asks of the artifacts that it reads, beyond their being there."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    signed_by: tuple[Annotated[str, Field(pattern=r"^role:[a-z][a-z0-9-]{0,62}$")], ...] = Field(
        min_length=1,
        description="Roles, each of which has to have signed the artifact: `role:eval-runner`.",
    )
    max_age: Annotated[str, Field(pattern=r"^P[1-9][0-9]{0,4}D$")] | None = Field(
        default=None, description="Most days since it was signed, as an ISO 8601 duration: `P30D`."
    )

    def oldest(self) -> timedelta | None:
        """Return the most time since the signature; ``None`` where any age will do."""
        return None if self.max_age is None else timedelta(days=int(self.max_age[1:-1]))


Identifier = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9._-]{0,63}$")]


class ControlSpec(BaseModel):
    """A control as written in a policy pack."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, defer_build=True)

    id: Identifier = Field(description="Stable id, unique over all packs of a project.")
    title: Words = Field(min_length=3, description="What must hold, in plain words.")
    stage: str = Field(description="design, data, training, evaluation or deployment (or a plug-in's stage).")
    check: str = Field(pattern=r"^[A-Za-z0-9_.-]+(@[1-9][0-9]*)?$", description="Check id and major version.")
    with_: dict[str, object] = Field(
        default_factory=dict, alias="with", description="Parameters of the check."
    )
    limit: LimitSpec | None = Field(default=None, description="Where a limit judges.")
    narrow: NarrowSpec | None = Field(default=None, description="Inside the limit but outside this: flagged.")
    severity: Severity = Field(description="Harm to people if violated.")
    enforcement: Enforcement | EnforcementByProfile = Field(description="advisory, overridable or mandatory.")
    safety: Literal["standard", "strict"] = Field(
        default="standard",
        description="`strict`: bounds at a confidence of at least 0.965, and no ratio of fewer than 50 "
        "independent observations on either side decides.",
    )
    small_slices: Literal["judge", "list"] = Field(
        default="judge",
        description="`list`: primary slices too small to judge are listed, not held against the control.",
    )
    small_slices_reason: str = Field(
        default="", description="Why small slices are only listed; shown on the first screen."
    )
    attempts: Literal["spend", "show"] = Field(
        default="spend",
        description="`spend`: attempts at the same labels share the error of passing; `show`: they are only counted.",
    )
    attempts_reason: str = Field(
        default="", description="Why attempts are only counted; shown on the first screen."
    )
    why: Words = Field(min_length=3, description="Why this matters to people.")
    fix: Words = Field(min_length=3, description="What to do when it does not hold.")
    source: Literal["paper", "convention", "default", "organisation"] = Field(
        description="Where the limit comes from."
    )
    supports: tuple[str, ...] = Field(default=(), description="Framework clauses it supports.")
    applies_when: object | None = Field(
        default=None,
        description="Condition over facts of the system; where it is not known, nothing is decided.",
    )
    evidence: tuple[EvidenceDemand, ...] = Field(
        default=(), description="What is asked of the artifacts that are read, all of it."
    )
    effective_from: Day | None = Field(
        default=None, description="Advisory before this day (UTC), and shown as upcoming."
    )

    @model_validator(mode="after")
    def _reasoned(self) -> "ControlSpec":
        if self.small_slices == "list" and not says(self.small_slices_reason):
            raise ValueError("`small_slices: list` needs `small_slices_reason`, which the report shows")
        if self.attempts == "show" and not says(self.attempts_reason):
            raise ValueError("`attempts: show` needs `attempts_reason`, which the report shows")
        return self

    def limit_value(self) -> Limit | None:
        """Return the limit as judgement uses it, tightened where the control is strict; ``None`` without one.

        Raises
        ------
        ValueError
            Both or neither side is given, or ``narrow`` is on another side or outside the limit.
        """
        if self.limit is None:
            if self.narrow is not None:
                raise ValueError("`narrow` needs a `limit`")
            return None
        side, value = one_side(self.limit.at_most, self.limit.at_least, "limit")
        narrow = None
        if self.narrow is not None:
            narrow_side, narrow = one_side(self.narrow.at_most, self.narrow.at_least, "narrow")
            inside = narrow <= value if side is Side.AT_MOST else narrow >= value
            if narrow_side is not side or not inside:
                raise ValueError("`narrow` must lie inside the limit, on the same side")
        if self.safety == "strict":
            confidence = max(self.limit.confidence, STRICT_CONFIDENCE)
            return Limit(
                side=side, value=value, confidence=confidence, narrow=narrow, ratio_n_eff=STRICT_RATIO_N_EFF
            )
        return Limit(side=side, value=value, confidence=self.limit.confidence, narrow=narrow)


def one_side(at_most: Decimal | None, at_least: Decimal | None, name: str) -> tuple[Side, Decimal]:
    """Return the one side that is given, with its value.

    Raises
    ------
    ValueError
        Both are given, or neither.
    """
    if at_most is not None and at_least is None:
        return Side.AT_MOST, at_most
    if at_least is not None and at_most is None:
        return Side.AT_LEAST, at_least
    raise ValueError(f"`{name}` takes exactly one of `at_most` and `at_least`")
