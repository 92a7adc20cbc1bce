"""Nothing turns green because rows lack something, are a judge's, stand outside, or were written so."""

import json
from dataclasses import replace

import numpy as np
import pytest

from hcgov.core.evidence.long import coded, numbered
from hcgov.core.measurement import Answered, Measurement
from hcgov.core.status import Reason
from hcgov.stages.data.candidate_diversity import CandidateDiversity, candidate_diversity
from hcgov.stages.data.contamination import Contamination, _exam, _learned, contamination
from hcgov.stages.data.preference_position_bias import PreferencePositionBias, preference_position_bias
from hcgov.stages.data.preference_waves import _age
from hcgov.stages.evaluation.min_group_win_rate import MinGroupWinRate, min_group_win_rate
from hcgov.stages.judgments import choice_examples
from hcgov.stages.judgments.choice_examples import Vote
from hcgov.stages.judgments.choices import choices_of
from hcgov.stages.judgments.comparison_notes import obstacle
from hcgov.stages.judgments.comparisons import choices
from hcgov.stages.judgments.exports import export, weights_of
from hcgov.stages.judgments.plans import people_by
from hcgov.stages.judgments.preference_worked import judged, mixed
from hcgov.stages.judgments.preferring import chosen, preferences
from hcgov.stages.judgments.profiles import profile
from hcgov.stages.judgments.receipts import receipt_of, tree_of
from hcgov.stages.judgments.recipes import Recipe
from hcgov.stages.judgments.regrets import regrets_of
from hcgov.stages.judgments.waves import newest_age, shifts_of
from hcgov.stages.specimens import record
from hcgov.stages.training.aggregation_receipt import AggregationReceipt, aggregation_receipt
from hcgov.stages.training.export_parity import ExportParity, export_parity
from hcgov.stages.training.preference_clusters import PreferenceClusters, preference_clusters
from hcgov.stages.training.reward_by_group import RewardByGroup, reward_by_group
from hcgov.stats.aggregation.rules import Rule


def wins(percent=70, people=120, prompts=8):
    return judged(people, prompts, lambda region, who, one: "a" if mixed(who, one) < percent else "b")


def changed(long, **columns):
    return replace(long, columns={**long.columns, **columns})


def reasons(found):
    return {one.reason for one in found if isinstance(one, Measurement) and not one.shown and one.reason}


def every(long, which, value, other):
    return [value if which(i) else other for i in range(long.rows)]


def test_rows_that_lack_a_choice_a_person_or_a_model_are_not_passed_over():
    long = wins()
    names = long.codes("annotator")
    who = [names.names[code] for code in names.codes]
    lacking = {
        "choice": (["a"], Reason.MISSING_OUTCOMES),
        "annotator": (who, Reason.FEW_PEOPLE),
        "model_a": (["new"], Reason.UNMATCHED_PAIRS),
    }
    for name, (values, reason) in lacking.items():
        for share, expected in ((100, None), (10, reason)):
            told = [None if i % share == 0 else values[i % len(values)] for i in range(long.rows)]
            stopped = obstacle(choices(changed(long, **{name: coded(told)})), long, models=True)
            assert (stopped and stopped[0]) is expected, name


def test_a_weight_that_is_none_is_no_weight_of_zero():
    long = changed(wins(), weight=numbered([None if i == 3 else 1.0 for i in range(960)]))
    assert obstacle(choices(long), long, models=True)[0] is Reason.UNUSABLE_WEIGHTS


def test_choices_without_reward_scores_do_not_make_a_reward_model_right():
    long = wins()
    known = lambda i: i % 2  # noqa: E731
    long = changed(
        long, reward_a=numbered(every(long, known, 1.0, None)), reward_b=numbered([0.0] * long.rows)
    )
    assert reasons(min_group_win_rate(long=long, params=MinGroupWinRate())) == {Reason.MISSING_OUTCOMES}


def test_a_rival_nobody_was_compared_with_is_no_rival_beaten():
    params = MinGroupWinRate(model="new", against=("old", "oldest"))
    assert reasons(min_group_win_rate(long=wins(), params=params)) == {Reason.SMALL_N}


def test_a_judge_model_is_nobody_in_a_receipt_a_plan_or_a_profile():
    votes = [Vote(group=g, a="m1", b="m2", for_a=40, for_b=10) for g in ("north", "south")]
    long = choice_examples.preferences(votes)
    source = coded(["judge" if i % 5 == 0 else "human" for i in range(long.rows)])
    told = choices_of(changed(long, label_source=source))
    assert told.left_out == {"made by a judge model": 20}
    assert told.ballots.rows == 80
    found = people_by(changed(long, label_source=source), ["region"])
    assert (found.total, found.unnamed) == (80, 20)
    assert profile(changed(long, label_source=source)).annotators == 80


