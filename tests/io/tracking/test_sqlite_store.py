"""A real MLflow on SQLite, in one tracking process for all these tests."""

import hashlib
import json
import sqlite3
from pathlib import Path

import pytest

from hcgov.core.evidence.absent import Absence, Absent
from hcgov.core.evidence.documents import Run
from hcgov.core.record import SystemV1
from hcgov.io.tracking.delivery import deliver, log_records
from hcgov.io.tracking.mapping import mapping
from hcgov.io.tracking.outcome import Logged, NotLogged
from hcgov.io.tracking.pending import SidecarV1, read_sidecar, sidecar_path, write_sidecar
from hcgov.io.tracking.runs import canonical, export_run, read_run
from hcgov.io.tracking.tracker import Job
from hcgov.io.tracking.uri import sqlite_path
from tests.io.tracking.records import AT, DATA, a_control, a_report


@pytest.fixture
def record(project: Path, request: pytest.FixtureRequest) -> Path:
    """A record of the project, with its report in HTML and its policy; a different one for each test."""
    folder = project / ".hcgov" / "runs" / request.node.name
    (folder / "policy").mkdir(parents=True)
    (folder / "policy" / "hc-core@1.yaml").write_text("controls: []\n")
    (folder / "report.html").write_text("<!doctype html><title>report</title>")
    (folder / "report.json").write_text(a_report(id=request.node.name).model_dump_json(by_alias=True))
    return folder / "report.json"


@pytest.fixture
def logged(tracker, store, record) -> Logged:
    outcome = deliver(tracker, store, Job(report=record), at=AT)
    assert isinstance(outcome, Logged), outcome
    return outcome


def rows(store, query: str, *values: str) -> list[tuple]:
    with sqlite3.connect(sqlite_path(store.uri)) as connection:
        return connection.execute(query, values).fetchall()


def test_what_the_mapping_says_is_what_the_store_holds(tracker, store, record, logged, environ):
    data = record.read_bytes()
    report = a_report(id=record.parent.name)
    expected = mapping(report, hashlib.sha256(data).hexdigest())
    run = read_run(f"runs:/{logged.run_id}", store, environ, artifact="r", tracker=tracker)
    assert isinstance(run, Run)
    assert run.metrics == expected.metrics
    assert run.params == expected.params
    # MLflow keeps the run's name as a tag, too.
    own = {"mlflow.runName": expected.name, "hcgov.logged": "complete"}
    assert run.tags == expected.tags | own
    assert run.status == "FINISHED"
    assert [(i.name, i.digest, i.sha256, i.context) for i in run.inputs] == [
        ("counts", DATA[:32], DATA, "hcgov.counts")
    ]
    assert logged.experiment == "recidivism"


def test_the_record_its_renderings_and_policies_are_artifacts_inside_the_project(project, record, logged):
    root = project / ".hcgov" / "artifacts" / logged.run_id / "artifacts" / "hcgov"
    files = {path.relative_to(root).as_posix(): path for path in root.rglob("*") if path.is_file()}
    assert sorted(files) == ["policy/hc-core@1.yaml", "report.html", "report.json", "summary.md"]
    assert files["report.json"].read_bytes() == record.read_bytes()


def test_nothing_is_dropped_outside_the_projects_own_folder(project, logged):
    assert sorted(path.name for path in project.iterdir()) == [".hcgov", "working directory"]
    assert list((project / "working directory").iterdir()) == []
    assert sorted(path.name for path in (project / ".hcgov").iterdir()) == ["artifacts", "mlflow.db", "runs"]


def test_the_note_beside_the_record_says_where_it_went(record, logged):
    note = read_sidecar(record)
    assert note is not None
    assert (note.state, note.run_id, note.attempts) == ("logged", logged.run_id, 1)
    assert note.report_sha256 == hashlib.sha256(record.read_bytes()).hexdigest()


def test_a_record_that_is_sent_twice_is_one_run(tracker, store, record, logged):
    sidecar_path(record).unlink()
    again = deliver(tracker, store, Job(report=record), at=AT)
    assert isinstance(again, Logged)
    assert again.run_id == logged.run_id
    sha = hashlib.sha256(record.read_bytes()).hexdigest()
    assert len(rows(store, "SELECT * FROM tags WHERE key = 'hcgov.report.sha256' AND value = ?", sha)) == 1


