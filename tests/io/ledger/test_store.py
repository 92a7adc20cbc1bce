"""Appending: many writers, what may be written, and what is refused."""

import os
import stat
import time
from datetime import datetime
from pathlib import Path

import pytest
from pydantic import ValidationError

from hcgov.io.ledger import (
    AliasPromoted,
    Body,
    Entry,
    LedgerDamagedError,
    NotAppendedError,
    RunStarted,
    append,
    read_openings,
    seal,
    verify,
)
from hcgov.io.ledger.commitments import FILE, commitment_to
from hcgov.io.ledger.lock import locked
from tests.io.ledger.made import NOON, POLICY, add, checkpoint_file, entries_file, grown, started

ADDRESS = "jane@acme.example"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no fork")
def test_eight_writers_lose_nothing(memory: Path) -> None:
    home = memory / ".hcgov"
    children = []
    for writer in range(8):
        child = os.fork()
        if child == 0:
            code = 7
            try:
                for number in range(50):
                    add(home, number, f"{writer}-{number}")
                code = 0
            finally:
                os._exit(code)
        children.append(child)
    while_written = verify(home)
    assert while_written.problems == ()
    assert [os.waitpid(child, 0)[1] for child in children] == [0] * 8
    found = verify(home)
    assert found.problems == ()
    assert found.unfinished == 0
    runs = [entry.body.run for entry in found.entries]  # type: ignore[union-attr]  # runs only
    assert sorted(runs) == sorted(f"{writer}-{number}" for writer in range(8) for number in range(50))
    for writer in range(8):
        assert [run for run in runs if run.startswith(f"{writer}-")] == [f"{writer}-{n}" for n in range(50)]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no fork")
def test_attempts_are_counted_while_nobody_else_writes(home: Path) -> None:
    def next_attempt(entries: tuple[Entry, ...]) -> Body:
        return RunStarted(run="run", policy=POLICY, attempt=1 + len(entries))

    children = []
    for _ in range(4):
        child = os.fork()
        if child == 0:
            code = 7
            try:
                for _ in range(5):
                    append(home, next_attempt, at=NOON, role="eval-runner")
                code = 0
            finally:
                os._exit(code)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0] * 4
    attempts = [entry.body.attempt for entry in verify(home).entries]  # type: ignore[union-attr]  # runs only
    assert attempts == list(range(1, 21))


def test_who_waits_too_long_for_another_writer_is_told(home: Path) -> None:
    grown(home, 1)
    before = time.monotonic()
    with (
        locked(home / "ledger" / "lock", seconds=1),
        pytest.raises(NotAppendedError, match="another process has been writing"),
    ):
        append(home, started(1), at=NOON, role="eval-runner", seconds=0.05)
    assert time.monotonic() - before < 5
    assert len(verify(home).entries) == 1


def test_the_lock_of_other_systems_excludes_as_well(tmp_path: Path) -> None:
    from hcgov.io.ledger.lock import _elsewhere

    with (
        _elsewhere(tmp_path / "lock", seconds=1),
        pytest.raises(TimeoutError),
        _elsewhere(tmp_path / "lock", seconds=0.05),
    ):
        raise AssertionError("two writers are in")


def test_what_is_written_about_a_person_is_a_commitment_that_can_be_forgotten(home: Path) -> None:
    receipt = append(home, started(0), at=NOON, role="risk-owner", name=ADDRESS)
    again = append(home, started(1), at=NOON, role="risk-owner", name=ADDRESS)
    written = b"".join(path.read_bytes() for path in (home / "ledger").iterdir())
    assert b"jane" not in written
    assert receipt.entry.actor.name != again.entry.actor.name, "who acted twice can be told without opening"
    openings = home / FILE
    assert read_openings(home) == {receipt.entry.actor.name: ADDRESS, again.entry.actor.name: ADDRESS}
    assert (home / ".gitignore").read_text() == "*\n"
    if os.name == "posix":
        assert stat.S_IMODE(openings.stat().st_mode) == 0o600
    openings.unlink()
    assert read_openings(home) == {}
    assert verify(home, pinned=again.checkpoint).intact


