"""Waivers: an exception with an owner, a reason, a scope and a last day, as it is written.

What a waiver accepts is decided in :mod:`hcgov.core.acceptance`.
"""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from hcgov.core.control import DecimalText, Identifier
from hcgov.core.day import Day
from hcgov.core.limit import Side
from hcgov.core.status import Severity
from hcgov.core.terms import LONGEST
from hcgov.core.words import Words

_WILD = "*?["


class _Spec(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


def _as_accepted(value: object) -> object:
    if value == "error":
        raise ValueError("a control that could not be checked is never waived; mend what broke")
    return value


def _as_digest(value: object) -> object:
    if isinstance(value, str) and any(wild in value for wild in _WILD):
        raise ValueError("a waiver is for one subject, named by its digest; patterns are refused")
    return value


def _as_control(value: object) -> object:
    if isinstance(value, str) and any(wild in value for wild in _WILD):
        raise ValueError("a waiver is for one control, named by its id; patterns are refused")
    return value


def _as_group(value: object) -> object:
    """Read a group as tables are read: numbers and truth values by their text."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | float) else value


Accepted = Annotated[Literal["fail", "inconclusive", "missing", "pending"], BeforeValidator(_as_accepted)]
Group = Annotated[str, BeforeValidator(_as_group)]
Said = Annotated[Words, Field(min_length=3, pattern=r"\S")]
"""Words of a person; blanks say nothing."""


class Ceiling(_Spec):
    """The worst observed value that is accepted; exactly one side."""

    at_most: DecimalText | None = Field(default=None, description="Largest observed value that is accepted.")
    at_least: DecimalText | None = Field(
        default=None, description="Smallest observed value that is accepted."
    )

    @model_validator(mode="after")
    def _one_side(self) -> "Ceiling":
        if (self.at_most is None) == (self.at_least is None):
            raise ValueError("`observed` takes exactly one of `at_most` and `at_least`")
        return self

    @property
    def side(self) -> Side:
        """The side of the limit it belongs to."""
        return Side.AT_LEAST if self.at_most is None else Side.AT_MOST

    @property
    def value(self) -> Decimal:
        """The worst value that is accepted."""
        found = self.at_least if self.at_most is None else self.at_most
        if found is None:
            raise ValueError("a ceiling has a value")
        return found

    def holds(self, observed: float) -> bool:
        """Whether an observed value is no worse; what is compared is the decimal that people read in the record."""
        read = Decimal(repr(observed))
        return read <= self.value if self.side is Side.AT_MOST else read >= self.value

    def __str__(self) -> str:
        """Return for example ``at most 0.11``."""
        return f"{self.side.value.replace('_', ' ')} {self.value}"


class Scope(_Spec):
    """What an exception is made for."""

    subject: Annotated[str, BeforeValidator(_as_digest), Field(pattern=r"^sha256:[0-9a-f]{64}$")] = Field(
        description="Digest of what is released, as the record shows it: `sha256:` and 64 hexadecimal digits."
    )
    slices: dict[str, Annotated[tuple[Group, ...], Field(min_length=1)]] = Field(
        default_factory=dict,
        description="Column -> groups; the exception is for findings on exactly these columns. All if left out.",
    )
    observed: Ceiling | None = Field(
        default=None, description="Worst observed value (the point estimate) that is accepted."
    )


class Approval(_Spec):
    """Who accepts the risk, and the file with their signature."""

    by: Said = Field(description="Who approves; not who asks.")
    role: Said = Field(description="In which role, such as risk-owner.")
    signature: str = Field(
        default="",
        description="DSSE envelope over this waiver, a path inside the project; `hcgov waiver sign`.",
    )


class WaiverSpec(_Spec):
    """A waiver as written."""

    id: Identifier = Field(description="Stable id, unique over all waivers of a project.")
    control: Annotated[Identifier, BeforeValidator(_as_control)] = Field(description="Id of the control.")
    check: str = Field(
        default="",
        pattern=r"^([A-Za-z0-9_.-]+@[0-9]+)?$",
        description="Check and major version; with another one the waiver does not apply.",
    )
    accepts: tuple[Accepted, ...] = Field(
        min_length=1, description="fail, inconclusive, missing or pending; never error."
    )
    scope: Scope
    reason: Said = Field(description="Why the risk is accepted.")
    compensating: tuple[Said, ...] = Field(default=(), description="What protects people meanwhile.")
    owner: Said = Field(description="Who answers for the risk.")
    requested_by: Said = Field(description="Who asks.")
    starts: Day = Field(description="First day, in UTC.")
    expires: Day = Field(description="Last day, in UTC; the whole of it is included.")
    approvals: tuple[Approval, ...] = Field(min_length=1, description="At least one; none by who asks.")

    @property
    def days(self) -> int:
        """Days from the first to the last, both included."""
        return (self.expires - self.starts).days + 1


class LongestTerms(_Spec):
    """Shorter longest terms, in days, by the severity of the control."""

    critical: int | None = Field(default=None, ge=1, le=LONGEST[Severity.CRITICAL])
    high: int | None = Field(default=None, ge=1, le=LONGEST[Severity.HIGH])
    medium: int | None = Field(default=None, ge=1, le=LONGEST[Severity.MEDIUM])
    low: int | None = Field(default=None, ge=1, le=LONGEST[Severity.LOW])


class WaiverSetSpec(_Spec):
    """A file of waivers as written."""

    hcgov: Literal[1] = Field(default=1, description="Major version of the language.")
    kind: Literal["WaiverSet"]
    longest_days: LongestTerms = Field(
        default=LongestTerms(), description="Longest terms by severity; only shorter ones than the usual."
    )
    waivers: tuple[WaiverSpec, ...] = ()
