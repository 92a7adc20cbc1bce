"""The examples that are shipped: what they are made to show, and that they are made as they say."""

import csv
import hashlib
import importlib.util
import json
import re
import shutil
from datetime import UTC, datetime

import pytest

from hcgov.app.check import Asked, run_check
from hcgov.core.mistake import AuthoringError
from hcgov.io.data import data_path

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
GREEN, RED = data_path("examples", "support-copilot"), data_path("examples", "recidivism")
STUDY = data_path("examples", "listening-study")
NEVER = shutil.ignore_patterns(".hcgov", "__pycache__")


def checked(root, **asked):
    return run_check(Asked(root=root, now=NOW, **asked), lambda _: None)


def module(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def texts(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not {".hcgov", "__pycache__"} & set(path.parts)
    }


@pytest.fixture(scope="module")
def green():
    return checked(GREEN)


@pytest.fixture(scope="module")
def red():
    return checked(RED)


@pytest.fixture
def copy(tmp_path):
    shutil.copytree(GREEN, tmp_path / "copy", ignore=NEVER)
    return tmp_path / "copy"


def control(run, id_):
    return next(one for one in run.report.controls if one.id == id_)


def test_the_green_example_passes_every_control_of_the_core(green):
    assert (green.report.decision.value, green.report.decision.exit_code) == ("passed", 0)
    assert {one.verdict for one in green.report.controls} == {"pass"}
    assert len(green.report.controls) >= 15
    assert not green.crashes
    assert [entry.artifact for entry in green.report.evidence if entry.absent] == []
    assert green.report.subject.sha256 == hashlib.sha256((GREEN / "relay.yaml").read_bytes()).hexdigest()


def test_every_group_and_crossing_of_the_green_example_could_be_judged(green):
    for id_ in ("HC-EVL-01", "HC-EVL-02", "HC-EVL-03", "HC-EVL-04", "HC-EVL-05"):
        judged = control(green, id_)
        assert {finding.verdict for finding in judged.findings} == {"pass"}
        assert judged.coverage == 1.0
        assert {finding.depth for finding in judged.findings} == {1, 2}


def test_the_red_example_fails_for_the_published_gap(red):
    assert (red.report.decision.value, red.report.decision.exit_code) == ("failed", 1)
    assert not red.crashes
    gap = control(red, "REC-EVL-01")
    assert (gap.verdict, gap.disposition) == ("fail", "blocked")
    found = {finding.about: finding for finding in gap.findings}
    worse = found["race=African-American against race=Caucasian"]
    assert worse.verdict == "fail"
    assert worse.estimate.value == pytest.approx(0.2139, abs=5e-5)
    assert worse.fail_bound.value > 0.10
    assert found["race=Caucasian against race=African-American"].verdict == "pass"


@pytest.mark.parametrize(("group", "negatives"), [("Asian", 23), ("Native American", 8)])
def test_groups_too_small_to_judge_are_named_and_stand_in_no_pair(red, group, negatives):
    mine = [finding for finding in control(red, "REC-EVL-01").findings if group in finding.about]
    assert [(one.about, one.verdict, one.reason) for one in mine] == [
        (f"race={group}", "inconclusive", "small_n")
    ]
    assert mine[0].groups[0].n == negatives
    assert mine[0].labels_needed == 30 - negatives


def test_what_nobody_outside_has_is_missing_and_what_nobody_said_is_pending(red):
    verdicts = {one.id: one.verdict for one in red.report.controls}
    assert {id_ for id_, verdict in verdicts.items() if verdict == "missing"} == {
        "HC-DAT-04",
        "HC-DAT-05",
        "HC-DAT-06",
        "HC-TRN-02",
    }
    assert {"HC-DSN-03", "HC-DEP-03", "HC-DEP-04"} == {k for k, v in verdicts.items() if v == "pending"}
    # The vendor's training is not public: the record of it is incomplete, and that is said.
    assert verdicts["HC-TRN-01"] == "fail"
    assert all(
        verdicts[id_] == "pass" for id_ in ("HC-DSN-01", "HC-DSN-02", "HC-DAT-01", "HC-DAT-02", "HC-DAT-03")
    )
    assert all(verdicts[id_] == "pass" for id_ in ("HC-DEP-01", "HC-DEP-02", "REC-DAT-01"))


def test_the_two_criteria_of_the_debate_come_out_differently(red):
    precision = control(red, "REC-EVL-02")
    found = {finding.about: finding for finding in precision.findings}
    assert found["race=Caucasian against race=African-American"].verdict == "pass"
    assert precision.disposition == "warned"


def test_the_counts_give_the_published_rates():
    people = {}
    with (RED / "data" / "counts.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            assert int(row["correct"]) == (row["predicted_high"] == row["recidivated"])
            people[row["race"], int(row["predicted_high"]), int(row["recidivated"])] = int(row["people"])
    assert (len(people), sum(people.values())) == (24, 7214)

    def rates(*races):
        n = {
            (high, again): sum(people[race, high, again] for race in races)
            for high in (0, 1)
            for again in (0, 1)
        }
        false_positive = n[1, 0] / (n[1, 0] + n[0, 0])
        false_negative = n[0, 1] / (n[0, 1] + n[1, 1])
        return round(100 * false_positive, 2), round(100 * false_negative, 2)

    # Larson, Mattu, Kirchner and Angwin 2016, ProPublica: tables of all, African-American and Caucasian defendants.
    assert rates(*{race for race, _, _ in people}) == (32.35, 37.40)
    assert rates("African-American") == (44.85, 27.99)
    assert rates("Caucasian") == (23.45, 47.72)


def test_the_data_stage_is_decided_on_data_alone(copy):
    (copy / "evaluation" / "suggestions.csv").unlink()
    (copy / "training" / "run.json").write_text("{")
    run = checked(copy, stages=("data",))
    assert run.report.decision.exit_code == 0
    assert {one.stage for one in run.report.controls} == {"data"}
    assert [stage.id for stage in run.report.stages if stage.ran] == ["data"]


@pytest.mark.parametrize("example", [GREEN, STUDY], ids=["green", "study"])
def test_generating_again_gives_the_same_bytes(example):
    for path, content in module(example / "generate.py").files().items():
        assert (example / path).read_bytes() == content, path


@pytest.fixture(scope="module")
def study():
    return checked(STUDY)


def test_the_study_meets_every_control_of_people_s_judgments(study):
    assert (study.report.decision.value, study.report.decision.exit_code) == ("passed", 0)
    assert not study.crashes
    assert {one.verdict for one in study.report.controls} == {"pass"}
    assert len(study.report.controls) >= 75
    assert [entry.artifact for entry in study.report.evidence if entry.absent] == []


def test_every_group_of_the_study_could_be_judged(study):
    for id_ in ("HC-HITL-11", "HC-PREF-12", "HC-JUDGE-05", "HC-PERS-07"):
        groups = {finding.slice.get("first_language") for finding in control(study, id_).findings}
        assert {"english", "other"} <= groups, id_


@pytest.mark.parametrize(("wave", "verdict"), [("first", "fail"), ("pilot", "inconclusive")])
def test_the_other_waves_of_the_study_fail_and_cannot_tell(wave, verdict, tmp_path):
    folder = tmp_path / wave
    shutil.copytree(STUDY, folder, ignore=NEVER)
    manifest = (folder / "hcgov.yaml").read_text(encoding="utf-8")
    (folder / "hcgov.yaml").write_text(
        manifest.replace("path: released/", f"path: {wave}/"), encoding="utf-8"
    )
    run = checked(folder)
    assert not run.crashes
    verdicts = [one.verdict for one in run.report.controls]
    assert verdicts.count(verdict) > len(verdicts) / 2


def test_the_tables_of_the_study_are_small():
    sizes = [path.stat().st_size for path in STUDY.rglob("*.csv") if ".hcgov" not in path.parts]
    assert max(sizes) < 400_000
    assert sum(sizes) < 4_200_000


@pytest.mark.parametrize(
    ("example", "table"), [(GREEN, "data/tickets.jsonl"), (RED, "data/counts.csv")], ids=["green", "red"]
)
def test_metadata_and_manifest_name_the_digest_of_the_data(example, table):
    digest = hashlib.sha256((example / table).read_bytes()).hexdigest()
    croissant = json.loads((example / "data" / "croissant.json").read_text())
    assert [entry["sha256"] for entry in croissant["distribution"]] == [digest]
    assert digest in (example / "hcgov.yaml").read_text()


def test_every_file_of_the_green_example_says_that_it_is_made_up():
    rows = {"data/tickets.jsonl", "data/withdrawals.csv", "evaluation/suggestions.csv"}
    for path, content in texts(GREEN).items():
        assert path in rows or re.search(r"synthetic|made[- ]up|fictional", content, re.IGNORECASE), path


def test_the_examples_are_small_and_the_red_one_holds_no_rows_about_people():
    assert sum(len(content) for content in texts(GREEN).values()) < 400_000
    header = (RED / "data" / "counts.csv").read_text().partition("\n")[0]
    assert header == "race,predicted_high,recidivated,correct,people"


def replace(folder, path, old, new):
    content = (folder / path).read_text(encoding="utf-8")
    assert old in content
    (folder / path).write_text(content.replace(old, new), encoding="utf-8")


def unpin(folder, path):
    digest = hashlib.sha256((folder / path).read_bytes()).hexdigest()
    replace(folder, "hcgov.yaml", f"    sha256: {digest}\n", "")


def lose_a_file(folder):
    (folder / "data" / "datasheet.md").unlink()


def forget_someone(folder):
    path = "design/stakeholders.yaml"
    content = (folder / path).read_text(encoding="utf-8")
    (folder / path).write_text(re.sub(r"data_subjects:\n(    .*\n)+", "data_subjects: []\n", content))


def suggestions(folder, change):
    unpin(folder, "evaluation/suggestions.csv")
    path = folder / "evaluation" / "suggestions.csv"
    lines = path.read_text().splitlines()
    path.write_text("\n".join(change(lines)) + "\n")


def shrink_a_group(folder):
    def keep(lines):
        of_group = [line for line in lines if ",second_language," in line]
        return [line for line in lines if line not in set(of_group[20:])]

    suggestions(folder, keep)


def treat_a_group_worse(folder):
    def deny(lines):
        turned = []
        for number, line in enumerate(lines):
            cells = line.split(",")
            if cells[2] == "second_language" and cells[5] == "1" and number % 2:
                cells[5:] = ["0", str(int(cells[4] == "0"))]
            turned.append(",".join(cells))
        return turned

    suggestions(folder, deny)


def change_the_product(folder):
    replace(folder, "relay.yaml", "Never refuse a plan", "Refuse a plan when in doubt")


def swap_the_data(folder):
    unpin(folder, "data/tickets.jsonl")
    break_the_pin(folder)


def break_the_pin(folder):
    path = folder / "data" / "tickets.jsonl"
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:-1]))


