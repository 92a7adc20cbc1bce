"""Preferences as comparisons: directions, outcomes, people, and what stands in the way of a number."""

from dataclasses import replace

import numpy as np
import pytest

from hcgov.core.evidence.long import Texts, coded, numbered
from hcgov.core.status import Reason
from hcgov.stages.judgments.comparison_notes import obstacle, told
from hcgov.stages.judgments.comparisons import OUTCOMES, PreferenceParams, asked, choices, win
from hcgov.stages.judgments.preference_worked import preferences
from hcgov.stats.preferences.contests import FIRST, SECOND, TIE

ROWS = [
    ("ann", "north", "q1", "m1", "m2", "a"),
    ("ann", "north", "q1", "m2", "m1", "a"),  # the same pair the other way round, and the other one preferred
    ("bob", "south", "q1", "m1", "m2", "tie"),
    ("bob", "south", "q2", "m2", "m3", "both_bad"),
    ("cem", "", "q2", "m2", "m3", "skip"),
    ("cem", "", "q3", "m3", "m1", "b"),
]


def changed(long, **columns):
    return replace(long, columns={**long.columns, **columns})


def test_the_five_outcomes_stay_apart():
    assert OUTCOMES == ("a", "b", "tie", "both_bad", "skip")
    found = choices(preferences(ROWS))
    assert found.choice.tolist() == [0, 0, 2, 3, 4, 1]
    assert found.compared.tolist() == [True, True, True, False, False, True]
    contests = found.contests()
    assert contests.outcome.tolist() == [FIRST, FIRST, TIE, SECOND]
    assert contests.rows == 4
    shares = {m.metric: m.estimate.value for m in told(found) if m.metric.endswith("_share")}
    assert shares["both_bad_share"] == pytest.approx(1 / 6)
    assert shares["tie_share"] == pytest.approx(1 / 6)
    assert shares["repeated_share"] == pytest.approx(1 / 4)


def test_an_item_is_the_same_whichever_side_its_responses_stood_on():
    found = choices(preferences(ROWS))
    assert found.items[0] == found.items[1] == found.items[2]
    assert found.sign.tolist()[:3] == [1, -1, 0]
    votes = found.votes(models=True)
    assert votes.items[0] == votes.items[1]
    assert votes.sign.tolist() == [1, -1, 0, 1]


def test_without_models_responses_tell_items_apart():
    long = preferences(ROWS[:3])
    bare = replace(long, columns={k: v for k, v in long.columns.items() if not k.startswith("model")})
    sides = choices(bare)
    assert sides.names == ()
    assert sides.sign.tolist() == [1, 1, 0]
    texts = changed(bare, response_a=Texts(values=("x", "y", "x")), response_b=Texts(values=("y", "x", "y")))
    assert choices(texts).sign.tolist() in ([1, -1, 0], [-1, 1, 0])


def test_judges_and_other_dimensions_are_no_people():
    long = changed(
        preferences(ROWS),
        label_source=coded(["human", "judge", "human", "human", "human", "human"]),
        dimension=coded(["polite", "polite", "right", "right", "polite", "right"]),
    )
    found = choices(long)
    assert found.judges == 1
    assert found.compared.sum() == 3
    assert found.dimensions == ("polite", "right")
    assert choices(long, "right").compared.sum() == 2
    assert choices(long, "funny").compared.sum() == 0


def test_weights_count_by_their_ratios():
    long = changed(preferences(ROWS), weight=numbered([2.0, 2.0, 4.0, 1.0, 1.0, 1.0]))
    assert choices(long).contests().weights.tolist() == pytest.approx([8 / 9, 8 / 9, 16 / 9, 4 / 9])
    nothing = changed(preferences(ROWS), weight=numbered([0.0, -1.0, None, 0.0, 0.0, 0.0]))
    assert obstacle(choices(nothing), nothing, models=True)[0] is Reason.SMALL_N
    assert choices(preferences(ROWS)).contests().weights is None


def test_a_models_wins():
    used, outcome = win(choices(preferences(ROWS)), 0)
    assert used.tolist() == [True, True, True, False, False, True]
    assert outcome[used].tolist() == [1.0, 0.0, 0.5, 1.0]


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([("ann", "north", "q1", "m1", "m2", "a")], Reason.FEW_PEOPLE),
        (
            [("ann", "north", "q1", "m1", "m2", "tie"), ("bob", "south", "q1", "m1", "m2", "tie")],
            Reason.CONSTANT_OUTCOME,
        ),
        (
            [("ann", "north", "q1", "m1", "m2", "skip"), ("bob", "south", "q1", "m1", "m2", "skip")],
            Reason.SMALL_N,
        ),
        ([("ann", "north", "q1", "m1", "m1", "a"), ("bob", "south", "q1", "m1", "m1", "a")], Reason.SMALL_N),
    ],
)
def test_what_stands_in_the_way_is_said(rows, reason):
    long = preferences(rows)
    assert obstacle(choices(long), long, models=True)[0] is reason


def test_rows_are_not_people():
    """Data that do not say who chose, such as published pairs of chosen and rejected, are missing evidence."""
    request = asked(PreferenceParams())
    assert "annotator" in request.needs
    assert "annotator" not in request.may


def test_people_are_never_named():
    for one in told(choices(preferences(ROWS))):
        assert "ann" not in str(one.note).split()


def test_arrays_are_not_written_to():
    long = preferences(ROWS)
    before = bytes(long.codes("annotator").codes)
    found = choices(long)
    found.contests()
    assert bytes(long.codes("annotator").codes) == before
    assert not found.people.flags.writeable
    assert np.shares_memory(found.people, np.frombuffer(long.codes("annotator").codes, dtype=np.int32))
