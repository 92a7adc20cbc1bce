"""``hcgov ledger`` and ``hcgov keys``: what people see, and which exit code programs get."""

import json
import os
import shutil
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hcgov.io.ledger import NoteSigner, RunFinished, RunStarted, append, digest_of
from hcgov.io.signing import load_private
from tests.cli.conftest import Hcgov, Process

POLICY = digest_of(b"policy")
ADDRESS = "jane@acme.example"


def write(project: Path, *, size: int = 3, signer: NoteSigner | None = None, name: str = "") -> Path:
    """Append to a project's ledger; return the checkpoint."""
    for number in range(size):
        body = RunStarted(run=f"run-{number}", policy=POLICY, attempt=number + 1)
        append(project / ".hcgov", body, at=datetime.now(UTC), role="eval-runner", name=name, signer=signer)
    return project / ".hcgov" / "ledger" / "checkpoint"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    return folder


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    folder = tmp_path / "kept"
    folder.mkdir()
    return folder


def trust(hcgov: Hcgov, kept: Path, *roles: str) -> Path:
    """Make the key ``ci`` and a trust.yaml out of what the command prints."""
    asked = [word for role in roles for word in ("--role", role)]
    run = hcgov("keys", "new", "ci", *asked, "--out", kept / "keys")
    assert run.exit_code == 0
    path = kept / "trust.yaml"
    path.write_text(run.stdout[run.stdout.index("hcgov: 1") :], encoding="utf-8")
    return path


def states(run_stdout: str) -> dict[str, str]:
    return {claim["topic"]: claim["state"] for claim in json.loads(run_stdout)["claims"]}


def test_entries_are_listed_with_the_newest_last(hcgov: Hcgov, project: Path) -> None:
    write(project, name=ADDRESS)
    finished = RunFinished(run="run-2", policy=POLICY, report=POLICY, decision="failed", exit_code=1)
    append(project / ".hcgov", finished, at=datetime.now(UTC), role="eval-runner", name=ADDRESS)
    run = hcgov("ledger", "show", project)
    assert run.exit_code == 0
    lines = run.stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["0", "1", "2", "3"]
    assert f"run-started   eval-runner  {ADDRESS}  run run-0, policy {POLICY[:19]}, attempt 1" in lines[0]
    assert "decision failed, exit_code 1" in lines[-1]
    (project / ".hcgov" / "openings.jsonl").unlink()
    assert "(not opened here)" in hcgov("ledger", "show", project).stdout
    entries = json.loads(hcgov("ledger", "show", project, "--output-format", "json").stdout)
    assert [entry["index"] for entry in entries] == [0, 1, 2, 3]
    assert ADDRESS not in json.dumps(entries)


def test_without_a_ledger_nothing_is_shown_and_nothing_is_verified(hcgov: Hcgov, project: Path) -> None:
    assert hcgov("ledger", "show", project).stdout == "no ledger yet\n"
    run = hcgov("ledger", "verify", project)
    assert run.exit_code == 3
    assert "not checked  entries" in run.stdout
    assert not (project / ".hcgov").exists()


def test_a_ledger_by_itself_is_not_all_that_can_be_checked(hcgov: Hcgov, project: Path) -> None:
    write(project)
    run = hcgov("ledger", "verify", project, "--output-format", "json")
    assert run.exit_code == 3
    assert states(run.stdout) == {"entries": "verified", "history": "not checked", "signature": "note"}


def test_against_a_checkpoint_from_elsewhere_it_is_verified(hcgov: Hcgov, project: Path, kept: Path) -> None:
    shutil.copy(write(project), kept / "checkpoint")
    write(project, size=2)
    run = hcgov("ledger", "verify", project, "--checkpoint", kept / "checkpoint")
    assert run.exit_code == 0
    assert "verified     entries          5 entries" in run.stdout
    assert "grew out of the 3 entries" in run.stdout