def answer_no(folder):
    replace(folder, "answers/release-readiness.yaml", "RR-02\n    answer: yes", "RR-02\n    answer: no")


@pytest.mark.parametrize(
    ("exercise", "select", "code", "verdicts"),
    [
        (lose_a_file, ("HC-DAT-02",), 3, {"HC-DAT-02": "missing"}),
        (forget_someone, ("HC-DSN-01",), 1, {"HC-DSN-01": "fail"}),
        (shrink_a_group, ("HC-EVL-01",), 3, {"HC-EVL-01": "inconclusive"}),
        (
            treat_a_group_worse,
            ("HC-EVL-01", "HC-EVL-03", "HC-DEP-02"),
            1,
            {"HC-EVL-01": "fail", "HC-EVL-03": "fail", "HC-DEP-02": "fail"},
        ),
        (change_the_product, ("HC-DEP-04",), 3, {"HC-DEP-04": "missing"}),
        (swap_the_data, ("HC-TRN-02",), 1, {"HC-TRN-02": "fail"}),
        (break_the_pin, ("HC-TRN-02",), 4, {"HC-TRN-02": "missing"}),
        (answer_no, ("HC-DEP-03",), 1, {"HC-DEP-03": "fail"}),
    ],
)
def test_an_exercise_of_the_readme_ends_as_it_says(exercise, select, code, verdicts, copy):
    exercise(copy)
    run = checked(copy, select=select)
    assert run.report.decision.exit_code == code
    assert {one.id: one.verdict for one in run.report.controls} == verdicts


def test_a_misspelt_slice_is_told_with_the_nearest_name(copy):
    replace(copy, "hcgov.yaml", "by: [language_variety", "by: [langauge_variety")
    with pytest.raises(AuthoringError) as told:
        checked(copy, select=("HC-EVL-01",))
    assert any("language_variety" in mistake.help for mistake in told.value.mistakes)
