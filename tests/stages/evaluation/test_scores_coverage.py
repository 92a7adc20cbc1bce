"""Measured errors of the bounds on AUC, calibration and jackknifed metrics where people repeat; seeded, slow."""

import math
from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import f1_score

from hcgov.core.estimate import Estimate
from hcgov.core.evidence.scores import SliceScores
from hcgov.stages.scoring import auc_of_slice, calibration_of_slice
from hcgov.stats.bounds import lower, upper
from hcgov.stats.jackknife import GROUPS, delete_a_group
from hcgov.stats.shares import share, worth
from tests.stages.evaluation.drawing import Floats, Ints, counted

pytestmark = pytest.mark.slow
TIMES = 500
MOST = 0.085
"""5 % and three Monte-Carlo errors of 1 % each, rounded: the figures themselves stand in the decision pages."""


def drawn(rng: np.random.Generator, people: int, each: int, shift: float) -> tuple[Floats, Ints, Ints]:
    """Scores and labels that both depend on the person: half of the variance of a score is the person's."""
    who = np.repeat(np.arange(people), each)
    label = (rng.random(len(who)) < 1 / (1 + np.exp(-8.0 * rng.normal(size=people)[who]))).astype(int)
    noise = math.sqrt(0.5) * (rng.normal(size=people)[who] + rng.normal(size=len(who)))
    return 1 / (1 + np.exp(-(noise + shift * label))), label, who


def errors(estimates: list[tuple[Estimate, float]]) -> tuple[float, float]:
    """Return how often the lower 95 % bound lies above the truth, and the upper one below it."""
    above = np.mean([lower(estimate, 0.95) > truth for estimate, truth in estimates])
    below = np.mean([upper(estimate, 0.95) < truth for estimate, truth in estimates])
    return float(above), float(below)


def known(estimate: Estimate | None) -> Estimate:
    assert estimate is not None
    return estimate


@pytest.mark.parametrize("shift", [0.7, 2.0])
@pytest.mark.parametrize(("people", "each"), [(80, 10), (200, 5), (200, 1)])
def test_auc_of_people_who_repeat(people: int, each: int, shift: float) -> None:
    rng = np.random.default_rng(1)
    truth = 0.5 * (1 + math.erf(shift / 2))
    drawings = [counted(*drawn(rng, people, each, shift)) for _ in range(TIMES)]
    exact = (True,) * 100

    def told(draw: SliceScores) -> tuple[Estimate, float]:
        return known(auc_of_slice(draw, exact).estimate), truth

    assert max(errors([told(draw) for draw in drawings])) <= MOST
    if each == 10:
        as_rows = errors([told(replace(draw, clusters=())) for draw in drawings])
        assert max(as_rows) > 0.095, "taken for people, rows would err twice as often"


@pytest.mark.parametrize(("people", "each"), [(60, 10), (200, 5), (200, 1)])
def test_calibration_in_the_large_of_people_who_repeat(people: int, each: int) -> None:
    rng = np.random.default_rng(2)
    found = []
    for _ in range(TIMES):
        who = np.repeat(np.arange(people), each)
        score = rng.beta(2.0, 2.0, len(who))
        # Everyone's own rate lies above or below what the score promises, by .1 on average above.
        rate = np.clip(score + 0.1 + 0.15 * rng.choice([-1.0, 1.0], people)[who], 0.0, 1.0)
        label = (rng.random(len(who)) < rate).astype(int)
        draw = counted(score, label, who, repeat=each > 1)
        found.append((known(calibration_of_slice(draw, 0.01).estimate), 0.0))
    truth = _shift()
    assert max(errors([(estimate, truth) for estimate, _ in found])) <= MOST


def _shift() -> float:
    """Return the true distance of the mean score from the rate, which clipping to [0, 1] moves from .1."""
    x = (np.arange(200_000) + 0.5) / 200_000
    density = 6.0 * x * (1.0 - x)
    rate = 0.5 * (np.clip(x + 0.25, 0, 1) + np.clip(x - 0.05, 0, 1))
    return float(((rate - x) * density).mean())


@pytest.mark.parametrize(("people", "each"), [(100, 5), (300, 1)])
def test_f1_of_people_who_repeat(people: int, each: int) -> None:
    rng = np.random.default_rng(3)
    truth = _f1(*_predicted(np.random.default_rng(4), 40_000, each)[:2])
    found = []
    for _ in range(TIMES):
        label, said, who = _predicted(rng, people, each)
        bucket = rng.integers(0, GROUPS, people)[who]
        value = _f1(label, said)
        without = [_f1(label[bucket != b], said[bucket != b]) for b in np.unique(bucket)]
        jackknifed = delete_a_group(value, without)
        assert jackknifed is not None
        size = worth(value, jackknifed.variance, fewest=people, df=jackknifed.df)
        found.append((share(value, size, n=len(who)), truth))
    assert max(errors(found)) <= MOST


def _predicted(rng: np.random.Generator, people: int, each: int) -> tuple[Ints, Ints, Ints]:
    who = np.repeat(np.arange(people), each)
    label = (rng.random(len(who)) < 0.4).astype(int)
    skill = 0.8 + 0.15 * rng.choice([-1.0, 1.0], people)[who]
    said = np.where(rng.random(len(who)) < skill, label, 1 - label)
    return label, said, who


def _f1(label: Ints, said: Ints) -> float:
    hits = int((label & said).sum())
    return 2.0 * hits / int(label.sum() + said.sum())


def test_f1_is_that_of_the_library() -> None:
    label, said, _ = _predicted(np.random.default_rng(5), 100, 2)
    assert _f1(label, said) == pytest.approx(f1_score(label, said))
