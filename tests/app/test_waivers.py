"""Waivers from the file to the decision and into every output."""

import json
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from hcgov.app.baseline import update_baseline
from hcgov.app.save import save
from hcgov.app.waiver import sign_waiver
from hcgov.core.mistake import AuthoringError
from hcgov.core.ratchet import Taken
from hcgov.io.render import render
from hcgov.io.render.terminal import last_line, render_concise, render_full
from hcgov.io.signing import load_private, new_pair
from hcgov.io.tracking.mapping import mapping
from tests.app.excepting import EVEN, NOW, UNEVEN, Excepting, told
from tests.io.repository import committed

TAKEN = Taken(owner="cro@acme.example", expires=date(2027, 1, 31))


@pytest.fixture
def project(tmp_path: Path) -> Excepting:
    return Excepting(tmp_path / "project")


@pytest.fixture
def waived(project: Excepting) -> Excepting:
    written = project.waiver()
    project.manifest("waivers: waivers.yaml")
    project.waivers(written)
    return project


def mistakes(project: Excepting, **asked) -> list[str]:
    with pytest.raises(AuthoringError) as raised:
        project.check(**asked)
    return [f"{m.where} {m.code} {m.message}" for m in raised.value.mistakes]


def test_a_waived_failure_passes_with_conditions_and_is_recorded(waived: Excepting):
    report = waived.check()
    assert report.decision.value == "passed_with_conditions"
    one, other = report.controls
    assert (one.verdict, one.disposition, one.waiver.id) == ("fail", "waived", "W-1")
    assert (other.disposition, other.waiver) == ("clear", None)
    assert {f.waiver for f in one.findings if f.verdict == "fail"} == {"W-1"}
    assert report.decision.counts["fail"] == 1
    (waiver,) = report.waivers
    assert (waiver.state, waiver.used, waiver.ceiling) == ("in_force", True, "at most 0.45")


def test_a_waived_control_is_in_sight_in_every_output(waived: Excepting):
    report = waived.check()
    page = render("html", report)
    for text in (
        render_full(report, color=False, width=400),
        render_concise(report),
        render("json", report),
        page,
        render("markdown", report),
        render("model_card", report),
    ):
        assert "ACME-1" in text
        assert "W-1" in text
        assert "2026-12-31" in text
    assert "1 not met" in last_line(report)
    assert "1 exception" in last_line(report)
    assert "WITH CONDITIONS" in last_line(report)
    assert "a person reads every refusal" in page
    assert 'data-waiver="W-1" data-state="in_force"' in page
    sent = mapping(report, "0" * 64)
    assert sent.tags["hcgov.waived"] == "ACME-1"
    assert sent.metrics["hcgov/count/waived"] == 1.0
    assert sent.metrics["hcgov/count/fail"] == 1.0


def test_the_published_card_names_nobody_who_answers_for_an_exception(waived: Excepting):
    card = render("model_card", waived.check())
    assert "cro@acme" not in card
    assert "Retraining is scheduled" not in card


def test_the_last_day_counts_to_its_last_second_in_utc(waived: Excepting):
    last = datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert waived.check(now=last).decision.value == "passed_with_conditions"
    after = waived.check(now=last + timedelta(seconds=1))
    assert after.decision.value == "failed"
    assert "ended on 2026-12-31" in told(after)["HCG-W103"]
    assert [w.state for w in after.waivers] == ["expired"]


def test_another_model_is_not_covered_and_it_is_said(waived: Excepting):
    (waived.folder / "model.bin").write_text("retrained", encoding="utf-8")
    report = waived.check()
    assert report.decision.value == "failed"
    assert "it is for the subject" in told(report)["HCG-W105"]


def test_a_worse_value_blocks_again(waived: Excepting):
    waived.refused(UNEVEN | {"75+": 800})
    report = waived.check()
    assert report.decision.value == "failed"
    assert "0.5000 (the point estimate)" in told(report)["HCG-W107"]


def test_a_waiver_that_nothing_needs_is_told(waived: Excepting):
    waived.refused(EVEN)
    report = waived.check()
    assert report.decision.value == "passed"
    assert "HCG-W101" in told(report)


