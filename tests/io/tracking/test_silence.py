"""Stores that are down, slow or locked: told within three seconds, and nothing is lost. None imports MLflow."""

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hcgov.core.evidence.absent import Absence, Absent
from hcgov.io.tracking.delivery import deliver, log_records
from hcgov.io.tracking.outcome import Logged, NotLogged
from hcgov.io.tracking.pending import mark_pending, pending_runs, read_sidecar
from hcgov.io.tracking.probe import probe
from hcgov.io.tracking.protocol import StoreError
from hcgov.io.tracking.runs import read_run
from hcgov.io.tracking.tracker import Job, Tracker
from hcgov.io.tracking.uri import Store, choose_store
from tests.io.tracking.records import AT

SLACK = 2.0
"""Seconds to start a Python, on a busy machine."""


def at(tmp_path: Path, uri: str) -> Store:
    return choose_store(tmp_path, environ={}, flag=uri)


def attempt(tmp_path: Path, uri: str, report: Path, environ: dict[str, str]) -> tuple[NotLogged, float]:
    """Try to log; returns the outcome and the seconds that were spent waiting."""
    store = at(tmp_path, uri)
    with Tracker.start(store, environ) as tracker:
        asked = time.monotonic()
        outcome = deliver(tracker, store, Job(report=report), at=AT)
        waited = time.monotonic() - asked
    assert isinstance(outcome, NotLogged)
    return outcome, waited


def test_a_dead_port_is_told_and_the_record_waits(tmp_path, report, environ, dead_port):
    before = report.read_bytes()
    outcome, waited = attempt(tmp_path, dead_port, report, environ)
    assert waited < 3.0 + SLACK
    assert "cannot be reached" in str(outcome.reason)
    assert report.read_bytes() == before
    (waiting,) = pending_runs(report.parent.parent)
    assert waiting.sidecar.attempts == 1
    assert waiting.sidecar.last_error == str(outcome.reason)


def test_a_server_that_accepts_and_never_answers_costs_three_seconds(tmp_path, report, environ, black_hole):
    outcome, waited = attempt(tmp_path, black_hole, report, environ)
    assert 1.0 < waited < 3.0 + SLACK
    assert "did not answer" in str(outcome.reason) or "is not answering" in str(outcome.reason)


def test_time_that_the_check_itself_needed_is_not_waited_for_again(tmp_path, report, environ, black_hole):
    store = at(tmp_path, black_hole)
    with Tracker.start(store, environ) as tracker:
        time.sleep(3.0 + SLACK)
        asked = time.monotonic()
        outcome = deliver(tracker, store, Job(report=report), at=AT)
        waited = time.monotonic() - asked
    assert isinstance(outcome, NotLogged)
    assert waited < 0.5


def test_a_store_that_does_not_answer_is_asked_once_for_many_records(tmp_path, environ, dead_port, report):
    other = report.parent.parent / "r2" / "report.json"
    other.parent.mkdir()
    other.write_bytes(report.read_bytes())
    store = at(tmp_path, dead_port)
    asked = time.monotonic()
    outcomes = log_records([report, other.parent], store, environ, at=AT)
    assert time.monotonic() - asked < 3.0 + SLACK
    assert [type(outcome) for outcome in outcomes] == [NotLogged, NotLogged]
    assert len(pending_runs(report.parent.parent)) == 2


def test_a_locked_sqlite_store_is_told_after_three_seconds(tmp_path, report, environ):
    path = tmp_path / "locked.db"
    with sqlite3.connect(path) as holding:
        holding.execute("CREATE TABLE t (x)")
        holding.commit()
        holding.execute("BEGIN EXCLUSIVE")
        outcome, waited = attempt(tmp_path, f"sqlite:///{path}", report, environ)
    assert waited < 3.0 + SLACK
    assert "is locked by another program" in str(outcome.reason)


@pytest.mark.parametrize("content", [b"this is no database, but long enough to look at" * 9, b"\0" * 4096])
def test_a_file_that_is_no_database_is_left_as_it_is(tmp_path, content):
    path = tmp_path / "x.db"
    path.write_bytes(content)
    with pytest.raises(StoreError, match="cannot be opened as a SQLite database"):
        probe(f"sqlite:///{path}", seconds=1, create=True)
    assert path.read_bytes() == content


@pytest.mark.parametrize(
    ("uri", "told"),
    [
        ("./mlruns", "no longer keeps runs in folders"),
        ("sqlite://", "would keep nothing"),
        ("postgresql://ann:s3cret@127.0.0.1:1/db", r"`postgresql://\*\*\*@127.0.0.1:1/db` cannot be reached"),
        ("http://ann:s3cret@127.0.0.1:1", r"`http://\*\*\*@127.0.0.1:1` cannot be reached"),
    ],
)
def test_a_store_that_cannot_be_used_is_told_without_credentials(uri, told):
    with pytest.raises(StoreError, match=told) as caught:
        probe(uri, seconds=1, create=True)
    assert "s3cret" not in str(caught.value)


def test_any_answer_over_http_is_a_sign_of_life(only_healthy):
    probe(only_healthy, seconds=2, create=True)


