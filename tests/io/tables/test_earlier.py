"""Counts on disk: whole or not at all, never more than a bound, and nothing of anybody else's is touched."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from hcgov.io.tables import earlier
from hcgov.io.tables.earlier import Earlier

KEY, OTHER = "a" * 64, "b" * 64


@pytest.fixture
def kept(tmp_path: Path) -> Earlier:
    return Earlier(folder=tmp_path / "counts")


def test_what_was_written_last_is_read(kept: Earlier) -> None:
    assert kept.read(KEY) is None
    for content in (b"one", b"two"):
        kept.write(KEY, content)
        kept.write(OTHER, b"other")
        assert (kept.read(KEY), kept.read(OTHER)) == (content, b"other")
    assert len(list(kept.folder.iterdir())) == 2


def test_the_folder_is_for_its_owner_alone(kept: Earlier) -> None:
    kept.write(KEY, b"one")
    assert kept.folder.stat().st_mode & 0o077 == 0


def test_what_was_used_longest_ago_goes_first(kept: Earlier, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(earlier, "MOST_ENTRIES", 3)
    keys = [letter * 64 for letter in "abcd"]
    for at, key in enumerate(keys[:3]):
        kept.write(key, key.encode())
        (entry,) = kept.folder.glob(f"{key}-*")
        os.utime(entry, (at, at))
    assert kept.read(keys[0]) is not None  # used again: now the newest
    kept.write(keys[3], b"new")
    assert [kept.read(key) is not None for key in keys] == [True, False, True, True]


def test_bytes_are_bounded(kept: Earlier, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(earlier, "MOST_BYTES", 10)
    for letter in "abc":
        kept.write(letter * 64, b"12345")
    assert sum(entry.stat().st_size for entry in kept.folder.iterdir()) <= 10
    kept.write("d" * 64, b"12345678901")
    assert kept.read("d" * 64) is None


def test_what_is_not_ours_is_left_alone(
    kept: Earlier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(earlier, "MOST_ENTRIES", 0)
    kept.folder.mkdir(mode=0o700)
    mine = kept.folder / "notes.txt"
    mine.write_text("mine")
    kept.write(KEY, b"one")
    assert [entry.name for entry in kept.folder.iterdir()] == ["notes.txt"]


def test_runs_at_once_read_whole_entries_or_none(kept: Earlier) -> None:
    contents = [bytes([i]) * 50_000 for i in range(8)]

    def run(i: int) -> bool:
        kept.write(KEY, contents[i % 8])
        return kept.read(KEY) in (None, *contents)

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(run, range(64)))
    assert len(list(kept.folder.iterdir())) <= 8


WRITING = """
import sys
from pathlib import Path
from hcgov.io.tables.earlier import Earlier
kept = Earlier(folder=Path(sys.argv[1]))
print("ready", flush=True)
for i in range(10**9):
    kept.write("a" * 64, bytes([i % 256]) * 3_000_000)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_a_run_that_is_killed_leaves_no_half_entry(kept: Earlier) -> None:
    for wait in (0.02, 0.1):
        process = subprocess.Popen(
            [sys.executable, "-c", WRITING, str(kept.folder)], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(wait)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        content = kept.read(KEY)
        assert content is None or (len(content) == 3_000_000 and len(set(content)) == 1)
    kept.write(KEY, b"after")
    assert kept.read(KEY) == b"after"
