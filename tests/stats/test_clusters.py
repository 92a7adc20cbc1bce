"""Rows that share a person or an item."""

import math
import warnings
from collections import Counter
from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcgov.core.evidence.clusters import Crowd, Moments
from hcgov.stats.clusters import (
    FEWEST,
    LEVEL,
    Clustered,
    crossed_variance,
    design_effect,
    fewest,
    mean,
    moments,
    variance,
)
from hcgov.stats.effective import critical_value
from hcgov.stats.proportions import wilson_lower, wilson_upper
from hcgov.stats.student import critical_t

FOUR = [(10, 8), (10, 4), (20, 15), (5, 5)]

cells = st.tuples(st.integers(0, 40), st.floats(0.0, 1.0)).map(
    lambda cell: (cell[0], round(cell[0] * cell[1]))
)
samples = st.lists(cells, max_size=10)


def crowd(sums: Sequence[tuple[float, float]], **changed: object) -> Crowd:
    found = moments(sums)
    return Crowd(**{"people": found.clusters, "rows": found.n, "by_person": found, **changed})  # type: ignore[arg-type]  # passed on as given


def worth(sums: Sequence[tuple[float, float]], parent: float | None = None) -> Clustered:
    return design_effect(crowd(sums), parent=parent)


def paid(clusters: float) -> float:
    return (critical_value(LEVEL) / critical_t(LEVEL, clusters - 1)) ** 2


def test_four_clusters():
    # Taylor linearisation with G / (G - 1), as survey packages print it.
    found = worth(FOUR)
    assert found.mean == pytest.approx(0.711111, abs=5e-7)
    assert found.deff == pytest.approx(1.89815, abs=5e-6)
    assert (found.n, found.clusters) == (45, 4)
    even = 45**2 / (10**2 + 10**2 + 20**2 + 5**2)  # clusters of equal size that these are worth
    assert found.n_eff == pytest.approx(45 / found.deff * paid(even) * (1 - 1 / even) / (1 - 1 / 4))
    assert math.sqrt(variance(moments(FOUR))) == pytest.approx(0.0930878, abs=5e-8)
    independent = math.sqrt(found.mean * (1 - found.mean) / found.n)
    assert independent == pytest.approx(0.0675660, abs=5e-8)


def test_weights_that_say_nothing_about_the_outcome_cost_what_kish_says():
    # Kish 1965: weights 1, 1, 2, 4 are worth (sum w)^2 / sum w^2 = 2.90909 rows, a design effect of 1.375. Rows with
    # each weight have the outcome in half of all cases, and there are many of them.
    weights = [1, 1, 2, 4] * 5000
    rows = [(w, w * (k % 8 < 4)) for k, w in enumerate(weights)]
    found = design_effect(crowd(rows, rows=len(rows)))
    assert found.mean == 0.5
    assert found.deff == pytest.approx(1.375, rel=1e-4)
    assert found.n_eff == pytest.approx(2.90909 / 4 * len(rows), rel=5e-4)
    # Where all agree the weights alone speak: exactly Kish.
    constant = design_effect(crowd([(w, w) for w in (1, 1, 2, 4)]))
    four = design_effect(crowd([(w, w) for w in (1, 1, 2, 4)], rows=4))
    assert four.deff == pytest.approx(1.375)
    assert 4 / four.deff == pytest.approx(2.90909, abs=5e-6)
    assert constant.n == 8


def test_rows_of_a_person_that_always_agree_are_one_observation():
    found = worth([(10, 10 * (k % 2)) for k in range(40)])
    assert found.deff == pytest.approx(10 * 40 / 39)
    assert found.n_eff == pytest.approx(39 * paid(40))


def test_one_row_each_is_independent_but_for_the_degrees_of_freedom():
    found = worth([(1, k % 4 == 0) for k in range(400)])
    assert found.deff == pytest.approx(400 / 399)
    assert found.n_eff == pytest.approx(399, rel=0.01)
    assert found.mean == 0.25


