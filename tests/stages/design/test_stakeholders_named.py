import copy

from hcgov.core.measurement import Answered
from hcgov.stages.design.stakeholders_named import CLASSES, StakeholdersNamed, examples, stakeholders_named
from hcgov.stages.specimens import record

FULL = examples()[0].evidence["register"].data


def told(change=None, **params):
    data = copy.deepcopy(FULL)
    if change is not None:
        change(data)
    found = stakeholders_named(register=record("stakeholders", data), params=StakeholdersNamed(**params))
    return {s.about: s for s in found}


def answers(change=None, **params):
    return {about: s.answer for about, s in told(change, **params).items()}


def without(*path):
    def change(data):
        for key in path[:-1]:
            data = data[key]
        del data[path[-1]]

    return change


def with_value(value, *path):
    def change(data):
        for key in path[:-1]:
            data = data[key]
        data[path[-1]] = value

    return change


def test_each_class_that_is_left_out_is_named_and_the_others_still_stand():
    for path, _ in CLASSES:
        found = answers(without(*path))
        name = ".".join(path)
        assert found.pop(name) is Answered.NOT_MET
        assert set(found.values()) == {Answered.MET}
        assert len(found) == len(CLASSES) - 1


def test_no_data_workers_at_all_are_three_classes_left_out():
    found = answers(without("data_workers"))
    assert list(found.values()).count(Answered.NOT_MET) == 3


def test_a_misspelt_class_is_told_with_the_nearest_name():
    def change(data):
        data["end_user"] = data.pop("end_users")

    found = told(change)
    assert found["end_users"].answer is found["end_user"].answer is Answered.NOT_MET
    assert "`end_users`" in str(found["end_user"].text)


def test_an_entry_needs_harms_and_an_influence_but_may_have_no_benefit():
    entry = ("end_users", 0)
    assert answers(with_value([], *entry, "benefits"))["end_users"] is Answered.MET
    for key, value in (("harms", []), ("influence", "some"), ("name", ""), ("harms", "a text")):
        found = answers(with_value(value, *entry, key))
        assert found[f"end_users[1].{key}"] is Answered.NOT_MET
        assert "end_users" not in found
    assert answers(without(*entry, "benefits"))["end_users[1].benefits"] is Answered.NOT_MET


def test_a_placeholder_waits_for_a_person():
    found = answers(with_value(["TBD"], "indirect", 0, "harms"))
    assert found["indirect[1].harms[1]"] is Answered.PENDING
    assert "indirect" not in found


def test_none_needs_a_reason():
    assert answers(with_value({"none": "No."}, "developers"))["developers"] is Answered.NOT_MET


def test_more_entries_can_be_asked_for():
    found = answers(min_entries=2)
    assert (found["end_users"], found["developers"]) == (Answered.MET, Answered.NOT_MET)


def test_what_is_no_register_is_not_met_for_every_class():
    for data in (None, [], "text", 3, {}, {"kind": "Purpose"}):
        found = list(stakeholders_named(register=record("r", data), params=StakeholdersNamed()))
        assert [s.answer for s in found].count(Answered.NOT_MET) >= len(CLASSES)
        assert not any(s.answer is Answered.MET for s in found)


def test_names_of_people_are_not_printed():
    found = told(with_value("Jane Roe", "developers", 0, "name"))
    assert not any("Jane" in str(s.text) for s in found.values())
