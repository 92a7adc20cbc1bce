# ruff: noqa: E501 - sentences and packs are easier to hold against each other on one line
"""Packs that extend others: order, parameters, conditions, overrides, disabled controls, and every mistake in them."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcgov.core.mistake import AuthoringError
from hcgov.core.status import RiskProfile
from hcgov.io.plugins import load_registry
from hcgov.io.policies import load_pack
from hcgov.io.policies.locating import GROUP, installed
from hcgov.judgement.plan import Plan, plan

HEAD = """\
hcgov: 1
kind: PolicyPack
metadata: {{id: {id}, version: {version}, title: A pack, owner: us}}
"""

CONTROL = """\
  - id: {id}
    title: A rule
    stage: evaluation
    check: evaluation.rate_gap@1
    with: {{table: decisions, outcome: selected}}
    limit: {{at_most: {limit}}}
    severity: high
    enforcement: overridable
    why: People rely on it.
    fix: Mend it.
    source: organisation
"""


def pack(folder: Path, name: str, *controls: str, more: str = "", version: str = "1.2.0") -> Path:
    text = HEAD.format(id=f"org.{name}", version=version) + more
    if controls:
        text += "controls:\n" + "".join(controls)
    path = folder / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def control(id_: str, limit: str = '"0.10"', more: str = "") -> str:
    return CONTROL.format(id=id_, limit=limit) + more


def load(path: Path):
    return load_pack(path.stem, path, path.name)


def told(path: Path) -> list[str]:
    with pytest.raises(AuthoringError) as raised:
        load(path)
    return [f"{m.where} {m.code} {m.message}; {m.help}" for m in raised.value.mistakes]


def only(path: Path) -> str:
    (one,) = told(path)
    return one


def test_controls_come_in_the_order_of_what_is_extended_then_the_own_ones(tmp_path: Path):
    pack(tmp_path, "a", control("A-1"), control("A-2"))
    pack(tmp_path, "b", control("B-1"))
    top = pack(tmp_path, "top", control("TOP-1"), more="extends: [{pack: b.yaml}, {pack: a.yaml@1}]\n")
    found = load(top)
    assert [one.id for one in found.spec.controls] == ["B-1", "A-1", "A-2", "TOP-1"]
    assert [found.home(i) for i in range(4)] == ["org.b", "org.a", "org.a", "org.top"]
    assert [source.metadata.id for source in found.sources] == ["org.top", "org.b", "org.a"]
    assert str(found.where("controls", 1, "id")) == "a.yaml:5:5"


def test_one_pack_reached_by_two_ways_is_there_once(tmp_path: Path):
    pack(tmp_path, "base", control("X-1"))
    pack(tmp_path, "a", control("A-1"), more="extends: [{pack: base.yaml}]\n")
    pack(tmp_path, "b", control("B-1"), more="extends: [{pack: base.yaml}]\n")
    top = pack(tmp_path, "top", more="extends: [{pack: a.yaml}, {pack: b.yaml}]\n")
    assert [one.id for one in load(top).spec.controls] == ["X-1", "A-1", "B-1"]


def test_two_ways_that_disagree_are_a_conflict(tmp_path: Path):
    pack(tmp_path, "base", control("X-1"))
    change = 'overrides: [{control: X-1, set: {limit.at_most: "0.05"}, reason: contract}]\n'
    pack(tmp_path, "a", more="extends: [{pack: base.yaml}]\n" + change)
    pack(tmp_path, "b", control("B-1"), more="extends: [{pack: base.yaml}]\n")
    top = pack(tmp_path, "top", more="extends: [{pack: a.yaml}, {pack: b.yaml}]\n")
    assert only(top).startswith(
        "top.yaml:4:34 HCG-R001 `X-1` comes through `a.yaml` and, in another form, through `b.yaml`"
    )


def test_parameters_have_defaults_and_can_be_set_stricter(tmp_path: Path):
    declared = 'parameters: {max_gap: {type: ratio, default: "0.10", stricter: lower}}\n'
    pack(tmp_path, "base", control("X-1", limit='"${max_gap}"'), more=declared)
    top = pack(tmp_path, "top", more='extends: [{pack: base.yaml, with: {max_gap: "0.06"}}]\n')
    assert str(load(tmp_path / "base.yaml").spec.controls[0].limit.at_most) == "0.10"
    found = load(top)
    assert str(found.spec.controls[0].limit.at_most) == "0.06"
    (step,) = found.history[0].steps
    assert (step.pack, step.paths, str(step.where)) == ("org.top", (("limit", "at_most"),), "top.yaml:4:29")


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ('{max_gap: "0.2"}', "HCG-R010 `max_gap: 0.2` asks for less than the 0.10 of `org.base`"),
        ("{max_gpa: 0.05}", "HCG-R009 `org.base` has no parameter `max_gpa`; did you mean `max_gap`?"),
        ('{max_gap: "1.5"}', "HCG-R008 `max_gap` is 1.5, and a ratio lies between 0 and 1"),
        ("{max_gap: lots}", "HCG-R008 `max_gap` is no finite number"),
        ("{max_gap: true}", "HCG-R008 `max_gap` is no finite number"),
    ],
)
def test_a_value_that_a_parameter_does_not_take(entry, says, tmp_path: Path):
    declared = 'parameters: {max_gap: {type: ratio, default: "0.10", stricter: lower}}\n'
    pack(tmp_path, "base", control("X-1", limit='"${max_gap}"'), more=declared)
    top = pack(tmp_path, "top", more=f"extends: [{{pack: base.yaml, with: {entry}}}]\n")
    assert says in only(top)


def test_a_looser_value_with_leave_is_kept_in_the_history(tmp_path: Path):
    declared = 'parameters: {max_gap: {type: ratio, default: "0.10", stricter: lower}}\n'
    pack(tmp_path, "base", control("X-1", limit='"${max_gap}"'), more=declared)
    entry = '{pack: base.yaml, with: {max_gap: "0.2"}, loosen: {reason: small country, approved_by: jane@x.example}}'
    top = pack(tmp_path, "top", more=f"extends: [{entry}]\n")
    (step,) = load(top).history[0].steps
    assert step.loosen is not None
    assert step.loosen.approved_by == "jane@x.example"


def test_parameters_stand_alone_and_are_declared(tmp_path: Path):
    top = pack(tmp_path, "top", control("X-1", limit='"${max_gpa}"'), control("X-2", more="    narrow: {at_most: 'x${a}'}\n"),
               more='parameters: {max_gap: {type: ratio, default: "0.10", stricter: lower}}\n')  # fmt: skip
    first = "top.yaml:11:22 HCG-R012 there is no parameter `max_gpa` in this pack; did you mean `max_gap`?"
    assert first in told(top)
    assert any("HCG-R011 `x${a}`: a parameter stands alone" in one for one in told(top))


def test_an_override_sets_a_part_and_says_where(tmp_path: Path):
    pack(tmp_path, "base", control("X-1"))
    top = pack(tmp_path, "top", more="extends: [{pack: base.yaml}]\n"
               'overrides:\n  - {control: X-1, set: {limit.at_most: "0.05", with.slices: {by: [age]}}, reason: contract}\n')  # fmt: skip
    found = load(top)
    assert str(found.spec.controls[0].limit.at_most) == "0.05"
    assert found.spec.controls[0].with_["slices"] == {"by": ["age"]}
    assert str(found.where("controls", 0, "limit", "at_most")) == "top.yaml:6:26"
    assert str(found.where("controls", 0, "limit")) == "base.yaml:10:5"
    assert str(found.where("controls", 0, "with", "slices", "by")) == "top.yaml:6:63"


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ("{control: X-2, set: {severity: low}, reason: why}", "HCG-R002 there is no control `X-2` to change; did you mean `X-1`?"),
        ("{control: X-1, set: {check: a.b}, reason: why}", "HCG-R004 `check` makes the control the one it is"),
        ("{control: X-1, set: {limt.at_most: 1}, reason: why}", "HCG-R005 `limt.at_most` leads nowhere in this control: `limt` holds no keys; did you mean `limit`?"),
        ("{control: X-1, set: {severity: hihg}, reason: why}", "top.yaml:6:36 HCG-C006 `severity`"),
        ("{control: X-1, set: {}, reason: why}", "HCG-C006"),
        ("{control: X-1, set: {severity: low}}", "HCG-C005 `reason` is missing"),
        ("{control: TOP-1, set: {severity: low}, reason: why}", "HCG-R003 `TOP-1` is this pack's own control"),
        ("{control: 'X-*', set: {severity: low}, reason: why}", "HCG-C006 `overrides.0.control`"),
    ],
)  # fmt: skip
def test_an_override_that_makes_no_sense(entry, says, tmp_path: Path):
    pack(tmp_path, "base", control("X-1"))
    top = pack(
        tmp_path, "top", control("TOP-1"), more=f"extends: [{{pack: base.yaml}}]\noverrides:\n  - {entry}\n"
    )
    assert any(says in one for one in told(top)), told(top)


def test_two_overrides_of_one_part_are_a_conflict(tmp_path: Path):
    pack(tmp_path, "base", control("X-1"))
    entries = [
        '{control: X-1, set: {limit.at_most: "0.05"}, reason: one}',
        '{control: X-1, set: {limit: {at_most: "0.04"}}, reason: two}',
    ]
    top = pack(tmp_path, "top", more=f"extends: [{{pack: base.yaml}}]\noverrides: [{', '.join(entries)}]\n")
    assert "HCG-R006 `limit` of `X-1` is overridden twice in this pack" in only(top)


def test_a_disabled_control_stays_with_who_approved_it(tmp_path: Path):
    pack(tmp_path, "base", control("X-1"), control("X-2"))
    entry = "disabled: [{control: X-1, reason: no such data, approved_by: jane@x.example}]\n"
    found = load(pack(tmp_path, "top", more="extends: [{pack: base.yaml}]\n" + entry))
    assert [one.id for one in found.spec.controls] == ["X-1", "X-2"]
    assert found.history[0].disabled is not None
    assert (found.history[0].disabled.approved_by, found.history[0].disabled_by) == (
        "jane@x.example",
        "org.top",
    )
    assert found.history[1].disabled is None


def test_a_control_with_an_inherited_id_is_refused(tmp_path: Path):
    pack(tmp_path, "base", control("X-1"))
    top = load(pack(tmp_path, "top", control("X-1"), more="extends: [{pack: base.yaml}]\n"))
    told = plan([top], load_registry(["evaluation.rate_gap"]), RiskProfile.HIGH)
    assert not isinstance(told, Plan)
    (mistake,) = [m for m in told if m.code == "HCG-P002"]
    assert (
        mistake.help
        == "the other one is at base.yaml:5:5; to change an inherited control, write it under `overrides`"
    )


def test_named_conditions_are_written_out_and_inherited(tmp_path: Path):
    facts = "facts: {high: {fact: system.risk_profile, eq: high}}\n"
    pack(tmp_path, "base", control("X-1", more="    applies_when: high\n"), more=facts)
    more = "extends: [{pack: base.yaml}]\nfacts: {grave: {all: [high, {fact: system.users, eq: public}]}}\n"
    found = load(pack(tmp_path, "top", control("T-1", more="    applies_when: {not: grave}\n"), more=more))
    high = {"fact": "system.risk_profile", "eq": "high"}
    assert found.spec.controls[0].applies_when == high
    assert found.spec.controls[1].applies_when == {
        "not": {"all": [high, {"fact": "system.users", "eq": "public"}]}
    }


def test_circles_and_self_reference_are_told(tmp_path: Path):
    pack(tmp_path, "a", more="extends: [{pack: b.yaml}]\n")
    pack(tmp_path, "b", more="extends: [{pack: a.yaml}]\n")
    assert "b.yaml:4:18 HCG-R014 packs extend one another in a circle: a.yaml -> b.yaml -> a.yaml" in only(
        tmp_path / "a.yaml"
    )
    self_made = pack(tmp_path, "c", control("C-1"), more="extends: [{pack: c.yaml}]\n")
    assert "HCG-R014" in only(self_made)


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ("{pack: ../outside.yaml}", "HCG-C012 policy `../outside.yaml` is outside the project"),
        ("{pack: hc-cora}", "HCG-C013 there is no policy pack `hc-cora`; did you mean `hc-core`?"),
        ("{pack: hc-core@7}", "HCG-R015 `hc-core` is installed as version 0.1.0, not 7"),
        ("{pack: none.yaml}", "HCG-C001 cannot read `none.yaml`"),
        ("{pak: hc-core}", "HCG-C004 unknown key `pak`"),
    ],
)
def test_a_pack_that_cannot_be_extended(entry, says, tmp_path: Path):
    top = pack(tmp_path, "top", control("X-1"), more=f"extends: [{entry}]\n")
    assert any(says in one for one in told(top)), told(top)


def test_a_pack_in_a_folder_is_the_sum_of_its_files(tmp_path: Path):
    folder = tmp_path / "rules"
    folder.mkdir()
    pack(folder, "pack", control("A-1"))
    (folder / "more.yaml").write_text(f"hcgov: 1\nkind: PolicyControls\ncontrols:\n{control('B-1')}")
    (folder / "x.cases.yaml").write_text("hcgov: 1\nkind: PolicyCases\npack: org.pack\ncases: []\n")
    found = load_pack("rules", folder, "rules")
    assert [one.id for one in found.spec.controls] == ["A-1", "B-1"]
    assert str(found.where("controls", 1, "id")) == "rules/more.yaml:4:5"
    before = found.sha256
    (folder / "x.cases.yaml").write_text("hcgov: 1\nkind: PolicyCases\npack: org.pack\ncases: [{}]\n")
    assert load_pack("rules", folder, "rules").sha256 == before, "cases are no part of what is asked for"
    (folder / "more.yaml").write_text(f"hcgov: 1\nkind: PolicyControls\ncontrols:\n{control('B-2')}")
    assert load_pack("rules", folder, "rules").sha256 != before
    (folder / "stray.yaml").write_text("a: 1\n")
    with pytest.raises(AuthoringError) as raised:
        load_pack("rules", folder, "rules")
    assert [(m.code, str(m.where)) for m in raised.value.mistakes] == [("HCG-R016", "rules/stray.yaml:1:1")]


def test_an_installed_package_carries_a_pack_and_none_of_its_code_is_run(tmp_path: Path, monkeypatch):
    package = tmp_path / "site" / "acme_rules"
    (package / "org").mkdir(parents=True)
    (package / "__init__.py").write_text("raise RuntimeError('this must not run')\n")
    pack(package / "org", "pack", control("ACME-1"))
    info = tmp_path / "site" / "acme_rules-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-rules\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[{GROUP}]\norg.acme = acme_rules:org\n")
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    assert installed()["org.acme"] == package / "org"
    top = pack(tmp_path, "top", more="extends: [{pack: org.acme@1}]\n")
    assert [one.id for one in load(top).spec.controls] == ["ACME-1"]


@settings(max_examples=25, deadline=None)
@given(order=st.permutations(["a", "b", "c"]), limits=st.lists(st.integers(1, 99), min_size=3, max_size=3))
def test_resolution_is_deterministic_and_follows_the_order(order, limits, tmp_path_factory):
    folder = tmp_path_factory.mktemp("packs")
    for name, limit in zip("abc", limits, strict=True):
        pack(
            folder, name, control(f"{name.upper()}-1", limit=f'"0.{limit:02d}"'), control(f"{name.upper()}-2")
        )
    entries = ", ".join(f"{{pack: {name}.yaml}}" for name in order)
    top = pack(folder, "top", more=f"extends: [{entries}]\n")
    found = load(top)
    assert found.spec == load(top).spec
    assert [one.id for one in found.spec.controls] == [
        f"{name.upper()}-{n}" for name in order for n in (1, 2)
    ]
    expected = {f"{name.upper()}-1": f"0.{limit:02d}" for name, limit in zip("abc", limits, strict=True)}
    assert {one.id: str(one.limit.at_most) for one in found.spec.controls if one.id in expected} == expected


def test_two_packs_that_mean_different_things_by_one_fact_are_a_conflict(tmp_path: Path):
    pack(tmp_path, "a", control("A-1"), more="facts: {grave: {fact: system.risk_profile, eq: high}}\n")
    pack(tmp_path, "b", control("B-1"), more="facts: {grave: {fact: system.users, eq: public}}\n")
    top = pack(tmp_path, "top", more="extends: [{pack: a.yaml}, {pack: b.yaml}]\n")
    assert "HCG-R001 the fact `grave` of this pack is another condition" in only(top)
