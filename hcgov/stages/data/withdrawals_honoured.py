"""Nobody who withdrew stands in the data."""

from collections.abc import Iterator

from pydantic import Field

from hcgov.core.check import Example, Judged, Params, check
from hcgov.core.evidence.counts import Overlap, OverlapOf
from hcgov.core.measurement import Answered, Statement
from hcgov.core.status import Reason, Verdict
from hcgov.core.text import text
from hcgov.stages.specimens import source, worked


class WithdrawalsHonoured(Params):
    """Parameters of the withdrawals."""

    table: str = Field(default="training_data", description="Table artifact in which nobody may stand.")
    withdrawals: str = Field(default="withdrawals", description="Table artifact that lists who withdrew.")


def examples() -> tuple[Example[WithdrawalsHonoured], ...]:
    """Return data without, with, and with perhaps a person who withdrew."""

    def overlap(people: int, unidentified: int) -> Overlap:
        return Overlap(
            people=people,
            rows=3 * people,
            listed=37,
            unidentified=unidentified,
            source=source("training_data", "table"),
            listed_source=source("withdrawals", "table"),
        )

    return worked(
        WithdrawalsHonoured(),
        "overlap",
        {
            "nobody is left": (overlap(0, 0), Verdict.PASS),
            "all 37 are still there": (overlap(37, 0), Verdict.FAIL),
            "twelve rows say not whose they are": (overlap(0, 12), Verdict.INCONCLUSIVE),
        },
    )


@check(
    asks=lambda p: {"overlap": OverlapOf(table=p.table, listed=p.withdrawals)},
    params=WithdrawalsHonoured,
    examples=examples,
    judged=Judged.BY_STATEMENT,
    supports=(
        "nist-ai-rmf:MEASURE 2.10",
        "nist-ai-600-1:2.4",
        "eu-ai-act:Art.10(2)(b)",
        "iso-42001:A.7.3",
    ),
)
def withdrawals_honoured(overlap: Overlap, params: WithdrawalsHonoured) -> Iterator[Statement]:
    """Count the listed persons who stand in the table, and the rows that say not whose they are.

    A withdrawal that is filed and not carried out takes the choice back from those who made it. Who they are
    is counted, never printed. Source: Ziems et al. 2026, arXiv 2605.06901, section 3.3.2; Regulation (EU)
    2016/679, Art. 7(3) and 17.
    """
    yield Statement(
        about="listed persons",
        answer=Answered.NOT_MET if overlap.people or overlap.rows else Answered.MET,
        text=text(
            "{people} of {listed} {listed|person|persons} listed in `{withdrawals}` {people|stands|stand} in "
            "`{table}`, in {rows} {rows|row|rows}",
            people=overlap.people,
            listed=overlap.listed,
            withdrawals=params.withdrawals,
            table=params.table,
            rows=overlap.rows,
        ),
    )
    if overlap.unidentified:
        yield Statement(
            about="unidentified rows",
            answer=Answered.CANNOT_TELL,
            reason=Reason.MISSING_DEMOGRAPHICS,
            text=text(
                "{rows} {rows|row|rows} of `{table}` "
                "{rows|says not whose it is, so it|say not whose they are, so they} cannot be cleared",
                rows=overlap.unidentified,
                table=params.table,
            ),
        )
