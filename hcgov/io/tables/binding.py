"""Names of policies bound to columns of a table: roles, derived outcomes and groups. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeAlias

from hcgov.core.artifacts import Scalar
from hcgov.core.evidence.counts import CountsOf, OverlapOf, SharesOf
from hcgov.core.evidence.scores import ScoresOf
from hcgov.core.frozen import frozen
from hcgov.core.project import Outcome, Table
from hcgov.core.slices import SliceRules

TableRequest: TypeAlias = CountsOf | ScoresOf | SharesOf | OverlapOf


@frozen
class ResolvedOutcome:
    """How 1, 0 and `not recorded` are read from a column.

    Parameters
    ----------
    name
        Role or derived outcome, as rates name it.
    column
        Column of the table.
    positive, negative, at_least
        As in the manifest; all empty where the column must hold 0 and 1, or true and false.
    adverse
        Whether people are harmed when the share is higher (``True``) or lower (``False``); ``None`` where the
        manifest does not say.
    """

    name: str
    column: str
    positive: tuple[Scalar, ...] = ()
    negative: tuple[Scalar, ...] = ()
    at_least: Decimal | None = None
    adverse: bool | None = None

    @property
    def binary(self) -> bool:
        """Whether nothing is mapped, so that only 0, 1, true and false may stand in the column."""
        return not self.positive and not self.negative and self.at_least is None


def resolve_outcome(table: Table, name: str) -> ResolvedOutcome | None:
    """Bind an outcome's name to its column and values.

    Returns
    -------
    ResolvedOutcome or None
        ``None`` where the name is neither a derived outcome nor a role that the artifact fills.
    """
    role = _roles(table).get(name)
    outcome = table.outcomes.get(name, Outcome())
    column = outcome.column or role
    if column is None:
        return None
    return ResolvedOutcome(
        name=name,
        column=column,
        positive=outcome.positive,
        negative=outcome.negative,
        at_least=outcome.at_least,
        adverse=None if outcome.adverse is None else outcome.adverse == "higher",
    )


def outcome_names(table: Table) -> tuple[str, ...]:
    """Return every outcome that rates may name, for the nearest name in a message."""
    roles = (name for name, column in _roles(table).items() if column is not None)
    return tuple(dict.fromkeys((*table.outcomes, *roles)))


def group_column(table: Table, group: str) -> str:
    """Return the column of a group: as mapped in ``roles.groups``, else the group's own name."""
    return table.roles.groups.get(group, group)


@dataclass(frozen=True, kw_only=True, order=True)
class Use:
    """One name that a request needs, and the column it leads to.

    ``column`` is ``None`` where the artifact does not say: an outcome that is neither mapped nor a role, or a
    list of persons without ``roles.person``.
    """

    part: Literal["group", "outcome", "person", "count", "item", "weight"]
    name: str
    column: str | None


def used_columns(
    name: str, table: Table, requests: Iterable[TableRequest], rules: SliceRules
) -> tuple[Use, ...]:
    """Return every column that the requests need from one table, so that a scan reads no other.

    Parameters
    ----------
    name
        The table's name in ``hcgov.yaml``; requests on other tables are passed over, except that a table
        which is ``listed`` in an :class:`OverlapOf` must name its persons.
    table
        The artifact.
    requests
        What checks ask for.
    rules
        The project's slices.
    """
    return tuple(dict.fromkeys(use for request in requests for use in _uses(name, table, request, rules)))


def _uses(name: str, table: Table, request: TableRequest, rules: SliceRules) -> Iterator[Use]:
    if isinstance(request, OverlapOf):
        if name in (request.table, request.listed):
            yield Use(part="person", name="person", column=table.roles.person)
        return
    if request.table != name:
        return
    if isinstance(request, SharesOf):
        yield Use(part="group", name=request.column, column=group_column(table, request.column))
    else:
        for group in rules.tightened(request.slices).columns:
            yield Use(part="group", name=group, column=group_column(table, group))
        for outcome in outcomes_of(request):
            resolved = resolve_outcome(table, outcome)
            yield Use(part="outcome", name=outcome, column=None if resolved is None else resolved.column)
        if isinstance(request, CountsOf):
            yield from _clustering(table)
    if table.count is not None:
        yield Use(part="count", name="count", column=table.count.column)
    elif table.roles.person is not None:
        yield Use(part="person", name="person", column=table.roles.person)


def _clustering(table: Table) -> Iterator[Use]:
    """Yield what only rates read: items that rows are about, and weights of rows."""
    if table.roles.item is not None:
        yield Use(part="item", name="item", column=table.roles.item)
    if table.roles.weight is not None:
        yield Use(part="weight", name="weight", column=table.roles.weight)


def outcomes_of(request: CountsOf | ScoresOf) -> tuple[str, ...]:
    """Return the outcomes that a request reads, each once, in order."""
    if isinstance(request, ScoresOf):
        return tuple(dict.fromkeys((request.label, request.score)))
    return tuple(dict.fromkeys(name for rate in request.rates for name in rate.outcomes))


def _roles(table: Table) -> dict[str, str | None]:
    roles = table.roles
    return {"label": roles.label, "prediction": roles.prediction, "score": roles.score}
