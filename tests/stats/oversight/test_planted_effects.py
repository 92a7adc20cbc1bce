"""Planted anchoring, override, automation bias and rubber-stamping are recovered within their intervals."""

import numpy as np
import pytest

from hcgov.core.estimate import Estimate
from hcgov.stats.bounds import lower, two_sided, upper
from hcgov.stats.crossed import crossed_share
from hcgov.stats.oversight.arms import arm_difference
from hcgov.stats.oversight.reliance import (
    Advised,
    automation_bias,
    gain_over,
    harmful_override,
    override_precision,
    override_rate,
    relied_on_oneself,
    relied_where_wrong,
)
from tests.stats.oversight.planted import Drawn, Planted, draw

PLANTED = Planted()


def estimates(found: Drawn) -> dict[str, tuple[Estimate, float]]:
    """Return each effect with what was planted."""
    plain = found.shown & ~found.seeded
    given = Advised(
        took=found.took[plain],
        advice_right=found.advice_right[plain],
        final_right=(found.took == found.advice_right)[plain],
        rows=found.rows.where(plain),
    )
    stamped = found.shown & found.seeded
    return {
        "anchoring": (arm_difference(found.agreed, found.shown, found.rows), PLANTED.anchoring),
        "harmful override": (harmful_override(given), PLANTED.harmful),
        "automation bias": (automation_bias(given), PLANTED.bias),
        "rubber-stamping": (crossed_share(found.took[stamped], found.rows.where(stamped)), PLANTED.stamped),
    }


def recovered(seeds: int) -> dict[str, int]:
    hits: dict[str, int] = {}
    for seed in range(seeds):
        for name, (estimate, truth) in estimates(draw(np.random.default_rng(seed), PLANTED)).items():
            low, high = two_sided(estimate, 0.95)
            hits[name] = hits.get(name, 0) + (low <= truth <= high)
    return hits


def test_planted_effects_are_recovered_in_twenty_draws():
    hits = recovered(20)
    assert len(hits) == 4
    assert min(hits.values()) >= 17, hits


@pytest.mark.slow
def test_planted_effects_are_recovered_in_at_least_93_of_100_draws():
    hits = recovered(100)
    assert min(hits.values()) >= 93, hits


@pytest.mark.slow
def test_effects_at_their_limits_are_rarely_passed_or_accused():
    # settled.md 6, over crossed annotators and items with leanings: mean at most 5.5 %, worst at most 6.5 %.
    wrong: dict[tuple[str, str, int], float] = {}
    for annotators, each, items in ((12, 60, 300), (30, 40, 200), (60, 60, 400), (100, 20, 2000)):
        planted = Planted(annotators=annotators, each=each, items=items, anchoring=0.05, seeded=0.0)
        for seed in range(1500):
            found = draw(np.random.default_rng(seed), planted)
            pull = arm_difference(found.agreed, found.shown, found.rows)
            right = found.shown & found.advice_right
            undone = crossed_share(~found.took[right], found.rows.where(right))
            for name, one, limit in (("anchoring", pull, 0.05), ("override", undone, planted.harmful)):
                for kind, err in (("pass", upper(one, 0.95) <= limit), ("fail", lower(one, 0.95) > limit)):
                    key = (name, kind, annotators)
                    wrong[key] = wrong.get(key, 0.0) + err / 1500
    assert np.mean(list(wrong.values())) <= 0.055, wrong
    assert max(wrong.values()) <= 0.065, wrong


def test_rows_that_are_taken_for_people_would_miss_planted_effects():
    # The planted fault: annotators who repeat are counted as if everyone answered once.
    leaning = Planted(annotators=25, each=200, leaning=0.14)
    missed = {"people": 0, "rows": 0}
    for seed in range(60):
        found = draw(np.random.default_rng(seed), leaning)
        shown = found.shown
        rows = found.rows.where(shown)
        alone = type(rows)(people=np.arange(int(shown.sum())))
        for name, who in (("people", rows), ("rows", alone)):
            low, high = two_sided(crossed_share(found.agreed[shown], who), 0.95)
            missed[name] += not low <= 0.7 + leaning.anchoring <= high
    assert missed["rows"] >= 15
    assert missed["people"] <= 6


def test_rates_of_reliance_are_counted_as_they_are_named():
    took = np.array([1, 1, 0, 1, 1, 0, 0, 1], dtype=bool)
    advice = np.array([1, 1, 1, 1, 0, 0, 0, 0], dtype=bool)
    final = np.array([1, 1, 0, 1, 0, 1, 0, 0], dtype=bool)
    before = np.array([0, 1, 1, 0, 1, 1, 0, 0], dtype=bool)
    rows = type(draw(np.random.default_rng(0), PLANTED).rows)(people=np.arange(8))
    given = Advised(took=took, advice_right=advice, final_right=final, rows=rows)
    assert override_rate(given).value == pytest.approx(3 / 8)
    assert harmful_override(given).value == pytest.approx(1 / 4)
    assert automation_bias(given).value == pytest.approx(2 / 4)
    assert override_precision(given).value == pytest.approx(1 / 3)
    assert relied_where_wrong(given, before).value == 1.0  # two wrong answers before, both became right
    assert relied_on_oneself(given, before).value == pytest.approx(1 / 2)
    assert gain_over(final, advice, rows).value == pytest.approx((4 - 4) / 8)
    assert gain_over(final, before, rows).value == pytest.approx((4 - 4) / 8)


def test_an_empty_arm_gives_no_difference_and_no_number():
    found = draw(np.random.default_rng(1), PLANTED)
    none = arm_difference(found.agreed, np.ones_like(found.shown), found.rows)
    assert none.value is None
    one = found.rows.people == 0
    alone = arm_difference(found.agreed[one], found.shown[one], found.rows.where(one))
    assert two_sided(alone, 0.95) == (-1.0, 1.0)  # one annotator says nothing of others


def test_the_anchoring_of_swapped_arms_is_the_negative():
    found = draw(np.random.default_rng(2), PLANTED)
    one = arm_difference(found.agreed, found.shown, found.rows)
    other = arm_difference(found.agreed, ~found.shown, found.rows)
    low, high = two_sided(one, 0.9)
    assert two_sided(other, 0.9) == pytest.approx((-high, -low))


def test_a_million_labels_are_estimated_in_seconds():
    rng = np.random.default_rng(3)
    n = 1_000_000
    found = estimates(draw(rng, Planted(annotators=5000, each=n // 5000, items=20_000)))
    low, high = two_sided(found["anchoring"][0], 0.95)
    assert low < PLANTED.anchoring < high
