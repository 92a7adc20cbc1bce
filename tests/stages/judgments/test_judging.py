import numpy as np
import pytest

from hcgov.core.status import Reason
from hcgov.stages.judgments.judge_params import JudgeParams
from hcgov.stages.judgments.judge_ratings import Refused, combined, ratings
from hcgov.stages.judgments.judge_slices import each_judge
from hcgov.stages.judgments.judge_specimens import JUDGE, labelled, scale_table, scored, table
from hcgov.stages.judgments.judging import Matched, match

PARAMS = JudgeParams(positive=("1",))


def rows_of(kind, rows):
    return tuple(row for row in rows if row["rater_kind"] == kind)


def matched(rows, params=PARAMS, **more):
    (one,) = each_judge(table(rows, **more), params)
    return one.found


def human(item, who, score, **more):
    return {"item": item, "rater": who, "rater_kind": "human", "score": score, **more}


def judge(item, score, **more):
    return {"item": item, "rater": JUDGE, "rater_kind": "judge", "score": score, **more}


def test_scores_of_both_are_put_side_by_side():
    found = matched(
        [
            human("a", "p1", "1"),
            human("b", "p2", "0"),
            human("b", "p1", "1"),
            judge("b", "0"),
            judge("a", "1"),
        ]
    )
    assert found.score.tolist() == [1.0, 0.0, 1.0]
    assert found.judge_score.tolist() == [1.0, 0.0, 0.0]
    assert found.agreed.tolist() == [1.0, 1.0, 0.0]
    assert found.items == 2
    assert (found.units_of_people, found.units_of_judge) == (0, 0)


def test_repetitions_and_orders_of_the_judge_are_averaged():
    rows = [human("a", "p1", "1"), *(judge("a", s, repetition=str(k)) for k, s in enumerate("1101"))]
    found = matched(rows)
    assert found.judge_score.tolist() == [0.75]
    assert found.agreed.tolist() == [0.75]


def test_the_same_item_of_another_system_is_another_thing():
    rows = [human("a", "p1", "1", system="s1"), judge("a", "0", system="s2"), judge("a", "1", system="s1")]
    found = matched(rows, JudgeParams(positive=("1",), max_unmatched=0.2))
    assert isinstance(found, Refused)  # of two things that the judge scored people saw one
    assert matched(rows[:1] + rows[2:]).judge_score.tolist() == [1.0]


def test_user_is_the_cluster_where_there_is_one():
    rows = [human(i, f"p{i}", "1", user=f"u{k % 2}") for k, i in enumerate("abcd")]
    rows += [judge(i, "0", user=f"u{k % 2}") for k, i in enumerate("abcd")]
    found = matched(rows)
    assert found.rows.items is None
    assert found.rows.distinct_people == 2


@pytest.mark.parametrize(
    ("rows", "reason", "told"),
    [
        (rows_of("human", labelled(items=20)), Reason.UNMATCHED_PAIRS, "holds no judgment by a judge"),
        (rows_of("judge", labelled(items=20)), Reason.UNMATCHED_PAIRS, "none of them is the same"),
        (
            (*rows_of("judge", labelled(items=20)), *(human(f"x{k}", "p1", "1") for k in range(7))),
            Reason.UNMATCHED_PAIRS,
            "people judged 7 items and `judge-1` 20, and none of them is the same",
        ),
        (
            (*labelled(items=20), *(human(f"x{k}", "p1", "1") for k in range(5))),
            Reason.UNMATCHED_PAIRS,
            "5 of 25 items that people judged were not judged by `judge-1`",
        ),
        (
            (*labelled(items=20), *(judge(f"x{k}", "1") for k in range(5))),
            Reason.UNMATCHED_PAIRS,
            "5 of 25 items that `judge-1` judged were judged by nobody else, and no column `calibration`",
        ),
        ((*labelled(items=20),) * 2, Reason.REPEATED, "are given twice by the same rater"),
    ],
    ids=["no judge", "no people", "nothing in common", "people alone", "judge alone", "twice"],
)
def test_what_does_not_match_is_refused_with_its_counts(rows, reason, told):
    found = matched(rows)
    assert isinstance(found, Refused)
    assert found.reason is reason
    assert told in str(found.text)


def test_what_only_the_judge_scored_is_no_matter_where_people_had_a_random_part():
    found = matched(labelled(items=200, labelled_share=0.3))
    assert isinstance(found, Matched)
    assert found.units_of_judge > 100


def test_items_that_were_not_drawn_at_random_do_not_count_where_others_were():
    rows = [human("a", "p1", "1", calibration="true"), human("b", "p1", "0", calibration="false")]
    found = matched([*rows, judge("a", "1"), judge("b", "1")])
    assert found.score.tolist() == [1.0]


def test_outputs_made_to_game_the_judge_are_no_judgments_of_the_system():
    rows = [human("a", "p1", "1"), judge("a", "1"), judge("a", "0", probe="verbose")]
    assert matched(rows).judge_score.tolist() == [1.0]


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([human("a", "p1", "1"), human("b", "p1", "0"), judge("a", "1"), judge("b", "0")], Reason.FEW_PEOPLE),
        ([human("a", "p1", "1"), human("a", "p2", "0"), judge("a", "1")], Reason.SMALL_N),
        (labelled(items=20, prevalence=1.0, people_right=1.0), Reason.CONSTANT_OUTCOME),
        (labelled(items=20, lean=1.0), Reason.CONSTANT_OUTCOME),
    ],
    ids=["one person", "one item", "people always say 1", "the judge always says 1"],
)
def test_what_says_nothing_has_its_reason(rows, reason):
    found = matched(rows)
    assert found.trouble(np.ones(found.at.size, dtype=bool)).reason is reason


def test_an_unknown_judge_is_refused_by_name():
    (one,) = each_judge(table(labelled(items=20)), JudgeParams(judge="gpt-0"))
    assert "holds no judgment by `gpt-0`" in str(one.found.text)


def test_several_judges_are_told_apart():
    rows = labelled(items=20)
    rows += tuple({**row, "rater": "judge-2"} for row in rows_of("judge", rows))
    found = list(each_judge(table(rows), PARAMS))
    assert [one.prefix for one in found] == [(("judge", "judge-1"),), (("judge", "judge-2"),)]


def test_scores_of_a_scale_are_numbers_with_ends():
    found = ratings(scale_table(scored(items=10)))
    assert (found.reach, found.judges) == (4.0, (JUDGE,))
    assert isinstance(match(found, JUDGE, most_unmatched=0.0), Matched)


def test_codes_of_several_columns_are_one_code_from_0():
    found = combined(np.array([3, 3, 5, 3]), np.array([-1, 0, -1, -1]))
    assert sorted(set(found.tolist())) == [0, 1, 2]
    assert found[0] == found[3]
