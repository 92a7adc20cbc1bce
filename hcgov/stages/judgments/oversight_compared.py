"""What checks share that compare two systems on the same items: parameters, and worked examples."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

from pydantic import Field

from hcgov.core.check import Request
from hcgov.core.direction import Ordered, Stricter
from hcgov.core.evidence.long import Long, LongOf
from hcgov.core.long_tables import LongKind
from hcgov.stages.judgments.oversight import JudgedParams, long_table


class ComparedParams(JudgedParams):
    """What checks of two systems on the same items take."""

    table: str = Field(default="evaluations", description="Table artifact of evaluations.")
    right: str = Field(
        default="",
        description="The score that counts as right, where scores are names; left out, scores are numbers.",
    )
    max_unmatched: Annotated[float, Stricter.LOWER] = Field(
        default=0.05,
        ge=0,
        lt=1,
        description="Largest share of items that only one system answered; four times as much in a single slice.",
    )

    def request(self) -> Mapping[str, Request]:
        """Ask for scores of systems."""
        return {
            "long": LongOf(
                table=self.table,
                kind=LongKind.EVALUATIONS,
                needs=("item", "rater", "rater_kind", "score", "system"),
                may=("user", "question", "repetition", "order"),
                slices=self.slices,
                question=self.question,
            )
        }


Raters = Annotated[Literal["any", "human"], Ordered(("any", "human"))]


def scored(
    groups: Mapping[str | None, tuple[int, float, float]],
    *,
    systems: tuple[str, str],
    raters: Sequence[str] = ("human",),
    unmatched: float = 0.0,
) -> Long:
    """Return two systems on the same items, scored 0 or 1: region -> items, share that either got right.

    Parameters
    ----------
    groups
        Region -> users (with two items each), share that the first system got right, share of the second.
    systems
        Names of both.
    raters
        Kind of each rater; every one scores every answer.
    unmatched
        Share of items that the second did not answer.
    """
    rows: list[dict[str, str]] = []
    regions: list[str | None] = []
    for region, (users, *shares) in groups.items():
        for item in range(2 * users):
            for system, share in zip(systems, shares, strict=True):
                if system == systems[1] and item < unmatched * 2 * users:
                    continue
                # The second system errs on other items than the first, as far as it errs on others.
                place = item if system == systems[0] else (item + 1) % (2 * users)
                right = int((place + 1) * share) > int(place * share)
                rows += [
                    {
                        "item": f"{region}-{item}",
                        "user": f"{region}-{item // 2}",
                        "system": system,
                        "rater": f"r{number}",
                        "rater_kind": kind,
                        "score": "1" if right else "0",
                    }
                    for number, kind in enumerate(raters)
                ]
                regions += [region] * len(raters)
    names = ("item", "user", "system", "rater", "rater_kind", "score")
    return long_table(
        "evaluations",
        LongKind.EVALUATIONS,
        {name: [row[name] for row in rows] for name in names},
        groups={"region": regions},
    )
