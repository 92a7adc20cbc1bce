"""Files of a project: read once, inside the project, written whole."""

import hashlib
import os
import subprocess
from pathlib import Path

import pytest

from hcgov.core.evidence.absent import Absence, Absent
from hcgov.core.evidence.source import Source
from hcgov.io import files
from hcgov.io.files import Blob, digest_path, read_blob, write_atomically


@pytest.fixture
def project(tmp_path):
    root = tmp_path / "project"
    (root / "cards").mkdir(parents=True)
    (root / "cards" / "model.md").write_bytes(b"# Model\n")
    (tmp_path / "outside.md").write_bytes(b"secret")
    return root


def refusal(root: Path, path: str, **options: object) -> Absent:
    blob = read_blob(root, "card", "model_card", path, **options)
    digest = digest_path(root, "card", "file", path, **{k: v for k, v in options.items() if k != "max_bytes"})
    assert isinstance(blob, Absent)
    assert blob.artifact == "card"
    if blob.reason not in (Absence.TOO_LARGE, Absence.WRONG_KIND):
        assert isinstance(digest, Absent)
        assert digest.reason is blob.reason
    return blob


def test_the_digest_is_that_of_the_bytes_that_were_read(project):
    blob = read_blob(project, "card", "model_card", "./cards/model.md")
    assert isinstance(blob, Blob)
    assert blob.data == b"# Model\n"
    assert blob.source == Source(
        artifact="card",
        kind="model_card",
        location="cards/model.md",
        sha256=hashlib.sha256(b"# Model\n").hexdigest(),
        size=8,
    )
    assert digest_path(project, "card", "model_card", "cards/model.md") == blob.source


@pytest.mark.parametrize(
    "path", ["../outside.md", "cards/../../outside.md", "/etc/hostname", "link.md", "up/outside.md"]
)
def test_a_path_that_leads_outside_the_project_is_refused(project, path):
    (project / "link.md").symlink_to(project.parent / "outside.md")
    (project / "up").symlink_to(project.parent)
    assert refusal(project, path).reason is Absence.OUTSIDE_PROJECT


def test_an_allowed_root_and_a_link_inside_the_project_are_followed(project):
    shared = project.parent / "shared"
    shared.mkdir()
    (shared / "a.md").write_bytes(b"x")
    (project / "alias.md").symlink_to("cards/model.md")
    assert isinstance(read_blob(project, "a", "file", "../shared/a.md", allowed_roots=(shared,)), Blob)
    assert read_blob(project, "a", "file", "alias.md").source.location == "alias.md"
    absolute = read_blob(project, "a", "file", str(project / "cards" / "model.md"))
    assert absolute.source.location == "cards/model.md"


def test_a_missing_file_is_told_with_the_nearest_name(project):
    absent = refusal(project, "cards/modle.md")
    assert absent.reason is Absence.NO_FILE
    assert "model.md" in str(absent.detail)
    assert "cards" in str(refusal(project, "card/model.md").detail)
    assert "mean" not in str(refusal(project, "zzz").detail)


def test_a_folder_an_empty_file_and_a_pipe_are_refused(project):
    (project / "empty.md").touch()
    os.mkfifo(project / "pipe")
    assert refusal(project, "cards").reason is Absence.WRONG_KIND
    assert refusal(project, "empty.md").reason is Absence.EMPTY_FILE
    assert refusal(project, "pipe").reason is Absence.WRONG_KIND
    assert digest_path(project, "a", "file", "pipe").reason is Absence.WRONG_KIND


@pytest.mark.parametrize("path", ["", " ", "a\0b"])
def test_a_path_that_cannot_be_one_is_refused(project, path):
    assert refusal(project, path).reason is Absence.NO_FILE


def test_a_loop_of_links_is_unreadable(project):
    (project / "a").symlink_to("b")
    (project / "b").symlink_to("a")
    assert refusal(project, "a").reason is Absence.UNREADABLE


