"""Checks in the ledger: registration before data are read, attempts by their levels, the verdict that stands."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from hcgov.app.check import Asked, run_check
from hcgov.app.gate import Gate, run_gate
from hcgov.app.policy import write_lock
from hcgov.app.registration import Book, register_project
from hcgov.app.rendering import Outputs
from hcgov.core.mistake import AuthoringError, LedgerDamagedError
from hcgov.core.record import ControlV1, ReportV1
from hcgov.io.ledger import NotAppendedError, PolicyRegistered, RunFinished, RunStarted, history, verify
from hcgov.io.ledger.checkpoint import parse_checkpoint
from hcgov.judgement.redeciding import contradictions

MANIFEST = """\
hcgov: 1
kind: Project
system: {name: Tried, version: "1", risk_profile: high}
policies: [pack.yaml]
subject: [model]
slices: {by: [sex], min_people: 5}
artifacts:
  model: {kind: file, path: model.bin}
  answers:
    kind: table
    path: answers.csv
    unit: person
    roles: {prediction: prediction}
    outcomes: {prediction: {adverse: higher}}
"""
PACK = """\
hcgov: 1
kind: PolicyPack
metadata: {id: tried, version: 1.0.0, title: Tried, owner: Tests}
controls:
  - id: RATE-GAP
    title: Predictions are as frequent in every slice
    stage: evaluation
    check: evaluation.rate_gap@1
    with: {table: answers, outcome: prediction}
    limit: {at_most: "0.10"}
    severity: high
    enforcement: mandatory
    why: A test.
    fix: None is needed.
    source: convention
