"""What every check of personalization takes and asks for; it loads no numpy."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from hcgov.core.check import Params, Request
from hcgov.core.direction import Stricter
from hcgov.core.evidence.long import LongOf
from hcgov.core.long_tables import COLUMNS, LongKind
from hcgov.core.slices import SliceChoice
from hcgov.stages.lacking import Gaps

_ALWAYS = ("stage", "item", "user", "rater", "rater_kind", "label")


class PersonalParams(Params):
    """What every check of personalization takes."""

    table: str = Field(default="personalization", description="Artifact of the three-stage audit.")
    slices: SliceChoice = Field(
        default=SliceChoice(), description="Tightens the project's slices for this control."
    )
    min_raters: Annotated[int, Stricter.HIGHER] = Field(
        default=2,
        ge=1,
        le=1000,
        description="Fewest people who judged; one alone says nothing of how people differ.",
    )
    max_missing: Annotated[float, Stricter.LOWER] = Field(
        default=0.05,
        ge=0,
        le=1,
        description="Largest share of judgments whose label cannot be read; four times as much in a single slice.",
    )
    max_unrecorded: Annotated[float, Stricter.LOWER] = Field(
        default=0.20,
        ge=0,
        le=1,
        description="Largest share of judgments whose group in a slice column is not recorded.",
    )

    @property
    def gaps(self) -> Gaps:
        """How much may be missing."""
        return Gaps(outcomes=self.max_missing, groups=self.max_unrecorded)


class JudgedParams(PersonalParams):
    """What checks take that hold judges, or other models, against people."""

    rater: str = Field(default="", description="The judge that is held against people; every judge if empty.")


def asking(params: PersonalParams, *needs: str, may: tuple[str, ...] = ("source",)) -> Mapping[str, Request]:
    """Ask for the columns that every stage needs, and for some more."""
    request = LongOf(
        table=params.table,
        kind=LongKind.PERSONALIZATION,
        needs=(*_ALWAYS, *needs),
        may=may,
        slices=params.slices,
    )
    return {"long": request}


def whole_audit(table: str, slices: SliceChoice = SliceChoice()) -> LongOf:
    """Ask for everything that the personalization report shows where it is there."""
    known = COLUMNS[LongKind.PERSONALIZATION]
    return LongOf(
        table=table,
        kind=LongKind.PERSONALIZATION,
        needs=_ALWAYS,
        may=tuple(name for name in known if name not in _ALWAYS),
        slices=slices,
    )
