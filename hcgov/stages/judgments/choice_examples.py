"""Small tables of preferences for the worked examples of checks."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from hcgov.core.evidence.long import Codes, Long, coded, numbered
from hcgov.core.frozen import frozen
from hcgov.core.long_tables import LongKind
from hcgov.core.slices import SliceRules
from hcgov.stages.specimens import source

RULES = SliceRules(by=("region",), min_people=10)


@frozen
class Vote:
    """Choices of people of one group between two models: how many people prefer either."""

    group: str | None
    a: str
    b: str
    for_a: int
    for_b: int
    ties: int = 0
    wave: str | None = None
    day: float = 0.0


def preferences(
    votes: Sequence[Vote], *, prompts: int = 20, weights: Mapping[str, float] | None = None
) -> Long:
    """Return a table in which every person of a vote made one choice, on prompts by turns.

    Parameters
    ----------
    votes
        Who chose what; people of different votes are different.
    prompts
        Over how many prompts the choices are spread.
    weights
        Weight of each group's people; no column where left out.
    """
    rows = [
        (f"person {number} {index}", vote, choice)
        for number, vote in enumerate(votes)
        for index, choice in enumerate(["a"] * vote.for_a + ["b"] * vote.for_b + ["tie"] * vote.ties)
    ]
    columns = {
        "prompt_id": coded([f"prompt {i % prompts}" for i in range(len(rows))]),
        "annotator": coded([person for person, _, _ in rows]),
        "choice": coded([choice for _, _, choice in rows]),
        "model_a": coded([vote.a for _, vote, _ in rows]),
        "model_b": coded([vote.b for _, vote, _ in rows]),
    }
    if any(vote.wave for vote in votes):
        columns["wave"] = coded([vote.wave for _, vote, _ in rows])
    long = Long(
        table="preferences",
        kind=LongKind.PREFERENCES,
        rows=len(rows),
        columns=columns,
        groups={"region": coded([vote.group for _, vote, _ in rows])},
        rules=RULES,
        source=source("preferences", "preferences"),
    )
    if any(vote.day for vote in votes):
        long = with_column(long, submitted_at=numbered([vote.day * 86400.0 for _, vote, _ in rows]))
    if weights is not None:
        long = with_column(long, weight=numbered([weights[vote.group or ""] for _, vote, _ in rows]))
    return long


def with_column(long: Long, **columns: object) -> Long:
    """Return a table with further columns."""
    return replace(long, columns={**long.columns, **columns})  # type: ignore[dict-item]


def asked(people: Mapping[str | None, int]) -> Long:
    """Return a table in which so many people of each region made one choice."""
    return preferences(
        [Vote(group=group, a="m1", b="m2", for_a=n // 2, for_b=n - n // 2) for group, n in people.items()]
    )


def without(long: Long, *columns: str) -> Long:
    """Return a table without some columns."""
    return replace(long, columns={name: c for name, c in long.columns.items() if name not in columns})


def nobody() -> Codes:
    """Return a column in which nothing is recorded."""
    return coded([None])
