"""What checks of judges say beyond their worked examples."""

from dataclasses import replace

import numpy as np
import pytest
from pydantic import ValidationError

from hcgov.core.evidence.long import coded
from hcgov.core.long_tables import LongKind
from hcgov.core.measurement import Answered, Measurement
from hcgov.core.sheet import Bars, Grid, Tone, Value
from hcgov.core.status import Reason
from hcgov.core.text import text
from hcgov.stages.evaluation.judge_carry_over import JudgeCarryOver, examples, judge_carry_over
from hcgov.stages.evaluation.judge_corrected_rate import JudgeCorrectedRate, judge_corrected_rate
from hcgov.stages.evaluation.judge_gap import JudgeGap, judge_gap
from hcgov.stages.evaluation.judge_self_preference import JudgeSelfPreference, judge_self_preference
from hcgov.stages.evaluation.judge_stability import JudgeStability, judge_stability
from hcgov.stages.evaluation.judge_use import JudgeUse, judge_use
from hcgov.stages.evaluation.judged_rate import JudgedRate, judged_rate
from hcgov.stages.judgments.judge_specimens import labelled, scale_table, scored, table
from hcgov.stages.judgments.judge_trust import Trust, only_where_trusted, trust
from hcgov.stages.judgments.sheets.judge import CardChoice, judge_card
from hcgov.stages.training.judge_feedback import JudgeFeedback, judge_feedback
from hcgov.stats.means import student
from hcgov.stats.shares import share


def judged(observations):
    return [one for one in observations if not one.shown]


def test_the_gap_is_told_in_both_directions_and_by_group():
    rows = [{**row, "topic": "health" if int(row["item"][1:]) % 3 else "law"} for row in scored(items=120)]
    found = judged(judge_gap(long=scale_table(rows, groups=("topic",)), params=JudgeGap()))
    assert [(one.metric, str(one.scope), one.depth) for one in found] == [
        (metric, scope, depth)
        for scope, depth in (("everyone", 0), ("topic=health", 1), ("topic=law", 1))
        for metric in ("judge_above_people", "judge_below_people")
    ]
    above, below = found[0].estimate.value, found[1].estimate.value
    assert above == pytest.approx(-below)


def test_groups_of_too_few_people_are_named_without_a_number():
    rows = [{**row, "topic": "rare" if row["item"] == "i0" else "common"} for row in scored(items=80)]
    found = judged(judge_gap(long=scale_table(rows, groups=("topic",)), params=JudgeGap()))
    (rare,) = (one for one in found if str(one.scope) == "topic=rare")
    assert (rare.estimate, rare.reason) == (None, Reason.FEW_PEOPLE)
    assert "4 people, and 30 are needed" in str(rare.note)


def test_rows_without_a_group_are_told():
    rows = [{**row, "topic": None if int(row["item"][1:]) % 3 else "law"} for row in scored(items=80)]
    found = judged(judge_gap(long=scale_table(rows, groups=("topic",)), params=JudgeGap()))
    assert found[-1].reason is Reason.MISSING_DEMOGRAPHICS


def test_a_judge_for_the_benefit_of_users_cannot_be_allowed():
    with pytest.raises(ValidationError):
        JudgeUse(allowed_for=("compliance", "per_user_benefit"))
    (told,) = judge_use(long=table(labelled(items=240)), params=JudgeUse(used_for="per_user_benefit"))
    assert told.answer is Answered.NOT_MET


@pytest.mark.parametrize("method", ["ppi", "rogan_gladen"])
def test_both_corrections_find_the_rate_that_a_flattering_judge_hides(method):
    rows = labelled(
        items=4000, labelled_share=0.15, prevalence=0.6, people_right=1.0, lean=0.5, each=1, seed=3
    )
    params = JudgeCorrectedRate(positive=("1",), method=method)
    (found,) = judged(judge_corrected_rate(long=table(rows), params=params))
    alone = sum(r["score"] == "1" for r in rows if r["rater_kind"] == "judge") / 4000
    assert alone > 0.75
    assert found.estimate.value == pytest.approx(0.6, abs=0.05)


def test_a_judge_that_guesses_cannot_be_corrected():
    rows = labelled(items=1000, labelled_share=0.3, judge_right=0.5, people_right=1.0, each=1)
    params = JudgeCorrectedRate(positive=("1",), method="rogan_gladen")
    (found,) = judged(judge_corrected_rate(long=table(rows), params=params))
    assert (found.estimate, found.reason) == (None, Reason.JUDGE_UNINFORMATIVE)