def test_few_clusters_widen_the_interval_by_the_student_quantile():
    for clusters in (10, 20, 30):
        found = worth([(10, 10 * (k % 2)) for k in range(clusters)])
        half = critical_value(LEVEL) * math.sqrt(0.25 / found.n_eff)
        assert half == pytest.approx(critical_t(LEVEL, clusters - 1) * math.sqrt(0.25 / (clusters - 1)))


def test_a_few_who_have_most_of_the_rows_are_worth_less_than_as_many_alike():
    uneven = [(2, 1)] * 36 + [(82, 41)] * 4
    even = 400**2 / (36 * 2**2 + 4 * 82**2)
    assert 5 < even < 6
    found = worth([(n, y + (k % 2)) for k, (n, y) in enumerate(uneven)])
    assert found.n_eff == pytest.approx(400 / found.deff * paid(even) * (1 - 1 / even) / (1 - 1 / 40))
    assert worth([(1, k % 2) for k in range(40)] + [(10_000, 5_000)]).n_eff > 0.0


def test_heavy_tails_of_rows_per_person_do_not_undo_the_error():
    # Half of all rows belong to a few of 30 people: with 29 degrees of freedom the lower bound errs in about 10 %.
    random, wrong, draws = Random(20261121), 0, 400
    for _ in range(draws):
        rows = [min(1 + 2 * int(random.paretovariate(1.3) - 1), 200) for _ in range(30)]
        own = [random.betavariate(0.5 * (1 / 0.3 - 1), 0.5 * (1 / 0.3 - 1)) for _ in rows]
        found = worth(
            [(n, sum(random.random() < p for _ in range(n))) for n, p in zip(rows, own, strict=True)]
        )
        wrong += wilson_lower(found.mean * found.n_eff, found.n_eff, 0.95) > 0.5
    assert wrong / draws <= 0.07


@pytest.mark.parametrize("events", [0.0, 1.0])
def test_without_variation_the_parent_and_the_people_decide(events):
    even = [(10, 10 * events)] * 6
    assert worth(even, parent=2.5).deff == 10.0
    assert worth(even, parent=25.0).deff == 25.0
    assert worth(even, parent=0.3).deff == 10.0
    uneven = worth([*even, (40, 40 * events)])
    assert uneven.deff == pytest.approx(2200 / 100)
    assert uneven.n_eff <= uneven.clusters
    assert worth([(1, events)] * 9).deff == 1.0


def test_buckets_say_nothing_of_agreement_but_people_do():
    buckets = [(50, 50)] * 32
    hashed = crowd(buckets, hashed=True, people=400)
    assert design_effect(hashed, parent=2.0).deff == 1600 / 400
    assert design_effect(hashed, parent=5.0).deff == 5.0


def test_constant_rows_are_known_to_be_constant_where_rounding_hides_it():
    nearly = crowd([(0.1, 0.1)] * 9 + [(0.1, 0.1 - 1e-12)], rows=10)
    assert mean(moments([(0.1, 0.1)] * 9 + [(0.1, 0.1 - 1e-12)])) != 1.0
    assert design_effect(nearly, parent=3.0, constant=True).deff == 3.0
    assert design_effect(nearly, constant=True).mean == 1.0


def test_a_parent_is_not_used_where_variation_speaks():
    assert worth(FOUR, parent=9.0) == worth(FOUR)


def test_fewer_than_two_clusters():
    one = worth([(50, 20)], parent=1.0)
    assert (one.n_eff, one.deff, one.clusters, one.mean) == (1.0, 50.0, 1, 0.4)
    assert worth([(1, 0)]).n_eff == 1.0
    none = worth([])
    assert (none.n, none.n_eff, none.deff, none.clusters, none.mean) == (0.0, 0.0, 1.0, 0, None)
    assert worth([(0, 0), (0, 0)]) == none
    nobody = design_effect(Crowd(people=5, rows=5))
    assert (nobody.n_eff, nobody.clusters) == (5.0, 0)


