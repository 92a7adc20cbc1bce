"""Answer what is not a function of counts: expectations and metrics of other libraries, on whole frames."""

from hcgov.app.documents import kind_of, read_named, wrong_kind
from hcgov.core.check import AnyEvidence
from hcgov.core.evidence.absent import Absent
from hcgov.core.evidence.documents import Record
from hcgov.core.evidence.metrics import ExpectationsOf, GroupMetricOf
from hcgov.core.evidence.source import Source
from hcgov.core.project import Table
from hcgov.io.manifest import Manifest


def expectations_of(
    request: ExpectationsOf, table: Table, manifest: Manifest, sources: dict[str, Source]
) -> AnyEvidence:
    """Have Great Expectations run a suite; where the suite was read is added to ``sources``."""
    from hcgov.io.quality import run_suite
    from hcgov.io.tables import load_frame
    from hcgov.io.yaml import parse_json

    if request.inline is not None:
        suite = parse_json(request.inline.encode(), "the control's suite").data
    else:
        document = read_named(request.suite or "", ("expectation_suite",), manifest)
        if isinstance(document, Absent):
            return document
        if not isinstance(document, Record) or kind_of(request.suite or "", manifest) != "expectation_suite":
            return wrong_kind(
                request.suite or "", kind_of(request.suite or "", manifest), ("expectation_suite",)
            )
        suite = document.data
        sources.setdefault(document.source.artifact, document.source)
    loaded = load_frame(request.table, table, manifest.root, allowed_roots=manifest.allowed_roots)
    if isinstance(loaded, Absent):
        return loaded
    frame, source = loaded
    return run_suite(request, frame, suite, source=source, already_aggregated=table.count is not None)


def group_metric_of(request: GroupMetricOf, table: Table, manifest: Manifest) -> AnyEvidence:
    """Have fairlearn compute a metric for every slice."""
    from hcgov.io.group_metrics import group_metric
    from hcgov.io.tables import load_outcomes

    rules = manifest.project.slices.tightened(request.slices)
    outcomes = tuple(
        dict.fromkeys((request.label, request.prediction, *(("score",) if table.roles.score else ())))
    )
    loaded = load_outcomes(
        request.table, table, manifest.root, outcomes, rules.by, allowed_roots=manifest.allowed_roots
    )
    if isinstance(loaded, Absent):
        return loaded
    frame, source = loaded
    return group_metric(
        request,
        frame,
        columns={name: name for name in (*outcomes, *(("count",) if table.count is not None else ()))},
        groups={name: name for name in rules.by},
        rules=rules,
        source=source,
    )
