"""What checks of preferences say of data that are odd, and what they show beside their verdicts."""

from dataclasses import replace

import numpy as np
import pytest

from hcgov.core.evidence.long import coded, numbered
from hcgov.core.measurement import Answered, Measurement, Statement
from hcgov.core.slices import SliceRules
from hcgov.core.status import Reason
from hcgov.stages.data.preference_consistency import PreferenceConsistency, preference_consistency
from hcgov.stages.data.preference_outcomes import PreferenceOutcomes, preference_outcomes
from hcgov.stages.evaluation.common_ground import CommonGround, common_ground
from hcgov.stages.evaluation.min_group_win_rate import MinGroupWinRate, min_group_win_rate
from hcgov.stages.evaluation.model_ranking import ModelRanking, model_ranking
from hcgov.stages.judgments.preference_worked import judged, mixed, preferences
from hcgov.stages.training.pooling_supported import PoolingSupported, pooling_supported
from hcgov.stages.training.preference_clusters import PreferenceClusters, preference_clusters

CHECKS = {
    "consistency": (preference_consistency, PreferenceConsistency()),
    "wins": (min_group_win_rate, MinGroupWinRate(model="new")),
    "pooling": (pooling_supported, PoolingSupported(draws=19)),
    "clusters": (preference_clusters, PreferenceClusters()),
    "ranking": (model_ranking, ModelRanking(ranking=("new", "old"))),
    "outcomes": (preference_outcomes, PreferenceOutcomes(outcome="tie")),
}


def told(name, long, params=None):
    check, default = CHECKS[name]
    return list(check(long=long, params=params or default))


def deciding(found):
    """Return what can pass or fail."""
    return [
        one
        for one in found
        if (
            isinstance(one, Measurement) and not one.shown and one.reason is None and one.estimate is not None
        )
        or (isinstance(one, Statement) and one.answer is not Answered.CANNOT_TELL)
    ]


def reasons(found):
    return {one.reason for one in found if not (isinstance(one, Measurement) and one.shown) and one.reason}


def wins(percent, people=120, prompts=8):
    return judged(people, prompts, lambda region, who, one: "a" if mixed(who, one) < percent else "b")


BAD = {
    "one person": (wins(60, people=1), Reason.FEW_PEOPLE),
    "all ties": (judged(120, 8, lambda region, who, one: "tie"), Reason.CONSTANT_OUTCOME),
    "all skipped": (judged(120, 8, lambda region, who, one: "skip"), Reason.SMALL_N),
    "one prompt": (wins(60, prompts=1), None),
    "weights of nothing": (
        replace(wins(60), columns={**wins(60).columns, "weight": numbered([0.0] * 960)}),
        Reason.SMALL_N,
    ),
}


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("name", ["wins", "pooling", "clusters", "ranking"])
def test_bad_data_decide_nothing_and_say_why(name, bad):
    long, reason = BAD[bad]
    found = told(name, long)
    if reason is None and name in ("wins", "pooling", "ranking"):
        return  # many people about one prompt is no bad evidence of what they prefer on it
    assert deciding(found) == []
    assert reasons(found) == ({reason} if reason else {Reason.FEW_PEOPLE})


def test_disconnected_models_have_no_strengths():
    rows = [
        (f"p{who}", "north", f"q{one}", *pair, "ab"[mixed(who, one) % 2])
        for who in range(30)
        for one in range(12)
        for pair in (("new", "old"), ("x", "y"))
    ]
    (claim,) = (one for one in told("ranking", preferences(rows)) if isinstance(one, Statement))
    assert claim.answer is Answered.CANNOT_TELL
    assert claim.reason is Reason.NOT_CONNECTED
    assert "2 parts" in str(claim.text)


def test_a_claim_of_an_unknown_model_and_of_several_respects():
    long = wins(60, prompts=12)
    (claim,) = (
        s for s in told("ranking", long, ModelRanking(ranking=("new", "best"))) if isinstance(s, Statement)
    )
    assert claim.reason is Reason.NOT_CONNECTED
    both = replace(long, columns={**long.columns, "dimension": coded(["polite"] * 1200 + ["right"] * 240)})
    (claim,) = (s for s in told("ranking", both) if isinstance(s, Statement))
    assert claim.reason is Reason.UNKNOWN_FACT
    assert deciding(told("ranking", both, ModelRanking(ranking=("new", "old"), dimension="polite")))
    with pytest.raises(ValueError, match="once"):
        ModelRanking(ranking=("new", "old", "new"))


