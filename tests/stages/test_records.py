from typing import Literal

from pydantic import Field

from hcgov.core.evidence.documents import Record
from hcgov.core.measurement import Answered
from hcgov.core.mistake import Position
from hcgov.stages.records import Written, dotted, listed, read, where
from hcgov.stages.specimens import record, source


class Entry(Written):
    name: str = Field(min_length=2)
    influence: Literal["none", "consulted"]


def place(line):
    return Position(file="r.yaml", line=line, column=1)


def test_a_place_is_that_of_the_nearest_ancestor():
    told = Record(data={}, source=source("r"), positions={(): place(1), ("a",): place(3)})
    assert where(told, ("a", 0, "b")) == place(3)
    assert where(told, ("c",)) == place(1)
    assert where(record("r", {}), ("c",)) is None


def test_a_sound_entry_is_parsed_and_nothing_is_said():
    parsed, said = read(record("r", {}), {"name": " Agents ", "influence": "none"}, Entry)
    assert parsed == Entry(name="Agents", influence="none")
    assert said == ()


def test_faults_are_told_with_path_place_and_nearest_key():
    value = {"name": "Agents", "influense": "none"}
    told = Record(data=[value], source=source("r"), positions={(0,): place(2), (0, "influense"): place(4)})
    parsed, said = read(told, value, Entry, (0,))
    assert parsed is None
    by_path = {s.about: s for s in said}
    assert set(by_path) == {"[1].influence", "[1].influense"}
    assert all(s.answer is Answered.NOT_MET for s in said)
    assert by_path["[1].influense"].where == place(4)
    assert "did you mean `influence`?" in str(by_path["[1].influense"].text)


def test_a_placeholder_is_pending_and_not_told_twice_as_a_fault():
    parsed, said = read(record("r", {}), {"name": "Agents", "influence": "TODO"}, Entry)
    assert parsed is None
    assert [(s.about, s.answer) for s in said] == [("influence", Answered.PENDING)]


def test_what_is_written_is_not_printed_back():
    _, said = read(record("r", {}), {"name": "Jane Roe", "influence": "Jane Roe decides"}, Entry)
    assert said
    assert not any("Jane" in str(s.text) for s in said)


def test_paths_are_written_as_people_do():
    assert dotted(()) == "the record"
    assert dotted(("a", 0, "b")) == "a[1].b"


def options(value):
    return listed(record("r", {}), value, ("end_users",), hint="name them", reason_characters=10)


def test_a_list_or_a_reasoned_none_is_accepted_and_nothing_else():
    assert options(["x"]) == (["x"], ())
    entries, (met,) = options({"none": "Nobody uses it directly."})
    assert (entries, met.answer) == ([], Answered.MET)
    for value in ([], None, "none", 3, {"none": "No."}, {"none": ""}, {"nobody": "Nobody uses it."}, {}):
        entries, said = options(value)
        assert entries == []
        assert said
        assert all(s.answer is Answered.NOT_MET for s in said), value
