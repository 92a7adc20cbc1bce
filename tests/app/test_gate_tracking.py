"""A store that is down or silent changes no verdict and loses nothing; the record is on disk before it is asked."""

import json
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hcgov.app.check import Asked
from hcgov.app.gate import Gate, run_gate
from hcgov.app.rendering import Outputs
from hcgov.app.tracking import log_pending
from hcgov.io.data import data_path
from hcgov.io.tracking.pending import read_sidecar

NOW = datetime(2026, 11, 21, tzinfo=UTC)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "relay"
    shutil.copytree(data_path("examples", "support-copilot"), root, ignore=shutil.ignore_patterns(".hcgov"))
    return root


@pytest.fixture
def silent() -> Iterator[str]:
    """A server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        held: list[socket.socket] = []

        def take() -> None:
            while True:
                try:
                    held.append(listening.accept()[0])
                except OSError:
                    return

        threading.Thread(target=take, daemon=True).start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


def _gate(project: Path, uri: str) -> Gate:
    asked = Asked(root=project, now=NOW, select=("HC-DSN-01", "HC-DSN-02"), tracking_uri=uri)
    return run_gate(asked, Outputs(), lambda _: None)


@pytest.mark.parametrize("kind", ["down", "silent"])
def test_a_store_that_does_not_answer_costs_little_and_changes_nothing(
    kind: str, project: Path, silent: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    gate = _gate(project, silent if kind == "silent" else f"http://127.0.0.1:{port}")
    record = gate.saved.folder / "report.json"
    # Before anybody waits for the store: decision, record and page are there.
    before = record.read_bytes()
    assert gate.checked.report.decision.value == "passed"
    assert (gate.saved.home / "report.html").stat().st_size > 10_000
    started = time.monotonic()
    told = list(gate.finish_tracking())
    assert time.monotonic() - started < 6.0
    assert "HCG-M001" in told[0]
    assert any("hcgov log" in line for line in told)
    assert record.read_bytes() == before
    noted = read_sidecar(record)
    assert noted is not None
    assert noted.state == "pending"


def test_what_could_not_be_logged_is_sent_later(project: Path, silent: str) -> None:
    gate = _gate(project, silent)
    list(gate.finish_tracking())
    outcome = log_pending((project,), f"sqlite:///{project}/.hcgov/mlflow.db")
    assert outcome.complete, outcome.lines
    noted = read_sidecar(gate.saved.folder / "report.json")
    assert noted is not None
    assert (noted.state, bool(noted.run_id)) == ("logged", True)
    assert json.loads((gate.saved.folder / "report.json").read_bytes())["decision"]["value"] == "passed"
    again = log_pending((project,), f"sqlite:///{project}/.hcgov/mlflow.db")
    assert "nothing waits" in again.lines[0]