def test_a_git_lfs_pointer_is_not_read_as_content(project):
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 5\n"
    (project / "data.csv").write_bytes(pointer)
    absent = refusal(project, "data.csv")
    assert absent.reason is Absence.LFS_POINTER
    assert "git lfs pull" in str(absent.detail)
    (project / "cards" / "weights.bin").write_bytes(pointer)
    assert digest_path(project, "a", "file", "cards").reason is Absence.LFS_POINTER


def test_a_file_over_the_limit_is_refused_unread(project):
    with (project / "big").open("wb") as file:
        file.truncate(1 << 40)  # sparse: reading it would not end in the time of a test
    assert refusal(project, "cards/model.md", max_bytes=7).reason is Absence.TOO_LARGE
    assert read_blob(project, "a", "file", "big").reason is Absence.TOO_LARGE
    assert isinstance(read_blob(project, "a", "file", "cards/model.md", max_bytes=8), Blob)


def test_a_pinned_digest_is_held_to(project):
    right = hashlib.sha256(b"# Model\n").hexdigest()
    assert isinstance(read_blob(project, "card", "file", "cards/model.md", pinned=right), Blob)
    absent = refusal(project, "cards/model.md", pinned="0" * 64)
    assert absent.reason is Absence.WRONG_DIGEST
    assert right in str(absent.detail)


def test_a_file_that_grows_while_it_is_read_is_refused(project, monkeypatch):
    real = os.fstat
    monkeypatch.setattr(files.os, "fstat", lambda fd: os.stat_result((*real(fd)[:6], 3, *real(fd)[7:])))
    assert read_blob(project, "a", "file", "cards/model.md").reason is Absence.CHANGED


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_unreadable(project):
    (project / "cards" / "model.md").chmod(0)
    assert refusal(project, "cards/model.md").reason is Absence.UNREADABLE


def test_a_file_that_the_system_cannot_open_is_unreadable(project, monkeypatch):
    def denied(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(files.os, "open", denied)
    absent = read_blob(project, "a", "file", "cards/model.md")
    assert absent.reason is Absence.UNREADABLE
    assert "Permission denied" in str(absent.detail)


def test_the_digest_of_a_folder_is_that_of_the_shell(project):
    (project / "cards" / "b").mkdir()
    (project / "cards" / "b" / "ü x.txt").write_bytes(b"1")
    (project / "cards" / "empty").touch()
    command = r"find . -type f -printf '%P\0' | xargs -0 sha256sum | LC_ALL=C sort | sha256sum"
    shell = subprocess.run(["bash", "-c", command], cwd=project / "cards", capture_output=True, check=True)
    source = digest_path(project, "cards", "file", "cards")
    assert source.sha256 == shell.stdout.decode().split()[0]
    assert source.size == 9


def test_the_digest_of_a_folder_does_not_follow_links_outside(project):
    (project / "cards" / "link").symlink_to(project.parent / "outside.md")
    assert digest_path(project, "a", "file", "cards").reason is Absence.OUTSIDE_PROJECT
    (project / "cards" / "link").unlink()
    (project / "cards" / "self").symlink_to(project / "cards")
    assert digest_path(project, "a", "file", "cards").reason is Absence.UNREADABLE


def test_an_empty_folder_and_a_name_with_a_line_break_have_no_digest(project):
    (project / "void").mkdir()
    assert digest_path(project, "a", "file", "void").reason is Absence.EMPTY_FILE
    (project / "void" / "a\nb").touch()
    assert digest_path(project, "a", "file", "void").reason is Absence.UNREADABLE


def test_a_file_is_written_whole_with_its_folders(tmp_path):
    target = tmp_path / "reports" / "audit" / "report.html"
    write_atomically(target, "é\r\n")
    assert target.read_bytes() == b"\xc3\xa9\r\n"
    write_atomically(target, b"2")
    assert target.read_bytes() == b"2"
    assert list(target.parent.iterdir()) == [target]


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch, step):
    target = tmp_path / "report.html"
    target.write_bytes(b"old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    if step == "fsync":
        monkeypatch.setattr(files.os, "fsync", full)
    else:
        monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space"):
        write_atomically(target, b"new")
    monkeypatch.undo()
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_writing_through_a_link_keeps_the_link(tmp_path):
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to("real")
    write_atomically(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"
