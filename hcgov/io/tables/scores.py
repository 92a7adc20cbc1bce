"""Scores by slice, label and bin: one group-by in the engine that holds the table; no score leaves it."""

import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeAlias

from hcgov.core.evidence.absent import Absence, Absent
from hcgov.core.evidence.counts import NOBODY
from hcgov.core.evidence.scores import UNIT, Scores, ScoresOf
from hcgov.core.evidence.source import Source
from hcgov.core.frozen import frozen
from hcgov.core.project import Table
from hcgov.core.slices import SliceRules
from hcgov.core.text import text
from hcgov.io.tables import flags, sql
from hcgov.io.tables.binding import ResolvedOutcome, group_column
from hcgov.io.tables.counting import bind_outcome, not_binary
from hcgov.io.tables.people import People, bad_counts, count_terms, people_of, person_column
from hcgov.io.tables.relation import Column, Relation
from hcgov.io.tables.schema import Family
from hcgov.io.tables.score_cells import read_cells
from hcgov.io.tables.score_people import distinct, keep_people
from hcgov.io.tables.tally import Caps
from hcgov.io.tables.unread import UnreadError, unread

ScoresDraft: TypeAlias = Callable[[Source], Scores]
"""Scores but for their source, whose digest is known only when the scan is over."""

BUCKETS = 32
"""Buckets of people; half as many as for rates, for each is multiplied by the bins."""

_NUDGE = "1e-9"
"""Scores rounded to the width of a bin, such as 0.29, start a bin although 0.29 * 100 falls short of 29."""
_LARGEST = "CAST('1.7976931348623157e308' AS DOUBLE)"


@frozen
class _Range:
    """The bins: their number and the scores that they divide."""

    bins: int
    low: float
    high: float
    outside: int

    @property
    def probability(self) -> bool:
        return self.outside == 0

    def bin_of(self, score: str) -> str:
        """Return the SQL of a score's bin; NULL where there is no score."""
        width = self.high - self.low
        scale = self.bins / width if 0.0 < width < math.inf else 0.0
        if scale == 0.0 or not math.isfinite(scale):  # one value only, or a range beyond what numbers hold
            return f"CASE WHEN {score} IS NULL THEN NULL ELSE 0 END"
        place = f"CAST(FLOOR(({score} - {_double(self.low)}) * {_double(scale)} + {_NUDGE}) AS INTEGER)"
        return f"CASE WHEN {score} IS NULL THEN NULL ELSE LEAST({place}, {self.bins - 1}) END"


def scores(
    relation: Relation, requests: Sequence[ScoresOf], rules: SliceRules, caps: Caps, *, name: str = "scored"
) -> dict[ScoresOf, ScoresDraft | Absent]:
    """Answer requests for scores: one group-by for all that want the same score, label and bins.

    Parameters
    ----------
    relation
        The table.
    requests
        Requests on it.
    rules
        The project's slices; each request tightens them with its own.
    caps
        How far groups may fan out; ``caps.cells`` limits groups times labels times bins times buckets.
    name
        Beginning of the names under which the engine keeps what was counted.

    Returns
    -------
    dict
        A request that cannot be answered is ``Absent``.
    """
    refused = unaccounted(relation.where.name, relation.table)
    if refused is not None:
        return dict.fromkeys(requests, refused)
    drafts: dict[ScoresOf, ScoresDraft | Absent] = {}
    alike: dict[tuple[str, str, int], list[ScoresOf]] = {}
    for request in requests:
        alike.setdefault((request.score, request.label, request.bins), []).append(request)
    for number, same in enumerate(alike.values()):
        try:
            drafts |= _same(relation, same, rules, caps, f"{name}{number}")
        except UnreadError as gone:
            drafts |= dict.fromkeys(same, gone.absent)
    return drafts


def unaccounted(name: str, table: Table) -> Absent | None:
    """Return why a metric that is no function of counts cannot be given for a table, or ``None``.

    Weights, and items that many people judge, change both the value and how sure it is; here they are not taken
    into account, so they are not passed over either.
    """
    for role, column in (("weight", table.roles.weight), ("item", table.roles.item)):
        if column is not None:
            detail = text(
                "the rows of `{artifact}` have a role `{role}` (column `{column}`), which is taken into account for "
                "rates only; use a check on rates, or name a table without it",
                artifact=name,
                role=role,
                column=column,
            )
            return Absent(reason=Absence.NO_RESULT, artifact=name, detail=detail)
    return None


def _same(
    relation: Relation, requests: Sequence[ScoresOf], rules: SliceRules, caps: Caps, name: str
) -> dict[ScoresOf, ScoresDraft]:
    own = {request: rules.tightened(request.slices) for request in requests}
    groups = tuple(dict.fromkeys(group for one in own.values() for group in one.columns))
    first = requests[0]
    label, outcome = bind_outcome(relation, first.label), bind_outcome(relation, first.score)
    score = _score(outcome, relation.column(outcome.column))
    bins = _range(relation, first, outcome, score)
    people = people_of(relation)
    _keep(relation, groups, label, (score, bins), people, name)
    cells = read_cells(relation, groups, bins.bins, people, caps, name)
    exact = _exact(relation, bins, name)
    slicings = dict.fromkeys(slicing for one in own.values() for slicing in ((), *one.every_slicing()))
    people_by = distinct(relation, groups, tuple(slicings), name) if people is People.REPEATED else None
    draft = partial(
        Scores,
        table=relation.where.name,
        score=first.score,
        label=first.label,
        columns=groups,
        bins=bins.bins,
        low=bins.low,
        high=bins.high,
        exact=exact,
        outside=bins.outside,
        cells=cells,
        people_known=people is not People.UNKNOWN,
        people=people_by,
    )
    return {request: _sourced(draft, one) for request, one in own.items()}


