"""A real ``mlflow server``: logged to, stopped in the middle of a run, and silent after its first answer."""

import json
import os
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from hcgov.core.evidence.documents import Run
from hcgov.io.tracking.delivery import deliver, log_records
from hcgov.io.tracking.outcome import Logged, NotLogged
from hcgov.io.tracking.pending import pending_runs, read_sidecar
from hcgov.io.tracking.runs import read_run
from hcgov.io.tracking.tracker import Job, Tracker
from hcgov.io.tracking.uri import Store, choose_store
from tests.io.tracking.conftest import CLEAN
from tests.io.tracking.records import AT, DATA
from tests.io.tracking.servers import GoBetween, Server

pytestmark = [
    pytest.mark.server,
    pytest.mark.skipif(os.name == "nt", reason="stops a group of processes by its id"),
]

LOOKED_UP = """
import os, sys
def hear(event, args):
    if event == "socket.getaddrinfo":
        with open(os.environ["LOOKED_UP"], "a") as heard:
            heard.write(f"{args[0]}\\n")
sys.addaudithook(hear)
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("server"), CLEAN)
    running.start()
    yield running
    running.stop()


def store_at(tmp_path: Path, uri: str) -> Store:
    return choose_store(tmp_path, environ={}, flag=uri)


def ask(server: Server, path: str, body: dict[str, object] | None = None) -> dict:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(
        f"{server.uri}/{path}", data=data, headers={"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def runs_of(server: Server, experiment: str) -> list[dict]:
    found = ask(server, f"api/2.0/mlflow/experiments/get-by-name?experiment_name={experiment}")
    ids = [found["experiment"]["experiment_id"]]
    return ask(server, "api/2.0/mlflow/runs/search", {"experiment_ids": ids}).get("runs", [])


def test_a_record_goes_to_a_server_whole_and_no_other_host_is_looked_up(
    server, tmp_path, report, environ, monkeypatch
):
    (tmp_path / "python").mkdir()
    (tmp_path / "python" / "sitecustomize.py").write_text(LOOKED_UP)
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    watched = environ | {"PYTHONPATH": str(tmp_path / "python"), "LOOKED_UP": str(tmp_path / "looked up")}
    (report.parent / "report.html").write_text("<!doctype html>")
    store = store_at(tmp_path, server.uri)
    with Tracker.start(store, watched, patience=30) as tracker:
        outcome = deliver(tracker, store, Job(report=report, experiment="whole"), at=AT)
        assert isinstance(outcome, Logged), outcome
        assert outcome.note is None
        run = read_run(f"runs:/{outcome.run_id}", store, watched, artifact="r", tracker=tracker)
    assert isinstance(run, Run)
    assert run.tags["hcgov.verdict"] == "failed"
    assert run.metrics["hcgov/EVL-01/value"] == 0.2139
    assert [item.sha256 for item in run.inputs] == [DATA]
    listed = ask(server, f"api/2.0/mlflow/artifacts/list?run_id={outcome.run_id}&path=hcgov")
    paths = [item["path"] for item in listed["files"]]
    assert paths == ["hcgov/report.html", "hcgov/report.json", "hcgov/summary.md"]
    assert outcome.url.startswith(f"{server.uri}/#/experiments/")
    assert set((tmp_path / "looked up").read_text().split()) == {"127.0.0.1"}
    assert list((tmp_path / "work").iterdir()) == []


def test_a_server_that_stops_in_the_middle_loses_nothing_and_the_same_run_is_completed_later(
    server, tmp_path, report, environ
):
    before = report.read_bytes()
    with GoBetween(server, b"/runs/log-batch") as between:
        store = store_at(tmp_path, between.uri)
        with Tracker.start(store, environ) as tracker:
            asked = time.monotonic()
            outcome = deliver(tracker, store, Job(report=report, experiment="middle"), at=AT)
            spent = time.monotonic() - asked
        assert between.stopped
        assert isinstance(outcome, NotLogged)
        assert outcome.run_id
        # Importing MLflow is in here: this check did no other work meanwhile.
        assert spent < 60 + 3
        assert report.read_bytes() == before
        (waiting,) = pending_runs(report.parent.parent)
        assert waiting.sidecar.run_id == outcome.run_id
        assert waiting.sidecar.last_error == str(outcome.reason)

        server.start()
        (begun,) = runs_of(server, "middle")
        assert begun["info"]["status"] == "RUNNING"
        assert {"key": "hcgov.logged", "value": "incomplete"} in begun["data"]["tags"]
        assert "metrics" not in begun["data"]

        between.pass_everything()
        (later,) = log_records([report], store, environ, at=AT, experiment="middle")
        assert isinstance(later, Logged), later
        assert later.run_id == outcome.run_id
        (complete,) = runs_of(server, "middle")
        assert complete["info"]["status"] == "FINISHED"
        assert {"key": "hcgov.logged", "value": "complete"} in complete["data"]["tags"]
        assert len(complete["data"]["metrics"]) == 18
        assert pending_runs(report.parent.parent) == ()
        assert read_sidecar(report).attempts == 2


def test_a_server_that_falls_silent_after_its_first_answer_costs_three_seconds(
    tmp_path, report, environ, only_healthy
):
    store = store_at(tmp_path, only_healthy)
    with Tracker.start(store, environ) as tracker:
        # Let the import be over, as it is when a check does its work meanwhile.
        time.sleep(1)
        until = time.monotonic() + 60
        while tracker._events.qsize() < 4 and time.monotonic() < until:
            time.sleep(0.1)
        asked = time.monotonic()
        outcome = deliver(tracker, store, Job(report=report), at=AT)
        waited = time.monotonic() - asked
    assert isinstance(outcome, NotLogged)
    assert 2.0 < waited < 3.0 + 1.0
    assert [item.report for item in pending_runs(report.parent.parent)] == [report]
