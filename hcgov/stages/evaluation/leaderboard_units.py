"""Every number of a leaderboard is in the unit of its column."""

from collections.abc import Iterator, Mapping

import numpy as np
from pydantic import Field

from hcgov.core.check import Example, Judged, Params, Request, check
from hcgov.core.evidence.long import Long, LongOf
from hcgov.core.long_tables import LongKind
from hcgov.core.measurement import Answered, Statement
from hcgov.core.status import Reason, Verdict
from hcgov.core.text import text
from hcgov.stages.judgments.arrays import codes, label_values
from hcgov.stages.judgments.judge_specimens import Row, table
from hcgov.stats.judges.units import LEAST, unit_outliers


class LeaderboardUnits(Params):
    """Parameters of the units of a leaderboard."""

    table: str = Field(
        default="leaderboard",
        description="Artifact of evaluations: `item` is a line of the leaderboard, `question` its column, `score` "
        "the number.",
    )


def asks(params: LeaderboardUnits) -> Mapping[str, Request]:
    """Ask for the numbers, and the column of each."""
    request = LongOf(
        table=params.table,
        kind=LongKind.EVALUATIONS,
        needs=("item", "rater", "rater_kind", "score"),
        may=("question",),
    )
    return {"long": request}


def examples() -> tuple[Example[LeaderboardUnits], ...]:
    """Return columns in one unit, one with a share among percentages, and one too short to tell."""

    def board(values: tuple[str, ...]) -> Long:
        rows: list[Row] = [
            {"item": f"m{k}", "rater": "board", "rater_kind": "judge", "score": v, "question": "agreement"}
            for k, v in enumerate(values)
        ]
        return table(rows)

    percents = tuple(f"{60 + k / 3:.1f}" for k in range(20))
    cases = {
        "percentages": (board(percents), Verdict.PASS),
        "a share among percentages": (board((*percents, "0.63")), Verdict.FAIL),
        "three lines": (board(percents[:3]), Verdict.INCONCLUSIVE),
    }
    return tuple(
        Example(title=title, params=LeaderboardUnits(), evidence={"long": long}, expect=expect)
        for title, (long, expect) in cases.items()
    )


@check(
    asks=asks,
    params=LeaderboardUnits,
    examples=examples,
    judged=Judged.BY_STATEMENT,
    supports=("nist-ai-rmf:MEASURE 2.1", "nist-ai-rmf:MEASURE 2.13"),
)
def leaderboard_units(long: Long, params: LeaderboardUnits) -> Iterator[Statement]:
    """Look for numbers that are a hundred times too small, or too large, for their column.

    One line in another unit turns an order upside down, and everyone who copies the table copies it. A published
    leaderboard of judges holds 0.3367 among percentages. What is found is a pointer to look, for a true value may be
    that rare. Source: Dubois et al. 2023, AlpacaFarm, arXiv:2305.14387 (the leaderboard); the rule is our own.
    """
    worth = label_values(long, "score")
    label = codes(long, "score")
    score = np.where(label >= 0, worth[label] if worth.size else np.nan, np.nan)
    items, item = long.codes("item").names, codes(long, "item")
    several = long.has("question")
    names = long.codes("question").names if several else ("score",)
    column = codes(long, "question") if several else np.zeros(label.size, dtype=np.int32)
    for code, name in enumerate(names):
        rows = np.flatnonzero((column == code) & np.isfinite(score))
        yield _told(name, score[rows].tolist(), [items[k] if k >= 0 else "?" for k in item[rows]])


def _told(name: str, values: list[float], lines: list[str]) -> Statement:
    about = f"column {name}"
    if len(values) <= LEAST:
        told = text(
            "`{name}` has {n} {n|number|numbers}: its unit cannot be told from them", name=name, n=len(values)
        )
        return Statement(about=about, answer=Answered.CANNOT_TELL, reason=Reason.SMALL_N, text=told)
    odd = unit_outliers(values)
    if not odd:
        told = text(
            "the {n} {n|number|numbers} of `{name}` are in one unit, as far as can be seen",
            n=len(values),
            name=name,
        )
        return Statement(about=about, answer=Answered.MET, text=told)
    return Statement(
        about=about,
        answer=Answered.NOT_MET,
        text=text(
            "`{name}`: {odd} {count|seems|seem} to be in another unit than the others, of which the median is {usual}",
            name=name,
            count=len(odd),
            odd=", ".join(f"{one.value:.4g} of `{lines[one.place]}` ({one.mended:.4g}?)" for one in odd[:5]),
            usual=f"{odd[0].usual:.4g}",
        ),
    )
