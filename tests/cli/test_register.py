"""``hcgov register`` and the ledger behind ``hcgov check``: what people see, and which exit code programs get."""

import json
import shutil
from hashlib import sha256
from pathlib import Path

import pytest

from tests.cli.conftest import Hcgov


def another_version(project: Path, number: int) -> None:
    """Write another build and its suggestions: the same counts, in another order, under a new pin."""
    table, manifest = project / "evaluation" / "suggestions.csv", project / "hcgov.yaml"
    old = sha256(table.read_bytes()).hexdigest()
    head, *rows = table.read_text(encoding="utf-8").splitlines()
    table.write_text("\n".join([head, *rows[number:], *rows[:number]]) + "\n", encoding="utf-8")
    new = sha256(table.read_bytes()).hexdigest()
    manifest.write_text(manifest.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def check(hcgov: Hcgov, project: Path, *more: object) -> tuple[int, str]:
    run = hcgov("check", project, "--no-mlflow", "--no-progress", *more)
    return run.exit_code, " ".join(run.stdout.split())


def test_versions_are_counted_and_each_takes_more_to_pass(hcgov: Hcgov, green: Path) -> None:
    code, said = check(hcgov, green)
    assert code == 0
    assert "no earlier attempts are known here" in said
    assert "attempts at the same labels" not in said
    another_version(green, 1)
    code, said = check(hcgov, green)
    assert code == 3
    assert "attempts at the same labels: predictions 2" in said
    assert "attempt 2 at these labels; passing takes 99.24 % confidence" in said.replace("\u00a0", " ")
    page = (green / ".hcgov" / "report.html").read_text(encoding="utf-8")
    assert "attempt 2" in page
    report = json.loads((green / ".hcgov" / "report.json").read_bytes())
    tried = {
        c["id"]: c["attempt"] for c in report["controls"] if c["limit"] and "predictions" in str(c["params"])
    }
    assert tried
    assert set(tried.values()) == {2}


def test_the_stored_verdict_is_told_and_leaves_with_its_code(hcgov: Hcgov, green: Path) -> None:
    check(hcgov, green)
    code, said = check(hcgov, green)
    assert code == 0
    assert "unchanged since" in said
    run = hcgov("check", green, "--no-mlflow", "--no-progress", "--output-format", "json")
    assert "unchanged since" in run.stderr
    assert json.loads(run.stdout) == json.loads((green / ".hcgov" / "report.json").read_bytes())


def test_a_tampered_ledger_leaves_with_4_and_says_nothing_green(hcgov: Hcgov, green: Path) -> None:
    check(hcgov, green)
    entries = green / ".hcgov" / "ledger" / "entries.jsonl"
    entries.write_bytes(entries.read_bytes().replace(b'"attempt":1', b'"attempt":7', 1))
    run = hcgov("check", green, "--no-mlflow", "--no-progress")
    assert run.exit_code == 4
    assert run.stdout == ""
    assert "HCG-L002" in run.stderr
    assert hcgov("register", green).exit_code == 4


def test_a_deleted_ledger_fails_against_a_kept_checkpoint(hcgov: Hcgov, green: Path, tmp_path: Path) -> None:
    check(hcgov, green)
    kept = Path(shutil.copy(green / ".hcgov" / "ledger" / "checkpoint", tmp_path / "kept"))
    assert hcgov("ledger", "verify", green, "--checkpoint", kept).exit_code == 0
    shutil.rmtree(green / ".hcgov" / "ledger")
    code, said = check(hcgov, green)
    assert (code, "and no ledger of them" in said) == (0, True)
    assert hcgov("ledger", "verify", green, "--checkpoint", kept).exit_code == 4


def test_what_is_not_as_registered_is_incomplete_and_named(hcgov: Hcgov, green: Path) -> None:
    run = hcgov("register", green)
    assert run.exit_code == 0
    assert "predictions" in run.stdout
    another_version(green, 1)
    code, said = check(hcgov, green)
    assert code == 3
    assert "not as it was registered" in said
    assert "predictions" in said
    assert hcgov("register", green, "--data", "prediction").exit_code == 2


def test_a_key_signs_the_checkpoints_of_checks(
    hcgov: Hcgov, green: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("cryptography")
    made = hcgov("keys", "new", "ci", "--role", "ledger", "--out", tmp_path / "keys")
    trust = tmp_path / "trust.yaml"
    trust.write_text(made.stdout[made.stdout.index("hcgov: 1") :], encoding="utf-8")
    monkeypatch.setenv("HCGOV_LEDGER_KEY", str(tmp_path / "keys" / "ci.key"))
    assert check(hcgov, green)[0] == 0
    verified = hcgov("ledger", "verify", green, "--trust", trust)
    assert "the checkpoint is signed by `ci`" in verified.stdout
    monkeypatch.setenv("HCGOV_LEDGER_KEY", str(tmp_path / "keys" / "none.key"))
    another_version(green, 1)
    assert check(hcgov, green)[0] == 2
