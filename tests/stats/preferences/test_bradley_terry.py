"""Strengths from comparisons: published values, existence, symmetry, clusters."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcgov.core.status import Reason
from hcgov.stats.preferences.bradley_terry import bradley_terry
from hcgov.stats.preferences.connectivity import connectivity
from hcgov.stats.preferences.contests import FIRST, SECOND, TIE, Contests, cells_of
from hcgov.stats.preferences.davidson import davidson
from hcgov.stats.preferences.strengths import Unfit
from tests.stats.preferences.planted import compared, counted

JOURNALS = [[0, 730, 498, 221], [33, 0, 68, 17], [320, 813, 0, 142], [284, 276, 325, 0]]
"""Biometrika, Communications in Statistics, JASA and JRSS B: how often the row's journal is cited by the column's
(Stigler 1994); who is cited wins."""


def test_citations_of_journals():
    """Agresti 2002, p. 448, and the vignette of BradleyTerry2: abilities against Biometrika, and the deviance."""
    found = bradley_terry(counted(JOURNALS))
    ability, se = found.against(0)
    assert ability == pytest.approx([0.0, -2.94907, -0.47957, 0.26895], abs=5e-6)
    assert se == pytest.approx([0.0, 0.10255, 0.06059, 0.07083], abs=6e-6)
    assert found.deviance == pytest.approx(4.2934, abs=5e-5)
    assert found.df_residual == 3
    assert found.theta.sum() == pytest.approx(0.0, abs=1e-12)


def test_ties_are_left_out_and_counted_or_kept():
    contests = compared(1, people=50, rows=20, theta=[0.0, 0.5, 1.0], tie=0.7)
    without, with_ties = bradley_terry(contests), davidson(contests)
    assert without.ties_left_out == int((contests.outcome == TIE).sum()) > 0
    assert without.tie is None
    assert with_ties.ties_left_out == 0
    assert with_ties.tie == pytest.approx(0.7, rel=0.15)
    # Ties say that strengths are near: with them, the same data hold more of it.
    assert with_ties.n > without.n


def test_davidson_without_ties_is_bradley_terry():
    contests = compared(2, people=30, rows=30, theta=[0.0, 0.4, -0.3, 1.1])
    one, other = bradley_terry(contests), davidson(contests)
    assert one.theta == pytest.approx(other.theta)
    assert one.covariance == pytest.approx(other.covariance)


def test_the_fitted_model_expects_as_many_wins_and_ties_as_there_are():
    """The likelihood equations of Davidson 1970, section 3."""
    contests = compared(3, people=40, rows=40, theta=[0.0, 0.6, -0.5], tie=0.5)
    found = davidson(contests)
    pi = np.exp(found.theta)
    cells = cells_of(contests, ordered=False)
    a, b, n = pi[cells.first], pi[cells.second], cells.counts.sum(axis=1)
    tie = found.tie * np.sqrt(a * b)
    assert (n * tie / (a + b + tie)).sum() == pytest.approx(cells.counts[:, TIE].sum(), rel=1e-6)
    points = np.bincount(cells.first, n * (a + tie / 2) / (a + b + tie), 3)
    points += np.bincount(cells.second, n * (b + tie / 2) / (a + b + tie), 3)
    seen = np.bincount(cells.first, cells.counts @ [1, 0, 0.5], 3)
    seen += np.bincount(cells.second, cells.counts @ [0, 1, 0.5], 3)
    assert points == pytest.approx(seen, rel=1e-6)


def test_an_advantage_of_coming_first_is_taken_off():
    contests = compared(4, people=200, rows=40, theta=[0.0, 0.5, 1.0, -0.5], order=0.8)
    found = bradley_terry(contests, order=True)
    assert found.order == pytest.approx(0.8, abs=4 * found.order_se)
    assert found.order_se < 0.05
    assert found.theta == pytest.approx(np.array([0.0, 0.5, 1.0, -0.5]) - 0.25, abs=0.15)
    tied = davidson(compared(5, people=200, rows=40, theta=[0.0, 0.5, 1.0], order=0.8, tie=0.5), order=True)
    assert tied.order == pytest.approx(0.8, abs=0.15)


def test_all_ties_give_no_number():
    contests = replace(compared(6, people=10, rows=5, theta=[0.0, 0.0]), outcome=np.full(50, TIE))
    for model in (bradley_terry, davidson):
        assert model(contests) == Unfit(reason=Reason.CONSTANT_OUTCOME)


def test_nothing_and_weights_of_nothing_give_no_number():
    contests = compared(6, people=10, rows=5, theta=[0.0, 0.0])
    assert isinstance(bradley_terry(contests.where(np.zeros(50, dtype=bool))), Unfit)
    assert bradley_terry(replace(contests, weights=np.zeros(50))).reason is Reason.SMALL_N
    assert bradley_terry(replace(contests, competitors=1, first=contests.first * 0)).reason is Reason.SMALL_N


@pytest.mark.parametrize(
    ("wins", "parts"),
    [
        ([[0, 3, 0, 0], [2, 0, 0, 0], [0, 0, 0, 4], [0, 0, 1, 0]], 2),  # two islands
        ([[0, 3, 2], [0, 0, 2], [0, 1, 0]], 2),  # the first never loses
        ([[0, 5], [0, 0]], 2),
    ],
)
def test_without_a_chain_of_wins_there_are_no_strengths(wins, parts):
    found = bradley_terry(counted(wins))
    assert found.reason is Reason.NOT_CONNECTED
    assert len(found.parts) == parts
    assert sum(map(len, found.parts)) == len(wins)
    shrunken = bradley_terry(counted(wins), ridge=1.0)
    assert np.isfinite(shrunken.theta).all()
    assert shrunken.ridge == 1.0


def test_a_tie_connects_both_ways():
    contests = counted([[0, 5], [0, 0]])
    tied = replace(contests, outcome=np.array([FIRST] * 4 + [TIE]))
    assert not connectivity(contests).connected
    assert connectivity(contests).compared
    assert connectivity(tied).connected
    assert davidson(tied).theta[0] > 0
    assert bradley_terry(tied).reason is Reason.NOT_CONNECTED


def test_an_effect_of_order_that_explains_everything_gives_no_number():
    """Whoever came first always won: connected, and yet the effect of order has no end."""
    rows = [(i, j) for i in range(3) for j in range(3) if i != j] * 5
    first, second = np.array(rows).T
    contests = Contests(
        competitors=3, first=first, second=second, outcome=np.full(30, FIRST), people=np.arange(30)
    )
    assert not isinstance(bradley_terry(contests), Unfit)
    assert bradley_terry(contests, order=True) == Unfit(reason=Reason.NO_INTERVAL)


def test_one_person_has_no_clustered_error():
    contests = compared(7, people=1, rows=400, theta=[0.0, 0.3, 0.6])
    found = bradley_terry(contests)
    assert found.covariance is None
    assert found.people == 1


def test_repeating_everyone_adds_no_information():
    contests = compared(8, people=40, rows=10, theta=[0.0, 0.3, 0.6])
    doubled = Contests(
        competitors=3,
        **{name: np.repeat(getattr(contests, name), 5) for name in ("first", "second", "outcome", "people")},
    )
    once, often = bradley_terry(contests), bradley_terry(doubled)
    assert often.theta == pytest.approx(once.theta)
    assert often.covariance == pytest.approx(once.covariance)
    assert often.fisher == pytest.approx(once.fisher / 5)


def test_people_who_are_rows_have_about_the_error_of_independent_rows():
    contests = compared(9, people=20_000, rows=1, theta=[0.0, 0.3, 0.6])
    found = bradley_terry(contests)
    assert np.diag(found.covariance) == pytest.approx(np.diag(found.fisher), rel=0.05)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_which_way_a_row_is_written_changes_nothing(seed):
    contests = compared(seed, people=12, rows=10, theta=[0.0, 0.2, 0.4], tie=0.4)
    turn = np.random.default_rng(seed).random(120) < 0.5
    turned = replace(
        contests,
        first=np.where(turn, contests.second, contests.first),
        second=np.where(turn, contests.first, contests.second),
        outcome=np.where(
            turn & (contests.outcome != TIE), FIRST + SECOND - contests.outcome, contests.outcome
        ),
    )
    one, other = davidson(contests), davidson(turned)
    if isinstance(one, Unfit):
        assert one == other
        return
    assert one.theta == pytest.approx(other.theta, abs=1e-8)
    assert one.covariance == pytest.approx(other.covariance, abs=1e-8)
    assert one.deviance == pytest.approx(other.deviance, abs=1e-6)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.permutations(range(4)))
def test_names_change_nothing(seed, names):
    contests = compared(seed, people=20, rows=10, theta=[0.0, 0.2, 0.4, 0.1])
    other = replace(contests, first=np.array(names)[contests.first], second=np.array(names)[contests.second])
    one, two = bradley_terry(contests), bradley_terry(other)
    if not isinstance(one, Unfit):
        assert two.theta[list(names)] == pytest.approx(one.theta, abs=1e-8)


def test_a_million_rows_take_about_a_second():
    contests = compared(10, people=10_000, rows=100, theta=np.linspace(-1, 1, 20), tie=0.3, prompts=5000)
    found = davidson(contests, order=True)
    assert found.n == 1_000_000
    assert found.df == 4999
    assert abs(found.order) < 0.02


def test_a_negative_penalty_is_refused():
    for model in (bradley_terry, davidson):
        with pytest.raises(ValueError, match="penalty"):
            model(counted([[0, 1], [1, 0]]), ridge=-1.0)
