"""The gate from a record: the check's own decision again, and everything that makes a record stand for nothing."""

import json
import shutil
from datetime import timedelta

import pytest

from hcgov.app.baseline import update_baseline
from hcgov.core.mistake import AuthoringError
from hcgov.core.ratchet import Taken
from hcgov.io.ledger import GateDecided, verify
from tests.app.releasing import NOW, Releasing, edited, report_of, told


@pytest.fixture
def project(releasing: Releasing) -> Releasing:
    return releasing


def decided(project: Releasing) -> list[tuple[str, str, int]]:
    entries = verify(project.folder / ".hcgov").entries
    bodies = [entry.body for entry in entries if entry is not None]
    return [(b.run, b.decision, b.exit_code) for b in bodies if isinstance(b, GateDecided)]


def test_a_fresh_passing_record_passes_and_the_ledger_says_so(project):
    record = project.record()
    gated = project.gate(record)
    assert gated.weight.exit_code == 0
    assert told(gated.weight.claims, "met").keys() == {
        "record",
        "decision",
        "age",
        "stages",
        "policy",
        "subject",
        "ledger",
    }
    assert decided(project) == [(report_of(record).id, "passed", 0)]
    assert verify(project.folder / ".hcgov").intact


def test_the_project_is_found_by_where_the_record_lies(project):
    record = project.record()
    assert project.gate(record, anywhere=True).project == project.folder
    assert project.gate(project.folder / ".hcgov" / "report.json", anywhere=True).weight.exit_code == 0


def test_a_record_that_failed_fails_and_names_what_is_in_the_way(project):
    project.fails()
    gated = project.gate(project.record())
    assert gated.weight.exit_code == 1
    assert told(gated.weight.claims, "failed") == {"decision": "failed; in the way: ACME-1"}
    assert decided(project)[-1][1:] == ("failed", 1)


def test_exit_zero_of_the_check_does_not_help(project):
    project.fails()
    record = project.record(exit_zero=True)
    assert report_of(record).decision.exit_code == 0
    gated = project.gate(record)
    assert gated.weight.exit_code == 1
    assert "counts for nothing here" in told(gated.weight.claims, "note")["exit code"]


@pytest.mark.parametrize(
    ("after", "code"),
    [(timedelta(hours=24), 0), (timedelta(hours=24, seconds=1), 3), (timedelta(minutes=-6), 3)],
)
def test_age_is_held_against_what_is_allowed_and_no_record_is_of_tomorrow(project, after, code):
    assert project.gate(project.record(), now=NOW + after).weight.exit_code == code


def test_all_stages_are_asked_for_unless_some_are_named(project):
    record = project.record()
    gated = project.gate(record, stages=())
    assert gated.weight.exit_code == 3
    assert told(gated.weight.claims, "open")["stages"] == "not checked: design, data, training, deployment"
    assert project.gate(record, stages=("data",)).weight.exit_code == 3
    with pytest.raises(AuthoringError, match="did you mean `evaluation`"):
        project.gate(record, stages=("evaluatoin",))


def test_a_check_of_selected_controls_is_no_release(project):
    project.fails()
    gated = project.gate(project.record(select=("ACME-2",)))
    assert gated.weight.exit_code == 3
    assert "left out: ACME-1" in told(gated.weight.claims, "open")["controls"]


def test_another_policy_than_that_of_the_project_is_not_this_one(project):
    record = project.record()
    digest = report_of(record).policy_digest
    policy = project.folder / "own.yaml"
    policy.write_text(policy.read_text().replace('"0.90"', '"0.80"'), encoding="utf-8")
    gated = project.gate(record)
    assert gated.weight.exit_code == 3
    assert digest[:12] in told(gated.weight.claims, "open")["policy"]
    assert project.gate(record, policy=digest).weight.exit_code == 0  # named by whoever asks
    assert project.gate(record, policy="0" * 64).weight.exit_code == 3


