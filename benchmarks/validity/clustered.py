"""Rows that share people, or people and items: false PASS of a gap, and coverage of a rate's interval.

What rows are worth is the product's own answer (``hcgov.stats.clusters.design_effect``), draw by draw.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.stats import norm

from benchmarks.validity import families
from benchmarks.validity.families import Scored
from benchmarks.validity.grid import GAP, LEVELS, progress
from benchmarks.validity.scores import Array
from hcgov.core.evidence.clusters import Crowd, Moments
from hcgov.core.evidence.counts import BUCKETS
from hcgov.stats.clusters import design_effect
from hcgov.stats.proportions import clopper_pearson_lower, clopper_pearson_upper, wilson_lower, wilson_upper

MOST_ROWS = 10
SIDE = 0.975
"""One-sided confidence of either end of a two-sided 95 % interval."""


@dataclass(frozen=True, kw_only=True)
class Repeats:
    """Two groups whose people have one to ten rows, exactly at the limit.

    Parameters
    ----------
    people, p, icc
        People in each group, the rate nearest to 0 or 1, and the correlation of two rows of one person.
    passes, fails
        Shares of draws in which the control passes, and fails, by rows worth what they are worth.
    passes_as_rows, fails_as_rows
        The same if rows were taken for people.
    """

    safety: str
    people: int
    p: float
    icc: float
    draws: int
    passes: float
    fails: float
    passes_as_rows: float
    fails_as_rows: float


def moments(n: Array, y: Array) -> Moments:
    """Return the moments of clusters with rows ``n`` and events ``y``."""
    n, y = n[n > 0].astype(float), y[n > 0].astype(float)
    return Moments(
        clusters=len(n), n=float(n.sum()), y=float(y.sum()), n2=float(n @ n), ny=float(n @ y), y2=float(y @ y)
    )


def repeats(
    sizes: tuple[int, ...] = (50, 100, 200, 400),
    rates: tuple[float, ...] = (0.1, 0.5, 0.9),
    correlations: tuple[float, ...] = (0.0, 0.1, 0.3, 0.6),
    draws: int = 4_000,
    seed: int = 20_261_121,
) -> Iterator[Repeats]:
    """Yield every cell of the grid of people who repeat."""
    for people in sizes:
        for p in rates:
            for icc in correlations:
                progress(f"people who repeat: {people}, rate {p}, correlation {icc}")
                generator = np.random.default_rng([seed, people, round(1000 * p), round(1000 * icc)])
                worse, better = (p + GAP.limit, p) if p <= 0.5 else (p, p - GAP.limit)
                counted = [_group(generator, people, rate, icc, draws) for rate in (worse, better)]
                yield from _told(people, p, icc, draws, counted)


def _told(
    people: int, p: float, icc: float, draws: int, counted: list[tuple[Array, Array, Array]]
) -> Iterator[Repeats]:
    (rows1, events1, worth1), (rows2, events2, worth2) = counted
    share1, share2 = events1 / rows1, events2 / rows2
    for safety, level in LEVELS.items():
        ours = _outcome(share1, worth1, share2, worth2, level)
        naive = _outcome(share1, rows1, share2, rows2, level)
        yield Repeats(
            safety=safety, people=people, p=p, icc=icc, draws=draws,
            passes=float(ours.passes.mean()), fails=float(ours.fails.mean()),
            passes_as_rows=float(naive.passes.mean()), fails_as_rows=float(naive.fails.mean()),
        )  # fmt: skip


def _outcome(share1: Array, n1: Array, share2: Array, n2: Array, level: float) -> families.Outcome:
    first, second = (share1 * n1, n1), (share2 * n2, n2)
    orders = ((*first, *second), (*second, *first))
    scored = Scored(
        score=np.stack([GAP.score(*order) for order in orders], axis=1),
        resolvable=np.stack([GAP.resolvable(*order, level) for order in orders], axis=1),
    )
    return families.outcome(families.all_pairs((1, 1)), scored, level)


def _group(
    generator: np.random.Generator, people: int, rate: float, icc: float, draws: int
) -> tuple[Array, Array, Array]:
    """Return rows, events and effective rows of each draw; people's own rates are beta distributed."""
    rows = generator.integers(1, MOST_ROWS + 1, size=(draws, people))
    own = np.full((draws, people), rate)
    if icc:
        spread = 1.0 / icc - 1.0
        own = generator.beta(rate * spread, (1.0 - rate) * spread, size=(draws, people))
    events = generator.binomial(rows, own)
    worth = np.array([_worth(n, y) for n, y in zip(rows, events, strict=True)])
    return rows.sum(axis=1).astype(float), events.sum(axis=1).astype(float), worth


