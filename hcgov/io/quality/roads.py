"""Which road an expectation takes: one scan of the table, or the library; and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from hcgov.core.evidence.aggregates import Aggregate, Kind
from hcgov.core.text import Text, text
from hcgov.io.quality.arguments import missing_column
from hcgov.io.quality.by_column import COLUMNS
from hcgov.io.quality.by_row import ROWS
from hcgov.io.quality.by_table import TABLES
from hcgov.io.quality.given import Given, LeftError, Translation
from hcgov.io.quality.suite import Wanted

TRANSLATORS = ROWS | COLUMNS | TABLES


class Road(StrEnum):
    """Who answers an expectation."""

    SCAN = "one scan"
    LIBRARY = "Great Expectations"
    NONE = "nobody"


@dataclass(frozen=True, kw_only=True)
class Routed:
    """An expectation with the road it takes.

    Parameters
    ----------
    wanted
        The expectation.
    road, why
        The road, and the reason for people.
    translation
        The function of aggregates, where the road is the scan.
    """

    wanted: Wanted
    road: Road
    why: Text
    translation: Translation | None = None


def route(wanted: Wanted, kinds: Mapping[str, Kind | None] | None) -> Routed:
    """Choose the road of an expectation.

    Parameters
    ----------
    wanted
        The expectation.
    kinds
        What the columns of the table hold; ``None`` where no table is known.

    Returns
    -------
    Routed
        The scan only where the expectation and every argument mean for certain what the library says they
        mean. What the library would refuse goes to the library, which says so.
    """
    translate = TRANSLATORS.get(wanted.type)
    if translate is None:
        why = text("only the library computes it") if wanted.type else text("the entry has no `type`")
        return Routed(wanted=wanted, road=Road.LIBRARY, why=why)
    if kinds is not None and (fault := missing_column(wanted, kinds)):
        return Routed(wanted=wanted, road=Road.NONE, why=text("{fault}", fault=fault))
    given = Given(wanted=wanted, kinds=kinds)
    try:
        translation = translate(given)
    except LeftError as left:
        return Routed(wanted=wanted, road=Road.LIBRARY, why=left.why)
    why = translation.of
    for condition in dict.fromkeys(given.assumed):
        why = text("{why}, {condition}", why=why, condition=condition)
    return Routed(wanted=wanted, road=Road.SCAN, why=why, translation=translation)


def asked(routes: Sequence[Routed]) -> tuple[Aggregate, ...]:
    """Return every aggregate that the scan has to answer, once."""
    return tuple(
        dict.fromkeys(one for routed in routes if routed.translation for one in routed.translation.asks)
    )


def columns_of(suite: Sequence[Wanted]) -> tuple[str, ...]:
    """Return the columns that the scan may be asked about."""
    return tuple(
        dict.fromkeys(
            column
            for wanted in suite
            if wanted.type in ROWS or wanted.type in COLUMNS
            for column in wanted.columns
        )
    )
