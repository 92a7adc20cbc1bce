"""Differences of strengths that hold together, and the places that follow."""

import numpy as np
import pytest

from hcgov.stats.preferences.bradley_terry import bradley_terry
from hcgov.stats.preferences.contests import Contests
from hcgov.stats.preferences.davidson import davidson
from hcgov.stats.preferences.simultaneous import chance, errors, standing
from tests.stats.preferences.planted import compared, counted

THETA = np.array([0.0, 0.5, 1.0])


def covered(seed, *, people, rows, spread, prompts=None, leaning=0.0):
    """Return whether each 95 % interval of a difference, one at a time, and all of them together, hold the truth."""
    truth = THETA - THETA.mean()
    # People's strengths spread around theta: common strengths are those that average people's chances.
    drawn = compared(
        seed, people=people, rows=rows, theta=THETA, spread=spread, prompts=prompts, leaning=leaning
    )
    found = bradley_terry(drawn)
    target = truth * shrinkage(spread, leaning)
    alone, together = [], True
    for d in standing(found, level=0.95).differences:
        aim = target[d.one] - target[d.other]
        one = standing_alone(found, d)
        alone.append(abs(d.value - aim) <= one)
        together &= d.low <= aim <= d.high
    return alone, together


def standing_alone(found, d):
    from hcgov.stats.student import critical_t

    return critical_t(0.975, float(found.df)) * d.se


_SHRINKAGE = {}


def shrinkage(spread, leaning):
    """Return by how much common strengths are nearer than a person's, from a very large draw."""
    key = (spread, leaning)
    if key not in _SHRINKAGE:
        if spread == leaning == 0.0:
            _SHRINKAGE[key] = 1.0
        else:
            total = np.hypot(spread, leaning)
            many = bradley_terry(compared(99, people=400_000, rows=3, theta=THETA, spread=total)).theta
            _SHRINKAGE[key] = float((many @ (THETA - THETA.mean())) / ((THETA - THETA.mean()) ** 2).sum())
    return _SHRINKAGE[key]


def test_clustered_intervals_hold_and_naive_ones_do_not():
    alone = [covered(seed, people=40, rows=30, spread=1.0)[0] for seed in range(60)]
    assert 0.88 <= np.mean(alone) <= 1.0
    naive = []
    target = (THETA - THETA.mean()) * shrinkage(1.0, 0.0)
    for seed in range(60):
        found = bradley_terry(compared(seed, people=40, rows=30, theta=THETA, spread=1.0))
        value, se = found.against(0)
        naive.append(abs(value[2] - (target[2] - target[0])) <= 1.96 * se[2])
    assert np.mean(naive) < 0.85


@pytest.mark.slow
@pytest.mark.parametrize(
    ("people", "rows", "spread", "prompts", "leaning"),
    [
        (40, 30, 0.0, None, 0.0),
        (40, 30, 1.0, None, 0.0),
        (100, 10, 0.7, None, 0.0),
        (60, 40, 0.7, 40, 0.7),
        (200, 20, 0.3, 60, 0.5),
    ],
)
def test_coverage_of_clustered_intervals(people, rows, spread, prompts, leaning):
    """Nominal 95 %: between 93 % and 97.5 %, for rows shared by people and by prompts."""
    found = [
        covered(seed, people=people, rows=rows, spread=spread, prompts=prompts, leaning=leaning)
        for seed in range(1000)
    ]
    alone = np.mean([one for one, _ in found])
    together = np.mean([both for _, both in found])
    print(people, rows, spread, prompts, leaning, round(float(alone), 4), round(float(together), 4))
    assert 0.93 <= alone <= 0.975
    assert together >= 0.935


def test_places_follow_from_what_is_settled():
    contests = compared(1, people=300, rows=20, theta=[2.0, 0.0, 0.02, -2.0])
    found = standing(bradley_terry(contests))
    assert (found.ranks[0].best, found.ranks[0].worst) == (1, 1)
    assert (found.ranks[3].best, found.ranks[3].worst) == (4, 4)
    assert (found.ranks[1].best, found.ranks[1].worst) == (2, 3)
    assert found.between(0, 3).settled == 1
    assert found.between(3, 0).settled == -1
    assert found.between(1, 2).settled == 0
    one, other = found.between(0, 3), found.between(3, 0)
    assert (one.low, one.high) == (-other.high, -other.low)
    with pytest.raises(KeyError):
        found.between(0, 9)


def test_noise_settles_nothing():
    settled = 0
    for seed in range(40):
        found = standing(davidson(compared(seed, people=30, rows=20, theta=np.zeros(6), tie=0.3)))
        settled += any(d.settled for d in found.differences)
    assert settled <= 6


def test_holm_is_never_stricter_than_bonferroni():
    found = standing(bradley_terry(compared(2, people=60, rows=20, theta=[0.0, 0.3, 0.6, 0.9])))
    for d in found.differences:
        if d.settled:
            assert d.p < 0.05


def test_one_person_shrunken_strengths_and_wild_levels():
    one = bradley_terry(compared(3, people=1, rows=200, theta=[0.0, 0.3]))
    assert standing(one) is None
    assert errors(one) is None
    with pytest.raises(ValueError, match="shrunken"):
        standing(bradley_terry(counted([[0, 5], [0, 0]]), ridge=1.0))
    with pytest.raises(ValueError, match="level"):
        standing(bradley_terry(compared(3, people=9, rows=20, theta=[0.0, 0.3])), level=1.0)


def test_pairs_of_a_ranking_are_one_cluster():
    """All pairs that a ranking implies are worth less than as many independent ones."""
    draw = np.random.default_rng(5)
    pairs = [(i, j) for i in range(5) for j in range(i + 1, 5)]
    first, second = np.tile(np.array(pairs).T, 80)
    rankings = np.repeat(np.arange(80), len(pairs))
    worth = draw.gumbel(size=(80, 5)) + 1.5 * draw.standard_normal(80)[:, None] * np.linspace(-1, 1, 5)
    outcome = np.where(worth[rankings, first] > worth[rankings, second], 0, 1)
    rows = {"competitors": 5, "first": first, "second": second, "outcome": outcome}
    together = bradley_terry(Contests(**rows, people=rankings))
    apart = bradley_terry(Contests(**rows, people=np.arange(rankings.size)))
    assert standing(together).between(0, 4).se > 1.2 * standing(apart).between(0, 4).se


def test_chance():
    assert chance(0.0) == 0.5
    assert chance(1.0) == pytest.approx(0.7310586)
    assert chance(-1e4) == 0.0
