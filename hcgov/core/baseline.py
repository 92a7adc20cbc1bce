"""A baseline as it is written: the failures that are known, each with an owner, a last day and the value it had.

How failures are held against it is decided in :mod:`hcgov.core.known`.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from hcgov.core.control import DecimalText, Identifier
from hcgov.core.day import Day
from hcgov.core.words import Words


class _Spec(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class EntrySpec(_Spec):
    """One known failure as written; ``hcgov baseline update`` writes it."""

    fingerprint: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] = Field(
        description="What failed: SHA-256 over control, check major, system, slice and metric; no value is in it."
    )
    control: Identifier = Field(description="Id of the control.")
    about: str = Field(min_length=1, description="What it is about, for people.")
    metric: str = Field(default="", description="What was measured, for people.")
    observed: DecimalText | None = Field(
        default=None, description="Observed value (the point estimate); it may not get worse."
    )
    owner: Annotated[Words, Field(min_length=3, pattern=r"\S")] = Field(description="Who answers for it.")
    expires: Day = Field(description="Last day on which it counts, in UTC, the whole day included.")


class BaselineSpec(_Spec):
    """A baseline file as written."""

    hcgov: Literal[1] = Field(default=1, description="Major version of the language.")
    kind: Literal["Baseline"]
    entries: tuple[EntrySpec, ...] = ()
