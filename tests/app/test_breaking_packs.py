# ruff: noqa: E501 - sentences and packs are easier to hold against each other on one line
"""Packs that are broken in every way we know: each is refused with its place and a way to mend it, none is taken silently."""

import os
from pathlib import Path

import pytest

from hcgov.app.policy import read_policies, write_lock
from hcgov.core.mistake import AuthoringError, Mistake
from hcgov.io.policies.locating import GROUP
from tests.app.breaking import Copy

HEAD = """\
hcgov: 1
kind: PolicyPack
metadata: {{id: org.{name}, version: 1.0.0, title: A pack, owner: us}}
"""
CONTROL = """\
  - id: OWN-1
    title: A rule of our own
    stage: evaluation
    check: evaluation.rate_gap@1
    with: {table: decisions, outcome: selected, slices: {by: [age], min_people: 30}, max_missing: 0.05}
    limit: {at_most: "0.10", confidence: "0.95"}
    narrow: {at_most: "0.05"}
    severity: high
    enforcement: mandatory
    evidence: [{signed_by: [role:runner, role:owner], max_age: P30D}]
    why: People rely on it.
    fix: Mend it.
    source: organisation
"""
SIGNED = """\
  - id: OWN-2
    title: A rule that a person answers
    stage: deployment
    check: deployment.released_by@1
    with: {signoff: signoff, roles: [product-owner]}
    severity: high
    enforcement: mandatory
    why: People rely on it.
    fix: Mend it.
    source: organisation
"""
PARAMETER = 'parameters: {max_gap: {type: ratio, default: "0.10", stricter: lower}}\n'


def pack(folder: Path, name: str, more: str = "", controls: str = "") -> Path:
    path = folder / f"{name}.yaml"
    body = f"controls:\n{controls}" if controls else ""
    path.write_text(HEAD.format(name=name) + more + body, encoding="utf-8")
    return path


def refused(*targets: Path, folder: Path | None = None) -> tuple[Mistake, ...]:
    with pytest.raises(AuthoringError) as raised:
        read_policies([str(target) for target in targets], folder or targets[0].parent)
    return raised.value.mistakes


def told(mistakes: tuple[Mistake, ...]) -> str:
    return "\n".join(f"{m.where} {m.code} {m.message}; {m.help}" for m in mistakes)


def changed(folder: Path, old: str, new: str, more: str = "") -> Path:
    controls = CONTROL + SIGNED
    assert old in controls
    return pack(folder, "own", more, controls.replace(old, new, 1))


def test_the_pack_is_sound_to_begin_with(tmp_path: Path):
    (read,) = read_policies([str(pack(tmp_path, "own", PARAMETER, CONTROL + SIGNED))], tmp_path).packs
    assert [one.id for one in read.spec.controls] == ["OWN-1", "OWN-2"]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("severity: high", "severity: high\n    severity: low", "own.yaml:13:5 HCG-Y005 key `severity` stands twice; it is already in line 12; keep one of the two"),
        ("    severity: high", "\tseverity: high", "HCG-Y009 a tab stands here; use spaces"),
        ("title: A rule", "title: &a A rule", "own.yaml:6:12 HCG-Y006 anchor `&a` is refused; write the value out"),
        ("severity: high", "severity: *a", "own.yaml:12:15 HCG-Y007 alias `*a` is refused; write the value out"),
        ("severity: high", "severity: !!python/object:os.system {}", "own.yaml:12:15 HCG-Y008 tag `tag:yaml.org,2002:python/object:os.system` is refused; remove the tag"),
        ("confidence: \"0.95\"", "confidence: .nan", "own.yaml:10:42 HCG-Y012 `.nan` is not a finite number; write a finite number, or text in quotes"),
        ("at_most: \"0.10\"", "at_most: .inf", "own.yaml:10:22 HCG-Y012 `.inf` is not a finite number; write a finite number, or text in quotes"),
        ("severity: high", "ѕeverity: high", "own.yaml:12:5 HCG-Y015 this key holds"),
    ],
)  # fmt: skip
def test_yaml_that_misleads(old: str, new: str, says: str, tmp_path: Path):
    assert says in told(refused(changed(tmp_path, old, new)))


