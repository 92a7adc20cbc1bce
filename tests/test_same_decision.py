"""One resolver, one decision: command line, Python, pytest and MLflow say the same of a project."""

import hashlib
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

import hcgov
from hcgov.io.tracking.delivery import log_records
from hcgov.io.tracking.outcome import Logged
from hcgov.io.tracking.uri import choose_store
from tests.deciding import PROJECTS, STAGE, made
from tests.sessions import sessions

NAMES = ("passed", "conditions", "failed", "missing", "broken")
LOGGED = {"not_applicable": "na"}
"""Verdicts that MLflow's metrics call otherwise."""


@dataclass(frozen=True)
class Said:
    """What one of them says of a project."""

    decision: str
    counts: Mapping[str, int]
    waived: int
    ready: bool


def _of_report(report: Mapping[str, object], *, ready: bool) -> Said:
    told = json.loads(json.dumps(report))
    counts = {verdict: n for verdict, n in told["decision"]["counts"].items() if n}
    waived = sum(control["disposition"] == "waived" for control in told["controls"])
    return Said(decision=told["decision"]["value"], counts=counts, waived=waived, ready=ready)


def _command(*words: object) -> int:
    return subprocess.run(
        [sys.executable, "-m", "hcgov", *map(str, words)], check=False, capture_output=True, timeout=300
    ).returncode


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every project thrice, as whoever checks the same inputs again is given the record that is there.

    One is checked by the command line and logged to a store.
    """
    folder = tmp_path_factory.mktemp("same")
    for name in NAMES:
        for road in ("command", "python", "pytest"):
            (folder / road).mkdir(exist_ok=True)
            made(name, folder / road / name)
        code = _command("check", folder / "command" / name, "--stage", STAGE, "--no-mlflow", "--quiet")
        (folder / f"{name}.code").write_text(str(code), encoding="utf-8")
    uri = f"sqlite:///{folder / 'store.db'}"
    records = [folder / "command" / name / ".hcgov" / "report.json" for name in NAMES]
    store = choose_store(folder, environ={}, flag=uri, manifest="")
    outcomes = log_records(
        records, store, os.environ, at="2026-12-10T09:00:00Z", experiment="same", patience=240.0
    )
    assert all(isinstance(one, Logged) for one in outcomes), outcomes
    return folder


@pytest.fixture(scope="module")
def junit(folder: Path) -> dict[str, Said]:
    found = {}
    with sessions() as run:
        for name in NAMES:
            session = run(folder / "pytest", "--hcgov", name, "--hcgov-stage", STAGE)
            decision = session.properties("decision")["hcgov.decision"]
            controls = [session.properties(own) for own in session.cases if not own.endswith("decision")]
            verdicts = [one["hcgov.verdict"] for one in controls]
            waived = sum(one["hcgov.disposition"] == "waived" for one in controls)
            counts = {verdict: verdicts.count(verdict) for verdict in verdicts}
            found[name] = Said(
                decision=decision, counts=counts, waived=waived, ready=session.code == os.EX_OK
            )
    return found


def _logged(folder: Path, name: str) -> Said:
    written = (folder / "command" / name / ".hcgov" / "report.json").read_bytes()
    with sqlite3.connect(folder / "store.db") as store:
        ((run,),) = store.execute(
            "SELECT run_uuid FROM tags WHERE key = 'hcgov.report.sha256' AND value = ?",
            (hashlib.sha256(written).hexdigest(),),
        )
        tags = dict(store.execute("SELECT key, value FROM tags WHERE run_uuid = ?", (run,)))
        metrics = dict(store.execute("SELECT key, value FROM latest_metrics WHERE run_uuid = ?", (run,)))
    counts = {}
    for verdict in json.loads(written)["decision"]["counts"]:
        n = int(metrics[f"hcgov/count/{LOGGED.get(verdict, verdict)}"])
        counts |= {verdict: n} if n else {}
    return Said(
        decision=tags["hcgov.verdict"],
        counts=counts,
        waived=int(metrics["hcgov/count/waived"]),
        ready=metrics["hcgov/gate/passed"] == 1.0,
    )


@pytest.mark.parametrize("name", NAMES)
def test_all_four_say_the_same(name: str, folder: Path, junit: dict[str, Said]):
    _, decision, code = PROJECTS[name]
    assert int((folder / f"{name}.code").read_text(encoding="utf-8")) == code
    kept = json.loads((folder / "command" / name / ".hcgov" / "report.json").read_bytes())
    by_command = _of_report(kept, ready=code == 0)
    record = hcgov.check(folder / "python" / name, stages=STAGE)
    assert record.exit_code == code
    by_python = _of_report(json.loads(record.to_json()), ready=record.passed)
    assert by_command.decision == decision
    assert by_python == by_command
    assert junit[name] == by_command
    assert _logged(folder, name) == by_command
    inputs = {c["id"]: (c["verdict"], c["disposition"], c["decision_input"]) for c in kept["controls"]}
    assert {c.id: (c.verdict, c.disposition, c.decision_input) for c in record.controls.values()} == inputs