def test_every_mistake_of_every_file_is_told_together_and_nothing_is_evaluated(project: Excepting):
    project.manifest("waivers: [a.yaml, b.yaml]", "baseline: gone.yaml")
    subject = "a" * 64
    project.waivers(
        project.waiver(subject=subject, control="ACME-l"), project.waiver(subject=subject), file="a.yaml"
    )
    project.waivers(
        project.waiver(subject=subject, id="W-2", expires="2027-06-30"),
        project.waiver(subject=subject, id="W-3", by="Dev@acme.example"),
        file="b.yaml",
    )
    found = mistakes(project)
    assert [one.split(" ")[1] for one in found] == [
        "HCG-W002",
        "HCG-W003",
        "HCG-B001",
        "HCG-W008",
        "HCG-W005",
    ]
    assert found[0].startswith("a.yaml:18:9 ")
    assert found[2].startswith("hcgov.yaml:8:11 ")
    assert found[3].startswith("a.yaml:4:14 ")
    assert not (project.folder / ".hcgov").exists()


def test_mistakes_of_waivers_are_told_with_those_of_the_manifest(waived: Excepting):
    waived.manifest("waivers: waivers.yaml", "tracking: {enabeld: false}")
    waived.waivers(waived.waiver(subject="a" * 64, by="dev@acme.example"))
    assert [one.split(" ")[1] for one in mistakes(waived)] == ["HCG-C004", "HCG-W003"]


def test_a_mandatory_control_cannot_be_waived(waived: Excepting):
    waived.policy(enforcement="mandatory")
    assert "mandatory" in mistakes(waived)[0]


def test_a_waiver_that_ended_is_history_and_no_mistake(waived: Excepting):
    waived.waivers(waived.waiver(subject="a" * 64, control="GONE-1", expires="2026-12-09"))
    assert waived.check().decision.value == "failed"


@pytest.fixture
def signed(tmp_path: Path) -> Excepting:
    """A project with a control of high severity, whose waivers must be signed."""
    project = Excepting(tmp_path / "signed", severity="high")
    for name in ("risk-owner", "ci"):
        new_pair(tmp_path / "keys", name)
    trust(project, tmp_path / "keys", "risk-owner", "risk-owner")
    written = project.waiver(expires="2026-12-20", signature="        signature: W-1.dsse.json\n")
    project.manifest("waivers: waivers.yaml", "trust: trust.yaml")
    project.waivers(written)
    return project


def trust(project: Excepting, keys: Path, name: str, role: str) -> None:
    public = load_private(keys / f"{name}.key").public
    (project.folder / "trust.yaml").write_text(
        f"hcgov: 1\nkind: Trust\nkeys:\n  - id: {public.key_id}\n    name: {name}\n    roles: [{role}]\n"
        f"    public: {public.line}\n    valid_from: 2026-01-01\n    valid_until: 2026-12-31\n",
        encoding="utf-8",
    )


def sign(project: Excepting) -> Path:
    return sign_waiver(project.folder, "W-1", project.folder.parent / "keys" / "risk-owner.key")


def test_a_grave_control_is_waived_by_a_signature_only(signed: Excepting):
    assert "HCG-W009" in mistakes(signed)[0]
    assert sign(signed).name == "W-1.dsse.json"
    report = signed.check()
    assert report.decision.value == "passed_with_conditions"
    assert report.waivers[0].signed_by == ("cro@acme.example",)


def test_without_trusted_keys_a_grave_control_is_never_waived(signed: Excepting):
    sign(signed)
    signed.manifest("waivers: waivers.yaml")
    report = signed.check()
    assert report.decision.value == "failed"
    assert "severity high" in told(report)["HCG-W106"]


def test_where_keys_are_trusted_an_unsigned_waiver_accepts_nothing(signed: Excepting):
    signed.policy(severity="low")
    signed.waivers(signed.waiver(subject="a" * 64))
    assert signed.check().waivers[0].state == "other_subject"
    signed.manifest()
    written = signed.waiver()
    signed.manifest("waivers: waivers.yaml", "trust: trust.yaml")
    signed.waivers(written)
    assert "HCG-W106" in told(signed.check())


