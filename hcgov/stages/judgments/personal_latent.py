"""Judgments drawn from latent factors, calibrated to what was published of a three-stage audit of personalization.

Where a number is published, the marginal it belongs to holds exactly in expectation: users differ, but by shares of
latent factors whose distribution over everyone stays standard normal.
"""

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from hcgov.core.frozen import frozen

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Bools: TypeAlias = NDArray[np.bool_]
Generator: TypeAlias = np.random.Generator

JUDGES = ("judge 1", "judge 2", "judge 3", "judge 4", "judge 5")
"""Five judges; in stage 3 those of the published table, in its order: Claude, GPT, Llama, Qwen, Gemma."""

HUMANS = ("person 1", "person 2", "person 3")

FAILURES = (
    ("overgeneralisation", 0.539),
    ("missing_evidence", 0.203),
    ("task_context_confusion", 0.161),
    ("not_standalone", 0.060),
    ("sensitive", 0.005),
    ("other", 0.032),
)
"""What is wrong with attributes that are not accepted; the first four shares are published."""

PROBLEM_RATES = {"human": 0.42, "synthetic": 0.20}
"""22 points apart, as published; where both lie is a free choice."""

HUMAN_RATINGS = (0.090, 0.206, 0.250, 0.346, 0.108)
JUDGE_RATINGS = (
    (0.044, 0.157, 0.311, 0.304, 0.184),
    (0.036, 0.140, 0.299, 0.315, 0.210),
    (0.010, 0.064, 0.208, 0.333, 0.385),
    (0.039, 0.146, 0.304, 0.311, 0.200),
    (0.045, 0.160, 0.314, 0.301, 0.179),
)
"""Shares of the ratings 1 to 5."""

JUDGE_LOADINGS = (0.50, 0.43, 0.54, 0.25, 0.155)
REWARD_LOADING = 0.41
"""Gives a rank correlation with the mean of three people of about 0.3, as published of reward models."""

SELECTION_RATES = (0.40, 0.45, 0.50, 0.55, 0.60)
MENTIONS = (0.05, 0.20, 0.35, 0.30, 0.25)
"""How often each generator says outright what it knows; the first is published."""

_PENALTY = 0.29
"""How much the first judge dislikes a mention, on its own part of a rating: a difference of about -0.4."""


@frozen
class Extracted:
    """Stage 1, item by item: labels 0 accept, 1 uncertain, 2 reject; ``quality`` is what raters agree on."""

    users: Ints
    labels: Ints
    judge: Ints
    failure: Ints
    quality: Floats


@frozen
class Paired:
    """Stage 2, item by item: who says yes; ``relevance`` is what people agree on."""

    users: Ints
    prompts: Ints
    humans: Bools
    judges: Bools
    relevance: Floats


@frozen
class Answered:
    """Stage 3, item by item: ratings from 1 to 5, and a reward model's score."""

    users: Ints
    generators: Ints
    humans: Ints
    judges: Ints
    reward: Floats
    mentions: Bools
    intrusive: Bools


def extracted(rng: Generator, n: int, users: int, *, problems: float) -> Extracted:
    """Draw stage 1: a share ``problems`` of judgments is not accepted, three fifths of it rejected.

    Three people agree on it with a kappa of about 0.38, as published (0.31 to 0.43 over the tasks).
    """
    owner = _owners(n, users)
    quality = _of_users(rng, owner, users, share=0.05)
    own = rng.standard_normal((n, 3))
    doubt = np.sqrt(0.57) * quality[:, None] + np.sqrt(0.43) * own
    labels = np.where(doubt > ndtri(1 - problems), 1, 0) + (doubt > ndtri(1 - 0.6 * problems))
    machine = 0.5 * quality + np.sqrt(0.75) * rng.standard_normal(n)
    judge = np.where(machine > ndtri(1 - 0.6 * problems), 2, 0)
    failure = rng.choice(len(FAILURES), size=n, p=[share for _, share in FAILURES])
    return Extracted(users=owner, labels=labels, judge=judge, failure=failure, quality=quality)


def paired(rng: Generator, n: int, users: int, *, prompts: int = 60) -> Paired:
    """Draw stage 2: people select a fifth, judges two to three fifths of the same pairs.

    Kappas of 0.426 between people, 0.597 between judges and 0.300 between the two follow from loadings of
    sqrt(0.671) and sqrt(0.839) on factors that correlate by 0.891.
    """
    owner = _owners(n, users)
    relevance = _of_users(rng, owner, users, share=0.02)
    machine = 0.891 * relevance + np.sqrt(1 - 0.891**2) * rng.standard_normal(n)
    people = np.sqrt(0.671) * relevance[:, None] + np.sqrt(0.329) * rng.standard_normal((n, 3))
    judged = np.sqrt(0.839) * machine[:, None] + np.sqrt(0.161) * rng.standard_normal((n, 5))
    return Paired(
        users=owner,
        prompts=rng.integers(0, prompts, size=n),
        humans=people > ndtri(0.80),
        judges=judged > ndtri(1 - np.array(SELECTION_RATES)),
        relevance=relevance,
    )


def answered(rng: Generator, n: int, users: int) -> Answered:
    """Draw stage 3: means, the share that is no better and rank correlations are the published ones."""
    owner = _owners(n, users)
    quality = _of_users(rng, owner, users, share=0.05)
    people = np.sqrt(0.368) * quality[:, None] + np.sqrt(0.632) * rng.standard_normal((n, 3))
    loadings = np.array(JUDGE_LOADINGS)
    own = rng.standard_normal((n, 5))
    judged = loadings * quality[:, None] + np.sqrt(1 - loadings**2) * own
    generators = rng.integers(0, len(JUDGES), size=n)
    liking = -_PENALTY * own[:, 0] + np.sqrt(1 - _PENALTY**2) * rng.standard_normal(n)
    return Answered(
        users=owner,
        generators=generators,
        humans=_rated(people, HUMAN_RATINGS),
        judges=np.stack([_rated(judged[:, j], shares) for j, shares in enumerate(JUDGE_RATINGS)], axis=1),
        reward=REWARD_LOADING * quality + np.sqrt(1 - REWARD_LOADING**2) * rng.standard_normal(n),
        mentions=liking > ndtri(1 - np.array(MENTIONS))[generators],
        intrusive=rng.random((n, 3)) < 0.06,
    )


def _owners(n: int, users: int) -> Ints:
    """Return a user for each item; users have nearly equally many, in the order of their numbers."""
    return np.arange(n, dtype=np.int64) * users // max(n, 1)


def _of_users(rng: Generator, owner: Ints, users: int, *, share: float) -> Floats:
    """Return standard normal values of which ``share`` of the variance is between users."""
    own = rng.standard_normal(owner.size)
    return np.asarray(np.sqrt(share) * rng.standard_normal(users)[owner] + np.sqrt(1 - share) * own)


def _rated(latent: Floats, shares: ArrayLike) -> Ints:
    cuts = ndtri(np.cumsum(np.asarray(shares, dtype=np.float64))[:-1])
    return np.asarray(1 + np.searchsorted(cuts, latent), dtype=np.int64)
