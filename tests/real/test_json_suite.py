"""JSONTestSuite: y_ files are JSON, n_ files are not, of i_ files parsers may think as they like."""

import json
from contextlib import suppress

import pytest

from hcgov.core.mistake import AuthoringError
from hcgov.io.readers import BUILT_IN, read_document
from hcgov.io.yaml import parse, parse_json

# The suite accepts that a key stands twice; here it is a mistake, for readers disagree about which counts.
REPEATED = {"y_object_duplicated_key.json", "y_object_duplicated_key_and_value.json"}


def outcome(path):
    try:
        return parse_json(path.read_bytes(), path.name).data
    except AuthoringError as error:
        return error


@pytest.fixture
def files(real_data):
    found = sorted((real_data / "json-test-suite").rglob("*.json"))
    assert len(found) == 340  # 318 of them in test_parsing
    return found


def test_what_is_json_is_parsed_to_the_same_values(files):
    for path in files:
        if path.name.startswith("y_") and path.name not in REPEATED:
            assert outcome(path) == json.loads(path.read_bytes()), path.name


def test_what_is_not_json_is_refused(files):
    accepted = [
        p.name for p in files if p.name.startswith("n_") and not isinstance(outcome(p), AuthoringError)
    ]
    assert accepted == []
    refused = [outcome(p) for p in files if p.name.startswith("n_")]
    assert all(mistake.where is not None for error in refused for mistake in error.mistakes)


def test_repeated_keys_are_refused(files):
    repeated = [p for p in files if p.name in REPEATED or p.name.startswith("object_same_key")]
    assert len(repeated) == 5
    assert all(outcome(path).mistakes[0].code == "HCG-Y005" for path in repeated)


def test_no_value_that_is_not_finite_or_not_text_comes_through(files):
    for path in files:
        found = outcome(path)
        if not isinstance(found, AuthoringError):
            json.dumps(found, allow_nan=False).encode()
            json.dumps(found, ensure_ascii=False).encode()  # fails on half a surrogate pair


def test_no_file_crashes_the_yaml_parser_or_a_reader(files, real_blob):
    for path in files:
        with suppress(AuthoringError):
            parse(path.read_bytes(), path.name)
        for kind in BUILT_IN:
            found = read_document(kind, real_blob(path, kind))
            assert "failed" not in str(getattr(found, "detail", ""))