def test_labels_that_were_not_drawn_at_random_power_nothing():
    rows = tuple({k: v for k, v in row.items() if k != "calibration"} for row in labelled(labelled_share=0.5))
    (found,) = judged(judge_corrected_rate(long=table(rows), params=JudgeCorrectedRate(positive=("1",))))
    assert found.estimate is None
    assert found.reason in (Reason.NOT_RANDOMISED, Reason.UNMATCHED_PAIRS)


def test_a_slice_where_the_judge_does_not_agree_is_not_told_and_the_other_is():
    rows = labelled(
        items=2400,
        labelled_share=0.4,
        people_right=0.97,
        prevalence=0.85,
        each=3,
        group={"common": 0.97, "rare": 0.6},
    )
    found = judged(judged_rate(long=table(rows, groups=("topic",)), params=JudgedRate(positive=("1",))))
    told = {str(one.scope): one for one in found}
    assert told["topic=common"].estimate is not None
    assert told["topic=rare"].reason is Reason.JUDGE_UNINFORMATIVE


def test_a_judge_alone_is_shown_and_never_judged():
    rows = tuple(row for row in labelled(items=400) if row["rater_kind"] == "judge")
    every = list(judged_rate(long=table(rows), params=JudgedRate(positive=("1",))))
    assert [one.reason for one in judged(every)] == [Reason.JUDGE_UNINFORMATIVE]
    (alone,) = (one for one in every if one.shown)
    assert "alone says" in str(alone.note)


def test_trust_needs_the_bound_and_not_the_value():
    def deficit(value, se):
        return student(value, se, 50, n=100, people=51, low=-2.0, high=2.0)

    assert trust(deficit(0.05, 0.01), margin=0.10).shown
    assert not trust(deficit(0.05, 0.04), margin=0.10).shown
    assert not trust(None).shown
    assert not trust(deficit(0.0, None)).shown


def test_a_measurement_of_a_judge_that_is_not_trusted_loses_its_estimate():
    one = Measurement(metric="rate", estimate=share(0.9, 100, n=100))
    refused = only_where_trusted(one, Trust(shown=False, why=text("no")))
    assert (refused.estimate, refused.reason) == (None, Reason.JUDGE_UNINFORMATIVE)
    assert only_where_trusted(one, Trust(shown=True, why=text("yes"))) is one


def test_the_carry_over_of_five_families_says_the_exact_p():
    (case,) = (one for one in examples() if one.title.startswith("five families"))
    (told,) = judge_carry_over(**case.evidence, params=JudgeCarryOver())
    assert told.answer is Answered.CANNOT_TELL
    assert "correlate with 0.90 (exact two-sided p 0.083)" in str(told.text)


def test_a_card_says_what_a_judge_may_be_used_for():
    rows = [{**row, "topic": "law" if int(row["item"][1:]) % 2 else "tax"} for row in labelled(items=300)]
    card = judge_card(table(rows, groups=("topic",)), date="2026-11-21", choice=CardChoice(positive=("1",)))
    assert [one.id for one in card.sections] == ["compared", "gap", "weaknesses", "uses"]
    (uses,) = card.sections[3].parts
    assert [str(row[1]) for row in uses.rows] == ["yes", "yes", "never"]
    (bars,) = card.sections[1].parts
    assert isinstance(bars, Bars)
    assert [str(name) for name, _ in bars.rows] == ["everyone", "topic=law", "topic=tax"]


@pytest.mark.parametrize("judge_right", [0.55, 0.6])
def test_a_card_of_a_bad_judge_warns(judge_right):
    card = judge_card(
        table(labelled(items=300, judge_right=judge_right)),
        date="2026-11-21",
        choice=CardChoice(positive=("1",)),
    )
    assert card.lead[0].tone is Tone.WARNING
    assert "not yet" in str(card.sections[3].parts)


def test_a_card_of_a_judge_that_orders_systems_wrongly_says_no():
    rows = [
        {**row, "score": str(6 - int(row["score"]))} if row["rater_kind"] == "judge" else row
        for row in scored(systems=("s1", "s2", "s3"), items=120)
    ]
    card = judge_card(scale_table(rows), date="2026-11-21")
    (uses,) = card.sections[3].parts
    assert [str(row[1]) for row in uses.rows] == ["not yet", "no", "never"]


