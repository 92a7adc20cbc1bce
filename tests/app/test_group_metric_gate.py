"""A fairlearn metric by slice is judged by its limit, with an interval from a jackknife over people."""

import csv
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from hcgov.app.check import Asked, Checked, run_check
from hcgov.core.mistake import AuthoringError
from hcgov.core.record import ControlV1

MANIFEST = """\
hcgov: 1
kind: Project
system: {name: Metrics, version: "1", risk_profile: standard}
policies: [pack.yaml]
slices: {by: [sex], min_people: 30}
artifacts:
  predictions:
    kind: table
    path: rows.csv
    unit: person
    roles: {label: truth, prediction: said}
"""
PACK = """\
hcgov: 1
kind: PolicyPack
metadata: {id: metrics, version: 1.0.0, title: Metrics, owner: me}
controls:
  - id: S-1
    title: Precision by group
    stage: evaluation
    check: evaluation.group_metric@1
    with: {table: predictions, metric: precision_score}
    limit: {at_least: "0.60"}
    severity: low
    enforcement: mandatory
    why: People should not be accused for nothing.
    fix: Raise the threshold.
    source: organisation
"""


def _write(root: Path, *groups: tuple[str, int, int, int], persons: bool = False) -> None:
    """Write rows of groups: name, right and wrong alarms, and rows without an alarm; five rows a person if asked."""
    with (root / "rows.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["sex", "truth", "said", "who"])
        number = 0
        for name, right, wrong, none in groups:
            for truth, said, times in ((1, 1, right), (0, 1, wrong), (0, 0, none)):
                for _ in range(times):
                    number += 1
                    rows.writerow([name, truth, said, f"p{number // 5 if persons else number}"])


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "hcgov.yaml").write_text(MANIFEST)
    (tmp_path / "pack.yaml").write_text(PACK)
    _write(tmp_path, ("F", 300, 60, 200), ("M", 150, 210, 200), ("X", 9, 2, 30))
    return tmp_path


def _check(project: Path) -> Checked:
    now = datetime(2026, 11, 21, tzinfo=UTC)
    return run_check(Asked(root=project, now=now, stages=("evaluation",)), lambda _: None)


def _control(project: Path) -> ControlV1:
    (control,) = _check(project).report.controls
    return control


def test_each_slice_is_judged_and_small_ones_are_named(project: Path) -> None:
    control = _control(project)
    verdicts = {f.about: (f.verdict, f.reason) for f in control.findings}
    assert verdicts == {
        "sex=F": ("pass", ""),
        "sex=M": ("fail", ""),
        "sex=X": ("inconclusive", "small_n"),
    }
    women = next(f for f in control.findings if f.about == "sex=F")
    assert women.estimate is not None
    assert women.estimate.value == pytest.approx(300 / 360)
    # Precision is a rate among the 360 alarms, so the jackknife gives about what Wilson gives on them.
    assert women.estimate.low == pytest.approx(0.791, abs=0.012)
    assert women.estimate.high == pytest.approx(0.868, abs=0.012)


def test_the_gap_to_everyone_else_names_who_is_worse_off(project: Path) -> None:
    pack = project / "pack.yaml"
    pack.write_text(
        pack.read_text()
        .replace("metric: precision_score", "metric: precision_score, against: everyone_else")
        .replace('{at_least: "0.60"}', '{at_most: "0.10"}')
    )
    verdicts = {f.about: f.verdict for f in _control(project).findings}
    assert verdicts["sex=M against everyone else"] == "fail"
    assert verdicts["sex=F against everyone else"] == "pass"
    assert verdicts["sex=X"] == "inconclusive"


def test_a_metric_without_a_direction_asks_for_one(project: Path) -> None:
    pack = project / "pack.yaml"
    told = pack.read_text().replace("precision_score", "selection_rate, against: everyone_else")
    told = told.replace('at_least: "0.60"', 'at_most: "0.10"')
    pack.write_text(told)
    assert "better: higher" in _control(project).headline.text
    pack.write_text(told.replace("everyone_else}", "everyone_else, better: lower}"))
    assert "better: higher" not in _control(project).headline.text


def test_rows_that_share_people_are_worth_less(project: Path) -> None:
    alone = _control(project).findings[0].estimate
    _write(project, ("F", 300, 60, 200), ("M", 150, 210, 200), ("X", 9, 2, 30), persons=True)
    manifest = project / "hcgov.yaml"
    manifest.write_text(
        manifest.read_text().replace("unit: person", "").replace("{label", "{person: who, label")
    )
    shared = _control(project).findings[0].estimate
    assert alone is not None
    assert shared is not None
    assert shared.value == alone.value
    assert shared.n_eff < alone.n_eff / 2


