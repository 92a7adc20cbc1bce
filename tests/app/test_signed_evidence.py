"""A control that asks for signed evidence judges nothing that is not signed so."""

import base64
import json
import shutil
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hcgov.core.mistake import AuthoringError
from hcgov.io.signatures import PREDICATE, statement
from hcgov.io.signing import IN_TOTO, Statement, load_private, sign
from hcgov.io.signing.keys import PublicKey
from tests.app.excepting import NOW, POLICY
from tests.app.signing import DAY, Signing
from tests.io.repository import committed

FILE = "p.csv.dsse.json"


@pytest.fixture
def project(tmp_path: Path) -> Signing:
    made = Signing(tmp_path / "project")
    made.trust()
    return made


def days(n: int) -> timedelta:
    return timedelta(days=n)


def test_what_is_signed_as_asked_is_judged_and_the_record_says_by_which_key(project: Signing):
    written = project.sign()
    assert written == project.folder / FILE
    control = project.control()
    assert (control.verdict, control.disposition) == ("pass", "clear")
    (signed,) = control.signed
    key = load_private(project.key("ci")).key_id
    assert (signed.artifact, signed.role, signed.key_id, signed.on) == (
        "predictions",
        "eval-runner",
        key,
        DAY.isoformat(),
    )
    assert "ci" not in control.model_dump_json().split(key)[0][-200:], "keys have ids, people have no names"


def test_without_a_signature_the_evidence_is_missing_and_the_sentence_says_who_does_what(project: Signing):
    told = project.lacks()
    for part in ("`predictions`", "eval-runner", f"`{FILE}`", "hcgov evidence sign predictions --key KEY"):
        assert part in told
    report = project.check()
    assert (report.decision.value, report.decision.exit_code) == ("incomplete", 3)
    (entry,) = (e for e in report.evidence if e.artifact == "predictions")
    assert (entry.absent, bool(entry.sha256)) == ("", True), "the table was read; its signature is what lacks"


def test_other_controls_on_the_same_evidence_go_on(project: Signing):
    verdicts = {control.id: control.verdict for control in project.check().controls}
    assert verdicts == {"ACME-1": "missing", "ACME-2": "pass"}


def test_a_failure_is_not_read_off_unsigned_evidence_either(project: Signing):
    project.refused({"18-29": 300, "75+": 900})
    assert "not signed" in project.lacks()
    project.sign()
    assert project.control().verdict == "fail"


def test_content_that_changed_since_is_not_what_was_signed(project: Signing):
    project.sign()
    with (project.folder / "p.csv").open("a", encoding="utf-8") as file:
        file.write("18-29,0\n")
    assert "other content" in project.lacks()


def test_the_signature_of_another_artifact_does_not_count(project: Signing):
    other = project.sign(of="model")
    shutil.copy(other, project.folder / FILE)
    assert "other content" in project.lacks()


@pytest.mark.parametrize(
    ("trusted", "part"),
    [
        ({"roles": ("data-steward",)}, "may sign as data-steward, and eval-runner is asked for"),
        ({"until": DAY - days(1)}, "was valid until 2026-12-09"),
        ({"since": DAY + days(1)}, "is valid from 2026-12-11"),
        ({"revoked": "lost"}, "was revoked on 2026-12-10: lost"),
    ],
    ids=["role", "expired", "not yet", "revoked"],
)
def test_a_key_counts_in_its_role_and_its_days(project: Signing, trusted, part):
    project.sign()
    project.trust(**trusted)
    assert part in project.lacks()


@pytest.mark.parametrize("trusted", [{"until": DAY}, {"since": DAY}], ids=["last day", "first day"])
def test_the_first_and_last_day_of_a_key_count(project: Signing, trusted):
    project.sign()
    project.trust(**trusted)
    assert project.control().verdict == "pass"


def test_an_unknown_key_does_not_count(project: Signing):
    project.sign("stranger")
    assert "is not among the trusted ones" in project.lacks()