def test_a_judge_model_s_choices_are_no_bias_of_people_and_no_row_of_an_export():
    rows = [{**one, "position_of_a": "left", "label_source": "judge"} for one in chosen(40, 30, 0.5)]
    found = list(preference_position_bias(long=preferences(rows), params=PreferencePositionBias()))
    assert reasons(found) == {Reason.SMALL_N}
    texts = {"prompt": "Why?", "response_a": "Because.", "response_b": "No."}
    mixed_rows = [
        {**texts, "prompt_id": f"q{i}", "annotator": f"p{i}", "choice": "a", "label_source": who}
        for i, who in enumerate(["human", "judge", "human"])
    ]
    made = export(preferences(mixed_rows), Recipe(test_share=0.0))
    assert made.left_out()["judge"] == 1
    assert made.copies.tolist() == [1, 0, 1]


def test_choices_that_are_not_recorded_are_missing_not_absent():
    rows = [{**one, "position_of_a": "left"} for one in chosen(40, 30, 0.5)]
    rows = [{**one, "choice": None} if i % 5 == 0 else one for i, one in enumerate(rows)]
    found = list(preference_position_bias(long=preferences(rows), params=PreferencePositionBias()))
    assert reasons(found) == {Reason.MISSING_OUTCOMES}
    scored = [{**one, "reward_a": 1.0, "reward_b": 0.0} for one in rows]
    long = preferences(scored, groups={"region": ["north", "south"] * 600})
    assert Reason.MISSING_OUTCOMES in reasons(reward_by_group(long=long, params=RewardByGroup()))


def test_people_without_a_group_are_not_shown_beside_but_stop_the_rule():
    votes = [Vote(group=g, a="m1", b="m2", for_a=60, for_b=30) for g in ("north", "south")]
    few = [*votes, Vote(group=None, a="m1", b="m2", for_a=10, for_b=10)]
    many = [*votes, Vote(group=None, a="m1", b="m2", for_a=100, for_b=100)]
    assert reasons(regrets_of(choice_examples.preferences(few), Rule.BORDA)) == set()
    assert reasons(regrets_of(choice_examples.preferences(many), Rule.BORDA)) == {Reason.MISSING_DEMOGRAPHICS}


def test_a_declared_column_that_is_not_there_stops_the_rule():
    votes = [Vote(group=g, a="m1", b="m2", for_a=60, for_b=30) for g in ("north", "south")]
    long = choice_examples.preferences(votes)
    long = replace(long, rules=long.rules.model_copy(update={"by": ("region", "age")}))
    assert reasons(regrets_of(long, Rule.BORDA)) == {Reason.MISSING_DEMOGRAPHICS}


def receipt(long, **settings):
    return json.loads(json.dumps(tree_of(receipt_of(long, settings.pop("column", "region"), **settings))))


@pytest.mark.parametrize("settings", [{"min_people": 1000}, {"column": ""}])
def test_a_receipt_by_which_nobody_can_lose_is_none(settings):
    """It comes out again number by number: only its settings hide who loses."""
    votes = [
        Vote(group="north", a="m1", b="m2", for_a=140, for_b=60),
        Vote(group="south", a="m1", b="m2", for_a=10, for_b=40),
    ]
    long = choice_examples.preferences(votes)
    told = record("aggregation_receipt", receipt(long, **settings))
    found = {one.about: one.answer for one in aggregation_receipt(told, long, AggregationReceipt())}
    assert found["receipt"] is Answered.MET
    assert found["settings 1"] is Answered.NOT_MET


def parity(**groups):
    told = {"kind": "PreferenceExport", "groups": {"region": groups}}
    return list(export_parity(record("export_manifest", told), ExportParity()))


GOOD = {"people": 90, "before": 900, "after": 800}


@pytest.mark.parametrize(
    "broken",
    [
        {**GOOD, "after": "10"},
        {**GOOD, "after": 901},
        {**GOOD, "before": True},
        {**GOOD, "people": 999},
        None,
    ],
)
def test_a_group_whose_counts_cannot_be_read_is_not_left_out(broken):
    assert reasons(parity(north=GOOD, west=GOOD)) == set()
    assert reasons(parity(north=GOOD, west=GOOD, south=broken)) == {Reason.UNKNOWN_FACT}


