"""``hcgov policy diff``: what is asked more or less, between packs, projects and commits."""

import json
from pathlib import Path

import pytest

from tests.app.excepting import Excepting
from tests.cli.conftest import Hcgov
from tests.io.policies.test_extends import control, pack
from tests.io.repository import committed


@pytest.fixture
def two(tmp_path: Path) -> tuple[Path, Path]:
    (tmp_path / "new").mkdir()
    old = pack(tmp_path, "own", control("A-1"), control("A-2"), control("A-3", limit='"0.3"'))
    new = pack(tmp_path / "new", "own", control("A-1", limit='"0.08"'), control("A-9"), version="1.3.0")
    return old, new


def test_every_difference_is_told_with_what_it_does_and_the_version_it_asks_for(
    two: tuple[Path, Path], hcgov: Hcgov
):
    run = hcgov("policy", "diff", *two)
    assert run.exit_code == 0
    assert run.stdout == (
        f"{two[0]} -> {two[1]}\n\n"
        "A-1  changed: tighten\n"
        "  limit.at_most: 0.10 -> 0.08: tighten\n"
        "A-9  renamed from A-2: neutral (it asks for the same; waivers and baselines name the id that it had)\n"
        "A-3  removed: loosen\n\n"
        "version of org.own 1.2.0 -> 1.3.0: asks for MAJOR (A-2 renamed; A-3 removed); it was MINOR: too little\n"
    )


def test_the_json_says_the_same(two: tuple[Path, Path], hcgov: Hcgov):
    told = json.loads(hcgov("policy", "diff", *two, "--output-format", "json").stdout)
    assert told["schema"] == "hcgov.policy-diff/1"
    assert [(one["control"], one["kind"], one["was"], one["relation"]) for one in told["controls"]] == [
        ("A-1", "changed", "", "tighten"),
        ("A-9", "renamed", "A-2", "neutral"),
        ("A-3", "removed", "", "loosen"),
    ]
    assert told["controls"][0]["changes"] == [
        {
            "field": "limit.at_most",
            "path": ["limit", "at_most"],
            "relation": "tighten",
            "old": "0.10",
            "new": "0.08",
            "note": "",
        }
    ]
    (version,) = told["versions"]
    assert (version["asked"], version["made"], version["enough"]) == ("MAJOR", "MINOR", False)


def test_only_what_may_loosen_fails(two: tuple[Path, Path], tmp_path: Path, hcgov: Hcgov):
    assert hcgov("policy", "diff", *two, "--fail-on", "loosen").exit_code == 1
    tighter = pack(
        tmp_path, "tighter", control("A-1", limit='"0.05"'), control("A-2"), control("A-3", limit='"0.3"')
    )
    assert hcgov("policy", "diff", two[0], tighter, "--fail-on", "loosen").exit_code == 0
    assert hcgov("policy", "diff", tighter, two[0], "--fail-on", "loosen").exit_code == 1
    other = pack(tmp_path, "other", control("A-1").replace("outcome: selected", "outcome: hired"))
    only = pack(tmp_path, "only", control("A-1"))
    assert "incomparable" in hcgov("policy", "diff", only, other).stdout
    assert hcgov("policy", "diff", only, other, "--fail-on", "loosen").exit_code == 1


def test_a_project_against_a_commit(tmp_path: Path, hcgov: Hcgov, monkeypatch: pytest.MonkeyPatch):
    project = Excepting(tmp_path / "p")
    committed(tmp_path)
    project.manifest("# a comment")
    manifest = project.folder / "hcgov.yaml"
    changed = manifest.read_text(encoding="utf-8").replace("{by: [age]}", "{by: [age], min_people: 10}")
    manifest.write_text(changed.replace("risk_profile: standard", "risk_profile: low"), encoding="utf-8")
    project.policy(severity="low")
    run = hcgov("policy", "diff", project.folder, "--base", "main", "--fail-on", "loosen")
    assert run.exit_code == 1
    assert f"{project.folder} at main -> {project.folder} as checked out" in run.stdout
    assert "  severity: medium -> low: loosen\n" in run.stdout
    assert "  slices.min_people: 30 -> 10: loosen\n" in run.stdout
    assert "  system.risk_profile: standard -> low: neutral\n" in run.stdout
    monkeypatch.chdir(project.folder)
    alone = hcgov("policy", "diff", "--base", "HEAD")
    assert "  severity: medium -> low: loosen\n" in alone.stdout
    pack_alone = hcgov("policy", "diff", "own.yaml", "--base", "HEAD")
    assert "  severity: medium -> low: loosen\n" in pack_alone.stdout
    assert "slices" not in pack_alone.stdout


