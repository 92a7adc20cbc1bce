"""Mistakes in the manifest: each is told with its place and the nearest name; nothing is evaluated."""

import pytest

from tests.app.breaking import ANSWERS, PATHS, READ_BY, TABLES, Copy, readers

DOCUMENTS = tuple(name for name in PATHS if name not in (*TABLES, "assistant"))


def misspelt(name: str) -> str:
    return f"{name[:2]}{name[3:]}"


@pytest.mark.parametrize("artifact", [name for name in PATHS if name != "assistant"])
def test_an_artifact_under_a_misspelt_name_is_missing_and_the_nearest_is_named(artifact, copy: Copy):
    copy.manifest(f"\n  {artifact}:", f"\n  {misspelt(artifact)}:")
    ended = copy.check(*readers(artifact))
    assert ended.code == 3
    verdict = "pending" if artifact == "signoff" else "missing"
    assert ended.verdicts == dict.fromkeys(readers(artifact), verdict)
    assert f"names no artifact `{artifact}`" in ended.told()
    assert f"did you mean `{misspelt(artifact)}`?" in ended.told()


def test_a_released_artifact_under_a_misspelt_name_is_an_authoring_mistake(copy: Copy):
    copy.manifest("\n  assistant:", "\n  asistant:")
    ended = copy.check("HC-DEP-04")
    assert ended.code == 2
    assert ended.told() == (
        "hcgov.yaml:17:11 HCG-C011 subject `assistant` is not an artifact; did you mean `asistant`?"
    )


@pytest.mark.parametrize("artifact", PATHS)
def test_a_misspelt_key_of_an_artifact_is_an_authoring_mistake(artifact, copy: Copy):
    copy.manifest(f"path: {PATHS[artifact]}", f"pth: {PATHS[artifact]}")
    ended = copy.check(*readers(artifact))
    assert ended.code == 2
    assert [(m.code, m.message, m.help) for m in ended.mistakes] == [
        ("HCG-C004", "unknown key `pth` in the manifest", "did you mean `path`?")
    ]
    assert ended.mistakes[0].where.source[ended.mistakes[0].where.column - 1 :].startswith("pth:")


@pytest.mark.parametrize("artifact", PATHS)
def test_an_unknown_kind_is_an_authoring_mistake(artifact, copy: Copy):
    manifest = (copy.root / "hcgov.yaml").read_text(encoding="utf-8")
    kind = manifest.partition(f"\n  {artifact}:")[2].partition("kind: ")[2].split()[0].rstrip(",")
    start = manifest.index(f"kind: {kind}", manifest.index(f"\n  {artifact}:"))
    (copy.root / "hcgov.yaml").write_text(
        f"{manifest[:start]}kind: {kind}s{manifest[start + len(kind) + 6 :]}", encoding="utf-8"
    )
    ended = copy.check(*readers(artifact))
    assert ended.code == 2
    assert ended.mistakes[0].message == f"`artifacts.{artifact}.kind`: there is no kind `{kind}s`"
    assert ended.mistakes[0].help == f"did you mean `{kind}`?"
    assert ended.mistakes[0].where.source[ended.mistakes[0].where.column - 1 :].startswith(f"{kind}s")


@pytest.mark.parametrize(
    ("artifact", "kind", "other"),
    [
        ("stakeholders", "record", "datasheet"),
        ("purpose", "record", "table"),
        ("dataset_card", "dataset_card", "model_card"),
        ("datasheet", "datasheet", "dataset_card"),
        ("croissant", "croissant", "record"),
        ("quality_suite", "expectation_suite", "record"),
        ("population_target", "record", "expectation_suite"),
        ("training_run", "run", "record"),
        ("model_card", "model_card", "dataset_card"),
        ("signoff", "record", "file"),
    ],
)
def test_a_document_of_another_kind_is_not_the_one_that_is_asked_for(artifact, kind, other, copy: Copy):
    old = f"{artifact}:\n    kind: {kind}" if artifact == "training_run" else f"{artifact}: {{kind: {kind}"
    copy.manifest(old, old.removesuffix(kind) + other)
    ended = copy.check(*readers(artifact))
    assert ended.code == 3
    assert "pass" not in ended.verdicts.values()
    assert f"artifact `{artifact}` is a {other}; this control reads a {kind}" in ended.told()


@pytest.mark.parametrize("artifact", TABLES)
def test_a_table_that_is_declared_as_something_else_is_an_authoring_mistake(artifact, copy: Copy):
    copy.manifest(f"  {artifact}:\n    kind: table", f"  {artifact}:\n    kind: record")
    ended = copy.check(*readers(artifact))
    assert ended.code == 2
    assert f"HCG-N001 `{artifact}` is a record, but a control reads it as a table" in ended.told()
    # What only tables have is unknown to a record, which is told beside it.
    assert "HCG-C004 unknown key `roles`" in ended.told()


def test_the_kind_of_what_is_released_changes_nothing_as_only_its_digest_is_read(copy: Copy):
    copy.manifest("kind: file", "kind: record")
    assert copy.check("HC-DEP-04").code == 0