def test_both_sides_by_the_inclusion_and_exclusion_of_cameron_gelbach_and_miller():
    rows = [(a, b, (a * b) % 3 == 0) for a in range(12) for b in range(15) if (a + b) % 4]
    sides = []
    for key in (lambda a, b: a, lambda a, b: b, lambda a, b: (a, b)):
        n, y = Counter(), Counter()
        for a, b, flag in rows:
            n[key(a, b)] += 1
            y[key(a, b)] += flag
        sides.append(moments([(n[k], y[k]) for k in n]))
    both = Crowd(people=12, rows=len(rows), by_person=sides[0], by_item=sides[1], by_both=sides[2])
    m = sum(flag for *_, flag in rows) / len(rows)
    pairs = 0.0
    for a, b, flag in rows:  # the definition: every pair of rows that share a person or an item
        for c, d, other in rows:
            if a == c or b == d:
                pairs += (flag - m) * (other - m)
    by_definition = pairs / len(rows) ** 2
    plain = [variance(side, scaled=False) for side in sides]
    assert plain[0] + plain[1] - plain[2] == pytest.approx(by_definition)
    assert crossed_variance(both) == pytest.approx(
        max(12 / 11 * plain[0] + 15 / 14 * plain[1] - plain[2], 12 / 11 * plain[0], 15 / 14 * plain[1])
    )
    assert design_effect(both).clusters == 12
    assert fewest(both) == ("people", 12)


def test_where_the_difference_is_no_variance_the_larger_side_stands():
    # Pairs vary, and cancel within people and within items.
    rows = [(a, b) for a in range(12) for b in range(12)]
    by_both = moments([(2, 2 * ((a + b) % 2)) for a, b in rows])
    alone = moments([(24, 12)] * 12)
    found = Crowd(people=12, rows=288, by_person=alone, by_item=alone, by_both=by_both)
    assert crossed_variance(found) == 0.0
    assert design_effect(found).deff == 1.0


def test_rows_that_are_people_belong_to_items_alone():
    items = moments(FOUR)
    found = Crowd(people=45, rows=45, by_item=items, hashed=True)
    assert design_effect(found).deff == worth(FOUR).deff
    assert fewest(found) == ("items", 4)
    assert FEWEST == 10
    assert fewest(Crowd(people=3, rows=3)) is None


@given(samples)
def test_sane_on_anything(sums):
    found = worth(sums)
    assert found.deff >= 1.0
    assert found.n_eff <= found.n
    assert found.clusters == sum(1 for n, _ in sums if n > 0)
    assert found.mean is None or 0.0 <= found.mean <= 1.0
    assert math.isfinite(found.n_eff)
    assert (found.n_eff > 0) == (found.n > 0)


@given(st.lists(st.tuples(st.integers(1, 1), st.integers(0, 1)), min_size=1, max_size=60), st.integers(2, 10))
def test_rows_written_several_times_are_worth_no_more(sums, times):
    once, often = worth(sums), worth([(n * times, y * times) for n, y in sums])
    assert often.n_eff <= once.n_eff * (1 + 1e-9)
    assert often.n_eff <= len(sums)


@given(samples, st.randoms(use_true_random=False))
def test_order_and_empty_clusters_do_not_matter(sums, random):
    shuffled = [*sums, (0.0, 0.0)]
    random.shuffle(shuffled)
    found, again = worth(sums), worth(shuffled)
    assert again.deff == pytest.approx(found.deff, rel=1e-9)
    assert (again.n, again.clusters) == (found.n, found.clusters)


@given(samples)
def test_exchanging_events_and_others_keeps_the_design_effect(sums):
    found, mirrored = worth(sums), worth([(n, n - y) for n, y in sums])
    assert mirrored.deff == pytest.approx(found.deff, rel=1e-6)


