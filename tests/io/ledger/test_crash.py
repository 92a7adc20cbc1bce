"""A writer that is killed at any system call leaves the ledger as it was before or after its append."""

import errno
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hcgov.io.ledger import NotAppendedError, verify
from hcgov.io.ledger.checkpoint import Checkpoint
from tests.io.ledger.made import add, checkpoint_file, entries_file, grown

CALLS = ("open", "write", "fsync", "ftruncate", "replace", "close", "mkdir")
"""Every call of the operating system by which an append changes something, or lets go of the lock."""
MOST = 80
Call = Callable[..., object]

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no fork")


def empty(home: Path) -> Checkpoint | None:
    return None


def three_entries(home: Path) -> Checkpoint | None:
    return grown(home, 3)[-1]


def torn_entry(home: Path) -> Checkpoint | None:
    kept = three_entries(home)
    with entries_file(home).open("ab") as file:
        file.write(b'{"actor":{"role":"eval-ru')
    return kept


def whole_entry_that_does_not_count(home: Path) -> Checkpoint | None:
    kept = three_entries(home)
    before = checkpoint_file(home).read_bytes()
    add(home, 3)
    checkpoint_file(home).write_bytes(before)
    return kept


STATES = [empty, three_entries, torn_entry, whole_entry_that_does_not_count]
BEFORE = {empty: 0, three_entries: 3, torn_entry: 3, whole_entry_that_does_not_count: 3}


def kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def wrap(deadly: int, how: str) -> None:
    """Let the call of this number, from 1, be the last one, in this process."""
    made = 0

    def wrapped(name: str, real: Call) -> Call:
        def call(*args: object, **kwargs: object) -> object:
            nonlocal made
            made += 1
            if made != deadly:
                return real(*args, **kwargs)
            if how == "before":
                kill()
            if how == "half" and name == "write":
                file, data = args
                real(file, bytes(data)[: len(bytes(data)) // 2])  # type: ignore[call-overload]
                kill()
            try:
                return real(*args, **kwargs)
            finally:
                kill()

        return call

    for name in CALLS:
        setattr(os, name, wrapped(name, getattr(os, name)))


def killed(home: Path, deadly: int, how: str) -> bool:
    """Append in a process of its own; say whether it was killed."""
    child = os.fork()
    if child == 0:
        code = 7
        try:
            wrap(deadly, how)
            add(home, 9, "last")
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status):
        assert os.WEXITSTATUS(status) == 0
        return False
    assert os.WTERMSIG(status) == signal.SIGKILL
    return True


def is_before_or_after(home: Path, before: int, kept: Checkpoint | None) -> int:
    """Hold a ledger against what it has to be after a crash, and let the next writer go on; return its size."""
    found = verify(home, pinned=kept)
    assert found.problems == ()
    size = len(found.entries)
    assert size in (before, before + 1)
    receipt = add(home, 10, "next")
    after = verify(home, pinned=found.checkpoint or kept)
    assert after.problems == ()
    assert after.unfinished == 0
    runs = [entry.body.run for entry in after.entries]  # type: ignore[union-attr]  # runs only
    assert runs[size:] == ["next"]
    assert runs[before:size] == ["last"] * (size - before)
    assert after.checkpoint == receipt.checkpoint
    return size


@needs_fork
@pytest.mark.parametrize("how", ["before", "half", "after"])
@pytest.mark.parametrize("state", STATES)
def test_killed_at_every_call(state: Callable[[Path], Checkpoint | None], how: str, memory: Path) -> None:
    sizes = set()
    for deadly in range(1, MOST):
        home = memory / str(deadly) / ".hcgov"
        kept = state(home)
        crashed = killed(home, deadly, how)
        sizes.add(is_before_or_after(home, BEFORE[state], kept))
        if not crashed:
            break
    assert not crashed
    assert deadly > 9, "the calls of an append were not seen"
    assert sizes == {BEFORE[state], BEFORE[state] + 1}


@pytest.mark.parametrize("state", STATES)
def test_every_call_that_fails_is_told_and_leaves_the_ledger_whole(
    state: Callable[[Path], Checkpoint | None], memory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed = 0
    for failing in range(1, MOST):
        home = memory / str(failing) / ".hcgov"
        kept = state(home)
        made = 0

        def wrapped(real: Call, failing: int = failing) -> Call:
            def call(*args: object, **kwargs: object) -> object:
                nonlocal made
                made += 1
                if made == failing:
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                return real(*args, **kwargs)

            return call

        with monkeypatch.context() as patched:
            for name in ("open", "write", "fsync", "ftruncate", "replace", "mkdir"):
                patched.setattr(os, name, wrapped(getattr(os, name)))
            try:
                add(home, 9, "last")
            except NotAppendedError as error:
                failed += "No space left on device" in str(error)
        is_before_or_after(home, BEFORE[state], kept)
        if made < failing:
            break
    assert made < failing
    assert failed == failing - 1, "a failing call was not told"


def test_a_disk_that_takes_a_few_bytes_at_a_time_gets_all(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.write
    monkeypatch.setattr(os, "write", lambda file, data: real(file, bytes(data)[:7]))
    grown(home, 3)
    found = verify(home)
    assert found.intact
    assert len(found.entries) == 3


STRACED = """
import sys
from pathlib import Path
from tests.io.ledger.made import add
add(Path(sys.argv[1]), 9, "last")
"""


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
@pytest.mark.parametrize(
    "call", ["openat", "write", "fsync", "flock", "ftruncate", "/rename.*", "close", "/mkdir.*"]
)
def test_killed_by_the_tracer_at_every_system_call(call: str, tmp_path: Path) -> None:
    """The system's own calls, without anything between; those of one name that touch the ledger are counted."""
    crashed = True
    state = empty if call.startswith("/mkdir") else torn_entry
    for number in range(1, 30):
        home = tmp_path / str(number) / ".hcgov"
        kept = state(home)
        paths = [home, home / "ledger"]
        paths += [home / "ledger" / n for n in ("lock", "entries.jsonl", "checkpoint", "checkpoint.new")]
        run = subprocess.run(
            [
                *("strace", "-f", "-o", os.devnull, "-e", f"inject={call}:signal=KILL:when={number}"),
                *(part for path in paths for part in ("-P", path)),
                *(sys.executable, "-c", STRACED, home),
            ],
            cwd=Path(__file__).resolve().parents[3],
            check=False,
        )
        crashed = run.returncode != 0
        is_before_or_after(home, BEFORE[state], kept)
        if not crashed:
            break
    assert not crashed
    assert number > 1, "no such call was seen"
