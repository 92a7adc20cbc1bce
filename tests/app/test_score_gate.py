"""Scores of a small table through the whole check: areas and calibration by slice, from binned counts."""

import csv
import sys
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from hcgov.app.check import Asked, run_check
from hcgov.core.mistake import AuthoringError
from hcgov.core.record import ControlV1

MANIFEST = """\
hcgov: 1
kind: Project
system: {name: Scores, version: "1", risk_profile: standard}
policies: [pack.yaml]
slices: {by: [sex], min_people: 30}
artifacts:
  predictions:
    kind: table
    path: rows.csv
    roles: {label: truth, score: p, person: who}
"""
PACK = """\
hcgov: 1
kind: PolicyPack
metadata: {id: scores, version: 1.0.0, title: Scores, owner: me}
controls:
"""
CONTROL = """\
  - id: {check}
    title: Scores serve alike
    stage: evaluation
    check: evaluation.{check}@1
    with: {with_}
    limit: {limit}
    severity: low
    enforcement: mandatory
    why: Scores that mislead about one group mislead whoever decides.
    fix: Do not use them for that group.
    source: organisation
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "hcgov.yaml").write_text(MANIFEST)
    checks = (
        ("auc", '{at_least: "0.70"}'),
        ("auc_gap", '{at_most: "0.15"}'),
        ("calibration_gap", '{at_most: "0.10"}'),
    )
    with_ = "{table: predictions}"
    (tmp_path / "pack.yaml").write_text(
        PACK + "".join(CONTROL.format(check=check, limit=limit, with_=with_) for check, limit in checks)
    )
    with (tmp_path / "rows.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["sex", "truth", "p", "who"])
        for i in range(3_000):
            # Scores of F are what they say; those of M have the same values and say nothing, one row in two being 1.
            score = (i % 397 + 0.5) / 397
            rows.writerow(["F", int((i * 37) % 100 < 100 * score), score, f"f{i // 2}"])
            rows.writerow(["M", int((i * 37) % 100 < 50), score, f"m{i // 2}"])
        for i in range(40):
            rows.writerow(["X", i % 2, 0.5, f"x{i // 8}"])
    return tmp_path


def _control(project: Path, name: str) -> ControlV1:
    now = datetime(2026, 11, 21, tzinfo=UTC)
    report = run_check(Asked(root=project, now=now, stages=("evaluation",)), lambda _: None).report
    return next(control for control in report.controls if control.id == name)


def _verdicts(control: ControlV1) -> dict[str, str]:
    return {f.about: f.verdict for f in control.findings}


def test_the_slice_that_is_ranked_badly_fails_and_the_small_one_is_named(project: Path) -> None:
    control = _control(project, "auc")
    assert _verdicts(control) == {"sex=F": "pass", "sex=M": "fail", "sex=X": "inconclusive"}
    women = control.findings[0].estimate
    assert women is not None
    assert women.value == pytest.approx(5 / 6, abs=0.02)
    assert 0.0 < women.statistics["error"] < 0.01
    assert women.people == 1_500
    gap = _verdicts(_control(project, "auc_gap"))
    assert gap["sex=M against sex=F"] == "fail"
    assert gap["sex=F against sex=M"] == "pass"


def test_calibration_tells_who_is_promised_too_much(project: Path) -> None:
    lines = (project / "rows.csv").read_text().splitlines()
    promised = [line.split(",") for line in lines if line.startswith("M")]
    higher = [",".join((sex, truth, str(min(1.0, float(p) + 0.3)), who)) for sex, truth, p, who in promised]
    others = [line for line in lines if not line.startswith("M")]
    (project / "rows.csv").write_text("\n".join((*others, *higher)) + "\n")
    control = _control(project, "calibration_gap")
    assert _verdicts(control) == {"sex=F": "pass", "sex=M": "fail", "sex=X": "inconclusive"}
    signed = {
        f.about: f.estimate.value
        for f in control.shown
        if f.metric == "mean_score_minus_rate" and f.estimate is not None
    }
    assert signed["sex=F"] == pytest.approx(0.0, abs=0.01)
    assert signed["sex=M"] == pytest.approx(0.245, abs=0.02)


def test_a_misspelt_score_is_a_mistake_of_the_author(project: Path) -> None:
    pack = project / "pack.yaml"
    pack.write_text(pack.read_text().replace("{table: predictions}", "{table: predictions, score: scroe}", 1))
    with pytest.raises(AuthoringError) as raised:
        _control(project, "auc")
    (mistake,) = raised.value.mistakes
    assert (mistake.code, "did you mean `score`" in mistake.help) == ("HCG-N006", True)


def test_a_frame_in_memory_is_judged_as_its_file_is(project: Path) -> None:
    before = _control(project, "auc")
    frame = pd.read_csv(project / "rows.csv")
    (project / "rows.csv").unlink()
    asked = Asked(
        root=project,
        now=datetime(2026, 11, 21, tzinfo=UTC),
        stages=("evaluation",),
        frames={"predictions": frame},
    )
    report = run_check(asked, lambda _: None).report
    after = next(control for control in report.controls if control.id == "auc")
    assert after.verdict == before.verdict
    assert [f.estimate for f in after.findings] == [f.estimate for f in before.findings]


@pytest.mark.parametrize("role", ["weight", "item"])
def test_weights_and_items_are_not_passed_over(project: Path, role: str) -> None:
    manifest = project / "hcgov.yaml"
    manifest.write_text(manifest.read_text().replace("{label", f"{{{role}: p, label"))
    for name in ("auc", "auc_gap", "calibration_gap"):
        control = _control(project, name)
        assert control.verdict == "missing"
        assert f"have a role `{role}` (column `p`)" in control.headline.text
        assert "use a check on rates" in control.headline.text


def test_columns_that_are_only_reported_are_measured_and_never_decide(project: Path) -> None:
    manifest, rows = project / "hcgov.yaml", project / "rows.csv"
    slices = "slices: {by: [side], report: [sex], groups: {sex: [F, M, X, Y]}"
    manifest.write_text(manifest.read_text().replace("slices: {by: [sex]", slices))
    head, *lines = rows.read_text().splitlines()
    sided = (f"{line},{'left' if line[-1] in '02468' else 'right'}" for line in lines)
    rows.write_text("\n".join((f"{head},side", *sided)) + "\n")
    for name in ("auc", "auc_gap", "calibration_gap"):
        control = _control(project, name)
        told = {f.about: f.reason for f in (*control.findings, *control.shown) if f.about.startswith("sex=")}
        assert {about[:5] for about in told} == {"sex=F", "sex=M", "sex=X", "sex=Y"}
        assert set(told.values()) == {"reported"}, told
        assert all(f.about.startswith("side=") for f in control.findings if f.verdict in ("pass", "fail"))


def test_no_data_frame_is_made(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for heavy in ("pandas", "sklearn", "fairlearn", "scipy"):
        monkeypatch.setitem(sys.modules, heavy, None)
    assert _control(project, "auc").verdict == "fail"
