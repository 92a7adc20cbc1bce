"""A pytest plug-in: ``pytest -p hcgov.pytest --hcgov PROJECT`` makes a test of every control and of the decision.

The project is checked once a session, by :func:`hcgov.check`; workers of pytest-xdist are told what was decided. pytest
leaves with another code than 0 exactly when the decision is not passed, whatever was deselected.
"""

import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest

if TYPE_CHECKING:
    from hcgov.api import Record
    from hcgov.core.record import ControlV1, ReportV1

MANIFEST = "hcgov.yaml"
SHOWN = 8
"""Findings of a control that a failure names, beside the one that stands for it."""


class ControlWarning(UserWarning):
    """A control is not met, or only narrowly, and does not block."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What became of a project's check: a record, or why there is none."""

    record: "Record | None" = None
    told: str = ""


_ANSWERS = pytest.StashKey[dict[str, Answer]]()


class _Node(Protocol):
    """What pytest-xdist hands over of a worker."""

    config: pytest.Config
    workerinput: dict[str, object]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    group = parser.getgroup("hcgov", "checks of projects with hcgov")
    for name, what in (
        (
            "--hcgov",
            "Folder with hcgov.yaml: its controls and its decision become tests; may be given again.",
        ),
        ("--hcgov-stage", "Stage to check; may be given again. All if left out."),
        ("--hcgov-select", "Control id, or the beginning of ids; may be given again."),
        ("--hcgov-policy", "Further policy pack, by name or path inside the project."),
        ("--hcgov-fail-on", "Fail also on controls that are `waived` or `warned`."),
    ):
        group.addoption(name, action="append", default=[], metavar=name.rpartition("-")[2].upper(), help=what)
    group.addoption(
        "--hcgov-trusted-ref",
        default=None,
        metavar="REF",
        help="Branch or commit whose waivers, baseline and trusted keys count.",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Take over what was decided before this worker began."""
    config.addinivalue_line("markers", "hcgov: a control of a project under --hcgov, or its decision")
    given = getattr(config, "workerinput", {}).get("hcgov", {})
    config.stash[_ANSWERS] = {name: _understood(*one) for name, one in given.items()}


def _understood(record: str, told: str) -> Answer:
    if not record:
        return Answer(told=told)
    from hcgov.api import Record
    from hcgov.core.record import ReportV1

    return Answer(record=Record(report=ReportV1.model_validate_json(record)))


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: _Node) -> None:
    """Tell a worker of pytest-xdist what was decided; it is checked before the first of them begins."""
    answers = {name: answer(node.config, name) for name in node.config.getoption("--hcgov")}
    node.workerinput["hcgov"] = {
        name: (one.record.to_json() if one.record is not None else "", one.told)
        for name, one in answers.items()
    }


def answer(config: pytest.Config, name: str) -> Answer:
    """Check a project, once a session."""
    known = config.stash[_ANSWERS]
    if name not in known:
        known[name] = _checked(config, name)
    return known[name]


def _checked(config: pytest.Config, name: str) -> Answer:
    from hcgov.api import AuthoringError, LedgerDamagedError, NotKeptError, check

    option = config.getoption
    trusted_ref = option("--hcgov-trusted-ref")
    if trusted_ref is not None and not trusted_ref.strip():
        told = (
            "`--hcgov-trusted-ref` is empty; is a variable not set? Leave the option out to ask for nothing."
        )
        return Answer(told=f"{told}\nnothing was decided")
    try:
        record = check(
            config.invocation_params.dir / name,
            stages=option("--hcgov-stage"),
            select=option("--hcgov-select"),
            policies=option("--hcgov-policy"),
            fail_on=option("--hcgov-fail-on"),
            trusted_ref=trusted_ref or "",
        )
    except (AuthoringError, NotKeptError, LedgerDamagedError) as error:
        return Answer(told=f"{error}\nnothing was decided")
    return Answer(record=record)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(session: pytest.Session, items: list[pytest.Item]) -> None:
    """Add the tests of each project; before anything is deselected."""
    for name in session.config.getoption("--hcgov"):
        root = session.config.invocation_params.dir / name
        shown = root.relative_to(session.config.rootpath) if _inside(root, session.config.rootpath) else root
        nodeid = (shown / MANIFEST).as_posix()
        project = Project.from_parent(session, name=nodeid, nodeid=nodeid, root=root, asked=name)
        items.extend(session.genitems(project))


def _inside(path: Path, folder: Path) -> bool:
    return path.is_relative_to(folder) and ".." not in path.parts


class Project(pytest.Collector):
    """A project: one test for each control that was judged, and one for the decision."""

    def __init__(self, *, root: Path, asked: str, **kw: object) -> None:
        super().__init__(**kw)  # type: ignore[arg-type]  # what pytest hands to every node
        self.root = root
        self.asked = asked

    def collect(self) -> Iterator[pytest.Item]:
        """Check the project, and yield its tests."""
        from hcgov.io.render.plain import plain_report

        found = answer(self.config, self.asked)
        if found.record is None:
            raise self.CollectError(found.told)
        shown = plain_report(found.record.report)
        for control in shown.controls:
            blocks = control.id in found.record.report.decision.blocking
            yield Control.from_parent(self, name=control.id, control=control, blocks=blocks)
        yield Decision.from_parent(self, name="decision", report=shown, passed=found.record.passed)


class NotInOrderError(Exception):
    """A control or the decision stands in the way of the release."""

    def __init__(self, head: str, rest: str) -> None:
        super().__init__(head)
        self.head = head
        self.rest = rest


@dataclass(frozen=True)
class _Crash:
    message: str

    def __str__(self) -> str:
        return self.message


@dataclass(frozen=True)
class _Told:
    """A failure as pytest prints it, and its first line as summaries and JUnit files show it."""

    reprcrash: _Crash
    text: str

    def __str__(self) -> str:
        return self.text

    def toterminal(self, tw: "_Writer") -> None:
        tw.line(self.text)


class _Writer(Protocol):
    def line(self, s: str) -> None: ...


class _Judged(pytest.Item):
    """A test that was decided already."""

    def __init__(self, **kw: object) -> None:
        super().__init__(**kw)  # type: ignore[arg-type]  # what pytest hands to every node
        self.add_marker("hcgov")

    title = ""

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Return where it stands, and the words above a failure."""
        project = self.parent
        root = project.root if isinstance(project, Project) else self.path
        return root / MANIFEST, None, f"{self.name} {self.title}".rstrip()

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: object = None) -> object:  # type: ignore[override]  # pytest's own type for it is private
        """Say what was found, without a traceback."""
        error = excinfo.value
        if isinstance(error, NotInOrderError):
            return _Told(_Crash(error.head), f"{error.head}\n{error.rest}".rstrip())
        return super().repr_failure(excinfo)


