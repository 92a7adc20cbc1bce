"""Long tables as checks are given them: read once, people joined, withdrawn consent out of every number."""

from pathlib import Path

import pytest

from hcgov.app.judgments import judgment_mistakes, long_of
from hcgov.app.longs import Asked, read
from hcgov.core.evidence.absent import Absence, Absent
from hcgov.core.evidence.long import LeftOut, Long, LongOf
from hcgov.core.long_tables import LongKind
from hcgov.core.mistake import AuthoringError
from hcgov.io.manifest import load_manifest

LABELS = """comment,worker,toxic,status
c1,w1,yes,submitted
c1,w2,no,submitted
c2,w1,no,draft
c2,w3,yes,submitted
c2,,yes,submitted
"""
PEOPLE = """annotator,consent,gender
w1,given,woman
w2,given,prefer not to say
w3,revoked,man
"""
MANIFEST = """
hcgov: 1
kind: Project
system: {name: Study, version: "1", risk_profile: standard}
policies: [hc-core]
slices: {by: [gender]}
artifacts:
  labels:
    kind: annotations
    path: labels.csv
    annotators: people
    columns: {item: comment, annotator: worker, label: toxic}
  people: {kind: annotators, path: people.csv}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "labels.csv").write_text(LABELS)
    (tmp_path / "people.csv").write_text(PEOPLE)
    (tmp_path / "hcgov.yaml").write_text(MANIFEST)
    return tmp_path


def names(long: Long, column: str) -> list[str | None]:
    found = long.groups[column] if column in long.groups else long.codes(column)
    return [None if code < 0 else found.names[code] for code in found.codes]


def ask(project: Path, **kwargs: object) -> object:
    request = LongOf(**{"table": "labels", "kind": LongKind.ANNOTATIONS, "needs": ("label",), **kwargs})  # type: ignore[arg-type]
    return long_of(request.table, [request], load_manifest(project))[request]


def test_a_table_with_its_people(project: Path) -> None:
    long = ask(project, needs=("item", "annotator", "label"))
    assert isinstance(long, Long)
    assert long.rows == 2
    assert names(long, "label") == ["yes", "no"]
    assert names(long, "gender") == ["woman", "prefer not to say"]
    assert long.left_out == (
        LeftOut(why="withdrawn", rows=1, people=1),
        LeftOut(why="draft", rows=1, people=1),
        LeftOut(why="no_annotator", rows=1, people=0),
    )
    assert [s.artifact for s in (long.source, *long.further)] == ["labels", "people"]


def test_who_withdrew_is_in_no_list_of_names(project: Path) -> None:
    long = ask(project, needs=("annotator",))
    assert isinstance(long, Long)
    assert long.codes("annotator").names == ("w1", "w2")
    assert long.groups["gender"].names == ("prefer not to say", "woman")


def test_a_column_that_is_not_there_is_missing_evidence(project: Path) -> None:
    absent = ask(project, needs=("gold_label",))
    assert isinstance(absent, Absent)
    assert absent.reason is Absence.NOT_DECLARED
    assert "gold_label" in str(absent.detail)


def test_a_mapped_column_that_the_file_does_not_have_is_told_with_the_nearest(project: Path) -> None:
    (project / "hcgov.yaml").write_text(MANIFEST.replace("item: comment", "item: coment"))
    absent = ask(project)
    assert isinstance(absent, Absent)
    assert "did you mean `comment`" in str(absent.detail)


def test_a_person_who_is_described_twice_is_refused(project: Path) -> None:
    (project / "people.csv").write_text(PEOPLE + "w1,given,man\n")
    absent = ask(project)
    assert isinstance(absent, Absent)
    assert "more than once" in str(absent.detail)


def test_another_kind_of_artifact_is_told(project: Path) -> None:
    absent = ask(project, table="people")
    assert isinstance(absent, Absent)
    assert absent.reason is Absence.WRONG_KIND


def test_a_mapping_in_a_file_of_its_own(project: Path) -> None:
    (project / "map.yaml").write_text(
        "columns: {item: comment, annotator: worker, label: toxic}\nscale: nominal\n"
    )
    own = "    columns: {item: comment, annotator: worker, label: toxic}\n"
    (project / "hcgov.yaml").write_text(MANIFEST.replace(own, "    mapping: map.yaml\n"))
    long = ask(project)
    assert isinstance(long, Long)
    assert [s.artifact for s in (long.source, *long.further)] == ["labels", "labels (mapping)", "people"]


def test_one_row_a_question_where_a_file_has_a_column_a_question(tmp_path: Path) -> None:
    (tmp_path / "wide.csv").write_text("item,annotator,harm,bias\ni1,a,1,0\ni1,b,,1\n")
    (tmp_path / "map.yaml").write_text("questions: {harm: harm, bias: bias}\n")
    asked = Asked(target=tmp_path / "wide.csv", mapping=tmp_path / "map.yaml")
    long = read(asked, LongKind.ANNOTATIONS)
    assert names(long, "question") == ["harm", "harm", "bias", "bias"]
    assert names(long, "label") == ["1", None, "0", "1"]
    only = read(
        Asked(target=tmp_path / "wide.csv", mapping=tmp_path / "map.yaml", question="bias"),
        LongKind.ANNOTATIONS,
    )
    assert names(only, "label") == ["0", "1"]


def test_a_question_that_nobody_was_asked(tmp_path: Path) -> None:
    (tmp_path / "one.csv").write_text("item,annotator,label,question\ni1,a,1,harm\n")
    with pytest.raises(AuthoringError, match="did you mean `harm`"):
        read(Asked(target=tmp_path / "one.csv", question="harn"), LongKind.ANNOTATIONS)


def test_rows_that_are_no_part_of_the_table(tmp_path: Path) -> None:
    (tmp_path / "one.csv").write_text("item,annotator,label,lang\ni1,a,1,en\ni2,a,1,fr\n")
    (tmp_path / "map.yaml").write_text("only: {lang: [en]}\n")
    long = read(Asked(target=tmp_path / "one.csv", mapping=tmp_path / "map.yaml"), LongKind.ANNOTATIONS)
    assert names(long, "item") == ["i1"]


def test_a_slice_that_is_not_there_is_told_to_whoever_asked_for_it(tmp_path: Path) -> None:
    (tmp_path / "one.csv").write_text("item,annotator,label,gender\ni1,a,1,x\n")
    with pytest.raises(AuthoringError, match="`gendr`"):
        read(Asked(target=tmp_path / "one.csv", by=("gendr",)), LongKind.ANNOTATIONS)


def test_who_revoked_in_one_row_is_in_no_number(tmp_path: Path) -> None:
    (tmp_path / "one.csv").write_text(
        "item,annotator,label,consent\ni1,a,1,given\ni2,a,0,revoked\ni1,b,1,given\n"
    )
    long = read(Asked(target=tmp_path / "one.csv"), LongKind.ANNOTATIONS)
    assert long.codes("annotator").names == ("b",)
    assert long.codes("label").names == ("1",)
    assert long.left_out == (LeftOut(why="withdrawn", rows=2, people=1),)


def test_a_filter_cannot_bring_back_who_withdrew(project: Path) -> None:
    (project / "people.csv").write_text(
        "annotator,consent,gender,wave\nw1,given,woman,2\nw2,given,woman,2\nw3, Revoked ,man,1\n"
    )
    kept = "people: {kind: annotators, path: people.csv, only: {wave: ['2']}}"
    (project / "hcgov.yaml").write_text(
        MANIFEST.replace("people: {kind: annotators, path: people.csv}", kept)
    )
    long = ask(project, needs=("annotator",))
    assert isinstance(long, Long)
    assert long.codes("annotator").names == ("w1", "w2")


@pytest.mark.parametrize("meant", ["given", "null", "unknown"])
def test_a_revoked_consent_is_read_as_nothing_else(project: Path, meant: str) -> None:
    told = f"path: people.csv, values: {{consent: {{Revoked: {meant}}}}}}}"
    (project / "hcgov.yaml").write_text(MANIFEST.replace("path: people.csv}", told))
    with pytest.raises(AuthoringError, match="cannot read `Revoked` consent"):
        load_manifest(project)


def test_no_constant_stands_for_a_consent_that_the_file_tells(project: Path) -> None:
    told = "path: people.csv, constants: {consent: given}}"
    (project / "hcgov.yaml").write_text(MANIFEST.replace("path: people.csv}", told))
    absent = ask(project)
    assert isinstance(absent, Absent)
    assert "who is left out of every number" in str(absent.detail)


def test_people_who_are_not_described_are_told(project: Path) -> None:
    (project / "people.csv").write_text("annotator,consent,gender\nw1,given,woman\n")
    long = ask(project)
    assert isinstance(long, Long)
    assert "2 of the 3 people of `labels` are not described in `people`" in str(long.notes[0])


def test_a_judge_is_nobody_who_would_have_to_be_described(tmp_path: Path) -> None:
    (tmp_path / "choices.csv").write_text(
        "prompt_id,choice,annotator,label_source\np1,a,x,human\np2,b,judge-1,judge\n"
    )
    (tmp_path / "people.csv").write_text("annotator,consent\nx,given\n")
    long = read(
        Asked(target=tmp_path / "choices.csv", annotators=tmp_path / "people.csv"), LongKind.PREFERENCES
    )
    assert long.notes == ()


def test_people_who_are_named_otherwise_are_no_people_of_the_table(project: Path) -> None:
    (project / "people.csv").write_text(PEOPLE.replace("\nw", "\nW-"))
    absent = ask(project)
    assert isinstance(absent, Absent)
    assert "none of its 3 people is named in `people`" in str(absent.detail)


def test_a_table_of_which_no_row_counts_is_missing_evidence(project: Path) -> None:
    (project / "people.csv").write_text(PEOPLE.replace("given", "revoked"))
    absent = ask(project)
    assert isinstance(absent, Absent)
    assert absent.reason is Absence.EMPTY_TABLE


def test_the_weight_of_a_person_is_that_of_their_choices(tmp_path: Path) -> None:
    (tmp_path / "choices.csv").write_text("prompt_id,choice,annotator\np1,a,x\np2,b,y\np2,b,x\n")
    (tmp_path / "people.csv").write_text("annotator,weight\nx,2\ny,0.5\n")
    long = read(
        Asked(target=tmp_path / "choices.csv", annotators=tmp_path / "people.csv"), LongKind.PREFERENCES
    )
    assert list(long.numbers("weight")) == [2.0, 0.5, 2.0]


def test_keys_beside_a_mapping_file_are_refused(project: Path) -> None:
    (project / "map.yaml").write_text("columns: {item: comment, annotator: worker, label: toxic}\n")
    own = "    columns: {item: comment, annotator: worker, label: toxic}\n"
    (project / "hcgov.yaml").write_text(
        MANIFEST.replace(own, "    mapping: map.yaml\n    only: {status: [submitted]}\n")
    )
    with pytest.raises(AuthoringError, match="`only` stands either here or in the file"):
        load_manifest(project)


def test_a_filter_on_a_file_of_a_format_is_refused(tmp_path: Path) -> None:
    (tmp_path / "pairs.jsonl").write_text('{"prompt": "p", "chosen": "a", "rejected": "b"}\n')
    (tmp_path / "map.yaml").write_text("format: trl-preference\nonly: {prompt: [p]}\n")
    with pytest.raises(AuthoringError, match="`only` is for tables with columns"):
        read(Asked(target=tmp_path / "pairs.jsonl", mapping=tmp_path / "map.yaml"), LongKind.PREFERENCES)


def test_consent_is_read_from_its_own_column(project: Path) -> None:
    (project / "people.csv").write_text(
        PEOPLE.replace("gender", "gender,terms").replace("woman", "woman,given")
    )
    (project / "hcgov.yaml").write_text(
        MANIFEST.replace("path: people.csv}", "path: people.csv, columns: {consent: terms}}")
    )
    (mistake,) = judgment_mistakes("labels", load_manifest(project))
    assert mistake.code == "HCG-N013"
