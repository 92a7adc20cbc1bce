"""Small tables for the worked examples of checks."""

from collections.abc import Mapping
from decimal import Decimal
from typing import TypeVar

from hcgov.core.check import Evidence, Example, Params
from hcgov.core.evidence.counts import Cell, Counts
from hcgov.core.evidence.source import Source
from hcgov.core.limit import Limit, Side
from hcgov.core.slices import SliceRules
from hcgov.core.status import Verdict

P = TypeVar("P", bound=Params)

SOURCE = Source(
    artifact="predictions", kind="table", location="predictions.csv", sha256="0" * 64, size=1, rows=1
)
RULES = SliceRules(by=("region",), min_people=30)


def at_most(value: str) -> Limit:
    """Return an upper limit at 95 % confidence."""
    return Limit(side=Side.AT_MOST, value=Decimal(value))


def at_least(value: str) -> Limit:
    """Return a lower limit at 95 % confidence."""
    return Limit(side=Side.AT_LEAST, value=Decimal(value))


def people_table(regions: Mapping[str, tuple[int, int]]) -> Counts:
    """Return counts of one outcome that people want: region -> (people, people with the outcome)."""
    cells = tuple(
        Cell(groups=(region,), flags=(flag,), n=n)
        for region, (people, positives) in regions.items()
        for flag, n in ((1, positives), (0, people - positives))
        if n
    )
    return _table(("prediction",), cells)


def confusion_table(regions: Mapping[str, tuple[int, int, int, int]]) -> Counts:
    """Return counts of label and prediction: region -> (true +, false -, false +, true -)."""
    cells = tuple(
        Cell(groups=(region,), flags=flags, n=n)
        for region, four in regions.items()
        for flags, n in zip(((1, 1), (1, 0), (0, 1), (0, 0)), four, strict=True)
        if n
    )
    return _table(("label", "prediction"), cells)


def _table(outcomes: tuple[str, ...], cells: tuple[Cell, ...]) -> Counts:
    return Counts(
        table="predictions",
        columns=("region",),
        outcomes=outcomes,
        cells=cells,
        people_known=True,
        rules=RULES,
        source=SOURCE,
        adverse={"prediction": False},
    )


def verdicts(
    params: P, *, passes: Evidence, fails: Evidence, cannot_tell: Evidence, limit: Limit
) -> tuple[Example[P], ...]:
    """Return the three examples that every judged check has, plus one of a constant outcome."""
    told = (
        ("alike", passes, Verdict.PASS),
        ("apart", fails, Verdict.FAIL),
        ("too few", cannot_tell, Verdict.INCONCLUSIVE),
    )
    constant = people_table({"north": (900, 900), "south": (900, 900)})
    flags = confusion_table({"north": (450, 0, 450, 0), "south": (450, 0, 450, 0)})
    same = flags if isinstance(passes, Counts) and "label" in passes.outcomes else constant
    return (
        *(Example(title=t, params=params, evidence={"counts": e}, expect=v, limit=limit) for t, e, v in told),
        Example(
            title="the same for everyone",
            params=params,
            evidence={"counts": same},
            expect=Verdict.INCONCLUSIVE,
            limit=limit,
        ),
    )
