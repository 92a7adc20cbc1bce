"""Formats of judges and scorers: who judged, in which order, and which runs count."""

import io
import zipfile

import pytest

from hcgov.io.long.formats import FORMATS
from hcgov.io.long.formats.rows import Options, UnreadableError

from .samples import (
    INSPECT,
    JUDGE_BENCH,
    JUDGEBENCH,
    LLMBAR,
    LM_EVAL,
    archive,
    document,
    lines,
)


def test_judge_bench_scores_have_no_rater_unless_positions_are_people():
    rows = FORMATS["judge-bench"](document(JUDGE_BENCH), Options())
    assert rows.columns["score"] == ["3", "4", "0"]
    assert rows.columns["rater"] == [None, None, "majority_human"]
    assert "2 scores do not say who gave them" in str(rows.notes[0])
    declared = FORMATS["judge-bench"](document(JUDGE_BENCH), Options(declared={"positions": "people"}))
    assert declared.columns["rater"] == ["1", "2", "majority_human"]


def test_judge_bench_means_are_not_stored_beside_what_they_are_the_mean_of():
    rows = FORMATS["judge-bench"](document(JUDGE_BENCH), Options(question="fluency"))
    assert rows.columns["score"] == ["3", "4"]


def test_statistics_of_judges_are_no_judgments():
    statistics = {"gpt": {"toxicity": {"kappa_score": 0.5, "valid_responses": 9}}}
    with pytest.raises(UnreadableError, match="statistics of judges"):
        FORMATS["judge-bench"](document(statistics), Options())


def test_llmbar_takes_the_last_round_in_both_orders():
    rows = FORMATS["llmbar"](document([LLMBAR]), Options(declared={"rater": "GPT-4"}))
    assert rows.columns["rater"] == ["answer_key", "GPT-4", "GPT-4"]
    assert rows.columns["score"] == ["a", "a", "b"]
    assert rows.columns["order"] == [None, "ab", "ba"]
    assert rows.columns["rater_kind"] == ["human", "judge", "judge"]
    assert rows.dropped == {"earlier_round": 1}
    assert not rows.notes


def test_llmbar_says_that_the_judge_has_no_name():
    rows = FORMATS["llmbar"](document([LLMBAR]), Options())
    assert rows.columns["rater"][1] == "judge"
    assert "does not name its judge" in str(rows.notes[0])


@pytest.mark.parametrize("label", [3, None, "x", True])
def test_llmbar_refuses_another_label(label):
    with pytest.raises(UnreadableError, match="none of 1 and 2"):
        FORMATS["llmbar"](document([{**LLMBAR, "label": label}]), Options())


def test_judgebench_turns_the_swapped_decision_back():
    rows = FORMATS["judgebench"](lines(JUDGEBENCH), Options())
    assert rows.columns["score"] == ["a", "a", "b"], "the judge liked what stood first"
    assert rows.columns["order"] == [None, "ab", "ba"]
    assert rows.columns["rater"] == ["answer_key", "j", "j"]
    three = {**JUDGEBENCH, "judgments": JUDGEBENCH["judgments"] * 2}
    with pytest.raises(UnreadableError, match="4 judgments"):
        FORMATS["judgebench"](lines(three), Options())


def test_inspect_scores_of_parts_are_questions():
    rows = FORMATS["inspect"](document(INSPECT), Options())
    assert rows.columns["question"] == ["match", "rubric/tone", "rubric/facts"]
    assert rows.columns["score"] == ["C", "3", "0.5"]
    assert rows.columns["system"] == ["openai/m"] * 3
    assert rows.columns["repetition"] == ["1"] * 3
    assert rows.dropped == {"error": 1}
    assert rows.groups["language"] == ["en"] * 3


@pytest.mark.parametrize("status", ["cancelled", "error", "started", None])
def test_a_run_that_did_not_end_well_is_not_read(status):
    with pytest.raises(UnreadableError, match="no sample of all"):
        FORMATS["inspect"](document({**INSPECT, "status": status}), Options())


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"version": 4}, "log version 4 is not known"),
        ({"version": True}, "is not known"),
        ({"invalidated": True}, "declared invalid"),
        ({"samples": None}, "holds no scored samples"),
        ({"samples": [3]}, "`samples[0]`: an object is expected"),
        ({"samples": [{"id": 1, "scores": {"m": {"value": {"a": {"b": 1}}}}}]}, "a label is expected"),
    ],
)
def test_logs_that_cannot_be_read(change, told):
    with pytest.raises(UnreadableError) as raised:
        FORMATS["inspect"](document({**INSPECT, **change}), Options())
    assert told in str(raised.value)


def test_a_score_that_is_no_number_is_no_score():
    log = {**INSPECT, "samples": [*INSPECT["samples"], {"id": 3, "scores": {"m": {"value": float("nan")}}}]}
    assert FORMATS["inspect"](document(log), Options()).dropped == {"error": 1, "no_score": 1}


def test_archives_without_end_cut_off_or_doubled_are_refused():
    header = {key: value for key, value in INSPECT.items() if key != "samples"}
    with pytest.raises(UnreadableError, match="the run did not end"):
        FORMATS["inspect"](archive(_journal__start=header), Options())
    whole = archive(header=header, samples__1_epoch_1=INSPECT["samples"][0])
    with pytest.raises(UnreadableError, match="cannot be unpacked"):
        FORMATS["inspect"](whole[:-20], Options())
    written = io.BytesIO(whole)
    with zipfile.ZipFile(written, "a") as file, pytest.warns(UserWarning, match="Duplicate"):
        file.writestr("header.json", "{}")
    with pytest.raises(UnreadableError, match="holds a file twice"):
        FORMATS["inspect"](written.getvalue(), Options())


def test_a_small_archive_that_unpacks_to_much_is_refused(monkeypatch):
    from hcgov.io.long.formats import inspect_samples

    header = {key: value for key, value in INSPECT.items() if key != "samples"}
    bomb = archive(header=header, samples__1_epoch_1={"id": 1, "x": "a" * 100_000})
    monkeypatch.setattr(inspect_samples, "MOST_BYTES", 50_000)
    with pytest.raises(UnreadableError, match="more than 50,000 bytes"):
        FORMATS["inspect"](bomb, Options())


def test_lm_eval_metrics_are_questions():
    rows = FORMATS["lm-eval"](lines(LM_EVAL, {**LM_EVAL, "filter": "strict-match", "doc_id": 1}), Options())
    assert rows.columns["question"] == ["acc", "acc_norm", "acc,strict-match", "acc_norm,strict-match"]
    assert rows.columns["score"] == ["1", "0", "1", "0"]
    older = {key: value for key, value in LM_EVAL.items() if key != "metrics"}
    assert FORMATS["lm-eval"](lines(older), Options()).rows == 2
    with pytest.raises(UnreadableError, match="a metric that it does not hold"):
        FORMATS["lm-eval"](lines({**LM_EVAL, "metrics": ["f1"]}), Options())