def test_what_contradicts_it_leaves_with_4_and_names_the_entry(hcgov: Hcgov, project: Path) -> None:
    write(project)
    entries = project / ".hcgov" / "ledger" / "entries.jsonl"
    entries.write_bytes(entries.read_bytes().replace(b"run-1", b"run-X"))
    run = hcgov("ledger", "verify", project)
    assert run.exit_code == 4
    assert "failed       entries          entry 1: it was changed after entry 2 was written" in run.stdout
    shown = hcgov("ledger", "show", project)
    assert shown.exit_code == 4
    assert "the ledger is damaged: entry 1" in shown.stderr
    assert len(shown.stdout.splitlines()) == 3


def test_a_ledger_that_was_deleted_leaves_with_4(hcgov: Hcgov, project: Path, kept: Path) -> None:
    shutil.copy(write(project), kept / "checkpoint")
    shutil.rmtree(project / ".hcgov")
    run = hcgov("ledger", "verify", project, "--checkpoint", kept / "checkpoint")
    assert run.exit_code == 4


def test_an_append_that_was_cut_short_is_told_and_is_no_failure(
    hcgov: Hcgov, project: Path, kept: Path
) -> None:
    shutil.copy(write(project), kept / "checkpoint")
    with (project / ".hcgov" / "ledger" / "entries.jsonl").open("ab") as file:
        file.write(b'{"actor"')
    run = hcgov("ledger", "verify", project, "--checkpoint", kept / "checkpoint")
    assert run.exit_code == 0
    assert "note         unfinished       8 bytes" in run.stdout


def test_the_ledgers_own_checkpoint_proves_nothing(hcgov: Hcgov, project: Path) -> None:
    own = write(project)
    run = hcgov("ledger", "verify", project, "--checkpoint", own)
    assert run.exit_code == 2
    assert "held against itself it proves nothing" in run.stderr


@pytest.mark.parametrize("content", ["", "no checkpoint"])
def test_what_is_no_checkpoint_is_wrong_usage(content: str, hcgov: Hcgov, project: Path, kept: Path) -> None:
    write(project)
    (kept / "checkpoint").write_text(content)
    assert hcgov("ledger", "verify", project, "--checkpoint", kept / "checkpoint").exit_code == 2
    assert hcgov("ledger", "verify", project, "--checkpoint", kept / "gone").exit_code == 2
    assert hcgov("ledger", "verify", project / "gone").exit_code == 2


def test_a_signature_counts_where_the_key_has_the_role(hcgov: Hcgov, project: Path, kept: Path) -> None:
    trusted = trust(hcgov, kept, "eval-runner", "ledger")
    key = load_private(kept / "keys" / "ci.key")
    shutil.copy(write(project, signer=key), kept / "checkpoint")
    asked = ("ledger", "verify", project, "--checkpoint", kept / "checkpoint", "--output-format", "json")
    run = hcgov(*asked, "--trust", trusted)
    assert run.exit_code == 0
    assert states(run.stdout) == {"entries": "verified", "history": "verified", "signature": "verified"}
    unasked = hcgov(*asked)
    assert unasked.exit_code == 3
    assert states(unasked.stdout)["signature"] == "not checked"
    trusted.write_text(trusted.read_text().replace("[eval-runner, ledger]", "[eval-runner]"))
    other_role = hcgov(*asked, "--trust", trusted)
    assert other_role.exit_code == 3
    assert "may sign as eval-runner, and ledger is asked for" in other_role.stdout


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (("valid_from: ", "revoked: {on: 2026-01-01, reason: lost}\n    valid_from: "), "was revoked"),
        (("name: ci", "name: other"), "not among the trusted ones"),
    ],
)
def test_a_signature_of_a_key_that_does_not_count_is_none(
    change: tuple[str, str], why: str, hcgov: Hcgov, project: Path, kept: Path
) -> None:
    trusted = trust(hcgov, kept, "ledger")
    shutil.copy(write(project, signer=load_private(kept / "keys" / "ci.key")), kept / "checkpoint")
    trusted.write_text(trusted.read_text().replace(*change))
    run = hcgov("ledger", "verify", project, "--checkpoint", kept / "checkpoint", "--trust", trusted)
    assert run.exit_code == 3
    assert why in run.stdout