def test_every_row_of_a_card_has_a_number_or_says_why_not():
    for long in (table(labelled(items=40)), scale_table(scored(items=40)), table(labelled(items=40, each=0))):
        for section in judge_card(long, date="2026-11-21").sections:
            for part in section.parts:
                for row in part.rows if isinstance(part, Grid) else ():
                    for cell in row:
                        assert not isinstance(cell, Value) or cell.value is not None or cell.why is not None


def test_a_gap_needs_the_ends_of_the_scale_or_the_unit_of_scores():
    rows = scored(items=200, shift=0.5)
    ends, none = scale_table(rows), table(rows)
    (told,) = judged(judge_gap(long=none, params=JudgeGap()))
    assert (told.estimate, told.reason) == (None, Reason.UNKNOWN_FACT)
    scale, points = (
        judged(judge_gap(long=long, params=params))[0].estimate.value
        for long, params in ((ends, JudgeGap()), (none, JudgeGap(unit="score")))
    )
    assert scale == pytest.approx(points / 4)


def test_scores_that_are_names_need_to_be_said_which_count():
    rows = [{**row, "score": "ab"[int(row["score"])]} for row in labelled(items=60)]
    (told,) = judged(judge_gap(long=table(rows), params=JudgeGap()))
    assert told.reason is Reason.MISSING_OUTCOMES
    found = judged(judge_gap(long=table(rows), params=JudgeGap(positive=("b",))))
    assert found[0].estimate.value == pytest.approx(0.0, abs=0.1)


def test_a_judge_that_always_agrees_with_everyone_has_an_interval_all_the_same():
    rows = labelled(items=400, people_right=1.0, judge_right=1.0)
    found = judged(judge_gap(long=table(rows), params=JudgeGap(positive=("1",))))
    assert [one.estimate.value for one in found] == [0.0, 0.0]
    assert all(one.reason is None for one in found)


def test_groups_that_are_of_items_are_not_called_people():
    rows = [{**row, "topic": "rare" if row["item"] == "i0" else "common"} for row in labelled(items=80)]
    params = JudgedRate(positive=("1",))
    told = {
        str(one.scope): one for one in judged(judged_rate(long=table(rows, groups=("topic",)), params=params))
    }
    assert "1 item, and 30 are needed; whose they are is not recorded" in str(told["topic=rare"].note)
    assert told["topic=common"].groups[0].people is None


def preferences(rows):
    own = [
        {
            "prompt_id": row["item"],
            "annotator": row["rater"],
            "label_source": row["rater_kind"],
            "choice": "ab"[int(row["score"])],
        }
        for row in rows
    ]
    return replace(table(own), table="preferences", kind=LongKind.PREFERENCES)


def test_the_share_of_preferences_by_a_judge_is_shown():
    found = list(judge_feedback(long=preferences(labelled(items=300)), params=JudgeFeedback()))
    assert "20.0% of the preferences are a judge's" in str(found[0].note)
    assert found[1].estimate.value < 0.05


def test_preferences_by_people_only_need_no_judge():
    rows = [row for row in labelled(items=100) if row["rater_kind"] == "human"]
    (told,) = judge_feedback(long=preferences(rows), params=JudgeFeedback())
    assert told.answer is Answered.MET


def test_scores_that_are_lacking_are_no_good_sign():
    """A judge that gives no score to what is bad would make every rate good."""
    rows = labelled(items=800, labelled_share=0.25, prevalence=0.9, people_right=1.0, each=1)
    hidden = [
        {**row, "score": None} if row["rater_kind"] == "judge" and row["score"] == "0" else row
        for row in rows
    ]
    found = judged(judge_corrected_rate(long=table(hidden), params=JudgeCorrectedRate(positive=("1",))))
    assert [one.reason for one in found] == [Reason.MISSING_OUTCOMES]
    assert "have no score; at most 5%" in str(found[0].note)


def test_a_group_whose_scores_are_lacking_is_not_told():
    rows = [
        {**row, "topic": "law" if int(row["item"][1:]) % 8 == 0 else "health"} for row in scored(items=320)
    ]
    thin = [
        {**row, "score": None} if row["topic"] == "law" and int(row["item"][1:]) % 24 == 0 else row
        for row in rows
    ]
    found = judged(judge_gap(long=scale_table(thin, groups=("topic",)), params=JudgeGap()))
    (law,) = (one for one in found if str(one.scope) == "topic=law" and one.metric == "judge_above_people")
    assert (law.estimate, law.reason) == (None, Reason.MISSING_OUTCOMES)


