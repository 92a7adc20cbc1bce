"""COMPAS decile scores rank recidivism as published, in every group, and the gate says so."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from hcgov.core.record import ControlV1, ReportV1
from tests.real.compas import checked, control_of, published

CONTROL = """\
  - id: {id}
    title: Scores rank alike
    stage: evaluation
    check: evaluation.{check}@1
    with: {with_}
    limit: {limit}
    severity: high
    enforcement: mandatory
    why: A score that ranks one group badly serves it badly at every threshold.
    fix: Do not use the score for that group.
    source: convention
"""
PACK = """\
hcgov: 1
kind: PolicyPack
metadata: {id: compas, version: 1.0.0, title: Scores, owner: me}
controls:
""" + "".join(
    CONTROL.format(id=id_, check=check, with_=with_, limit=limit)
    for id_, check, with_, limit in (
        ("AUC", "auc", "{table: predictions}", '{at_least: "0.60"}'),
        ("GAP", "auc_gap", "{table: predictions}", '{at_most: "0.10"}'),
        ("CAL", "calibration_gap", "{table: predictions}", '{at_most: "0.10"}'),
        ("F1", "group_metric", "{table: predictions, metric: f1_score}", '{at_least: "0.50"}'),
        ("SK", "group_metric", "{table: predictions, metric: roc_auc_score}", '{at_least: "0.60"}'),
    )
)


@pytest.fixture(scope="module")
def table(real_data: Path) -> pd.DataFrame:
    return pd.read_csv(published(real_data))


@pytest.fixture(scope="module")
def report(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> ReportV1:
    return checked(real_data, tmp_path_factory.mktemp("compas"), PACK)


def _values(control: ControlV1) -> dict[str, float]:
    return {
        f.about: f.estimate.value
        for f in (*control.shown, *control.findings)
        if f.estimate and f.estimate.value is not None and not f.against
    }


def test_the_area_is_the_published_one_and_that_of_the_library(report: ReportV1, table: pd.DataFrame) -> None:
    found = _values(control_of(report, "AUC"))
    # Larson, Angwin, Mattu & Kirchner 2016 and Dieterich, Mendoza & Brennan 2016 report .70 to .71 for everyone.
    assert 0.70 <= round(found["everyone"], 2) <= 0.71
    assert found["everyone"] == pytest.approx(roc_auc_score(table["two_year_recid"], table["decile_score"]))
    for race, part in table.groupby("race"):
        if f"race={race}" in found:
            expected = roc_auc_score(part["two_year_recid"], part["decile_score"])
            assert found[f"race={race}"] == pytest.approx(expected, abs=1e-12), race
    assert "race=African-American" in found


def test_ten_scores_lose_nothing_by_binning(report: ReportV1) -> None:
    estimates = [f.estimate for f in control_of(report, "AUC").findings if f.estimate]
    assert estimates
    assert not any("error" in estimate.statistics for estimate in estimates)


def test_small_groups_are_named(report: ReportV1) -> None:
    findings = {f.about: f for f in control_of(report, "AUC").findings}
    for race, positives in (("Asian", 9), ("Native American", 10)):
        finding = findings[f"race={race}"]
        assert (finding.verdict, finding.reason) == ("inconclusive", "small_n")
        assert finding.groups[0].positives == positives


def test_scores_from_1_to_10_promise_no_rate(report: ReportV1) -> None:
    control = control_of(report, "CAL")
    assert control.verdict == "inconclusive"
    assert "outside 0 and 1" in control.headline.text


def test_the_jackknife_of_the_library_agrees_with_delong(report: ReportV1) -> None:
    ours, theirs = control_of(report, "AUC"), control_of(report, "SK")
    for one in ours.findings:
        (other,) = [f for f in theirs.findings if f.about == one.about]
        assert other.verdict == one.verdict
        if one.estimate is not None and one.estimate.low is not None:
            assert other.estimate is not None
            assert other.estimate.low is not None
            assert other.estimate.value == pytest.approx(one.estimate.value)
            assert other.estimate.low == pytest.approx(one.estimate.low, abs=0.02)


def test_f1_by_race_is_that_of_the_confusion_table(report: ReportV1) -> None:
    # ProPublica 2016: African-American 1,369 hits, 805 false alarms, 532 misses; Caucasian 505, 349, 461.
    found = _values(control_of(report, "F1"))
    assert found["race=African-American"] == pytest.approx(2 * 1369 / (2 * 1369 + 805 + 532))
    assert found["race=Caucasian"] == pytest.approx(2 * 505 / (2 * 505 + 349 + 461))
    assert np.isfinite(list(found.values())).all()
