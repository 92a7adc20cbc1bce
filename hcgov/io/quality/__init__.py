"""Expectations on a table, computed by Great Expectations; no value of the data leaves this package."""

from dataclasses import replace
from typing import TYPE_CHECKING

from hcgov.core.evidence.absent import Absence, Absent
from hcgov.core.evidence.metrics import ExpectationResult, Expectations, ExpectationsOf
from hcgov.core.evidence.source import Source, Tree
from hcgov.core.text import text
from hcgov.io.quality.engine import Prepared, Run
from hcgov.io.quality.results import failed, result_of
from hcgov.io.quality.suite import Wanted, suite_name, wanted_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["run_suite"]


def run_suite(
    request: ExpectationsOf,
    frame: "pd.DataFrame",
    suite: Tree,
    *,
    source: Source,
    already_aggregated: bool,
) -> Expectations | Absent:
    """Run a suite on a table with Great Expectations.

    One expectation that cannot be run (an unknown type, a wrong argument, a column that is not there, a
    crash inside the library) becomes a result with ``success=None`` and a sentence; the others still run.

    Parameters
    ----------
    request
        What was asked for; names the table and the suite.
    frame
        The table.
    suite
        The parsed suite: what Great Expectations 1.x writes (``expectations: [{type, kwargs, …}]``), the
        same with ``expectation_type`` as versions before 1.0 wrote it, or the bare list.
    source
        Where the table came from.
    already_aggregated
        Whether a row of the table stands for several people; then rows are tested, and the answer says so.

    Returns
    -------
    Expectations or Absent
        One result for each expectation, in the order of the suite. Absent if the suite holds none, for
        then nothing was asked of the data, or if it is not a suite.
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
    return Expectations(
        suite=name,
        results=_apart(_results(wanted, frame)),
        rows=len(frame),
        source=source,
        aggregated=already_aggregated,
    )


def _results(wanted: tuple[Wanted, ...], frame: "pd.DataFrame") -> list[ExpectationResult]:
    run = Run(frame)
    prepared = [run.prepare(expectation) for expectation in wanted]
    answers = iter(run.answers([found for found in prepared if isinstance(found, Prepared)]))
    return [
        result_of(found, next(answers)) if isinstance(found, Prepared) else failed(expectation, found)
        for expectation, found in zip(wanted, prepared, strict=True)
    ]


def _apart(results: list[ExpectationResult]) -> tuple[ExpectationResult, ...]:
    """Give the second and later results of one name a number, so that each can be told from the others."""
    seen: dict[str, int] = {}
    apart = []
    for result in results:
        count = seen[result.name] = seen.get(result.name, 0) + 1
        apart.append(replace(result, name=f"{result.name} #{count}") if count > 1 else result)
    return tuple(apart)
