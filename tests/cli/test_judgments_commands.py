"""The commands about people's judgments, on small tables: what they print and write, and how they refuse."""

import json
import re
import zipfile
from pathlib import Path

import jsonschema
import pytest

from hcgov.app.longs import Asked, read
from hcgov.core.evidence.documents import Record
from hcgov.core.evidence.long import Long
from hcgov.core.evidence.source import Source
from hcgov.core.long_tables import LongKind
from hcgov.core.measurement import Answered, Measurement, Statement
from hcgov.io.render.schemas import sheet_schema
from hcgov.io.yaml import parse
from hcgov.stages.data.preference_sample import PreferenceSample, preference_sample
from tests.cli.conftest import Hcgov
from tests.cli.judging import DAY, choices, labels, people, project, scores, stages, written

SCHEMA = json.loads(sheet_schema())
STRATA = "gender,share\nwoman,0.5\nman,0.4\nprefer not to say,0.1\n"


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    """Write a file of each kind."""
    written(tmp_path / "labels.csv", labels())
    written(tmp_path / "people.csv", people(40))
    written(tmp_path / "pairs.csv", choices())
    written(tmp_path / "scores.csv", scores())
    written(tmp_path / "stages.csv", stages())
    (tmp_path / "strata.csv").write_text(STRATA, encoding="utf-8")
    return tmp_path


SHEETS = {
    "annotation-report": ("annotate", "report", "labels.csv", "--min-people", "2"),
    "preference-profile": ("preferences", "profile", "pairs.csv", "--by", "country"),
    "preference-clusters": ("preferences", "cluster", "pairs.csv"),
    "preference-aggregation": ("preferences", "aggregate", "pairs.csv", "--by", "country"),
    "preference-plan": ("preferences", "plan", "strata.csv", "--total", "100"),
    "judge-card": ("judge", "card", "scores.csv", "--positive", "1"),
    "personalization-report": ("personalization", "report", "stages.csv", "--no-remedies"),
}