def test_another_model_on_disk_or_asked_for_is_another_subject(project):
    record = project.record()
    digest = report_of(record).subject.sha256
    project.weights("second")
    assert "another subject was checked" in told(project.gate(record).weight.claims, "open")["subject"]
    assert project.gate(record, subject=digest).weight.exit_code == 0
    shutil.rmtree(project.folder / "model")
    gated = project.gate(record)
    assert gated.weight.exit_code == 3
    assert "cannot be read" in told(gated.weight.claims, "open")["subject"]


def test_a_manifest_that_is_not_the_checked_one_is_told(project):
    record = project.record()
    manifest = project.folder / "hcgov.yaml"
    manifest.write_text(
        manifest.read_text().replace("by: [age]", "by: [age], min_people: 40"), encoding="utf-8"
    )
    assert "manifest" in told(project.gate(record).weight.claims, "open")


def test_a_record_alone_is_held_against_nothing_and_does_not_pass(project, tmp_path):
    alone = tmp_path / "elsewhere" / "report.json"
    alone.parent.mkdir()
    shutil.copy(project.record(), alone)
    gated = project.gate(alone, anywhere=True)
    assert (gated.weight.exit_code, gated.noted) == (3, False)
    assert told(gated.weight.claims, "open").keys() == {"policy", "subject"}
    report = report_of(alone)
    named = project.gate(alone, anywhere=True, policy=report.policy_digest, subject=report.subject.sha256)
    assert named.weight.exit_code == 0


def passes_on_paper(content: dict) -> None:
    content["decision"] |= {"value": "passed", "exit_code": 0, "blocking": []}


def clears(content: dict) -> None:
    passes_on_paper(content)
    content["stages"] = [{**s, "decision": "passed"} if s["ran"] else s for s in content["stages"]]
    for control in content["controls"]:
        control["disposition"] = "clear"


def waives(content: dict) -> None:
    clears(content)
    content["decision"]["value"] = "passed_with_conditions"
    for control in content["controls"]:
        for finding in control["findings"]:
            finding["waiver"] = "W-9"


def makes_advice_of_it(content: dict) -> None:
    clears(content)
    for control in content["controls"]:
        control["verdict"] = "pass"


def removes(content: dict) -> None:
    """Take the failing control out, consistently: the record itself does not contradict it."""
    clears(content)
    content["controls"] = [one for one in content["controls"] if one["id"] != "ACME-1"]
    content["decision"]["counts"] = {"pass": 1}
    content["stages"] = [{**s, "counts": {"pass": 1}} if s["ran"] else s for s in content["stages"]]


def is_interrupted_no_more(content: dict) -> None:
    content["decision"]["exit_code"] = 0


@pytest.mark.parametrize(
    "change", [passes_on_paper, clears, waives, makes_advice_of_it, removes, is_interrupted_no_more]
)
def test_a_record_that_was_edited_is_broken_evidence_whatever_it_says_now(project, change):
    project.fails()
    record = edited(project.record(), change)
    shutil.rmtree(project.folder / ".hcgov" / "ledger")  # also where no ledger knows better
    assert project.gate(record).weight.exit_code == 4


def test_an_edit_that_contradicts_nothing_is_known_by_the_ledger(project):
    record = edited(project.record(), lambda content: content.update(actor="somebody else"))
    gated = project.gate(record)
    assert gated.weight.exit_code == 4
    assert told(gated.weight.claims, "broken") == {
        "ledger": "the ledger noted another record of this run: it was changed since"
    }


def test_a_run_that_the_ledger_does_not_know_is_not_of_this_project(project, tmp_path):
    project.record()
    other = Releasing(tmp_path / "other")
    gated = project.gate(other.record(now=NOW + timedelta(seconds=1)))
    assert "knows no such run" in told(gated.weight.claims, "open")["ledger"]


def test_a_damaged_ledger_lets_nothing_pass(project):
    record = project.record()
    entries = project.folder / ".hcgov" / "ledger" / "entries.jsonl"
    entries.write_bytes(entries.read_bytes().replace(b'"decision":"passed"', b'"decision":"failed"'))
    gated = project.gate(record)
    assert (gated.weight.exit_code, gated.noted) == (4, False)


