"""Any one artifact of the green example, broken in any way, never leaves the gate green.

Two breakages cannot be noticed and are the documented limits of that law, each with a test of its own: a table
without a pinned digest that was cut at the end of a row, and a kind of the released artifact, of which only the
digest is used.
"""

from pathlib import Path

import pytest

from hcgov.app.gather import artifact_of
from hcgov.app.project import load_project
from hcgov.core.evidence.counts import OverlapOf
from hcgov.core.evidence.documents import SubjectOf
from hcgov.core.evidence.metrics import EstimatesOf, ExpectationsOf
from tests.app.breaking import ANSWERS, GREEN, PATHS, READ_BY, TABLES, Copy, readers

EVERYTHING = (*PATHS, *ANSWERS)
LFS_POINTER = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'a' * 64}\nsize 170255\n"


def delete(path: Path) -> None:
    path.unlink()


def empty(path: Path) -> None:
    path.write_bytes(b"")


def halve(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def point(path: Path) -> None:
    path.write_text(LFS_POINTER)


def garble(path: Path) -> None:
    content = path.read_bytes()
    half = len(content) // 2
    path.write_bytes(content[:half] + b"\xe9\xff" + content[half:])


def recode(path: Path) -> None:
    path.write_bytes(path.read_text(encoding="utf-8").encode("utf-16"))


def into_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


BREAKAGES = {
    delete: "there is no `{path}`",
    empty: "`{path}` is empty (0 bytes)",
    point: "`{path}` is a Git LFS pointer",
    garble: "not UTF-8",
    recode: "not UTF-8",
    into_folder: "folder",
}
"""What is said of each; halves of files differ and have tables of their own below."""

SAID = {
    # An answer that nobody gave yet waits for a person, and so does a sign-off.
    **{(name, delete): "not answered yet" for name in ANSWERS},
    # Of what is released only the digest is read: any other bytes are another build.
    ("assistant", garble): "another build was signed",
    ("assistant", recode): "another build was signed",
}

VERDICTS = {(name, delete): "pending" for name in (*ANSWERS, "signoff")}


def test_the_tables_of_this_file_are_the_manifest_and_the_plan():
    loaded = load_project(GREEN)
    project = loaded.manifest.project
    assert {name: artifact.path for name, artifact in project.artifacts.items()} == PATHS
    read: dict[str, list[str]] = {name: [] for name in EVERYTHING}
    for control in loaded.plan.controls:
        for request in control.requests.values():
            if isinstance(request, EstimatesOf):
                continue
            names = {artifact_of(request)} if not isinstance(request, SubjectOf) else set(project.subject)
            names |= {request.listed} if isinstance(request, OverlapOf) else set()
            names |= {str(request.suite)} if isinstance(request, ExpectationsOf) else set()
            for name in names:
                read[name].append(control.spec.id)
    assert {name: tuple(ids) for name, ids in read.items()} == READ_BY


@pytest.mark.parametrize("breakage", BREAKAGES, ids=lambda one: one.__name__)
@pytest.mark.parametrize("artifact", EVERYTHING)
def test_a_broken_file_leaves_every_control_that_reads_it_undecided(artifact, breakage, copy: Copy):
    copy.unpin(artifact)
    breakage(copy.file(artifact))
    ended = copy.check(*readers(artifact))
    assert ended.code == 3
    verdict = VERDICTS.get((artifact, breakage), "missing")
    assert ended.verdicts == dict.fromkeys(readers(artifact), verdict)
    said = SAID.get((artifact, breakage), BREAKAGES[breakage].format(path=(PATHS | ANSWERS)[artifact]))
    assert said.casefold() in ended.told().casefold()
    assert not ended.crashes


# Half of a document that people write is a document in which something is missing, and the control says what.
# Half of a record that machines write is no record.
HALVES = {
    "assistant": (3, "another build was signed"),
    "stakeholders": (1, "developers[1]: a mapping of keys is needed here"),
    "purpose": (1, "`alternative` is missing or empty"),
    "dataset_card": (1, "there is no section like `Curation Rationale`"),
    "datasheet": (1, "there is no section like `Preprocessing`"),
    "croissant": (3, "this is not valid JSON"),
    "quality_suite": (3, "this is not valid JSON"),
    "population_target": (3, "this is not valid YAML"),
    "training_data": (3, "line 353 of `data/tickets.jsonl` is not JSON"),
    "training_run": (3, "this is not valid JSON"),
    "predictions": (3, "line 1371 of `evaluation/suggestions.csv` has 2 fields where 7 are expected"),
    "model_card": (1, "there is no section like `Uses`"),
    "signoff": (1, "signatures[1].meaning"),
    "purpose-and-people": (3, "PP-05: not answered yet"),
    "data-rights": (3, "DR-04: the answer has no name or no role"),
    "release-readiness": (3, "this is not valid YAML"),
}


@pytest.mark.parametrize(("artifact", "code", "said"), [(name, *ends) for name, ends in HALVES.items()])
def test_half_a_file_is_not_taken_for_the_whole(artifact, code, said, copy: Copy):
    copy.unpin(artifact)
    halve(copy.file(artifact))
    ended = copy.check(*readers(artifact))
    assert ended.code == code
    assert said in ended.told()
    assert "pass" not in {ended.verdicts[id_] for id_ in readers(artifact)[:1]}


def test_only_a_pin_notices_a_list_cut_short_where_it_still_reads_as_a_list(copy: Copy):
    halve(copy.file("withdrawals"))
    assert copy.check("HC-DAT-05").code == 4
    copy.manifest("    sha256: b0c11d8be598f4ccc80fb83838de62ac3b458edec7a2da906f261314ed5e6c56\n", "")
    ended = copy.check("HC-DAT-05")
    # The limit of the law: fewer withdrawals are a list of withdrawals as good as any. The record says so.
    assert ended.code == 0
    assert [notice.code for notice in ended.report.notices] == ["HCG-N102"]


def test_a_table_cut_at_the_end_of_a_row_is_noticed_where_numbers_or_digests_depend_on_it(copy: Copy):
    for artifact in ("training_data", "predictions"):
        copy.unpin(artifact)
        lines = copy.file(artifact).read_text(encoding="utf-8").splitlines(keepends=True)
        copy.file(artifact).write_text("".join(lines[: len(lines) // 2]), encoding="utf-8")
    ended = copy.check("HC-TRN-02", "HC-EVL", "HC-DEP-02")
    assert ended.code == 1
    assert ended.verdicts["HC-TRN-02"] == "fail"
    assert ended.verdicts["HC-DEP-02"] == "fail"


@pytest.mark.parametrize("breakage", [halve, garble, recode], ids=lambda one: one.__name__)
@pytest.mark.parametrize("artifact", TABLES)
def test_a_pinned_file_with_other_bytes_is_a_matter_of_integrity(artifact, breakage, copy: Copy):
    breakage(copy.file(artifact))
    ended = copy.check(*readers(artifact))
    assert ended.code == 4
    assert set(ended.verdicts.values()) == {"missing"}


@pytest.mark.parametrize("breakage", [delete, empty, point, into_folder], ids=lambda one: one.__name__)
@pytest.mark.parametrize("artifact", TABLES)
def test_a_pinned_file_without_content_is_missing(artifact, breakage, copy: Copy):
    breakage(copy.file(artifact))
    ended = copy.check(*readers(artifact))
    assert ended.code == 3
    assert set(ended.verdicts.values()) == {"missing"}


@pytest.mark.parametrize("artifact", PATHS)
def test_another_digest_than_the_pinned_one_leaves_with_4(artifact, copy: Copy):
    copy.unpin(artifact)
    entry, wrong = f"path: {PATHS[artifact]}", "0" * 64
    inline = f"{entry}}}" in (copy.root / "hcgov.yaml").read_text(encoding="utf-8")
    copy.manifest(entry, f"{entry}, sha256: '{wrong}'" if inline else f"{entry}\n    sha256: '{wrong}'")
    ended = copy.check(*readers(artifact))
    assert ended.code == 4
    assert set(ended.verdicts.values()) == {"missing"}
    assert f"but the manifest pins {wrong}" in ended.told()
    assert artifact in ended.report.decision.reason


def test_integrity_goes_before_failure(copy: Copy):
    halve(copy.file("predictions"))
    halve(copy.file("purpose"))
    ended = copy.check("HC-DSN-02", "HC-EVL-01")
    assert ended.verdicts == {"HC-DSN-02": "fail", "HC-EVL-01": "missing"}
    assert (ended.code, ended.report.decision.value) == (4, "failed")


WHOLE = [
    (delete, "datasheet", 3),
    (empty, "training_data", 3),
    (halve, "model_card", 1),
    (point, "predictions", 3),
    (recode, "signoff", 3),
    (into_folder, "training_run", 3),
    (delete, "release-readiness", 3),
    (garble, "withdrawals", 4),
]


@pytest.mark.parametrize(
    ("breakage", "artifact", "code"), WHOLE, ids=[f"{b.__name__}-{name}" for b, name, _ in WHOLE]
)
def test_one_broken_artifact_opens_the_controls_that_read_it_and_no_other(
    breakage, artifact, code, copy: Copy
):
    breakage(copy.file(artifact))
    ended = copy.check()
    assert ended.code == code
    # The numbers on the card are held against what was measured, so they stand or fall with the predictions.
    knock_on = {"HC-DEP-02"} if artifact == "predictions" else set()
    halved = {"HC-DEP-01"} if (breakage, artifact) == (halve, "model_card") else set(READ_BY[artifact])
    assert set(ended.open) - {"HC-DEP-02"} == halved - {"HC-DEP-02"}
    assert knock_on <= set(ended.open)
