"""Parameters that checks of judges share."""

from typing import Annotated, Literal

from pydantic import Field

from hcgov.core.check import Params
from hcgov.core.direction import Neither, Stricter
from hcgov.core.evidence.long import LongOf
from hcgov.core.long_tables import LongKind
from hcgov.core.slices import SliceChoice
from hcgov.stages.judgments.judge_ratings import MAY, NEEDS


class JudgeParams(Params):
    """What every check of a judge takes."""

    table: str = Field(
        default="evaluations", description="Artifact with one row a judgment, of people and judges."
    )
    judge: str = Field(default="", description="Judge model it is about; empty for each in the table.")
    question: str = Field(default="", description="Only judgments of this question; empty for all.")
    slices: SliceChoice = Field(
        default=SliceChoice(), description="Tightens the project's slices for this control."
    )
    positive: Annotated[tuple[str, ...], Stricter.IDENTITY] = Field(
        default=(), description="Scores that count as 1, all others as 0; empty takes scores as numbers."
    )
    max_unmatched: Annotated[float, Stricter.LOWER] = Field(
        default=0.02,
        ge=0,
        le=0.2,
        description="Share of the items that only people, or only the judge, scored, and that may be left out.",
    )

    def request(self, needs: tuple[str, ...] = (), may: tuple[str, ...] = ()) -> LongOf:
        """Return the columns that the check reads, with further ones."""
        return LongOf(
            table=self.table,
            kind=LongKind.EVALUATIONS,
            needs=(*NEEDS, *needs),
            may=tuple(name for name in (*MAY, *may) if name not in needs),
            slices=self.slices,
            question=self.question,
        )


class JudgeScoreParams(JudgeParams):
    """What every check of differences between scores takes."""

    unit: Annotated[Literal["scale", "score"], Neither("it is the unit of the limit")] = Field(
        default="scale",
        description="Unit of differences: the length of the scale, which the artifact declares, or points of a score.",
    )
