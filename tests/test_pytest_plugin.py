"""The plug-in: a test for each control and one for the decision, without tracebacks."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.excepting import Excepting
from tests.deciding import PROJECTS, STAGE, made
from tests.sessions import Session, Sessions, sessions

ASKED = ("--hcgov-stage", STAGE)
OUTCOMES = {
    "passed": ("passed", ""),
    "conditions": ("skipped pytest.xfail", "fail, passed with conditions: exception W-1"),
    "warned": ("passed", ""),
    "not_applicable": ("skipped pytest.skip", "not applicable: does not apply"),
    "failed": ("failure", "fail: "),
    "inconclusive": ("failure", "inconclusive: "),
    "missing": ("failure", "missing: there is no `p.csv`"),
    "broken": ("failure", "missing: "),
}


@pytest.fixture(scope="module")
def run() -> Iterator[Sessions]:
    with sessions() as many:
        yield many


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every project, and a test beside them."""
    folder = tmp_path_factory.mktemp("projects")
    for name in PROJECTS:
        made(name, folder / name)
    (folder / "test_own.py").write_text(
        "def test_own(hcgov_check):\n"
        "    assert hcgov_check('passed', stages='evaluation').passed\n"
        "    assert not hcgov_check('failed', stages='evaluation').passed\n",
        encoding="utf-8",
    )
    return folder


@pytest.fixture(scope="module")
def together(run: Sessions, folder: Path) -> Session:
    """All projects in one session, one of them by its whole path."""
    named = [str(folder / name) if name == "passed" else name for name in PROJECTS]
    return run(folder, *ASKED, *(word for name in named for word in ("--hcgov", name)), "-v")


@pytest.mark.parametrize("name", PROJECTS)
def test_each_control_and_the_decision_end_as_the_gate_says(name: str, together: Session):
    _, decision, code = PROJECTS[name]
    found, told = together.outcome(f"{name}.hcgov.yaml::ACME-1")
    kind, message = OUTCOMES[name]
    assert found == kind
    assert told.startswith(message)
    found, told = together.outcome(f"{name}.hcgov.yaml::decision")
    assert found == ("passed" if code == 0 else "failure")
    assert told.startswith("" if code == 0 else f"{decision}: ")
    properties = together.properties(f"{name}.hcgov.yaml::decision")
    assert properties == {"hcgov.decision": decision, "hcgov.exit_code": str(code)}
    assert f"{name}/hcgov.yaml::decision {'PASSED' if code == 0 else 'FAILED'}" in together.said


def test_each_project_has_its_controls_in_order_beside_the_tests_of_others(together: Session):
    assert together.names == ["test_own", *["ACME-1", "ACME-2", "decision"] * len(PROJECTS)]
    assert together.outcome("test_own") == ("passed", "")
    assert together.code == 1


def test_no_traceback_and_no_line_of_the_plug_in_is_shown(together: Session):
    for part in ("Traceback", "hcgov/pytest.py", "NotInOrderError", "raise "):
        assert part not in together.said


def test_a_failure_says_what_why_how_to_mend_it_and_where_the_rule_stands(together: Session):
    name = "failed.hcgov.yaml::ACME-1"
    failure = together.case(name).find("failure")
    assert failure is not None
    assert str(failure.text).splitlines()[-3:] == [
        "why   people",
        "fix   mend",
        "rule  own.yaml:5; evaluation.rate_gap@1, severity medium, overridable",
    ]
    assert together.properties(name) == {
        "hcgov.verdict": "fail",
        "hcgov.disposition": "blocked",
        "hcgov.severity": "medium",
    }


def test_what_only_warns_is_told_at_its_rule(together: Session):
    assert "own.yaml:5: ControlWarning: ACME-1 fail: " in together.said


@pytest.mark.parametrize("name", PROJECTS)
def test_a_session_is_green_exactly_when_the_decision_is_passed(name: str, run: Sessions, folder: Path):
    code = PROJECTS[name][2]
    session = run(folder, *ASKED, "--hcgov", name, "-m", "hcgov")
    assert session.names == ["ACME-1", "ACME-2", "decision"]
    assert session.code == (0 if code == 0 else 1), session.said
    assert f"(exit {code})" in session.said