@pytest.mark.parametrize("path", ["../elsewhere.txt", "/etc/hostname", "data/../../elsewhere.txt"])
@pytest.mark.parametrize("artifact", PATHS)
def test_a_path_outside_the_project_is_an_authoring_mistake(artifact, path, copy: Copy):
    (copy.root.parent / "elsewhere.txt").write_text("not yours")
    copy.manifest(f"path: {PATHS[artifact]}", f"path: {path}")
    ended = copy.check(*readers(artifact))
    assert ended.code == 2
    assert [(m.code, m.message) for m in ended.mistakes] == [
        ("HCG-C014", f"`{path}` leads outside the project")
    ]
    where = ended.mistakes[0].where
    assert where.source[where.column - 1 :].startswith(path)


def test_a_link_that_leads_outside_the_project_is_an_authoring_mistake_too(copy: Copy):
    (copy.root.parent / "elsewhere.md").write_text("not yours")
    copy.file("datasheet").unlink()
    copy.file("datasheet").symlink_to(copy.root.parent / "elsewhere.md")
    ended = copy.check("HC-DAT-02")
    assert (ended.code, [m.code for m in ended.mistakes]) == (2, ["HCG-C014"])


def test_answers_outside_the_project_are_an_authoring_mistake(copy: Copy):
    copy.manifest("answers: answers", "answers: ../answers")
    ended = copy.check("HC-DSN-03")
    assert (ended.code, [str(m.where) for m in ended.mistakes]) == (2, ["hcgov.yaml:18:10"])


def test_answers_in_a_folder_that_is_not_there_are_pending(copy: Copy):
    copy.manifest("answers: answers", "answers: answer")
    ended = copy.check(*(READ_BY[name][0] for name in ANSWERS))
    assert (ended.code, set(ended.verdicts.values())) == (3, {"pending"})


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("label: label,", "label: lable,", "hcgov.yaml:60:20 HCG-N003 table `predictions` has no column `lable`"),
        ("label: label,", "lable: label,", "hcgov.yaml:60:13 HCG-C004 unknown key `lable` in the manifest"),
        ("{column: correct,", "{column: corect,", "hcgov.yaml:64:25 HCG-N003 table `predictions` has no column"),
        ("  predictions:\n", "  predictions:\n    outcoms: {}\n", "hcgov.yaml:54:5 HCG-C004 unknown key `outcoms`"),
        (
            "[language_variety, age_band]",
            "[langauge_variety, age_band]",
            "hcgov.yaml:20:8 HCG-N005 slice column `langauge_variety` is not in table `predictions`",
        ),
        ("by: [language_variety, age_band]", "by: []", "HCG-N004 HC-EVL-01 compares slices, but no slice column"),
        ("      correct: {c", "      corect: {c", "HCG-N006 HC-EVL-04: table `predictions` has no outcome"),
        ("prediction: {adverse: lower}", "prediction: {}", "HCG-N007 HC-EVL-01: it is not said whether people"),
        ("policies: [hc-core]", "policies: [hc-croe]", "hcgov.yaml:16:12 HCG-C013 there is no policy pack"),
        ("policies: [hc-core]", "policies: []", "hcgov.yaml:16:11 HCG-C006 `policies`"),
        ("policies: [hc-core]", "policies: [../core.yaml]", "hcgov.yaml:16:12 HCG-C012 policy `../core.yaml`"),
        ("policies: [hc-core]", "policies: [own.yaml]", "HCG-C001 cannot read `own.yaml`"),
        ("risk_profile: high", "risk_profile: hihg", "hcgov.yaml:7:17 HCG-C006 `system.risk_profile`"),
        ("min_people: 30", "min_people: many", "hcgov.yaml:22:15 HCG-C006 `slices.min_people`"),
        ("min_people: 30", "min_people: 0", "hcgov.yaml:22:15 HCG-C006 `slices.min_people`"),
        ("artifacts:", "artefacts:", "hcgov.yaml:23:1 HCG-C004 unknown key `artefacts` in the manifest"),
        ("subject: [assistant]", "waivers: gone.yaml", "hcgov.yaml:17:10 HCG-W001 cannot read `gone.yaml`"),
        ("subject: [assistant]", "baseline: gone.yaml", "hcgov.yaml:17:11 HCG-B001 cannot read `gone.yaml`"),
        ("hcgov: 1", "hcgov: 2", "hcgov.yaml:2:8 HCG-C006 `hcgov`"),
        ("cross: 2", "cross: 2\n  cross: 1", "hcgov.yaml:22:3 HCG-Y005 key `cross` stands twice"),
        ("cross: 2", "\tcross: 2", "HCG-Y009 a tab stands here"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_manifest_is_told_with_its_place(old, new, told, copy: Copy):
    copy.manifest(old, new)
    ended = copy.check()
    assert ended.code == 2
    assert told in ended.told()
    assert ended.report is None


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "HCG-Y004"),
        (b"- 1\n", "HCG-C002"),
        (b"\xff\xfeh\x00", "HCG-Y002"),
        (b"a: &x 1\nb: *x\n", "HCG-Y006"),
    ],
)
def test_a_manifest_that_is_none_is_told_and_its_policies_are_not_guessed(content, code, copy: Copy):
    (copy.root / "hcgov.yaml").write_bytes(content)
    ended = copy.check()
    assert ended.code == 2
    assert ended.mistakes[0].code == code


def test_a_folder_without_manifest_is_told_with_what_to_do(copy: Copy):
    (copy.root / "hcgov.yaml").unlink()
    ended = copy.check()
    assert ended.code == 2
    assert "cannot read `hcgov.yaml`" in ended.told()
    assert "hcgov init" in ended.told()
