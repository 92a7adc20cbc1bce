import numpy as np
import pytest

from hcgov.stats.agreement.distances import squared_distances
from hcgov.stats.agreement.groups import association, association_spread, permuted_p_values
from hcgov.stats.agreement.judged import Judged, Metric
from hcgov.stats.agreement.majority import with_the_majority
from hcgov.stats.agreement.meetings import Meetings
from hcgov.stats.annotators.shared_gaps import shared_gap
from hcgov.stats.bounds import two_sided
from hcgov.stats.crossed import Rows, buckets
from tests.stats.agreement.data import drawn

APART = squared_distances(Metric.NOMINAL, np.arange(2.0), np.ones(2))


def two_views(
    share: float, *, items: int = 300, each: int = 6, people: int = 60
) -> tuple[Judged, np.ndarray]:
    """Return people of two groups who answer some of the items the other way round."""
    random = np.random.default_rng(8)
    group = np.arange(people) % 2
    who = np.argsort(random.random((items, people)), axis=1)[:, :each].ravel()
    what = np.repeat(np.arange(items), each)
    truth = random.integers(0, 2, items)
    turned = (random.random(items) < share)[what] & (group[who] == 1)
    said = np.where(random.random(what.size) < 0.8, truth[what] ^ turned, random.integers(0, 2, what.size))
    judged = Judged(
        items=what, people=who, labels=said, n_items=items, n_people=people, values=np.arange(2.0)
    )
    return judged, group


def test_groups_that_see_things_their_own_way_cohere():
    judged, group = two_views(0.3)
    found = association(judged, group == 1, APART)
    assert found.cohesion > found.across > 0
    assert found.index > 1.5
    variance, df = association_spread(judged, group == 1, APART)
    assert found.index - 2.0 * np.sqrt(variance) > 1.0
    assert df == 59
    p = permuted_p_values(judged, group, APART, of=[0, 1], draws=99, seed=1)
    assert p == {0: 0.01, 1: 0.01}


def test_groups_that_do_not_matter_do_not_cohere():
    judged, group = two_views(0.0)
    found = association(judged, group == 1, APART)
    variance, _ = association_spread(judged, group == 1, APART)
    assert abs(found.index - 1.0) < 3.0 * np.sqrt(variance)
    p = permuted_p_values(judged, group, APART, of=[0, 1], draws=99, seed=1)
    assert min(p.values()) > 0.05
    assert p == permuted_p_values(judged, group, APART, of=[0, 1], draws=99, seed=1)


def test_permutation_p_values_are_uniform_without_a_difference():
    found = []
    for seed in range(60):
        judged, group = drawn(seed, items=40, people=16, each=4, labels=2, gap=0.0)
        apart = squared_distances(Metric.NOMINAL, judged.values, np.ones(2))
        p = permuted_p_values(judged, group.astype(int), apart, of=[1], draws=39, seed=seed)
        found.append(p.get(1, 1.0))
    assert np.mean(np.array(found) <= 0.10) < 0.25
    assert 0.3 < np.mean(found) < 0.7


def test_who_nobody_of_the_group_meets_has_no_cohesion():
    judged, group = two_views(0.3, each=1)
    found = association(judged, group == 1, APART)
    assert (found.cohesion, found.across, found.index) == (None, None, None)
    assert association_spread(judged, group == 1, APART) is None
    assert permuted_p_values(judged, group, APART, of=[0, 1], draws=9, seed=1) == {}


def test_the_majority_of_the_others():
    random = np.random.default_rng(0)
    for _ in range(100):
        items, people = np.nonzero(random.random((5, 6)) < 0.7)
        labels = random.integers(0, 3, items.size)
        judged = Judged(
            items=items, people=people, labels=labels, n_items=5, n_people=6, values=np.arange(3.0)
        )
        found = with_the_majority(judged)
        tied = alone = 0
        for row in range(items.size):
            others = labels[(items == items[row]) & (np.arange(items.size) != row)]
            counts = np.bincount(others, minlength=3)
            top = np.flatnonzero(counts == counts.max())
            alone += others.size == 0
            tied += others.size > 0 and top.size > 1
            assert found.counted[row] == (others.size > 0 and top.size == 1)
            if found.counted[row]:
                assert found.agrees[row] == (top[0] == labels[row])
        assert (tied, alone) == (found.tied, found.alone)


def gap(judged: Judged, group: np.ndarray):
    found = with_the_majority(judged)
    at = found.counted
    rows = Rows(people=judged.people[at], items=judged.items[at])
    member = group[judged.people[at]].astype(bool)
    y = found.agrees[at].astype(float)
    return shared_gap(y, rows, ~member, member)


def test_a_gap_is_antisymmetric_and_empty_sides_have_none():
    judged, group = drawn(2, items=80, people=40, each=5, labels=3)
    one, other = gap(judged, group), gap(judged, ~group)
    assert one.value == -other.value
    low, high = two_sided(one, 0.95)
    assert two_sided(other, 0.95) == (pytest.approx(-high), pytest.approx(-low))
    assert gap(judged, np.zeros(40, dtype=bool)) is None


@pytest.mark.slow
@pytest.mark.parametrize("size", [{"items": 150, "people": 60}, {"items": 300, "people": 100}])
def test_majority_gaps_cover_what_they_say(size):
    whole, group = drawn(0, items=40_000, people=4_000, each=5, labels=3)
    true = gap(whole, group).value
    hits = 0
    for seed in range(1, 1201):
        told = gap(*drawn(seed, each=5, labels=3, **size))
        low, high = two_sided(told, 0.95)
        hits += low <= true <= high
    assert 0.93 <= hits / 1200 <= 0.975


@pytest.mark.parametrize(("items", "people"), [(40, 12), (150, 90)])
def test_the_spread_is_that_of_leaving_judgments_out(items, people):
    judged, group = drawn(4, items=items, people=people, each=5, labels=3, gap=0.5)
    member = group.astype(bool)
    apart = squared_distances(Metric.NOMINAL, judged.values, np.ones(3))
    whole = association(judged, member, apart).index
    person, item = buckets(np.arange(people))[judged.people], buckets(np.arange(items))[judged.items]
    variances = []
    for side in (item, person, person * 64 + item):
        left = [association(judged.where(side != b), member, apart).index for b in np.unique(side)]
        variances.append((len(left) - 1) / len(left) * float(((np.array(left) - whole) ** 2).sum()))
    told = association_spread(judged, member, apart)
    assert told[0] == pytest.approx(max(variances[0] + variances[1] - variances[2], variances[0]), rel=1e-9)
    assert told == association_spread(judged, member, apart, meetings=Meetings.of(judged))