@given(samples)
def test_the_variance_from_moments_is_that_cluster_by_cluster(sums):
    found = moments(sums)
    if not found.n:
        return
    m = mean(found)
    direct = math.fsum((y - m * n) ** 2 for n, y in sums) / found.n**2
    assert variance(found, scaled=False) == pytest.approx(direct, rel=1e-6, abs=1e-9)


@given(samples, samples)
def test_what_is_left_is_the_difference_where_nobody_stands_on_both_sides(one, other):
    everyone = crowd([*one, *other])
    left = everyone.without(crowd(one))
    expected = crowd(other)
    assert left.people == expected.people
    assert left.by_person == Moments(**{k: pytest.approx(v) for k, v in vars(expected.by_person).items()})


def test_nonsense_is_refused():
    for cell in ((3, 4), (-1, -1), (3, -1), (math.nan, 1), (math.inf, 1)):
        with pytest.raises(ValueError, match="cluster"):
            moments([cell])
    with pytest.raises(ValueError, match="design effect"):
        worth([(3, 1), (3, 2)], parent=math.nan)


def coverage(draws: int, seed: int) -> tuple[float, float]:
    """Return how often a 95 % interval covers the rate: of clustered rows in 32 buckets a side, and of plain rows.

    100 people label 20 of 100 items each; people and items have random effects of 0.8 beside an error of 1.
    """
    import numpy as np

    random = np.random.default_rng(seed)
    people, items, each, buckets, spread, cut = 100, 100, 20, 32, 0.8, -0.2
    truth = 0.5 * math.erfc(cut / math.sqrt(2.0 * (2.0 * spread**2 + 1.0)))
    person = np.repeat(np.arange(people), each)
    held = [0, 0]
    for _ in range(draws):
        item = random.integers(0, items, people * each)
        effects = random.normal(0, spread, people)[person] + random.normal(0, spread, items)[item]
        y = effects + random.normal(0, 1, people * each) > cut
        a = random.integers(0, buckets, people)[person]
        b = random.integers(0, buckets, items)[item]
        sides = []
        for key in (a, b, a * buckets + b):
            n, events = np.bincount(key), np.bincount(key, weights=y)
            sides.append(moments(zip(n.tolist(), events.tolist(), strict=True)))
        both = Crowd(
            people=people, rows=len(y), by_person=sides[0], by_item=sides[1], by_both=sides[2], hashed=True
        )
        found = design_effect(both)
        for place, size in enumerate((found.n_eff, float(len(y)))):
            x = found.mean * size
            held[place] += wilson_lower(x, size, 0.975) <= truth <= wilson_upper(x, size, 0.975)
    return held[0] / draws, held[1] / draws


def test_coverage_where_rows_belong_to_people_and_items():
    clustered, plain = coverage(150, seed=20261121)
    assert 0.90 <= clustered <= 0.99
    assert plain < 0.70


@pytest.mark.slow
def test_coverage_where_rows_belong_to_people_and_items_at_length():
    clustered, plain = coverage(3000, seed=20261121)
    assert 0.93 <= clustered <= 0.975
    assert 0.30 <= plain <= 0.54


@pytest.mark.slow  # its import takes seconds
def test_equal_to_statsmodels_clustered_variance():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        api = pytest.importorskip("statsmodels.api")
    sums = [(10, 8), (10, 4), (20, 15), (5, 5), (3, 0), (12, 7)]
    y, groups = [], []
    for cluster, (n, events) in enumerate(sums):
        y += [1.0] * events + [0.0] * (n - events)
        groups += [cluster] * n
    options = {"groups": groups, "use_correction": False}
    fit = api.OLS(y, [1.0] * len(y)).fit(cov_type="cluster", cov_kwds=options)
    assert variance(moments(sums)) == pytest.approx(fit.bse[0] ** 2 * len(sums) / (len(sums) - 1), rel=1e-10)
