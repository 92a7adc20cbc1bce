"""``hcgov demo``: it works on a project that comes along, and says what to look at next."""

import pytest

from hcgov.io.render.json_report import read_report
from tests.cli.conftest import Hcgov


@pytest.mark.parametrize(
    ("example", "decision"),
    [("support-copilot", "passed"), ("recidivism", "failed"), ("listening-study", "passed")],
)
def test_an_example_shows_what_it_is_made_to_show(example, decision, hcgov: Hcgov, tmp_path):
    folder = tmp_path / "shown"
    run = hcgov("demo", folder, "--example", example, "--no-mlflow")
    assert run.exit_code == 0, run.stderr
    assert read_report((folder / ".hcgov" / "report.json").read_bytes()).decision.value == decision
    assert (folder / ".hcgov" / "report.html").exists()
    assert (folder / "MODEL_CARD.md").read_text().startswith("---\n")
    assert not (folder / ".hcgov" / "mlflow.db").exists()
    for pointer in (
        f"{folder}/.hcgov/report.html",
        f"{folder}/MODEL_CARD.md",
        f"hcgov check {folder} --stage data",
    ):
        assert pointer in run.stdout
    assert "mlflow ui" not in run.stdout


def test_a_decision_that_the_example_is_not_made_to_show_leaves_with_1(hcgov: Hcgov, tmp_path, monkeypatch):
    monkeypatch.setattr("hcgov.app.demo.EXPECTED", {"support-copilot": "failed", "recidivism": "failed"})
    run = hcgov("demo", tmp_path / "shown", "--no-mlflow")
    assert run.exit_code == 1


def test_a_folder_that_holds_something_is_left_alone(hcgov: Hcgov, tmp_path):
    (tmp_path / "ours.txt").write_text("ours")
    run = hcgov("demo", tmp_path, "--no-mlflow")
    assert run.exit_code == 2
    assert "is not empty" in run.stderr
    assert "--force" in run.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["ours.txt"]


def test_an_example_that_is_not_there_is_told_with_the_nearest(hcgov: Hcgov, tmp_path):
    run = hcgov("demo", tmp_path / "shown", "--example", "recidivsm")
    assert run.exit_code == 2
    assert "did you mean `recidivism`?" in run.stderr
    assert not (tmp_path / "shown").exists()
