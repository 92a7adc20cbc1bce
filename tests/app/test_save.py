"""A record is kept whole or not at all, whatever happens to the process or the disk."""

import errno
import os
import random
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from hcgov.app.check import Asked, run_check
from hcgov.app.save import save
from hcgov.core.record import ReportV1
from hcgov.io.files import write_atomically
from hcgov.io.render.json_report import read_report
from tests.app.breaking import GREEN, NOW

SAVING = """
import sys
from pathlib import Path
from hcgov.app.save import save
from hcgov.io.render.json_report import read_report

report = read_report(Path(sys.argv[1]).read_bytes())
print("saving", flush=True)
for number in range(1_000_000):
    save(report.model_copy(update={"actor": f"{number}" * 2000, "id": f"run-{number % 3}"}), Path(sys.argv[2]))
    print("saved", flush=True)
"""


@pytest.fixture(scope="module")
def report() -> ReportV1:
    return run_check(Asked(root=GREEN, now=NOW, select=("HC-DSN-02",)), lambda _: None).report


@dataclass
class Kept:
    root: Path

    def records(self) -> list[Path]:
        return [self.root / ".hcgov" / "report.json", *self.root.glob(".hcgov/runs/*/report.json")]


def test_a_record_stands_in_its_own_folder_and_the_newest_in_plain_sight(report: ReportV1, tmp_path: Path):
    first = save(report, tmp_path)
    second = save(report.model_copy(update={"id": "later"}), tmp_path)
    assert read_report((first.folder / "report.json").read_bytes()) == report
    assert (second.home / "report.json").read_bytes() == (second.folder / "report.json").read_bytes()
    assert (second.home / "report.html").read_text().startswith("<!doctype html>")
    assert (second.home / ".gitignore").read_text() == "*\n"
    assert not list(tmp_path.rglob("*.tmp"))


def test_a_process_killed_while_it_writes_leaves_the_old_record_or_the_new_one(
    report: ReportV1, tmp_path: Path
):
    source = tmp_path / "source.json"
    source.write_text(report.model_dump_json(by_alias=True))
    root = tmp_path / "project"
    root.mkdir()
    moments = random.Random(20261121)
    seen = set()
    for _ in range(4):
        child = subprocess.Popen(
            [sys.executable, "-c", SAVING, str(source), str(root)], stdout=subprocess.PIPE, text=True
        )
        assert child.stdout is not None
        assert child.stdout.readline() == "saving\n"
        for _ in range(moments.randint(1, 9)):
            assert child.stdout.readline() == "saved\n"
        time.sleep(moments.uniform(0.0, 0.1))
        child.kill()
        child.wait()
        child.stdout.close()
        records = Kept(root).records()
        assert len(records) > 1
        for path in records:
            seen.add(read_report(path.read_bytes()).actor[:1])
            page = path.with_suffix(".html")
            assert not page.exists() or page.read_text().rstrip().endswith("</html>")
    assert len(seen) > 1, "the processes were killed before they had written anything"


@pytest.mark.parametrize("failing", ["write", "fsync", "replace"])
def test_a_full_disk_leaves_the_old_record_and_no_litter(
    failing: str, report: ReportV1, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    kept = save(report, tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}

    def full(*_args: object, **_kwargs: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    if failing == "replace":
        monkeypatch.setattr(Path, "replace", full)
    elif failing == "fsync":
        monkeypatch.setattr(os, "fsync", full)
    else:
        opened = Path.open

        def opening(path: Path, mode: str = "r", **more: object) -> object:
            file = opened(path, mode, **more)  # type: ignore[call-overload]  # arguments are handed on as they come
            if "x" in mode:
                file.close()
                return _Full(path)
            return file

        monkeypatch.setattr(Path, "open", opening)
    with pytest.raises(OSError, match="No space left"):
        save(report.model_copy(update={"actor": "somebody else"}), tmp_path)
    monkeypatch.undo()
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
    assert read_report((kept.home / "report.json").read_bytes()) == report


class _Full:
    """A file on a disk that is full."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> "_Full":
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def write(self, data: bytes) -> int:
        self.path.write_bytes(data[:10])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_disk_that_is_really_full_leaves_the_old_record(report: ReportV1, tmp_path: Path):
    place = tmp_path / "small"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(place)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("nothing can be mounted here; the same is tried with a simulated disk")
    try:
        save(report, place)
        before = (place / ".hcgov" / "report.json").read_bytes()
        with (place / "ballast").open("wb") as file:
            while os.statvfs(place).f_bavail:
                file.write(b"x" * 4096)
                file.flush()
        with pytest.raises(OSError, match="No space left"):
            save(report.model_copy(update={"actor": "somebody else"}), place)
        assert (place / ".hcgov" / "report.json").read_bytes() == before
        assert not list(place.rglob("*.tmp"))
    finally:
        subprocess.run(["umount", str(place)], check=True)


def test_writing_beside_never_shows_half_a_file_to_a_reader(tmp_path: Path):
    target = tmp_path / "file"
    write_atomically(target, "old" * 100_000)
    with target.open() as reader:
        write_atomically(target, "new" * 100_000)
        assert reader.read() == "old" * 100_000
    assert target.read_text() == "new" * 100_000
