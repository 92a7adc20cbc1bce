"""A record, a real SQLite store with one tracking process for all tests, and servers that misbehave."""

import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from hcgov.io.tracking.tracker import Tracker
from hcgov.io.tracking.uri import Store, choose_store
from tests.io.tracking.records import a_report

CLEAN = {
    name: value
    for name, value in os.environ.items()
    if not name.startswith(("MLFLOW_", "HCGOV_", "_MLFLOW")) and name != "DO_NOT_TRACK"
}


@pytest.fixture
def environ() -> dict[str, str]:
    return dict(CLEAN)


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / ".hcgov" / "runs" / "r1" / "report.json"
    path.parent.mkdir(parents=True)
    path.write_text(a_report().model_dump_json(by_alias=True), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("a project")


@pytest.fixture(scope="session")
def store(project: Path) -> Store:
    return choose_store(project, environ={})


@pytest.fixture(scope="session")
def tracker(store: Store, project: Path) -> Iterator[Tracker]:
    """One process for the session: importing MLflow and creating a store takes seconds."""
    elsewhere = project / "working directory"
    elsewhere.mkdir()
    before = Path.cwd()
    os.chdir(elsewhere)
    try:
        # Generous, because the machine that runs the tests may be busy; silence is tested elsewhere.
        running = Tracker.start(store, CLEAN, patience=30.0)
    finally:
        os.chdir(before)
    with running:
        yield running


@pytest.fixture
def black_hole() -> Iterator[str]:
    """A server that accepts connections and never answers."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(16)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


@pytest.fixture
def dead_port() -> str:
    """An address where nobody listens."""
    with socket.socket() as probing:
        probing.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probing.getsockname()[1]}"


@pytest.fixture
def only_healthy() -> Iterator[str]:
    """A server that answers one request, for its health, and is silent from then on."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(16)

        def answer() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nOK")

        threading.Thread(target=answer, daemon=True).start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