def test_strengths_are_shown_beside_the_claim():
    found = told("ranking", wins(70, prompts=12))
    shown = {
        str(m.scope): m.estimate.value for m in found if isinstance(m, Measurement) and m.metric == "strength"
    }
    assert shown["model=new"] == pytest.approx(-shown["model=old"])
    assert shown["model=new"] > 0


@pytest.mark.parametrize("name", ["wins", "pooling"])
def test_people_without_groups_decide_nothing(name):
    long = wins(60)
    nameless = replace(long, groups={"region": coded([None] * long.rows)})
    assert deciding(told(name, nameless)) == []
    assert Reason.MISSING_DEMOGRAPHICS in reasons(told(name, nameless))
    unknown = replace(long, groups={})
    assert reasons(told(name, unknown)) == {Reason.MISSING_DEMOGRAPHICS}
    undeclared = replace(long, rules=SliceRules(by=()))
    assert reasons(told(name, undeclared)) == {Reason.MISSING_DEMOGRAPHICS}


def test_a_declared_group_that_nobody_is_in_is_named():
    rules = SliceRules(by=("region",), groups={"region": ("north", "south", "west")}, cross=1)
    found = told("wins", replace(wins(60), rules=rules))
    assert Reason.ABSENT_GROUP in reasons(found)


def test_people_without_a_group_beyond_a_fifth_leave_the_column_open():
    long = wins(60)
    names = [None if i % 3 == 0 else "north" for i in range(long.rows)]
    found = told("wins", replace(long, groups={"region": coded(names)}))
    assert Reason.MISSING_DEMOGRAPHICS in reasons(found)


def test_the_gap_is_between_all_ordered_pairs_of_few_groups_and_the_rest_of_many():
    def regions(k):
        long = wins(60, people=40 * k, prompts=3)
        return replace(long, groups={"region": coded([f"r{i // 3 % k}" for i in range(long.rows)])})

    few = [m for m in told("pooling", regions(3)) if not m.shown]
    assert len(few) == 6
    assert {str(m.scope) for m in few} == {f"pair=new over old × region=r{i}" for i in range(3)}
    many = [m for m in told("pooling", regions(9)) if not m.shown]
    assert len(many) == 9
    assert {str(m.against) for m in many} == {"everyone else"}


def test_a_gap_is_that_of_the_two_groups():
    long = judged(
        400, 10, lambda region, who, one: "a" if mixed(who, one) < (80 if region == "north" else 40) else "b"
    )
    found = [m for m in told("pooling", long) if not m.shown]
    rates = {g.slice.values[1][1]: g.positives / g.n for g in found[0].groups}
    assert found[0].estimate.value == pytest.approx(rates["north"] - rates["south"])
    assert found[0].estimate.value == pytest.approx(-found[1].estimate.value)
    (p,) = (m for m in told("pooling", long) if m.metric == "heterogeneity_p_region")
    assert p.estimate.value == 0.05


def test_prompts_that_few_judged_are_counted_and_not_named_one_by_one():
    found = told("pooling", wins(60, people=20, prompts=30), PoolingSupported(by="prompts", draws=19))
    assert deciding(found) == []
    assert reasons(found) == {Reason.FEW_PEOPLE}
    assert len([m for m in found if not m.shown]) == 2 + 21
    assert "10 further pairs" in str(next(m for m in reversed(found) if not m.shown).note)


