"""A policy pack: controls with the place where each of their parts was written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from hcgov.core.control import ControlSpec, Identifier
from hcgov.core.mistake import Position

Path = tuple[str | int, ...]


class PackMetadata(BaseModel):
    """Who a pack is, and who answers for it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Identifier
    version: str = Field(pattern=r"^\d+\.\d+\.\d+$", description="MAJOR.MINOR.PATCH.")
    title: str = Field(min_length=3)
    owner: str = Field(min_length=1)
    review_by: str = Field(
        default="", pattern=r"^(\d{4}-\d{2}-\d{2})?$", description="Date of the next review."
    )


class PackSpec(BaseModel):
    """A policy pack as written."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    hcgov: Literal[1] = Field(description="Major version of the policy language.")
    kind: Literal["PolicyPack"]
    metadata: PackMetadata
    controls: tuple[ControlSpec, ...] = Field(min_length=1)


LATER_PACK_KEYS = ("extends", "parameters", "facts", "overrides", "disabled")
LATER_CONTROL_KEYS = ("applies_when", "evidence", "effective_from")
"""Keys of the policy language whose meaning comes later: they are refused, never ignored."""


@dataclass(frozen=True, kw_only=True)
class Pack:
    """A parsed pack: its digest is that of the raw bytes; paths map to the places of keys and of values."""

    spec: PackSpec
    name: str
    file: str
    sha256: str
    data: bytes = field(default=b"", repr=False)
    positions: Mapping[Path, Position] = field(default_factory=dict, compare=False)
    values: Mapping[Path, Position] = field(default_factory=dict, compare=False)

    def where(self, *path: str | int) -> Position | None:
        """Return the place of a path's key, or of its nearest ancestor that has one."""
        return _nearest(self.positions, path)

    def value_at(self, *path: str | int) -> Position | None:
        """Return the place of a path's value, or of the nearest thing that has a place."""
        return self.values.get(path) or self.where(*path)


def _nearest(positions: Mapping[Path, Position], path: Path) -> Position | None:
    for end in range(len(path), -1, -1):
        if path[:end] in positions:
            return positions[path[:end]]
    return None
