"""A pack that only tightens what it inherits never turns a failing project green."""

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hcgov.app.check import Asked, run_check
from hcgov.core.mistake import AuthoringError
from tests.app.breaking import NOW, Copy

BASE = """\
hcgov: 1
kind: PolicyPack
metadata: {id: org.base, version: 1.0.0, title: Rules to build on, owner: us}
controls:
  - id: BASE-1
    title: Rates are alike
    stage: evaluation
    check: evaluation.rate_gap@1
    with: {table: predictions, outcome: prediction, slices: {min_people: 30}}
    limit: {at_most: "LIMIT"}
    severity: medium
    enforcement: overridable
    why: People rely on it.
    fix: Mend it.
    source: organisation
"""
CHILD = """\
hcgov: 1
kind: PolicyPack
metadata: {id: org.child, version: 1.0.0, title: Our rules, owner: us}
extends: [{pack: base.yaml}]
overrides: [{control: BASE-1, set: {SET}, reason: stricter}]
"""

TIGHTER = {
    "limit.at_most": st.sampled_from(['"0.09"', '"0.05"', '"0.01"', '"0.001"']),
    "limit.confidence": st.sampled_from(['"0.96"', '"0.99"', '"0.9999"']),
    "severity": st.sampled_from(["high", "critical"]),
    "enforcement": st.just("mandatory"),
    "safety": st.just("strict"),
    "with.slices.min_people": st.integers(31, 2_000),
    "with.slices.coverage": st.sampled_from(['"0.81"', '"0.95"', '"1"']),
    "narrow": st.just('{at_most: "0.0005"}'),
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose groups differ by more than any limit here."""
    copy = Copy(tmp_path_factory.mktemp("tightening"))
    copy.rows(lambda rows: [{**row, "prediction": _harmed(row)} for row in rows])
    copy.manifest("policies: [hc-core]", "policies: [POLICY]")
    return copy.root


def _harmed(row: dict[str, str]) -> str:
    return "0" if row["language_variety"] == "second_language" else row["prediction"]


def code(project: Path, pack: str) -> int:
    manifest = project / "hcgov.yaml"
    before = manifest.read_text(encoding="utf-8")
    manifest.write_text(before.replace("policies: [POLICY]", f"policies: [{pack}]"), encoding="utf-8")
    try:
        return run_check(
            Asked(root=project, now=NOW, stages=("evaluation",)), lambda _: None
        ).report.decision.exit_code
    except AuthoringError as error:
        pytest.fail(str(error))
    finally:
        manifest.write_text(before, encoding="utf-8")


def test_the_project_fails_to_begin_with(project: Path):
    (project / "base.yaml").write_text(BASE.replace("LIMIT", "0.10"), encoding="utf-8")
    assert code(project, "base.yaml") == 1


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=st.dictionaries(st.sampled_from(sorted(TIGHTER)), st.none(), min_size=1), data=st.data())
def test_tightening_never_turns_a_failing_project_green(moves, data, project: Path):
    set_ = ", ".join(f"{name}: {data.draw(TIGHTER[name], label=name)}" for name in moves)
    (project / "base.yaml").write_text(BASE.replace("LIMIT", "0.10"), encoding="utf-8")
    (project / "child.yaml").write_text(CHILD.replace("SET", set_), encoding="utf-8")
    assert code(project, "child.yaml") != 0


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(limit=st.integers(1, 98), child=st.integers(1, 98))
def test_a_tighter_limit_is_taken_and_a_looser_one_is_refused(limit, child, project: Path):
    (project / "base.yaml").write_text(BASE.replace("LIMIT", f"0.{limit:02d}"), encoding="utf-8")
    (project / "child.yaml").write_text(
        CHILD.replace("SET", f'limit.at_most: "0.{child:02d}"'), encoding="utf-8"
    )
    copy = project.parent / "looser"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(project, copy)
    manifest = copy / "hcgov.yaml"
    manifest.write_text(manifest.read_text().replace("[POLICY]", "[child.yaml]"), encoding="utf-8")
    asked = Asked(root=copy, now=NOW, stages=("evaluation",))
    if child <= limit:
        assert run_check(asked, lambda _: None).report.controls[0].limit.value == f"0.{child:02d}"
        return
    with pytest.raises(AuthoringError) as raised:
        run_check(asked, lambda _: None)
    assert [mistake.code for mistake in raised.value.mistakes] == ["HCG-R018"]