@pytest.mark.parametrize("kind", SHEETS)
def test_a_sheet_is_a_page_a_text_and_json(
    kind: str, tables: Path, hcgov: Hcgov, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tables)
    words = (*SHEETS[kind], "--date", DAY)
    ran = hcgov(*words, "-o", "html=out/a.html", "-o", "out/a.json", "-o", "text=out/a.txt", "--json")
    assert ran.exit_code == 0, ran.output
    printed = json.loads(ran.stdout)
    jsonschema.validate(printed, SCHEMA, format_checker=jsonschema.FormatChecker())
    assert (printed["schema"], printed["kind"], printed["date"]) == ("hcgov.sheet/1", kind, DAY)
    assert printed["sections"]
    assert json.loads((tables / "out" / "a.json").read_text(encoding="utf-8")) == printed
    page = (tables / "out" / "a.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert (tables / "out" / "a.txt").read_text(encoding="utf-8").startswith(printed["title"])
    assert re.findall(r"wrote (.+)", ran.stderr) == ["out/a.html", "out/a.json", "out/a.txt"]
    told = ran.stdout + page + (tables / "out" / "a.txt").read_text(encoding="utf-8")
    assert re.search(r"someone\d", told) is None, "the id of a person"


def test_the_schema_refuses_what_is_no_sheet(tables: Path, hcgov: Hcgov) -> None:
    made = json.loads(hcgov("annotate", "report", tables / "labels.csv", "--json").stdout)
    for wrong in (
        {"schema": "hcgov.sheet/2"},
        {"sections": [{"id": "x"}]},
        {"more": 1},
        {"lead": [{"type": "note", "tone": "merry", "text": ""}]},
    ):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({**made, **wrong}, SCHEMA)


def test_without_outputs_the_text_is_printed(tables: Path, hcgov: Hcgov) -> None:
    ran = hcgov("annotate", "report", tables / "labels.csv")
    assert ran.exit_code == 0
    assert ran.stdout.startswith("Labels of labels.csv\n\n80 judgments by 12 people.")
    silent = hcgov("annotate", "report", tables / "labels.csv", "-o", f"json={tables / 'a.json'}")
    assert silent.stdout == f"wrote {tables / 'a.json'}\n"


def test_a_project_names_its_tables(tmp_path: Path, hcgov: Hcgov) -> None:
    folder = project(tmp_path / "study")
    whole = hcgov("annotate", "report", folder, "--artifact", "labels")
    assert whole.exit_code == 0
    assert "of 1 person are in no number: their consent was revoked" in whole.stdout
    assert "Annotators by gender" in whole.stdout
    assert hcgov("preferences", "profile", folder).exit_code == 0
    for words, said in (
        (("annotate", "report", folder), "--artifact"),
        (("annotate", "report", folder, "-a", "label"), "labels"),
        (("judge", "card", folder), "no artifact of kind evaluations"),
        (("annotate", "report", folder, "-a", "labels", "--scale", "ordinal"), "--scale belongs to a file"),
        (("annotate", "report", folder, "--column", "item=x"), "--column belongs to a file"),
        (("annotate", "report", folder, "--format", "argilla"), "--format belongs to a file"),
        (("annotate", "report", folder / "hcgov.yaml"), "is a manifest"),
    ):
        ran = hcgov(*words)
        assert ran.exit_code == 2, words
        assert said in ran.stderr, (said, ran.stderr)
        assert ran.stdout == ""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("labels.csv", "--by", "gendre"), "no column `gendre`"),
        (("labels.csv", "--column", "item=comment"), "has no column `comment`"),
        (("labels.csv", "--column", "thing=item"), "`thing` is no column of annotations"),
        (("labels.csv", "--column", "item"), "is not NAME=COLUMN"),
        (("labels.csv", "--format", "argila"), "argilla"),
        (("labels.csv", "--format", "argilla"), "labels.csv"),
        (("labels.csv", "--question", "rude"), "no question `rude`"),
        (("labels.csv", "--date", "21.11.2026"), "is no day"),
        (("labels.csv", "-o", "pdf=a.pdf"), "unknown output format `pdf`"),
        (("labels.csv", "-o", "html"), "is not FORMAT=PATH"),
        (("labels.csv", "-o", "html=a.html", "-o", "json=a.html"), "two outputs"),
        (("labels.csv", "-o", "json=hcgov.yaml"), "is a manifest"),
        (("gone.csv",), "no file or folder"),
        (("people.csv",), "no column for `item`"),
        (("labels.csv", "--annotators", "gone.csv"), "gone.csv"),
        (("labels.csv", "--mapping", "gone.yaml"), "gone.yaml"),
        (("labels.csv", "--annotators", "twice.csv", "--by", "gender"), "more than once"),
    ],
)
def test_what_is_named_wrongly_is_told(
    words: tuple[str, ...], said: str, tables: Path, hcgov: Hcgov, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tables)
    written(tables / "twice.csv", [*people(3), *people(1)])
    ran = hcgov("annotate", "report", *words)
    assert ran.exit_code == 2
    assert ran.stderr.startswith("error")
    assert said in ran.stderr, ran.stderr
    assert ran.stdout == ""


def test_the_fewest_people_of_a_group_can_be_set_for_a_file_and_not_lowered_in_a_project(
    tmp_path: Path, hcgov: Hcgov
) -> None:
    folder = project(tmp_path / "study")
    words = ("--min-people", "2", "--json")
    alone = hcgov(
        *("annotate", "report", folder / "labels.csv", "--annotators", folder / "people.csv"),
        *("--by", "gender", *words),
    )
    within = hcgov("annotate", "report", folder, "-a", "labels", *words)
    assert alone.exit_code == within.exit_code == 0
    assert "30 are needed" in within.stdout
    assert "are needed" not in alone.stdout


def test_a_judge_that_nobody_knows(tables: Path, hcgov: Hcgov) -> None:
    ran = hcgov("judge", "card", tables / "scores.csv", "--judge", "robt")
    assert ran.exit_code == 2
    assert "no judge is called `robt`" in ran.stderr
    assert "robot" in ran.stderr
    right = hcgov("judge", "card", tables / "scores.csv", "--judge", "robot", "--positive", "1")
    assert right.exit_code == 0
    assert "whether it is better for this user  never" in right.stdout


