"""``hcgov diff`` and ``hcgov check --baseline``: what is otherwise in the later of two runs."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from hcgov.app.save import save
from hcgov.io.render.json_report import read_report, report_digest
from tests.app.excepting import EVEN, NOW, Excepting
from tests.cli.conftest import Hcgov


class Runs:
    """Two kept runs of one project: it passes, then it fails."""

    def __init__(self, folder: Path) -> None:
        self.project = Excepting(folder)
        self.project.refused(EVEN)
        self.good = save(self.project.check(), folder).folder
        self.project.refused({"18-29": 300, "30-59": 300, "75+": 700})
        self.bad = save(self.project.check(now=NOW + timedelta(days=1)), folder).folder


@pytest.fixture
def runs(tmp_path: Path) -> Runs:
    return Runs(tmp_path / "p")


def test_what_newly_fails_is_told_and_can_fail(runs: Runs, hcgov: Hcgov):
    run = hcgov("diff", runs.good / "report.json", runs.bad)
    assert run.exit_code == 0
    assert "newly failing: 1\n  ACME-1  pass -> fail  Refusals are even\n" in run.stdout
    assert "decision: passed -> failed\n" in run.stdout
    assert "0.000 -> 0.400, +0.400 [" in run.stdout
    assert "note: intervals of differences hold where the two runs are about different people" in run.stdout
    assert hcgov("diff", runs.good, runs.bad, "--fail-on", "new").exit_code == 1
    back = hcgov("diff", runs.bad, runs.good, "--fail-on", "new")
    assert back.exit_code == 0
    assert "fixed: 1\n" in back.stdout
    assert "note: the first record is the later one\n" in back.stdout


def test_the_same_run_differs_in_nothing(runs: Runs, hcgov: Hcgov):
    told = hcgov("diff", runs.bad, runs.project.folder).stdout
    assert "2 controls are as before" in told
    assert "newly" not in told
    values = json.loads(hcgov("diff", runs.bad, runs.bad, "--output-format", "json").stdout)["values"]
    assert values
    assert {one["people"] for one in values} == {"same"}
    assert {one["interval"] is None for one in values} == {True}


def test_json_and_markdown_agree_with_the_text(runs: Runs, hcgov: Hcgov):
    told = json.loads(hcgov("diff", runs.good, runs.bad, "--output-format", "json").stdout)
    assert {one["control"]: one["became"] for one in told["controls"]} == {
        "ACME-1": "newly_failing",
        "ACME-2": "same",
    }
    worst = max(told["values"], key=lambda one: one["delta"])
    assert worst["interval"][0] < worst["delta"] < worst["interval"][1]
    assert (worst["method"], worst["level"], worst["people"]) == ("mover", 0.95, "perhaps")
    table = hcgov("diff", runs.good, runs.bad, "--output-format", "markdown").stdout
    assert "| newly failing | ACME-1 | pass | fail |\n" in table


def test_names_of_people_cannot_draw_on_the_terminal_or_break_the_table(runs: Runs, hcgov: Hcgov):
    path = runs.bad / "report.json"
    report = read_report(path.read_bytes())
    first = report.controls[0].model_copy(update={"title": "a\x1b[31m | <b>", "id": "ACME|1"})
    from hcgov.io.render.json_report import render_json

    path.write_text(render_json(report.model_copy(update={"controls": (first,)})), encoding="utf-8")
    assert "\x1b" not in hcgov("diff", runs.good, runs.bad).stdout
    table = hcgov("diff", runs.good, runs.bad, "--output-format", "markdown").stdout
    assert "ACME\\|1" in table
    assert "<b>" not in table


def test_records_that_are_none_are_told_together(runs: Runs, hcgov: Hcgov, tmp_path: Path):
    (tmp_path / "odd.json").write_text("{}", encoding="utf-8")
    run = hcgov("diff", "gone", tmp_path / "odd.json")
    assert (run.exit_code, run.stdout) == (2, "")
    assert "there is no record `gone`" in run.stderr
    assert "the file is not a report of hcgov" in run.stderr


def test_a_kept_run_is_named_by_the_beginning_of_its_id(
    runs: Runs, hcgov: Hcgov, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(runs.project.folder)
    assert "newly failing: 1" in hcgov("diff", "20261210", runs.bad.name).stdout
    ambiguous = hcgov("diff", "202612", ".")
    assert ambiguous.exit_code == 2
    assert "2 kept runs begin with `202612`" in ambiguous.stderr


def test_a_check_tells_and_keeps_what_became_of_the_controls_since(runs: Runs, hcgov: Hcgov):
    run = hcgov("check", runs.project.folder, "--no-mlflow", "--stage", "evaluation", "--baseline", runs.good)
    assert run.exit_code == 1
    assert "newly failing: 1\n  ACME-1  pass -> fail" in run.stdout
    kept = read_report((runs.project.folder / ".hcgov" / "report.json").read_bytes()).compared_with
    earlier = read_report((runs.good / "report.json").read_bytes())
    assert kept is not None
    assert (kept.id, kept.sha256, kept.decision) == (earlier.id, report_digest(earlier), "passed")
    assert (kept.newly_failing, kept.fixed, kept.looser) == (("ACME-1",), (), ())


def test_a_check_may_be_compared_with_the_newest_run_of_its_own_project(runs: Runs, hcgov: Hcgov):
    arguments = ("check", runs.project.folder, "--no-mlflow", "--stage", "evaluation")
    run = hcgov(*arguments, "--baseline", runs.project.folder)
    assert f"compared with {runs.bad.name}" in run.stdout
    assert "nothing newly fails or is newly undecided" in run.stdout
    assert run.exit_code == 1  # a comparison accepts nothing
    form = hcgov(*arguments, "--baseline", runs.bad.name, "--output-format", "json")
    assert json.loads(form.stdout)["compared_with"]["id"] == runs.bad.name
    assert "compared with" in form.stderr
    nothing = hcgov(*arguments, "--baseline", "gone")
    assert (nothing.exit_code, nothing.stdout) == (2, "")