def test_a_signature_over_other_content_or_by_another_key_is_refused_with_its_place(signed: Excepting):
    sign(signed)
    path = signed.folder / "waivers.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("0.45", "0.60"), encoding="utf-8")
    (found,) = mistakes(signed)
    assert found.startswith("waivers.yaml:18:20 HCG-W009 W-1: ")
    assert "other content" in found
    trust(signed, signed.folder.parent / "keys", "ci", "risk-owner")
    assert "not among the trusted" in mistakes(signed)[0]


def test_an_approval_ends_with_its_key(signed: Excepting):
    sign(signed)
    text = (signed.folder / "trust.yaml").read_text(encoding="utf-8")
    (signed.folder / "trust.yaml").write_text(text.replace("2026-12-31", "2026-12-09"), encoding="utf-8")
    assert "valid until 2026-12-09" in mistakes(signed)[0]


def known(project: Excepting) -> None:
    """Take what fails now into the baseline."""
    project.manifest("baseline: baseline.yaml")
    (project.folder / "baseline.yaml").write_text("kind: Baseline\n", encoding="utf-8")
    report = project.check()
    record = project.folder.parent / "record.json"
    record.write_text(render("json", report), encoding="utf-8")
    update_baseline(project.folder, record, NOW.date(), TAKEN)


def test_known_failures_pass_with_conditions_and_stay_in_sight(project: Excepting):
    assert project.check().controls[0].baseline == ""
    known(project)
    report = project.check()
    assert report.decision.value == "passed_with_conditions"
    assert (report.controls[0].disposition, report.controls[0].baseline) == ("waived", "known")
    assert "a known failure" in render_full(report, color=False, width=400)
    assert "a known failure" in render("html", report)
    assert mapping(report, "0" * 64).tags["hcgov.waived"] == "ACME-1"


def test_a_failure_swapped_for_a_known_one_blocks_by_name(project: Excepting):
    known(project)
    project.refused({"18-29": 700, "30-59": 300, "75+": 300})
    report = project.check()
    assert report.decision.value == "failed"
    assert report.controls[0].baseline == "new"
    new = [n.message.text for n in report.notices if n.code == "HCG-B101"]
    gone = [n.message.text for n in report.notices if n.code == "HCG-B104"]
    assert all("age=18-29 against" in one for one in new)
    assert len(new) == len(gone) == 2
    assert all("age=75+ against" in one for one in gone)


def test_a_known_failure_that_gets_worse_blocks_and_the_ratchet_keeps_it_so(project: Excepting):
    known(project)
    project.refused(UNEVEN | {"75+": 701})
    assert project.check().controls[0].baseline == "worse"
    project.refused(UNEVEN | {"75+": 650})
    report = project.check()
    assert report.controls[0].baseline == "known"
    save(report, project.folder)
    done = update_baseline(project.folder, project.folder, NOW.date(), None)
    assert len(done.updated.tightened) == 2
    project.refused(UNEVEN)
    assert project.check().controls[0].baseline == "worse"


def test_a_baseline_is_not_available_for_mandatory_controls(project: Excepting):
    known(project)
    project.policy(enforcement="mandatory")
    assert "HCG-B002" in mistakes(project)[0]


@pytest.fixture
def merged(project: Excepting) -> Excepting:
    """The project as it stands on its main branch: no waiver, an empty baseline."""
    project.manifest("waivers: waivers.yaml", "baseline: baseline.yaml")
    project.waivers()
    (project.folder / "baseline.yaml").write_text("kind: Baseline\n", encoding="utf-8")
    committed(project.folder, "base")
    return project


def test_a_pull_request_that_brings_its_own_waiver_is_caught_by_name(merged: Excepting):
    merged.waivers(merged.waiver())
    committed(merged.folder, "waive it")
    assert merged.check().decision.value == "passed_with_conditions"
    report = merged.check(trusted_ref="main~1")
    assert report.decision.value == "failed"
    assert report.waivers == ()
    message = told(report)["HCG-W110"]
    assert "W-1" in message
    assert "added by this change" in message
    assert "main~1" in told(report)["HCG-G101"]
    assert merged.check(trusted_ref="main").decision.value == "passed_with_conditions"