def test_an_opening_that_does_not_open_is_passed_over(home: Path) -> None:
    sealed = seal("right")
    home.mkdir(parents=True)
    lines = [
        f'{{"commitment":"{sealed.commitment}","salt":"{sealed.salt.hex()}","value":"wrong"}}',
        '{"commitment":"torn',
        "[]",
        f'{{"commitment":"{sealed.commitment}","salt":"zz","value":"right"}}',
    ]
    (home / FILE).write_text("\n".join(lines))
    assert read_openings(home) == {}
    assert commitment_to("right", sealed.salt) == sealed.commitment


def test_a_commitment_in_the_body_is_kept_open_as_well(home: Path) -> None:
    model = seal("relay for Jane")
    body = AliasPromoted(run="run-1", model=model.commitment, version="4", alias="champion")
    append(home, body, at=NOON, role="release-manager", sealed=[model])
    assert read_openings(home) == {model.commitment: "relay for Jane"}


@pytest.mark.parametrize("run", ["jane@acme.example", "two words", "", "a" * 101, "x\ny", "<b>"])
def test_what_is_no_name_of_a_thing_does_not_get_in(run: str, home: Path) -> None:
    with pytest.raises(ValidationError):
        RunStarted(run=run, policy=POLICY, attempt=1)
    with pytest.raises(ValidationError):
        append(home, started(0), at=NOON, role=run)
    assert verify(home).entries == ()


def test_a_field_that_is_not_foreseen_does_not_get_in() -> None:
    with pytest.raises(ValidationError):
        RunStarted(run="r", policy=POLICY, attempt=1, prompt="tell me")  # type: ignore[call-arg]  # refused


def test_the_time_needs_a_zone(home: Path) -> None:
    with pytest.raises(ValueError, match="zone"):
        append(home, started(0), at=datetime(2027, 1, 1), role="eval-runner")  # noqa: DTZ001 - refused
    kept = append(
        home, started(0), at=datetime.fromisoformat("2027-01-01T01:30:00+02:00"), role="eval-runner"
    )
    assert kept.entry.at == "2026-12-31T23:30:00Z"


def test_nothing_is_appended_to_a_damaged_ledger(home: Path) -> None:
    grown(home, 3)
    entries = entries_file(home)
    good = entries.read_bytes()
    entries.write_bytes(good.replace(b"run-1", b"run-X"))
    with pytest.raises(LedgerDamagedError, match="root"):
        add(home, 3)
    assert entries.read_bytes() == good.replace(b"run-1", b"run-X")


def test_entries_are_never_cut_off_where_more_than_one_stands_behind_the_checkpoint(home: Path) -> None:
    grown(home, 2)
    old = checkpoint_file(home).read_bytes()
    add(home, 2)
    add(home, 3)
    checkpoint_file(home).write_bytes(old)
    before = entries_file(home).read_bytes()
    with pytest.raises(LedgerDamagedError, match="one append"):
        add(home, 4)
    assert entries_file(home).read_bytes() == before
    checkpoint_file(home).unlink()
    with pytest.raises(LedgerDamagedError, match="no checkpoint for 4 entries"):
        add(home, 4)
    assert entries_file(home).read_bytes() == before


def test_what_an_append_left_is_put_aside_and_not_thrown_away(home: Path) -> None:
    grown(home, 2)
    with entries_file(home).open("ab") as file:
        file.write(b'{"torn')
    add(home, 2)
    (aside,) = (home / "ledger").glob("unfinished-2-*")
    assert aside.read_bytes() == b'{"torn'
    assert len(verify(home).entries) == 3


@pytest.mark.skipif(os.name != "posix", reason="symbolic links of POSIX")
@pytest.mark.parametrize("link", ["ledger", "ledger/entries.jsonl", "ledger/checkpoint.new", "ledger/lock"])
def test_a_symbolic_link_leads_no_write_elsewhere(link: str, home: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    if link == "ledger":
        home.mkdir(parents=True)
        elsewhere.mkdir()
    else:
        grown(home, 1)
        (home / link).unlink(missing_ok=True)
        elsewhere.write_bytes(b"")
    (home / link).symlink_to(elsewhere)
    with pytest.raises((NotAppendedError, LedgerDamagedError)):
        add(home, 1)
    assert not (list(elsewhere.iterdir()) if elsewhere.is_dir() else elsewhere.read_bytes())


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_told(home: Path) -> None:
    home.mkdir(parents=True)
    home.chmod(0o500)
    with pytest.raises(NotAppendedError):
        add(home, 0)