def test_a_billion_laughs_are_refused_at_the_first(tmp_path: Path):
    lines = ["a0: &a0 [lol, lol]"]
    lines += [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}, *a{n - 1}, *a{n - 1}]" for n in range(1, 18)]
    file = pack(tmp_path, "own", "\n".join(lines) + "\n", CONTROL)
    mistakes = refused(file)
    assert mistakes[0].code == "HCG-Y006"
    assert str(mistakes[0].where) == "own.yaml:4:5"
    assert len(mistakes) <= 50


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("id: OWN-1", "id: ОWN-1", "own.yaml:5:9 HCG-C006 `id`: `О` (U+041E CYRILLIC CAPITAL LETTER O) looks like `O` and is another letter; write `OWN-1`"),
        ("role:owner", "role:οwner", "looks like `o` and is another letter"),
        ("evaluation.rate_gap", "evaluatiоn.rate_gap", "own.yaml:8:12 HCG-C006 `check`: `о` (U+043E CYRILLIC SMALL LETTER O) looks like `o` and is another letter"),
    ],
)  # fmt: skip
def test_ids_that_look_alike(old: str, new: str, says: str, tmp_path: Path):
    assert says in told(refused(changed(tmp_path, old, new)))


@pytest.mark.parametrize(
    ("old", "new", "where", "says"),
    [
        ("min_people: 30", "min_people: 1_0", "9:81", "a number is written in digits"),
        ("min_people: 30", "min_people: ' 30'", "9:81", "a number is written in digits"),
        ("min_people: 30", "min_people: 12:30:00", "9:81", "should be a valid integer"),
        ("min_people: 30", "min_people: true", "9:81", "a number is needed here, not true"),
        ("min_people: 30", "min_people: no", "9:81", "should be a valid integer"),
        ("min_people: 30", "min_people: 30.5", "9:81", "should be a valid integer"),
        ("min_people: 30", "min_people: null\n      ", None, ""),
        ("max_missing: 0.05", "max_missing: 0_0.05", "9:99", "a number is written in digits"),
        ("max_missing: 0.05", "max_missing: on", "9:99", "should be a valid number"),
        ("max_missing: 0.05", "max_missing: '٠.٠٥'", "9:99", "a number is written in digits"),
        ("by: [age]", "by: [no, 12:30:00]", None, ""),
        ("by: [age]", "by: [1]", "9:63", "should be a valid string"),
        ('at_most: "0.10"', "at_most: 1_0", "10:22", "a number is written in digits"),
        ('at_most: "0.10"', 'at_most: "0.1 "', "10:22", "a number is written in digits"),
        ('at_most: "0.10"', 'at_most: "NaN"', "10:22", "a finite number of ordinary size is needed"),
        ('at_most: "0.10"', 'at_most: "Infinity"', "10:22", "a finite number of ordinary size is needed"),
        ('at_most: "0.10"', "at_most: yes", "10:22", "should be a valid decimal"),
        ('at_most: "0.10"', "at_most: true", "10:22", "a limit is a number"),
        ('at_most: "0.10"', 'at_most: "1.5"', "10:13", "`at_most: 1.5` can never fail"),
        ('at_most: "0.10"', 'at_most: "-0.1"', "11:5", "`narrow` must lie inside the limit, on the same side"),
        ('{at_most: "0.10",', '{at_least: "0.10",', "11:5", "`narrow` must lie inside the limit, on the same side"),
        ('confidence: "0.95"', "confidence: 95", "10:42", "less than or equal to"),
        ('narrow: {at_most: "0.05"}', 'narrow: {at_most: "0.11"}', "11:5", "`narrow` must lie inside the limit, on the same side"),
        ('narrow: {at_most: "0.05"}', 'narrow: {at_most: "0.05", at_least: "0.01"}', "11:5", "`narrow` takes exactly one of"),
        ("max_age: P30D", "max_age: 12:30:00", "14:64", "`evidence.0.max_age`"),
        ("max_age: P30D", "max_age: P0D", "14:64", "`evidence.0.max_age`"),
        ("enforcement: mandatory", "enforcement: {high: mandatory, els: advisory}", "13:36", "unknown key `els`"),
        ("source: organisation", "source: organisation\n    effective_from: 12:30:00", "18:21", "`effective_from`"),
        ("source: organisation", "source: organisation\n    effective_from: 2027-1-31", "18:21", "`effective_from`"),
        ("source: organisation", "source: organisation\n    applies_when: {fact: system.age, between: [17, 0]}", "18:47", "`between: [17, 0]` is empty"),
        ("source: organisation", "source: organisation\n    applies_when: {fact: system.age, ge: 1_7}", "18:42", "`ge` takes a number"),
        ("source: organisation", "source: organisation\n    applies_when: {fact: system.age, present: no}", "18:47", "`present` takes true or false"),
    ],
)  # fmt: skip
def test_values_that_are_not_what_they_seem(old: str, new: str, where: str | None, says: str, tmp_path: Path):
    file = changed(tmp_path, old, new)
    if where is None:  # nothing is wrong: text is text
        assert read_policies([str(file)], tmp_path).packs
        return
    mistakes = refused(file)
    assert any(says in m.message and str(m.where) == f"own.yaml:{where}" for m in mistakes), told(mistakes)


