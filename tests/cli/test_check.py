"""``hcgov check``: streams, forms, colours and exit codes."""

import json
import os
import re

import pytest

from hcgov.io.render.json_report import read_report
from tests.cli.conftest import Hcgov, Process

ESCAPE = "\x1b["
LIGHT = ("--select", "HC-DSN-02", "--no-mlflow")


def record(folder):
    return read_report((folder / ".hcgov" / "report.json").read_bytes())


def test_a_met_control_leaves_with_0_and_says_where_the_report_is(hcgov: Hcgov, green):
    run = hcgov("check", green, *LIGHT)
    assert run.exit_code == 0
    assert run.stdout.endswith(
        f"READY  1 met  (only design)\nreport  {green}/.hcgov/report.html\n"
        f"record  {green}/.hcgov/report.json\nexit 0\n"
    )
    assert run.stderr == ""
    assert record(green).decision.exit_code == 0


@pytest.mark.parametrize(
    ("file", "content", "code", "answer"),
    [
        ("design/purpose.yaml", "kind: Purpose\n", 1, "NOT READY  1 not met"),
        ("design/purpose.yaml", "", 3, "CANNOT BE DECIDED  1 missing evidence"),
    ],
)
def test_the_decision_is_the_exit_code_and_the_last_word(file, content, code, answer, hcgov: Hcgov, green):
    (green / file).write_text(content)
    run = hcgov("check", green, *LIGHT)
    assert run.exit_code == code
    assert answer in run.stdout
    assert run.stdout.endswith(f"exit {code}\n")
    assert record(green).decision.exit_code == code


def test_another_digest_than_the_pinned_one_leaves_with_4(hcgov: Hcgov, green):
    with (green / "data" / "withdrawals.csv").open("a") as file:
        file.write("P-0001,2026-11-20\n")
    run = hcgov("check", green, "--select", "HC-DAT-05", "--no-mlflow", "--output-format", "concise")
    assert run.exit_code == 4
    assert "but the manifest pins" in run.stdout


def test_quiet_prints_the_answer_and_nothing_else(hcgov: Hcgov, green):
    run = hcgov("check", green, *LIGHT, "-q")
    assert (run.exit_code, run.stdout, run.stderr) == (0, "READY  1 met  (only design)\n", "")
    assert hcgov("check", green, *LIGHT, "-q", "--output-format", "concise").stdout == run.stdout


def test_concise_lines_are_for_editors_and_grep(hcgov: Hcgov, red):
    run = hcgov(
        "check",
        red,
        "--stage",
        "design",
        "--stage",
        "evaluation",
        "--no-mlflow",
        "--output-format",
        "concise",
    )
    assert run.exit_code == 1
    *lines, last = run.stdout.splitlines()
    assert last.startswith("NOT READY")
    assert lines
    for line in lines:
        assert re.fullmatch(
            r"[^:]+(:[^:]+)?:\d+:\d+: [A-Z]+-[A-Z]+-\d+ (fail|inconclusive|missing|pending|error) "
            r"(low|medium|high|critical) .+",
            line,
        ), line
    assert any(line.startswith("policies/recidivism.yaml:") for line in lines)


