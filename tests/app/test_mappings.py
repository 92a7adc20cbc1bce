"""What a mapping decides is told in the record, noticed by its digest, and by a branch that is trusted."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from hcgov.app.check import Asked
from hcgov.app.gate import run_gate
from hcgov.app.mappings import left_out, mapped
from hcgov.app.policy_diff import compare_policies
from hcgov.app.rendering import Outputs
from hcgov.core.evidence.long import LeftOut, Long
from hcgov.core.long_tables import LongKind
from hcgov.core.record import ReportV1
from hcgov.io.manifest import load_manifest
from hcgov.stages.specimens import source

MANIFEST = """
hcgov: 1
kind: Project
system: {name: Study, version: "1", risk_profile: standard}
policies: [hc-core]
artifacts:
  scores:
    kind: evaluations
    path: scores.csv
    annotators: people
    mapping: scores-map.yaml
  people:
    kind: annotators
    path: people.csv
    groups: {language: first_language}
    values: {language: {polish: other, welsh: other, other: other}}
"""
MAPPING = """
only: {wave: ["2"]}
values: {score: {"n/a": null, bad: fine}}
constants: {calibration: "true"}
randomised: true
declared: {rater: judge-1}
"""


def project(folder: Path, mapping: str = MAPPING, manifest: str = MANIFEST) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "hcgov.yaml").write_text(manifest)
    (folder / "scores-map.yaml").write_text(mapping)
    return folder


def test_readers_are_told_what_a_mapping_decides(tmp_path: Path) -> None:
    told = [str(one) for one in mapped(["scores"], load_manifest(project(tmp_path)))]
    assert told == [
        "In `people`, `polish`, `welsh` of `language` are read as `other`",
        "In `people`, the group `language` is read from the column `first_language`",
        "Of `scores`, only rows with `2` in the column `wave` are read; all others are in no number",
        "In `scores`, `n/a` of `score` is read as not recorded",
        "In `scores`, `bad` of `score` is read as `fine`",
        "That `calibration` is `true` in every row of `scores` is the project's own word",
        "That the order in `scores` was drawn at random is the project's own word",
        "That `rater` is `judge-1` for `scores` is the project's own word",
    ]


def test_a_plain_mapping_has_nothing_to_tell(tmp_path: Path) -> None:
    plain = MANIFEST.split("    groups:", maxsplit=1)[0]
    found = mapped(["scores", "nothing"], load_manifest(project(tmp_path, "columns: {item: id}\n", plain)))
    assert list(found) == []


def test_what_is_left_out_is_told_once() -> None:
    long = Long(
        table="labels",
        kind=LongKind.ANNOTATIONS,
        rows=1,
        columns={},
        left_out=(LeftOut(why="withdrawn", rows=4, people=2), LeftOut(why="not_asked_for", rows=9)),
        source=source("labels", "annotations"),
    )
    assert [str(one) for one in left_out([long, long])] == [
        "`labels`: 4 judgments of 2 people are in no number: their consent was revoked",
        "`labels`: 9 judgments are in no number: the mapping takes other rows only",
    ]


@pytest.mark.parametrize(
    ("was", "is_"), [('["2"]', '["1", "2"]'), ("randomised: true", ""), ("bad: fine", "bad: poor")]
)
def test_another_mapping_file_may_loosen(tmp_path: Path, was: str, is_: str) -> None:
    old, new = project(tmp_path / "old"), project(tmp_path / "new", MAPPING.replace(was, is_))
    found = compare_policies([str(old), str(new)], tmp_path)
    assert found.may_loosen
    assert [one.kind for one in found.project] == ["mapping"]


def test_the_same_mapping_elsewhere_is_no_change(tmp_path: Path) -> None:
    old = project(tmp_path / "old")
    (tmp_path / "new").mkdir()
    new = project(tmp_path / "new", "\n# as it was\n" + MAPPING)
    assert not compare_policies([str(old), str(new)], tmp_path).may_loosen


PACK = """
hcgov: 1
kind: PolicyPack
metadata: {id: tried, version: 1.0.0, title: Tried, owner: Tests}
controls:
  - id: STABLE
    title: The judge says the same again
    stage: evaluation
    check: evaluation.judge_stability@1
    with: {table: scores}
    limit: {at_least: "0.50"}
    severity: high
    enforcement: mandatory
    why: A test.
    fix: None is needed.
    source: convention