@pytest.mark.parametrize(
    ("head", "says"),
    [
        ("hcgov: true", "own.yaml:1:8 HCG-C006 `hcgov`: a whole number is needed here, not true"),
        ("hcgov: 1.0", "own.yaml:1:8 HCG-C006 `hcgov`: a whole number is needed here, not 1.0"),
        ('hcgov: "1"', "own.yaml:1:8 HCG-C006 `hcgov`"),
        ("hcgov: 2", "own.yaml:1:8 HCG-C006 `hcgov`"),
    ],
)
def test_the_language_has_one_major_version(head: str, says: str, tmp_path: Path):
    file = pack(tmp_path, "own", controls=CONTROL)
    file.write_text(file.read_text(encoding="utf-8").replace("hcgov: 1", head, 1), encoding="utf-8")
    assert says in told(refused(file))


@pytest.mark.parametrize(
    ("declared", "says"),
    [
        ("{type: ratio, default: 1_0, stricter: lower}", "own.yaml:4:46 HCG-R008 parameter `max_gap`: its default is no finite number"),
        ("{type: ratio, default: 1.2, stricter: lower}", "own.yaml:4:46 HCG-R008 parameter `max_gap`: its default is 1.2, and a ratio lies between 0 and 1"),
        ("{type: integer, default: 12:30:00, stricter: lower}", "HCG-R008 parameter `max_gap`: its default is no finite number"),
        ("{type: boolean, default: no, stricter: none}", "HCG-R008 parameter `max_gap`: its default is neither true nor false"),
        ("{type: number, default: 3, minimum: 5, maximum: 1, stricter: lower}", "HCG-R008 parameter `max_gap`: nothing lies between 5 and 1; exchange `minimum` and `maximum`"),
        ("{type: number, default: 3, minimum: .nan, stricter: lower}", "HCG-Y012 `.nan` is not a finite number"),
        ("{type: number, default: 3, minimum: 1_0, stricter: lower}", "a number is written in digits"),
        ("{type: time, default: 12:30:00, stricter: lower}", "own.yaml:4:30 HCG-C006 `parameters.max_gap.type`"),
    ],
)  # fmt: skip
def test_parameters_that_make_no_sense(declared: str, says: str, tmp_path: Path):
    file = pack(tmp_path, "own", f"parameters: {{max_gap: {declared}}}\n", CONTROL)
    assert says in told(refused(file))


# Packs that extend others


LOOSER = {
    "a limit": 'limit.at_most: "0.11"',
    "its confidence": 'limit.confidence: "0.90"',
    "people in a slice": "with.slices.min_people: 10",
    "missing rows": 'with.max_missing: "0.2"',
    "fewer groups": "with.slices.by: []",
    "enforcement": "enforcement: overridable",
    "severity": "severity: low",
    "small slices": "small_slices: list, small_slices_reason: there are few",
    "a condition": "applies_when: {fact: system.users, eq: internal}",
    "a later day": "effective_from: 2030-01-01",
    "fewer signatures": "evidence: [{signed_by: [role:runner], max_age: P30D}]",
    "older signatures": "evidence: [{signed_by: [role:runner, role:owner], max_age: P90D}]",
    "no signatures": "evidence: null",
    "no limit kept": "narrow: null",
}


