"""Rates by slice: each request's own view of the cells that all requests on a table share."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial
from typing import TypeAlias

from hcgov.core.evidence.absent import Absence, Absent
from hcgov.core.evidence.clusters import Crowd
from hcgov.core.evidence.counts import Cell, Counts, CountsOf, PeopleKey
from hcgov.core.evidence.rolling import Rolled
from hcgov.core.evidence.source import Source
from hcgov.core.frozen import frozen
from hcgov.core.mistake import did_you_mean
from hcgov.core.slices import SliceRules
from hcgov.core.text import text
from hcgov.io.tables.binding import (
    ResolvedOutcome,
    group_column,
    outcome_names,
    outcomes_of,
    resolve_outcome,
)
from hcgov.io.tables.crowds import Kept, keep
from hcgov.io.tables.people import People
from hcgov.io.tables.relation import Relation
from hcgov.io.tables.tally import Caps, Tally, tally, too_many_values
from hcgov.io.tables.unread import UnreadError, unread

CountsDraft: TypeAlias = Callable[[Source], Counts]
"""Counts but for their source, whose digest is known only when the scan is over."""


@frozen
class Ask:
    """A request with its names bound."""

    request: CountsOf
    rules: SliceRules
    outcomes: tuple[ResolvedOutcome, ...]


def bind(relation: Relation, request: CountsOf, rules: SliceRules) -> Ask:
    """Bind a request to the columns of its table.

    Raises
    ------
    UnreadError
        A name that leads to no column.
    """
    own = rules.tightened(request.slices)
    for group in own.columns:
        relation.column(group_column(relation.table, group))
    outcomes = tuple(bind_outcome(relation, name) for name in outcomes_of(request))
    return Ask(request=request, rules=own, outcomes=outcomes)


def bind_outcome(relation: Relation, name: str) -> ResolvedOutcome:
    """Bind an outcome to a column of its table; :class:`UnreadError` where nothing has the name."""
    outcome = resolve_outcome(relation.table, name)
    if outcome is None:
        detail = text(
            "table `{artifact}` has no outcome or role `{outcome}`; {near}",
            artifact=relation.where.name,
            outcome=name,
            near=did_you_mean(name, outcome_names(relation.table)) or "fill a role under `roles:`",
        )
        raise unread(Absence.UNREADABLE, relation.where.name, detail)
    relation.column(outcome.column)
    return outcome


def not_binary(relation: Relation, outcome: ResolvedOutcome, rows: int) -> UnreadError:
    """Return the refusal of a column that is no outcome as it stands."""
    where = {
        "rows": rows,
        "path": relation.where.path,
        "column": outcome.column,
        "outcome": outcome.name,
    }
    detail = text(
        "{rows} {rows|row|rows} of `{path}` {rows|holds|hold} a value in `{column}` that is not finite, or differs "
        "only by its writing from "
        "one that counts as 1; mend it, or name every value that counts as 0 under `outcomes: {outcome}: negative:`",
        **where,
    )
    if outcome.binary:
        detail = text(
            "non-binary outcome: {rows} {rows|row|rows} of `{path}` {rows|holds|hold} something else than 0, 1, true "
            "or false in "
            "`{column}`; map its values under `outcomes: {outcome}:`",
            **where,
        )
    return unread(Absence.UNREADABLE, relation.where.name, detail)


def count(
    relation: Relation, asks: Sequence[Ask], caps: Caps
) -> tuple[Tally, dict[CountsOf, CountsDraft | Absent]]:
    """Answer all requests for rates on a table from one scan.

    Raises
    ------
    UnreadError
        The table cannot be read; a request that alone cannot be answered is ``Absent`` in the result.
    """
    groups = tuple(dict.fromkeys(group for ask in asks for group in ask.rules.columns))
    outcomes = {outcome.name: outcome for ask in asks for outcome in ask.outcomes}
    found = tally(relation, groups, tuple(outcomes.values()), caps)
    shared = None
    if found.cells <= caps.cells and not found.crowded:
        cells = found.fetch(groups, found.outcomes, caps.cells)
        shared = Rolled(cells, found.groups, found.outcomes) if isinstance(cells, tuple) else None
    answerable = [ask for ask in asks if not any(group in found.crowded for group in ask.rules.columns)]
    crowds = _Crowds(found=found, asks=answerable)
    drafts: dict[CountsOf, CountsDraft | Absent] = {}
    for ask in asks:
        try:
            drafts[ask.request] = _draft(found, ask, shared, crowds, caps)
        except UnreadError as gone:
            drafts[ask.request] = gone.absent
    return found, drafts


@frozen
class _Crowds:
    """Who the rows belong to, for all requests with the same cap at once."""

    found: Tally
    asks: Sequence[Ask]

    @cached_property
    def _kept(self) -> Kept:
        groups = tuple(dict.fromkeys(group for ask in self.asks for group in ask.rules.columns))
        outcomes = {outcome.name: outcome for ask in self.asks for outcome in ask.outcomes}
        rates = tuple(dict.fromkeys(rate for ask in self.asks for rate in ask.request.rates))
        return keep(self.found, groups, tuple(outcomes.values()), rates)

    @cached_property
    def _told(self) -> dict[int | None, Mapping[PeopleKey, Crowd] | None]:
        return {}

    def of(self, ask: Ask) -> Mapping[PeopleKey, Crowd] | None:
        """Return the crowds of a request's slices and rates; ``None`` where each row is a person."""
        cap = ask.request.max_rows_per_person
        if cap not in self._told:
            alike = (one for one in self.asks if one.request.max_rows_per_person == cap)
            self._told[cap] = self._kept.crowds((s for one in alike for s in one.rules.every_slicing()), cap)
        return self._told[cap]


