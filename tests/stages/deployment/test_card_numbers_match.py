import pytest

from hcgov.core.evidence.metrics import Estimated, Estimates
from hcgov.core.measurement import Answered
from hcgov.core.slices import EVERYONE, Slice
from hcgov.stages.deployment.card_numbers_match import CardNumbersMatch, card_numbers_match
from hcgov.stages.specimens import card

NORTH, SOUTH = Slice(values=(("region", "north"),)), Slice(values=(("region", "south"),))


def estimated(value, scope=SOUTH, metric="gap", *, worst=False, control="C-1", against=None):
    return Estimated(control=control, metric=metric, slice=scope, against=against, value=value, worst=worst)


RUN = (estimated(0.1249, worst=True), estimated(0.02, NORTH), estimated(0.9, metric="accuracy"))


def told(index, values=RUN, **params):
    document = card("model_card", {"model-index": index}, {})
    return list(
        card_numbers_match(
            card=document, estimates=Estimates(values=values), params=CardNumbersMatch(**params)
        )
    )


def model(*metrics, **result):
    return [{"name": "m", "results": [{"metrics": list(metrics), **result}]}]


def metric(value, control="C-1", **args):
    return {"type": "gap", "value": value, "args": {"hcgov_control": control} | args}


def only(index, values=RUN, **params):
    (statement,) = told(index, values, **params)
    return statement.answer


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        (0.1249, Answered.MET),
        (0.125, Answered.MET),
        ("0.12", Answered.MET),
        (0.12, Answered.MET),
        (0.13, Answered.NOT_MET),
        (0.124, Answered.NOT_MET),
        (0.1, Answered.NOT_MET),
        ("0.1", Answered.NOT_MET),
        (-0.125, Answered.NOT_MET),
        (0, Answered.NOT_MET),
        (True, Answered.NOT_MET),
        (None, Answered.NOT_MET),
        ("about a tenth", Answered.NOT_MET),
        (float("nan"), Answered.NOT_MET),
        ("Infinity", Answered.NOT_MET),
        ([0.125], Answered.NOT_MET),
    ],
)
def test_the_worst_value_is_compared_at_the_printed_precision(printed, expected):
    assert only(model(metric(printed, hcgov_metric="gap"))) is expected


def test_fewer_digits_are_compared_where_policy_allows_it():
    assert only(model(metric(0.1, hcgov_metric="gap")), min_digits=1) is Answered.MET


def test_a_number_half_way_may_be_rounded_either_way():
    half = (estimated(0.125, worst=True),)
    assert only(model(metric(0.12)), half) is Answered.MET
    assert only(model(metric(0.13)), half) is Answered.MET
    assert only(model(metric(0.14)), half) is Answered.NOT_MET


def test_slice_and_metric_choose_the_value():
    assert only(model(metric(0.02, hcgov_slice="region=north"))) is Answered.MET
    assert only(model(metric(0.90, hcgov_metric="accuracy"))) is Answered.MET
    assert only(model(metric(0.02, hcgov_slice="region=west"))) is Answered.NOT_MET
    assert only(model(metric(0.02, hcgov_metric="gapp"))) is Answered.NOT_MET


def test_without_a_worst_slice_everyone_is_meant():
    values = (estimated(0.3, NORTH), estimated(0.4, EVERYONE))
    assert only(model(metric(0.40)), values) is Answered.MET
    assert only(model(metric(0.30)), values) is Answered.NOT_MET


def test_a_number_that_fits_one_of_several_values_cannot_be_told():
    values = (estimated(0.1, against=NORTH), estimated(0.2, against=EVERYONE))
    bound = {"hcgov_slice": "region=south"}
    assert only(model(metric(0.10, **bound)), values) is Answered.CANNOT_TELL
    assert only(model(metric(0.10, hcgov_against="region=north", **bound)), values) is Answered.MET
    assert only(model(metric(0.30, **bound)), values) is Answered.NOT_MET


def test_an_unknown_control_is_told_with_the_nearest_one():
    (statement,) = told(model(metric(0.12, control="C-2")))
    assert statement.answer is Answered.NOT_MET
    assert "did you mean `C-1`?" in str(statement.text)
    assert only(model(metric(0.12)), ()) is Answered.NOT_MET


@pytest.mark.parametrize("source", [None, {}, {"name": "A trial"}, {"url": " "}, ""])
def test_a_loose_number_needs_the_address_of_its_source(source):
    loose = {"type": "accuracy", "value": 0.9}
    found = told(model(loose, metric(0.12), source=source))
    assert [s.answer for s in found] == [Answered.NOT_MET, Answered.MET]


def test_a_number_with_its_source_is_named_and_not_compared():
    sourced = {"type": "accuracy", "value": 0.9, "source": {"url": "https://example.org"}}
    assert [s.answer for s in told(model(sourced, metric(0.12)))] == [Answered.MET, Answered.MET]


@pytest.mark.parametrize("index", [None, [], [{"name": "m", "results": []}], model()])
def test_a_card_without_numbers_tells_nothing(index):
    assert only(index) is Answered.CANNOT_TELL


@pytest.mark.parametrize(
    "index", ["x", {"name": "m"}, [None], [{"results": 3}], [{"results": [None]}], model(3)]
)
def test_a_malformed_index_is_a_fault_and_never_met(index):
    answers = [s.answer for s in told(index)]
    assert Answered.NOT_MET in answers
    assert Answered.MET not in answers
