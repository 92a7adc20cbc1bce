"""Hold the names that controls and manifest use against the tables they speak of, before any data is read.

A column that is not in a readable header, an outcome or group that no table has, an adverse direction that
nobody declared: all are authoring mistakes. An unreadable file is not; it is missing evidence.
"""

from collections.abc import Iterator, Mapping

from hcgov.app.engines import engines_of
from hcgov.core.evidence.absent import Absent
from hcgov.core.evidence.counts import CountsOf, OverlapOf, SharesOf
from hcgov.core.evidence.long import LongOf
from hcgov.core.evidence.metrics import ExpectationsOf, GroupMetricOf
from hcgov.core.evidence.scores import ScoresOf
from hcgov.core.mistake import Mistake, Position, did_you_mean, nearest
from hcgov.core.project import Table
from hcgov.core.text import text
from hcgov.io.group_metrics import known_metrics, metric_limits, metric_reads, suggestion
from hcgov.io.manifest import ROLES, Manifest
from hcgov.io.tables import Misnamed, Schema, locate, outcome_names, outcomes_of, probe, resolve_outcome
from hcgov.judgement.limits import limit_mistakes
from hcgov.judgement.plan import Plan, Planned

OnTable = (CountsOf, ScoresOf, SharesOf, OverlapOf, ExpectationsOf, GroupMetricOf)


def tables_of(plan: Plan) -> tuple[str, ...]:
    """Return the names of the tables that the plan reads."""
    names = (
        name
        for control in plan.controls
        for request in control.requests.values()
        if isinstance(request, OnTable)
        for name in (request.table, request.listed if isinstance(request, OverlapOf) else request.table)
    )
    return tuple(dict.fromkeys(names))


NOT_DECLARED = ("HCG-N004", "HCG-N006", "HCG-N007")
"""Mistakes of not saying something: it may stand in a part of the manifest that cannot be understood."""


def name_mistakes(plan: Plan, manifest: Manifest, *, whole: bool = True) -> list[Mistake]:
    """Return every name that refers to nothing.

    Parameters
    ----------
    whole
        The manifest has no other mistakes; otherwise nothing is said about what it does not declare, which a
        misspelt key would explain.
    """
    told: list[Mistake] = []
    schemas: dict[str, Schema | Absent] = {}
    for name in tables_of(plan):
        table = manifest.project.table(name)
        if table is not None:
            schemas[name] = probe(
                name, table, manifest.root, manifest.allowed_roots, engines=engines_of(manifest)
            )
            told += _column_mistakes(name, table, schemas[name], manifest)
        elif name in manifest.project.artifacts:
            kind = manifest.project.artifacts[name].kind
            told.append(
                Mistake(
                    code="HCG-N001",
                    message=f"`{name}` is a {kind}, but a control reads it as a table",
                    where=manifest.where("artifacts", name, "kind"),
                    help="write `kind: table`",
                )
            )
    told += _long_mistakes(plan, manifest)
    for control in plan.controls:
        for request in control.requests.values():
            told += _request_mistakes(control, request, manifest, schemas)
    return [one for one in dict.fromkeys(told) if whole or one.code not in NOT_DECLARED]


def _long_mistakes(plan: Plan, manifest: Manifest) -> list[Mistake]:
    asked = (r.table for c in plan.controls for r in c.requests.values() if isinstance(r, LongOf))
    names = tuple(dict.fromkeys(asked))
    if not names:
        return []
    from hcgov.app.judgments import judgment_mistakes

    return [mistake for name in names for mistake in judgment_mistakes(name, manifest)]


def _column_mistakes(
    name: str, table: Table, schema: Schema | Absent, manifest: Manifest
) -> Iterator[Mistake]:
    if isinstance(schema, Absent):
        return
    for column, position in table.columns.items():
        if schema.positions.get(column, position) != position:
            yield Mistake(
                code="HCG-N009",
                message=f"`columns` gives the name `{column}` to another column of `{name}`",
                where=manifest.where("artifacts", name, "columns", column),
                help="choose a name that is not in the header",
            )
    for path, column in _named_columns(table):
        where = manifest.parsed.values.get(("artifacts", name, *path))
        yield from _misnamed(column, name, table, schema, where or manifest.where("artifacts", name, *path))


def _misnamed(
    column: str, name: str, table: Table, schema: Schema, where: Position | None, group: str = ""
) -> Iterator[Mistake]:
    """Say why a column cannot be found; ``group`` is the slice it stands for, if it stands for one."""
    found = locate(schema, table, column)
    if found is Misnamed.REPEATED:
        yield Mistake(
            code="HCG-N002",
            message=f"column `{column}` stands more than once in the header of `{name}`",
            where=where,
            help=f"say which by position, counted from 0: `columns: {{{column}: …}}`",
        )
    elif found is Misnamed.BEYOND:
        yield Mistake(
            code="HCG-N008",
            message=f"`columns` puts `{column}` at position {table.columns[column]} of `{name}`",
            where=where,
            help=str(text("the table has {n} {n|column|columns}, counted from 0", n=len(schema.columns))),
        )
    elif found is Misnamed.UNKNOWN and group:
        yield Mistake(
            code="HCG-N005",
            message=f"slice column `{group}` is not in table `{name}`",
            where=where,
            help=_other_delimiter(group, schema)
            or did_you_mean(group, (*schema.columns, *table.roles.groups)),
        )
    elif found is Misnamed.UNKNOWN:
        yield Mistake(
            code="HCG-N003",
            message=f"table `{name}` has no column `{column}`",
            where=where,
            help=_other_delimiter(column, schema) or did_you_mean(column, (*schema.columns, *table.columns)),
        )