def test_items_drawn_for_people_that_they_left_out_are_told():
    rows = labelled(items=800, labelled_share=0.25, prevalence=0.9, people_right=1.0, each=1)
    of_people = sorted({row["item"] for row in rows if row["rater_kind"] == "human"})
    refused = set(of_people[::4])
    drawn = [{**row, "calibration": "true" if row["item"] in of_people else "false"} for row in rows]
    answered = [row for row in drawn if row["rater_kind"] == "judge" or row["item"] not in refused]
    found = judged(judge_corrected_rate(long=table(answered), params=JudgeCorrectedRate(positive=("1",))))
    assert [one.reason for one in found] == [Reason.UNMATCHED_PAIRS]
    assert f"{len(refused)} of {len(of_people)} items that were drawn" in str(found[0].note)


def test_a_positive_score_that_nobody_knows_is_no_rate_of_nought():
    rows = labelled(items=400, labelled_share=1.0, each=1)
    found = judged(judged_rate(long=table(rows), params=JudgedRate(positive=("harmfull",))))
    assert [(one.estimate, one.reason) for one in found] == [(None, Reason.UNKNOWN_FACT)]
    assert "`harmfull`" in str(found[0].note)


def test_a_row_that_stands_there_twice_is_no_repetition():
    rows = [{**row, "repetition": None} for row in labelled(items=300, each=0)]
    (found,) = judged(judge_stability(long=table([*rows, *rows]), params=JudgeStability()))
    assert (found.estimate, found.reason) == (None, Reason.REPEATED)
    assert "given twice" in str(found.note)


@pytest.mark.parametrize(
    ("column", "check", "params"), [("family", judge_self_preference, JudgeSelfPreference())]
)
def test_outputs_of_an_unknown_family_are_not_left_out_in_silence(column, check, params):
    rows = [
        {**row, "family": "f1" if int(row["item"][1:]) % 2 else "f2", "rater_family": "f1"}
        for row in scored(items=120)
    ]
    blank = [{**row, column: None} if int(row["item"][1:]) % 4 == 0 else row for row in rows]
    found = judged(check(long=scale_table(blank), params=params))
    assert [one.reason for one in found] == [Reason.MISSING_OUTCOMES]


def test_items_are_never_called_people_also_where_they_are_only_shown():
    """Without users, clusters are items: nobody knows how many people stand behind them."""
    rows = labelled(items=400, labelled_share=0.5, each=1)
    for one in judged_rate(long=table(rows), params=JudgedRate(positive=("1",))):
        assert one.estimate is None or one.estimate.people is None
    asked = [{**row, "repetition": str(k)} for k in range(2) for row in labelled(items=60, each=0)]
    (stable,) = judge_stability(long=table(asked), params=JudgeStability())
    assert stable.estimate.people is None


def test_what_people_are_split_about_counts_on_both_sides():
    """The judge's rate is people's rate through its errors, also where half of the people say otherwise."""
    rng, rows = np.random.default_rng(3), []
    for item in range(1200):
        likely = rng.choice([0.1, 0.5, 0.9])
        own = {"item": f"i{item}", "calibration": "true"}
        for person in range(2):
            said = str(int(rng.random() < likely))
            rows.append({**own, "rater": f"p{person}", "rater_kind": "human", "score": said})
        rows.append(
            {**own, "rater": "judge-1", "rater_kind": "judge", "score": str(int(rng.random() < likely))}
        )
    params = JudgeCorrectedRate(positive=("1",), method="rogan_gladen")
    (found,) = judged(judge_corrected_rate(long=table(rows), params=params))
    people = np.mean([row["score"] == "1" for row in rows if row["rater_kind"] == "human"])
    assert found.estimate.value == pytest.approx(people, abs=1e-9)


def test_no_preferences_are_no_preferences_of_people():
    empty = preferences(labelled(items=2))
    empty = replace(empty, rows=0, columns={name: coded([]) for name in empty.columns})
    (found,) = judge_feedback(long=empty, params=JudgeFeedback())
    assert (found.estimate, found.reason) == (None, Reason.SMALL_N)
