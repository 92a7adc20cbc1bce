"""A policy pack: what is written in it, and the controls that come of it, with the place of each of their parts."""

from collections.abc import Mapping, Sequence
from dataclasses import field
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from hcgov.core.control import ControlSpec, DecimalText, Identifier, LimitSpec, one_side
from hcgov.core.evidence.source import Tree
from hcgov.core.frozen import frozen
from hcgov.core.limit import Side
from hcgov.core.mistake import Position
from hcgov.core.plainly import whole
from hcgov.core.words import Words

Path = tuple[str | int, ...]

LanguageMajor = Annotated[Literal[1], BeforeValidator(whole)]
"""Major version of the policy language."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, defer_build=True)


class PackMetadata(_Part):
    """Who a pack is, and who answers for it."""

    id: Identifier
    version: str = Field(pattern=r"^\d+\.\d+\.\d+$", description="MAJOR.MINOR.PATCH.")
    title: Words = Field(min_length=3)
    owner: Words = Field(min_length=1)
    review_by: str = Field(
        default="", pattern=r"^(\d{4}-\d{2}-\d{2})?$", description="Date of the next review."
    )


class Loosen(_Part):
    """Leave to ask for less than an inherited control does; it is printed in every report."""

    reason: Words = Field(min_length=3, description="Why less is asked for.")
    approved_by: Words = Field(min_length=1, description="Who stands for it.")


class Extend(_Part):
    """A pack that this one builds on."""

    pack: str = Field(
        min_length=1,
        description="Shipped or installed pack by name, or a file or folder by path; `@1` asks for that major version.",
    )
    with_: dict[str, object] = Field(
        default_factory=dict, alias="with", description="Values of its parameters."
    )
    loosen: Loosen | None = Field(default=None, description="Needed where such a value asks for less.")


class Parameter(_Part):
    """A value that stands in controls as `${name}`, and that packs which extend this one may set."""

    type: Literal["ratio", "number", "integer", "text", "boolean"]
    default: bool | int | float | str
    stricter: Literal["lower", "higher", "none"] = Field(description="Which direction asks for more.")
    minimum: DecimalText | None = Field(default=None, description="Least value that may be set.")
    maximum: DecimalText | None = Field(default=None, description="Greatest value that may be set.")
    note: str = ""


class Override(_Part):
    """A change to an inherited control: it may ask for more freely, for less only with `loosen`."""

    control: Identifier
    set: Annotated[dict[str, object], Field(min_length=1)] = Field(
        description="Dotted path -> value, such as `limit.at_most`."
    )
    reason: Words = Field(min_length=3)
    loosen: Loosen | None = None


class Disabled(_Part):
    """An inherited control that is switched off; it stays listed, and a mandatory one blocks."""

    control: Identifier
    reason: Words = Field(min_length=3)
    approved_by: Words = Field(min_length=1)


class Floor(_Part):
    """The least that a framework clause asks for: a control below it does not support the clause."""

    clause: str = Field(min_length=3, description="Framework, version and clause, as under `supports`.")
    check: str = Field(min_length=3, description="Check whose limit it bounds.")
    limit: LimitSpec
    reason: Words = Field(min_length=3, description="Where this floor comes from.")

    @model_validator(mode="after")
    def _one_side(self) -> "Floor":
        one_side(self.limit.at_most, self.limit.at_least, "limit")
        return self

    @property
    def least(self) -> tuple[Side, Decimal]:
        """The side of the limit, and its value."""
        return one_side(self.limit.at_most, self.limit.at_least, "limit")


class PackHead(_Part):
    """Everything of a pack but its controls."""

    hcgov: LanguageMajor = Field(description="Major version of the policy language.")
    kind: Literal["PolicyPack"]
    metadata: PackMetadata
    extends: tuple[Extend, ...] = Field(default=(), description="Packs that this one builds on, in order.")
    parameters: dict[Identifier, Parameter] = Field(default_factory=dict)
    facts: dict[Identifier, object] = Field(
        default_factory=dict, description="Conditions by name, for `applies_when`."
    )
    overrides: tuple[Override, ...] = ()
    disabled: tuple[Disabled, ...] = ()
    floors: tuple[Floor, ...] = ()


class PackSpec(PackHead):
    """A policy pack as written, or as it comes out of resolution."""

    controls: tuple[ControlSpec, ...] = ()

    @model_validator(mode="after")
    def _not_empty(self) -> "PackSpec":
        if not self.controls and not self.extends:
            raise ValueError("a policy pack has `controls`, or `extends` packs that have")
        return self


class Controls(_Part):
    """A file of further controls in the folder of a pack."""

    hcgov: LanguageMajor
    kind: Literal["PolicyControls"]
    controls: tuple[ControlSpec, ...] = Field(min_length=1)


@frozen
class Places:
    """The places of keys and of values in one file, by path."""

    positions: Mapping[Path, Position] = field(default_factory=dict)
    values: Mapping[Path, Position] = field(default_factory=dict)

    def key(self, *path: str | int) -> Position | None:
        """Return the place of a path's key, or of its nearest ancestor that has one."""
        for end in range(len(path), -1, -1):
            if path[:end] in self.positions:
                return self.positions[path[:end]]
        return None

    def value(self, *path: str | int) -> Position | None:
        """Return the place of a path's value, or of the nearest thing that has a place."""
        return self.values.get(path) or self.key(*path)


