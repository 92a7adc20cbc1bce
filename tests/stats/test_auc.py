"""AUC from binned scores, against scikit-learn, published figures and brute force."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from hcgov.core.estimate import Method
from hcgov.core.limit import Side
from hcgov.stats.auc import area, binned_auc
from hcgov.stats.bounds import lower, p_value, upper
from hcgov.stats.hypothetical import best_case, scaled
from hcgov.stats.shares import difference, share, worth

counts = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=12)


def binned(score: NDArray[np.float64], label: NDArray[np.int64], bins: int) -> tuple[list[int], list[int]]:
    at = np.minimum((score * bins).astype(int), bins - 1)
    ones, zeros = (np.bincount(at[label == value], minlength=bins).tolist() for value in (1, 0))
    return ones, zeros


def test_the_wfns_grade_of_proc_has_its_published_area_and_variance() -> None:
    # Robin et al. 2011 (doi:10.1186/1471-2105-12-77), data aSAH: the five WFNS grades of 41 patients with poor and
    # 72 with good outcome, as the published sensitivities and specificities give them. pROC 1.18 tests
    # auc = 0.8236789 and var(delong) = 0.00146991470882363.
    found = binned_auc((2, 12, 1, 8, 18), (37, 20, 3, 8, 4), (True,) * 5)
    assert found is not None
    assert found.value == pytest.approx(0.8236789, abs=5e-8)
    assert found.variance == pytest.approx(0.00146991470882363, rel=1e-13)
    assert found.error == 0.0


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("bins", [10, 100, 1000])
def test_binning_errs_by_no_more_than_it_says(seed: int, bins: int) -> None:
    rng = np.random.default_rng(seed)
    label = rng.integers(0, 2, 2_000)
    score = rng.beta(1.0 + label * rng.uniform(0.2, 4.0), 2.0)
    found = binned_auc(*binned(score, label, bins))
    assert found is not None
    assert abs(found.value - roc_auc_score(label, score)) <= found.error <= 0.75 / bins * 3


@given(counts=counts)
def test_the_area_is_that_of_tied_scores(counts: list[tuple[int, int]]) -> None:
    ones, zeros = zip(*counts, strict=True)
    label = [1] * sum(ones) + [0] * sum(zeros)
    score = [at for side in (ones, zeros) for at, n in enumerate(side) for _ in range(n)]
    own = area(ones, zeros)
    if own is None:
        assert 0 in (sum(ones), sum(zeros))
    else:
        assert own == pytest.approx(roc_auc_score(label, score), abs=1e-12)
        assert own + (area(zeros, ones) or 0.0) == pytest.approx(1.0)
        assert own + (area(ones[::-1], zeros[::-1]) or 0.0) == pytest.approx(1.0)


@given(counts=counts)
def test_the_variance_is_that_of_placements_one_by_one(counts: list[tuple[int, int]]) -> None:
    ones, zeros = zip(*counts, strict=True)
    found = binned_auc(ones, zeros)
    if found is None or found.variance is None:
        return
    x = np.repeat(np.arange(len(ones)), ones)
    y = np.repeat(np.arange(len(zeros)), zeros)
    wins = (x[:, None] > y[None, :]) + 0.5 * (x[:, None] == y[None, :])
    expected = wins.mean(1).var(ddof=1) / len(x) + wins.mean(0).var(ddof=1) / len(y)
    assert found.variance == pytest.approx(expected, rel=1e-9, abs=1e-15)


def test_ties_of_equal_scores_are_no_error() -> None:
    told = binned_auc((3, 5), (4, 2), (True, False))
    assert told is not None
    assert told.error == pytest.approx(5 * 2 / (2 * 8 * 6))


def test_one_label_has_no_area() -> None:
    assert binned_auc((3, 0), (0, 0)) is None
    assert area((0, 0), (1, 2)) is None


def test_one_row_of_a_label_has_no_variance() -> None:
    found = binned_auc((1, 0), (2, 2))
    assert found is not None
    assert found.variance is None


# What an area is worth.


def test_a_perfect_area_is_worth_its_smaller_side() -> None:
    size = worth(1.0, 0.0, fewest=30, most=500.0)
    assert size == 30.0
    # Thirty disjoint pairs in order: as thirty successes of thirty.
    assert lower(share(1.0, size, n=500), 0.95) == pytest.approx(0.05 ** (1 / 30))


def test_few_failures_are_worth_their_people_at_most() -> None:
    assert worth(0.99, 1e-7, fewest=100, most=400.0) == 100.0
    assert worth(0.80, 1e-7, fewest=100, most=400.0) == 400.0
    assert worth(0.80, 0.16 / 150, fewest=100, most=400.0) == pytest.approx(150.0)


def test_few_degrees_of_freedom_are_worth_less() -> None:
    sure = worth(0.8, 0.001, fewest=200)
    assert worth(0.8, 0.001, fewest=200, df=20) == pytest.approx(sure * (1.959964 / 2.085963) ** 2, rel=1e-5)


@given(
    value=st.floats(0.0, 1.0),
    size=st.floats(1.0, 1e6),
    error=st.floats(0.0, 0.2),
    level=st.floats(0.5, 0.999),
    limit=st.floats(0.05, 0.95),
)
def test_the_error_widens_both_bounds(
    value: float, size: float, error: float, level: float, limit: float
) -> None:
    plain, widened = (share(value, size, n=10, error=e) for e in (0.0, error))
    assert widened.method is Method.CLOPPER_PEARSON
    assert lower(widened, level) == pytest.approx(max(0.0, lower(plain, level) - error), abs=1e-12)
    assert upper(widened, level) == pytest.approx(min(1.0, upper(plain, level) + error), abs=1e-12)
    for side in Side:
        assert p_value(widened, limit, side) >= p_value(plain, limit, side) - 1e-12
        assert best_case(widened, side).statistics[2:] == widened.statistics[2:]


@given(one=st.floats(0.0, 1.0), other=st.floats(0.0, 1.0), error=st.floats(0.0, 0.1))
def test_errors_of_both_sides_add_up(one: float, other: float, error: float) -> None:
    gap = difference(share(one, 80.0, n=90, error=error), share(other, 70.0, n=75, error=error / 2))
    plain = difference(share(one, 80.0, n=90), share(other, 70.0, n=75))
    assert gap.value == pytest.approx(one - other)
    assert lower(gap, 0.95) == pytest.approx(max(-1.0, lower(plain, 0.95) - 1.5 * error), abs=1e-9)
    assert dict(best_case(gap, Side.AT_MOST).statistics).get("error", 0.0) == pytest.approx(1.5 * error)
    assert dict(scaled(gap, 4.0).statistics).get("error", 0.0) == pytest.approx(1.5 * error)


# Coverage, by seeded simulation.


def _covers(
    rng: np.random.Generator, shift: float, ones: int, zeros: int, level: float, truth: float
) -> tuple[bool, bool]:
    label = np.r_[np.ones(ones, int), np.zeros(zeros, int)]
    score = 1 / (1 + np.exp(-(rng.normal(size=ones + zeros) + shift * label)))
    found = binned_auc(*binned(score, label, 1000), (True,) * 1000)
    assert found is not None
    size = worth(found.value, found.variance, fewest=min(ones, zeros), most=float(ones + zeros))
    estimate = share(found.value, size, n=ones + zeros)
    return lower(estimate, level) > truth, upper(estimate, level) < truth


@pytest.mark.slow
@pytest.mark.parametrize("shift", [0.0, 0.7, 1.2, 2.0, 3.0])
@pytest.mark.parametrize(("ones", "zeros"), [(30, 30), (30, 300), (100, 100)])
def test_one_sided_errors_of_independent_rows(shift: float, ones: int, zeros: int) -> None:
    rng = np.random.default_rng(20261121)
    truth = 0.5 * (1 + math.erf(shift / 2))
    wrong = np.array([_covers(rng, shift, ones, zeros, 0.95, truth) for _ in range(2_000)]).mean(0)
    assert wrong.max() <= 0.065
