"""Mistakes in policies, and all mistakes at once: each with its place and the nearest name; nothing evaluated."""

import pytest
from typer.testing import CliRunner

from hcgov.cli import app
from tests.app.breaking import Copy

PACK = """\
hcgov: 1
kind: PolicyPack
metadata: {id: own, version: 1.0.0, title: Own rules, owner: us}
"""

CONTROL = """\
  - id: {id}
    title: A rule of our own
    stage: {stage}
    check: {check}
    with: {{artifact: purpose}}
    severity: {severity}
    enforcement: mandatory
    why: People rely on it.
    fix: Mend it.
    source: organisation
"""


def own_pack(copy: Copy, *controls: str, head: str = "") -> None:
    content = f"{PACK}{head}controls:\n{''.join(controls)}"
    (copy.root / "own.yaml").write_text(content, encoding="utf-8")
    copy.manifest("policies: [hc-core]", "policies: [hc-core, own.yaml]")


def control(id_: str = "OWN-1", more: str = "", **values: str) -> str:
    given = {"stage": "design", "check": "design.purpose_stated@1", "severity": "low", **values}
    return CONTROL.format(id=id_, **given) + more


def test_a_pack_of_the_projects_own_is_sound_to_begin_with(copy: Copy):
    own_pack(copy, control())
    assert copy.check("OWN-1").code == 0


@pytest.mark.parametrize(
    ("controls", "told"),
    [
        (
            [control(check="design.purpose_statd")],
            "own.yaml:8:5 HCG-P003 unknown check `design.purpose_statd`; did you mean `design.purpose_stated`?",
        ),
        ([control(check="design.purpose_stated@2")], "own.yaml:8:5 HCG-P004 "),
        ([control(stage="desing")], "own.yaml:7:5 HCG-P001 unknown stage `desing`; did you mean `design`?"),
        ([control(severity="hihg")], "own.yaml:10:15 HCG-C006 `severity`: input should be"),
        ([control(more="    tresholds: 1\n")], "own.yaml:15:5 HCG-C004 unknown key `tresholds`"),
        (
            [control(more="    applies_when: {}\n")],
            "own.yaml:15:19 HCG-R013 a condition is a name, or a mapping",
        ),
        (
            [control(more="    applies_when: {fact: system.users, eg: staff}\n")],
            "own.yaml:15:44 HCG-R013 unknown comparator `eg`",
        ),
        (
            [control(more="    evidence: [{signed_by: [eval-runner]}]\n")],
            "own.yaml:15:29 HCG-C006 `evidence.0.signed_by.0`",
        ),
        (
            [control(more="    effective_from: 2027-02-30\n")],
            "own.yaml:15:21 HCG-C006 `effective_from`: a day is written as 2027-01-31",
        ),
        ([control(more='    limit: {at_most: "0.1"}\n')], "own.yaml:15:5 HCG-P007 OWN-1"),
        (
            [control(), control()],
            "own.yaml:15:5 HCG-P002 two controls have the id `OWN-1`; the other one is at own.yaml:5:5",
        ),
        (
            [control("HC-DSN-01")],
            "own.yaml:5:5 HCG-P002 two controls have the id `HC-DSN-01`; the other one is at hcgov:hc-core.yaml",
        ),
    ],
)
def test_a_mistake_in_a_policy_is_told_with_its_place(controls, told, copy: Copy):
    own_pack(copy, *controls)
    ended = copy.check()
    assert ended.code == 2
    assert told in ended.told()


def test_all_mistakes_of_manifest_and_policies_are_told_together_and_nothing_is_evaluated(copy: Copy):
    copy.manifest("  min_people: 30", "  min_peple: 30")  # an unknown key
    copy.manifest("risk_profile: high", "risk_profile: high\n  owners: us")  # another one
    copy.manifest("label: label,", "label: lable,")  # a misspelt column
    copy.manifest("cross: 2", "cross: two")  # a wrong type
    copy.manifest("variety, age_band]", "variety, age_bnd]")  # a slice column that is not there
    copy.manifest("path: design/purpose.yaml", "path: ../purpose.yaml")  # a path outside
    own_pack(
        copy,
        control("OWN-1", check="design.purpose_statd"),  # a misspelt check
        control("OWN-2", severity="hihg"),  # a wrong value
        control("OWN-3", more="    tresholds: 1\n"),  # an unknown key
        control("OWN-4"),
        control("OWN-4", stage="desing"),  # an id that stands twice, and an unknown stage
        control("OWN-5", more="    applies_when: {all: []}\n"),  # an empty "all of"
    )
    ended = copy.check()
    assert ended.code == 2
    assert {(m.code, str(m.where)) for m in ended.mistakes} == {
        ("HCG-C004", "hcgov.yaml:8:3"),
        ("HCG-N005", "hcgov.yaml:21:26"),
        ("HCG-C006", "hcgov.yaml:22:10"),
        ("HCG-C004", "hcgov.yaml:23:3"),
        ("HCG-C014", "hcgov.yaml:30:33"),
        ("HCG-N003", "hcgov.yaml:61:20"),
        ("HCG-P003", "own.yaml:8:5"),
        ("HCG-C006", "own.yaml:20:15"),
        ("HCG-C004", "own.yaml:35:5"),
        ("HCG-P002", "own.yaml:46:5"),
        ("HCG-P001", "own.yaml:48:5"),
        ("HCG-R013", "own.yaml:66:25"),
    }  # fmt: skip
    near = {m.code: m.help for m in ended.mistakes}
    assert near["HCG-N005"] == "did you mean `age_band`?"
    assert near["HCG-N003"] == "did you mean `label`?"
    assert near["HCG-P003"] == "did you mean `design.purpose_stated`?"
    assert near["HCG-P001"] == "did you mean `design`?"
    run = CliRunner().invoke(app, ["check", str(copy.root), "--no-mlflow"])
    assert run.exit_code == 2
    assert run.stdout == ""
    for mistake in ended.mistakes:
        assert f"error[{mistake.code}]: {mistake.message}" in run.stderr
        assert f"┌─ {mistake.where}" in run.stderr
    assert "12 errors; nothing was evaluated (exit 2)" in run.stderr
    assert not (copy.root / ".hcgov").exists()


@pytest.mark.parametrize("where", ["hcgov.yaml", "own.yaml"])
def test_thirty_megabytes_of_yaml_are_refused_unread(where, copy: Copy):
    own_pack(copy, control())
    line = b"# nothing but comments, and far too many of them\n"
    with (copy.root / where).open("ab") as file:
        file.write(line * (30_000_000 // len(line) + 1))
    ended = copy.check()
    assert ended.code == 2
    assert [m.code for m in ended.mistakes] == ["HCG-Y003"]
    assert str(ended.mistakes[0].where) == f"{where}:1:1"