@frozen
class Site:
    """Where a part of a control was written: the file's places, and the path of the control in it."""

    places: Places = field(default_factory=Places, compare=False, repr=False)
    at: Path = ()

    def key(self, *path: str | int) -> Position | None:
        """Return the place of a key of the control."""
        return self.places.key(*self.at, *path)

    def value(self, *path: str | int) -> Position | None:
        """Return the place of a value of the control."""
        return self.places.value(*self.at, *path)


@frozen
class Written:
    """A control as it stands in one file, before parameters and overrides."""

    tree: Mapping[str, Tree]
    site: Site


@frozen
class PackSource:
    """A pack that took part: who it is, and the digest of the raw bytes it was read from.

    ``files`` holds the bytes by name, one file for a pack in one file. ``sha256`` is that of the one file, or that
    of the sorted list of the digests of several.
    """

    metadata: PackMetadata
    name: str
    file: str
    sha256: str
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False, compare=False)


@frozen
class WrittenPack:
    """A pack as read, with the packs that it extends, in order; not ``whole`` where one of these could not be read."""

    head: PackHead
    source: PackSource
    places: Places = field(default_factory=Places, repr=False, compare=False)
    controls: tuple[Written, ...] = ()
    parents: tuple["WrittenPack", ...] = ()
    whole: bool = True


@frozen
class Step:
    """One change that a pack made to an inherited control, by an override or by a parameter's value.

    ``before`` and ``after`` are the whole control; ``paths`` are what was set.
    """

    pack: str
    paths: tuple[Path, ...]
    before: Mapping[str, Tree]
    after: Mapping[str, Tree]
    where: Position | None
    reason: str = ""
    loosen: Loosen | None = None


@frozen
class History:
    """Where a control comes from: the pack that wrote it, what was changed since, and by whom it was disabled."""

    pack: str
    site: Site = field(default_factory=Site)
    moved: Mapping[Path, Site] = field(default_factory=dict, compare=False, repr=False)
    steps: tuple[Step, ...] = ()
    disabled: Disabled | None = None
    disabled_by: str = ""
    disabled_at: Position | None = None

    def key(self, *path: str | int) -> Position | None:
        """Return the place of a part's key, where it was last written."""
        site, rest = self._last(path)
        return site.key(*rest)

    def value(self, *path: str | int) -> Position | None:
        """Return the place of a part's value, where it was last written."""
        site, rest = self._last(path)
        return site.value(*rest)

    def _last(self, path: Path) -> tuple[Site, Path]:
        for end in range(len(path), 0, -1):
            if path[:end] in self.moved:
                return self.moved[path[:end]], path[end:]
        return self.site, path


@frozen
class Pack:
    """A resolved pack: its own and inherited controls, with the place and the history of each.

    ``sources`` are the packs that took part, this one first; ``history`` goes with the controls, by number. ``floors``
    are those of all these packs.
    """

    spec: PackSpec
    name: str
    file: str
    sha256: str
    places: Places = field(default_factory=Places, repr=False, compare=False)
    history: Sequence[History] = ()
    sources: tuple[PackSource, ...] = ()
    floors: tuple[Floor, ...] = ()

    def where(self, *path: str | int) -> Position | None:
        """Return the place of a path's key, or of its nearest ancestor that has one."""
        found = self._of_control(path)
        return self.places.key(*path) if found is None else found.key(*path[2:])

    def value_at(self, *path: str | int) -> Position | None:
        """Return the place of a path's value, or of the nearest thing that has a place."""
        found = self._of_control(path)
        return self.places.value(*path) if found is None else found.value(*path[2:])

    def home(self, index: int) -> str:
        """Return the id of the pack that wrote a control."""
        return self.history[index].pack if index < len(self.history) else self.spec.metadata.id

    def _of_control(self, path: Path) -> History | None:
        if len(path) < 2 or path[0] != "controls":
            return None
        index = path[1]
        return self.history[index] if isinstance(index, int) and index < len(self.history) else None
