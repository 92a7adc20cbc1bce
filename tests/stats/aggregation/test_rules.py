"""Rules that make one preference of many: their laws, and score tables by hand."""

from itertools import permutations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcgov.stats.aggregation.ballots import Ballots, TooManyCells
from hcgov.stats.aggregation.rules import OF_GROUPS, Rule, scores, winners
from hcgov.stats.aggregation.tables import tables_of

every_rule = pytest.mark.parametrize("rule", list(Rule))
OF_PEOPLE = [rule for rule in Rule if rule not in OF_GROUPS]


def ballots(votes, size, *, groups=None, weights=None, scopes=None):
    """Return ballots of (person, a, b, y)."""
    person, a, b, y = (np.array(column) for column in zip(*votes, strict=True))
    people = int(person.max()) + 1
    group = np.zeros(people, dtype=np.int64) if groups is None else np.array(groups)
    scope = np.zeros(person.size, dtype=np.int64) if scopes is None else np.array(scopes)
    return Ballots(
        scope=scope,
        person=person.astype(np.int64),
        a=a.astype(np.int64),
        b=b.astype(np.int64),
        y=y.astype(float),
        group=group,
        weight=np.ones(people) if weights is None else np.array(weights, dtype=float),
        scopes=int(scope.max()) + 1,
        alternatives=size,
        groups=int(group.max()) + 1,
    )


def of_rankings(rankings, groups=None, weights=None):
    """Return the ballots of people who ranked everything, the best first."""
    votes = [
        (person, a, b, 1.0 if ranking.index(a) < ranking.index(b) else 0.0)
        for person, ranking in enumerate(rankings)
        for a in range(len(ranking))
        for b in range(a + 1, len(ranking))
    ]
    return ballots(votes, len(rankings[0]), groups=groups, weights=weights)


def won(found, rule):
    return set(np.flatnonzero(winners(scores(tables_of(found), rule))[0]).tolist())


SIZE = 4
rankings = st.lists(st.permutations(range(SIZE)), min_size=2, max_size=9)


def split(people):
    """Put people into two groups that are both there."""
    return [person % 2 for person in range(people)]


@every_rule
@settings(max_examples=25)
@given(profile=rankings)
def test_unanimity(rule, profile):
    """What everybody puts first wins, alone."""
    first = [[2, *[one for one in ranking if one != 2]] for ranking in profile]
    assert won(of_rankings(first, split(len(profile))), rule) == {2}


@every_rule
@settings(max_examples=25)
@given(profile=rankings, order=st.permutations(range(9)))
def test_anonymity(rule, profile, order):
    """Who said what within a group does not matter, nor in which order rows stand."""
    groups = split(len(profile))
    found = won(of_rankings(profile, groups), rule)
    places = [place for place in order if place < len(profile)]
    assert won(of_rankings([profile[p] for p in places], [groups[p] for p in places]), rule) == found


@every_rule
@settings(max_examples=25)
@given(profile=rankings, names=st.permutations(range(SIZE)))
def test_neutrality(rule, profile, names):
    """Renamed alternatives win under their new names."""
    groups = split(len(profile))
    renamed = [[names[one] for one in ranking] for ranking in profile]
    assert won(of_rankings(renamed, groups), rule) == {
        names[w] for w in won(of_rankings(profile, groups), rule)
    }


@every_rule
@settings(max_examples=25)
@given(profile=rankings)
def test_someone_wins(rule, profile):
    assert won(of_rankings(profile, split(len(profile))), rule)


@settings(max_examples=60)
@given(profile=rankings)
def test_copeland_elects_the_condorcet_winner(profile):
    """Who beats everyone else by a majority wins alone (Copeland 1951)."""
    for one in range(SIZE):
        beats = [
            sum(r.index(one) < r.index(other) for r in profile) * 2 > len(profile)
            for other in range(SIZE)
            if other != one
        ]
        if all(beats):
            assert won(of_rankings(profile), Rule.COPELAND) == {one}


