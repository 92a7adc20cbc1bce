"""Weights of a table's people: raked to the margins of a population, or as they were given."""

from collections.abc import Iterator, Mapping
from typing import Literal

import numpy as np
from pydantic import Field

from hcgov.core.evidence.documents import Record
from hcgov.core.evidence.long import Long
from hcgov.core.frozen import frozen
from hcgov.core.measurement import Answered, Statement
from hcgov.core.status import Reason
from hcgov.core.text import Text, text
from hcgov.stages.judgments.arrays import as_array, numbers
from hcgov.stages.judgments.choices import bad_weights, differing
from hcgov.stages.judgments.plans import SUM_TOLERANCE, first_rows, persons
from hcgov.stages.records import Written, read, where
from hcgov.stats.aggregation.ballots import Floats, Ints
from hcgov.stats.sampling.margins import Margin, crossed, margin_of
from hcgov.stats.sampling.raking import (
    CAP,
    FEWEST_IN_LEVEL,
    PeopleWeights,
    Refusal,
    Why,
    given,
    raked,
)


class Cell(Written):
    """A crossed cell of a population."""

    values: list[str] = Field(min_length=1)
    share: float = Field(gt=0, le=1)


class WrittenMargins(Written):
    """Shares of a population, as they are written: margins by column, or crossed cells of some columns."""

    kind: Literal["PopulationMargins"] = "PopulationMargins"
    margins: dict[str, dict[str, float]] = Field(default_factory=dict)
    columns: list[str] = Field(default_factory=list)
    cells: list[Cell] = Field(default_factory=list)
    source: str = Field(min_length=3)
    date: str = ""


@frozen
class Weighted:
    """People of a table with their weights.

    Parameters
    ----------
    person
        Place of each row's person in ``weights``, shape (rows,); negative for rows of nobody.
    weights
        Of each person.
    margins
        What they were raked to.
    found
        How raking went; ``None`` for weights that were given.
    """

    person: Ints
    weights: Floats
    margins: tuple[Margin, ...]
    found: PeopleWeights | None

    @property
    def unplaced(self) -> int:
        """People without a recorded level in some margin."""
        return int(np.any([margin.place < 0 for margin in self.margins], axis=0).sum())


def margins_written(record: Record) -> tuple[WrittenMargins | None, tuple[Statement, ...]]:
    """Return the margins that a record holds, and what is to be said where it holds none."""
    wanted, faults = read(record, record.data, WrittenMargins, answer=Answered.ERROR)
    if wanted is None:
        return None, faults
    told = tuple(_faults(record, wanted))
    return (None, told) if told else (wanted, ())


def _faults(record: Record, wanted: WrittenMargins) -> Iterator[Statement]:
    sums = {f"`{column}`": sum(levels.values()) for column, levels in wanted.margins.items()}
    if wanted.cells:
        sums["the cells"] = sum(cell.share for cell in wanted.cells)
    if bool(wanted.margins) == bool(wanted.cells):
        fault = text("a population is written by `margins` or by `columns` and `cells`, one of both")
        yield Statement(about="margins", answer=Answered.ERROR, text=fault, where=where(record, ()))
    if any(len(cell.values) != len(wanted.columns) for cell in wanted.cells):
        fault = text("a cell has not one value for each of `columns`")
        yield Statement(about="cells", answer=Answered.ERROR, text=fault, where=where(record, ("cells",)))
    for name, total in sums.items():
        if round(abs(total - 1.0), 9) > SUM_TOLERANCE:
            fault = text("the shares of {name} add up to {total}, not to 1", name=name, total=f"{total:.3f}")
            yield Statement(about=f"shares of {name}", answer=Answered.ERROR, text=fault)


def columns_of(wanted: WrittenMargins) -> tuple[str, ...]:
    """Return the slicing columns that the population is written by."""
    return tuple(wanted.columns) if wanted.cells else tuple(wanted.margins)


def people_of(long: Long) -> tuple[Ints, Ints]:
    """Return the place of each row's person, -1 for nobody, and the first row of each person."""
    person = persons(long)
    people, first = first_rows(person)
    place = np.searchsorted(people, person)
    return np.where(person >= 0, place, -1).astype(np.int64), first


def margins_of(long: Long, wanted: WrittenMargins) -> tuple[Margin, ...]:
    """Return where the people of a table stand in the margins of a population; the table has all its columns."""
    _, first = people_of(long)
    found = tuple(
        margin_of(
            column,
            as_array(long.groups[column]).astype(np.int64)[first],
            long.groups[column].names,
            wanted.margins.get(column, {}),
        )
        for column in columns_of(wanted)
    )
    if not wanted.cells:
        return found
    return (crossed(found, {tuple(cell.values): cell.share for cell in wanted.cells}),)


def weighted(
    long: Long,
    wanted: WrittenMargins,
    *,
    use_given: bool = False,
    cap: float = CAP,
    fewest: int = FEWEST_IN_LEVEL,
) -> Weighted | Refusal:
    """Return the people of a table with weights, or why there are none.

    Parameters
    ----------
    long
        With all columns of ``wanted`` among its groups.
    wanted
        The population.
    use_given
        Take the column ``weight`` of the table, and rake nothing.
    cap, fewest
        As for :func:`hcgov.stats.sampling.raking.raked`.
    """
    person, first = people_of(long)
    margins = margins_of(long, wanted)
    if use_given:
        weights = numbers(long, "weight")[first] if long.has("weight") else np.full(first.size, np.nan)
        several = differing(numbers(long, "weight"), person, weights) if long.has("weight") else 0
        kept = Refusal(why=Why.BAD_WEIGHTS, people=several) if several else given(weights)
        if isinstance(kept, Refusal):
            return kept
        return Weighted(person=person, weights=weights / weights.mean(), margins=margins, found=None)
    found = raked(margins, cap=cap, fewest=fewest)
    if isinstance(found, Refusal):
        return found
    return Weighted(person=person, weights=found.weights, margins=margins, found=found)


_SAID: Mapping[Why, tuple[Reason, str]] = {
    Why.NOBODY: (Reason.FEW_PEOPLE, "nobody has a recorded level in every margin, so nobody can be weighted"),
    Why.EMPTY_LEVEL: (
        Reason.ABSENT_GROUP,
        "the population has {level} ({dimension}), the table nobody of it: weights never create people",
    ),
    Why.THIN_LEVEL: (
        Reason.FEW_PEOPLE,
        "{level} ({dimension}) has {people} {people|person|people}, too few to be weighted up: merge levels or ask "
        "more",
    ),
    Why.UNNAMED_LEVEL: (
        Reason.UNDECLARED_GROUP,
        "{people} {people|person is|people are} {level} ({dimension}), which the population does not name",
    ),
    Why.BROKEN_MARGIN: (
        Reason.COVERAGE,
        "the shares of {dimension} are missing, negative or all zero",
    ),
    Why.CONTRADICTION: (
        Reason.NOT_CONNECTED,
        "no weights of these {people} {people|person|people} meet all margins: their crossings lack people",
    ),
}


def refused(refusal: Refusal) -> tuple[Reason, Text]:
    """Return the reason code of a refusal and what to say."""
    if refusal.why is Why.BAD_WEIGHTS:
        return Reason.UNUSABLE_WEIGHTS, bad_weights(refusal.people)
    reason, said = _SAID[refusal.why]
    return reason, text(said, dimension=refusal.dimension, level=refusal.level, people=refusal.people)