@pytest.mark.parametrize(
    ("age", "verdict"), [(0, "pass"), (29, "pass"), (30, "pass"), (31, "missing"), (400, "missing")]
)
def test_the_oldest_age_that_is_allowed_still_counts(project: Signing, age: int, verdict: str):
    project.trust(since=DAY - days(900))
    project.sign(on=DAY - days(age))
    control = project.control()
    assert control.verdict == verdict
    if verdict == "missing":
        assert f"{age} days before this check, and may be 30 days old" in control.headline.text
        assert "--renew" in control.headline.text


def test_the_age_counts_to_the_last_second_of_the_last_day(project: Signing):
    project.sign(on=DAY - days(30))
    late = NOW.replace(hour=23, minute=59, second=59)
    assert project.control(now=late).verdict == "pass"
    assert project.control(now=late + timedelta(seconds=1)).verdict == "missing"


def test_a_day_that_is_yet_to_come_is_no_age(project: Signing):
    project.sign(on=DAY + days(1))
    assert "is dated 2026-12-11, after this check" in project.lacks()


def test_without_max_age_any_age_will_do(project: Signing):
    project.demand("[{signed_by: [role:eval-runner]}]")
    project.trust(since=date(2000, 1, 1))
    project.sign(on=date(2001, 1, 1))
    assert project.control().verdict == "pass"


def test_the_strictest_of_several_demands_on_a_role_holds(project: Signing):
    project.demand("[{signed_by: [role:eval-runner]}, {signed_by: [role:eval-runner], max_age: P5D}]")
    project.sign(on=DAY - days(6))
    assert "may be 5 days old" in project.lacks()


def test_all_roles_have_to_sign_and_each_that_lacks_is_named(project: Signing):
    project.demand("[{signed_by: [role:eval-runner, role:data-steward]}]")
    project.trust("steward", ("data-steward",))
    project.sign()
    control = project.control()
    assert [("data-steward" in f.message.text, f.verdict) for f in control.findings] == [(True, "missing")]
    assert [one.role for one in control.signed] == ["eval-runner"]
    project.sign("steward")
    assert sorted(one.role for one in project.control().signed) == ["data-steward", "eval-runner"]
    assert project.control().verdict == "pass"


def test_one_key_may_have_two_roles(project: Signing):
    project.demand("[{signed_by: [role:eval-runner, role:data-steward]}]")
    project.trust("ci", ("eval-runner", "data-steward"))
    project.sign()
    assert project.control().verdict == "pass"


