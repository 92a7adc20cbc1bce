"""``hcgov init``: a project to start from, in which nothing is green by itself."""

import json
from pathlib import Path

import jsonschema
from ruamel.yaml import YAML

from hcgov.io.manifest import load_manifest
from hcgov.io.render.json_report import read_report
from tests.cli.conftest import Hcgov


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_a_new_project_is_sound_and_not_one_control_of_it_is_met(hcgov: Hcgov, tmp_path):
    folder = tmp_path / "new"
    run = hcgov("init", folder, "--name", 'Helper "beta": no. 1')
    assert run.exit_code == 0
    assert load_manifest(folder).project.system.name == 'Helper "beta": no. 1'
    run = hcgov("check", folder, "--no-mlflow")
    assert run.exit_code in (1, 3)
    report = read_report((folder / ".hcgov" / "report.json").read_bytes())
    assert len(report.controls) >= 15
    assert "pass" not in {control.verdict for control in report.controls}
    assert "error" not in {control.verdict for control in report.controls}


def test_every_stage_of_a_new_project_is_undecided_or_failed(hcgov: Hcgov, tmp_path):
    hcgov("init", tmp_path)
    for stage in ("design", "data", "training", "evaluation", "deployment"):
        assert hcgov("check", tmp_path, "--no-mlflow", "--stage", stage).exit_code in (1, 3)


def test_the_manifest_is_as_its_schema_says(hcgov: Hcgov, tmp_path):
    hcgov("init", tmp_path)
    content = (tmp_path / "hcgov.yaml").read_text(encoding="utf-8")
    first = content.partition("\n")[0]
    schema = tmp_path / first.partition("$schema=")[2]
    jsonschema.validate(YAML(typ="safe", pure=True).load(content), json.loads(schema.read_text()))


def test_the_examples_that_a_new_manifest_shows_are_right_once_they_are_taken_in(hcgov: Hcgov, tmp_path):
    hcgov("init", tmp_path)
    manifest = tmp_path / "hcgov.yaml"
    before, mark, shown = manifest.read_text(encoding="utf-8").partition("# Add, as they come to exist:\n")
    assert mark
    taken = "".join(line.removeprefix("# ").removeprefix("#") for line in shown.splitlines(keepends=True))
    manifest.write_text(before.replace("by: []", "by: [age_band]") + taken, encoding="utf-8")
    project = load_manifest(tmp_path).project
    assert {"training_data", "withdrawals", "training_run", "predictions"} <= project.artifacts.keys()
    run = hcgov("check", tmp_path, "--no-mlflow")
    assert run.exit_code in (1, 3), run.stderr


def test_nothing_that_exists_is_overwritten_unless_it_is_asked_for(hcgov: Hcgov, tmp_path):
    (tmp_path / "purpose.yaml").write_text("ours\n")
    run = hcgov("init", tmp_path)
    assert run.exit_code == 0
    assert f"kept   {tmp_path}/purpose.yaml" in run.stdout
    assert (tmp_path / "purpose.yaml").read_text() == "ours\n"
    before = files(tmp_path)
    run = hcgov("init", tmp_path)
    assert "wrote" not in run.stdout
    assert files(tmp_path) == before
    assert hcgov("init", tmp_path, "--force").exit_code == 0
    assert (tmp_path / "purpose.yaml").read_text() != "ours\n"


def test_a_dry_run_writes_nothing_and_says_what_it_would(hcgov: Hcgov, tmp_path):
    folder = tmp_path / "new"
    run = hcgov("init", folder, "--dry-run")
    assert run.exit_code == 0
    assert f"would write  {folder}/hcgov.yaml" in run.stdout
    assert not folder.exists()


def test_a_place_that_cannot_be_written_is_told(hcgov: Hcgov, tmp_path):
    (tmp_path / "file").write_text("in the way")
    run = hcgov("init", tmp_path / "file" / "project")
    assert run.exit_code == 2
    assert "cannot write in" in run.stderr
    assert "choose another folder" in run.stderr


def test_a_name_is_never_run_as_a_template(hcgov: Hcgov, tmp_path):
    hcgov("init", tmp_path, "--name", "$name ${name} {name}\n- x")
    assert load_manifest(tmp_path).project.system.name == "$name ${name} {name}\n- x"
