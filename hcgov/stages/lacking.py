"""How much may be missing from a table before nothing about it can be judged."""

from hcgov.core.frozen import frozen
from hcgov.core.status import Reason
from hcgov.core.text import Text, text

IN_A_SLICE = 4
"""How many times the share of missing outcomes may be exceeded in one slice, where few rows make shares jump."""


@frozen
class Gaps:
    """Largest shares of rows without a recorded outcome, and without a recorded group."""

    outcomes: float
    groups: float


def lack(
    *, table: str, outcome: str, n: int, missing: int, people_known: bool, nobody: int, gaps: Gaps
) -> tuple[Reason, Text] | None:
    """Return what a whole table lacks so that nothing can be judged: recorded outcomes, or people, or their names.

    Parameters
    ----------
    outcome
        What has to be recorded in a row, for people.
    n, missing
        Rows with and without it.
    nobody
        Rows among the ``n`` that name no person, where people repeat.
    """
    if n == 0:
        return Reason.MISSING_OUTCOMES, text(
            "no row of `{table}` has a recorded {outcome}", table=table, outcome=outcome
        )
    if missing > gaps.outcomes * (n + missing):
        return Reason.MISSING_OUTCOMES, text(
            "{missing} of {rows} {rows|row|rows} {missing|has|have} no recorded {outcome}; at most {share} may be "
            "missing",
            missing=missing,
            rows=n + missing,
            outcome=outcome,
            share=f"{gaps.outcomes:.0%}",
        )
    if not people_known:
        return Reason.FEW_PEOPLE, text(
            "it is not known which rows of `{table}` are the same person; name a `person` column, "
            "or say `unit: person` where each row is a different person",
            table=table,
        )
    if nobody > gaps.outcomes * n:
        return Reason.FEW_PEOPLE, text(
            "{nobody} of {rows} {rows|row|rows} {nobody|names|name} no person; at most {share} may not",
            nobody=nobody,
            rows=n,
            share=f"{gaps.outcomes:.0%}",
        )
    return None
