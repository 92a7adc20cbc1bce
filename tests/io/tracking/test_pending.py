import json

from hcgov.io.tracking.pending import (
    SidecarV1,
    mark_pending,
    pending_runs,
    read_sidecar,
    sidecar_path,
    write_sidecar,
)
from tests.io.tracking.records import AT


def test_a_record_waits_until_it_is_logged(report):
    mark_pending(report, uri="http://h", at=AT)
    (waiting,) = pending_runs(report.parent.parent)
    assert waiting.report == report
    assert (waiting.sidecar.uri, waiting.sidecar.created) == ("http://h", AT)
    write_sidecar(report, waiting.sidecar.model_copy(update={"state": "logged"}))
    assert pending_runs(report.parent.parent) == ()


def test_a_record_that_nobody_meant_to_log_does_not_wait(report):
    assert pending_runs(report.parent.parent) == ()


def test_a_broken_note_still_waits(report):
    sidecar_path(report).write_text('{"state": "log')
    assert read_sidecar(report) is None
    assert [waiting.report for waiting in pending_runs(report.parent.parent)] == [report]


def test_a_note_says_what_it_is_and_an_unknown_key_makes_it_none(report):
    mark_pending(report, uri="http://h", at=AT)
    note = json.loads(sidecar_path(report).read_text())
    assert note["schema"] == "hcgov.tracking/1"
    sidecar_path(report).write_text(json.dumps(note | {"more": 1}))
    assert read_sidecar(report) is None


def test_a_run_of_another_store_is_forgotten_and_one_of_the_same_kept(report):
    write_sidecar(
        report, SidecarV1(state="pending", uri="http://h", run_id="f00", attempts=2, created="2026-01-01")
    )
    assert mark_pending(report, uri="http://h", at=AT).run_id == "f00"
    moved = mark_pending(report, uri="http://other", at=AT)
    assert (moved.run_id, moved.attempts, moved.created, moved.updated) == ("", 2, "2026-01-01", AT)


def test_a_note_that_cannot_be_written_is_no_error(tmp_path):
    (tmp_path / "file").write_text("")
    assert not write_sidecar(tmp_path / "file" / "report.json", SidecarV1(state="pending"))


def test_a_record_with_a_name_of_its_own_has_a_note_of_its_own(tmp_path):
    assert sidecar_path(tmp_path / "a.json").name == "a.json.tracking.json"