def test_json_is_one_document_on_stdout_whatever_stands_on_stderr(process: Process, green, tmp_path):
    """A third party's check prints, warns and crashes; stdout is the record all the same."""
    site = tmp_path / "site"
    (site / "noisy_pack").mkdir(parents=True)
    (site / "noisy_pack" / "__init__.py").write_text(
        'from hcgov.core.stage import Stage\nprint("hello from a pack")\nSTAGE = Stage(id="noisy", title="Noisy")\n'
    )
    (site / "noisy_pack" / "loud.py").write_text(
        "import warnings\n"
        "from hcgov.core.check import Judged, Params, check\n"
        "from hcgov.core.evidence.documents import RecordOf\n"
        "class Loud(Params):\n    pass\n"
        '@check(asks=lambda p: {"purpose": RecordOf(artifact="purpose")}, params=Loud, examples=tuple, '
        "judged=Judged.BY_STATEMENT)\n"
        "def loud(purpose, params):\n"
        '    print("hello from a check")\n    warnings.warn("hear me")\n    raise ValueError("aloud")\n'
    )
    info = site / "noisy_pack-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: noisy-pack\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[hcgov.stages]\nnoisy = noisy_pack:STAGE\n")
    (green / "own.yaml").write_text(
        "hcgov: 1\nkind: PolicyPack\nmetadata: {id: own, version: 1.0.0, title: Own, owner: us}\n"
        "controls:\n  - {id: OWN-1, title: Loud, stage: noisy, check: noisy.loud, severity: low, "
        "enforcement: advisory, why: because, fix: mend it, source: organisation}\n"
    )
    run = process(
        "check", green, "--policy", "own.yaml", "--select", "OWN-1", "--no-mlflow", "-vv", "--output-format", "json",
        PYTHONPATH=os.pathsep.join([str(site), os.environ.get("PYTHONPATH", "")]),
    )  # fmt: skip
    assert run.returncode == 3, run.stderr
    found = json.loads(run.stdout)
    assert [control["verdict"] for control in found["controls"]] == ["error"]
    assert read_report(run.stdout.encode()).decision.exit_code == 3
    for noise in ("hello from a pack", "hello from a check", "hear me", "ValueError: aloud"):
        assert noise in run.stderr


def test_there_is_no_colour_where_nobody_sees_it(process: Process, red):
    run = process("check", red, *LIGHT)
    assert ESCAPE not in run.stdout + run.stderr