def test_a_pull_request_that_swaps_a_known_failure_for_another_is_caught_by_name(merged: Excepting):
    known(merged)
    committed(merged.folder, "known failures")
    merged.refused({"18-29": 700, "30-59": 300, "75+": 300})
    known(merged)
    committed(merged.folder, "swapped")
    assert merged.check().decision.value == "passed_with_conditions"
    report = merged.check(trusted_ref="main~1")
    assert report.decision.value == "failed"
    codes = [n.code for n in report.notices]
    assert (codes.count("HCG-B110"), codes.count("HCG-B112"), codes.count("HCG-B101")) == (2, 2, 2)
    assert "age=18-29 against" in told(report)["HCG-B110"]
    assert "age=75+ against" in told(report)["HCG-B112"]


def test_a_pull_request_cannot_rewrite_remove_or_rename_what_it_is_judged_by(merged: Excepting):
    merged.waivers(merged.waiver(expires="2026-12-10", ceiling="0.20"))
    known(merged)
    merged.manifest("waivers: waivers.yaml", "baseline: baseline.yaml")
    committed(merged.folder, "base")
    merged.waivers(merged.waiver(expires="2026-12-31"))
    path = merged.folder / "baseline.yaml"
    loosened = re.sub(r'observed: "[0-9.]+"', 'observed: "0.9"', path.read_text(encoding="utf-8"))
    path.write_text(loosened, encoding="utf-8")
    path.rename(merged.folder / "other.yaml")
    merged.manifest("waivers: waivers.yaml", "baseline: other.yaml")
    report = merged.check(trusted_ref="main")
    notices = told(report)
    assert "expires" in notices["HCG-W111"]
    assert "scope" in notices["HCG-W111"]
    assert "observed" in notices["HCG-B111"]
    assert "`baseline` names other.yaml here and baseline.yaml at main" in notices["HCG-G103"]
    assert [w.expires for w in report.waivers] == ["2026-12-10"]
    (merged.folder / "waivers.yaml").write_text("kind: WaiverSet\n", encoding="utf-8")
    assert "HCG-W112" in told(merged.check(trusted_ref="main"))


def test_a_pull_request_cannot_drop_the_trusted_keys(signed: Excepting):
    sign(signed)
    committed(signed.folder, "signed")
    signed.policy(severity="low")
    signed.manifest("waivers: waivers.yaml")
    path = signed.folder / "waivers.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("0.45", "0.60"), encoding="utf-8")
    report = signed.check(trusted_ref="main")
    assert report.waivers[0].ceiling == "at most 0.45"
    assert report.waivers[0].signed_by == ("cro@acme.example",)
    assert {"HCG-G103", "HCG-G104", "HCG-W111"} <= told(report).keys()


def test_the_copy_that_is_checked_out_is_validated_all_the_same(merged: Excepting):
    merged.waivers(merged.waiver(by="dev@acme.example"))
    assert "HCG-W003" in mistakes(merged, trusted_ref="main")[0]


def test_mistakes_at_the_trusted_ref_accept_nothing_and_can_be_mended(waived: Excepting):
    good = (waived.folder / "waivers.yaml").read_text(encoding="utf-8")
    waived.waivers("  - {}\n")
    committed(waived.folder, "broken")
    (waived.folder / "waivers.yaml").write_text(good, encoding="utf-8")
    report = waived.check(trusted_ref="main")
    assert report.decision.value == "failed"
    assert "nothing at main is accepted" in told(report)["HCG-G102"]


def test_a_project_that_is_new_has_nothing_at_the_trusted_ref(tmp_path: Path):
    (tmp_path / "repository").mkdir()
    committed(tmp_path / "repository", "before the project")
    project = Excepting(tmp_path / "repository" / "project")
    written = project.waiver()
    project.manifest("waivers: waivers.yaml")
    project.waivers(written)
    report = project.check(trusted_ref="main")
    assert report.decision.value == "failed"
    assert "there is no such file at main" in told(report)["HCG-G102"]


def test_the_record_of_a_waiver_is_read_back(waived: Excepting):
    report = waived.check()
    assert json.loads(render("json", report))["waivers"][0]["id"] == "W-1"
    assert type(report).model_validate_json(render("json", report)) == report