def _draft(
    found: Tally,
    ask: Ask,
    shared: Rolled | None,
    crowds: _Crowds,
    caps: Caps,
) -> CountsDraft:
    relation = found.relation
    for group in ask.rules.columns:
        if group in found.crowded:
            raise too_many_values(relation, group, found.crowded[group], caps.values)
    if found.cells > caps.crossings:
        for crossing in (columns for columns in ask.rules.every_slicing() if len(columns) > 1):
            if (size := found.size(crossing)) > caps.crossings:
                raise _too_wide(relation, crossing, size, caps.crossings)
    for outcome in ask.outcomes:
        if outcome.name in found.neither:
            raise not_binary(relation, outcome, found.neither[outcome.name])
    own = tuple(outcome.name for outcome in ask.outcomes)
    draft = partial(
        Counts,
        table=relation.where.name,
        people_known=found.people is not People.UNKNOWN,
        rules=ask.rules,
        crowds=crowds.of(ask),
        adverse={o.name: o.adverse for o in ask.outcomes if o.adverse is not None},
    )
    if shared is not None:
        return lambda source: draft(
            columns=found.groups, outcomes=found.outcomes, cells=shared.cells, rolled=shared, source=source
        )
    few = found.fetch(ask.rules.columns, own, caps.cells)
    if isinstance(few, tuple):
        return lambda source: draft(columns=ask.rules.columns, outcomes=own, cells=few, source=source)
    split = {slicing: _slicing(found, slicing, own, caps) for slicing in ((), *ask.rules.every_slicing())}
    return lambda source: draft(columns=ask.rules.columns, outcomes=own, cells=(), split=split, source=source)


def _slicing(
    found: Tally, slicing: tuple[str, ...], outcomes: tuple[str, ...], caps: Caps
) -> tuple[Cell, ...]:
    cells = found.fetch(slicing, outcomes, caps.cells)
    if isinstance(cells, tuple):
        return cells
    raise _too_wide(found.relation, slicing, cells, caps.cells)


def _too_wide(relation: Relation, slicing: tuple[str, ...], cells: int, cap: int) -> UnreadError:
    detail = text(
        "crossing {columns} in `{path}` gives {cells} groups, more than {cap}; cross fewer columns, or group "
        "their values into fewer",
        columns=" × ".join(f"`{group_column(relation.table, group)}`" for group in slicing),
        path=relation.where.path,
        cells=f"{cells:,}",
        cap=f"{cap:,}",
    )
    return unread(Absence.TOO_MANY_GROUPS, relation.where.name, detail)
