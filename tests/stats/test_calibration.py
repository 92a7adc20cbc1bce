"""Calibration from histograms, against the formulas on rows."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcgov.core.evidence.scores import Histogram, no_rows
from hcgov.stats.calibration import calibration_error, in_the_large, reliability, squared_error
from tests.stages.evaluation.drawing import counted

drawn = st.tuples(st.integers(0, 10_000), st.integers(2, 400), st.floats(0.2, 3.0))


def rows(seed: int, n: int, steep: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    score = rng.beta(steep, 1.0, n)
    return score, (rng.random(n) < score**1.3).astype(int), np.arange(n)


@settings(max_examples=40)
@given(drawn=drawn)
def test_the_large_gap_and_its_error_are_those_of_the_rows(drawn: tuple[int, int, float]) -> None:
    score, label, who = rows(*drawn)
    found = in_the_large(counted(score, label, who, repeat=False).rows, (), 0.01)
    assert found is not None
    apart = score - label
    assert found.value == pytest.approx(apart.mean(), abs=1e-8)
    assert (found.mean_score, found.rate) == (pytest.approx(score.mean(), abs=1e-8), label.mean())
    assert found.se is not None
    # Never below the error from the rows, and above it by what a bin of .01 can hide at most.
    own = apart.std(ddof=1) / math.sqrt(len(apart))
    assert own - 1e-9 <= found.se <= math.sqrt(own**2 + 0.01**2 / 4 / (len(apart) - 1)) + 1e-9
    assert found.df == len(apart) - 1


def test_rows_of_the_same_people_are_worth_less() -> None:
    score, label, _ = rows(1, 50, 1.0)
    who = np.repeat(np.arange(50), 10)
    draw = counted(np.repeat(score, 10), np.repeat(label, 10), who)
    clustered = in_the_large(draw.rows, [one for _, one in draw.clusters], 0.01)
    alone = in_the_large(draw.rows, (), 0.01)
    assert clustered is not None
    assert alone is not None
    assert clustered.value == alone.value
    assert clustered.df == len(draw.clusters) - 1
    assert clustered.se is not None
    assert alone.se is not None
    assert clustered.se > 2.0 * alone.se


def test_nobody_has_no_calibration() -> None:
    assert in_the_large(no_rows(10), (), 0.1) is None
    assert reliability(no_rows(10)) == ()
    assert calibration_error(no_rows(10)) is None


@settings(max_examples=40)
@given(drawn=drawn, groups=st.integers(1, 20))
def test_groups_hold_everyone_once_in_order(drawn: tuple[int, int, float], groups: int) -> None:
    draw = counted(*rows(*drawn), repeat=False)
    table = reliability(draw.rows, groups)
    assert 1 <= len(table) <= groups
    assert sum(group.n for group in table) == draw.rows.n
    assert sum(group.rows.events for group in table) == draw.rows.events
    means = [group.mean_score for group in table]
    assert means == sorted(means)


def test_the_debiased_error_is_that_of_its_formula() -> None:
    score, label, who = rows(9, 3_000, 1.2)
    draw = counted(score, label, who, repeat=False)
    table = reliability(draw.rows, 15)
    at = np.minimum((score * 100).astype(int), 99)
    terms = []
    for group in table:
        inside = np.isin(at, [i for i, p in enumerate(group.rows.positives) if p + group.rows.negatives[i]])
        y, s, n = label[inside].mean(), score[inside].mean(), int(inside.sum())
        assert group.n == n
        terms.append(n / len(score) * ((s - y) ** 2 - y * (1 - y) / (n - 1)))
    assert squared_error(table, ()) == pytest.approx(sum(terms), abs=1e-8)


def test_a_calibrated_score_has_no_error_on_average_where_the_plug_in_one_has() -> None:
    rng = np.random.default_rng(4)
    debiased, plain = [], []
    for _ in range(300):
        score = rng.random(400)
        draw = counted(score, (rng.random(400) < score).astype(int), np.arange(400), repeat=False)
        table = reliability(draw.rows)
        debiased.append(squared_error(table, ()))
        plain.append(sum(g.n / 400 * (g.mean_score - g.rate) ** 2 for g in table))
    known = np.array([one for one in debiased if one is not None])
    assert abs(known.mean()) <= 3.5 * known.std() / math.sqrt(len(known))
    assert np.mean(plain) > 0.004


def test_a_group_of_one_row_has_no_error() -> None:
    lone = Histogram(positives=(1, 0), negatives=(0, 5), positive_totals=(0, 0), negative_totals=(0, 0))
    assert squared_error(reliability(lone, 6), ()) is None