def test_a_run_that_was_cut_short_is_completed_without_doubles(tracker, store, record, logged):
    counted = "SELECT (SELECT count(*) FROM metrics WHERE run_uuid = ?1), "
    counted += "(SELECT count(*) FROM inputs WHERE destination_id = ?1), "
    counted += "(SELECT count(*) FROM params WHERE run_uuid = ?1)"
    before = rows(store, counted, logged.run_id)
    with sqlite3.connect(sqlite_path(store.uri)) as connection:
        cut = "UPDATE tags SET value = 'incomplete' WHERE run_uuid = ? AND key = 'hcgov.logged'"
        connection.execute(cut, (logged.run_id,))
        connection.execute("DELETE FROM metrics WHERE run_uuid = ? AND key LIKE '%margin'", (logged.run_id,))
    connection.close()
    write_sidecar(record, SidecarV1(state="pending", run_id=logged.run_id))
    again = deliver(tracker, store, Job(report=record), at=AT)
    assert isinstance(again, Logged)
    assert again.run_id == logged.run_id
    assert rows(store, counted, logged.run_id) == before
    (tag,) = rows(store, "SELECT value FROM tags WHERE run_uuid = ? AND key = 'hcgov.logged'", logged.run_id)
    assert tag == ("complete",)


def test_a_note_that_names_the_run_of_another_record_is_not_believed(tracker, store, record, logged, project):
    other = project / ".hcgov" / "runs" / "other" / "report.json"
    other.parent.mkdir()
    other.write_text(a_report(id="other").model_dump_json(by_alias=True))
    outcome = deliver(tracker, store, Job(report=other, run_id=logged.run_id), at=AT)
    assert isinstance(outcome, Logged)
    assert outcome.run_id != logged.run_id


def test_a_logged_record_is_not_sent_again_and_no_process_is_started(store, record, logged, monkeypatch):
    monkeypatch.setattr("hcgov.io.tracking.delivery.Tracker.start", None)
    (outcome,) = log_records([record.parent], store, {}, at=AT)
    assert outcome == logged


def test_more_metrics_than_a_batch_holds_all_arrive(tracker, store, record, environ):
    many = a_report(id="many", controls=tuple(a_control(id=f"C-{i}") for i in range(400)))
    record.write_text(many.model_dump_json(by_alias=True))
    outcome = deliver(tracker, store, Job(report=record), at=AT)
    assert isinstance(outcome, Logged)
    run = read_run(f"runs:/{outcome.run_id}", store, environ, artifact="r", tracker=tracker)
    assert isinstance(run, Run)
    assert len(run.metrics) == 11 + 7 * 400


def test_a_hostile_name_is_logged_whole(tracker, store, record):
    system = SystemV1(name="../../x' OR 1=1; --\n招聘" + "é" * 600, version="%s{0}", risk_profile="low")
    record.write_text(a_report(id="hostile", system=system).model_dump_json(by_alias=True))
    outcome = deliver(tracker, store, Job(report=record), at=AT)
    assert isinstance(outcome, Logged)
    assert len(outcome.experiment) <= 400


def test_what_is_no_record_is_told_and_the_process_goes_on(tracker, store, record):
    record.write_text('{"schema": "hcgov.report/1", "actor": "ann@example.org"}')
    outcome = deliver(tracker, store, Job(report=record), at=AT)
    assert isinstance(outcome, NotLogged)
    assert "is no hcgov record: id: Field required" in str(outcome.reason)
    assert "ann@" not in str(outcome.reason)
    assert tracker.usable


def test_a_deleted_experiment_is_told_with_its_name(tracker, store, record):
    assert isinstance(deliver(tracker, store, Job(report=record, experiment="gone"), at=AT), Logged)
    with sqlite3.connect(sqlite_path(store.uri)) as connection:
        connection.execute("UPDATE experiments SET lifecycle_stage = 'deleted' WHERE name = 'gone'")
    connection.close()
    outcome = deliver(tracker, store, Job(report=record, experiment="gone"), at=AT)
    assert isinstance(outcome, NotLogged)
    assert "experiment `gone` was deleted" in str(outcome.reason)