def test_a_risk_profile_that_decides_how_firm_controls_are_cannot_be_compared(tmp_path: Path, hcgov: Hcgov):
    both = []
    for name, profile in (("one", "high"), ("two", "low")):
        project = Excepting(tmp_path / name, enforcement="{high: mandatory, else: advisory}")
        manifest = project.folder / "hcgov.yaml"
        text = manifest.read_text(encoding="utf-8").replace("standard", profile)
        manifest.write_text(text, encoding="utf-8")
        both.append(project.folder)
    run = hcgov("policy", "diff", *both, "--fail-on", "loosen")
    assert run.exit_code == 1
    assert (
        "system.risk_profile: high -> low: incomparable (controls apply, or are enforced, by it)"
        in run.stdout
    )


def test_a_pack_of_several_files_against_a_commit(tmp_path: Path, hcgov: Hcgov):
    pack(tmp_path, "base", control("X-1"))
    folder = tmp_path / "packs"
    folder.mkdir()
    head = pack(folder, "pack", more="extends: [{pack: ../base.yaml}]\n")
    more = folder / "more.yaml"
    more.write_text(
        "hcgov: 1\nkind: PolicyControls\ncontrols:\n" + control("M-1", limit='"0.3"'), encoding="utf-8"
    )
    committed(tmp_path)
    more.write_text(more.read_text().replace("0.3", "0.2"), encoding="utf-8")
    pack(tmp_path, "base", control("X-1", limit='"0.4"'))
    run = hcgov("policy", "diff", folder, "--base", "HEAD")
    assert run.exit_code == 0, run.stderr
    assert "X-1  changed: loosen" in run.stdout
    assert "M-1  changed: tighten" in run.stdout
    assert head.exists()


@pytest.mark.parametrize("words", [[], ["a.yaml"], ["a", "b", "c"], ["a", "b", "--base", "main"]])
def test_anything_but_two_is_wrong_usage(words: list[str], hcgov: Hcgov):
    run = hcgov("policy", "diff", *words)
    assert run.exit_code == 2
    assert "two policies are compared, or one with what it was" in run.stderr


def test_mistakes_of_both_sides_are_told_and_nothing_is_compared(tmp_path: Path, hcgov: Hcgov):
    broken = pack(tmp_path, "broken", control("A-1").replace("severity", "severety"))
    committed(tmp_path)
    broken.write_text(broken.read_text().replace("title", "titel"), encoding="utf-8")
    run = hcgov("policy", "diff", broken, "--base", "HEAD")
    assert (run.exit_code, run.stdout) == (2, "")
    assert "broken.yaml at HEAD:" in run.stderr
    assert "titel" in run.stderr
    assert hcgov("policy", "diff", broken, "--base", "no-such").exit_code == 2
    new = pack(tmp_path, "new", control("N-1"))
    run = hcgov("policy", "diff", new, "--base", "HEAD")
    assert run.exit_code == 2
    assert f"there is no `{new}` at HEAD" in run.stderr


def test_shipped_packs_can_be_compared_by_name_and_by_path(hcgov: Hcgov):
    from hcgov.io.data import data_path

    run = hcgov("policy", "diff", "hc-core", data_path("policies", "hc-core.yaml"), "--fail-on", "loosen")
    assert run.exit_code == 0, run.stderr
    assert "nothing differs in what is asked" in run.stdout