def test_a_receipt_is_made_and_made_again(tables: Path, hcgov: Hcgov) -> None:
    words = ("preferences", "aggregate", tables / "pairs.csv", "--by", "country", "--min-people", "5")
    receipt = tables / "receipt.json"
    assert hcgov(*words, "--receipt", receipt).exit_code == 0
    right = hcgov(*words, "--verify", receipt)
    assert (right.exit_code, right.stdout) == (
        0,
        f"{receipt}: recomputed from the choices; nothing differs\n",
    )
    tree = json.loads(receipt.read_text(encoding="utf-8"))
    tree["inputs"]["people"] += 1
    receipt.write_text(json.dumps(tree), encoding="utf-8")
    forged = hcgov(*words, "--verify", receipt)
    assert (forged.exit_code, forged.stdout) == (4, "")
    assert forged.stderr == "inputs.people: written 41, found 40\n"
    assert hcgov(*words, "--verify", tables / "gone.json").exit_code == 2
    (tables / "other.json").write_text("[]", encoding="utf-8")
    assert hcgov(*words, "--verify", tables / "other.json").exit_code in (2, 4)


def test_other_choices_make_another_receipt(tables: Path, hcgov: Hcgov) -> None:
    words = ("--by", "country", "--min-people", "5")
    receipt = tables / "receipt.json"
    assert (
        hcgov("preferences", "aggregate", tables / "pairs.csv", *words, "--receipt", receipt).exit_code == 0
    )
    rows = [dict(row) for row in choices()]
    rows[0]["choice"] = "b" if rows[0]["choice"] == "a" else "a"
    other = written(tables / "other.csv", rows)
    ran = hcgov("preferences", "aggregate", other, *words, "--verify", receipt)
    assert ran.exit_code == 4
    assert "inputs.choices_sha256" in ran.stderr


def test_training_files_go_into_an_empty_folder_only(tables: Path, hcgov: Hcgov) -> None:
    to = tables / "training"
    words = ("preferences", "export", tables / "pairs.csv", "--to", to, "--no-parquet", "--by", "country")
    first = hcgov(*words, "--date", DAY)
    assert first.exit_code == 0, first.output
    manifest = json.loads((to / "manifest.json").read_text(encoding="utf-8"))
    assert manifest
    assert {path.name for path in to.iterdir()} >= {"manifest.json", "README.md", "preference-train.jsonl"}
    assert not list(to.glob("*.parquet"))
    before = {path.name: path.read_bytes() for path in to.iterdir()}
    again = hcgov(*words)
    assert again.exit_code == 2
    assert "is not empty" in again.stderr
    assert {path.name: path.read_bytes() for path in to.iterdir()} == before
    stray = hcgov("preferences", "export", tables / "pairs.csv", "--to", tables / "x", "--balance", "town")
    assert stray.exit_code == 2
    assert "town" in stray.stderr


def test_a_bundle_shows_no_cell_of_few_people(tables: Path, hcgov: Hcgov) -> None:
    to = tables / "bundle.zip"
    words = ("preferences", "bundle", tables / "pairs.csv", "--by", "country", "--to")
    assert hcgov(*words, to).exit_code == 0
    with zipfile.ZipFile(to) as archive:
        assert {"people.csv", "choices.csv", "note.json"} == set(archive.namelist())
        told = "".join(archive.read(name).decode() for name in archive.namelist())
        counts = [
            int(line.rsplit(",", 1)[1]) for line in archive.read("people.csv").decode().splitlines()[1:]
        ]
    assert re.search(r"someone\d", told) is None
    assert counts
    assert min(counts) >= 10  # 11 people at least, rounded to five
    first = to.read_bytes()
    assert hcgov(*words, to).exit_code == 0
    assert to.read_bytes() == first
    few = hcgov(*words, to, "--k", "4")
    assert few.exit_code == 2
    assert "5" in few.stderr
    assert hcgov(*words, tables / "bundle.tar").exit_code == 2
    everyone = hcgov(*words, tables / "none.zip", "--k", "30")
    assert everyone.exit_code == 0
    assert re.search(r"; [1-9]\d* cells are not shown", everyone.stdout)