def test_unknown_people_decide_nothing(project: Path) -> None:
    manifest = project / "hcgov.yaml"
    manifest.write_text(manifest.read_text().replace("unit: person", "unit: row"))
    control = _control(project)
    assert [(f.verdict, f.reason) for f in control.findings] == [("inconclusive", "few_people")]


def test_a_limit_is_asked_for(project: Path) -> None:
    pack = project / "pack.yaml"
    pack.write_text(pack.read_text().replace('    limit: {at_least: "0.60"}\n', ""))
    with pytest.raises(AuthoringError) as raised:
        _check(project)
    assert [m.code for m in raised.value.mistakes] == ["HCG-P006"]


@pytest.mark.parametrize(
    ("with_", "code", "near"),
    [
        ("metric: precison_score", "HCG-N010", "precision_score"),
        ("metric: precision_score, label: truht", "HCG-N006", "truht"),
        ("metric: precision_score, prediction: predicton", "HCG-N006", "prediction"),
        ("metric: roc_auc_score", "HCG-N006", "score"),
    ],
)
def test_a_misspelt_name_is_a_mistake_of_the_author(project: Path, with_: str, code: str, near: str) -> None:
    pack = project / "pack.yaml"
    pack.write_text(pack.read_text().replace("metric: precision_score", with_))
    with pytest.raises(AuthoringError) as raised:
        _check(project)
    (mistake,) = raised.value.mistakes
    assert mistake.code == code
    assert near in f"{mistake.message} {mistake.help}"


@pytest.mark.parametrize(
    ("metric", "limit", "fault"),
    [
        ("precision_score", 'at_least: "60"', "`at_least: 60` can never pass"),
        ("precision_score", 'at_most: "1"', "`at_most: 1` can never fail"),
        ("matthews_corrcoef", 'at_least: "-1"', "`at_least: -1` can never fail"),
        ("matthews_corrcoef, against: everyone_else", 'at_most: "2"', "`at_most: 2` can never fail"),
        ("matthews_corrcoef", 'at_least: "-0.5"', ""),
    ],
)
def test_a_limit_outside_of_the_metrics_values_is_a_mistake(
    project: Path, metric: str, limit: str, fault: str
) -> None:
    pack = project / "pack.yaml"
    text = pack.read_text().replace('at_least: "0.60"', limit).replace("precision_score", metric)
    pack.write_text(text)
    if not fault:
        assert _control(project).verdict != "error"
        return
    with pytest.raises(AuthoringError) as raised:
        _check(project)
    (mistake,) = raised.value.mistakes
    assert mistake.code == "HCG-P008"
    assert fault in mistake.message
    assert str(mistake.where).endswith("pack.yaml:10:13")


def test_too_much_work_is_refused_with_what_to_raise(project: Path) -> None:
    pack = project / "pack.yaml"
    pack.write_text(pack.read_text().replace("precision_score", "precision_score, max_work: 1000"))
    control = _control(project)
    assert control.verdict == "missing"
    assert "raise `max_work`" in control.headline.text


def test_weights_are_not_passed_over(project: Path) -> None:
    manifest = project / "hcgov.yaml"
    manifest.write_text(manifest.read_text().replace("{label", "{weight: said, label"))
    control = _control(project)
    assert control.verdict == "missing"
    assert "role `weight`" in control.headline.text


def test_a_frame_in_memory_is_judged_as_its_file_is(project: Path) -> None:
    before = _control(project)
    frame = pd.read_csv(project / "rows.csv")
    (project / "rows.csv").unlink()
    now = datetime(2026, 11, 21, tzinfo=UTC)
    asked = Asked(root=project, now=now, stages=("evaluation",), frames={"predictions": frame})
    (after,) = run_check(asked, lambda _: None).report.controls
    assert [(f.about, f.verdict, f.estimate) for f in after.findings] == [
        (f.about, f.verdict, f.estimate) for f in before.findings
    ]


@pytest.mark.parametrize(
    ("row", "reason", "cap"),
    [(",1,1,z", "missing_demographics", "max_unrecorded"), ("F,,1,z", "missing_outcomes", "max_missing")],
)
def test_what_is_missing_has_no_worst_case_so_it_must_be_accepted(
    project: Path, row: str, reason: str, cap: str
) -> None:
    _write(project, ("F", 300, 60, 200), ("M", 300, 60, 200))
    assert _control(project).verdict == "pass"
    with (project / "rows.csv").open("a") as file:
        file.write(row + "\r\n")
    control = _control(project)
    assert control.verdict == "inconclusive"
    assert reason in {f.reason for f in control.findings}
    pack = project / "pack.yaml"
    pack.write_text(pack.read_text().replace("precision_score}", f"precision_score, {cap}: 0.01}}"))
    accepted = _control(project)
    verdicts = {f.about: f.verdict for f in accepted.findings}
    assert (verdicts["sex=F"], verdicts["sex=M"]) == ("pass", "pass")
    assert any("at worst is not computed" in f.message.text for f in accepted.shown)
