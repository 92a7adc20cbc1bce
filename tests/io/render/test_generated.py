import json
import re

import jsonschema
import pytest

from hcgov.app.schemas import schema_of
from hcgov.core.project import Project
from hcgov.core.record import ReportV1
from hcgov.io.render.json_report import read_report, render_json
from hcgov.io.render.schemas import manifest_schema, report_schema
from tests.io.render.generated import ROOT, catalogue, generated
from tests.io.render.sample_reports import failing

FILES = generated()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_generated_file_is_what_the_source_gives(path) -> None:
    assert path.is_file(), "run `python -m tests.io.render.generated`"
    written = path.read_bytes().decode()
    assert written == FILES[path], "run `python -m tests.io.render.generated` and look at the difference"


def test_no_generated_file_is_left_over() -> None:
    kept = {ROOT / "reports" / "README.md"}
    for folder in ("examples", "schemas"):
        on_disk = {path for path in (ROOT / "reports" / folder).rglob("*") if path.is_file()}
        assert on_disk - kept == {path for path in FILES if path.is_relative_to(ROOT / "reports" / folder)}


def test_every_report_keeps_to_the_published_schema(sample: ReportV1) -> None:
    schema = json.loads(report_schema())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(json.loads(render_json(sample)), schema)


def test_the_schema_refuses_what_is_no_report() -> None:
    schema = json.loads(report_schema())
    wrong = json.loads(render_json(failing()))
    wrong["decision"]["value"] = "fine"
    with pytest.raises(jsonschema.ValidationError, match="fine"):
        jsonschema.validate(wrong, schema)


def test_editor_schemas_are_valid_and_name_the_keys_that_people_write() -> None:
    manifest, policy = json.loads(manifest_schema()), json.loads(schema_of("pack", installed=False))
    for schema in (manifest, policy):
        jsonschema.Draft202012Validator.check_schema(schema)
        assert schema["additionalProperties"] is False
    assert set(manifest["properties"]) == set(Project.model_fields)
    control = policy["$defs"]["ControlSpec"]["properties"]
    assert "with" in control
    assert "else" in policy["$defs"]["EnforcementByProfile"]["properties"]


def test_the_example_report_is_read_back_as_it_was() -> None:
    assert read_report((ROOT / "reports" / "examples" / "report.json").read_bytes()) == failing()


def test_the_catalogue_has_words_of_templates_verdicts_and_sentences() -> None:
    made = catalogue()
    messages = set(re.findall(r'^msgid "(.+)"$', made, re.MULTILINE))
    assert {"Not enough data to tell", "What blocks release", "limit {limit}"} <= messages
    assert 'msgid_plural "%(n)s more in report.json."' in made
    assert "python-brace-format" in made
