"""The bench measures the product: its families decide as the product's judge does, its formulas are the product's."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from benchmarks.validity import clustered, families, grid, planted, singles, tables
from benchmarks.validity.__main__ import PAGES, run
from benchmarks.validity.families import Design
from benchmarks.validity.grid import GAP, QUICK, RATIO, Grid
from benchmarks.validity.scores import Array, Comparison, difference_score, ratio_score
from benchmarks.validity.truths import Shape, Truth, rates, rates_against_the_rest
from hcgov.core.evidence.counts import Cell, Counts
from hcgov.core.finding import Finding
from hcgov.core.limit import Limit, Side
from hcgov.core.measurement import Measurement
from hcgov.core.slices import SliceRules
from hcgov.core.status import Reason, Verdict
from hcgov.judgement.family import judge
from hcgov.stages.evaluation.equalised_odds import EqualisedOdds, equalised_odds
from hcgov.stages.evaluation.impact_ratio import ImpactRatio, impact_ratio
from hcgov.stages.evaluation.rate_gap import RateGap, rate_gap
from hcgov.stages.evaluation.slice_deficit import SliceDeficit, slice_deficit
from hcgov.stages.worked import SOURCE, confusion_table
from hcgov.stats import clusters
from hcgov.stats.differences import miettinen_nurminen_score
from hcgov.stats.proportions import rate
from hcgov.stats.ratios import koopman_score
from tests.judgement.judging import judged

SEED = 20_261_121


def _limit(comparison: Comparison, level: float) -> Limit:
    side = Side.AT_LEAST if comparison.ratio else Side.AT_MOST
    return Limit(side=side, value=Decimal(str(comparison.limit)), confidence=Decimal(str(level)))


def _table(sizes: Sequence[int], events: Sequence[int], *, higher: bool) -> Counts:
    cells = tuple(
        Cell(groups=(f"g{i:02}",), flags=(flag,), n=int(n))
        for i, (size, x) in enumerate(zip(sizes, events, strict=True))
        for flag, n in ((1, x), (0, size - x))
        if n
    )
    return Counts(
        table="t", columns=("region",), outcomes=("o",), cells=cells, people_known=True,
        rules=SliceRules(by=("region",)), source=SOURCE, adverse={"o": higher},
    )  # fmt: skip


def _product(counts: Counts, comparison: Comparison, level: float, *, rest: bool) -> tuple[Finding, ...]:
    if comparison.ratio:
        observed = impact_ratio(counts, ImpactRatio(table="t", outcome="o"))
    elif rest:
        observed = slice_deficit(counts, SliceDeficit(table="t", outcome="o"))
    else:
        observed = rate_gap(counts, RateGap(table="t", outcome="o"))
    measured = [o for o in observed if isinstance(o, Measurement) and not o.shown]
    return judged(measured, _limit(comparison, level))


def _bench(design: Design, comparison: Comparison, x: Array, level: float) -> families.Verdicts:
    return families.decide(design, families.score(design, comparison, x, level), level)


@pytest.mark.parametrize("comparison", [Comparison(limit=0.1), Comparison(limit=0.8, ratio=True)])
@pytest.mark.parametrize("rest", [False, True])
def test_the_bench_decides_as_the_product_does(comparison: Comparison, rest: bool) -> None:
    generator = np.random.default_rng([SEED, comparison.ratio, rest])
    seen = set()
    for _ in range(80):
        slices = int(generator.integers(9, 13) if rest and comparison.ratio else generator.integers(2, 7))
        same = generator.random() < 0.5
        sizes = generator.choice([30, 40, 60, 100, 140, 300, 900], size=1 if same else slices)
        sizes = [int(n) for n in np.resize(sizes, slices)]
        base = generator.uniform(0.03, 0.9)
        events = generator.binomial(sizes, np.clip(base + generator.normal(0, 0.06, slices), 0.01, 0.99))
        level = float(generator.choice([0.95, 0.965]))
        findings = _product(_table(sizes, events, higher=not comparison.ratio), comparison, level, rest=rest)
        design = families.against_the_rest(sizes) if rest else families.all_pairs(sizes)
        x = events.astype(float)[None, :]
        told = _bench(design, comparison, families.with_complements(x) if rest else x, level)
        tiny = {f"region=g{i:02}" for i in np.flatnonzero(told.tiny[0, :slices])}
        assert {f.about for f in findings if f.against is None} == tiny
        for place, (one, other) in enumerate(design.pairs):
            who = "everyone else" if rest else f"region=g{other:02}"
            verdict = {f.about: f.verdict for f in findings}.get(f"region=g{one:02} against {who}")
            assert (verdict is Verdict.PASS) == told.passed[0, place]
            assert (verdict is Verdict.FAIL) == told.failed[0, place]
            seen.add(verdict)
        control = {f.verdict for f in findings}
        quick = families.outcome(
            design,
            families.score(design, comparison, families.with_complements(x) if rest else x, level),
            level,
        )
        assert (control == {Verdict.PASS}) == told.control_passes[0] == quick.passes[0]
        assert (Verdict.FAIL in control) == told.control_fails[0] == quick.fails[0]
        seen |= {Reason.SMALL_N} if tiny else set()
    assert {Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE, Reason.SMALL_N} <= seen


def test_the_textbook_scores_are_the_products() -> None:
    """Miettinen and Nurminen's cubic and Koopman's quadratic against the multipliers the product searches."""
    generator = np.random.default_rng(SEED)
    n1, n2 = generator.integers(30, 900, 400), generator.integers(30, 900, 400)
    x1, x2 = generator.binomial(n1, generator.random(400)), generator.binomial(n2, generator.random(400))
    x1[:20], x2[10:30], x1[30:40], x2[40:50] = 0, 0, n1[30:40], n2[40:50]
    args = [values.astype(float) for values in (x1, n1, x2, n2)]
    for limit in (0.05, 0.1, 0.2):
        ours = [miettinen_nurminen_score(*map(float, row), limit) for row in zip(*args, strict=True)]
        assert difference_score(*args, limit) == pytest.approx(ours, abs=1e-6, rel=1e-6)
    ours = [koopman_score(*map(float, row), 0.8) for row in zip(*args, strict=True)]
    assert ratio_score(*args, 0.8) == pytest.approx(ours, abs=1e-6, rel=1e-6)


@pytest.mark.parametrize("limit", [0.5, 0.8, 0.95])
@pytest.mark.parametrize("n", [45, 59, 120])
@pytest.mark.parametrize("comparisons", [1, 4])
def test_single_rates_decide_as_the_product_does(limit: float, n: int, comparisons: int) -> None:
    passes, fails = singles.decide_one(n, limit, 0.05, comparisons)
    floor = Limit(side=Side.AT_LEAST, value=Decimal(str(limit)))
    for x in range(n + 1):
        beside = [Measurement(metric="r", depth=1, estimate=rate(n, n, people=n))] * (comparisons - 1)
        verdict = judge([Measurement(metric="r", depth=1, estimate=rate(x, n, people=n)), *beside], floor)[
            0
        ].verdict
        assert (verdict is Verdict.PASS) == passes[x]
        assert (verdict is Verdict.FAIL) == fails[x]


def test_the_planted_case_is_judged_as_the_product_judges_it() -> None:
    generator = np.random.default_rng(SEED)
    for _ in range(25):
        cell = int(generator.choice([100, 300, 498]))
        people = np.array([cell, cell, cell, cell, planted.TINY, planted.TINY])
        selected = generator.binomial(people, [0.57, 0.38, 0.57, 0.57, 0.57, 0.57])
        names = [("F", "a"), ("F", "b"), ("M", "a"), ("M", "b"), ("F", "tiny"), ("M", "tiny")]
        counts = _crossed(names, people, selected)
        findings = _product(counts, GAP, 0.95, rest=False)
        crossed, column = planted.counts((people - selected).astype(float)[None, :])
        for design, x, depth in zip(planted.designs(cell), (crossed, column), (2, 1), strict=True):
            told = _bench(design, GAP, x, 0.95)
            judged = [f for f in findings if f.depth == depth and (f.family or f.against is not None)]
            assert [f.verdict is Verdict.FAIL for f in judged] == list(told.failed[0])
            assert [f.verdict is Verdict.PASS for f in judged] == list(told.passed[0])


def _crossed(names: Sequence[tuple[str, str]], people: Array, selected: Array) -> Counts:
    bare = _table([1, 1], [1, 0], higher=False)
    cells = tuple(
        Cell(groups=groups, flags=(flag,), n=int(n))
        for groups, size, x in zip(names, people, selected, strict=True)
        for flag, n in ((1, x), (0, size - x))
        if n
    )
    rules = SliceRules(by=("gender", "region"))
    return replace(bare, columns=("gender", "region"), cells=cells, rules=rules)


def test_equalised_odds_share_the_error_of_accusing_as_in_the_product() -> None:
    generator = np.random.default_rng(SEED)
    seen = set()
    for _ in range(60):
        slices, n = int(generator.integers(2, 5)), int(generator.choice([140, 400]))
        true, false = (generator.binomial(n, 0.4 + generator.uniform(0, 0.2, slices)) for _ in range(2))
        regions = {
            f"g{i}": (int(tp), n - int(tp), int(fp), n - int(fp))
            for i, (tp, fp) in enumerate(zip(true, false, strict=True))
        }
        observed = equalised_odds(confusion_table(regions), EqualisedOdds(table="t"))
        measured = [o for o in observed if isinstance(o, Measurement) and not o.shown]
        control = {f.verdict for f in judged(measured, _limit(GAP, 0.95))}
        design = families.all_pairs((n,) * slices)
        # Being predicted is wanted, so being passed over is what is counted.
        both = [
            families.outcome(design, families.score(design, GAP, n - x[None, :].astype(float), 0.95), 0.95, 2)
            for x in (true, false)
        ]
        assert (control == {Verdict.PASS}) == (both[0].passes[0] and both[1].passes[0])
        assert (Verdict.FAIL in control) == (both[0].fails[0] or both[1].fails[0])
        seen |= control
    assert {Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE} <= seen


@pytest.mark.parametrize("shape", list(Shape))
@pytest.mark.parametrize("slices", [2, 4, 8, 16])
@pytest.mark.parametrize("p", [0.05, 0.5, 0.95])
def test_what_is_simulated_at_the_limit_lies_exactly_there(shape: Shape, slices: int, p: float) -> None:
    truth = Truth(p=p, steps=1, shape=shape)
    gap = rates(truth, GAP, slices)
    assert gap.max() - gap.min() == pytest.approx(0.1)
    assert p == pytest.approx(gap.min() if p <= 0.5 else gap.max())
    ratio = rates(truth, RATIO, slices)
    assert ratio.min() / ratio.max() == pytest.approx(0.8)
    if shape is Shape.SPREAD:
        return
    for comparison in (GAP, RATIO):
        found = rates_against_the_rest(truth, comparison, slices)
        assert ((found > 0.0) & (found < 1.0)).all()
        rest = (found.sum() - found) / (slices - 1)
        apart = rest / found if comparison.ratio else found - rest
        worst = 1 / apart.max() if comparison.ratio else apart.max()
        assert apart[0] == apart.max()
        assert worst == pytest.approx(comparison.limit)


def test_enumeration_and_simulation_agree() -> None:
    few = Grid(sizes=(60,), slices=(2,), rates=(0.25,), draws=20_000)
    truth = Truth(p=0.25, steps=1, shape=Shape.ONE)
    exact = list(grid.all_pairs(few, GAP, "exact"))
    drawn = [
        *grid._pairs_drawn(few, GAP, "drawn", 2, 60, truth),
        *grid._rest_drawn(few, GAP, "drawn", 2, 60, truth),
    ]
    for cell in drawn:
        (other,) = (c for c in exact if (c.truth, c.safety) == (truth, cell.safety))
        assert cell.passes == pytest.approx(other.passes, abs=4 * cell.error(other.passes))
        assert cell.fails == pytest.approx(other.fails, abs=4 * cell.error(other.fails))


def test_moments_are_the_products() -> None:
    generator = np.random.default_rng(SEED)
    n = generator.integers(0, 11, 50)
    y = generator.binomial(n, 0.3)
    assert clustered.moments(n, y) == clusters.moments(zip(n.tolist(), y.tolist(), strict=True))


def test_a_missed_aim_is_said_plainly() -> None:
    cell = grid.Cell(
        rule="r", safety="standard", slices=2, n=50, truth=Truth(p=0.5, steps=1, shape=Shape.ONE),
        passes=0.07, fails=0.01, draws=100,
    )  # fmt: skip
    told = tables.errors([cell, replace(cell, safety="strict", passes=0.01)])
    assert "| 6.5 % | 7.00 % | **no**: r, 2 slices of 50, rate 0.5, one apart |" in told
    assert "| 5.0 % | 1.00 % | yes |" in told


def test_every_page_has_a_place_for_what_it_shows() -> None:
    for name, pages in PAGES.items():
        for page in pages:
            text = page.read_text(encoding="utf-8")
            assert f"<!-- validity-{name} -->" in text
            assert f"<!-- /validity-{name} -->" in text
            assert "**no**" not in text.partition(f"<!-- validity-{name} -->")[2].partition("<!-- /")[0]


@pytest.mark.slow
def test_a_small_grid_keeps_the_error_rates_that_are_promised() -> None:
    told = run(replace(QUICK, draws=4_000), set(PAGES), quick=True)
    assert set(told) == set(PAGES)
    assert "**no**" not in "".join(told.values())


def test_the_step_down_stops_at_the_first_that_is_not_accused() -> None:
    """Quantiles of 1 - .05/3, 1 - .05/2 and .95 are 2.128, 1.960 and 1.645 (Holm 1979)."""
    scores = np.array([[2.1, 2.0, 1.7], [1.7, 2.2, 2.0], [2.2, 1.9, 1.7]])
    design = families.all_pairs((100,) * 3)
    three = replace(design, pairs=design.pairs[:3])
    told = families.decide(three, families.Scored(score=scores, resolvable=np.ones((3, 3), bool)), 0.95)
    assert told.failed.tolist() == [[False] * 3, [True] * 3, [True, False, False]]
