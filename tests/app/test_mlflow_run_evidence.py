"""A training run in MLflow is evidence: what it says it was trained on is held against the data that were checked."""

import hashlib
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from hcgov.app.check import Asked, run_check
from hcgov.cli import app
from hcgov.core.record import ReportV1
from hcgov.io.data import data_path

TRAIN = """
import sys
import mlflow
from mlflow.data.http_dataset_source import HTTPDatasetSource
from mlflow.data.meta_dataset import MetaDataset
from mlflow.entities import DatasetInput, InputTag
store, *digests = sys.argv[1:]
client = mlflow.MlflowClient(tracking_uri=store)
relay = client.create_experiment("relay")
for digest in digests:
    run = client.create_run(relay)
    for name in ("base_model", "objective", "seed"):
        client.log_param(run.info.run_id, name, f"made up {name}")
    client.set_tag(run.info.run_id, "mlflow.source.git.commit", "9c1e7d40b2a85f6633d0e4718fa2c95b6d7e8f01")
    data = MetaDataset(HTTPDatasetSource("https://example.invalid/tickets"), name="tickets", digest=digest[:32])
    tags = [InputTag("hcgov.sha256", digest), InputTag("mlflow.data.context", "training")]
    client.log_inputs(run.info.run_id, [DatasetInput(data._to_mlflow_entity(), tags)])
    client.set_terminated(run.info.run_id, "FINISHED")
    print("run", run.info.run_id)
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("mlflow") / "relay"
    shutil.copytree(data_path("examples", "support-copilot"), root, ignore=shutil.ignore_patterns(".hcgov"))
    return root


def _checked(root: Path, run_uri: str) -> ReportV1:
    manifest = root / "hcgov.yaml"
    lines = manifest.read_text(encoding="utf-8").splitlines(keepends=True)
    start = next(i for i, line in enumerate(lines) if line.startswith("  training_run:"))
    end = next(i for i in range(start + 1, len(lines)) if not lines[i].startswith("    "))
    lines[start:end] = [f'  training_run: {{kind: run, uri: "{run_uri}"}}\n']
    manifest.write_text("".join(lines), encoding="utf-8")
    asked = Asked(root=root, now=datetime(2026, 11, 21, tzinfo=UTC), stages=("training",))
    return run_check(asked, lambda _: None).report


def test_a_run_on_the_checked_data_holds_one_on_other_data_fails_and_a_lost_one_is_missing(
    project: Path,
) -> None:
    store = f"sqlite:///{project}/.hcgov/mlflow.db"
    (project / ".hcgov").mkdir()
    manifest = (project / "hcgov.yaml").read_text(encoding="utf-8")
    data = next(p for p in (project / "data").iterdir() if p.stem == "tickets")
    digest = hashlib.sha256(data.read_bytes()).hexdigest()
    quiet = {**os.environ, "MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "true"}
    said = (digest, "0" * 64)
    done = subprocess.run(
        [sys.executable, "-c", TRAIN, store, *said],
        capture_output=True,
        text=True,
        check=True,
        env=quiet,
        cwd=project,
    )
    runs = [line.split()[1] for line in done.stdout.splitlines() if line.startswith("run ")]
    verdicts = {}
    for one, run in zip(said, runs, strict=True):
        (project / "hcgov.yaml").write_text(manifest, encoding="utf-8")
        report = _checked(project, f"runs:/{run}")
        verdicts[one] = {c.id: c.verdict for c in report.controls}
    assert verdicts[digest] == {"HC-TRN-01": "pass", "HC-TRN-02": "pass"}
    assert verdicts["0" * 64] == {"HC-TRN-01": "pass", "HC-TRN-02": "fail"}
    # The store that the command line names is where a run that is evidence is looked up, too.
    (project / "hcgov.yaml").write_text(manifest, encoding="utf-8")
    _checked(project, f"runs:/{runs[0]}")
    moved = project.parent / "elsewhere.db"
    (project / ".hcgov" / "mlflow.db").rename(moved)
    for uri, code in ((f"sqlite:///{moved}", 0), (store, 3)):
        command = ["check", str(project), "--stage", "training", "--no-mlflow", "-q", "--tracking-uri", uri]
        assert CliRunner().invoke(app, command).exit_code == code
    (project / "hcgov.yaml").write_text(manifest, encoding="utf-8")
    lost = _checked(project, "runs:/0123456789abcdef0123456789abcdef")
    assert {c.verdict for c in lost.controls} == {"missing"}
    assert lost.decision.exit_code == 3
