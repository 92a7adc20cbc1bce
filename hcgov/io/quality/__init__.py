"""Expectations on a table, as Great Expectations means them; no value of the data leaves this package.

What is a function of counts and aggregates is answered from a scan of the table; the rest, and whatever is not
certain, by the library on a data frame.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from hcgov.core.evidence.absent import Absence, Absent
from hcgov.core.evidence.aggregates import Aggregates
from hcgov.core.evidence.metrics import ExpectationResult, Expectations, ExpectationsOf
from hcgov.core.evidence.source import Source, Tree
from hcgov.core.text import text
from hcgov.io.quality.engine import Answer, Prepared, Run
from hcgov.io.quality.given import LeftError
from hcgov.io.quality.results import failed, result_of
from hcgov.io.quality.roads import Road, Routed, asked, columns_of, route, route_there, staying
from hcgov.io.quality.suite import Wanted, confined, suite_name, wanted_of
from hcgov.io.refusals import changed

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "Road",
    "Routed",
    "Wanted",
    "asked",
    "columns_of",
    "read_suite",
    "route",
    "route_there",
    "run_on_scan",
    "run_suite",
    "suite_name",
]

Load: TypeAlias = "Callable[[Sequence[str] | None], tuple[pd.DataFrame, Source] | Absent]"
"""Reads the table into a frame: some of its columns, or all."""


def read_suite(request: ExpectationsOf, suite: Tree) -> tuple[Wanted, ...] | Absent:
    """Return the expectations of a suite in their order.

    Parameters
    ----------
    request
        What was asked for; names the table and the suite.
    suite
        The parsed suite: what Great Expectations 1.x writes (``expectations: [{type, kwargs, …}]``), the
        same with ``expectation_type`` as versions before 1.0 wrote it, or the bare list.

    Returns
    -------
    tuple of Wanted or Absent
        ``Absent`` if it is no suite, or holds no expectation, for then nothing is asked of the data.
    """
    name = suite_name(request, suite)
    wanted = wanted_of(suite)
    if wanted is None:
        return Absent(
            reason=Absence.WRONG_KIND,
            artifact=name,
            detail=text(
                "{suite} is not a suite of expectations: a list `expectations` is missing, each entry with"
                " `type` and `kwargs`, as Great Expectations writes it",
                suite=name,
            ),
        )
    if not wanted:
        return Absent(
            reason=Absence.NO_RESULT,
            artifact=name,
            detail=text(
                "the suite {suite} holds no expectation, so nothing was asked of the table {table};"
                " add at least one under `expectations`",
                suite=name,
                table=request.table,
            ),
        )
    return wanted


def run_on_scan(
    wanted: Sequence[Wanted], scan: Aggregates, load: Load
) -> tuple[ExpectationResult, ...] | Absent:
    """Answer a suite from the aggregates of a table, and by the library where they do not do.

    Parameters
    ----------
    wanted
        The suite.
    scan
        What :func:`asked` of the same suite on the same table says has to be known.
    load
        Reads the table into a frame; called only if the library is needed, and never for a table that stays in the
        engine of a connection: there what the aggregates do not answer is not answered, with the reason.

    Returns
    -------
    tuple of ExpectationResult or Absent
        One result for each expectation, in the order of the suite; ``Absent`` where the table cannot be read
        again, or is not the same any more.
    """
    results: dict[int, ExpectationResult] = {}
    left: list[Wanted] = []
    for routed in (route_there(one, scan) for one in wanted):
        answered = _from_scan(routed, scan)
        if isinstance(answered, Routed):
            results[routed.wanted.place] = _unanswered(answered)
        elif answered is not None:
            results[routed.wanted.place] = result_of(routed.wanted, answered)
        else:
            left.append(routed.wanted)
    if left:
        loaded = load(confined(left, scan.kinds))
        if isinstance(loaded, Absent):
            return loaded
        frame, source = loaded
        if source.sha256 != scan.source.sha256:
            return changed(source.artifact, source.location)
        answers = _by_library(left, Run(frame, list(scan.kinds)))
        results |= {one.place: result for one, result in zip(left, answers, strict=True)}
    return _apart([results[one.place] for one in wanted])


def _from_scan(routed: Routed, scan: Aggregates) -> Answer | Routed | None:
    """Return the answer of the aggregates, or why there is none, or nothing where the library has to answer."""
    if routed.road is Road.NONE:
        return routed
    if routed.translation is None:
        return None
    try:
        return routed.translation.answer(scan)
    except LeftError as left:
        return staying(routed.wanted, left.why, scan.stays) if scan.stays else None


def _unanswered(routed: Routed) -> ExpectationResult:
    return replace(failed(routed.wanted, str(routed.why)), out_of_reach=routed.stays)


def run_suite(
    request: ExpectationsOf,
    frame: "pd.DataFrame",
    suite: Tree,
    *,
    source: Source,
    already_aggregated: bool,
) -> Expectations | Absent:
    """Run a suite on a table with Great Expectations alone.

    One expectation that cannot be run (an unknown type, a wrong argument, a column that is not there, a
    crash inside the library) becomes a result with ``success=None`` and a sentence; the others still run.

    Parameters
    ----------
    request
        What was asked for; names the table and the suite.
    frame
        The table.
    suite
        The parsed suite, as :func:`read_suite` reads it.
    source
        Where the table came from.
    already_aggregated
        Whether a row of the table stands for several people; then rows are tested, and the answer says so.

    Returns
    -------
    Expectations or Absent
        One result for each expectation, in the order of the suite; ``Absent`` as :func:`read_suite` says.
    """
    wanted = read_suite(request, suite)
    if isinstance(wanted, Absent):
        return wanted
    return Expectations(
        suite=suite_name(request, suite),
        results=_apart(_by_library(wanted, Run(frame))),
        rows=len(frame),
        source=source,
        aggregated=already_aggregated,
    )


def _by_library(wanted: Sequence[Wanted], run: Run) -> list[ExpectationResult]:
    prepared = [run.prepare(expectation) for expectation in wanted]
    answers = iter(run.answers([found for found in prepared if isinstance(found, Prepared)]))
    return [
        result_of(found.wanted, next(answers)) if isinstance(found, Prepared) else failed(expectation, found)
        for expectation, found in zip(wanted, prepared, strict=True)
    ]


def _apart(results: Sequence[ExpectationResult]) -> tuple[ExpectationResult, ...]:
    """Give the second and later results of one name a number, so that each can be told from the others."""
    seen: dict[str, int] = {}
    apart = []
    for result in results:
        count = seen[result.name] = seen.get(result.name, 0) + 1
        apart.append(replace(result, name=f"{result.name} #{count}") if count > 1 else result)
    return tuple(apart)