def test_a_moved_project_does_not_write_into_its_old_place(tracker, store, record, project):
    with sqlite3.connect(sqlite_path(store.uri)) as connection:
        old = (project / "old place").as_uri()
        connection.execute(
            "INSERT INTO experiments (name, artifact_location, lifecycle_stage) VALUES ('moved', ?, 'active')",
            (old,),
        )
    connection.close()
    outcome = deliver(tracker, store, Job(report=record, experiment="moved"), at=AT)
    assert isinstance(outcome, Logged)
    assert outcome.experiment.startswith("moved (")
    assert not (project / "old place").exists()


def test_a_run_is_exported_and_read_back_as_the_same_evidence(tracker, store, logged, environ):
    uri = f"runs:/{logged.run_id}/model"
    exported = export_run(uri, store, environ, tracker=tracker)
    assert isinstance(exported, dict)
    run = read_run(uri, store, environ, artifact="training", tracker=tracker)
    assert isinstance(run, Run)
    assert run.source.sha256 == hashlib.sha256(canonical(json.loads(json.dumps(exported)))).hexdigest()
    assert (run.source.location, run.source.artifact) == (uri, "training")
    assert "mlflow.user" not in run.tags
    pinned = read_run(uri, store, environ, artifact="t", tracker=tracker, pinned="0" * 64)
    assert isinstance(pinned, Absent)
    assert pinned.reason is Absence.WRONG_DIGEST
    same = read_run(uri, store, environ, artifact="t", tracker=tracker, pinned=run.source.sha256)
    assert isinstance(same, Run)


def test_a_model_version_leads_to_the_run_behind_it(tracker, store, logged, environ):
    now = 1795248000000
    with sqlite3.connect(sqlite_path(store.uri)) as connection:
        connection.execute(
            "INSERT INTO registered_models (name, creation_time, last_updated_time, workspace) VALUES (?, ?, ?, ?)",
            ("loans", now, now, "default"),
        )
        for version, run_id in ((1, logged.run_id), (2, None)):
            connection.execute(
                "INSERT INTO model_versions (name, version, creation_time, last_updated_time, current_stage,"
                " source, run_id, status, workspace) VALUES ('loans', ?, ?, ?, 'None', 's', ?, 'READY', 'default')",
                (version, now, now, run_id),
            )
        connection.execute(
            "INSERT INTO registered_model_aliases (alias, version, name, workspace)"
            " VALUES ('champion', 1, 'loans', 'default')"
        )
    connection.close()

    def read(uri: str) -> Run | Absent:
        return read_run(uri, store, environ, artifact="training", tracker=tracker)

    for uri in ("models:/loans/1", "models:/loans@champion"):
        run = read(uri)
        assert isinstance(run, Run), run
        assert (run.run_id, run.source.location) == (logged.run_id, uri)
    expected = {
        "models:/loans@champoin": (Absence.NO_FILE, "did you mean `champion`?"),
        "models:/loan/1": (Absence.NO_FILE, "did you mean `loans`?"),
        "models:/loans/7": (Absence.NO_FILE, "`loans` has versions 1, 2"),
        "models:/loans/2": (Absence.NO_RESULT, "names no run that made it"),
        "models:/loans/latest": (Absence.WRONG_KIND, "names no version"),
        "models:/m-0123456789abcdef": (Absence.NO_FILE, "there is no model"),
        "s3://bucket/run": (Absence.WRONG_KIND, "is no address of a run"),
        f"runs:/{logged.run_id[:12]}": (Absence.NO_FILE, f"did you mean `runs:/{logged.run_id}`?"),
        "runs:/../../etc": (Absence.NO_FILE, "there is no run"),
        "runs:/": (Absence.NO_FILE, "there is no run"),
    }
    for uri, (reason, told) in expected.items():
        absent = read(uri)
        assert isinstance(absent, Absent), uri
        assert (absent.reason, absent.artifact) == (reason, "training"), (uri, str(absent.detail))
        assert told in str(absent.detail)


def test_a_deleted_run_is_no_evidence(tracker, store, logged, environ):
    with sqlite3.connect(sqlite_path(store.uri)) as connection:
        connection.execute("UPDATE runs SET lifecycle_stage = 'deleted' WHERE run_uuid = ?", (logged.run_id,))
    connection.close()
    absent = read_run(f"runs:/{logged.run_id}", store, environ, artifact="t", tracker=tracker)
    assert isinstance(absent, Absent)
    assert "was deleted in the store" in str(absent.detail)
