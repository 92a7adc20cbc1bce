import pytest

from hcgov.core.evidence.counts import Shares
from hcgov.core.measurement import Answered, Measurement, Statement
from hcgov.core.slices import NOT_RECORDED
from hcgov.core.status import Reason
from hcgov.stages.data.representation import Representation, representation
from hcgov.stages.specimens import record, source


def measured(groups, target=None, *, people_known=True, column="region", **params):
    shares = Shares(
        table="t",
        column="region",
        groups=tuple(groups),
        people_known=people_known,
        source=source("t", "table"),
    )
    data = {"column": column, "groups": target or {"north": 0.5, "south": 0.5}, "source": "Census 2021"}
    params = Representation(column="region", **params)
    return list(representation(shares=shares, target=record("target", data), params=params))


def by_group(found):
    return {str(one.scope).removeprefix("region="): one for one in found if isinstance(one, Measurement)}


def test_the_ratio_is_the_share_over_its_target_share():
    found = by_group(measured([("north", 30), ("south", 70)], {"north": 0.4, "south": 0.6}))
    assert found["north"].estimate.value == pytest.approx(0.75)
    assert found["south"].estimate.value == pytest.approx(0.7 / 0.6)
    assert [(g.positives, g.n) for g in found["north"].groups] == [(30, 100)]


def test_a_group_that_is_not_in_the_data_is_measured_as_absent_and_not_dropped():
    found = by_group(measured([("north", 100)]))
    assert found["south"].estimate.value == 0
    assert not found["south"].shown


def test_groups_beside_the_target_are_shown_and_stay_in_the_denominator():
    found = by_group(measured([("north", 50), ("south", 50), ("west", 100)]))
    assert found["north"].estimate.value == pytest.approx(0.5)
    assert found["west"].shown
    assert found["west"].estimate is None
    assert "100 of 200" in str(found["west"].note)


def test_people_without_a_group_are_shown_and_too_many_of_them_hide_everything():
    few = by_group(measured([("north", 50), ("south", 50), (None, 25)]))
    assert few["north"].estimate is not None
    assert few[NOT_RECORDED].shown
    many = by_group(measured([("north", 50), ("south", 50), (None, 26)]))
    assert many["north"].estimate is None
    assert many["north"].reason is Reason.MISSING_DEMOGRAPHICS


def test_nobody_recorded_or_people_unknown_decide_nothing():
    assert by_group(measured([(None, 9)]))["north"].reason is Reason.MISSING_DEMOGRAPHICS
    assert by_group(measured([]))["north"].reason is Reason.MISSING_DEMOGRAPHICS
    unknown = by_group(measured([("north", 50), ("south", 50)], people_known=False))["north"]
    assert (unknown.estimate, unknown.reason) == (None, Reason.FEW_PEOPLE)


@pytest.mark.parametrize(
    "target",
    [
        {"north": 0.5, "south": 0.52},
        {"north": 50, "south": 50},
        {"north": 1.0, "south": 0.0},
        {"north": 1.2, "south": -0.2},
        {"north": 1.0},
        {"north": "half", "south": "half"},
        {"north": "TBD", "south": 0.5},
        {"north": float("nan"), "south": 0.5},
    ],
)
def test_a_broken_target_measures_nothing(target):
    found = measured([("north", 50), ("south", 50)], target)
    assert found
    assert all(isinstance(one, Statement) for one in found)
    assert {one.answer for one in found} <= {Answered.ERROR, Answered.PENDING}


def test_shares_rounded_to_whole_per_cent_are_a_whole():
    target = {"north": 0.33, "south": 0.33, "west": 0.33}
    found = measured([("north", 50), ("south", 50), ("west", 50)], target)
    assert all(isinstance(one, Measurement) for one in found)


def test_a_target_about_another_column_measures_nothing():
    (statement,) = measured([("north", 50), ("south", 50)], column="race")
    assert statement.answer is Answered.ERROR
    assert "`race`" in str(statement.text)