def test_warnings_that_are_errors_fail_nothing_that_is_not_tightened(run: Sessions, folder: Path):
    asked = (*ASKED, "--hcgov", "warned", "-m", "hcgov")
    assert run(folder, *asked, "-W", "error").code == 0
    tightened = run(folder, *asked, "--hcgov-fail-on", "warned")
    assert (tightened.code, tightened.outcome("ACME-1")[0]) == (1, "failure")


def test_a_check_of_nothing_fails(run: Sessions, folder: Path):
    session = run(folder, *ASKED, "--hcgov", "passed", "--hcgov-select", "NO-SUCH", "-m", "hcgov")
    assert (session.code, session.names) == (1, ["decision"])
    assert session.outcome("decision")[1].startswith("incomplete: no control was selected")


@pytest.mark.parametrize(
    "words", [("-k", "ACME-2"), ("--deselect", "failed/hcgov.yaml::ACME-1", "-k", "ACME")]
)
def test_no_decision_is_passed_by_deselecting_it(run: Sessions, folder: Path, words: tuple[str, ...]):
    session = run(folder, *ASKED, "--hcgov", "failed", *words)
    assert session.names == ["ACME-2"]
    assert session.outcome("ACME-2")[0] == "passed"
    assert session.code == 1
    assert run(folder, *ASKED, "--hcgov", "conditions", "-k", "ACME-2").code == 0


def test_a_trusted_ref_that_is_empty_is_refused_and_not_left_out(run: Sessions, folder: Path):
    session = run(folder, "--hcgov", "passed", *ASKED, "--hcgov-trusted-ref=")
    assert session.code == 2
    assert "`--hcgov-trusted-ref` is empty; is a variable not set?" in session.said


def test_mistakes_are_told_without_a_traceback_and_nothing_runs(run: Sessions, tmp_path: Path):
    Excepting(tmp_path / "p").manifest("trsut: trust.yaml")
    session = run(tmp_path, "--hcgov", "p")
    assert session.code == 2
    for part in ("hcgov.yaml:7:1 HCG-C004", "did you mean `trust`?", "nothing was decided"):
        assert part in session.said
    assert "Traceback" not in session.said


def test_code_in_the_folder_of_a_project_is_not_run(run: Sessions, tmp_path: Path):
    made("passed", tmp_path / "elsewhere" / "p")
    (tmp_path / "elsewhere" / "p" / "conftest.py").write_text("raise SystemExit('it ran')", encoding="utf-8")
    session = run(tmp_path / "here", *ASKED, "--hcgov", "../elsewhere/p")
    assert session.code == 0, session.said


def test_with_workers_tests_and_session_are_the_same_and_the_project_is_checked_once(
    run: Sessions, tmp_path: Path
):
    words = (*ASKED, "--hcgov", "a", "--hcgov", "b")
    made("conditions", tmp_path / "a")
    made("failed", tmp_path / "b")
    spread = run(tmp_path, *words, "-n", "2")
    kept = [len(list((tmp_path / name / ".hcgov" / "runs").iterdir())) for name in "ab"]
    started = [(tmp_path / n / ".hcgov/ledger/entries.jsonl").read_text().count("run-started") for n in "ab"]
    assert (kept, started) == ([1, 1], [1, 1])
    alone = run(tmp_path, *words)
    assert spread.code == alone.code == 1
    assert {n: spread.outcome(n)[0] for n in spread.cases} == {n: alone.outcome(n)[0] for n in alone.cases}
    assert "(exit 0)" in spread.said
    assert "(exit 1)" in spread.said


def test_without_a_project_the_plug_in_adds_nothing(run: Sessions, tmp_path: Path):
    (tmp_path / "test_alone.py").write_text("def test_alone(): pass\n", encoding="utf-8")
    session = run(tmp_path)
    assert (session.code, session.names) == (0, ["test_alone"])
    assert "hcgov " not in session.said