BROKEN = {
    "no json": (b"{", "not"),
    "empty": (b"", "empty"),
    "no envelope": (b'{"a": 1}', "is no DSSE envelope"),
    "no base64": (
        json.dumps({"payload": "ü", "payloadType": IN_TOTO, "signatures": []}).encode(),
        "base64",
    ),
    "nobody": (
        json.dumps(
            {"payload": base64.b64encode(b"{}").decode(), "payloadType": IN_TOTO, "signatures": []}
        ).encode(),
        "nobody signed it",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_an_envelope_that_is_none_says_why(project: Signing, name: str):
    data, part = BROKEN[name]
    (project.folder / FILE).write_bytes(data)
    assert part in project.lacks()


def test_a_signature_that_was_changed_does_not_count(project: Signing):
    path = project.sign()
    said = json.loads(path.read_bytes())
    payload = json.loads(base64.b64decode(said["payload"]))
    payload["predicate"]["signed_on"] = "2026-12-01"
    said["payload"] = base64.b64encode(json.dumps(payload).encode()).decode()
    path.write_text(json.dumps(said), encoding="utf-8")
    assert "the content or the signature was changed" in project.lacks()


def _digest(project: Signing) -> str:
    return next(e.sha256 for e in project.check().evidence if e.artifact == "predictions")


@pytest.mark.parametrize(
    ("predicate_type", "predicate", "part"),
    [
        ("https://slsa.dev/provenance/v1", {"signed_on": "2026-12-10"}, "no statement about evidence"),
        (PREDICATE, {}, "bears no day"),
        (PREDICATE, {"signed_on": "yesterday"}, "bears no day"),
        (PREDICATE, {"signed_on": 20261210}, "bears no day"),
    ],
)
def test_a_trusted_key_that_says_something_else_vouches_for_nothing(
    project: Signing, predicate_type, predicate, part
):
    said = Statement(
        subject={"predictions": _digest(project)}, predicate_type=predicate_type, predicate=predicate
    )
    made = sign(said.to_json(), IN_TOTO, load_private(project.key("ci")))
    (project.folder / FILE).write_bytes(made.to_json())
    assert part in project.lacks()


def test_a_statement_of_another_payload_type_does_not_count(project: Signing):
    said = statement("predictions", _digest(project), DAY).to_json()
    made = sign(said, "application/json", load_private(project.key("ci")))
    (project.folder / FILE).write_bytes(made.to_json())
    assert "the payload is of type `application/json`" in project.lacks()


def test_a_folder_is_signed_beside_it_and_a_file_more_is_other_content(project: Signing):
    folder = project.folder / "parts"
    folder.mkdir()
    table = pd.read_csv(project.folder / "p.csv")
    for number in range(2):
        pq.write_table(pa.Table.from_pandas(table[number::2]), folder / f"{number}.parquet")
    manifest = project.folder / "hcgov.yaml"
    content = manifest.read_text(encoding="utf-8").replace("path: p.csv", "path: parts/, format: parquet")
    manifest.write_text(content, encoding="utf-8")
    assert "`parts.dsse.json`" in project.lacks()
    assert project.sign() == project.folder / "parts.dsse.json"
    assert project.control().verdict == "pass"
    shutil.copy(folder / "1.parquet", folder / "2.parquet")
    assert "other content" in project.lacks()


def test_a_frame_in_memory_has_nothing_that_could_be_signed(project: Signing):
    from hcgov.app.check import Asked, run_check

    project.sign()
    frames = {"predictions": pd.read_csv(project.folder / "p.csv")}
    asked = Asked(root=project.folder, now=NOW, stages=("evaluation",), frames=frames)
    control = run_check(asked, lambda _: None).report.controls[0]
    assert control.verdict == "missing"
    assert "read live, so it has no digest" in control.headline.text


def test_evidence_that_is_not_there_is_told_once(project: Signing):
    (project.folder / "p.csv").unlink()
    control = project.control()
    assert control.verdict == "missing"
    assert len(control.findings) == 1


def test_a_project_that_names_no_trusted_keys_is_a_mistake(project: Signing):
    project.manifest()
    with pytest.raises(AuthoringError) as raised:
        project.check()
    (mistake,) = raised.value.mistakes
    assert mistake.code == "HCG-S006"
    assert mistake.where is not None
    assert (mistake.where.file, "evidence" in mistake.where.source) == ("own.yaml", True)
    assert "`trust: trust.yaml`" in mistake.help


def test_a_control_that_does_not_apply_asks_for_nothing(project: Signing):
    project.demand(
        "[{signed_by: [role:eval-runner]}]\n    applies_when: {fact: system.risk_profile, eq: low}"
    )
    project.manifest()
    control = project.control()
    assert (control.verdict, control.signed) == ("not_applicable", ())


def test_a_change_cannot_bring_the_key_that_vouches_for_it(project: Signing):
    committed(project.folder, "base")
    project.trust("intruder")
    project.sign("intruder")
    assert project.control().verdict == "pass"
    assert "is not among the trusted ones" in project.lacks(trusted_ref="main")


def test_the_decision_input_changes_with_who_signed(project: Signing):
    before = project.control().decision_input
    project.sign()
    after = project.control().decision_input
    assert before != after
    assert after == project.control().decision_input


def test_controls_without_a_demand_verify_nothing(project: Signing, monkeypatch: pytest.MonkeyPatch):
    (project.folder / "own.yaml").write_text(
        POLICY.format(severity="medium", enforcement="overridable"), encoding="utf-8"
    )
    (project.folder / FILE).write_bytes(b"rubbish")

    def never(*_: object) -> bool:
        raise AssertionError

    monkeypatch.setattr(PublicKey, "verify", never)
    assert project.control().verdict == "pass"


class TestSigning:
    def test_a_second_key_signs_the_statement_of_the_first_which_keeps_its_day(self, project: Signing):
        project.sign(on=DAY - days(3))
        written = project.sign("steward")
        said = json.loads(written.read_bytes())
        assert len(said["signatures"]) == 2
        assert json.loads(base64.b64decode(said["payload"]))["predicate"]["signed_on"] == "2026-12-07"

    def test_the_same_key_renews_its_own_statement(self, project: Signing):
        project.sign(on=DAY - days(300))
        project.sign()
        assert project.control().signed[0].on == DAY.isoformat()

    def test_signing_twice_a_day_changes_nothing(self, project: Signing):
        first = project.sign().read_bytes()
        assert project.sign().read_bytes() == first

    def test_the_signatures_of_others_are_not_dropped_unasked(self, project: Signing):
        project.sign(on=DAY - days(3))
        before = project.sign("steward", on=DAY - days(2)).read_bytes()
        with pytest.raises(AuthoringError, match="those of others"):
            project.sign()
        assert (project.folder / FILE).read_bytes() == before
        renewed = json.loads(project.sign(renew=True).read_bytes())
        assert len(renewed["signatures"]) == 1

    @pytest.mark.parametrize("there", [b"rubbish", b"", b"{}"])
    def test_what_is_no_envelope_and_a_signature_of_other_content_give_way(self, project: Signing, there):
        (project.folder / FILE).write_bytes(there)
        project.sign()
        assert project.control().verdict == "pass"
        project.refused({"18-29": 301, "75+": 301})
        project.sign("steward")
        assert len(json.loads((project.folder / FILE).read_bytes())["signatures"]) == 1

    def test_a_foreign_statement_is_not_signed_unread(self, project: Signing):
        said = Statement(
            subject={"predictions": _digest(project), "model": "0" * 64},
            predicate_type=PREDICATE,
            predicate={"artifact": "predictions", "signed_on": "2026-12-01", "approves": "everything"},
        )
        made = sign(said.to_json(), IN_TOTO, load_private(project.key("stranger")))
        (project.folder / FILE).write_bytes(made.to_json())
        written = json.loads(project.sign().read_bytes())
        assert "approves" not in base64.b64decode(written["payload"]).decode()

    @pytest.mark.parametrize(
        ("name", "part"),
        [("predictionz", "there is no artifact"), ("gone", "there is no `gone.yaml`"), ("run", "no file")],
    )
    def test_what_cannot_be_signed_says_why(self, project: Signing, name: str, part: str):
        manifest = project.folder / "hcgov.yaml"
        more = "  gone: {kind: record, path: gone.yaml}\n  run: {kind: run, uri: 'runs:/abc'}\n"
        manifest.write_text(manifest.read_text(encoding="utf-8") + more, encoding="utf-8")
        with pytest.raises(AuthoringError, match=part):
            project.sign(of=name)

    def test_a_link_beside_the_artifact_leads_no_signature_out_of_the_project(
        self, project: Signing, tmp_path: Path
    ):
        elsewhere = tmp_path / "elsewhere"
        elsewhere.write_text("kept", encoding="utf-8")
        (project.folder / FILE).symlink_to(elsewhere)
        with pytest.raises(AuthoringError, match="outside the project"):
            project.sign()
        assert elsewhere.read_text(encoding="utf-8") == "kept"
        assert "outside the project" in project.lacks()
