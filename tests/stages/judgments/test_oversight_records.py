"""The registry of prompts, the ledger of iterations and the claims made of it: what is said of each fault."""

import pytest

from hcgov.core.measurement import Answered
from hcgov.stages.judgments.oversight_registry import PromptVersion, difference, digest, lineage_faults
from hcgov.stages.specimens import ONE, OTHER, record
from hcgov.stages.training.improvement_claims import ImprovementClaims, improvement_claims
from hcgov.stages.training.iteration_ledger import IterationLedger, iteration_ledger
from hcgov.stages.training.prompt_registry import PromptRegistry, prompt_registry


def entry(name, said="Be brief.", **more):
    return {"id": name, "text": said, "sha256": digest(said), "regression_set": OTHER, **more}


def registry(*entries, **more):
    data = {"current": entries[-1]["id"] if entries else "", "prompts": list(entries), **more}
    return {s.about: s for s in prompt_registry(record("prompt_registry", data), PromptRegistry())}


def cycle(name, start, end, **more):
    return {
        "id": name,
        "data": ONE,
        "change": "more labels",
        "held_out": OTHER,
        "before": {"value": start, "n": 1000},
        "after": {"value": end, "n": 1000},
        "cost": 100.0,
        **more,
    }


def ledger(*entries, claims=(), **params):
    data = {"cycles": list(entries), "claims": list(claims)}
    return record("iteration_ledger", data), IterationLedger(**params)


def said(*entries, **params):
    return {s.about: s for s in iteration_ledger(*ledger(*entries, **params))}


def test_blanks_at_the_ends_of_a_prompt_count():
    told = registry(entry("v1", "Be brief.\n\n"))
    assert told["prompts[1]"].answer is Answered.MET
    changed = {**entry("v1", "Be brief.\n\n"), "text": "Be brief."}
    assert registry(changed)["prompts[1]"].answer is Answered.NOT_MET


@pytest.mark.parametrize(
    ("entries", "where", "words"),
    [
        ([entry("v2", parent="v1", change="x")], "prompts[1]", "which is not listed"),
        ([entry("v1"), entry("v1", "Other.")], "prompts[2]", "2 versions are called `v1`"),
        ([entry("v1", parent="v1", change="x")], "prompts[1]", "descends from itself"),
        ([entry("v1", regression_set="")], "prompts[1]", "no regression set"),
        ([entry("v1"), entry("v2", parent="v1")], "prompts[2]", "what was changed"),
        (
            [entry("v1"), entry("v2", parent="v1", change="x", regression_set="y")],
            "prompts[2]",
            "another set",
        ),
        ([{**entry("v1"), "sha256": "abc"}], "prompts[1].sha256", "pattern"),
        ([{**entry("v1"), "txt": "?"}], "prompts[1].txt", ""),
    ],
)
def test_what_is_wrong_with_a_registry_is_said(entries, where, words):
    told = registry(*entries)
    assert told[where].answer is Answered.NOT_MET
    assert words in str(told[where].text)


def test_another_set_with_a_reason_is_fine():
    second = entry("v2", parent="v1", change="x", regression_set="y", other_set_because="Tamil was added")
    assert registry(entry("v1"), second)["prompts[2]"].answer is Answered.MET


def test_a_circle_is_told_of_those_who_stand_in_it():
    versions = [
        PromptVersion(id="a", sha256=ONE, parent="b"),
        PromptVersion(id="b", sha256=ONE, parent="a"),
        PromptVersion(id="c", sha256=ONE, parent="a"),
        PromptVersion(id="d", sha256=ONE),
    ]
    assert [place for place, _ in lineage_faults(versions)] == [0, 1]


def test_the_lines_in_which_versions_differ():
    one = PromptVersion(id="v2", sha256=ONE, text="Be brief.\nUse plain words.")
    parent = PromptVersion(id="v1", sha256=ONE, text="Be brief.\nBe polite.")
    assert difference(one, parent) == ("-Be polite.", "+Use plain words.")


@pytest.mark.parametrize(
    ("second", "words"),
    [
        (cycle("c2", 0.84, 0.86, after=None), "no measure before and after"),
        (cycle("c2", 0.84, 0.86, held_out=""), "no measure before and after"),
        (cycle("c2", 0.84, 0.86, held_out=ONE), "the data that it learned from"),
        (cycle("c2", 0.80, 0.86), "something in between is not told"),
        (cycle("c2", 0.84, 0.86, cost=None), "what it cost"),
        (cycle("c1", 0.84, 0.86), "two cycles are called"),
        (cycle("c2", 0.84, 0.86, date="soon"), "is no date"),
        (cycle("c2", 0.84, 0.86, date="2026-01-01"), "is older"),
    ],
)
def test_what_is_wrong_with_a_cycle_is_said(second, words):
    told = said(cycle("c1", 0.78, 0.84, date="2026-02-01"), second)
    assert told["cycles[2]"].answer is Answered.NOT_MET
    assert words in str(told["cycles[2]"].text)


def test_a_value_outside_its_interval_is_no_measure():
    wrong = cycle("c2", 0.84, 0.86)
    wrong["after"] = {"value": 0.86, "n": 1000, "low": 0.9, "high": 0.95}
    told = said(cycle("c1", 0.78, 0.84), wrong)
    assert "cycles[2].after" in told
    half = cycle("c2", 0.84, 0.86)
    half["after"] = {"value": 0.86, "n": 1000, "low": 0.8}
    assert "cycles[2].after" in said(cycle("c1", 0.78, 0.84), half)


def test_the_gain_is_told_with_its_interval():
    told = said(cycle("c1", 0.78, 0.84), cycle("c2", 0.84, 0.86))
    assert str(told["cycles[1]"].text) == "`c1` gained +6.0 points [2.6, 9.4]"
    assert told["stop rule"].answer is Answered.MET


def test_a_stricter_stop_rule_stops_sooner():
    cycles = [cycle("c1", 0.80, 0.81), cycle("c2", 0.81, 0.82), cycle("c3", 0.82, 0.83)]
    assert said(*cycles)["stop rule"].answer is Answered.MET
    assert said(*cycles, least_gain=0.02)["stop rule"].answer is Answered.NOT_MET
    assert said(*cycles, least_gain=0.02, in_a_row=3)["stop rule"].answer is Answered.MET


def claimed(*claims, n=2000):
    first = cycle("c1", 0.78, 0.84)
    first["before"], first["after"] = {"value": 0.78, "n": n}, {"value": 0.84, "n": n}
    data, _ = ledger(first, claims=claims)
    return [s.answer for s in improvement_claims(data, ImprovementClaims())]


def test_claims_need_a_held_out_number():
    assert claimed({"benefit": "accuracy", "cycle": "c1"}) == [Answered.MET]
    assert claimed({"benefit": "safety"}) == [Answered.NOT_MET]
    own = {
        "benefit": "safety",
        "held_out": OTHER,
        "before": {"value": 0.9, "n": 900},
        "after": {"value": 0.97, "n": 900},
    }
    assert claimed(own) == [Answered.MET]
    assert claimed({**own, "held_out": ""}) == [Answered.NOT_MET]
    assert claimed({**own, "after": {"value": 0.8, "n": 900}}) == [Answered.NOT_MET]
    assert claimed({"benefit": "accuracy", "cycle": "c1"}, n=40) == [Answered.CANNOT_TELL]
    assert claimed() == [Answered.NOT_APPLICABLE]
    assert claimed({"benefit": ""}) == [Answered.NOT_MET]