def sampled(plan: Path, judged: Path, people_: Path) -> list[Measurement | Statement]:
    """Return what the check of a plan says of the people who judged."""
    tree = parse(plan.read_bytes(), plan.name).data
    source = Source(artifact="plan", kind="record", location=plan.name, sha256="0" * 64, size=1)
    long = read(Asked(target=judged, annotators=people_, by=("gender",)), LongKind.PREFERENCES)
    assert isinstance(long, Long)
    return list(
        preference_sample.measure(
            long, Record(data=tree, source=source), params=PreferenceSample(plan="plan", table="preferences")
        )
    )


def test_a_plan_from_a_table_is_one_that_the_check_reads(tables: Path, hcgov: Hcgov) -> None:
    made = hcgov("preferences", "plan", tables / "strata.csv", "--total", "20", "--date", DAY)
    assert made.exit_code == 0
    plan = tables / "sampling_plan.yaml"
    plan.write_text(made.stdout, encoding="utf-8")
    told = sampled(plan, tables / "pairs.csv", tables / "people.csv")
    assert told
    assert {one.answer for one in told if isinstance(one, Statement)} == {Answered.MET}, told
    wanting = tables / "larger.yaml"
    wanting.write_text(
        hcgov("preferences", "plan", tables / "strata.csv", "--total", "400").stdout.replace(
            "collecting: true", "collecting: false"
        ),
        encoding="utf-8",
    )
    short = sampled(wanting, tables / "pairs.csv", tables / "people.csv")
    assert Answered.NOT_MET in {one.answer for one in short if isinstance(one, Statement)}
    read_again = hcgov(
        *("preferences", "plan", plan, "--judgments", tables / "pairs.csv"),
        *("--annotators", tables / "people.csv"),
    )
    assert read_again.exit_code == 0, read_again.output
    assert "people so far" in read_again.stdout
    as_json = hcgov(
        *("preferences", "plan", plan, "--judgments", tables / "pairs.csv"),
        *("--annotators", tables / "people.csv", "--json"),
    )
    read = [one["location"] for one in json.loads(as_json.stdout)["sources"]]
    assert read[0] == "sampling_plan.yaml", (
        "the plan that people are held against is one of the files that were read"
    )
    assert len(read) == 3


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("gender\nwoman\n", "needs a column `share`"),
        ("share\n0.5\n", "at least one that describes people"),
        ("gender,share\nwoman,half\n", "line 2: `share` is no number"),
        ("gender,share\nwoman,0.5\nwoman,0.5\n", "line 3: the stratum woman stands twice"),
        ("gender,share\nwoman,0.5\n,0.5\n", "line 3: every stratum has one value"),
        ("gender,share\nwoman,-0.9\nman,0.3\n", "above 0"),
        ("gender,share\nwoman,nan\nman,0.3\n", "is no number"),
    ],
)
def test_strata_that_are_none(content: str, said: str, tmp_path: Path, hcgov: Hcgov) -> None:
    (tmp_path / "strata.csv").write_text(content, encoding="utf-8")
    ran = hcgov("preferences", "plan", tmp_path / "strata.csv")
    assert ran.exit_code == 2
    assert said in ran.stderr
    assert ran.stdout == ""


def test_a_file_with_only_models_speaks_of_no_people(tmp_path: Path, hcgov: Hcgov) -> None:
    rows = [row for row in scores() if row["rater_kind"] == "judge"]
    ran = hcgov("judge", "card", written(tmp_path / "alone.csv", rows), "--positive", "1")
    assert ran.exit_code == 0, ran.output
    assert "by 0 people and 1 model" in ran.stdout
    assert re.search(r"whether a stated rule is kept +not yet", ran.stdout)


def test_judgments_without_their_people_say_nothing_of_people(tmp_path: Path, hcgov: Hcgov) -> None:
    rows = [{k: v for k, v in row.items() if k != "annotator"} for row in choices()]
    path = written(tmp_path / "nobody.csv", rows)
    profile = hcgov("preferences", "profile", path)
    assert profile.exit_code == 0
    assert "does not say who judged" in " ".join(profile.stdout.split())
    for command in ("cluster", "aggregate"):
        ran = hcgov("preferences", command, path)
        assert "Traceback" not in ran.output
        assert ran.exit_code in (0, 2)
    assert hcgov("preferences", "bundle", path, "--to", tmp_path / "b.zip").exit_code == 2
