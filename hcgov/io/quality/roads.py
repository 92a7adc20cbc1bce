"""Which road an expectation takes: one scan of the table, or the library; and why."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from hcgov.core.evidence.aggregates import Aggregate, Aggregates, Kind
from hcgov.core.frozen import frozen
from hcgov.core.text import Text, text
from hcgov.io.quality.arguments import fault_of_patterns, missing_column
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


@frozen
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
    stays
        Whether nobody answers because the rows stay in the engine of a connection.
    """

    wanted: Wanted
    road: Road
    why: Text
    translation: Translation | None = None
    stays: bool = False


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
        mean. What the library would refuse goes to the library, which says so. A regular expression that cannot
        be read is nobody's to answer.
    """
    if fault := fault_of_patterns(wanted):
        return Routed(wanted=wanted, road=Road.NONE, why=text("{fault}", fault=fault))
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


def route_there(wanted: Wanted, found: Aggregates) -> Routed:
    """Choose the road of an expectation on a table that has been looked at, wherever its rows are.

    Great Expectations is given no rows of a table that stays in the engine of a connection: it would read values into
    this process, and by a connection of its own, at another moment than what is counted.
    """
    routed = route(wanted, found.kinds)
    if not found.stays or routed.road is Road.NONE:
        return routed
    if routed.road is Road.LIBRARY:
        return staying(routed.wanted, routed.why, found.stays)
    asks = () if routed.translation is None else routed.translation.asks
    why = next((found.refused[one] for one in asks if one in found.refused), None)
    return routed if why is None else staying(wanted, why, found.stays)


def staying(wanted: Wanted, why: Text, connection: str) -> Routed:
    """Return the road of an expectation that only the library could answer, of rows that it is not given."""
    sentence = text(
        "{why}; the rows stay in the engine of `{connection}`, and Great Expectations is given none of them: run it on "
        "an export of the table, or write an expectation that one scan answers",
        why=why,
        connection=connection,
    )
    return Routed(wanted=wanted, road=Road.NONE, why=sentence, stays=True)


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