def test_evidence_in_a_store_that_is_down_is_absent_with_its_reason(tmp_path, environ, dead_port):
    absent = read_run("runs:/abc", at(tmp_path, dead_port), environ, artifact="training")
    assert isinstance(absent, Absent)
    assert (absent.reason, absent.artifact) == (Absence.STORE_DOWN, "training")
    assert dead_port in str(absent.detail)


def test_reading_does_not_create_a_store(tmp_path, environ):
    absent = read_run("runs:/abc", choose_store(tmp_path, environ={}), environ, artifact="training")
    assert isinstance(absent, Absent)
    assert absent.reason is Absence.NO_FILE
    assert list(tmp_path.iterdir()) == []


def test_a_path_without_a_record_is_told_and_gets_no_note(tmp_path, environ, dead_port):
    (outcome,) = log_records([tmp_path / "report.json"], at(tmp_path, dead_port), environ, at=AT)
    assert isinstance(outcome, NotLogged)
    assert "there is no record" in str(outcome.reason)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc")
def test_the_process_has_telemetry_off_and_its_store_set_before_anything_is_imported(
    tmp_path, environ, black_hole
):
    with Tracker.start(at(tmp_path, black_hole), environ | {"MLFLOW_TRACKING_URI": "http://no"}) as tracker:
        assert tracker._process is not None
        raw = Path(f"/proc/{tracker._process.pid}/environ").read_text()
        commands = Path(f"/proc/{tracker._process.pid}/cmdline").read_text()
    told = dict(line.split("=", 1) for line in raw.split("\0") if line)
    assert told["MLFLOW_DISABLE_TELEMETRY"] == told["DO_NOT_TRACK"] == "true"
    assert told["MLFLOW_TRACKING_URI"] == black_hole
    assert told["MLFLOW_HTTP_REQUEST_MAX_RETRIES"] == "0"
    assert told["MLFLOW_HTTP_REQUEST_TIMEOUT"] == "3"
    assert black_hole not in commands
    assert "MLFLOW_DISABLE_TELEMETRY" not in environ


def test_modules_of_the_working_directory_are_not_imported(tmp_path, environ, dead_port, report, monkeypatch):
    (tmp_path / "sqlite3.py").write_text("open('was here', 'w')")
    (tmp_path / "mlflow.py").write_text("open('was here', 'w')")
    monkeypatch.chdir(tmp_path)
    attempt(tmp_path, dead_port, report, environ)
    assert not (tmp_path / "was here").exists()


def test_the_process_runs_the_same_package_as_the_check(tmp_path, environ, dead_port, report):
    """A second copy that is installed elsewhere must not answer for the one that runs."""
    root = Path(__file__).resolve().parents[3]
    copied = tmp_path / "copy"
    shutil.copytree(root / "hcgov", copied / "hcgov", ignore=shutil.ignore_patterns("__pycache__", "_data"))
    probing = copied / "hcgov" / "io" / "tracking" / "probe.py"
    probing.write_text(
        probing.read_text().replace("cannot be reached: {told}", "is not there, says the copy")
    )
    done = subprocess.run(
        [sys.executable, "-c", SAME, dead_port, str(report)],
        cwd=copied,
        env=environ | {"PYTHONPATH": str(copied)},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert "says the copy" in done.stdout


SAME = """
import os, sys
from pathlib import Path
sys.path.insert(0, os.getcwd())
del os.environ["PYTHONPATH"]
from hcgov.io.tracking.delivery import log_records
from hcgov.io.tracking.uri import Store
print(log_records([Path(sys.argv[2])], Store(uri=sys.argv[1], artifacts=""), os.environ, at=""))
"""


def test_closing_leaves_no_process(tmp_path, environ, black_hole):
    tracker = Tracker.start(at(tmp_path, black_hole), environ)
    process = tracker._process
    assert process is not None
    closed = time.monotonic()
    tracker.close()
    assert time.monotonic() - closed < 3.0
    assert process.returncode is not None
    assert not tracker.usable


PARENT = """
import sys, time
from hcgov.io.tracking.tracker import Tracker
from hcgov.io.tracking.uri import Store
tracker = Tracker.start(Store(uri=sys.argv[1], artifacts=sys.argv[2]), {}, patience=60)
while not tracker._events.qsize():  # until it asks the store, which will not answer
    time.sleep(0.01)
print(tracker._process.pid, flush=True)
time.sleep(60)
"""


@pytest.mark.skipif(os.name == "nt", reason="looks for a process by its id")
def test_the_process_ends_when_the_check_is_killed(tmp_path, black_hole):
    root = Path(__file__).resolve().parents[3]
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, black_hole, str(tmp_path)], stdout=subprocess.PIPE, cwd=root
    ) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        os.kill(child, 0)
        parent.kill()
    until = time.monotonic() + 5
    while time.monotonic() < until and alive(child):
        time.sleep(0.05)
    assert not alive(child)


