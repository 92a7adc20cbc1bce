"""Real processes: signals, pipes whose reader leaves, streams that are closed or full, folders that are read-only."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hcgov.io.render.json_report import read_report
from tests.cli.conftest import Process, environment

LIGHT = "--select HC-DSN-02 --no-mlflow"

WAITING = """
import signal, sys, time
# Where the tests run in the background, Ctrl-C is switched off, and children inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)
from hcgov.app import gather

def reading(*_):
    print("reading", file=sys.stderr, flush=True)
    time.sleep(60)

gather._tables = reading
sys.argv = ["hcgov", "check", sys.argv[1], "--select", "HC-DSN-02", "--select", "HC-EVL-01", "--no-mlflow"]
from hcgov.__main__ import main
main()
"""


def failing(folder: Path) -> Path:
    (folder / "design" / "purpose.yaml").write_text("kind: Purpose\n")
    return folder


def test_ctrl_c_while_reading_leaves_with_130_and_a_record_that_says_so(green):
    child = subprocess.Popen(
        [sys.executable, "-c", WAITING, str(green)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
    )
    assert child.stderr is not None
    assert child.stderr.readline() == "reading\n"
    child.send_signal(signal.SIGINT)
    stdout, stderr = child.communicate(timeout=60)
    assert child.returncode == 130, stderr
    assert "Traceback" not in stderr
    assert stdout.endswith("exit 130\n")
    kept = read_report((green / ".hcgov" / "report.json").read_bytes())
    assert (kept.decision.value, kept.decision.interrupted, kept.decision.exit_code) == (
        "incomplete",
        True,
        130,
    )
    assert {control.id: control.verdict for control in kept.controls} == {
        "HC-DSN-02": "pass",
        "HC-EVL-01": "missing",
    }


IN_A_QUERY = """
import signal, sys, threading, os, time
signal.signal(signal.SIGINT, signal.default_int_handler)
from hcgov.io.tables import engine

class Session(engine.Session):
    def read(self, where, dialect, statement, **more):
        threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()
        endless = "SELECT COUNT(*) FROM range(1000000000000) a(i) WHERE (i * i) % 7 = 3"
        return super().read(where, dialect, endless, **more)

engine.Session = Session
sys.argv = ["hcgov", "check", sys.argv[1], "--select", "HC-EVL-01", "--no-mlflow"]
from hcgov.__main__ import main
main()
"""


def test_ctrl_c_in_the_middle_of_a_query_is_an_interruption_and_no_internal_error(green):
    run = subprocess.run(
        [sys.executable, "-c", IN_A_QUERY, str(green)],
        capture_output=True,
        text=True,
        env=environment(),
        timeout=60,
        check=False,
    )
    assert run.returncode == 130, run.stderr
    assert "Query interrupted" not in run.stderr
    assert read_report((green / ".hcgov" / "report.json").read_bytes()).decision.interrupted


@pytest.mark.parametrize("reader", ["head -1", "true"])
def test_a_reader_that_leaves_changes_no_decision(reader, shell: Process, green):
    failing(green)
    run = shell(f"$HCGOV check {green} {LIGHT} | {reader}; exit ${{PIPESTATUS[0]}}")
    assert run.returncode == 1
    assert "Broken" not in run.stderr
    assert "Exception ignored" not in run.stderr
    assert (green / ".hcgov" / "report.json").exists()


def test_a_reader_that_leaves_a_long_record_changes_no_decision(shell: Process, green):
    failing(green)
    select = "--stage design --stage evaluation --no-mlflow --output-format json"
    run = shell(f"$HCGOV check {green} {select} | head -c 10; exit ${{PIPESTATUS[0]}}")
    assert run.returncode == 1
    assert (run.stdout, run.stderr) == ('{"schema":', "")


def test_other_commands_do_not_mind_a_reader_that_leaves(shell: Process):
    run = shell("$HCGOV rules | head -2; exit ${PIPESTATUS[0]}")
    assert (run.returncode, run.stderr) == (0, "")


def test_closed_streams_change_no_decision(shell: Process, green):
    assert shell(f"$HCGOV check {green} {LIGHT} >&-").returncode == 0
    failing(green)
    assert shell(f"$HCGOV check {green} {LIGHT} >&- 2>&-").returncode == 1
    assert shell(f"$HCGOV check {green}/nowhere 2>&-").returncode == 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_output_that_cannot_be_written_never_looks_like_an_answer(shell: Process, green):
    run = shell(f"$HCGOV check {green} {LIGHT} > /dev/full")
    assert run.returncode == 70
    assert "error[HCG-X002]: the output cannot be written: No space left on device" in run.stderr
    assert "Traceback" not in run.stderr


def test_an_encoding_that_lacks_letters_is_no_reason_to_fail(process: Process, red):
    run = process("check", red, *LIGHT.split(), PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert run.returncode == 0, run.stderr
    assert "hcgov 0" in run.stdout


@pytest.fixture
def read_only(tmp_path, green):
    """A project on a file system that cannot be written."""
    place = tmp_path / "read-only"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(place)], capture_output=True, check=False
    )
    if mounted.returncode == 0:
        try:
            shutil.copytree(green, place / "project")
            subprocess.run(["mount", "-o", "remount,ro", str(place)], check=True)
            yield place / "project"
        finally:
            subprocess.run(["umount", str(place)], check=True)
        return
    if os.geteuid() == 0:
        pytest.skip("nothing can be mounted here, and no permission stops root")
    green.chmod(0o555)
    yield green
    green.chmod(0o755)


def test_a_folder_that_cannot_be_written_is_told_and_is_no_decision(process: Process, read_only):
    run = process("check", read_only, *LIGHT.split())
    assert run.returncode == 70
    assert f"error[HCG-X002]: no record can be kept in `{read_only}/.hcgov`" in run.stderr
    assert "let the folder be written" in run.stderr
    assert "Traceback" not in run.stderr
    assert run.stdout == ""
    assert not (read_only / ".hcgov").exists()


def test_a_killed_check_leaves_the_record_before_as_it_was(process: Process, green):
    """The process is killed at various moments of its life; what stands there is always one whole record."""
    assert process("check", green, *LIGHT.split()).returncode == 0
    place = green / ".hcgov" / "report.json"
    before = place.read_bytes()
    for moment in (0.3, 0.6, 0.9):
        child = subprocess.Popen(
            [sys.executable, "-m", "hcgov", "check", str(green), *LIGHT.split()],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment(),
        )
        time.sleep(moment)
        child.kill()
        child.wait()
        now = place.read_bytes()
        assert now == before or read_report(now).decision.value == "passed"
        before = now


@pytest.mark.parametrize("broken", ["typer", "pydantic", "hcgov.cli.failing"])
def test_a_broken_installation_never_looks_like_a_gate_that_failed(broken):
    code = f"import sys; sys.modules[{broken!r}] = None; from hcgov.__main__ import main; main()"
    run = subprocess.run(
        [sys.executable, "-c", code, "check"],
        capture_output=True,
        text=True,
        env=environment(),
        timeout=60,
        check=False,
    )
    assert run.returncode == 70, run.stderr
    assert "hcgov itself failed" in run.stderr