def test_a_group_of_few_people_is_named_beside_the_larger_ones():
    long = wins(60, people=200, prompts=6)
    names = ["west" if i < 60 else ("north", "south")[i // 6 % 2] for i in range(long.rows)]
    found = [m for m in told("pooling", replace(long, groups={"region": coded(names)})) if not m.shown]
    assert [str(m.scope) for m in found if m.reason is Reason.FEW_PEOPLE] == ["region=west"]
    assert len(deciding(found)) == 2


def test_reward_scores_have_to_agree_with_every_group():
    long = wins(60)
    reward = np.where([name == "a" for name in decoded(long, "choice")], 1.0, -1.0)
    flipped = [g == "south" for g in decoded_group(long)]
    columns = {
        **long.columns,
        "reward_a": numbered(np.where(flipped, -reward, reward).tolist()),
        "reward_b": numbered([0.0] * long.rows),
    }
    found = deciding(told("wins", replace(long, columns=columns), MinGroupWinRate()))
    assert {str(m.scope): m.estimate.value for m in found} == {"region=north": 1.0, "region=south": 0.0}


def decoded(long, name):
    column = long.codes(name)
    return [column.names[code] for code in column.codes]


def decoded_group(long):
    column = long.groups["region"]
    return [column.names[code] for code in column.codes]


def test_only_the_rivals_that_are_named_count():
    rows = [
        (f"p{who}", "north", f"q{one}", "new", rival, "a" if rival == "weak" else "b")
        for who in range(40)
        for one in range(5)
        for rival in ("weak", "strong")
    ]
    found = told("wins", preferences(rows), MinGroupWinRate(model="new", against=("strong",)))
    assert [m.estimate.value for m in deciding(found)] == [0.0]
    assert reasons(told("wins", preferences(rows), MinGroupWinRate(model="none"))) == {Reason.SMALL_N}


def test_groups_that_training_keeps_apart_are_met():
    def camps(region, who, one):
        return "a" if ((one % 3 == 0) == (region == "north")) != (mixed(who, one) < 10) else "b"

    long = judged(80, 20, camps)
    (apart,) = (
        s for s in told("clusters", long, PreferenceClusters(kept_apart=True)) if isinstance(s, Statement)
    )
    assert apart.answer is Answered.MET
    shown = {m.metric: m.estimate.value for m in told("clusters", long) if isinstance(m, Measurement)}
    assert shown["clusters"] == 2.0
    assert shown["cluster_stability"] >= 0.8


def test_consistency_shows_circles():
    rows = []
    for who in range(30):
        for a, b in (("m1", "m2"), ("m2", "m3"), ("m3", "m1")):
            rows += [(f"p{who}", "north", "q1", a, b, "a")] * 2
    found = told("consistency", preferences(rows))
    values = {m.metric: m.estimate.value for m in found}
    assert values["contradiction_rate"] == 0.0
    assert values["circular_triads"] == 1.0
    assert values["kendall_zeta"] == 0.0


def test_nobody_was_asked_twice():
    assert reasons(told("consistency", wins(60))) == {Reason.SMALL_N}


def test_ties_of_everyone_and_of_each_group():
    long = judged(120, 8, lambda region, who, one: "tie" if mixed(who, one) < 30 else "a")
    found = [m for m in told("outcomes", long) if not m.shown]
    assert [str(m.scope) for m in found] == ["everyone", "region=north", "region=south"]
    assert found[0].estimate.value == pytest.approx(0.3, abs=0.03)


def test_an_item_that_nobody_answered_is_no_common_ground():
    (example, *_) = common_ground_examples()
    found = list(
        common_ground(
            long=example.evidence["long"], params=CommonGround(items=("parks stay open", "more buses"))
        )
    )
    assert "more buses" in " ".join(str(m.note) for m in found if m.reason is Reason.SMALL_N)
    shown = {m.metric: m.estimate.value for m in found if m.shown}
    assert shown["consensus_mean"] == pytest.approx(shown["group_informed_consensus"] ** 0.5)


def test_answering_often_counts_once():
    (example, *_) = common_ground_examples()
    long = example.evidence["long"]
    agreeing = next(i for i, name in enumerate(decoded(long, "label")) if name == "agree")
    rows = [*range(long.rows), *[agreeing] * 500]

    def again(column):
        return coded([column.names[column.codes[i]] for i in rows])

    louder = replace(
        long,
        rows=len(rows),
        columns={name: again(column) for name, column in long.columns.items()},
        groups={"region": again(long.groups["region"])},
    )
    one, other = (list(common_ground(long=table, params=CommonGround())) for table in (long, louder))
    assert [m.estimate.value for m in deciding(one)] == pytest.approx(
        [m.estimate.value for m in deciding(other)]
    )


def common_ground_examples():
    from hcgov.stages.evaluation.common_ground import examples

    return examples()
