"""The state of an automated task: falls back on drift, rarely without cause, and never comes back by itself."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcgov.stats.oversight.automation import FallBack, TaskState, audited, last_audited
from hcgov.stats.sequences import beta_binomial_lower

RULE = FallBack(assisted_above=0.1, human_above=0.2)
ORDER = (TaskState.HUMAN, TaskState.ASSISTED, TaskState.AUTOMATED)
runs = st.lists(st.booleans(), max_size=120)


def test_before_any_audit_the_task_is_automated_and_nothing_is_known():
    stands = last_audited([], RULE)
    assert stands.state is TaskState.AUTOMATED
    assert stands.bounds == (0.0, 1.0)
    assert stands.fell_at is None


def test_it_falls_back_at_the_first_audit_whose_bound_lies_above_the_limit():
    errors = [True, False] * 60
    first = next(
        n
        for n in range(1, 121)
        if beta_binomial_lower(sum(errors[:n]), n, RULE.window / 4, 1 - 6 * RULE.alpha / np.pi**2) > 0.1
    )
    assert last_audited(errors, RULE).fell_at == first
    states = [stands.state for stands in audited(errors, RULE)]
    assert states[first - 1] is TaskState.AUTOMATED
    assert states[first] is TaskState.ASSISTED
    assert states[-1] is TaskState.HUMAN  # one in two is above the second limit as well


@settings(max_examples=50, deadline=None)
@given(runs)
def test_the_state_never_rises_and_the_last_is_that_of_the_path(errors):
    rule = FallBack(assisted_above=0.1, human_above=0.3, alpha=0.2, window=25)
    path = list(audited(errors, rule))
    places = [ORDER.index(stands.state) for stands in path]
    assert places == sorted(places, reverse=True)
    assert path[-1] == last_audited(errors, rule)
    assert len(path) == len(errors) + 1
    assert path[-1].errors == sum(errors)


@settings(max_examples=50, deadline=None)
@given(runs)
def test_no_error_is_never_a_cause_and_more_errors_never_help(errors):
    assert last_audited([False] * len(errors), RULE).fell_at is None
    worse = last_audited([True] * len(errors), RULE)
    assert ORDER.index(worse.state) <= ORDER.index(last_audited(errors, RULE).state)


def test_drift_is_seen_though_a_long_good_past_stands_before_it():
    rng = np.random.default_rng(1)
    late = []
    for _ in range(60):
        errors = np.r_[rng.random(1000) < 0.04, rng.random(1500) < 0.4]
        fell = last_audited(errors.tolist(), RULE).fell_at
        assert fell is not None
        assert fell > 1000
        late.append(fell - 1000)
    assert np.median(late) < 150
    # Without windows the good past hides it for longer.
    whole = FallBack(assisted_above=0.1, human_above=0.2, window=1_000_000)
    assert (last_audited(errors.tolist(), whole).fell_at or 10_000) > fell


def test_a_machine_at_the_limit_rarely_falls_back_however_often_one_looks():
    rng = np.random.default_rng(2)
    fell = [last_audited((rng.random(2000) < 0.1).tolist(), RULE).fell_at is not None for _ in range(150)]
    assert np.mean(fell) <= 0.05


def test_a_million_audits_are_read_in_a_second():
    errors = (np.random.default_rng(3).random(1_000_000) < 0.05).tolist()
    assert last_audited(errors, RULE).state is TaskState.AUTOMATED


@pytest.mark.parametrize(
    "wrong",
    [
        {"assisted_above": 0.0},
        {"assisted_above": 0.3, "human_above": 0.2},
        {"human_above": 1.0},
        {"alpha": 0.0},
        {"window": 0},
    ],
)
def test_an_impossible_rule_is_refused(wrong):
    with pytest.raises(ValueError, match="in"):
        FallBack(**{"assisted_above": 0.1, "human_above": 0.2, **wrong})