@pytest.mark.parametrize("what", LOOSER)
def test_nothing_is_loosened_without_leave(what: str, tmp_path: Path):
    pack(tmp_path, "base", PARAMETER, CONTROL + SIGNED)
    head = "extends: [{pack: base.yaml}]\noverrides:\n  - control: OWN-1\n    reason: easier\n"
    file = pack(tmp_path, "top", f"{head}    set: {{{LOOSER[what]}}}\n")
    mistakes = refused(file)
    assert all(m.where is not None for m in mistakes)
    assert any(str(m.where) == "top.yaml:8:5" or str(m.where).startswith("top.yaml:8:") for m in mistakes)
    if what == "fewer groups":
        return  # an empty list is refused by the check before it is compared
    assert "HCG-R018" in told(mistakes)
    assert "add `loosen: {reason: …, approved_by: …}`" in told(mistakes)
    file.write_text(
        file.read_text(encoding="utf-8") + "    loosen: {reason: a pilot, approved_by: jane@x.example}\n",
        encoding="utf-8",
    )
    assert read_policies([str(file)], tmp_path).packs


def test_a_mandatory_control_that_is_disabled_blocks(copy: Copy):
    pack(copy.root, "own", "extends: [{pack: hc-core@0}]\n"
         "disabled: [{control: HC-DSN-01, reason: no time, approved_by: jane@x.example}]\n")  # fmt: skip
    copy.manifest("policies: [hc-core]", "policies: [own.yaml]")
    ended = copy.check("HC-DSN-01", "HC-DSN-02")
    assert ended.verdicts == {"HC-DSN-01": "not_evaluated", "HC-DSN-02": "pass"}
    assert ended.code == 1


def test_disabling_what_is_not_there_names_the_nearest(tmp_path: Path):
    pack(tmp_path, "base", "", CONTROL)
    file = pack(tmp_path, "top", "extends: [{pack: base.yaml}]\n"
                "disabled: [{control: OWN-11, reason: no time, approved_by: jane@x.example}]\n")  # fmt: skip
    assert (
        told(refused(file))
        == "top.yaml:5:22 HCG-R002 there is no control `OWN-11` to change; did you mean `OWN-1`?"
    )


def test_many_overrides_of_controls_that_are_not_there_are_told_soon(tmp_path: Path):
    controls = "".join(CONTROL.replace("OWN-1", f"OWN-{n:04d}") for n in range(600))
    pack(tmp_path, "base", "", controls)
    entries = "".join(
        f"  - {{control: ONW-{n:04d}, set: {{severity: high}}, reason: why}}\n" for n in range(600)
    )
    file = pack(tmp_path, "top", f"extends: [{{pack: base.yaml}}]\noverrides:\n{entries}")
    mistakes = refused(file)
    assert len(mistakes) == 600
    assert str(mistakes[599].where) == "top.yaml:605:15"


def test_a_hundred_packs_that_extend_one_another_are_too_many(tmp_path: Path):
    pack(tmp_path, "p0", "", CONTROL)
    for n in range(1, 101):
        pack(tmp_path, f"p{n}", f"extends: [{{pack: p{n - 1}.yaml}}]\n")
    (one,) = refused(tmp_path / "p100.yaml")
    assert (one.code, str(one.where)) == ("HCG-R014", "p84.yaml:4:18")
    assert one.help == "extend fewer packs"


def test_a_pack_that_is_not_what_the_lock_pins_stops_the_check(copy: Copy):
    pack(copy.root, "own", "extends: [{pack: hc-core@0}]\n")
    copy.manifest("policies: [hc-core]", "policies: [own.yaml]")
    write_lock(copy.root)
    assert copy.check("HC-DSN-01").verdicts == {"HC-DSN-01": "pass"}
    copy.replace("own.yaml", "title: A pack", "title: A pact")
    ended = copy.check("HC-DSN-01")
    assert ended.code == 2
    (one,) = ended.mistakes
    assert (
        one.message
        == "`own.yaml` is not what the lock pins: its bytes changed, and its version is still 1.0.0"
    )
    assert str(one.where).startswith("hcgov.lock:")
    assert "hcgov policy lock" in one.help


# Files that are none


def test_links_do_not_lead_a_pack_out_of_the_project(tmp_path: Path):
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()
    pack(outside, "base", "", CONTROL)
    (inside / "base.yaml").symlink_to(outside / "base.yaml")
    (inside / "folder").symlink_to(outside, target_is_directory=True)
    (inside / "loop").symlink_to(inside / "loop")
    for n, name in enumerate(("base.yaml", "folder/base.yaml", "folder", "loop/x.yaml", "/etc/passwd.yaml")):
        file = pack(inside, f"top{n}", f"extends: [{{pack: {name}}}]\n")
        (one,) = refused(file)
        assert (one.code, str(one.where), one.help) == (
            "HCG-C012",
            f"top{n}.yaml:4:18",
            "copy it into the project",
        )