def _worth(rows: Array, events: Array) -> float:
    found = moments(rows, events)
    return design_effect(Crowd(people=len(rows), rows=found.n, by_person=found)).n_eff


@dataclass(frozen=True, kw_only=True)
class Layout:
    """Annotators who label items: how many of each, and how many items an annotator labels."""

    annotators: int
    items: int
    labels: int


LAYOUTS = (
    Layout(annotators=40, items=60, labels=60),
    Layout(annotators=100, items=100, labels=100),
    Layout(annotators=200, items=50, labels=50),
    Layout(annotators=200, items=500, labels=50),
)


@dataclass(frozen=True, kw_only=True)
class Covered:
    """Shares of draws in which the two-sided 95 % interval of a rate holds the true one.

    Parameters
    ----------
    two_way, exact
        Clustered by annotator and item: Wilson's interval, as displayed, and Clopper and Pearson's, which
        decides.
    one_way, rows
        Clustered by annotator only, and rows taken for independent: Wilson's interval.
    """

    layout: Layout
    p: float
    draws: int
    two_way: float
    exact: float
    one_way: float
    rows: float


def coverage(
    layouts: tuple[Layout, ...] = LAYOUTS,
    rates: tuple[float, ...] = (0.5, 0.8),
    spread: float = 0.5,
    draws: int = 2_000,
    seed: int = 20_261_121,
) -> Iterator[Covered]:
    """Yield coverage under crossed random effects: probit, with standard deviation ``spread`` on either side."""
    for layout in layouts:
        for p in rates:
            progress(f"annotators and items: {layout.annotators} x {layout.items}, rate {p}")
            generator = np.random.default_rng([seed, layout.annotators, layout.items, round(1000 * p)])
            centre = norm.ppf(p) * np.sqrt(1.0 + 2.0 * spread * spread)
            held = np.array([_held(generator, layout, p, centre, spread) for _ in range(draws)]).mean(axis=0)
            yield Covered(
                layout=layout, p=p, draws=draws,
                two_way=float(held[0]), exact=float(held[1]), one_way=float(held[2]), rows=float(held[3]),
            )  # fmt: skip


def _held(
    generator: np.random.Generator, layout: Layout, p: float, centre: float, spread: float
) -> tuple[bool, ...]:
    """Return whether each interval of one draw holds the true rate."""
    shape = (layout.annotators, layout.items)
    latent = centre + spread * (
        generator.standard_normal(layout.annotators)[:, None]
        + generator.standard_normal(layout.items)[None, :]
    )
    seen = np.ones(shape, dtype=bool)
    if layout.labels < layout.items:
        seen = generator.random(shape).argsort(axis=1) < layout.labels
    events = (generator.standard_normal(shape) < latent) & seen
    n, y = float(seen.sum()), float(events.sum())
    crowd = _crowd(generator, seen.astype(float), events.astype(float))
    both = design_effect(crowd).n_eff
    alone = moments(seen.sum(axis=1), events.sum(axis=1))
    one = design_effect(Crowd(people=layout.annotators, rows=n, by_person=alone)).n_eff
    share = y / n
    return (
        *(wilson_lower(share * m, m, SIDE) <= p <= wilson_upper(share * m, m, SIDE) for m in (both,)),
        clopper_pearson_lower(share * both, both, SIDE)
        <= p
        <= clopper_pearson_upper(share * both, both, SIDE),
        *(wilson_lower(share * m, m, SIDE) <= p <= wilson_upper(share * m, m, SIDE) for m in (one, n)),
    )


def _crowd(generator: np.random.Generator, seen: Array, events: Array) -> Crowd:
    """Return the moments of hashed buckets, as the product takes them where rows belong to both."""
    rows, columns = (np.eye(BUCKETS)[generator.integers(0, BUCKETS, size)] for size in seen.shape)
    n, y = (rows.T @ cells @ columns for cells in (seen, events))
    return Crowd(
        people=len(seen),
        rows=float(n.sum()),
        by_person=moments(n.sum(axis=1), y.sum(axis=1)),
        by_item=moments(n.sum(axis=0), y.sum(axis=0)),
        by_both=moments(n.ravel(), y.ravel()),
        hashed=True,
    )