@pytest.mark.parametrize(
    ("given", "more", "coloured"),
    [
        ((), {"FORCE_COLOR": "1"}, True),
        ((), {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ((), {}, False),
        (("--color", "always"), {}, True),
        (("--color", "always"), {"NO_COLOR": "1"}, True),
        (("--color", "never"), {"FORCE_COLOR": "1"}, False),
    ],
)
def test_colour_follows_the_flag_then_the_environment(
    given, more, coloured, hcgov: Hcgov, green, monkeypatch
):
    for name, value in more.items():
        monkeypatch.setenv(name, value)
    run = hcgov("check", green, *LIGHT, *given)
    assert (ESCAPE in run.stdout) is coloured


def test_an_unknown_colour_is_wrong_usage(hcgov: Hcgov, green):
    run = hcgov("check", green, *LIGHT, "--color", "sometimes")
    assert run.exit_code == 2
    assert not (green / ".hcgov").exists()


def test_errors_are_coloured_only_where_asked(hcgov: Hcgov, tmp_path, monkeypatch):
    assert ESCAPE not in hcgov("check", tmp_path).stderr
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert ESCAPE in hcgov("check", tmp_path).stderr


def test_text_in_brackets_is_text_and_control_characters_are_not_sent_to_the_terminal(hcgov: Hcgov, green):
    manifest = (green / "hcgov.yaml").read_text()
    (green / "hcgov.yaml").write_text(
        manifest.replace("name: Relay\n", 'name: "Relay [email] [bold]x[/bold] \\u001b[31m\\u0007"\n')
    )
    for form in ("full", "concise"):
        run = hcgov("check", green, *LIGHT, "--output-format", form)
        assert run.exit_code == 0
        assert ESCAPE not in run.stdout
        assert "\x07" not in run.stdout
    assert "Relay [email] [bold]x[/bold]" in hcgov("check", green, *LIGHT).stdout


def test_control_characters_in_a_mistake_are_not_sent_to_the_terminal(hcgov: Hcgov, green):
    (green / "hcgov.yaml").write_text('hcgov: 1\n"na\\u001b[31mme": x\n')
    run = hcgov("check", green)
    assert run.exit_code == 2
    assert ESCAPE not in run.stderr


def test_several_outputs_are_written_at_once(hcgov: Hcgov, green, tmp_path):
    wanted = {
        form: tmp_path / "out" / f"report.{form}" for form in ("html", "json", "markdown", "model_card")
    }
    run = hcgov(
        "check", green, *LIGHT, *(a for f, path in wanted.items() for a in ("--output", f"{f}={path}"))
    )
    assert run.exit_code == 0
    assert wanted["html"].read_text().startswith("<!doctype html>")
    assert read_report(wanted["json"].read_bytes()) == record(green)
    assert "Relay" in wanted["markdown"].read_text()
    assert wanted["model_card"].read_text().startswith("---\n")


@pytest.mark.parametrize(
    ("outputs", "told"),
    [
        (["htm=x.html"], "unknown output format `htm`"),
        (["html"], "`html` is not FORMAT=PATH"),
        (["html="], "`html=` is not FORMAT=PATH"),
        (["html=x", "json=x"], "`x` is named for two outputs"),
    ],
)
def test_a_wrong_output_is_told_before_anything_is_evaluated(outputs, told, hcgov: Hcgov, green):
    run = hcgov("check", green, *LIGHT, *(a for output in outputs for a in ("-o", output)))
    assert run.exit_code == 2
    assert told in run.stderr
    assert run.stdout == ""
    assert not (green / ".hcgov").exists()


def test_the_nearest_output_format_is_named(hcgov: Hcgov, green):
    assert "did you mean `html`?" in hcgov("check", green, "-o", "htm=x.html").stderr


def test_an_output_that_cannot_be_written_is_told_and_the_record_is_kept(hcgov: Hcgov, green, tmp_path):
    (tmp_path / "file").write_text("in the way")
    run = hcgov(
        "check", green, *LIGHT, "-o", f"html={tmp_path}/file/report.html", "-o", f"json={tmp_path}/r.json"
    )
    assert run.exit_code == 2
    assert f"cannot write `{tmp_path}/file/report.html`" in run.stderr
    assert "nothing was evaluated" not in run.stderr
    assert read_report((tmp_path / "r.json").read_bytes()) == record(green)


def test_exit_zero_leaves_with_0_and_the_record_says_that_it_was_asked_for(hcgov: Hcgov, green):
    (green / "design" / "purpose.yaml").unlink()
    run = hcgov("check", green, *LIGHT, "--exit-zero")
    assert run.exit_code == 0
    decision = record(green).decision
    assert (decision.value, decision.exit_zero, decision.exit_code) == ("incomplete", True, 0)
    assert "--exit-zero" in record(green).command


def test_exit_zero_does_not_excuse_mistakes(hcgov: Hcgov, green):
    (green / "hcgov.yaml").write_text("hcgov: 1\n")
    assert hcgov("check", green, "--exit-zero").exit_code == 2


def test_fail_on_warned_turns_a_warning_into_a_failure(hcgov: Hcgov, green):
    manifest = (green / "hcgov.yaml").read_text()
    (green / "hcgov.yaml").write_text(manifest.replace("risk_profile: high", "risk_profile: low"))
    (green / "design" / "purpose.yaml").write_text("kind: Purpose\n")
    chosen = ("--stage", "design", "--no-mlflow")
    assert hcgov("check", green, *chosen).exit_code == 0
    assert [c.disposition for c in record(green).controls if c.id == "HC-DSN-02"] == ["warned"]
    run = hcgov("check", green, *chosen, "--fail-on", "warned")
    assert run.exit_code == 1
    assert record(green).decision.blocking == ("HC-DSN-02",)


def test_fail_on_something_unknown_is_wrong_usage(hcgov: Hcgov, green):
    assert hcgov("check", green, "--fail-on", "warnd").exit_code == 2


def test_an_unknown_option_is_wrong_usage(hcgov: Hcgov):
    assert hcgov("check", "--no-such-option").exit_code == 2


def test_the_record_keeps_the_command_without_secrets(hcgov: Hcgov, green):
    hcgov("check", green, *LIGHT, "--tracking-uri", "https://me:hunter2@example.org")
    assert "hunter2" not in (green / ".hcgov" / "report.json").read_text()
    assert record(green).command.startswith("hcgov check ")


def test_no_folder_at_all_is_told_with_what_to_do(hcgov: Hcgov, tmp_path):
    run = hcgov("check", tmp_path / "nowhere")
    assert run.exit_code == 2
    assert "cannot read `hcgov.yaml`" in run.stderr
    assert "hcgov init" in run.stderr
    assert not (tmp_path / "nowhere").exists()