def folder_of(tmp_path: Path) -> Path:
    folder = tmp_path / "rules"
    folder.mkdir()
    pack(folder, "pack", "", CONTROL)
    return folder


def test_a_pipe_in_the_folder_of_a_pack_is_not_waited_for(tmp_path: Path):
    folder = folder_of(tmp_path)
    os.mkfifo(folder / "more.yaml")
    (one,) = refused(folder)
    assert one.code == "HCG-C001"
    assert "rules/more.yaml" in one.message
    assert one.help


@pytest.mark.parametrize("target", ["/dev/zero", "/etc/hostname", "missing.yaml"])
def test_a_link_in_the_folder_of_a_pack_leads_nowhere_else(target: str, tmp_path: Path):
    folder = folder_of(tmp_path)
    (folder / "more.yaml").symlink_to(target)
    (one,) = refused(folder)
    assert one.code in ("HCG-C001", "HCG-C012")
    assert "rules/more.yaml" in one.message


def test_a_folder_named_like_a_file_of_a_pack_is_refused(tmp_path: Path):
    folder = folder_of(tmp_path)
    (folder / "more.yaml").mkdir()
    (one,) = refused(folder)
    assert "rules/more.yaml" in one.message


def test_a_folder_without_its_head_is_no_pack(tmp_path: Path):
    folder = folder_of(tmp_path)
    (folder / "pack.yaml").rename(folder / "own.yaml")
    assert "rules/pack.yaml" in told(refused(folder))


@pytest.mark.parametrize("language", ["true", "1.0", '"1"', "2"])
def test_further_controls_say_their_language_as_well(language: str, tmp_path: Path):
    folder = folder_of(tmp_path)
    (folder / "more.yaml").write_text(
        f"hcgov: {language}\nkind: PolicyControls\ncontrols:\n{SIGNED}", encoding="utf-8"
    )
    assert "rules/more.yaml:1:1 HCG-R016" in told(refused(folder))


def test_two_megabytes_in_the_folder_of_a_pack_are_not_read(tmp_path: Path):
    folder = folder_of(tmp_path)
    text = "hcgov: 1\nkind: PolicyControls\ncontrols:\n" + SIGNED + "# " + "x" * (2 << 20) + "\n"
    (folder / "more.yaml").write_text(text, encoding="utf-8")
    (one,) = refused(folder)
    assert (one.code, str(one.where)) == ("HCG-Y003", "rules/more.yaml:1:1")
    assert one.help


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_any_line_ends_and_a_byte_order_mark_are_read_and_keep_places(ends: str, mark: bytes, tmp_path: Path):
    file = pack(tmp_path, "own", "", CONTROL)
    text = file.read_text(encoding="utf-8").replace("\n", ends)
    file.write_bytes(mark + text.encode())
    assert read_policies([str(file)], tmp_path).packs[0].spec.controls[0].id == "OWN-1"
    file.write_bytes(mark + text.replace("severity: high", "severity: hihg").encode())
    (one,) = refused(file)
    assert str(one.where) == "own.yaml:12:15"


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ("acme_rules:gone", "cannot read"),
        ("acme_gone", "there is no policy pack `org.acme`"),
        ("acme_rules:../../outside", "outside the package"),
        ("acme_rules:empty", "empty/pack.yaml"),
    ],
)
def test_an_installed_pack_whose_path_is_broken(
    entry: str, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    site = tmp_path / "site"
    (site / "acme_rules" / "empty").mkdir(parents=True)
    (site / "acme_rules" / "__init__.py").write_text("raise RuntimeError('this must not run')\n")
    pack(tmp_path, "outside", "", CONTROL).rename(tmp_path / "outside")
    info = site / "acme_rules-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-rules\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[{GROUP}]\norg.acme = {entry}\n")
    monkeypatch.syspath_prepend(str(site))
    file = pack(tmp_path, "top", "extends: [{pack: org.acme@1}]\n")
    mistakes = refused(file)
    assert says in told(mistakes), told(mistakes)
    assert all(m.help for m in mistakes)
