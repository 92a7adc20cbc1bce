"""Reading files at a commit: only those of the project, whatever names, links and settings say."""

import os
import subprocess
from pathlib import Path

import pytest

from hcgov.core.mistake import AuthoringError
from hcgov.io.git import at_ref
from tests.io.repository import committed, git


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project in a folder of a repository, with a file beside it that is not its own."""
    made = tmp_path / "repository" / "models" / "relay"
    made.mkdir(parents=True)
    (made / "hcgov.yaml").write_text("base\n", encoding="utf-8")
    (made / "wäivers *.yaml").write_text("named oddly\n", encoding="utf-8")
    (made / "policies").mkdir()
    (made / "policies" / "own.yaml").write_text("own\n", encoding="utf-8")
    (made / "link.yaml").symlink_to("/etc/passwd")
    (made.parent / "other.yaml").write_text("other\n", encoding="utf-8")
    committed(tmp_path / "repository")
    (made / "hcgov.yaml").write_text("head\n", encoding="utf-8")
    return made


def test_what_stands_at_the_ref_is_read_and_not_what_is_checked_out(project: Path):
    there = at_ref(project, "main")
    assert there.read("hcgov.yaml", 100) == b"base\n"
    assert there.read("wäivers *.yaml", 100) == b"named oddly\n"
    assert there.read("./policies/../hcgov.yaml", 100) == b"base\n"
    assert there.commit == git(project, "rev-parse", "main")
    assert there.files() == ("hcgov.yaml", "policies/own.yaml", "wäivers *.yaml")
    assert there.files("policies") == ("policies/own.yaml",)
    assert (there.has("hcgov.yaml"), there.has("gone.yaml"), there.has("policies")) == (True, False, False)


@pytest.mark.parametrize(
    "path",
    ["../other.yaml", "/etc/passwd", "link.yaml", "policies", "gone.yaml", "", "a\0b", "*.yaml", ":/", ".."],
)
def test_nothing_outside_the_project_and_no_link_is_read(project: Path, path: str):
    with pytest.raises(OSError, match=r"."):
        at_ref(project, "main").read(path, 100)


def test_a_file_that_is_too_large_is_refused(project: Path):
    with pytest.raises(OSError, match="at most 4"):
        at_ref(project, "main").read("hcgov.yaml", 4)


@pytest.mark.parametrize(
    "ref",
    [
        "--output=x",
        "-x",
        "",
        "main:hcgov.yaml",
        "main..main",
        "a b",
        "main\n",
        "no-such-branch",
        "HEAD^{tree}",
        "\x1b[31m",
    ],
)
def test_what_is_no_commit_is_refused_in_words(project: Path, ref: str):
    before = set(project.iterdir())
    with pytest.raises(AuthoringError) as told:
        at_ref(project, ref)
    assert told.value.mistakes[0].code == "HCG-G001"
    assert set(project.iterdir()) == before


def test_a_name_of_two_refs_is_refused_since_git_would_take_the_tag(project: Path):
    base = git(project, "rev-parse", "main")
    git(project, "checkout", "-q", "-b", "change")
    git(project, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qam", "change")
    git(project, "tag", "main", "change")
    for ref in ("main", "main~0"):
        with pytest.raises(AuthoringError) as told:
            at_ref(project, ref)
        (mistake,) = told.value.mistakes
        assert mistake.code == "HCG-G001"
        assert "`refs/heads/main`, `refs/tags/main`" in mistake.message
        assert mistake.help.endswith(f"--trusted-ref refs/heads/{ref}")
    assert at_ref(project, "refs/heads/main").commit == base
    assert at_ref(project, "change").commit != base


def test_a_folder_without_a_repository_is_told(tmp_path: Path):
    with pytest.raises(AuthoringError) as told:
        at_ref(tmp_path, "main")
    assert told.value.mistakes[0].code == "HCG-G002"


def test_neither_environment_nor_replacements_nor_settings_lead_elsewhere(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    decoy = tmp_path / "decoy"
    decoy.mkdir()
    (decoy / "hcgov.yaml").write_text("decoy\n", encoding="utf-8")
    committed(decoy)
    ran = tmp_path / "ran"
    monkeypatch.setenv("GIT_DIR", str(decoy / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(decoy))
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "core.fsmonitor")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", f"touch {ran}")
    git(project, "config", "core.fsmonitor", f"touch {ran}")
    blob, other = (
        subprocess.run(
            ["git", "hash-object", "-w", "--stdin"],
            cwd=project,
            input=content,
            capture_output=True,
            check=True,
            env={k: v for k, v in os.environ.items() if not k.startswith("GIT_")},
        )
        .stdout.decode()
        .strip()
        for content in (b"base\n", b"replaced\n")
    )
    git(project, "replace", blob, other)
    assert at_ref(project, "main").read("hcgov.yaml", 100) == b"base\n"
    assert not ran.exists()
