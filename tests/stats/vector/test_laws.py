"""Laws that hold for every outcome of small groups, by enumeration; the whole of it is marked slow."""

import itertools
import math

import numpy as np
import pytest

from hcgov.stats import vector
from hcgov.stats.special import normal_quantile

LEVELS = (0.8, 0.95, 1 - 0.05 / 870)


def outcomes(sizes):
    """Return every pair of outcomes of groups of these sizes: four columns."""
    arms = np.array([(x, n) for n in sizes for x in range(n + 1)], dtype=float)
    first, second = np.repeat(np.arange(len(arms)), len(arms)), np.tile(np.arange(len(arms)), len(arms))
    return [*arms[first].T, *arms[second].T]


def check_laws(x1, n1, x2, n2):
    """Check bounds of both measures at rising levels; RuntimeWarnings are errors in these tests."""
    wider = None
    for level in LEVELS:
        z = normal_quantile(level)
        low = vector.miettinen_nurminen_lower(x1, n1, x2, n2, level)
        high = vector.miettinen_nurminen_upper(x1, n1, x2, n2, level)
        ratio_low = vector.koopman_lower(x1, n1, x2, n2, level)
        ratio_high = vector.koopman_upper(x1, n1, x2, n2, level)
        for bound in (low, high, ratio_low, ratio_high):
            assert not np.isnan(bound).any()
        observed = x1 / n1 - x2 / n2
        assert ((low >= -1) & (low <= observed) & (observed <= high) & (high <= 1)).all()
        # Exchanging the groups mirrors a difference and turns a ratio over.
        assert (low == -vector.miettinen_nurminen_upper(x2, n2, x1, n1, level)).all()
        # A bound inverts its own test.
        for bound, sign in ((low, 1.0), (high, -1.0)):
            inside = np.abs(bound) < 1
            score = vector.miettinen_nurminen_score(x1, n1, x2, n2, bound)[inside]
            assert np.allclose(score, sign * z, rtol=1e-8, atol=0)
        for bound, sign in ((ratio_low, 1.0), (ratio_high, -1.0)):
            inside = (bound > 0) & (bound < math.inf)
            score = vector.koopman_score(x1, n1, x2, n2, np.where(inside, bound, 1.0))[inside]
            assert np.allclose(score, sign * z, rtol=1e-7, atol=0)
        assert ((ratio_low == 0) == (x1 == 0)).all()
        assert ((ratio_high == math.inf) == (x2 == 0)).all()
        some = x2 > 0
        value = x1[some] / n1[some] / (x2[some] / n2[some])
        assert (ratio_low[some] <= value).all()
        assert (value <= ratio_high[some] * (1 + 1e-14)).all()
        # A higher level never narrows.
        if wider is not None:
            assert ((low <= wider[0] + 1e-12) & (high >= wider[1] - 1e-12)).all()
            assert ((ratio_low <= wider[2] * (1 + 1e-12)) & (ratio_high >= wider[3] * (1 - 1e-12))).all()
        wider = low, high, ratio_low, ratio_high


def test_every_outcome_of_small_groups_and_of_fifty():
    check_laws(*outcomes([*range(1, 9), 12, 21, 50]))


@pytest.mark.slow
def test_every_outcome_of_all_groups_up_to_fifty():
    columns = outcomes(range(1, 51))
    for start in range(0, len(columns[0]), 200_000):
        check_laws(*(column[start : start + 200_000] for column in columns))


def test_one_rate_for_every_outcome_up_to_fifty():
    x, n = np.array([(x, n) for n in range(1, 51) for x in range(n + 1)], dtype=float).T
    before = None
    for level in (0.5, *LEVELS):
        for method in ("clopper_pearson", "wilson"):
            low = getattr(vector, f"{method}_lower")(x, n, level)
            high = getattr(vector, f"{method}_upper")(x, n, level)
            assert not np.isnan(low).any()
            assert not np.isnan(high).any()
            slack = 1e-12 if method == "wilson" else 0.0
            if level > 0.5 or method == "wilson":
                assert ((low >= 0) & (low <= x / n + slack) & (x / n - slack <= high) & (high <= 1)).all()
            assert ((low == 0) == (x == 0)).all()
            assert ((high == 1) == (x == n)).all()
            # What did not happen mirrors what did.
            assert np.allclose(low, 1 - getattr(vector, f"{method}_upper")(n - x, n, level), atol=1e-12)
            if method == "clopper_pearson":
                if before is not None:
                    assert ((low <= before[0] + 1e-12) & (high >= before[1] - 1e-12)).all()
                before = low, high


def chances(n, rates):
    """Return the binomial probabilities of every outcome: one row a rate."""
    return np.array([[math.comb(n, x) * p**x * (1 - p) ** (n - x) for x in range(n + 1)] for p in rates])


RATES = np.linspace(0.05, 0.95, 19)


@pytest.mark.parametrize(
    ("bounds", "n1", "n2", "least", "mean"),
    [
        # Least and mean over 361 pairs of rates; at least .95 on the mean, and not far below it anywhere from 20 on.
        ("miettinen_nurminen", 5, 5, 0.913, 0.968),
        ("miettinen_nurminen", 10, 10, 0.924, 0.957),
        ("miettinen_nurminen", 10, 30, 0.935, 0.956),
        ("miettinen_nurminen", 20, 20, 0.933, 0.950),
        ("miettinen_nurminen", 30, 30, 0.938, 0.951),
        ("koopman", 10, 10, 0.913, 0.951),
        ("koopman", 20, 20, 0.932, 0.951),
        ("koopman", 30, 30, 0.939, 0.951),
        ("newcombe", 20, 20, 0.920, 0.951),
        ("newcombe", 30, 30, 0.922, 0.949),
    ],
)
def test_coverage_of_two_groups_by_enumeration(bounds, n1, n2, least, mean):
    """Exact coverage of the two-sided 95 % interval."""
    x1, x2 = np.meshgrid(np.arange(n1 + 1), np.arange(n2 + 1), indexing="ij")
    low = getattr(vector, f"{bounds}_lower")(x1, n1, x2, n2, 0.975)
    high = getattr(vector, f"{bounds}_upper")(x1, n1, x2, n2, 0.975)
    first, second = chances(n1, RATES), chances(n2, RATES)
    covered = []
    for (i, a), (j, b) in itertools.product(enumerate(RATES), repeat=2):
        truth = a / b if bounds == "koopman" else a - b
        holds = (low <= truth + 1e-12) & (truth - 1e-12 <= high)
        covered.append((first[i][:, None] * second[j][None, :] * holds).sum())
    assert min(covered) == pytest.approx(least, abs=1.1e-3)
    assert np.mean(covered) == pytest.approx(mean, abs=1.1e-3)


@pytest.mark.parametrize("n", [1, 2, 5, 10, 20, 30])
def test_coverage_of_an_exact_rate_is_never_below_nominal(n):
    x = np.arange(n + 1)
    low, high = vector.clopper_pearson_lower(x, n, 0.95), vector.clopper_pearson_upper(x, n, 0.95)
    rates = np.linspace(0.001, 0.999, 499)
    weights = chances(n, rates)
    for row, p in zip(weights, rates, strict=True):
        assert row[low > p].sum() <= 0.05 + 1e-12
        assert row[high < p].sum() <= 0.05 + 1e-12
