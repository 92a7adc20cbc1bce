"""The packs, frameworks and checklists that are shipped hold together."""

import re

import pytest
from ruamel.yaml import YAML

from hcgov.core.check import Judged
from hcgov.core.policy import PackSpec
from hcgov.core.status import Enforcement, RiskProfile
from hcgov.io.data import data_path
from hcgov.io.plugins import BUILT_IN, load_registry
from hcgov.io.policies import load_pack, shipped

STAGES = {*BUILT_IN, "organisation"}
COUNTS = {"nist-ai-rmf": 72, "nist-ai-600-1": 12, "iso-42001": 38}
CHECKS = load_registry().checks


def load(path):
    return YAML(typ="safe", pure=True).load(path)


FRAMEWORKS = {path.stem: load(path) for path in data_path("policies", "frameworks").glob("*.yaml")}
CHECKLISTS = {path.stem: load(path) for path in data_path("checklists").glob("*.yaml")}
CORE = PackSpec.model_validate(load(data_path("policies", "hc-core.yaml")))
PACKS = {name: load_pack(name, path, f"hcgov:{path.name}").spec for name, path in shipped().items()}
EVERY = [control for pack in PACKS.values() for control in pack.controls]
controls = pytest.mark.parametrize("control", EVERY, ids=[control.id for control in EVERY])


@pytest.mark.parametrize("name", FRAMEWORKS)
def test_a_framework_lists_each_clause_once_in_few_words(name):
    framework = FRAMEWORKS[name]
    assert framework["kind"] == "Framework"
    assert framework["id"] == name
    assert framework["source"]
    ids = [clause["id"] for clause in framework["clauses"]]
    assert len(ids) == len(set(ids)) == COUNTS.get(name, len(ids))
    for clause in framework["clauses"]:
        assert set(clause["stages"]) <= STAGES
        assert 2 <= len(clause["title"].split()) <= 20 or len(clause["title"]) > 3


def test_the_rmf_has_its_subcategories_by_function():
    ids = [clause["id"].split()[0] for clause in FRAMEWORKS["nist-ai-rmf"]["clauses"]]
    # NIST AI 100-1, tables 1 to 4.
    assert [ids.count(name) for name in ("GOVERN", "MAP", "MEASURE", "MANAGE")] == [19, 18, 22, 13]


def test_high_risk_duties_bear_the_amended_date():
    for clause in FRAMEWORKS["eu-ai-act"]["clauses"]:
        number = re.match(r"Art\.(\d+)\(", clause["id"])
        if number and 9 <= int(number[1]) <= 27:
            assert clause["applies_from"] == "2027-12-02", clause["id"]


@controls
def test_a_shipped_control_fits_its_check(control):
    name, _, major = control.check.partition("@")
    check = CHECKS[name]
    assert int(major) == check.major
    check.params.model_validate(control.with_)
    assert (control.limit_value() is not None) == (check.judged is Judged.BY_LIMIT)
    for clause in control.supports:
        framework, _, id_ = clause.partition(":")
        known = FRAMEWORKS[framework.partition("@")[0]]
        assert framework.partition("@")[2] == known["version"]
        assert id_ in {one["id"] for one in known["clauses"]}, clause


def test_the_core_has_at_least_two_controls_in_each_stage_and_each_id_once():
    stages = [control.stage for control in CORE.controls]
    assert min(stages.count(stage) for stage in BUILT_IN) >= 2
    ids = [control.id for control in CORE.controls]
    assert len(ids) == len(set(ids))


def test_the_shipped_packs_are_told_apart_and_give_no_id_twice():
    assert set(PACKS) == {"hc-core", "hc-hitl", "hc-preferences", "hc-personalization"}
    assert {pack.metadata.id for pack in PACKS.values()} == set(PACKS)
    ids = [control.id for control in EVERY]
    assert len(ids) == len(set(ids))
    prefixes = {
        name: {"-".join(control.id.split("-")[:2]) for control in pack.controls}
        for name, pack in PACKS.items()
    }
    assert prefixes["hc-hitl"] == {"HC-HITL", "HC-JUDGE"}
    assert prefixes["hc-preferences"] == {"HC-PREF"}
    assert prefixes["hc-personalization"] == {"HC-PERS"}


def test_every_check_of_peoples_judgments_has_a_shipped_control():
    asked = {control.check.partition("@")[0] for control in EVERY}
    about = re.compile(
        r"\.(annotation|preference|personalization|judge|judged|override|automation|aggregation|export)_"
    )
    judging = {
        name for name, check in CHECKS.items() if check.judged is not Judged.SHOWN and about.search(name)
    }
    assert len(judging) > 40
    # Which families its models and judges are of only a project knows, so that no pack can name them.
    assert judging - asked == {"data.preference_source_bias"}


def test_enforcement_is_never_weaker_where_more_is_at_stake():
    order = [Enforcement.ADVISORY, Enforcement.OVERRIDABLE, Enforcement.MANDATORY]
    graded = [control for control in EVERY if not isinstance(control.enforcement, Enforcement)]
    assert graded
    for control in graded:
        by_profile = [order.index(control.enforcement.at(profile)) for profile in RiskProfile]
        assert by_profile == sorted(by_profile), control.id


def test_every_checklist_of_the_core_exists_and_asks_whole_questions():
    asked = {control.with_["checklist"] for control in CORE.controls if "checklist" in control.with_}
    assert asked == set(CHECKLISTS)
    for name, checklist in CHECKLISTS.items():
        assert (checklist["kind"], checklist["id"]) == ("Checklist", name)
        questions = checklist["questions"]
        assert 6 <= len(questions) <= 10
        assert len({question["id"] for question in questions}) == len(questions)
        for question in questions:
            assert question["question"].endswith("?")
            assert all(question[key] for key in ("why", "who", "evidence"))
            assert question["passing"] == ["yes"]