"""
NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)


def predict(root: Path, version: int) -> None:
    """Write another model with its predictions; whatever the version, 500 of 1,000 of either sex are positive."""
    (root / "model.bin").write_bytes(f"model {version}".encode())
    rows = [f"{sex},{int((at + version) % 2)}" for sex in "FM" for at in range(1000)]
    turned = rows[version:] + rows[:version]
    (root / "answers.csv").write_text("\n".join(["sex,prediction", *turned]) + "\n", encoding="utf-8")


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HCGOV_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "hcgov.yaml").write_text(MANIFEST, encoding="utf-8")
    (folder / "pack.yaml").write_text(PACK, encoding="utf-8")
    predict(folder, 1)
    return folder


def gate(root: Path, at: int = 0, *, fresh: bool = False, **asked: object) -> Gate:
    """Check at a minute after noon."""
    given = Asked(root=root, now=NOW + timedelta(minutes=at), stages=("evaluation",), fresh=fresh, **asked)  # type: ignore[arg-type]  # passed on as given
    return run_gate(given, Outputs(), lambda _: None, track=False)


def control(made: Gate | ReportV1) -> ControlV1:
    (only,) = (made.checked.report if isinstance(made, Gate) else made).controls
    return only


def codes(made: Gate) -> set[str]:
    return {notice.code for notice in made.checked.report.notices}


def kinds(root: Path) -> list[str]:
    return [entry.body.kind for entry in history(root / ".hcgov") or ()]


def edited(path: Path, change: Callable[[str], str]) -> None:
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")


def test_policy_stands_in_the_ledger_before_any_data_are_read(root: Path) -> None:
    pinned = sha256((root / "answers.csv").read_bytes()).hexdigest()
    edited(
        root / "hcgov.yaml",
        lambda text: text.replace("path: answers.csv", f"path: answers.csv\n    sha256: {pinned}"),
    )
    seen: list[list[str]] = []
    book = Book(root, NOW, "check")
    run_check(Asked(root=root, now=NOW), lambda _: seen.append(kinds(root)), book=book)
    assert seen
    assert all(found == ["policy-registered"] for found in seen)
    entry, started = history(root / ".hcgov") or ()
    assert isinstance(entry.body, PolicyRegistered)
    assert isinstance(started.body, RunStarted)
    assert [(one.artifact, one.sha256) for one in entry.body.data] == [("answers", f"sha256:{pinned}")]
    assert entry.body.policy == started.body.policy


def test_the_end_of_a_run_names_its_record(root: Path) -> None:
    made = gate(root)
    *_, last = history(root / ".hcgov") or ()
    assert isinstance(last.body, RunFinished)
    kept = (made.saved.folder / "report.json").read_bytes()
    assert last.body.report == f"sha256:{sha256(kept).hexdigest()}"
    assert (last.body.run, last.body.decision) == (made.checked.report.id, "passed")
    assert kinds(root) == ["policy-registered", "run-started", "run-finished"]


def test_a_policy_is_registered_again_only_when_it_changed(root: Path) -> None:
    gate(root)
    predict(root, 2)
    gate(root, 1)
    edited(root / "pack.yaml", lambda text: text.replace('"0.10"', '"0.09"'))
    gate(root, 2)
    assert kinds(root).count("policy-registered") == 2


def test_each_model_version_is_an_attempt_at_its_own_level(root: Path) -> None:
    found = []
    for version in (1, 2, 3):
        predict(root, version)
        made = gate(root, version)
        found.append((control(made).attempt, control(made).level, control(made).limit))
        assert ("HCG-L103" in codes(made)) == (version > 1)
        assert not list(contradictions(made.checked.report))
    assert [attempt for attempt, _, _ in found] == [1, 2, 3]
    # Statistics: 0.05 spent as 6 alpha / (pi k)^2 leaves 0.030396, 0.007599 and 0.003377.
    assert [level for _, level, _ in found] == pytest.approx([0.969604, 0.992401, 0.996623], abs=1e-6)
    assert {limit.confidence for _, _, limit in found if limit is not None} == {"0.95"}
    assert control(made).findings[0].pass_bound is not None
    assert control(made).findings[0].pass_bound.level == control(made).level


def test_going_back_to_an_earlier_model_is_the_earlier_attempt(root: Path) -> None:
    first = gate(root)
    predict(root, 2)
    gate(root, 1)
    predict(root, 1)
    (root / "model.bin").write_bytes(b"the same predictions, in another file")
    again = gate(root, 2)
    assert not again.checked.stored
    assert (control(again).attempt, control(again).level) == (1, control(first).level)


def test_labels_drawn_anew_start_from_one(root: Path) -> None:
    gate(root)
    predict(root, 2)
    assert control(gate(root, 1)).attempt == 2
    predict(root, 3)
    edited(
        root / "hcgov.yaml",
        lambda text: text.replace("path: answers.csv", "path: answers.csv\n    sample: spring"),
    )
    made = gate(root, 2)
    assert control(made).attempt == 1
    looks = [e.body.looks[0].at for e in history(root / ".hcgov") or () if isinstance(e.body, RunStarted)]
    assert looks == [("answers",), ("answers",), ("answers:spring",)]


def test_an_edited_policy_does_not_start_anew(root: Path) -> None:
    gate(root)
    predict(root, 2)
    edited(
        root / "pack.yaml",
        lambda text: text.replace('"0.10"', '"0.20"').replace("id: RATE-GAP", "id: RATE-GAP-2"),
    )
    assert control(gate(root, 1)).attempt == 2


def test_attempts_that_are_only_shown_keep_their_level_and_say_why(root: Path) -> None:
    edited(
        root / "pack.yaml",
        lambda text: text.replace(
            "    severity", "    attempts: show\n    attempts_reason: A census.\n    severity"
        ),
    )
    gate(root)
    predict(root, 2)
    made = gate(root, 1)
    assert (control(made).attempt, control(made).level) == (2, 0.95)
    assert any("A census." in limit.text for limit in made.checked.report.limits)
    edited(root / "pack.yaml", lambda text: text.replace("    attempts_reason: A census.\n", ""))
    with pytest.raises(AuthoringError, match="attempts_reason"):
        gate(root, 2)


def test_data_that_are_not_there_are_no_look(root: Path) -> None:
    kept = (root / "answers.csv").read_bytes()
    (root / "answers.csv").unlink()
    assert gate(root).checked.report.decision.value == "incomplete"
    (root / "answers.csv").write_bytes(kept)
    assert control(gate(root, 1)).attempt == 1


def test_advice_spends_nothing_and_still_counts(root: Path) -> None:
    edited(root / "pack.yaml", lambda text: text.replace("mandatory", "advisory"))
    assert (control(gate(root)).attempt, control(gate(root)).level) == (1, 0.95)
    edited(root / "pack.yaml", lambda text: text.replace("advisory", "mandatory"))
    predict(root, 2)
    assert control(gate(root, 1)).attempt == 2


def test_unchanged_inputs_return_the_stored_verdict(root: Path) -> None:
    first = gate(root)
    before = kinds(root)
    again = gate(root, 5)
    assert again.checked.stored
    assert again.checked.report == first.checked.report
    assert kinds(root) == before
    newest = (root / ".hcgov" / "report.json").read_bytes()
    assert newest == (first.saved.folder / "report.json").read_bytes()


@pytest.mark.parametrize(
    "change",
    [
        lambda root: edited(root / "pack.yaml", lambda text: text.replace('"0.10"', '"0.09"')),
        lambda root: edited(root / "hcgov.yaml", lambda text: text.replace("min_people: 5", "min_people: 6")),
        lambda root: (root / "model.bin").write_bytes(b"another"),
        lambda root: predict(root, 2),
    ],
    ids=["policy", "manifest", "subject", "data"],
)
def test_whatever_changes_is_judged_anew(root: Path, change: Callable[[Path], None]) -> None:
    first = gate(root)
    change(root)
    made = gate(root, 1)
    assert not made.checked.stored
    assert made.checked.report.id != first.checked.report.id


def test_what_was_asked_for_belongs_to_the_inputs(root: Path) -> None:
    gate(root)
    assert not gate(root, 1, fail_on=("warned",)).checked.stored
    assert not gate(root, 2, exit_zero=True).checked.stored


def test_a_lock_that_came_since_is_not_passed_over_by_a_stored_verdict(root: Path) -> None:
    other = "  - id: RATE-GAP" + PACK.partition("  - id: RATE-GAP")[2].replace("frequent", "common")
    edited(root / "pack.yaml", lambda text: text + other.replace("RATE-GAP", "OTHER"))
    assert gate(root, select=("RATE-GAP",)).checked.report.decision.value == "passed"
    write_lock(root)
    made = gate(root, 1, select=("RATE-GAP",))
    assert not made.checked.stored
    decision = made.checked.report.decision
    assert (decision.value, decision.skipped) == ("incomplete", ("OTHER",))


def test_a_checklist_of_the_project_that_asks_more_is_judged_anew(root: Path) -> None:
    asking = 'kind: Checklist\nid: ours\nversion: "1"\ntitle: Ours\nquestions:\n'
    question = "  - {{id: {0}, question: Is it so?, why: A test.}}\n"
    for name, content in (
        ("checklists", asking + question.format("Q1")),
        (
            "answers",
            'kind: Answers\nchecklist: ours\nversion: "1"\nanswers:\n'
            '  - {question: Q1, answer: yes, by: Ada, role: owner, on: "2027-02-28"}\n',
        ),
    ):
        (root / name).mkdir()
        (root / name / "ours.yaml").write_text(content, encoding="utf-8")
    control_ = PACK.replace("evaluation.rate_gap@1", "design.checklist_answered@1")
    control_ = control_.replace("{table: answers, outcome: prediction}", "{checklist: ours}")
    (root / "pack.yaml").write_text(control_.replace('    limit: {at_most: "0.10"}\n', ""), encoding="utf-8")
    assert control(gate(root)).verdict == "pass"
    edited(root / "checklists" / "ours.yaml", lambda text: text + question.format("Q2"))
    made = gate(root, 1)
    assert not made.checked.stored
    assert control(made).verdict == "pending"


def test_judged_afresh_it_is_no_new_attempt_and_agrees(root: Path) -> None:
    first, again = gate(root), gate(root, 1, fresh=True)
    assert not again.checked.stored
    assert control(again).model_copy(update={"evidence": ()}) == control(first).model_copy(
        update={"evidence": ()}
    )
    assert again.checked.report.decision == first.checked.report.decision


def test_what_comes_to_something_else_from_the_same_inputs_is_an_integrity_failure(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import hcgov.app.check as module

    first = gate(root)
    honest = module.gather

    def other(*args: object) -> object:
        # The same digests, and other counts: what a broken engine or a forged cache would give.
        found = honest(*args)  # type: ignore[arg-type]  # passed on as given
        kept = (root / "answers.csv").read_text(encoding="utf-8")
        (root / "answers.csv").write_text(kept.replace("F,0", "F,1"), encoding="utf-8")
        forged = honest(*args)  # type: ignore[arg-type]  # passed on as given
        (root / "answers.csv").write_text(kept, encoding="utf-8")
        found.evidence = forged.evidence
        return found

    monkeypatch.setattr(module, "gather", other)
    made = gate(root, 1, fresh=True)
    decision = made.checked.report.decision
    assert (decision.value, decision.exit_code) == ("failed", 4)
    assert decision.disagrees_with == first.checked.report.id
    assert not list(contradictions(made.checked.report))


def test_a_stored_record_that_was_edited_is_not_returned(root: Path) -> None:
    made = gate(root)
    edited(made.saved.folder / "report.json", lambda text: text.replace("A test.", "A tale."))
    with pytest.raises(LedgerDamagedError, match="changed after"):
        gate(root, 1)


def test_a_stored_record_that_was_cleared_away_is_judged_again_as_the_same_attempt(root: Path) -> None:
    made = gate(root)
    shutil.rmtree(made.saved.folder)
    again = gate(root, 1)
    assert not again.checked.stored
    assert control(again).attempt == 1


@pytest.mark.parametrize("victim", ["entries.jsonl", "checkpoint"])
def test_a_tampered_ledger_decides_nothing(root: Path, victim: str) -> None:
    gate(root)
    predict(root, 2)
    gate(root, 1)
    before = (root / ".hcgov" / "report.json").read_bytes()
    path = root / ".hcgov" / "ledger" / victim
    edited(
        path, lambda text: re.sub(r'"attempt":2', '"attempt":1', text) if "attempt" in text else text[:-20]
    )
    predict(root, 3)
    with pytest.raises(LedgerDamagedError):
        gate(root, 2)
    assert (root / ".hcgov" / "report.json").read_bytes() == before


def test_a_deleted_ledger_shows_by_itself_and_against_a_kept_checkpoint(root: Path) -> None:
    assert "HCG-L101" in codes(gate(root))
    predict(root, 2)
    assert "HCG-L101" not in codes(gate(root, 1))
    kept = parse_checkpoint((root / ".hcgov" / "ledger" / "checkpoint").read_bytes())
    assert verify(root / ".hcgov", pinned=kept).intact
    shutil.rmtree(root / ".hcgov" / "ledger")
    predict(root, 3)
    made = gate(root, 2)
    assert "HCG-L105" in codes(made)  # its records are still there
    assert control(made).attempt == 1
    assert not verify(root / ".hcgov", pinned=kept).intact


def test_an_end_that_cannot_be_entered_leaves_no_clear_record(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import hcgov.app.gate as module

    def full(*_: object) -> None:
        raise NotAppendedError("the ledger cannot be written: No space left on device")

    monkeypatch.setattr(module, "finished", full)
    with pytest.raises(NotAppendedError):
        gate(root)
    kept = ReportV1.model_validate_json((root / ".hcgov" / "report.json").read_bytes())
    assert (kept.decision.value, kept.decision.exit_code, kept.decision.unkept) == ("incomplete", 70, True)
    assert "HCG-L104" in {notice.code for notice in kept.notices}
    assert not list(contradictions(kept))


def test_where_no_ledger_can_be_written_nothing_is_decided(root: Path) -> None:
    (root / ".hcgov").mkdir()
    (root / ".hcgov" / "ledger").write_text("in the way", encoding="utf-8")
    with pytest.raises(NotAppendedError):
        gate(root)
    assert not (root / ".hcgov" / "report.json").exists()


def test_checks_at_the_same_time_are_one_attempt_each_version(root: Path, tmp_path: Path) -> None:
    """Four checks of two versions, in copies that share one ledger: two attempts, whoever comes first."""
    gate(root)
    copies = []
    for number in range(4):
        copy = shutil.copytree(root, tmp_path / f"copy{number}", ignore=shutil.ignore_patterns(".hcgov"))
        predict(copy, 2 + number % 2)
        copies.append(copy)

    def check(copy: Path) -> int:
        asked = Asked(root=copy, now=NOW, stages=("evaluation",))
        checked = run_check(asked, lambda _: None, book=Book(root, NOW, "check"))
        return control(checked.report).attempt

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(check, copies))
    assert sorted(found) == [2, 2, 3, 3]
    assert found[0] == found[2]
    assert found[1] == found[3]
    assert verify(root / ".hcgov").intact


def test_without_a_ledger_a_check_is_held_to_the_level_of_the_first_attempt(root: Path) -> None:
    checked = run_check(Asked(root=root, now=NOW, stages=("evaluation",)), lambda _: None)
    assert control(checked.report).level == pytest.approx(0.969604, abs=1e-6)
    assert not (root / ".hcgov").exists()


def registered(root: Path, *data: str) -> PolicyRegistered:
    return register_project(Book(root, NOW, "register"), data)[0]


def test_what_was_registered_on_purpose_binds_later_checks(root: Path) -> None:
    body = registered(root, "answers")
    assert body.binding
    assert [one.artifact for one in body.data] == ["answers"]
    made = gate(root)
    assert made.checked.report.decision.value == "passed"
    predict(root, 2)
    made = gate(root, 1)
    decision = made.checked.report.decision
    assert (decision.value, decision.exit_code, decision.unregistered) == ("incomplete", 3, ("answers",))
    assert "HCG-L102" in codes(made)
    assert not list(contradictions(made.checked.report))
    registered(root, "answers")
    assert gate(root, 2).checked.report.decision.value == "passed"


def test_another_policy_than_the_registered_one_is_incomplete(root: Path) -> None:
    registered(root)
    edited(root / "pack.yaml", lambda text: text.replace('"0.10"', '"0.20"'))
    decision = gate(root).checked.report.decision
    assert (decision.value, decision.unregistered) == ("incomplete", ("policy",))


def test_only_artifacts_that_can_be_digested_are_registered(root: Path) -> None:
    with pytest.raises(AuthoringError, match="answer"):
        registered(root, "answer")
    (root / "answers.csv").unlink()
    with pytest.raises(AuthoringError):
        registered(root, "answers")
    assert not (root / ".hcgov").exists()


def test_signing_libraries_are_imported_only_for_a_key(root: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from datetime import UTC, datetime\n"
        "from hcgov.app.check import Asked; from hcgov.app.gate import run_gate\n"
        "from hcgov.app.rendering import Outputs\n"
        "asked = Asked(root=Path(sys.argv[1]), now=datetime.now(UTC), stages=('evaluation',))\n"
        "run_gate(asked, Outputs(), lambda _: None, track=False)\n"
        "print([m for m in ('cryptography', 'securesystemslib') if m in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(root)], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout.splitlines()[-1].replace("'", '"')) == []