class Control(_Judged):
    """A control."""

    def __init__(self, *, control: "ControlV1", blocks: bool, **kw: object) -> None:
        super().__init__(**kw)
        self.control = control
        self.blocks = blocks
        self.title = control.title
        self.user_properties += [
            ("hcgov.verdict", control.verdict),
            ("hcgov.disposition", control.disposition),
            ("hcgov.severity", control.severity),
        ]

    def runtest(self) -> None:
        """Fail where the control stands in the way, and show by pytest's means what else the gate says of it."""
        from hcgov.io.render.catalogue import labels
        from hcgov.io.render.excepted import exception

        control, words = self.control, labels()
        said = words.sentence(control.headline)
        if self.blocks:
            raise NotInOrderError(f"{control.verdict}: {said}", "\n".join(_details(control)))
        if control.disposition == "waived":
            pytest.xfail(f"{control.verdict}, passed with conditions: {exception(control, words)}")
        if control.disposition == "warned":
            # Where warnings are errors, the decision still says what fails.
            with suppress(ControlWarning):
                _warn(control, said)
        elif control.verdict in ("not_applicable", "not_evaluated"):
            pytest.skip(f"{control.verdict.replace('_', ' ')}: {said}")


def _warn(control: "ControlV1", said: str) -> None:
    """Warn at the place of the rule."""
    place = (MANIFEST, 1) if control.where is None else (control.where.file, control.where.line)
    told = f"{control.id} {control.verdict}{' narrowly' * control.narrow}: {said}"
    warnings.warn_explicit(told, ControlWarning, *place)


class Decision(_Judged):
    """The decision: it fails also where nothing was decided, such as a check of no control at all."""

    def __init__(self, *, report: "ReportV1", passed: bool, **kw: object) -> None:
        super().__init__(**kw)
        self.report = report
        self.passed = passed
        self.user_properties += [
            ("hcgov.decision", report.decision.value),
            ("hcgov.exit_code", report.decision.exit_code),
        ]

    def runtest(self) -> None:
        """Fail where the decision is not passed."""
        decision = self.report.decision
        if not self.passed:
            blocking = ", ".join(decision.blocking)
            head = f"{decision.value}: {decision.reason}"
            raise NotInOrderError(head, f"in the way: {blocking}" if blocking else "")


def _details(control: "ControlV1") -> Iterator[str]:
    """Yield what somebody needs to know who is to mend it."""
    more = [f for f in control.findings if f.verdict == control.verdict and f.message != control.headline]
    for finding in more[:SHOWN]:
        yield f"  {finding.about}: {finding.message.text}"
    if len(more) > SHOWN:
        yield f"  {len(more) - SHOWN} more in report.json"
    yield f"why   {control.why}"
    yield f"fix   {control.fix}"
    where = "" if control.where is None else f"{control.where.file}:{control.where.line}; "
    yield f"rule  {where}{control.check}, severity {control.severity}, {control.enforcement}"


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Let no session pass whose decision is not passed, although its test was deselected."""
    answers = session.config.stash.get(_ANSWERS, {}).values()
    lost = any(one.record is None or not one.record.passed for one in answers)
    if lost and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was decided."""
    for name, one in terminalreporter.config.stash.get(_ANSWERS, {}).items():
        if one.record is not None:
            from hcgov.io.render.terminal import last_line

            said = last_line(one.record.report)
            terminalreporter.write_line(f"hcgov  {name}  {said}  (exit {one.record.exit_code})")


@pytest.fixture(scope="session")
def hcgov_check() -> "Callable[..., Record]":
    """Check a project: :func:`hcgov.check`."""
    from hcgov.api import check

    return check
