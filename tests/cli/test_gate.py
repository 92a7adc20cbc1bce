"""``hcgov gate`` and ``hcgov promote`` as people type them: codes, JSON, and usage told before anything is read."""

import json
import shutil
from pathlib import Path

import pytest

from tests.app.releasing import edited
from tests.cli.conftest import Hcgov


@pytest.fixture
def checked(hcgov: Hcgov, green: Path) -> Path:
    assert hcgov("check", green, "--no-mlflow", "--quiet").exit_code == 0
    return green


def test_the_answer_as_json(hcgov: Hcgov, checked: Path):
    run = hcgov("gate", checked / ".hcgov" / "report.json", "--output-format", "json")
    answer = json.loads(run.output)
    assert (run.exit_code, answer["exit_code"], answer["decision"], answer["noted"]) == (0, 0, "passed", True)
    assert {claim["topic"] for claim in answer["claims"]} >= {"record", "policy", "subject", "ledger"}


def test_an_edited_record_leaves_with_4(hcgov: Hcgov, checked: Path):
    record = edited(checked / ".hcgov" / "report.json", lambda found: found["decision"].update(exit_code=1))
    run = hcgov("gate", record)
    assert run.exit_code == 4
    assert (
        "broken  record      it contradicts itself: it says exit 1, and its controls come to exit 0"
        in run.output
    )


def test_a_record_whose_ledger_is_gone_does_not_pass(hcgov: Hcgov, checked: Path):
    assert hcgov("gate", checked).exit_code == 0
    shutil.rmtree(checked / ".hcgov" / "ledger")
    run = hcgov("gate", checked)
    assert run.exit_code == 3
    assert "open    ledger      the project has no ledger that notes runs" in run.output


def test_other_parts_of_what_is_released_are_told(hcgov: Hcgov, checked: Path):
    def exchanged(found: dict) -> None:
        found["subject"]["parts"][0]["sha256"] = "0" * 64

    run = hcgov("gate", edited(checked / ".hcgov" / "report.json", exchanged))
    assert run.exit_code == 4
    assert "the digest of what is released is not that of its parts" in run.output


def test_it_can_be_held_against_digests(hcgov: Hcgov, checked: Path):
    record = checked / ".hcgov" / "report.json"
    said = json.loads(record.read_text())
    subject, policy = said["subject"]["sha256"], said["policy_digest"]
    assert hcgov("gate", record, "--subject", f"sha256:{subject}", "--policy-digest", policy).exit_code == 0
    assert hcgov("gate", record, "--subject", "sha256:" + "0" * 64).exit_code == 3
    assert hcgov("gate", record, "--policy-digest", "0" * 64).exit_code == 3


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "one record is needed"),
        (("a", "b"), "one record is needed"),
        (("a", "--max-age", "1 day"), "is no span of time"),
        (("a", "--subject", "sha256:12"), "is no SHA-256"),
        (("a", "--subject", ""), "it is empty; is a variable not set?"),
        (("a", "--policy-digest", ""), "it is empty; is a variable not set?"),
        (("a", "--policy-digest", "x"), "is no SHA-256"),
        (("a", "--model", "m"), "go with `--audit-registry`"),
        (("nowhere.json",), "cannot read a record"),
        (("--audit-registry", "nowhere"), "there is no folder"),
    ],
)
def test_wrong_usage_of_the_gate_leaves_with_2(hcgov: Hcgov, words: tuple[str, ...], told: str):
    run = hcgov("gate", *words)
    assert (run.exit_code, told in run.output) == (2, True), run.output


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("model:/a/1", "--alias", "champion"), "names no version of a model"),
        (("models:/a/1",), "either an alias or a tag is moved"),
        (("models:/a/1", "--alias", "x", "--tag", "a=b"), "either an alias or a tag is moved"),
        (("models:/a/1", "--alias", "latest"), "is no alias"),
        (("models:/a/1", "--alias", "x", "--max-age", "soon"), "is no span of time"),
        (("models:/a/1", "--alias", "x", "--record", "nowhere.json"), "cannot read a record"),
    ],
)
def test_wrong_usage_of_a_promotion_leaves_with_2(hcgov: Hcgov, words: tuple[str, ...], told: str):
    run = hcgov("promote", *words)
    assert (run.exit_code, told in run.output) == (2, True), run.output


def test_a_record_outside_of_any_project_promotes_nothing(hcgov: Hcgov, checked: Path, tmp_path: Path):
    alone = tmp_path / "report.json"
    alone.write_bytes((checked / ".hcgov" / "report.json").read_bytes())
    run = hcgov("promote", "models:/a/1", "--alias", "x", "--record", alone)
    assert (run.exit_code, "lies in no project" in run.output) == (2, True), run.output
