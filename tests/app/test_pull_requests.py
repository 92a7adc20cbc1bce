"""A pull request that makes its own gate easier: whatever it does is told by name, and does not pass."""

from collections.abc import Callable
from pathlib import Path

import pytest

from hcgov.app.check import Asked, run_check
from hcgov.core.record import ReportV1
from tests.app.breaking import NOW, Copy
from tests.io.repository import committed

PACK = """\
hcgov: 1
kind: PolicyPack
metadata: {id: org.own, version: 1.0.0, title: Our own rules, owner: us}
extends: [{pack: hc-core@0}]
controls:
  - id: OWN-1
    title: Rates are alike
    stage: evaluation
    check: evaluation.rate_gap@1
    with: {table: predictions, outcome: prediction}
    limit: {at_most: "0.20"}
    severity: medium
    enforcement: overridable
    why: People rely on it.
    fix: Mend it.
    source: organisation
  - id: OWN-2
    title: The purpose is stated
    stage: design
    check: design.purpose_stated@1
    with: {artifact: purpose}
    severity: medium
    enforcement: overridable
    why: People rely on it.
    fix: Mend it.
    source: organisation
"""


EXTENDS = "extends: [{pack: hc-core@0}]"
DISABLED = "disabled: [{control: HC-EVL-02, reason: later, approved_by: me}]"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project on its main branch."""
    copy = Copy(tmp_path)
    (copy.root / "own.yaml").write_text(PACK, encoding="utf-8")
    copy.manifest("policies: [hc-core]", "policies: [own.yaml]")
    committed(copy.root, "the rules that were agreed")
    return copy.root


def check(root: Path, ref: str = "main") -> ReportV1:
    return run_check(
        Asked(root=root, now=NOW, stages=("design", "evaluation"), trusted_ref=ref), lambda _: None
    ).report


def edited(old: str, new: str) -> Callable[[Path], None]:
    def edit(root: Path) -> None:
        text = (root / "own.yaml").read_text(encoding="utf-8")
        assert old in text
        (root / "own.yaml").write_text(text.replace(old, new), encoding="utf-8")

    return edit


def _without_second(root: Path) -> None:
    text = (root / "own.yaml").read_text(encoding="utf-8")
    (root / "own.yaml").write_text(text[: text.index("  - id: OWN-2")], encoding="utf-8")


def _only_advised(root: Path) -> None:
    text = (root / "own.yaml").read_text(encoding="utf-8")
    (root / "own.yaml").write_text(text.replace("overridable", "advisory", 1), encoding="utf-8")


def _other_profile(root: Path) -> None:
    text = (root / "hcgov.yaml").read_text(encoding="utf-8")
    (root / "hcgov.yaml").write_text(
        text.replace("risk_profile: high", "risk_profile: low"), encoding="utf-8"
    )


def test_an_untouched_branch_is_decided_as_ever(root: Path):
    report = check(root)
    assert report.decision.value == "passed"
    assert report.decision.weaker == ()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (edited('at_most: "0.20"', 'at_most: "0.50"'), "OWN-1: `limit.at_most` goes from 0.20 to 0.50"),
        (_only_advised, "OWN-1: `enforcement"),
        (_without_second, "OWN-2 is gone"),
        (edited("id: OWN-2", "id: OWN-3"), "OWN-2 is now called OWN-3"),
        (edited(EXTENDS, f"{EXTENDS}\n{DISABLED}"), "HC-EVL-02 is disabled"),
        (edited("extends: [{pack: hc-core@0}]\n", ""), "HC-EVL-01 is gone"),
        (_other_profile, "risk_profile"),
    ],
)  # fmt: skip
def test_a_change_that_asks_for_less_fails_and_is_named(change, says, root: Path):
    change(root)
    report = check(root)
    assert report.decision.value == "failed"
    assert report.decision.exit_code == 1
    assert any(says in one for one in report.decision.weaker), report.decision.weaker
    assert says in report.decision.reason


def test_a_change_that_asks_for_more_is_judged_by_it(root: Path):
    edited('at_most: "0.20"', 'at_most: "0.15"')(root)
    report = check(root)
    assert report.decision.weaker == ()
    assert report.decision.value == "passed"


def test_a_project_that_is_new_has_nothing_to_be_weaker_than(tmp_path: Path):
    copy = Copy(tmp_path)
    outer = tmp_path / "outer"
    outer.mkdir()
    (outer / "README").write_text("nothing yet\n", encoding="utf-8")
    committed(outer)
    copy.root.rename(outer / "project")
    report = check(outer / "project")
    assert report.decision.weaker == ()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "prediction: {adverse: lower}",
            "prediction: {adverse: higher}",
            "predictions is not declared as at main (outcomes)",
        ),
        (
            "path: evaluation/suggestions.csv",
            "path: evaluation/suggestions.csv\n    sample: other",
            "(sample)",
        ),
        (
            "subject: [assistant]",
            "subject: [purpose]",
            "what is released is purpose here and assistant at main",
        ),
    ],
)
def test_evidence_that_is_declared_otherwise_is_told(root: Path, old: str, new: str, told: str):
    assert not [one for one in check(root).notices if one.code == "HCG-G106"]
    manifest = root / "hcgov.yaml"
    text = manifest.read_text(encoding="utf-8")
    assert old in text
    manifest.write_text(text.replace(old, new), encoding="utf-8")
    (notice,) = [one for one in check(root).notices if one.code == "HCG-G106"]
    assert told in notice.message.text
