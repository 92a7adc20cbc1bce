"""Answer what is not a function of counts: expectations and metrics of other libraries, on whole frames."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from hcgov.app.documents import kind_of, read_named, wrong_kind
from hcgov.app.engines import engines_of
from hcgov.core.check import AnyEvidence
from hcgov.core.evidence.absent import Absent
from hcgov.core.evidence.documents import Record
from hcgov.core.evidence.metrics import Expectations, ExpectationsOf, GroupMetricOf
from hcgov.core.evidence.source import Source, Tree
from hcgov.core.project import Table
from hcgov.io.manifest import Manifest

if TYPE_CHECKING:
    import pandas as pd


def expectations_of(
    request: ExpectationsOf, table: Table, manifest: Manifest, sources: dict[str, Source]
) -> AnyEvidence:
    """Answer a suite from one scan, and by Great Expectations where that does not do.

    Where the suite was read is added to ``sources``.
    """
    from hcgov.io.quality import asked, columns_of, read_suite, route, run_on_scan, suite_name
    from hcgov.io.tables import load_frame
    from hcgov.io.tables.aggregates import aggregate

    tree = suite_of(request, manifest, sources)
    if isinstance(tree, Absent):
        return tree
    wanted = read_suite(request, tree)
    if isinstance(wanted, Absent):
        return wanted
    name, root, roots, engines = request.table, manifest.root, manifest.allowed_roots, engines_of(manifest)
    scan = aggregate(
        name,
        table,
        root,
        columns_of(wanted),
        lambda kinds: asked([route(one, kinds) for one in wanted]),
        allowed_roots=roots,
        engines=engines,
    )
    if isinstance(scan, Absent):
        return scan

    def load(columns: Sequence[str] | None) -> "tuple[pd.DataFrame, Source] | Absent":
        if columns is not None:
            some = load_frame(name, table, root, columns, allowed_roots=roots, engines=engines)
            if not isinstance(some, Absent):
                return some
        # A column whose name repeats has a name of its own in the whole frame only.
        return load_frame(name, table, root, allowed_roots=roots, engines=engines)

    results = run_on_scan(wanted, scan, load)
    if isinstance(results, Absent):
        return results
    return Expectations(
        suite=suite_name(request, tree),
        results=results,
        rows=scan.rows,
        source=scan.source,
        aggregated=table.count is not None,
    )


def suite_of(request: ExpectationsOf, manifest: Manifest, sources: dict[str, Source]) -> "Tree | Absent":
    """Return the parsed suite that is asked for; where it was read is added to ``sources``."""
    from hcgov.io.yaml import parse_json

    if request.inline is not None:
        return parse_json(request.inline.encode(), "the control's suite").data
    name = request.suite or ""
    document = read_named(name, ("expectation_suite",), manifest)
    if isinstance(document, Absent):
        return document
    if not isinstance(document, Record) or kind_of(name, manifest) != "expectation_suite":
        return wrong_kind(name, kind_of(name, manifest), ("expectation_suite",))
    sources.setdefault(document.source.artifact, document.source)
    return document.data


def group_metric_of(
    request: GroupMetricOf, table: Table, manifest: Manifest, progress: Callable[[str], None]
) -> AnyEvidence:
    """Compute a metric of fairlearn or scikit-learn for every slice."""
    from hcgov.io.group_metrics import PERSON, group_metric, metric_reads
    from hcgov.io.tables import load_outcomes, unaccounted

    refused = unaccounted(request.table, table)
    if refused is not None:
        return refused
    rules = manifest.project.slices.tightened(request.slices)
    outcomes = metric_reads(request) or ()
    persons = table.roles.person is not None and table.count is None
    loaded = load_outcomes(
        request.table,
        table,
        manifest.root,
        outcomes,
        rules.columns,
        persons=persons,
        allowed_roots=manifest.allowed_roots,
        engines=engines_of(manifest),
    )
    if isinstance(loaded, Absent):
        return loaded
    frame, source = loaded
    further = (*(("count",) if table.count is not None else ()), *((PERSON,) if persons else ()))
    return group_metric(
        request,
        frame,
        columns={name: name for name in (*outcomes, *further)},
        groups={name: name for name in rules.columns},
        rules=rules,
        source=source,
        each_row=(table.unit if table.count is None else table.count.unit) == "person",
        progress=lambda done: progress(f"{request.table}: {request.metric} by {done}"),
    )
