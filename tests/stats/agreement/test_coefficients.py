import numpy as np
import pytest

from hcgov.stats.agreement.coefficients import alpha, brennan_prediger, fleiss, gwet, percent, sums
from hcgov.stats.agreement.distances import linear_weights, weights
from hcgov.stats.agreement.icc import crossing, intraclass_correlation
from hcgov.stats.agreement.judged import Judged, Metric
from hcgov.stats.agreement.linearised import (
    alpha_linearised,
    brennan_prediger_linearised,
    fleiss_linearised,
    gwet_linearised,
)
from hcgov.stats.agreement.tables import table_of, two_raters
from tests.stats.agreement.data import canonical, fleiss_counts

ABSTRACTORS = [[13, 0, 0], [0, 20, 7], [0, 4, 56]]


def counts_of(judged: Judged) -> np.ndarray:
    return np.concatenate(list(judged.counts())).astype(float)


@pytest.mark.parametrize(
    ("linearised", "coefficient", "value", "se"),
    [
        # irrCAC's README, cac.raw4raters.
        (gwet_linearised, gwet, 0.77544, 0.14295),
        (fleiss_linearised, fleiss, 0.76117, 0.15302),
        (alpha_linearised, None, 0.74342, 0.14557),
        (brennan_prediger_linearised, brennan_prediger, 0.77273, 0.14472),
    ],
)
def test_four_raters_with_missing_ratings(linearised, coefficient, value, se):
    counts, same = counts_of(canonical()), np.eye(5)
    found = linearised(counts, same)
    assert (found.value, found.se) == (pytest.approx(value, abs=5e-6), pytest.approx(se, abs=5e-6))
    if coefficient is not None:
        assert coefficient(5, same)(sums(counts)) == pytest.approx(found.value, abs=1e-12)
    assert percent(5, same)(sums(counts)) == pytest.approx(0.8181818, abs=5e-8)


def test_six_raters_of_fifteen_patients():
    # irrCAC's README, distrib.6raters.
    total, same = sums(fleiss_counts(15)), np.eye(5)
    assert gwet(5, same)(total) == pytest.approx(0.4448007, abs=5e-8)
    assert fleiss(5, same)(total) == pytest.approx(0.4139265, abs=5e-8)
    assert brennan_prediger(5, same)(total) == pytest.approx(0.4388889, abs=5e-8)
    assert alpha(5, Metric.NOMINAL, np.arange(5.0))(total) == pytest.approx(0.4204384, abs=5e-8)


def test_fleiss_own_data():
    # Fleiss 1971: kappa .430.
    assert fleiss(5, np.eye(5))(sums(fleiss_counts())) == pytest.approx(0.4302445, abs=5e-8)


def test_a_table_of_two_raters():
    # irrCAC's README, cont3x3abstractors.
    found = two_raters(ABSTRACTORS)
    assert found.agreed == pytest.approx(0.89)
    assert (found.cohen.value, found.cohen.se) == (pytest.approx(0.7964094), pytest.approx(0.05891072))
    assert (found.scott.value, found.scott.se) == (pytest.approx(0.7962397), pytest.approx(0.05905473))
    assert (found.gwet.value, found.gwet.se) == (pytest.approx(0.8493305), pytest.approx(0.04321747))
    uniform = found.brennan_prediger
    assert (uniform.value, uniform.se) == (pytest.approx(0.835), pytest.approx(0.04693346))


def test_kappa_is_low_where_one_label_is_rare_and_gwets_coefficient_is_not():
    found = two_raters([[118, 5], [2, 0]])
    assert found.agreed == pytest.approx(0.944)
    assert found.cohen.value == pytest.approx(-0.02339, abs=5e-6)
    assert found.gwet.value == pytest.approx(0.94078, abs=5e-6)


def test_weighted_kappa():
    # Cohen 1968; computed by statsmodels 0.15.0, cohens_kappa(wt="linear" and "quadratic").
    table = [[0, 4, 1], [0, 8, 0], [0, 1, 5]]
    values = np.arange(3.0)
    sm = pytest.importorskip("statsmodels.stats.inter_rater")
    assert two_raters(table, linear_weights(values)).cohen.value == pytest.approx(
        float(sm.cohens_kappa(np.array(table), wt="linear").kappa)
    )
    assert two_raters(table, weights(Metric.INTERVAL, values)).cohen.value == pytest.approx(
        float(sm.cohens_kappa(np.array(table), wt="quadratic").kappa)
    )
    assert two_raters(table).cohen.value == pytest.approx(0.4842, abs=5e-5)  # a printout of SAS


def test_the_table_of_two_raters_and_without():
    judged = canonical()
    assert table_of(judged) is None
    pair = judged.where(judged.people < 2)
    table = table_of(pair)
    assert table is not None
    assert table.sum() == 9
    assert table[0, 0] == 2


def test_intraclass_correlations():
    # Shrout and Fleiss 1979, table 4: ICC(2,1) = .29, ICC(2,4) = .62; bounds of McGraw and Wong as in R's `irr`.
    scores = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
    found = intraclass_correlation(np.array(scores, dtype=float))
    assert found is not None
    assert (round(found.single, 2), round(found.mean, 2)) == (0.29, 0.62)
    assert (found.low, found.high) == (pytest.approx(0.019, abs=5e-4), pytest.approx(0.761, abs=5e-4))


def test_without_a_crossing_there_is_no_intraclass_correlation():
    assert crossing(canonical()) is None
    same = canonical().where((canonical().items < 10) & (canonical().items > 0))
    complete = same.where(same.items != 9)
    table = crossing(complete)
    assert table is not None
    assert table.shape == (8, 4)
    assert intraclass_correlation(table[:1]) is None
    assert intraclass_correlation(np.full((5, 3), 2.0)) is None


def test_partial_agreement_counts_by_the_scale():
    near = weights(Metric.ORDINAL, np.arange(3.0))
    assert near[0].tolist() == pytest.approx([1.0, 2 / 3, 0.0])
    assert weights(Metric.INTERVAL, np.array([1.0, 2.0, 3.0]))[0].tolist() == pytest.approx([1.0, 0.75, 0.0])
    assert weights(Metric.NOMINAL, np.arange(3.0)).tolist() == np.eye(3).tolist()
