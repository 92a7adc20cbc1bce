import pytest

from hcgov.core.measurement import Answered
from hcgov.stages.design.purpose_stated import LISTS, TEXTS, PurposeStated, examples, purpose_stated
from hcgov.stages.specimens import record

FULL = examples()[0].evidence["purpose"].data


def answers(**changed):
    data = {key: value for key, value in {**FULL, **changed}.items() if value is not ...}
    found = purpose_stated(purpose=record("purpose", data), params=PurposeStated())
    return {s.about: s.answer for s in found}


@pytest.mark.parametrize("name", [*TEXTS, *LISTS])
def test_each_part_that_is_left_out_or_empty_is_named(name):
    for value in (..., None, "", [], 3):
        found = answers(**{name: value})
        assert found.pop(name) is Answered.NOT_MET
        assert set(found.values()) == {Answered.MET}


@pytest.mark.parametrize("served", ["everyone", "All users.", "The general public"])
def test_everyone_is_nobody_in_particular_even_beside_others(served):
    assert answers(served=["Agents in their first year", served])["served"] is Answered.NOT_MET


@pytest.mark.parametrize(
    "written",
    [
        "Helps people.",
        "good good good good good good good good good good",
        FULL["alternative"],
        FULL["alternative"].upper() + "!",
    ],
)
def test_a_purpose_that_is_short_padded_or_copied_says_nothing(written):
    assert answers(purpose=written)["purpose"] is Answered.NOT_MET


def test_excluded_may_be_none_with_a_reason_but_served_may_not():
    reason = {"none": "The service is open to every resident by law."}
    assert answers(excluded=reason)["excluded"] is Answered.MET
    assert answers(served=reason)["served"] is Answered.NOT_MET
    assert answers(out_of_scope=reason)["out_of_scope"] is Answered.NOT_MET


def test_placeholders_are_pending_wherever_they_stand():
    assert answers(decisions=["Which reply", "TODO"])["decisions[2]"] is Answered.PENDING
    assert answers(purpose="[describe the purpose]")["purpose"] is Answered.PENDING
    assert answers(excluded={"none": "TBD"})["excluded.none"] is Answered.PENDING


def test_an_unknown_key_or_a_wrong_entry_is_a_fault():
    assert answers(porpose="x")["porpose"] is Answered.NOT_MET
    assert answers(unknown=["a group", {"name": "b"}])["unknown"] is Answered.NOT_MET


def test_what_is_no_mapping_meets_nothing():
    for data in (None, [], "everyone"):
        found = list(purpose_stated(purpose=record("p", data), params=PurposeStated()))
        assert not any(s.answer is Answered.MET for s in found)
