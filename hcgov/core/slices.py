"""Slices: who is compared with whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import Annotated

from pydantic import ConfigDict, Field, model_validator

from hcgov.core.direction import LeftOut, Neither, Stricter
from hcgov.core.plainly import Plainly

NOT_RECORDED = "(not recorded)"
"""Name of the group of people whose value is missing; they are a group of their own, never dropped."""

MOST_PEOPLE = 1_000_000_000
"""No slice can be asked to hold more people."""


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Slice:
    """People who share values: ``(("sex", "F"), ("region", "b"))``; empty is everyone."""

    values: tuple[tuple[str, str], ...] = ()
    rest_of: bool = False

    @property
    def depth(self) -> int:
        """Number of columns that define the slice."""
        return len(self.values)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that define the slice."""
        return tuple([column for column, _ in self.values])

    def __str__(self) -> str:
        """Return for example ``sex=F × region=b``, or ``everyone else`` for a complement."""
        return "everyone else" if self.rest_of else _named(self.values)


@lru_cache(maxsize=8192)  # a slice is named by every metric, and by each comparison it is in
def _named(values: tuple[tuple[str, str], ...]) -> str:
    return " × ".join([f"{column}={value}" for column, value in values]) or "everyone"


EVERYONE = Slice()


class SliceChoice(Plainly):
    """What one control asks of slices; what it leaves out comes from the project.

    A control narrows its own scope with ``by`` and may otherwise only tighten what the project declares.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    by: Annotated[tuple[str, ...] | None, Stricter.SUPERSET, LeftOut.INHERITED] = Field(
        default=None,
        min_length=1,
        description="Group columns this control is about; all declared ones if left out.",
    )
    report: Annotated[tuple[str, ...] | None, Stricter.SUPERSET, LeftOut.LOOSEST] = Field(
        default=None,
        min_length=1,
        description="Further group columns that are measured and shown and never decide; one that the project "
        "declares under `by` decides all the same.",
    )
    cross: Annotated[int | None, Stricter.HIGHER, LeftOut.INHERITED] = Field(
        default=None, ge=1, le=3, description="Depth of crossings: 1 none, 2 pairs, 3 triples."
    )
    min_people: Annotated[int | None, Stricter.HIGHER, LeftOut.LOOSEST] = Field(
        default=None,
        ge=1,
        le=MOST_PEOPLE,
        description="Fewest distinct people in a slice's denominator.",
    )
    coverage: Annotated[float | None, Stricter.HIGHER, LeftOut.LOOSEST] = Field(
        default=None,
        gt=0,
        le=1,
        description="Least share of people that must stand in conclusive crossings.",
    )


class SliceRules(Plainly):
    """The slices of a project: columns, crossings, and how many people a slice needs to be judged."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    by: Annotated[tuple[str, ...], Stricter.SUPERSET] = Field(
        default=(), description="Group columns that decide."
    )
    report: Annotated[tuple[str, ...], Neither("what is only shown decides nothing")] = Field(
        default=(), description="Group columns that are measured and shown, and never decide."
    )
    groups: Annotated[
        Mapping[str, tuple[bool | int | str, ...]], Neither("groups that are not declared are told too")
    ] = Field(
        default_factory=dict,
        description="Column -> all groups that are expected: one without any row is named as absent.",
    )
    cross: Annotated[int, Stricter.HIGHER] = Field(
        default=2, ge=1, le=3, description="Depth of crossings: 1 none, 2 pairs, 3 triples."
    )
    min_people: Annotated[int, Stricter.HIGHER] = Field(
        default=30,
        ge=1,
        le=MOST_PEOPLE,
        description="Fewest distinct people in a slice's denominator.",
    )
    coverage: Annotated[float, Stricter.HIGHER] = Field(
        default=0.80, gt=0, le=1, description="Least share of people that must stand in conclusive crossings."
    )

    def tightened(self, choice: SliceChoice) -> "SliceRules":
        """Apply a control's choice: its own columns, and the stricter of each number.

        A column that only the project reports may decide in a control; one that decides in the project is not
        merely reported in a control.
        """
        reported = (*self.report, *(choice.report or ()))
        by = dict.fromkeys((*(choice.by or self.by), *(c for c in reported if c in self.by)))
        return SliceRules(
            by=tuple(by),
            report=tuple(dict.fromkeys(c for c in reported if c not in by)),
            groups={
                column: names for column, names in self.groups.items() if column in by or column in reported
            },
            cross=max(self.cross, choice.cross or 1) if choice.by is None else choice.cross or self.cross,
            min_people=max(self.min_people, choice.min_people or 1),
            coverage=max(self.coverage, choice.coverage or 0.0),
        )

    @model_validator(mode="after")
    def _consistent(self) -> "SliceRules":
        """Refuse a column that both decides and does not, and groups of a column that is no slice."""
        both = [column for column in self.report if column in self.by]
        if both:
            raise ValueError(
                f"`{both[0]}` stands under `by` and under `report`; it either decides or does not"
            )
        stray = [column for column in self.groups if column not in self.columns]
        if stray:
            raise ValueError(
                f"`groups` names `{stray[0]}`, which stands neither under `by` nor under `report`"
            )
        return self

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that is sliced by: those that decide, then those that are reported."""
        return (*self.by, *self.report)

    def declared(self, column: str) -> tuple[str, ...]:
        """Return the groups that are expected in a column, as they are read from tables; empty where none are."""
        names = self.groups.get(column, ())
        return tuple(str(name).lower() if isinstance(name, bool) else str(name) for name in names)

    def slicings(self) -> tuple[tuple[str, ...], ...]:
        """Return every column that decides, then their crossings up to the depth asked.

        >>> SliceRules(by=("sex", "region"), report=("age",)).slicings()
        (('sex',), ('region',), ('sex', 'region'))
        """
        depth = min(self.cross, len(self.by))
        return tuple(columns for k in range(1, depth + 1) for columns in combinations(self.by, k))

    def every_slicing(self) -> tuple[tuple[str, ...], ...]:
        """Return what decides and what is only reported; reported columns are not crossed."""
        return (*self.slicings(), *((column,) for column in self.report))
