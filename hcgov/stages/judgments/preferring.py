"""What checks of preferences share: parameters, requests, and small tables for their worked examples."""

from collections.abc import Mapping, Sequence
from typing import Annotated, TypeVar

from pydantic import Field

from hcgov.core.check import Example, Params
from hcgov.core.direction import Stricter
from hcgov.core.evidence.long import Column, Long, LongOf, Texts, coded, numbered
from hcgov.core.limit import Limit
from hcgov.core.long_tables import COLUMNS, Holds, LongKind
from hcgov.core.slices import SliceChoice, SliceRules
from hcgov.core.status import Verdict
from hcgov.stages.specimens import source

RULES = SliceRules(by=("region",), cross=1, min_people=30)
Row = Mapping[str, str | float | None]
IDENTITY = ("annotator", "dimension", "wave", "ranking", "consent", "label_source")
"""What tells one judgment from another, and a person's from a judge model's."""


class PreferenceParams(Params):
    """What every check of preferences takes."""

    table: str = Field(default="preferences", description="Table artifact of preferences.")

    def of(
        self, *needs: str, may: tuple[str, ...] = (), slices: SliceChoice | None = None
    ) -> dict[str, LongOf]:
        """Return the request for these columns, those of the identity of a judgment and of consent among them."""
        return {
            "long": LongOf(
                table=self.table,
                kind=LongKind.PREFERENCES,
                needs=("prompt_id", "choice", *needs),
                may=tuple(dict.fromkeys((*IDENTITY, *may))),
                slices=slices or SliceChoice(),
            )
        }


class SlicedPreferenceParams(PreferenceParams):
    """What checks of preferences by group of people take."""

    slices: SliceChoice = Field(
        default=SliceChoice(), description="Tightens the project's slices for this control."
    )
    max_missing: Annotated[float, Stricter.LOWER] = Field(
        default=0.05,
        ge=0,
        le=1,
        description="Largest share of rows in which what is measured is not recorded.",
    )
    max_unrecorded: Annotated[float, Stricter.LOWER] = Field(
        default=0.20,
        ge=0,
        le=1,
        description="Largest share of rows whose group in a slice column is not recorded.",
    )


def preferences(
    rows: Sequence[Row],
    *,
    groups: Mapping[str, Sequence[str | None]] | None = None,
    randomised: bool | None = True,
    rules: SliceRules = RULES,
    table: str = "preferences",
    kind: LongKind = LongKind.PREFERENCES,
) -> Long:
    """Return a long table from its rows; columns that no row names are not there."""
    names = dict.fromkeys(name for row in rows for name in row)
    return Long(
        table=table,
        kind=kind,
        rows=len(rows),
        columns={name: _column(kind, name, [row.get(name) for row in rows]) for name in names},
        groups={name: coded(list(values)) for name, values in (groups or {}).items()},
        randomised=randomised,
        rules=rules,
        source=source(table, "long", "3" * 64),
    )


def _column(kind: LongKind, name: str, values: Sequence[str | float | None]) -> Column:
    holds = COLUMNS[kind][name].holds
    if holds is Holds.TEXT:
        return Texts(values=tuple(None if value is None else str(value) for value in values))
    if holds in (Holds.NUMBER, Holds.MOMENT):
        return numbered([None if value is None else float(value) for value in values])
    return coded([None if value is None else str(value) for value in values])


def chosen(
    people: int,
    each: int,
    share: float,
    *,
    prompts: int = 60,
    first: Row | None = None,
    lean: float = 0.1,
) -> list[dict[str, str | float | None]]:
    """Return judgments in which response ``a`` is chosen in a share of the rows, a little more by some than by others.

    ``first`` is what every row holds beside annotator, prompt and choice.
    """
    rows: list[dict[str, str | float | None]] = []
    for person in range(people):
        own = share + (lean if person % 2 else -lean) * 4.0 * share * (1.0 - share)
        for i in range(each):
            number = person * each + i
            took = int((number + 1) * own) > int(number * own)
            rows.append(
                {
                    **(first or {}),
                    "annotator": f"p{person}",
                    "prompt_id": f"q{(person * 7 + i) % prompts}",
                    "choice": "a" if took else "b",
                }
            )
    return rows


P = TypeVar("P", bound=Params)


def told(params: P, limit: Limit | None, *cases: tuple[str, Long, Verdict]) -> tuple[Example[P], ...]:
    """Return one worked example for each title, table of preferences and verdict."""
    return tuple(
        Example(title=title, params=params, evidence={"long": long}, expect=expect, limit=limit)
        for title, long, expect in cases
    )