@settings(max_examples=60)
@given(profile=rankings)
def test_the_borda_winner_never_loses_to_everyone(profile):
    """A Condorcet loser never wins by Borda (Fishburn and Gehrlein 1976)."""
    for one in range(SIZE):
        loses = [
            sum(r.index(one) > r.index(other) for r in profile) * 2 > len(profile)
            for other in range(SIZE)
            if other != one
        ]
        if all(loses):
            assert one not in won(of_rankings(profile), Rule.BORDA)


@settings(max_examples=40)
@given(profile=rankings)
def test_of_complete_rankings_borda_is_the_mean_of_pairwise_shares(profile):
    """Young 1974 (doi:10.1016/0022-0531(74)90073-8): both count the alternatives below."""
    tables = tables_of(of_rankings(profile))
    assert tables.borda == pytest.approx(tables.mean)
    points = [
        sum(SIZE - 1 - r.index(one) for r in profile) / len(profile) / (SIZE - 1) for one in range(SIZE)
    ]
    assert tables.borda[0] == pytest.approx(points)
    assert tables.first[0] == pytest.approx(
        [sum(r[0] == one for r in profile) / len(profile) for one in range(SIZE)]
    )


@pytest.mark.parametrize(
    "rule", [Rule.WEIGHTED_MEAN, Rule.BORDA, Rule.MAJORITY, Rule.EQUAL_GROUPS, Rule.MAXIMIN]
)
@settings(max_examples=25)
@given(profile=rankings, who=st.integers(0, 8), by=st.integers(1, 3))
def test_to_be_liked_more_does_no_harm(rule, profile, who, by):
    """Monotonicity: a winner that somebody moves up still wins."""
    groups = split(len(profile))
    who %= len(profile)
    for winner in won(of_rankings(profile, groups), rule):
        ranking = list(profile[who])
        place = ranking.index(winner)
        ranking.insert(max(place - by, 0), ranking.pop(place))
        assert winner in won(of_rankings([*profile[:who], ranking, *profile[who + 1 :]], groups), rule)


@every_rule
@settings(max_examples=20)
@given(profile=rankings)
def test_a_person_of_weight_two_is_two_people(rule, profile):
    groups = split(len(profile))
    doubled = won(of_rankings([*profile, profile[0]], [*groups, groups[0]]), rule)
    assert won(of_rankings(profile, groups, [2.0, *[1.0] * (len(profile) - 1)]), rule) == doubled


def test_condorcets_paradox_is_a_tie_and_not_broken():
    cycle = of_rankings([(0, 1, 2), (1, 2, 0), (2, 0, 1)], [0, 1, 0])
    for rule in OF_PEOPLE:
        assert won(cycle, rule) == {0, 1, 2}


def test_rules_part_where_a_small_group_is_outvoted():
    """80 people 70:30 and 20 people 10:90: the mean takes the first, the worst-off group the second."""
    votes = [(p, 0, 1, 1.0 if p % 10 < 7 else 0.0) for p in range(80)]
    votes += [(80 + p, 0, 1, 1.0 if p % 10 < 1 else 0.0) for p in range(20)]
    found = ballots(votes, 2, groups=[0] * 80 + [1] * 20)
    tables = tables_of(found)
    assert tables.group_mean[0] == pytest.approx(np.array([[0.7, 0.3], [0.1, 0.9]]))
    assert won(found, Rule.WEIGHTED_MEAN) == won(found, Rule.MAJORITY) == {0}
    assert won(found, Rule.MAXIMIN) == won(found, Rule.EQUAL_GROUPS) == {1}
    assert scores(tables, Rule.MAXIMIN)[0] == pytest.approx([0.1, 0.3])
    assert scores(tables, Rule.NASH)[0] == pytest.approx([0.7**0.8 * 0.1**0.2, 0.3**0.8 * 0.9**0.2])


def test_a_choice_that_is_repeated_counts_once():
    one = ballots([(0, 0, 1, 1.0), (1, 0, 1, 0.0)], 2)
    often = ballots([(0, 0, 1, 1.0), (1, 0, 1, 0.0), (1, 1, 0, 1.0), (1, 0, 1, 0.0)], 2)
    assert tables_of(often).mean == pytest.approx(tables_of(one).mean)
    assert (one.repeated, often.repeated) == (0, 2)


