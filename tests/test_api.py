"""`hcgov.check`: one call, one record; nothing is written unasked, and no record is taken for an answer."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest

import hcgov
from hcgov.core.record import ReportV1
from tests.app.excepting import EVEN, NOW, UNEVEN, Excepting
from tests.deciding import PROJECTS, STAGE, made


@pytest.fixture
def project(tmp_path: Path) -> Excepting:
    return Excepting(tmp_path / "project")


def test_the_package_offers_what_it_names_and_nothing_by_a_misspelt_name():
    assert {"check", "Record", "AuthoringError", "NotKeptError"} <= set(dir(hcgov))
    with pytest.raises(AttributeError, match="chek"):
        hcgov.chek  # noqa: B018  # the name is what is tested


def test_importing_the_package_or_the_plug_in_imports_nothing_that_is_not_asked_for():
    code = (
        "import sys, hcgov, hcgov.pytest; print([m for m in sys.modules if m.split('.')[0] in sys.argv[1:]])"
    )
    heavy = ["pydantic", "typer", "pandas", "numpy", "duckdb", "mlflow", "cryptography", "yaml", "ruamel"]
    done = subprocess.run([sys.executable, "-c", code, *heavy], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", PROJECTS)
def test_the_record_says_the_decision_and_what_stands_in_the_way(name: str, tmp_path: Path):
    record = hcgov.check(made(name, tmp_path / "p"), stages=STAGE)
    _, decision, code = PROJECTS[name]
    assert (record.decision, record.exit_code, record.passed) == (decision, code, code == 0)
    dispositions = {control.disposition for control in record.failed}
    assert dispositions <= {"blocked"}
    assert bool(record.failed) == (decision == "failed")
    assert bool(record.undecided) == (decision == "incomplete")
    assert list(record.controls) == ["ACME-1", "ACME-2"]
    assert record.reason in repr(record)


def test_a_check_of_nothing_is_not_passed(project: Excepting):
    record = hcgov.check(project.folder, select="NO-SUCH")
    assert (record.passed, record.decision, len(record.controls)) == (False, "incomplete", 0)


def test_a_record_is_no_truth_value(project: Excepting):
    with pytest.raises(TypeError, match="passed"):
        bool(hcgov.check(project.folder, stages=STAGE))


def test_a_record_is_written_elsewhere_too(project: Excepting, tmp_path: Path):
    record = hcgov.check(project.folder, stages=STAGE)
    assert record.save(tmp_path / "kept") == tmp_path / "kept"
    assert sorted(path.name for path in (tmp_path / "kept").iterdir()) == ["report.html", "report.json"]
    assert (tmp_path / "kept" / "report.json").read_text(encoding="utf-8") == record.to_json()


def test_a_record_is_kept_as_the_command_line_keeps_it(project: Excepting):
    record = hcgov.check(project.folder, stages=STAGE)
    assert record.folder == project.folder / ".hcgov" / "runs" / record.report.id
    for path in (record.folder / "report.json", project.folder / ".hcgov" / "report.json"):
        assert ReportV1.model_validate(json.loads(path.read_bytes())) == record.report


def test_what_cannot_be_kept_is_told(project: Excepting):
    (project.folder / ".hcgov").write_text("a file in the way", encoding="utf-8")
    with pytest.raises(hcgov.NotKeptError):
        hcgov.check(project.folder, stages=STAGE)


def test_a_store_that_is_down_warns_and_changes_nothing(project: Excepting):
    project.refused(EVEN)
    with pytest.warns(hcgov.NotLoggedWarning, match="not logged to MLflow"):
        record = hcgov.check(project.folder, stages=STAGE, track=True, tracking_uri="http://127.0.0.1:9/")
    assert record.passed
    assert record.folder is not None


def test_all_mistakes_are_told_together_each_with_its_place_and_its_help(project: Excepting):
    policy = project.folder / "own.yaml"
    written = policy.read_text(encoding="utf-8")
    policy.write_text(written.replace("rate_gap@1", "rate_gab@1").replace("fix: mend", "fxi: mend", 1))
    with pytest.raises(hcgov.AuthoringError) as raised:
        hcgov.check(project.folder)
    told = str(raised.value).splitlines()
    assert len(told) == len(raised.value.mistakes) >= 3
    assert any(line.startswith("own.yaml:14:5 HCG-C004 unknown key `fxi`") for line in told)
    assert any(line.endswith("(did you mean `evaluation.rate_gap`?)") for line in told)


def test_a_folder_without_a_project_is_a_mistake(tmp_path: Path):
    with pytest.raises(hcgov.AuthoringError, match=r"cannot read `hcgov\.yaml`"):
        hcgov.check(tmp_path)


@pytest.mark.parametrize("word", ["waved", "failed"])
def test_a_misspelt_tightening_is_a_mistake(project: Excepting, word: str):
    with pytest.raises(hcgov.AuthoringError, match=word):
        hcgov.check(project.folder, fail_on=word)


def test_what_is_tightened_fails_and_is_named(tmp_path: Path):
    record = hcgov.check(made("warned", tmp_path / "p"), stages=STAGE, fail_on="warned")
    assert (record.decision, record.exit_code) == ("failed", 1)
    assert [control.id for control in record.failed] == ["ACME-1"]


def test_one_name_is_not_taken_for_its_letters(project: Excepting):
    one = hcgov.check(project.folder, stages="evaluation", select="ACME-1", now=NOW)
    several = hcgov.check(project.folder, stages=["evaluation"], select=["ACME-1"], now=NOW)
    assert one.to_json() == several.to_json()
    assert list(one.controls) == ["ACME-1"]


def test_a_frame_stands_in_for_a_table(project: Excepting):
    project.refused(EVEN)
    rows = [(age, int(i < n)) for age, n in UNEVEN.items() for i in range(1000)]
    frame = pd.DataFrame(rows, columns=["age", "refused"])
    assert hcgov.check(project.folder, stages=STAGE).passed
    assert not hcgov.check(project.folder, stages=STAGE, frames={"predictions": frame}).passed


@pytest.mark.parametrize(
    "now",
    [
        NOW,
        NOW.replace(tzinfo=None),
        NOW.astimezone(timezone(timedelta(hours=14))),
        NOW.astimezone(timezone(timedelta(hours=-11))),
    ],
)
def test_the_time_of_a_check_is_one_moment_in_whatever_zone_it_is_given(project: Excepting, now: datetime):
    report = hcgov.check(project.folder, stages=STAGE, now=now).report
    assert (report.created, report.occasion) == ("2026-12-10T09:00:00Z", "2026-12-10")


def test_the_time_is_the_present_if_left_out(project: Excepting):
    before = datetime.now(UTC).replace(microsecond=0)
    created = datetime.fromisoformat(hcgov.check(project.folder, stages=STAGE).report.created)
    assert before <= created <= datetime.now(UTC)


def test_progress_is_told_what_is_read(project: Excepting):
    told: list[str] = []
    hcgov.check(project.folder, stages=STAGE, progress=told.append)
    assert "predictions" in told


def test_an_interrupted_check_interrupts(project: Excepting):
    def stop(_: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        hcgov.check(project.folder, stages=STAGE, progress=stop)
    kept = json.loads((project.folder / ".hcgov" / "report.json").read_bytes())
    assert (kept["decision"]["value"], kept["decision"]["interrupted"]) == ("incomplete", True)


class Cells(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.tags: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.add(tag)
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_data(self, data: str) -> None:
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] += data


def test_a_notebook_shows_every_control_and_no_markup_of_a_policy(project: Excepting):
    policy = project.folder / "own.yaml"
    title = "<script>alert(1)</script> & \\u202Eeven"
    written = policy.read_text(encoding="utf-8").replace("title: Refusals are even", f'title: "{title}"')
    policy.write_text(written, encoding="utf-8")
    record = hcgov.check(project.folder, stages=STAGE)
    page = record._repr_html_()
    shown = Cells(page)
    assert "script" not in shown.tags
    assert "\u202e" not in page
    assert [row[1] for row in shown.rows[1:]] == ["ACME-1", "ACME-2"]
    assert shown.rows[1][2].startswith("<script>alert(1)</script> & ")
    assert record.controls["ACME-1"].headline.text in shown.rows[1][3]
    assert "Not ready" in page or "NOT READY" in page.upper()
