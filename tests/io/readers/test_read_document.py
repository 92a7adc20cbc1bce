"""The reader of a kind is found, and what it raises becomes absence."""

import sys
import tomllib
from importlib.metadata import EntryPoint
from pathlib import Path
from types import ModuleType

import pytest

from hcgov.core.evidence.absent import Absence, Absent
from hcgov.core.evidence.documents import Card, Croissant, EvalLog, Record
from hcgov.io import readers
from hcgov.io.readers import BUILT_IN, GROUP, read_document

ROOT = Path(__file__).parents[3]


def test_the_built_in_readers_are_those_that_the_distribution_declares():
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["entry-points"][GROUP]
    assert declared == BUILT_IN


@pytest.mark.parametrize(
    ("kind", "text", "location", "evidence"),
    [
        ("record", "a: 1", "a.yaml", Record),
        ("model_card", "---\na: b\n---\n", "a.md", Card),
        ("dataset_card", "---\na: b\n---\n", "a.md", Card),
        ("datasheet", "# A", "a.md", Card),
        ("croissant", '{"@type": "Dataset"}', "a.json", Croissant),
        ("expectation_suite", '{"expectations": [{}]}', "a.json", Record),
        ("inspect_log", '{"version": 2, "status": "error", "eval": {"task": "t"}}', "a.json", EvalLog),
    ],
)
def test_each_kind_has_its_reader(blob, kind, text, location, evidence):
    assert isinstance(read_document(kind, blob(text, location, kind)), evidence)


@pytest.mark.parametrize("kind", sorted(BUILT_IN))
@pytest.mark.parametrize(
    "data", [b"\x00", b"\xff\xfe", b"PK\x03\x04", b"{", b"---\n", b"[" * 5000, b"- " * 5000]
)
def test_no_reader_raises_or_makes_something_of_rubbish(blob, kind, data):
    found = read_document(kind, blob(data, "a.json", kind))
    assert isinstance(found, Absent) or (kind == "datasheet" and not any(s.filled for s in found.sections))


def test_a_kind_without_reader_is_told(blob):
    found = read_document("telepathy", blob("x"))
    assert found.reason is Absence.WRONG_KIND
    assert "telepathy" in str(found.detail)


def _install(monkeypatch, *entries):
    monkeypatch.setattr("importlib.metadata.entry_points", lambda **_: list(entries))


def test_a_reader_of_a_pack_is_used_and_one_that_raises_is_named_by_its_type(blob, monkeypatch):
    pack = ModuleType("a_pack")
    pack.read = lambda blob: Record(data=len(blob.data), source=blob.source)
    pack.fails = lambda blob: 1 / 0
    monkeypatch.setitem(sys.modules, "a_pack", pack)
    _install(monkeypatch, EntryPoint("odd", "a_pack:read", GROUP))
    assert read_document("odd", blob("abc")).data == 3
    _install(monkeypatch, EntryPoint("odd", "a_pack:fails", GROUP))
    found = read_document("odd", blob("abc"))
    assert found.reason is Absence.UNREADABLE
    assert "ZeroDivisionError" in str(found.detail)


def test_a_pack_that_does_not_import_is_named_with_the_reason(blob, monkeypatch):
    _install(monkeypatch, EntryPoint("odd", "no_such_pack:read", GROUP))
    found = read_document("odd", blob("abc"))
    assert found.reason is Absence.UNREADABLE
    assert "no_such_pack" in str(found.detail)
    assert "ModuleNotFoundError" in str(found.detail)


def test_two_packs_for_one_kind_are_refused_and_no_pack_takes_over_a_built_in_kind(blob, monkeypatch):
    entry = EntryPoint("odd", "a_pack:read", GROUP)
    _install(monkeypatch, entry, entry)
    assert "several packs" in str(read_document("odd", blob("abc")).detail)
    _install(monkeypatch, EntryPoint("record", "no_such_pack:read", GROUP))
    assert isinstance(read_document("record", blob("a: 1", "a.yaml")), Record)


def test_a_built_in_reader_that_raises_is_told_by_the_type_alone(blob, monkeypatch):
    def leaks(_):
        raise ValueError("the value of a cell")

    monkeypatch.setattr(readers, "_load", lambda _: leaks)
    found = read_document("record", blob("a: 1", "a.yaml"))
    assert "ValueError" in str(found.detail)
    assert "cell" not in str(found.detail)
