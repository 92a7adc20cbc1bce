import math
import posixpath
import re
from itertools import accumulate

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcgov.core.record import (
    BoundV1,
    DecisionV1,
    EstimateV1,
    EvidenceV1,
    GroupV1,
    LimitV1,
    PackV1,
    ReportV1,
    StageV1,
    SystemV1,
)
from hcgov.io.tracking.mapping import TrackedRun, mapping
from tests.io.tracking.records import DATA, a_control, a_finding, a_report

SHA = "f00d" * 16


def test_names_of_run_tags_and_metrics_are_the_published_ones():
    run = mapping(a_report(), SHA)
    assert run.name == "hcgov-evaluation-recidivism-f00df00d"
    assert run.status == "FINISHED"
    assert run.started == 1795248000000
    note = run.tags.pop("mlflow.note.content")
    assert note == run.note
    assert run.tags == {
        "hcgov.schema": "hcgov.report/1",
        "hcgov.stage": "evaluation",
        "hcgov.verdict": "failed",
        "hcgov.policy.id": "hc-core",
        "hcgov.policy.version": "1",
        "hcgov.policy.sha256": "b" * 64,
        "hcgov.subject.name": "recidivism",
        "hcgov.subject.version": "1.0",
        "hcgov.subject.sha256": "c" * 64,
        "hcgov.subject.run_id": "abc123",
        "hcgov.report.sha256": SHA,
        "hcgov.report.path": "hcgov/report.json",
        "hcgov.blocking": "EVL-01",
    }
    assert run.metrics == {
        "hcgov/gate/passed": 0.0,
        "hcgov/count/pass": 0.0,
        "hcgov/count/fail": 1.0,
        "hcgov/count/inconclusive": 0.0,
        "hcgov/count/missing": 0.0,
        "hcgov/count/pending": 0.0,
        "hcgov/count/error": 0.0,
        "hcgov/count/na": 0.0,
        "hcgov/count/not_evaluated": 0.0,
        "hcgov/count/waived": 0.0,
        "hcgov/coverage/evaluated_ratio": 1.0,
        "hcgov/EVL-01/value": 0.2139,
        "hcgov/EVL-01/ci_low": 0.18,
        "hcgov/EVL-01/ci_high": 0.25,
        "hcgov/EVL-01/threshold": 0.10,
        "hcgov/EVL-01/n": 3000.0,
        "hcgov/EVL-01/margin": pytest.approx(-0.15),
        # 805 of 1,795: the false-positive rate that ProPublica published for African-American defendants.
        "hcgov/EVL-01/worst_group_value": pytest.approx(0.4485, abs=5e-5),
    }


def test_the_full_digest_is_a_tag_because_mlflow_holds_36_characters():
    (dataset,) = mapping(a_report(), SHA).datasets
    assert dataset.digest == DATA[:32]
    assert dataset.tags == {"hcgov.sha256": DATA, "hcgov.role": "counts"}
    assert dataset.context == "hcgov.counts"
    assert dataset.source == "data/counts.csv"


def test_groups_of_people_and_the_people_who_ran_it_stay_out_of_the_store():
    run = mapping(a_report(), SHA)
    told = repr((run.name, run.tags, run.params, run.metrics, run.datasets, run.note))
    for private in ("African", "Caucasian", "race", "ann@", "Ann Author"):
        assert private not in told


def test_what_is_undefined_is_not_logged_rather_than_zero():
    finding = a_finding(
        estimate=EstimateV1(value=None, n=0, n_eff=0, people=None, method="x"), pass_bound=None, groups=()
    )
    run = mapping(a_report(controls=(a_control(findings=(finding,)),)), SHA)
    assert [name for name in run.metrics if name.startswith("hcgov/EVL-01/")] == ["hcgov/EVL-01/threshold"]
    empty = mapping(a_report(controls=()), SHA)
    assert "hcgov/coverage/evaluated_ratio" not in empty.metrics


def test_an_infinite_bound_leaves_the_margin_out():
    bound = BoundV1(value=None, level=0.95, end="upper")
    run = mapping(a_report(controls=(a_control(findings=(a_finding(pass_bound=bound),)),)), SHA)
    assert "hcgov/EVL-01/margin" not in run.metrics
    assert "hcgov/EVL-01/value" in run.metrics


def test_the_finding_that_decides_is_the_one_that_is_logged():
    harmless = a_finding(about="race=Other", verdict="pass", estimate=None)
    passes = a_finding(
        about="race=Asian",
        verdict="pass",
        estimate=EstimateV1(value=0.01, n=9, n_eff=9, people=9, method="x"),
        pass_bound=BoundV1(value=0.02, level=0.95, end="upper"),
    )
    run = mapping(a_report(controls=(a_control(findings=(harmless, passes, a_finding())),)), SHA)
    assert run.metrics["hcgov/EVL-01/value"] == 0.2139
    green = a_control(verdict="pass", disposition="clear", worst="", findings=(a_finding(), passes))
    assert mapping(a_report(controls=(green,)), SHA).metrics["hcgov/EVL-01/value"] == 0.01


def test_a_floor_has_its_margin_upwards():
    control = a_control(
        limit=LimitV1(side="at_least", value="0.80", confidence="0.95"),
        findings=(a_finding(pass_bound=BoundV1(value=0.85, level=0.95, end="lower")),),
    )
    assert mapping(a_report(controls=(control,)), SHA).metrics["hcgov/EVL-01/margin"] == pytest.approx(0.05)


def test_ids_that_stores_would_confuse_get_names_apart():
    controls = tuple(a_control(id=name) for name in ("gate", "count", "A1", "a1", "A1"))
    run = mapping(a_report(controls=controls), SHA)
    values = {name for name in run.metrics if name.endswith("/value")}
    parts = ("gate-2", "count-2", "A1", "a1-2", "A1-2")
    assert values == {f"hcgov/{part}/value" for part in parts[:4]} | {"hcgov/A1-3/value"}