"""


def test_a_mapping_file_that_changes_is_another_check_and_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The record of an earlier check stands for the same mapping only."""
    monkeypatch.setenv("HCGOV_CACHE", str(tmp_path / "cache"))
    plain = MANIFEST.split("  people:", maxsplit=1)[0].replace("    annotators: people\n", "")
    root = project(tmp_path / "study", "only: {lang: [en, fr]}\n", plain.replace("hc-core", "pack.yaml"))
    (root / "pack.yaml").write_text(PACK)
    rows = [
        f"i{i},judge-1,judge,{(i // 2 + (lang == 'fr') * k) % 2},{k},{lang}"
        for i in range(120)
        for k in range(2)
        for lang in (["en"] if i % 2 else ["fr"])
    ]
    (root / "scores.csv").write_text("\n".join(["item,rater,rater_kind,score,repetition,lang", *rows]) + "\n")

    def checked(minute: int) -> ReportV1:
        asked = Asked(root=root, now=datetime(2027, 3, 1, 12, minute, tzinfo=UTC), stages=("evaluation",))
        return run_gate(asked, Outputs(), lambda _: None, track=False).checked.report

    first, again = checked(0), checked(1)
    (root / "scores-map.yaml").write_text("only: {lang: [en]}\n")
    other = checked(2)
    assert first.id == again.id, "the same inputs have a verdict that stands"
    assert first.id != other.id
    assert [one.controls[0].verdict for one in (first, other)] == ["inconclusive", "pass"]
    told = [str(one.text) for one in other.limits]
    assert any("only rows with `en` in the column `lang` are read" in one for one in told)
    assert "`scores`: 120 judgments are in no number: the mapping takes other rows only" in told


def test_crossings_that_a_control_does_not_compare_are_told(tmp_path: Path) -> None:
    rows = ["item,annotator,label,gender,age"]
    for item in range(80):
        for person in range(item % 5, 80, 8):
            label = "yes" if (item * 7 + person) % 3 else "no"
            rows.append(f"i{item},a{person},{label},{'wm'[person % 2]},{'oy'[person // 2 % 2]}")
    (tmp_path / "labels.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (tmp_path / "pack.yaml").write_text(
        "hcgov: 1\nkind: PolicyPack\n"
        "metadata: {id: org.x, version: 1.0.0, title: One, owner: us}\n"
        "controls:\n"
        "  - {id: X-1, title: Groups are as severe, stage: data, check: data.annotation_group_offset@1,\n"
        "     with: {table: labels}, limit: {at_most: '0.50'}, severity: low, enforcement: advisory,\n"
        "     why: Why it matters., fix: Mend it., source: default}\n",
        encoding="utf-8",
    )
    (tmp_path / "hcgov.yaml").write_text(
        "hcgov: 1\nkind: Project\nsystem: {name: S, version: '1', risk_profile: low}\npolicies: [pack.yaml]\n"
        "slices: {by: [gender, age], min_people: 10}\n"
        "artifacts: {labels: {kind: annotations, path: labels.csv, scale: nominal}}\n",
        encoding="utf-8",
    )
    now = datetime(2026, 11, 21, tzinfo=UTC)
    report = run_gate(Asked(root=tmp_path, now=now), Outputs(), lambda _: None, track=False).checked.report
    limits = [one.text for one in report.limits]
    assert "Crossings of gender, age are not compared by X-1" in limits
