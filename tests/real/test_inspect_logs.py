"""Logs that Inspect wrote."""

import pytest

from hcgov.core.evidence.absent import Absent
from hcgov.core.evidence.documents import EvalLog
from hcgov.io.readers import inspect_log

LOGS = "inspect-logs/tests/log/test_eval_log"


@pytest.fixture
def read(real_data, real_blob):
    return lambda path: inspect_log.read(real_blob(real_data / path, "inspect_log"))


def test_every_log_is_read_or_absent_with_a_reason(real_data, real_blob):
    absent = {}
    paths = [
        p
        for p in sorted((real_data / "inspect-logs/tests").rglob("*"))
        if p.suffix in (".json", ".eval", ".txt")
    ]
    for path in paths:
        found = inspect_log.read(real_blob(path, "inspect_log"))
        if isinstance(found, Absent):
            absent[path.name] = str(found.detail)
        else:
            assert isinstance(found, EvalLog)
            assert found.status == "success"
    assert len(paths) == 20
    assert sorted(absent) == ["log_invalid.txt", "log_version_3.txt"]
    assert "version `4`" in absent["log_version_3.txt"]


def test_the_archive_and_the_json_of_one_run_agree(read):
    archived, plain = read(f"{LOGS}/log_formats.eval"), read(f"{LOGS}/log_formats.json")
    assert (archived.task, archived.status, archived.samples, archived.scores) == (
        plain.task,
        plain.status,
        plain.samples,
        plain.scores,
    )


def test_version_three_is_read(read):
    log = read(f"{LOGS}/log_message_deduplication.eval")
    assert log.scores == (("closeness_log/accuracy", 0.0), ("closeness_log/stderr", 0.0))


def test_a_success_without_scores_has_none(read):
    logs = "inspect-logs/tests/scorer/logs"
    unscored = read(f"{logs}/2025-02-11T15-17-00-05-00_popularity_dPiJifoWeEQBrfWsAopzWr.eval")
    assert (unscored.status, unscored.samples, unscored.completed, unscored.scores) == ("success", 10, 10, ())
    scored = read(f"{logs}/2025-02-11T15-18-04-05-00_popularity_mj7khqpMM4GBCfVQozKgzB.eval")
    assert scored.scores[0] == ("match/accuracy", 0.8)


def test_a_score_that_is_nan_has_no_value(read):
    assert read(f"{LOGS}/log_with_nan.txt").scores[0] == ("model_graded_fact/accuracy", None)


def test_a_cancelled_run_with_an_accuracy_is_told_as_cancelled(real_data, real_blob):
    from dataclasses import replace

    blob = real_blob(real_data / LOGS / "log_formats.json", "inspect_log")
    cancelled = replace(blob, data=blob.data.replace(b'"success"', b'"cancelled"', 1))
    assert cancelled.data != blob.data
    log = inspect_log.read(cancelled)
    assert log.status == "cancelled"
    assert log.scores[0] == ("match/accuracy", 0.0)