def _sourced(draft: "partial[Scores]", rules: SliceRules) -> ScoresDraft:
    return lambda source: draft(rules=rules, source=source)


def _score(outcome: ResolvedOutcome, column: Column) -> str:
    """Return the SQL of a score: a number, NULL where nothing (or NaN) is recorded."""
    if not outcome.binary:
        return f"CAST({flags.flag(outcome, column.name, column.family)} AS DOUBLE)"
    return f"CAST({flags.number(column.name, column.family)} AS DOUBLE)"


def _range(relation: Relation, request: ScoresOf, outcome: ResolvedOutcome, score: str) -> _Range:
    """Return the bins, after a look at the least and the greatest score.

    Raises
    ------
    UnreadError
        Recorded scores that are no numbers, or infinite.
    """
    column = relation.column(outcome.column)
    bad = f"{score} > {_LARGEST} OR {score} < -{_LARGEST}"
    if outcome.binary and column.family in (Family.TEXT, Family.OTHER):
        written = flags.as_text(column.name, column.family)
        bad = f"({column.name} IS NOT NULL AND {score} IS NULL AND LOWER(TRIM({written})) <> 'nan') OR {bad}"
    beyond = f"{score} < 0 OR {score} > 1"
    ends = [
        f"SUM(CASE WHEN {bad} THEN 1 ELSE 0 END) AS wrong",
        f"SUM(CASE WHEN {beyond} THEN 1 ELSE 0 END) AS outside",
        f"MIN({score}) AS low",
        f"MAX({score}) AS high",
    ]
    relation.keep_grouped(
        "ends", lambda rows: sql.select(ends, rows), keys=0, merges=("SUM", "SUM", "MIN", "MAX")
    )
    ((wrong, outside, low, high),) = relation.read("SELECT wrong, outside, low, high FROM ends")
    if wrong:
        detail = text(
            "{rows} {rows|row|rows} of `{path}` {rows|holds|hold} a `{column}` that is no finite number",
            rows=int(wrong),
            path=relation.where.path,
            column=outcome.column,
        )
        raise unread(Absence.WRONG_KIND, relation.where.name, detail)
    if not outside or low is None or high is None:
        return _Range(bins=request.bins, low=0.0, high=1.0, outside=0)
    return _Range(bins=request.bins, low=float(low), high=float(high), outside=int(outside))


def _keep(
    relation: Relation,
    groups: tuple[str, ...],
    label: ResolvedOutcome,
    binned: tuple[str, _Range],
    people: People,
    name: str,
) -> None:
    """Scan the table and keep its finest cells under a name, and where people repeat, who stands in them."""
    score, bins = binned
    columns = [relation.column(group_column(relation.table, group)) for group in groups]
    keys = [f"{flags.as_text(c.name, c.family)} AS g{i}" for i, c in enumerate(columns)]
    column = relation.column(label.column)
    keys += [f"{flags.flag(label, column.name, column.family)} AS f", f"{bins.bin_of(score)} AS s"]
    weight, bad = count_terms(relation)
    # Engines round halves differently; all agree about what lies below.
    total = f"CAST(FLOOR({score} * {UNIT} + 0.5) AS BIGINT)" if bins.probability else "0"
    n, sum_, wrong_ = "COUNT(*)", f"SUM({total})", "0"
    if relation.table.count is not None:
        n, sum_, wrong_ = f"SUM({weight})", f"SUM({weight} * {total})", f"SUM({bad})"
    sums = [f"{n} AS n", f"{sum_} AS total", f"MIN({score}) AS lo", f"MAX({score}) AS hi"]
    sums += ["COUNT(*) AS records", f"{wrong_} AS bad"]
    if people is People.REPEATED:
        person = person_column(relation)
        bucket = sql.bucket(flags.as_text(person.name, person.family))
        keep_people(relation, keys, person.name, name)
        keys.append(f"CASE WHEN {person.name} IS NULL THEN {NOBODY} ELSE ({bucket}) % {BUCKETS} END AS b")
    merges = ("SUM", "SUM", "MIN", "MAX", "SUM", "SUM")
    relation.keep_grouped(name, lambda rows: sql.grouped(keys, sums, rows), keys=len(keys), merges=merges)
    neither = f"SUM(CASE WHEN f = {flags.NEITHER} THEN records ELSE 0 END)"
    ((wrong, others),) = relation.read(sql.select(["SUM(bad)", neither], name))
    if wrong:
        raise bad_counts(relation, int(wrong))
    if others:
        raise not_binary(relation, label, int(others))


def _exact(relation: Relation, bins: _Range, name: str) -> tuple[bool, ...]:
    """Return for each bin whether all scores in it are equal; a bin without scores is."""
    same = [True] * bins.bins
    terms = ["s", "CASE WHEN MIN(lo) = MAX(hi) THEN 1 ELSE 0 END"]
    query = sql.select(terms, name, where="s IS NOT NULL") + " GROUP BY 1"
    for place, equal in relation.read(query):
        same[int(place or 0)] = bool(equal)
    return tuple(same)


def _double(value: float) -> str:
    """Return a literal of exactly this number."""
    return f"CAST({sql.literal(repr(value))} AS DOUBLE)"