def test_a_signature_that_was_taken_off_or_over_leaves_no_green(
    hcgov: Hcgov, project: Path, kept: Path
) -> None:
    trusted = trust(hcgov, kept, "ledger")
    key = load_private(kept / "keys" / "ci.key")
    own = write(project, size=1, signer=key)
    shutil.copy(own, kept / "checkpoint")
    earlier_signature = own.read_text().split("\n\n")[1]
    write(project, size=1, signer=key)
    text = own.read_text().split("\n\n")[0]
    asked = ("ledger", "verify", project, "--checkpoint", kept / "checkpoint", "--trust", trusted)
    assert hcgov(*asked).exit_code == 0
    own.write_text(f"{text}\n\n")
    assert hcgov(*asked).exit_code == 3
    own.write_text(f"{text}\n\n{earlier_signature}")
    run = hcgov(*asked)
    assert run.exit_code == 4
    assert "did not sign this" in run.stdout


def test_a_key_is_made_once_and_listed(hcgov: Hcgov, kept: Path) -> None:
    trusted = trust(hcgov, kept, "risk-owner")
    again = hcgov("keys", "new", "ci", "--role", "risk-owner", "--out", kept / "keys")
    assert again.exit_code == 2
    assert "it is not overwritten" in again.stderr
    if os.name == "posix":
        assert stat.S_IMODE((kept / "keys" / "ci.key").stat().st_mode) == 0o600
    listed = hcgov("keys", "list", "--out", kept / "keys", "--trust", trusted, "--output-format", "json")
    (key,) = json.loads(listed.stdout)
    end = (datetime.now(UTC) + timedelta(days=365)).date()
    assert (key["name"], key["here"], key["roles"]) == ("ci", True, ["risk-owner"])
    assert key["state"] in {f"valid until {end}", f"valid until {end - timedelta(days=1)}"}
    assert "no `--trust` says" in hcgov("keys", "list", "--out", kept / "keys").stdout
    assert hcgov("keys", "list", "--out", kept / "none").stdout == "no keys\n"


def test_keys_are_kept_outside_of_projects(
    hcgov: Hcgov, kept: Path, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HCGOV_KEYS", str(kept / "mine"))
    monkeypatch.chdir(project)
    assert hcgov("keys", "new", "ci", "--role", "ledger").exit_code == 0
    assert sorted(path.name for path in (kept / "mine").iterdir()) == ["ci.key", "ci.pub"]
    assert list(project.iterdir()) == []


@pytest.mark.parametrize("words", [("../ci", "--role", "x"), ("ci", "--role", "Risk Owner"), ("ci",)])
def test_a_name_or_role_that_is_none_is_wrong_usage(words: tuple[str, ...], hcgov: Hcgov, kept: Path) -> None:
    assert hcgov("keys", "new", *words, "--out", kept / "keys").exit_code == 2
    assert not (kept / "keys").exists()


def test_to_show_a_ledger_needs_no_library_for_signatures(process: Process, project: Path) -> None:
    write(project)
    blocked = project / "sitecustomize.py"
    blocked.write_text("import sys\nsys.modules.update(securesystemslib=None, cryptography=None)\n")
    run = process("ledger", "verify", project, PYTHONPATH=str(project))
    assert run.returncode == 3
    assert "verified     entries" in run.stdout
    run = process("keys", "new", "ci", "--role", "ledger", "--out", project / "keys", PYTHONPATH=str(project))
    assert run.returncode == 2
    assert "pip install 'hcgov[evidence]'" in run.stderr
