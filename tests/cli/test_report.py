"""``hcgov report``: renderings of a record that is on disk."""

import pytest

from hcgov.io.render.json_report import read_report
from tests.cli.conftest import Hcgov


@pytest.fixture
def checked(hcgov: Hcgov, green):
    assert hcgov("check", green, "--select", "HC-DSN-02", "--no-mlflow").exit_code == 0
    return green


def test_the_newest_record_of_a_project_is_rendered_again_to_the_same_page(hcgov: Hcgov, checked, tmp_path):
    page = tmp_path / "again.html"
    run = hcgov("report", checked, "-o", f"html={page}")
    assert (run.exit_code, run.stdout) == (0, f"wrote {page}\n")
    assert page.read_bytes() == (checked / ".hcgov" / "report.html").read_bytes()


def test_without_an_output_the_page_is_written_here(hcgov: Hcgov, checked, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert hcgov("report", checked).exit_code == 0
    assert (tmp_path / "report.html").read_text().startswith("<!doctype html>")


def test_a_record_is_rendered_in_every_form_at_once(hcgov: Hcgov, checked, tmp_path):
    record = checked / ".hcgov" / "report.json"
    forms = {form: tmp_path / form for form in ("html", "json", "markdown", "model_card")}
    run = hcgov("report", record, *(a for form, path in forms.items() for a in ("-o", f"{form}={path}")))
    assert run.exit_code == 0
    assert read_report(forms["json"].read_bytes()) == read_report(record.read_bytes())
    assert all(path.stat().st_size > 100 for path in forms.values())


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"{", "report.json`"), (b"{}", "report.json`"), (b'{"schema": "hcgov.report/9"}', "report.json`")],
)
def test_a_file_that_is_no_record_is_told(content, told, hcgov: Hcgov, tmp_path):
    path = tmp_path / "report.json"
    path.write_bytes(content)
    run = hcgov("report", path, "-o", f"html={tmp_path}/x.html")
    assert run.exit_code == 2
    assert told in run.stderr
    assert "name a report.json of hcgov" in run.stderr
    assert not (tmp_path / "x.html").exists()


def test_a_project_that_was_never_checked_has_no_record(hcgov: Hcgov, green):
    run = hcgov("report", green)
    assert run.exit_code == 2
    assert "run `hcgov check` first" in run.stderr


def test_an_unknown_form_is_told_with_the_nearest(hcgov: Hcgov, checked):
    run = hcgov("report", checked, "-o", "markdwn=x.md")
    assert run.exit_code == 2
    assert "did you mean `markdown`?" in run.stderr
