"""The whole check on the file that ProPublica published: who fails, with what interval, and who is only named."""

from pathlib import Path

import pytest

from hcgov.core.record import ControlV1, ReportV1
from tests.real.compas import checked, control_of, published

PACK = """\
hcgov: 1
kind: PolicyPack
metadata: {id: compas, version: 1.0.0, title: Error rates, owner: me}
controls:
  - id: FPR
    title: False positives fall alike
    stage: evaluation
    check: evaluation.rate_gap@1
    with: {table: predictions, outcome: prediction, given: {label: 0}}
    limit: {at_most: "0.10"}
    severity: high
    enforcement: mandatory
    why: A false alarm is borne by the person it is about.
    fix: Do not use the score at this threshold.
    source: convention
  - id: FNR
    title: False negatives fall alike
    stage: evaluation
    check: evaluation.rate_gap@1
    with: {table: predictions, outcome: cleared, given: {label: 1}}
    limit: {at_most: "0.10"}
    severity: high
    enforcement: mandatory
    why: Who is cleared wrongly, and who never is, are two sides of one threshold.
    fix: Do not use the score at this threshold.
    source: convention
"""

# ProPublica 2016, "How We Analyzed the COMPAS Recidivism Algorithm"; race by race as recounted from its file.
FALSE_POSITIVE = {
    "everyone": 0.3235,
    "race=African-American": 0.4485,
    "race=Caucasian": 0.2345,
    "race=Hispanic": 0.2148,
    "race=Other": 0.1475,
    "race=Asian": 0.0870,
    "race=Native American": 0.3750,
}
FALSE_NEGATIVE = {"everyone": 0.3740, "race=African-American": 0.2799, "race=Caucasian": 0.4772}


@pytest.fixture(scope="module")
def report(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> ReportV1:
    return checked(real_data, tmp_path_factory.mktemp("compas"), PACK)


def _rates(control: ControlV1) -> dict[str, float]:
    return {
        f.about: round(f.estimate.value, 4)
        for f in control.shown
        if f.estimate and f.estimate.value is not None
    }


def test_error_rates_by_race_are_the_published_ones_to_four_digits(report: ReportV1) -> None:
    assert _rates(control_of(report, "FPR")).items() >= FALSE_POSITIVE.items()
    assert _rates(control_of(report, "FNR")).items() >= FALSE_NEGATIVE.items()


def test_the_gap_between_african_american_and_caucasian_people_fails_with_its_interval(
    report: ReportV1,
) -> None:
    finding = next(
        f
        for f in control_of(report, "FPR").findings
        if f.about == "race=African-American against race=Caucasian"
    )
    assert finding.verdict == "fail"
    assert finding.estimate is not None
    assert finding.estimate.value == pytest.approx(0.2139, abs=5e-5)
    assert finding.fail_bound is not None
    assert finding.fail_bound.value is not None
    assert finding.fail_bound.value > 0.10
    assert finding.family == 12
    counts = {g.slice: (g.positives, g.n) for g in finding.groups}
    assert counts == {"race=African-American": (805, 1795), "race=Caucasian": (349, 1488)}


@pytest.mark.parametrize(("race", "negatives", "positives"), [("Asian", 23, 2), ("Native American", 8, 3)])
def test_groups_too_small_are_named_undecided_and_in_no_pair(
    report: ReportV1, race: str, negatives: int, positives: int
) -> None:
    findings = control_of(report, "FPR").findings
    (own,) = [f for f in findings if f.slice == {"race": race}]
    assert (own.verdict, own.reason, own.against) == ("inconclusive", "small_n", "")
    assert (own.groups[0].n, own.groups[0].positives) == (negatives, positives)
    assert own.labels_needed == 30 - negatives
    assert not [f for f in findings if race in f.against]


def test_the_release_is_blocked(report: ReportV1) -> None:
    assert (report.decision.value, report.decision.exit_code) == ("failed", 1)
    assert report.decision.blocking == ("FPR", "FNR")


def test_no_name_or_birth_date_of_the_file_is_in_the_record(report: ReportV1, real_data: Path) -> None:
    lines = published(real_data).read_text().splitlines()[1:200]
    wire = report.model_dump_json()
    assert not [name for line in lines if (name := line.split(",")[1]) and name in wire]
