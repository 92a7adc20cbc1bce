import json
from dataclasses import replace

import pytest
from pydantic import ValidationError

from hcgov.core.evidence.metrics import ExpectationResult, ExpectationsOf
from hcgov.core.measurement import Answered
from hcgov.stages.data.expectations_hold import ExpectationsHold, asks, examples, expectations_hold

RESULTS = examples()[0].evidence["results"]
PARAMS = ExpectationsHold(suite="quality_suite")


def result(success, **other):
    return ExpectationResult(name="expect_x(age)", column="age", success=success, **other)


def told(*results, **changed):
    found = expectations_hold(results=replace(RESULTS, results=results, **changed), params=PARAMS)
    return list(found)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (result(True), Answered.MET),
        (result(True, evaluated=5, unexpected=1), Answered.MET),
        (result(True, evaluated=0, unexpected=0), Answered.CANNOT_TELL),
        (result(True, vacuous=True), Answered.CANNOT_TELL),
        (result(False, evaluated=5, unexpected=2), Answered.NOT_MET),
        (result(False, vacuous=True), Answered.NOT_MET),
        (result(None), Answered.ERROR),
        (result(None, vacuous=True, error="no column"), Answered.ERROR),
    ],
)
def test_one_expectation(given, expected):
    (statement,) = told(given)
    assert statement.answer is expected


def test_counts_are_told_and_observed_values_are_not():
    (statement,) = told(result(False, evaluated=50, unexpected=2, observed="Jane Roe"))
    assert "2 of 50" in str(statement.text)
    assert "Jane" not in str(statement.text)


def test_an_aggregated_table_is_said_to_be_one_in_every_sentence():
    found = told(result(True), result(False), aggregated=True)
    assert all("aggregated table" in str(s.text) for s in found)
    assert "aggregated" not in str(told(result(True))[0].text)


def test_two_of_the_same_expectation_are_told_apart():
    found = told(result(True), result(False))
    assert [s.about for s in found] == ["expect_x(age)", "expect_x(age) #2"]


def test_exactly_one_of_suite_and_inline_is_given():
    inline = [{"type": "expect_column_to_exist", "kwargs": {"column": "age"}}]
    for wrong in ({}, {"suite": "s", "inline": inline}, {"inline": []}):
        with pytest.raises(ValidationError, match="exactly one of"):
            ExpectationsHold(**wrong)
    asked = asks(ExpectationsHold(table="t", inline=inline))["results"]
    assert isinstance(asked, ExpectationsOf)
    assert (asked.table, asked.suite) == ("t", None)
    assert json.loads(asked.inline)["expectations"] == inline
    assert asks(PARAMS)["results"] == ExpectationsOf(table="training_data", suite="quality_suite")


def test_what_nothing_could_break_is_not_held_to_be_met():
    kept = ExpectationResult(
        name="e(x)", column="x", success=True, evaluated=9, unexpected=9, unbreakable=True
    )
    evidence = replace(next(iter(examples())).evidence["results"], results=(kept,))
    (said,) = expectations_hold(results=evidence, params=PARAMS)
    assert said.answer is Answered.CANNOT_TELL
    assert "holds whatever the data are" in str(said.text)
