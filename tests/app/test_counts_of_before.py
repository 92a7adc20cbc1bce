"""A second check of a table in several files reads what changed, decides the same and says what it did not count."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hcgov.app.check import Asked, run_check
from hcgov.app.engines import counts_folder
from hcgov.core.record import ReportV1
from tests.io.tables.making import write_parquet

MANIFEST = """\
hcgov: 1
kind: Project
system: {name: Parts, version: "1", risk_profile: high}
policies: [pack.yaml]
slices: {by: [sex], min_people: 5}
artifacts:
  t:
    kind: table
    path: t
    unit: person
    roles: {prediction: prediction}
    outcomes: {prediction: {adverse: higher}}
"""
PACK = """\
hcgov: 1
kind: PolicyPack
metadata: {id: parts, version: 1.0.0, title: Parts, owner: Tests}
controls:
  - id: RATE-GAP
    title: Predictions are as frequent in every slice
    stage: evaluation
    check: evaluation.rate_gap@1
    with: {table: t, outcome: prediction}
    limit: {at_most: "0.10"}
    severity: high
    enforcement: mandatory
    why: A test.
    fix: None is needed.
    source: convention
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HCGOV_CACHE", str(tmp_path / "cache"))
    root = tmp_path / "project"
    (root / "t").mkdir(parents=True)
    (root / "hcgov.yaml").write_text(MANIFEST, encoding="utf-8")
    (root / "pack.yaml").write_text(PACK, encoding="utf-8")
    for i, sex in enumerate(("F", "M", "F")):
        rows = [{"sex": sex, "prediction": str(at % 2)} for at in range(400)]
        write_parquet(root / "t" / f"{i}.parquet", rows, ("sex", "prediction"))
    return root


def _check(root: Path, *, fresh: bool = False) -> ReportV1:
    now = datetime(2026, 11, 21, tzinfo=UTC)
    return run_check(Asked(root=root, now=now, stages=("evaluation",), fresh=fresh), lambda _: None).report


def _said(report: ReportV1) -> list[str]:
    return [str(one) for one in report.limits if "earlier check" in str(one)]


def test_the_record_says_which_files_were_counted_before(root: Path) -> None:
    first, second = _check(root), _check(root)
    assert first.evidence[0].counted_before == ()
    assert not _said(first)
    assert second.evidence[0].counted_before == ("0.parquet", "1.parquet", "2.parquet")
    assert len(_said(second)) == 1
    assert second.controls == first.controls, "down to the digest of what was decided on"
    assert second.decision == first.decision


def test_only_what_changed_is_counted_and_changes_the_decision(root: Path) -> None:
    assert _check(root).decision.value == "passed"
    rows = [{"sex": "M", "prediction": "1"}] * 400
    write_parquet(root / "t" / "1.parquet", rows, ("sex", "prediction"))
    found = _check(root)
    assert found.evidence[0].counted_before == ("0.parquet", "2.parquet")
    assert found.decision.value == "failed"


def test_fresh_counts_everything(root: Path) -> None:
    _check(root)
    found = _check(root, fresh=True)
    assert found.evidence[0].counted_before == ()
    assert not _said(found)


def test_nothing_is_kept_in_the_project(root: Path) -> None:
    before = sorted(entry.relative_to(root) for entry in root.rglob("*"))
    _check(root)
    assert sorted(entry.relative_to(root) for entry in root.rglob("*")) == before
    kept = [entry.read_bytes() for entry in (root.parent / "cache" / "counts").iterdir()]
    assert len(kept) == 2, "the counts, and the columns of the files"
    assert not any(b"person" in content for content in kept)


@pytest.mark.parametrize(
    ("platform", "environ", "expected"),
    [
        ("linux", {"HOME": "/home/a"}, "/home/a/.cache/hcgov/counts"),
        ("linux", {"HOME": "/home/a", "XDG_CACHE_HOME": "/c"}, "/c/hcgov/counts"),
        ("linux", {"HOME": "/home/a", "XDG_CACHE_HOME": "c"}, "/home/a/.cache/hcgov/counts"),
        ("darwin", {"HOME": "/Users/a"}, "/Users/a/Library/Caches/hcgov/counts"),
        ("linux", {"HOME": "/home/a", "HCGOV_CACHE": "/x"}, "/x/counts"),
        ("linux", {"HOME": "/home/a", "HCGOV_CACHE": os.devnull}, None),
        ("linux", {}, None),
        ("win32", {}, None),
    ],
)
def test_counts_are_kept_where_the_user_keeps_caches(
    monkeypatch: pytest.MonkeyPatch, platform: str, environ: dict[str, str], expected: str | None
) -> None:
    monkeypatch.setattr("sys.platform", platform)
    assert counts_folder(environ, Path("/projects/p")) == (None if expected is None else Path(expected))


@pytest.mark.parametrize("named", [".cache", "../cache", "link"])
def test_what_came_with_a_project_or_its_repository_is_never_taken(
    root: Path, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    """A change could bring counts along that wave it through."""
    repository = root.parent
    (repository / ".git").mkdir()
    (repository / "link").symlink_to(root / ".cache")
    monkeypatch.chdir(root)
    monkeypatch.setenv("HCGOV_CACHE", str(repository / "link") if named == "link" else named)
    assert counts_folder(os.environ, root) is None
    _check(root)
    assert _check(root).evidence[0].counted_before == ()
    assert not list(repository.rglob("*.counts"))
