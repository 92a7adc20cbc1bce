"""Say which road each expectation of a suite takes: one scan of the table, or Great Expectations; and why."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from hcgov.app.engines import engines_of
from hcgov.app.frames import suite_of
from hcgov.core.evidence.absent import Absent
from hcgov.core.evidence.aggregates import Aggregates
from hcgov.core.evidence.documents import Record
from hcgov.core.evidence.metrics import ExpectationsOf
from hcgov.core.evidence.source import Tree
from hcgov.core.frozen import frozen
from hcgov.core.mistake import AuthoringError, Mistake
from hcgov.io.manifest import Manifest


@frozen
class Expected:
    """One expectation and its road.

    Parameters
    ----------
    control, suite, table
        Who asks; control and table are empty where a suite is looked at by itself.
    expectation
        Its type and columns.
    road, why
        Who answers, and the reason.
    """

    control: str
    suite: str
    table: str
    expectation: str
    road: str
    why: str

    def as_json(self) -> dict[str, str]:
        """Return it as plain values."""
        return asdict(self)


def roads_of(target: Path, stage: str = "") -> tuple[Expected, ...]:
    """Return the roads of all expectations of a project, or of a suite by itself.

    Parameters
    ----------
    target
        Folder with hcgov.yaml, or a suite of Great Expectations as JSON or YAML. Without a table nobody knows
        what its columns hold; then the road is told with what it takes.
    stage
        Only the controls of this stage.

    Raises
    ------
    AuthoringError
        The project has mistakes, or the file is no suite.
    """
    return tuple(_of_project(target, stage) if target.is_dir() else _of_suite(target))


def _of_project(root: Path, stage: str) -> Iterator[Expected]:
    from hcgov.app.project import load_project

    loaded = load_project(root, stages=(stage,) if stage else ())
    for control in loaded.plan.controls:
        for request in control.requests.values():
            if isinstance(request, ExpectationsOf) and stage in ("", control.spec.stage):
                yield from _of_request(control.spec.id, request, loaded.manifest)


def _of_request(control: str, request: ExpectationsOf, manifest: Manifest) -> Iterator[Expected]:
    from hcgov.io.quality import read_suite, suite_name

    tree = suite_of(request, manifest, {})
    if isinstance(tree, Absent):
        yield _unread("the suite", control, request.suite or "inline", request.table, tree)
        return
    looked = _looked_at(request, tree, manifest)
    known = None if isinstance(looked, Absent) else looked
    yield from _rows(control, suite_name(request, tree), request, tree, known)
    if isinstance(looked, Absent) and isinstance(read_suite(request, tree), tuple):
        yield _unread("the table", control, suite_name(request, tree), request.table, looked)


def _looked_at(request: ExpectationsOf, tree: Tree, manifest: Manifest) -> Aggregates | Absent:
    """Return what the columns of a project's table hold, and what its engine is not asked."""
    from hcgov.app.documents import no_table
    from hcgov.io.quality import asked, columns_of, read_suite, route
    from hcgov.io.tables.aggregates import aggregate

    table = manifest.project.table(request.table)
    wanted = read_suite(request, tree)
    if table is None or isinstance(wanted, Absent):
        return no_table(request.table, manifest) if isinstance(wanted, tuple) else wanted
    return aggregate(
        request.table,
        table,
        manifest.root,
        columns_of(wanted),
        lambda kinds: asked([route(one, kinds) for one in wanted]),
        allowed_roots=manifest.allowed_roots,
        engines=engines_of(manifest),
        dry=True,
    )


def _of_suite(file: Path) -> Iterator[Expected]:
    from hcgov.io.files import read_blob
    from hcgov.io.quality import suite_name
    from hcgov.io.readers import read_document

    blob = read_blob(file.parent, file.stem, "expectation_suite", file.name)
    found = blob if isinstance(blob, Absent) else read_document("expectation_suite", blob)
    if not isinstance(found, Record):
        why = str(found.detail) if isinstance(found, Absent) else f"`{file}` is no suite"
        help_ = "give the folder of a project, or a suite of Great Expectations as JSON or YAML"
        raise AuthoringError([Mistake(code="HCG-U001", message=why, help=help_)])
    request = ExpectationsOf(table="")
    yield from _rows("", suite_name(request, found.data), request, found.data, None)


def _rows(
    control: str, suite: str, request: ExpectationsOf, tree: Tree, looked: Aggregates | None
) -> Iterator[Expected]:
    from hcgov.io.quality import read_suite, route, route_there

    wanted = read_suite(request, tree)
    if isinstance(wanted, Absent):
        yield _unread("the suite", control, suite, request.table, wanted)
        return
    for one in wanted:
        routed = route(one, None) if looked is None else route_there(one, looked)
        yield Expected(
            control=control,
            suite=suite,
            table=request.table,
            expectation=one.name,
            road=routed.road.value,
            why=str(routed.why),
        )


def _unread(what: str, control: str, suite: str, table: str, absent: Absent) -> Expected:
    from hcgov.io.quality import Road

    return Expected(
        control=control,
        suite=suite,
        table=table,
        expectation=what,
        road=Road.NONE.value,
        why=str(absent.detail),
    )
