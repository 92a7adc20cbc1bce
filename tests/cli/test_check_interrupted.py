"""``hcgov check`` when it cannot finish: interrupted, failing itself, or without room for its record."""

import pytest
import typer

from hcgov.app import check as app_check
from hcgov.app import gate
from hcgov.io.render.json_report import read_report
from tests.cli.conftest import Hcgov

LIGHT = ("--select", "HC-DSN-02", "--no-mlflow")


def record(folder):
    return read_report((folder / ".hcgov" / "report.json").read_bytes())


def test_ctrl_c_keeps_what_is_known_and_never_passes(hcgov: Hcgov, green, monkeypatch):
    from hcgov.app import gather

    def interrupted(*_args):
        raise KeyboardInterrupt

    monkeypatch.setattr(gather, "_tables", interrupted)
    run = hcgov(
        "check", green, "--select", "HC-DSN-02", "--select", "HC-EVL-01", "--no-mlflow", "--exit-zero"
    )
    assert run.exit_code == 130
    assert "(interrupted)" in run.stdout
    kept = record(green)
    assert (kept.decision.value, kept.decision.interrupted) == ("incomplete", True)
    assert {c.id: c.verdict for c in kept.controls} == {"HC-DSN-02": "pass", "HC-EVL-01": "missing"}


def test_ctrl_c_does_not_hide_a_failure_that_is_known(hcgov: Hcgov, green, monkeypatch):
    from hcgov.app import gather

    def interrupted(*_args):
        raise KeyboardInterrupt

    (green / "design" / "purpose.yaml").write_text("kind: Purpose\n")
    monkeypatch.setattr(gather, "_tables", interrupted)
    run = hcgov("check", green, "--select", "HC-DSN-02", "--select", "HC-EVL-01", "--no-mlflow")
    assert (run.exit_code, record(green).decision.value) == (130, "failed")


@pytest.mark.parametrize(
    "error",
    [RuntimeError("boom"), SystemExit(0), AssertionError(), typer.Exit(0), typer.Abort(), GeneratorExit()],
)
def test_an_internal_error_leaves_with_70_and_without_a_traceback(error, hcgov: Hcgov, green, monkeypatch):
    def failing(*_args, **_kwargs):
        raise error

    monkeypatch.setattr(app_check, "release", failing)
    run = hcgov("check", green, *LIGHT)
    assert run.exit_code == 70
    assert f"error[HCG-X001]: hcgov itself failed: {type(error).__name__}" in run.stderr
    assert "Traceback" not in run.stderr
    assert run.stdout == ""
    assert not list(green.glob(".hcgov/runs/*"))
    for asked in (["-vv"], ["-v", "-v"]):
        assert "Traceback" in hcgov("check", green, *LIGHT, *asked).stderr


@pytest.mark.parametrize("leaving", [SystemExit(0), typer.Exit(0)])
@pytest.mark.parametrize(
    "place", ["hcgov.app.gather._tables", "hcgov.app.gather._frames", "hcgov.app.gate.write_outputs"]
)
def test_a_library_that_leaves_in_the_middle_decides_nothing(
    place, leaving, hcgov: Hcgov, green, monkeypatch
):
    def library(*_args, **_kwargs):
        raise leaving

    monkeypatch.setattr(place, library)
    assert hcgov("check", green, *LIGHT).exit_code == 70


@pytest.mark.parametrize("more", [[], ["-vv"]])
def test_an_internal_error_repeats_no_credential(more, hcgov: Hcgov, green, monkeypatch):
    def library(*_args, **_kwargs):
        raise RuntimeError("cannot reach postgresql://ann:very-secret@db/audit")

    monkeypatch.setattr("hcgov.app.gather._tables", library)
    run = hcgov("check", green, *LIGHT, *more)
    assert run.exit_code == 70
    assert "cannot reach postgresql://" in run.stderr
    assert "very-secret" not in run.stderr


def test_a_record_that_cannot_be_kept_is_told_and_nothing_is_half_written(hcgov: Hcgov, green):
    (green / ".hcgov").write_text("a file stands in the way")
    run = hcgov("check", green, *LIGHT)
    assert run.exit_code == 70
    assert f"error[HCG-X002]: no record can be kept in `{green}/.hcgov`" in run.stderr
    assert run.stdout == ""
    assert (green / ".hcgov").read_text() == "a file stands in the way"


def test_a_full_disk_is_told_and_the_record_before_still_stands(hcgov: Hcgov, green, monkeypatch):
    assert hcgov("check", green, *LIGHT).exit_code == 0
    before = (green / ".hcgov" / "report.json").read_bytes()

    def full(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(gate, "save", full)
    run = hcgov("check", green, *LIGHT)
    assert run.exit_code == 70
    assert "No space left on device" in run.stderr
    assert (green / ".hcgov" / "report.json").read_bytes() == before