def test_a_pairwise_tie_is_half_a_win():
    found = tables_of(ballots([(0, 0, 1, 1.0), (1, 0, 1, 0.0), (0, 1, 2, 1.0), (1, 1, 2, 1.0)], 3))
    assert scores(found, Rule.COPELAND)[0] == pytest.approx([0.5, 0.75, 0.25])


def test_a_first_choice_that_is_tied_is_split():
    found = tables_of(ballots([(0, 0, 1, 0.5), (1, 0, 1, 1.0)], 2))
    assert found.first[0] == pytest.approx([0.75, 0.25])
    assert found.borda[0] == pytest.approx([0.75, 0.25])


def test_what_is_shown_more_often_gains_nothing_by_it():
    """The same people prefer 0 to 1 half of the time; ten more see 1 beside 2, half of whom prefer 1."""
    votes = [(p, 0, 1, p % 2) for p in range(10)] + [(10 + p, 1, 2, p % 2) for p in range(10)]
    assert tables_of(ballots(votes, 3)).first[0] == pytest.approx([0.5, 0.5, 0.5])


@every_rule
def test_alternatives_that_nothing_links_have_no_winner(rule):
    found = ballots([(0, 0, 1, 1.0), (1, 2, 3, 1.0)], 4, groups=[0, 1])
    assert won(found, rule) == set()


@pytest.mark.parametrize("rule", OF_GROUPS)
def test_a_rule_of_groups_needs_two_that_compared_everything(rule):
    assert won(ballots([(0, 0, 1, 1.0), (1, 0, 1, 1.0)], 2), rule) == set()
    partly = ballots([(0, 0, 1, 1.0), (0, 1, 2, 1.0), (1, 0, 1, 1.0)], 3, groups=[0, 1])
    assert won(partly, rule) == set()


def test_nash_gives_nothing_to_what_a_group_never_prefers():
    found = ballots([(p, 0, 1, 1.0) for p in range(9)] + [(9, 0, 1, 0.0)], 2, groups=[0] * 9 + [1])
    assert scores(tables_of(found), Rule.NASH)[0] == pytest.approx([0.0, 0.0])
    assert won(found, Rule.NASH) == {0, 1}


def test_small_groups_are_no_groups_but_their_people_count():
    votes = [(p, 0, 1, 1.0) for p in range(6)] + [(6, 0, 1, 0.0), (7, 0, 1, 0.0)]
    tables = tables_of(ballots(votes, 2, groups=[0, 0, 0, 1, 1, 1, 2, 2])).of_enough(3)
    assert np.isnan(tables.group_mean[0, 2]).all()
    assert tables.mean[0] == pytest.approx([0.75, 0.25])
    assert scores(tables, Rule.MAXIMIN)[0] == pytest.approx([1.0, 0.0])


def test_scopes_do_not_touch_each_other():
    votes = [(0, 0, 1, 1.0), (1, 0, 1, 1.0), (0, 0, 1, 0.0), (1, 0, 1, 0.0)]
    both = tables_of(ballots(votes, 2, groups=[0, 1], scopes=[0, 0, 1, 1]))
    for rule in Rule:
        assert winners(scores(both, rule)).tolist() == [[True, False], [False, True]]


def test_what_does_not_fit_into_memory_is_refused():
    found = ballots([(0, 0, 9_999, 1.0)], 10_000)
    with pytest.raises(TooManyCells, match="10000 alternatives"):
        tables_of(found)


def test_every_order_of_three_voters_on_three_alternatives_agrees_with_counting():
    """All 216 profiles: pairwise shares, first choices and Copeland by plain counting."""
    for profile in product(permutations(range(3)), repeat=3):
        tables = tables_of(of_rankings(profile))
        beats = [[sum(r.index(i) < r.index(j) for r in profile) / 3 for j in range(3)] for i in range(3)]
        for i in range(3):
            assert tables.mean[0, i] == pytest.approx(sum(beats[i][j] for j in range(3) if j != i) / 2)
        copeland = [sum(beats[i][j] > 0.5 for j in range(3) if j != i) / 2 for i in range(3)]
        assert scores(tables, Rule.COPELAND)[0] == pytest.approx(copeland)
