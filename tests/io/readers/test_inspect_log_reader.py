"""Inspect logs: what a log says of itself, and archives that are not what they seem."""

import io
import json
import zipfile

import pytest

from hcgov.core.evidence.absent import Absence, Absent
from hcgov.io.readers import inspect_log


def header(**changes):
    scores = [
        {"name": "match", "scorer": "match", "metrics": {"accuracy": {"value": 0.8}, "stderr": {"value": 1}}}
    ]
    whole = {
        "version": 2,
        "status": "success",
        "eval": {"task": "t", "model": "m", "dataset": {"samples": 10}},
        "results": {"total_samples": 10, "completed_samples": 9, "scores": scores},
    }
    return {key: value for key, value in (whole | changes).items() if value is not None}


def archive(files, compression=zipfile.ZIP_DEFLATED):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", compression) as file:
        for name, content in files:
            file.writestr(name, content)
    return data.getvalue()


def test_a_json_log_and_an_archive_say_the_same(blob):
    plain = inspect_log.read(blob(json.dumps(header()), "l.json"))
    zipped = inspect_log.read(blob(archive([("header.json", json.dumps(header()))]), "l.eval"))
    for log in (plain, zipped):
        assert (log.task, log.model, log.status, log.samples, log.completed) == ("t", "m", "success", 10, 9)
        assert log.scores == (("match/accuracy", 0.8), ("match/stderr", 1.0))


@pytest.mark.parametrize("status", ["started", "cancelled", "error"])
def test_a_run_that_did_not_succeed_says_so_even_with_scores(blob, status):
    log = inspect_log.read(blob(json.dumps(header(status=status)), "l.json"))
    assert log.status == status
    assert log.scores[0] == ("match/accuracy", 0.8)


def test_a_log_that_was_declared_invalid_says_so(blob):
    assert inspect_log.read(blob(json.dumps(header(invalidated=True)), "l.json")).status == "invalidated"
    assert inspect_log.read(blob(json.dumps(header(invalidated=False)), "l.json")).status == "success"


@pytest.mark.parametrize("value", ["NaN", "Infinity", "1e999", "null", '"0.9"', "true", "{}", "1" * 400])
def test_a_score_that_is_no_finite_number_is_none(blob, value):
    text = json.dumps(header()).replace("0.8", value)
    assert inspect_log.read(blob(text, "l.json")).scores[0] == ("match/accuracy", None)


def test_success_without_scores_has_none(blob):
    for results in ({"total_samples": 4, "completed_samples": 4, "scores": []}, {"total_samples": 4}, None):
        assert inspect_log.read(blob(json.dumps(header(results=results)), "l.json")).scores == ()


def test_an_archive_without_header_is_a_run_that_only_started(blob):
    start = {key: value for key, value in header().items() if key in ("version", "eval")}
    files = [
        ("_journal/start.json", json.dumps(start)),
        ("samples/1_epoch_1.json", "{}"),
        ("samples/2_epoch_1.json", "{}"),
    ]
    log = inspect_log.read(blob(archive(files), "l.eval"))
    assert (log.status, log.samples, log.completed, log.scores) == ("started", 10, 2, ())


@pytest.mark.parametrize(
    "changes",
    [
        {"version": 4},
        {"version": None},
        {"version": True},
        {"version": "2"},
        {"status": None},
        {"status": "done"},
        {"status": ["success"]},
        {"eval": None},
        {"eval": []},
    ],
)
def test_a_log_of_an_unknown_version_or_status_is_absent(blob, changes):
    found = inspect_log.read(blob(json.dumps(header(**changes)), "l.json"))
    assert isinstance(found, Absent)
    assert found.reason is Absence.UNREADABLE


def test_broken_archives_are_absent(blob):
    whole = archive([("header.json", json.dumps(header()))], zipfile.ZIP_STORED)
    broken = [
        whole[:40],
        whole.replace(b"success", b"sUccess"),
        archive([("other.json", "{}")]),
        b"PK\x03\x04",
    ]
    for data in broken:
        assert inspect_log.read(blob(data, "l.eval")).reason is Absence.UNREADABLE


def test_a_header_that_stands_twice_is_refused(blob):
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = archive(
            [("header.json", json.dumps(header())), ("header.json", json.dumps(header(status="error")))]
        )
    assert "twice" in str(inspect_log.read(blob(data, "l.eval")).detail)


def test_a_zip_bomb_is_not_unpacked(blob):
    bomb = archive([("header.json", b" " * (inspect_log.LARGEST_HEADER + 1))])
    assert len(bomb) < 1 << 17
    assert inspect_log.read(blob(bomb, "l.eval")).reason is Absence.TOO_LARGE


@pytest.mark.parametrize("data", [b"", b"[]", b"1", b"{", b"\xff", b'{"version": 2}'])
def test_what_is_no_log_is_absent(blob, data):
    assert isinstance(inspect_log.read(blob(data, "l.json")), Absent)