def _other_delimiter(column: str, schema: Schema) -> str:
    """Say which delimiter the header seems to have, where it was read as one single column."""
    if len(schema.columns) == 1:
        for mark, written in ((";", ";"), ("\t", "\\t"), ("|", "|")):
            if column in schema.columns[0].split(mark):
                return (
                    f'the header seems to be separated by `{written}`: add `csv: {{delimiter: "{written}"}}`'
                )
    return ""


def _named_columns(table: Table) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield every column that a table's own entry names, with its path in the manifest."""
    for role in (*ROLES, "person"):
        column = getattr(table.roles, role)
        if column is not None:
            yield ("roles", role), column
    for group, column in table.roles.groups.items():
        yield ("roles", "groups", group), column
    for name, outcome in table.outcomes.items():
        if outcome.column is not None:
            yield ("outcomes", name, "column"), outcome.column
    if table.count is not None:
        yield ("count", "column"), table.count.column


def _request_mistakes(
    control: Planned, request: object, manifest: Manifest, schemas: Mapping[str, Schema | Absent]
) -> Iterator[Mistake]:
    if not isinstance(request, CountsOf | ScoresOf | SharesOf | GroupMetricOf):
        return
    table = manifest.project.table(request.table)
    if table is None:
        return
    if isinstance(request, SharesOf):
        yield from _group_mistakes((request.column,), table, request.table, control, manifest, schemas)
        return
    rules = manifest.project.slices.tightened(request.slices)
    if not rules.by:
        yield Mistake(
            code="HCG-N004",
            message=f"{control.spec.id} compares slices, but no slice column is declared",
            where=manifest.where("slices"),
            help="add `slices: {by: [column, …]}` to hcgov.yaml",
        )
    yield from _group_mistakes(rules.columns, table, request.table, control, manifest, schemas)
    if isinstance(request, GroupMetricOf) and metric_reads(request) is None:
        yield Mistake(
            code="HCG-N010",
            message=f"{control.spec.id}: no metric is called `{request.metric}`",
            where=control.where("with", "metric"),
            help=suggestion(request.metric) or f"known are {', '.join(known_metrics())}",
        )
    if isinstance(request, GroupMetricOf) and control.limit is not None:
        yield from limit_mistakes(control.spec, control.limit, metric_limits(request), control.where)
    for outcome in _outcomes(request):
        yield from _outcome_mistakes(outcome, request, table, control, manifest)


def _outcomes(request: CountsOf | ScoresOf | GroupMetricOf) -> tuple[str, ...]:
    """Return the outcomes and roles that a request reads; a metric that nobody knows reads none."""
    if isinstance(request, GroupMetricOf):
        return metric_reads(request) or ()
    return outcomes_of(request)


def _group_mistakes(
    groups: tuple[str, ...],
    table: Table,
    name: str,
    control: Planned,
    manifest: Manifest,
    schemas: Mapping[str, Schema | Absent],
) -> Iterator[Mistake]:
    schema = schemas.get(name)
    if not isinstance(schema, Schema):
        return
    for group in groups:
        by = manifest.project.slices.by
        declared = manifest.where("slices", "by", by.index(group)) if group in by else None
        where = declared or control.where("with", "slices")
        person = table.roles.person
        if person is not None and table.roles.groups.get(group, group) == person:
            yield Mistake(
                code="HCG-N011",
                message=f"slice column `{group}` of table `{name}` is the one that names persons (`roles: person:`)",
                where=where,
                help="slice by what people have in common; a group of one person says who it is",
            )
        if group not in table.roles.groups:
            yield from _misnamed(group, name, table, schema, where, group)


def _outcome_mistakes(
    outcome: str,
    request: CountsOf | ScoresOf | GroupMetricOf,
    table: Table,
    control: Planned,
    manifest: Manifest,
) -> Iterator[Mistake]:
    resolved = resolve_outcome(table, outcome)
    if resolved is None:
        yield Mistake(
            code="HCG-N006",
            message=f"{control.spec.id}: table `{request.table}` has no outcome or role `{outcome}`",
            where=manifest.where("artifacts", request.table),
            help=_how_to_declare(outcome, outcome_names(table)),
        )
    elif isinstance(request, CountsOf) and outcome in request.directed and resolved.adverse is None:
        yield Mistake(
            code="HCG-N007",
            message=f"{control.spec.id}: it is not said whether people are harmed by more or by less of `{outcome}`",
            where=manifest.where("artifacts", request.table, "outcomes", outcome),
            help=f"add `outcomes: {{{outcome}: {{adverse: lower}}}}` (or `higher`)",
        )


def _how_to_declare(outcome: str, known: tuple[str, ...]) -> str:
    """Name what is nearly called so, and the line to write."""
    line = (
        f"roles: {{{outcome}: <column>}}"
        if outcome in ROLES
        else f"outcomes: {{{outcome}: {{column: …, positive: […]}}}}"
    )
    near = nearest(outcome, known)
    return f"did you mean `{near}`? Or add `{line}`" if near else f"add `{line}` to the table"
