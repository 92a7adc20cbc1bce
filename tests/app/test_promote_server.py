"""Promotion through a real ``mlflow server``, by its tracking process: downloads, races, and a server that is gone."""

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hcgov.app.promote import Promoted, Promotion, promote, target_of
from hcgov.app.registry_audit import audit_registry
from hcgov.app.release_gate import Question
from hcgov.app.weighing import Demands
from hcgov.io.ledger import AliasPromoted, verify
from tests.app.releasing import LATER, ONE_STAGE, Releasing, told
from tests.io.tracking.conftest import CLEAN, dead_port  # noqa: F401 - a fixture
from tests.io.tracking.servers import Server

pytestmark = [
    pytest.mark.server,
    pytest.mark.skipif(os.name == "nt", reason="stops a group of processes by its id"),
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("server"), CLEAN)
    try:
        running.start()
        yield running
    finally:
        running.stop()


class Remote:
    """A model whose versions are logged to runs on the server."""

    def __init__(self, server: Server, name: str) -> None:
        os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
        from mlflow import MlflowClient

        self.client = MlflowClient(tracking_uri=server.uri, registry_uri=server.uri)
        self.name = name
        self.client.create_registered_model(name)

    def version(self, model: Path) -> str:
        run = self.client.create_run("0")
        self.client.log_artifacts(run.info.run_id, str(model), "model")
        source = f"runs:/{run.info.run_id}/model"
        return str(self.client.create_model_version(self.name, source, run_id=run.info.run_id).version)

    def alias(self) -> str:
        return str(self.client.get_registered_model(self.name).aliases.get("champion", ""))


def promoted(releasing: Releasing, model: str, uri: str) -> Promoted:
    question = Question(
        record=releasing.folder, demands=Demands(now=LATER, stages=ONE_STAGE), project=releasing.folder
    )
    return promote(Promotion(question=question, target=target_of(model, "champion", ""), tracking_uri=uri))


def noted(releasing: Releasing) -> list[str]:
    entries = verify(releasing.folder / ".hcgov").entries
    return [e.body.version for e in entries if e is not None and isinstance(e.body, AliasPromoted)]


def test_what_the_server_gives_out_is_digested_and_the_alias_moves(server, releasing):
    releasing.record()
    remote = Remote(server, "credit")
    version = remote.version(releasing.folder / "model")
    done = promoted(releasing, f"models:/credit/{version}", server.uri)
    assert (done.weight.exit_code, done.moved) == (0, True), done.weight.claims
    assert remote.alias() == version
    audit = audit_registry([releasing.folder], models=["credit"], tracking_uri=server.uri)
    assert (audit.exit_code, [row.claim.state for row in audit.rows]) == (0, ["met"])

    wrong = remote.version(releasing.weights("second"))
    done = promoted(releasing, f"models:/credit/{wrong}", server.uri)
    # Disk holds the second model by now; only the version's own bytes are held against the record.
    assert done.weight.exit_code == 3
    assert "subject" in told(done.weight.claims, "open")
    assert remote.alias() == version
    remote.client.set_registered_model_alias("credit", "champion", wrong)
    audit = audit_registry([releasing.folder], models=["credit"], tracking_uri=server.uri)
    assert (audit.exit_code, [row.claim.state for row in audit.rows]) == (1, ["failed"])


def test_two_promotions_at_once_end_with_one_alias_that_the_ledger_knows(server, releasing):
    releasing.record()
    remote = Remote(server, "racing")
    versions = [remote.version(releasing.folder / "model") for _ in range(2)]
    done: list[Promoted] = []

    def run(version: str) -> None:
        done.append(promoted(releasing, f"models:/racing/{version}", server.uri))

    threads = [threading.Thread(target=run, args=(version,)) for version in versions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert remote.alias() == noted(releasing)[-1]
    assert sum(one.moved for one in done) == len(noted(releasing)) >= 1
    assert {one.weight.exit_code for one in done if not one.moved} <= {3}
    audit = audit_registry([releasing.folder], models=["racing"], tracking_uri=server.uri)
    assert audit.exit_code == 0


def test_a_server_that_is_gone_is_told_at_once(releasing, dead_port):  # noqa: F811 - the fixture
    releasing.record()
    asked = time.monotonic()
    done = promoted(releasing, "models:/credit/1", dead_port)
    assert time.monotonic() - asked < 10
    assert (done.weight.exit_code, done.moved) == (3, False)
    assert "cannot be reached" in told(done.weight.claims, "open")["registry"]
    audit = audit_registry([releasing.folder], tracking_uri=dead_port)
    assert audit.exit_code == 3