def test_choices_of_tomorrow_are_not_new():
    assert _age(-1, 365).answer is Answered.MET
    assert _age(-40, 365).answer is Answered.CANNOT_TELL


def test_an_order_that_forgets_the_last_wave_tells_nothing():
    votes = [
        Vote(group="north", a="m1", b="m2", for_a=60, for_b=40, wave=wave, day=20600 + 10 * i)
        for i, wave in enumerate(("w1", "w2", "w3"))
    ]
    long = choice_examples.preferences(votes)
    assert shifts_of(long, ("w1", "w2")).reason is Reason.UNDECLARED_GROUP
    assert shifts_of(long, ("w1", "w2", "w3")).waves == ("w2", "w3")
    assert newest_age(long, "2026-11-21") is not None


def test_responses_that_are_word_for_word_the_same_are_alike():
    rows = [
        {
            "annotator": f"p{i % 9}",
            "prompt_id": f"q{i}",
            "choice": "a",
            "response_a": f"Yes, {i}.",
            "response_b": b,
        }
        for i in range(60)
        for b in (f"Yes, {i}.",)
    ]
    found = next(iter(candidate_diversity(long=preferences(rows), params=CandidateDiversity())))
    assert found.estimate.value == 1.0


def exam_of(*texts, learned):
    return next(iter(contamination(long=_learned(*learned), exam=_exam(*texts), params=Contamination())))


def test_an_exam_that_is_all_template_is_met_where_it_stands_whole():
    question = "A farmer has seventeen sheep and all but nine of them run away; how many sheep are left?"
    assert exam_of(*[question + " " * i for i in range(20)], learned=[question]).estimate.value == 1.0
    assert exam_of(*[question + " " * i for i in range(20)], learned=["How are you?"]).estimate.value == 0.0


def test_texts_that_are_not_recorded_hide_nothing():
    assert exam_of("How are you?", None, None, learned=["Fine."]).reason is Reason.MISSING_OUTCOMES


def test_a_question_in_a_script_without_spaces_is_found():
    question = "一个农夫有十七只羊，除了九只以外都跑掉了，请问他还剩下几只羊？"
    assert exam_of(question, learned=["请听题：" + question + "谢谢"]).estimate.value == 1.0


def test_weights_of_the_table_go_into_an_export_and_bad_ones_stop_it():
    texts = {"prompt": "Why?", "response_a": "Because.", "response_b": "No."}
    rows = [
        {**texts, "prompt_id": f"q{i}", "annotator": f"p{i}", "choice": "a", "weight": 1.0 + i}
        for i in range(4)
    ]
    long = preferences(rows)
    found = export(long, Recipe(test_share=0.0), weights=weights_of(long))
    assert found.weight == pytest.approx(np.array([0.4, 0.8, 1.2, 1.6]))
    assert (
        weights_of(preferences([{**r, "weight": None} if i else r for i, r in enumerate(rows)][:1]))
        is not None
    )
    with pytest.raises(ValueError, match="1 of 4 rows"):
        weights_of(preferences([*rows[:3], {**rows[3], "weight": None}]))


def test_a_person_of_two_weights_has_none():
    votes = [Vote(group=g, a="m1", b="m2", for_a=40, for_b=10) for g in ("north", "south")]
    long = choice_examples.preferences(votes)
    names = long.codes("annotator")
    one = coded(["same" if i < 2 else names.names[code] for i, code in enumerate(names.codes)])
    weight = numbered([2.0 if i == 0 else 1.0 for i in range(long.rows)])
    assert "1 person" in str(choices_of(changed(long, annotator=one, weight=weight)).note)


def test_no_groups_among_the_few_who_answered_enough_are_no_groups_of_all():
    def likes(region, who, one):
        return "ab"[(who * who * 31 + one * one * 17 + who * one * 7 + (who ^ one) * 13) % 11 % 2]

    long = judged(200, 20, likes)
    who = [long.codes("annotator").names[code] for code in long.codes("annotator").codes]
    met = next(iter(preference_clusters(long=long, params=PreferenceClusters())))
    assert met.answer is Answered.MET
    # Seven in ten people answered twice only: their further answers are strangers', each a single one.
    split = [f"{p}-{i // 2}" if int(p[1:]) % 10 < 7 else p for i, p in enumerate(who)]
    few = next(
        iter(preference_clusters(long=changed(long, annotator=coded(split)), params=PreferenceClusters()))
    )
    assert (few.answer, few.reason) == (Answered.CANNOT_TELL, Reason.COVERAGE)
