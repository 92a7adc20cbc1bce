"""A tiny reward model shows whom a rule of aggregation serves."""

import numpy as np
import pytest
from scipy import sparse

from hcgov.stats.crossed import Rows
from hcgov.stats.preferences.reward import Judged, Rule, ceiling, held_out_correct, learned


def planted(minority, people=40, each=60, prompts=50, seed=2):
    """Return judgments of a majority that wants feature 0 and of a minority that wants its opposite."""
    rng = np.random.default_rng(seed)
    who = np.repeat(np.arange(people), each)
    groups = (who < round(minority * people)).astype(np.int64)
    prompt = rng.integers(0, prompts, who.size)
    features = rng.normal(size=(prompts, 2))
    wants = np.where(groups == 1, -features[prompt, 0], features[prompt, 0]) + 0.7 * features[prompt, 1]
    first = rng.random(who.size) < 1 / (1 + np.exp(-3 * wants))
    return Judged(
        x=sparse.csr_array(features[prompt]),
        first=first,
        pairs=prompt,
        groups=groups,
        rows=Rows(people=who, items=prompt),
    )


def by_group(judged, rule):
    right = held_out_correct(judged, rule)
    return [float(np.nanmean(right[judged.groups == group])) for group in (0, 1)]


def test_a_pooled_reward_serves_the_majority_and_weights_move_it():
    judged = planted(0.15)
    pooled, balanced, worst = (by_group(judged, rule) for rule in (Rule.POOLED, Rule.BALANCED, Rule.WORST))
    assert pooled[0] > pooled[1] + 0.2
    assert balanced[1] > pooled[1] + 0.1
    assert worst[1] > pooled[1] + 0.1
    assert by_group(judged, Rule.MAJORITY)[1] < balanced[1]


def test_without_groups_that_differ_rules_hardly_differ():
    judged = planted(0.0)
    shares = [float(np.nanmean(held_out_correct(judged, rule))) for rule in Rule]
    assert max(shares) - min(shares) < 0.03


def test_nothing_is_learned_from_those_who_are_tested():
    judged = planted(0.3)
    noise = Judged(
        x=sparse.csr_array(np.eye(50)[judged.pairs]),
        first=judged.first,
        pairs=judged.pairs,
        groups=judged.groups,
        rows=judged.rows,
    )
    # A feature for each prompt says nothing of other prompts: every score is 0, half right.
    assert set(held_out_correct(noise, Rule.POOLED).tolist()) == {0.5}


def test_one_prompt_or_one_person_leaves_nothing_to_learn_from():
    judged = planted(0.2)
    one = Judged(
        x=judged.x,
        first=judged.first,
        pairs=judged.pairs,
        groups=judged.groups,
        rows=Rows(people=judged.rows.people, items=np.zeros(judged.first.size, dtype=int)),
    )
    assert np.isnan(held_out_correct(one, Rule.POOLED)).all()
    assert (
        learned(judged, np.zeros(0, dtype=int), np.ones(judged.first.size), Rule.WORST, penalty=1.0) is None
    )


def test_the_ceiling_is_how_often_others_agree():
    found = ceiling(np.array([True, True, False, True]), np.array([0, 0, 0, 1]))
    assert found[:3].tolist() == pytest.approx([0.5, 0.5, 0.0])
    assert np.isnan(found[3])
