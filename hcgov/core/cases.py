"""Cases of a policy pack, ``NAME.cases.yaml``: a small project, and what one control must say of it."""

from typing import Annotated, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, JsonValue

from hcgov.core.control import Day, Identifier
from hcgov.core.frozen import frozen
from hcgov.core.mistake import Position
from hcgov.core.status import Disposition, Reason, Verdict
from hcgov.core.waiver import Accepted

Plain = bool | int | float | str


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


Word = Literal["listed", "clear", "warned", "waived", "undetermined", "blocked"]
Profile = Literal["own", "low", "standard", "high"]


def _as_disposition(value: object) -> object:
    words = get_args(Word)
    if isinstance(value, Disposition):
        return value
    if value not in words:
        raise ValueError(f"one of {', '.join(words)} is needed")
    return Disposition[str(value).upper()]


Dispositions = Annotated[
    dict[Profile, Annotated[Disposition, BeforeValidator(_as_disposition)]],
    BeforeValidator(
        lambda value: value if isinstance(value, dict) else {"own": value},
        json_schema_input_type=Word | dict[Literal["low", "standard", "high"], Word],
    ),
]
"""What the gate does, by its word: at the risk profile of the project, or at each that is named."""


class CaseWaiver(_Part):
    """A waiver that is in force and signed in a case; it accepts what the policy lets any waiver accept."""

    accepts: tuple[Accepted, ...] = Field(min_length=1, description="Verdicts that it accepts.")
    longest: int | None = Field(
        default=None,
        ge=1,
        le=366,
        description="Most days for which it is accepted: with as many it is, and with a day more it is not.",
    )


class Replacement(_Part):
    """A text in a file, and what stands in its place."""

    old: str = Field(min_length=1, description="Text that must be there; each time it is, it is replaced.")
    new: str


def _as_replacements(value: object) -> object:
    """Read ``{old: new}``; keys are one line, so that longer texts take the long form."""
    return [{"old": old, "new": new} for old, new in value.items()] if isinstance(value, dict) else value


Replacements = Annotated[
    tuple[Replacement, ...],
    Field(min_length=1),
    BeforeValidator(
        _as_replacements,
        json_schema_input_type=dict[str, str] | Annotated[tuple[Replacement, ...], Field(min_length=1)],
    ),
]
"""Replacements in one file: ``{old: new}``, or ``[{old: …, new: …}]`` where a text has several lines."""


class Change(_Part):
    """What a case changes of the project it starts from."""

    evidence: dict[str, str] = Field(
        default_factory=dict,
        description="Tables, as the text of a CSV file by the name of the artifact. A column `n` counts people; "
        "without a base the other columns that are neither role nor outcome are the slices.",
    )
    files: dict[str, str] = Field(
        default_factory=dict, description="Path -> content of files that are written."
    )
    edit: dict[str, Replacements] = Field(
        default_factory=dict, description="Path -> text that must be there -> the text in its place."
    )
    remove: tuple[str, ...] = Field(default=(), description="Files that must be there, and are deleted.")
    manifest: dict[str, JsonValue] = Field(
        default_factory=dict, description="Dotted path in hcgov.yaml -> value; null takes the key away."
    )
    facts: dict[str, Plain | None] = Field(
        default_factory=dict, description="Facts of the system, without `system.`; null: it is not stated."
    )
    date: Day | None = Field(default=None, description="Day of the check.")
    signed: dict[str, dict[str, Day]] = Field(
        default_factory=dict,
        description="Artifacts that count as signed: the role, and the day of the signature. Nothing else does.",
    )


class Case(Change):
    """One case of one control."""

    control: Identifier = Field(description="Id of the control that is judged.")
    name: str = Field(min_length=3, description="What is the case, in words; unique for the control.")
    params: dict[str, Plain] = Field(
        default_factory=dict,
        description="Values of the pack's parameters, as a pack that extends it sets them.",
    )
    waiver: CaseWaiver | None = Field(default=None, description="A waiver that is in force.")
    expect: Verdict = Field(description="The verdict of the control.")
    also: tuple[Verdict, ...] = Field(
        default=(), description="Verdicts of further findings; `pass` goes without saying."
    )
    says: str = Field(default="", description="A part of what a finding must say.")
    reason: Reason | None = Field(default=None, description="Reason code that a finding must carry.")
    slice: dict[str, str] = Field(
        default_factory=dict, description="Slice that a finding of the expected verdict must be about."
    )
    disposition: Dispositions = Field(
        default_factory=dict,
        description="What the gate must do: at the project's risk profile, or at each that is named.",
    )

    def __str__(self) -> str:
        """Return the control and the name."""
        return f"{self.control}: {self.name}"


class Equivalent(_Part):
    """A mutant that no case can tell from the control, with the reason why."""

    control: Identifier
    mutant: str = Field(min_length=3, description="As `hcgov policy mutate` names it.")
    reason: str = Field(min_length=10, description="Why no data can tell the two apart.")


class PolicyCases(Change):
    """A file of cases; what it changes itself, each of its cases begins with."""

    hcgov: Literal[1] = Field(description="Major version of the policy language.")
    kind: Literal["PolicyCases"]
    pack: Identifier = Field(description="Id of the pack whose controls are meant.")
    base: str = Field(
        default="",
        description="Project that cases start from: an example shipped with hcgov, or a folder beside this file. "
        "Without one the project holds what the case gives it.",
    )
    cases: tuple[Case, ...] = Field(min_length=1)
    equivalent: tuple[Equivalent, ...] = Field(
        default=(), description="Mutants that no case can tell from their control."
    )


@frozen
class CaseResult:
    """What became of a case: nothing that is not as expected, or every ``problem``."""

    pack: str
    control: str
    name: str
    where: Position | None
    problems: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether everything was as expected."""
        return not self.problems


@frozen
class MutantResult:
    """What became of a mutant.

    Parameters
    ----------
    change
        What differs, such as ``limit.at_most: 0.10 -> 0.11``.
    outcome
        Whether a case told it from its control, or the case file says with a reason that none can.
    by
        The case that told it.
    hint
        What case would tell it.
    """

    pack: str
    control: str
    change: str
    where: Position | None
    outcome: Literal["killed", "survived", "equivalent"]
    by: str = ""
    hint: str = ""


@frozen
class Gap:
    """What a case file lacks or holds in vain, and where."""

    pack: str
    message: str
    where: Position | None = None


@frozen
class CaseRun:
    """What a test of packs came to."""

    cases: tuple[CaseResult, ...] = ()
    gaps: tuple[Gap, ...] = ()
    mutants: tuple[MutantResult, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether nothing is wrong, and something was tested."""
        survived = any(mutant.outcome == "survived" for mutant in self.mutants)
        wrong = any(not case.passed for case in self.cases)
        return bool(self.cases or self.mutants) and not (self.gaps or survived or wrong)