def test_a_record_of_before_policies_were_digested_is_told_apart(project):
    def old(content: dict) -> None:
        content.pop("policy_digest")

    gated = project.gate(edited(project.record(), old))
    assert told(gated.weight.claims, "open")["record"].startswith("it was written by a version")


def test_a_waiver_that_ended_since_the_check_accepts_nothing_any_more(project):
    project.fails()
    project.waivers(project.waiver(expires="2026-12-10", ceiling="0.45", subject=project.digest))
    project.manifest("waivers: waivers.yaml")
    record = project.record()
    assert report_of(record).decision.value == "passed_with_conditions"
    assert project.gate(record).weight.decision.value == "passed_with_conditions"
    assert project.gate(record, fail_on=("waived",)).weight.exit_code == 1
    tomorrow = project.gate(record, now=NOW + timedelta(hours=23))
    assert tomorrow.weight.exit_code == 1
    assert told(tomorrow.weight.claims, "note")["waivers"] == "the waiver W-1 has ended since"


def test_a_baseline_entry_that_ended_since_the_check_excuses_nothing_any_more(project):
    project.fails()
    project.manifest("baseline: baseline.yaml")
    baseline = project.folder / "baseline.yaml"
    baseline.write_text("kind: Baseline\n", encoding="utf-8")
    update_baseline(
        project.folder, project.record(), NOW.date(), Taken(owner="cro@acme.example", expires=NOW.date())
    )
    record = project.record()
    assert report_of(record).decision.value == "passed_with_conditions"
    assert project.gate(record).weight.exit_code == 0
    tomorrow = project.gate(record, now=NOW + timedelta(hours=23))
    assert tomorrow.weight.exit_code == 3
    assert (
        "entries of the baseline have ended since for ACME-1" in told(tomorrow.weight.claims, "open")["age"]
    )


def test_a_control_that_took_effect_since_the_check_was_not_judged_as_it_is_now(project):
    project.fails()
    policy = project.folder / "own.yaml"
    begins = "    source: organisation\n    effective_from: 2026-12-11\n"
    policy.write_text(policy.read_text().replace("    source: organisation\n", begins, 1), encoding="utf-8")
    record = project.record()
    assert report_of(record).decision.value == "passed"
    assert project.gate(record).weight.exit_code == 0
    tomorrow = project.gate(record, now=NOW + timedelta(hours=23))
    assert tomorrow.weight.exit_code == 3
    assert "in force only since the check: ACME-1" in told(tomorrow.weight.claims, "open")["age"]


def test_an_interrupted_check_is_not_known(project):
    def stopped(content: dict) -> None:
        content["decision"] |= {"value": "incomplete", "exit_code": 130, "interrupted": True}

    record = edited(project.record(), stopped)
    shutil.rmtree(project.folder / ".hcgov" / "ledger")
    gated = project.gate(record)
    assert gated.weight.exit_code == 3
    assert told(gated.weight.claims, "open")["decision"] == "the check was interrupted"


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", b'{"schema": "hcgov.report/9"}'])
def test_what_is_no_record_is_wrong_usage(project, tmp_path, content):
    (tmp_path / "x.json").write_bytes(content)
    with pytest.raises(AuthoringError):
        project.gate(tmp_path / "x.json")
    with pytest.raises(AuthoringError, match="cannot read"):
        project.gate(tmp_path / "nowhere.json")


def test_what_the_gate_decides_is_what_the_check_decided(project):
    """One function: for whatever the check says, the gate says the same of its record at once."""
    for fails in (False, True):
        if fails:
            project.fails()
        record = project.record()
        gated = project.gate(record, now=NOW)
        report = report_of(record)
        assert gated.weight.decision.value == report.decision.value
        assert gated.weight.exit_code == report.decision.exit_code
        assert json.loads(record.read_text())["left_out"] == []
