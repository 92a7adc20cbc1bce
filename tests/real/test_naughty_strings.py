"""The Big List of Naughty Strings, as keys, values, headings, paths and whole documents."""

import json
import re

import pytest

from hcgov.core.evidence.absent import Absent
from hcgov.core.mistake import AuthoringError
from hcgov.io.files import read_blob
from hcgov.io.readers import BUILT_IN, read_document
from hcgov.io.yaml import parse, parse_json


@pytest.fixture(scope="module")
def naughty(real_data):
    found = json.loads((real_data / "blns/blns.json").read_text())
    assert len(found) == 515
    return found


def _in_yaml(tree):
    """Write JSON without surrogate pairs, which YAML does not know: a character above U+FFFF is one escape."""
    pair = re.compile(r"\\u(d[89ab]..)\\u(d[c-f]..)")
    one = lambda m: f"\\U{ord(bytes.fromhex(m[1] + m[2]).decode('utf-16-be')):08x}"  # noqa: E731
    return pair.sub(one, json.dumps(tree)).encode()


def test_every_string_survives_as_a_value(naughty):
    for string in naughty:
        assert parse(_in_yaml({"a": [string]}), "f").data == {"a": [string]}
        assert parse_json(json.dumps({"a": [string]}).encode(), "f").data == {"a": [string]}


def test_every_string_as_a_key_is_read_as_it_is_or_refused(naughty):
    refused = []
    for string in naughty:
        try:
            assert parse(_in_yaml({string: 1}), "f").data == {string: 1}
        except AuthoringError as error:
            refused.append({mistake.code for mistake in error.mistakes})
    assert 5 < len(refused) < 150
    # HCG-Y001: written with escapes, a string is longer than the 1024 characters that YAML allows a key.
    assert set.union(*refused) == {"HCG-Y001", "HCG-Y014", "HCG-Y015"}


def test_every_string_as_a_document_is_read_or_refused(naughty, real_blob, tmp_path):
    path = tmp_path / "it.json"
    for string in naughty:
        path.write_bytes(string.encode())
        for kind in BUILT_IN:
            found = read_document(kind, real_blob(path, kind))
            assert "failed" not in str(getattr(found, "detail", "")), (kind, string)
        path.write_bytes(f"---\na: 1\n---\n# {string}\n\n{string}\n".encode())
        assert read_document("model_card", real_blob(path, "model_card")).front_matter == {"a": 1}


def test_every_string_as_a_path_leads_nowhere(naughty, tmp_path):
    for string in naughty:
        found = read_blob(tmp_path, "it", "record", string)
        assert isinstance(found, Absent)
        assert str(found.detail)