def test_an_interrupted_check_is_a_killed_run():
    decision = DecisionV1(value="incomplete", exit_code=130, reason="", counts={}, interrupted=True)
    run = mapping(a_report(decision=decision), SHA)
    assert (run.status, run.tags["hcgov.verdict"]) == ("KILLED", "incomplete")
    assert run.metrics["hcgov/gate/passed"] == 0.0


def test_the_note_cannot_bring_its_own_markup():
    system = SystemV1(name="<img src=x> [a](http://x)\n# T", version="1", risk_profile="low")
    note = mapping(a_report(system=system), SHA).note
    assert "<img" not in note.replace("\\<", "")
    assert "](" not in note.replace("\\](", "")
    assert "\n# T" not in note


ANY = st.text(st.characters(exclude_categories=("Cs",)), max_size=40) | st.sampled_from(
    ["", ".", "..", "/", "a/../b", "\0", "x" * 5_000, "招聘" * 300, "hcgov", "gate", "https://a:b@c/d"]
)
NUMBER = st.none() | st.floats()
FINDING = st.builds(
    a_finding,
    about=ANY,
    slice=st.dictionaries(ANY, ANY, max_size=2),
    verdict=st.sampled_from(["pass", "fail", "inconclusive"]),
    estimate=st.none()
    | st.builds(
        EstimateV1,
        value=NUMBER,
        n=st.integers(0, 10**12),
        n_eff=st.just(1.0),
        people=st.none(),
        method=ANY,
        low=NUMBER,
        high=NUMBER,
    ),
    groups=st.lists(
        st.builds(
            GroupV1,
            slice=ANY,
            positives=st.floats(),
            n=st.integers(0, 9),
            n_eff=st.just(1.0),
            people=st.none(),
        ),
        max_size=2,
    ).map(tuple),
    pass_bound=st.none() | st.builds(BoundV1, value=NUMBER, level=st.just(0.95), end=st.just("upper")),
)
CONTROL = st.builds(
    a_control,
    id=ANY,
    title=ANY,
    worst=ANY,
    verdict=ANY,
    limit=st.none() | st.builds(LimitV1, side=st.just("at_most"), value=ANY, confidence=st.just("0.95")),
    findings=st.lists(FINDING, max_size=2).map(tuple),
)
REPORT = st.builds(
    a_report,
    created=ANY,
    occasion=ANY,
    system=st.builds(SystemV1, name=ANY, version=ANY, risk_profile=ANY),
    packs=st.lists(st.builds(PackV1, id=ANY, version=ANY, title=ANY, file=ANY, sha256=ANY), max_size=3).map(
        tuple
    ),
    stages=st.lists(st.builds(StageV1, id=ANY, title=ANY, ran=st.booleans()), max_size=3).map(tuple),
    controls=st.lists(CONTROL, max_size=4).map(tuple),
    evidence=st.lists(
        st.builds(
            EvidenceV1, id=ANY, artifact=ANY, kind=st.sampled_from(["table", "run"]), location=ANY, sha256=ANY
        ),
        max_size=3,
    ).map(tuple),
    decision=st.builds(
        DecisionV1,
        value=st.just("failed"),
        exit_code=st.just(1),
        reason=ANY,
        counts=st.just({}),
        blocking=st.lists(ANY, max_size=30).map(tuple),
    ),
)
NAME = re.compile(r"[A-Za-z0-9_./ -]{1,250}")


def within_limits(run: TrackedRun) -> None:
    for name in (*run.metrics, *run.params, *run.tags):
        assert NAME.fullmatch(name)
        assert posixpath.normpath(name) == name
        assert not name.startswith(("/", ".."))
    # A store may keep a metric in a file of its name, and a file cannot be a folder, too.
    folders = {parent for name in run.metrics for parent in accumulate(name.split("/")[:-1], "{}/{}".format)}
    assert not folders & set(run.metrics)
    assert all(math.isfinite(value) for value in run.metrics.values())
    assert len({name.casefold() for name in run.metrics}) == len(run.metrics)
    assert all(len(value) <= 4_500 and value for value in run.tags.values())
    assert all(len(value) <= 500 and value for value in run.params.values())
    assert len(run.note) <= 4_000
    assert len(run.tags) + 2 <= 100
    assert re.fullmatch(r"[A-Za-z0-9_.-]{1,250}", run.name)
    for dataset in run.datasets:
        assert 0 < len(dataset.name) <= 500
        assert 0 < len(dataset.digest) <= 36
        assert all(len(key) <= 255 and len(value) <= 500 for key, value in dataset.tags.items())
        assert len(dataset.context) <= 500
        assert "a:b@" not in dataset.source
    assert {key.split(".")[0] for key in run.tags} <= {"hcgov", "mlflow"}
    assert [key for key in run.tags if key.startswith("mlflow")] == ["mlflow.note.content"]


@settings(max_examples=25)
@given(REPORT)
def test_whatever_stands_in_a_record_it_stays_within_the_limits(report: ReportV1):
    within_limits(mapping(report, SHA))


@pytest.mark.parametrize("size", [3_000])
def test_many_controls_stay_within_the_limits(size):
    controls = tuple(a_control(id=f"C-{i}") for i in range(size))
    decision = DecisionV1(
        value="failed", exit_code=1, reason="", counts={}, blocking=tuple(c.id for c in controls)
    )
    run = mapping(a_report(controls=controls, decision=decision), SHA)
    within_limits(run)
    assert len(run.metrics) == 11 + 7 * size
    assert run.tags["hcgov.blocking"].count(",") == 19
    assert "and 2980 more" in run.note