def alive(process: int) -> bool:
    try:
        stat = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def test_a_python_that_cannot_be_started_is_told(tmp_path, environ, report, monkeypatch):
    monkeypatch.setattr(sys, "executable", str(tmp_path / "no python"))
    outcome, _ = attempt(tmp_path, "sqlite:////x.db", report, environ)
    assert "could not be started" in str(outcome.reason)
    assert read_sidecar(report).state == "pending"


def test_a_process_that_dies_is_told(tmp_path, environ, report, monkeypatch):
    monkeypatch.setattr("hcgov.io.tracking.tracker._START", "raise SystemExit(3)")
    outcome, waited = attempt(tmp_path, "http://127.0.0.1:1", report, environ)
    assert "ended unexpectedly" in str(outcome.reason)
    assert waited < SLACK


def test_a_run_that_was_begun_before_is_kept_when_the_store_is_down(tmp_path, environ, report, dead_port):
    mark_pending(report, uri=dead_port, at=AT)
    noted = read_sidecar(report).model_copy(update={"run_id": "f00", "experiment": "x"})
    (report.parent / "tracking.json").write_text(noted.model_dump_json(by_alias=True))
    attempt(tmp_path, dead_port, report, environ)
    after = read_sidecar(report)
    assert (after.run_id, after.experiment, after.attempts) == ("f00", "x", 1)


SPOKEN = """
import json, sys, time
def say(event, **more):
    print(json.dumps({"event": event, **more}), flush=True)
root = sys.argv.pop()
"""
RUN = 'say("run", run_id="f00", experiment="x", experiment_id="1"); '
DONE = 'say("done", run_id="f00", experiment="x", experiment_id="1", left_out=0); '


def spoken(tmp_path: Path, uri: str, lines: str, monkeypatch: pytest.MonkeyPatch, patience: float):
    """Wait for a process that says ``lines`` instead of the real one; returns outcome and seconds waited."""
    monkeypatch.setattr("hcgov.io.tracking.tracker._START", SPOKEN + lines)
    with Tracker.start(at(tmp_path, uri), {}, patience=patience) as tracker:
        tracker.send(Job(report=tmp_path / "report.json"))
        asked = time.monotonic()
        return tracker.wait(), time.monotonic() - asked


@pytest.mark.parametrize(
    "lines",
    [
        'say("probing"); time.sleep(60)',
        'say("importing"); say("opening"); time.sleep(60)',
        'say("importing"); say("opening"); say("ready"); time.sleep(60)',
        f'say("opening"); say("ready"); {RUN} say("logged"); time.sleep(60)',
        'say("opening"); say("ready"); print("noise"); print([1]); time.sleep(60)',
    ],
)
def test_silence_of_a_server_ends_the_wait_whatever_it_was_asked(tmp_path, monkeypatch, lines):
    outcome, waited = spoken(tmp_path, "http://127.0.0.1:1", lines, monkeypatch, 0.6)
    assert isinstance(outcome, NotLogged)
    assert "is not answering" in str(outcome.reason)
    assert 0.5 < waited < 0.6 + SLACK
    assert outcome.run_id == ("f00" if RUN in lines else "")


def test_silence_of_an_open_sqlite_store_ends_the_wait_too(tmp_path, monkeypatch):
    lines = 'say("opening"); say("ready"); time.sleep(60)'
    outcome, waited = spoken(tmp_path, "sqlite:////x.db", lines, monkeypatch, 0.6)
    assert isinstance(outcome, NotLogged)
    assert waited < 0.6 + SLACK


@pytest.mark.parametrize(
    "lines", ['say("importing"); time.sleep(1.5); ', 'say("importing"); say("opening"); time.sleep(1.5); ']
)
def test_importing_mlflow_and_creating_a_store_are_work_and_no_silence(tmp_path, monkeypatch, lines):
    # The work takes longer than the store may take in all, which is no limit for it either.
    monkeypatch.setattr("hcgov.io.tracking.tracker._TOTAL", 1)
    rest = f'say("opening"); say("ready"); {RUN} {DONE} time.sleep(60)'
    outcome, _ = spoken(tmp_path, "sqlite:////x.db", lines + rest, monkeypatch, 0.8)
    assert isinstance(outcome, Logged)
    assert outcome.run_id == "f00"


def test_a_server_that_only_drips_is_not_waited_for_without_end(tmp_path, monkeypatch):
    drip = 'say("ready")\nwhile True: time.sleep(0.1); say("logged")'
    outcome, waited = spoken(tmp_path, "http://127.0.0.1:1", drip, monkeypatch, 0.3)
    assert isinstance(outcome, NotLogged)
    assert waited < 0.3 * 10 + SLACK


def test_files_that_could_not_be_attached_are_told(tmp_path, monkeypatch):
    lines = RUN + DONE.replace("left_out=0", "left_out=3") + "time.sleep(60)"
    outcome, _ = spoken(tmp_path, "http://127.0.0.1:1", lines, monkeypatch, 5)
    assert isinstance(outcome, Logged)
    assert "3 files of the report are not attached" in str(outcome.note)
    assert outcome.url == "http://127.0.0.1:1/#/experiments/1/runs/f00"
