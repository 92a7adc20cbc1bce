import pytest

from hcgov.core.evidence.counts import Shares
from hcgov.core.slices import NOT_RECORDED
from hcgov.core.status import Reason
from hcgov.stages.deployment.group_mix_drift import METRIC, GroupMixDrift, group_mix_drift
from hcgov.stages.specimens import source
from hcgov.stats.bounds import lower, upper
from hcgov.stats.drift import population_stability_index


def found(now, before, *, people_known=True, **params):
    tables = (
        Shares(
            table=name,
            column="region",
            groups=tuple(groups),
            people_known=people_known,
            source=source(name, "table"),
        )
        for name, groups in (("use", now), ("tested", before))
    )
    now, before = tables
    return {
        (one.metric, str(one.scope)): one
        for one in group_mix_drift(now=now, before=before, params=GroupMixDrift(column="region", **params))
    }


BEFORE = (("north", 250), ("south", 250), ("east", 250), ("west", 250))
NOW = (("west", 100), ("east", 200), ("south", 300), ("north", 400))


def test_groups_are_matched_by_name_and_the_index_is_judged():
    told = found(NOW, BEFORE)
    judged = [one for one in told.values() if not one.shown]
    assert [one.metric for one in judged] == [METRIC]
    assert judged[0].estimate.value == pytest.approx(
        population_stability_index((0.25,) * 4, (0.4, 0.3, 0.2, 0.1))
    )
    assert lower(judged[0].estimate, 0.95) > 0.15
    assert upper(judged[0].estimate, 0.95) < 0.35
    assert judged[0].estimate.people == 2000
    assert ("groups_empty_on_one_side", "everyone") not in told


def test_what_stands_beside_is_not_judged():
    told = found(NOW, BEFORE)
    assert told["jensen_shannon_divergence", "everyone"].shown
    assert "nats" in str(told["jensen_shannon_divergence", "everyone"].note)
    assert "p = 0.0000" in str(told["chi_square_p_value", "everyone"].note)
    assert told["share_in_use", "region=north"].estimate.value == 0.4
    assert told["share_in_tested", "region=north"].estimate.value == 0.25


def test_a_group_that_is_gone_or_new_keeps_the_mix_from_passing():
    # The index itself, with half a person for nobody, would keep a limit of 0.25.
    before, now = (("north", 4850), ("south", 150)), (("north", 300),)
    for told, table in ((found(now, before), "`use`"), (found(before, now), "`tested`")):
        (gone,) = [one for one in told.values() if one.reason is Reason.ABSENT_GROUP]
        assert upper(told[METRIC, "everyone"].estimate, 0.95) < 0.25
        assert (gone.metric, str(gone.scope), gone.shown) == (METRIC, "region=south", False)
        assert f"nobody in {table}" in str(gone.note)
    rare = found(now, (("north", 4990), ("south", 10)))
    assert not any(one.reason for one in rare.values())


def test_people_without_a_group_are_a_group():
    told = found((*NOW, (None, 100)), (*BEFORE, (None, 100)))
    assert told["share_in_use", f"region={NOT_RECORDED}"].estimate.value == pytest.approx(100 / 1100)
    many = found((*NOW, (None, 300)), BEFORE)
    assert [one.reason for one in many.values()] == [Reason.MISSING_DEMOGRAPHICS]
    assert "300 of 1300 people in `use`" in str(many[METRIC, "everyone"].note)
    assert len(found((*NOW, (None, 300)), BEFORE, max_unrecorded=0.5)) > 1


def test_a_group_that_left_counts_and_is_said_to():
    told = found(NOW[1:], BEFORE)
    assert told["groups_empty_on_one_side", "everyone"].estimate.value == 1.0
    assert "half a person" in str(told["groups_empty_on_one_side", "everyone"].note)
    assert told["share_in_use", "region=west"].estimate.value == 0.0


def test_few_people_prove_neither():
    estimate = found([(name, n // 40) for name, n in NOW], BEFORE)[METRIC, "everyone"].estimate
    assert lower(estimate, 0.95) < 0.05
    assert upper(estimate, 0.95) > 0.5


@pytest.mark.parametrize(
    ("now", "before", "known", "reason"),
    [
        (NOW, BEFORE, False, Reason.FEW_PEOPLE),
        ((), BEFORE, True, Reason.SMALL_N),
        (NOW, (("north", 0),), True, Reason.SMALL_N),
        ((("north", 9),), (("north", 9),), True, Reason.UNMATCHED_PAIRS),
    ],
)
def test_what_stops_it_is_said(now, before, known, reason):
    told = found(now, before, people_known=known)
    assert [one.reason for one in told.values()] == [reason]
