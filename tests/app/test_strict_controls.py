"""`safety: strict` from the policy's text to the record and the sentence a person reads."""

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hcgov.app.check import Asked, run_check
from hcgov.app.explain import explain_id
from hcgov.core.record import ControlV1

MANIFEST = """\
hcgov: 1
kind: Project
system: {name: Strict, version: "1", risk_profile: standard}
policies: [pack.yaml]
slices: {by: [region]}
artifacts:
  predictions:
    kind: table
    path: rows.csv
    count: {column: people, unit: person}
    outcomes: {said: {column: said, adverse: lower}}
"""
PACK = """\
hcgov: 1
kind: PolicyPack
metadata: {id: strict, version: 1.0.0, title: Strict, owner: me}
controls:
  - id: S-1
    title: The outcome is nearly as frequent in every group
    stage: evaluation
    check: evaluation.impact_ratio@1
    with: {table: predictions, outcome: said}
    limit: {at_least: "0.80"}
    severity: high
    enforcement: mandatory
    why: Uneven service harms people.
    fix: Serve them alike.
    source: organisation
"""


def _check(root: Path, sizes: dict[str, tuple[int, int]], control: str = "") -> ControlV1:
    (root / "hcgov.yaml").write_text(MANIFEST)
    (root / "pack.yaml").write_text(PACK + control)
    with (root / "rows.csv").open("w", newline="") as file:
        written = csv.writer(file)
        written.writerow(["region", "said", "people"])
        for region, (people, events) in sizes.items():
            written.writerows([(region, 1, events), (region, 0, people - events)])
    now = datetime(2026, 11, 21, tzinfo=UTC)
    (found,) = run_check(Asked(root=root, now=now, stages=("evaluation",)), lambda _: None).report.controls
    return found


STRICT = "    safety: strict\n"
ALIKE = {"north": (400, 360), "south": (400, 356)}


def test_the_record_and_the_sentence_say_how_strict_a_control_was(tmp_path: Path) -> None:
    loose, strict = _check(tmp_path, ALIKE), _check(tmp_path, ALIKE, STRICT)
    assert (loose.safety, strict.safety) == ("standard", "strict")
    assert loose.limit is not None
    assert strict.limit is not None
    assert (loose.limit.confidence, loose.limit.ratio_n_eff) == ("0.95", 0)
    assert (strict.limit.confidence, strict.limit.ratio_n_eff) == ("0.965", 50)
    # The first attempt spends 6 / pi^2 of the error: 0.030396 of 0.05, 0.021277 of 0.035.
    assert (loose.level, strict.level) == pytest.approx((0.969604, 0.978723), abs=1e-6)
    assert {f.pass_bound.level for f in strict.findings if f.pass_bound} == {strict.level}
    assert all("97.87 %" in f.message.text for f in strict.findings)
    assert loose.verdict == strict.verdict == "pass"
    assert loose.decision_input != strict.decision_input


def test_a_ratio_of_few_people_decides_nothing_where_a_control_is_strict(tmp_path: Path) -> None:
    few = ALIKE | {"south": (45, 45)}
    assert _check(tmp_path, few).verdict == "pass"
    found = _check(tmp_path, few, STRICT)
    assert found.verdict == "inconclusive"
    (thin,) = [f for f in found.findings if f.slice == {"region": "south"}]
    assert (thin.reason, thin.labels_needed) == ("small_n", 5)
    assert "45 independent observations" in thin.message.text


def test_explaining_a_control_says_that_it_is_strict(tmp_path: Path) -> None:
    _check(tmp_path, ALIKE, STRICT)
    told = " ".join(explain_id("S-1", tmp_path).split())
    assert "by the one-sided 96.5% bound" in told
    assert "50 independent observations on either side" in told
    _check(tmp_path, ALIKE)
    assert "by the one-sided 95% bound" in " ".join(explain_id("S-1", tmp_path).split())
