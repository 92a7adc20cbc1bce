"""Mutants: each is valid, differs in what judges, and could have been told apart by somebody."""

from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcgov.core.condition import comparison_facts, evaluate
from hcgov.core.condition_text import read_condition
from hcgov.core.control import ControlSpec
from hcgov.core.policy import Disabled, History, Pack, PackMetadata, PackSpec, Step
from hcgov.core.strictness import compare
from hcgov.io.plugins import load_built_in
from hcgov.io.policies import load_pack, shipped
from hcgov.judgement.condition_mutation import condition_mutants
from hcgov.judgement.mutation import mutants, own_controls
from hcgov.judgement.mutation_edits import written

CHECKS = load_built_in().checks
CORE = load_pack("hc-core", shipped()["hc-core"], "hcgov:hc-core.yaml")


def control(**changes):
    return ControlSpec.model_validate(
        {
            "id": "A-1",
            "title": "Refusals stay even",
            "stage": "evaluation",
            "check": "evaluation.rate_gap@1",
            "with": {"table": "decisions", "outcome": "refused"},
            "limit": {"at_most": "0.10"},
            "severity": "low",
            "enforcement": "advisory",
            "why": "it matters",
            "fix": "mend it",
            "source": "organisation",
            **changes,
        }
    )


def pack_of(spec, history=None):
    return Pack(
        spec=PackSpec(
            hcgov=1,
            kind="PolicyPack",
            metadata=PackMetadata(id="own", version="1.0.0", title="Own", owner="me"),
            controls=(spec,),
        ),
        name="own",
        file="own.yaml",
        sha256="0" * 64,
        history=(history or History(pack="own"),),
    )


def changes_of(spec, history=None):
    return {one.change for one in mutants(pack_of(spec, history), 0, CHECKS)}


BARE = {"the control is dropped", "limit.at_most: 0.10 -> 0.09", "limit.at_most: 0.10 -> 0.11"}
LISTED = "small_slices: judge -> list"


def test_what_is_mutated_of_a_control_with_little_in_it():
    assert changes_of(control()) == {*BARE, LISTED}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {"narrow": {"at_most": "0.06"}},
            {"narrow: dropped", "narrow.at_most: 0.06 -> 0.05", "narrow.at_most: 0.06 -> 0.07"},
        ),
        ({"safety": "strict"}, {"safety: strict -> standard"}),
        ({"enforcement": "mandatory"}, {"enforcement: mandatory -> overridable"}),
        (
            {"enforcement": {"high": "mandatory", "else": "overridable"}, "severity": "high"},
            {
                "enforcement.high: mandatory -> overridable",
                "enforcement.else: overridable -> advisory",
                "severity: high -> medium",
            },
        ),
        (
            {"effective_from": "2027-01-01"},
            {
                "effective_from: dropped",
                "effective_from: 2027-01-01 -> 2026-12-31",
                "effective_from: 2027-01-01 -> 2027-01-02",
            },
        ),
        (
            {"evidence": [{"signed_by": ["role:eval-runner", "role:owner"], "max_age": "P30D"}]},
            {
                "evidence: without entry 1",
                "evidence.0.signed_by: without role:eval-runner",
                "evidence.0.signed_by: without role:owner",
                "evidence.0.max_age: dropped",
                "evidence.0.max_age: P30D -> P29D",
                "evidence.0.max_age: P30D -> P31D",
            },
        ),
        (
            {"with": {"table": "t", "outcome": "o", "given": {"label": 0}}},
            {"with.given: dropped", "with.given.label: 0 -> 1"},
        ),
        (
            {"with": {"table": "t", "outcome": "o", "slices": {"by": ["age", "sex"], "min_people": 40}}},
            {
                "with.slices.by: dropped",
                "with.slices.by: without age",
                "with.slices.by: without sex",
                "with.slices.min_people: dropped",
                "with.slices.min_people: 40 -> 39",
                "with.slices.min_people: 40 -> 41",
            },
        ),
        (
            {"limit": {"at_most": "0.10", "confidence": "0.9"}},
            {"limit.confidence: dropped", "limit.confidence: 0.9 -> 0.8"},
        ),
    ],
)
def test_each_part_that_judges_is_mutated(changes, expected):
    assert changes_of(control(**changes)) == {*BARE, LISTED, *expected}


def test_a_limit_is_turned_where_either_side_makes_sense():
    spec = control(check="evaluation.worst_slice@1", limit={"at_least": "0.70"}, narrow={"at_least": "0.80"})
    turned = next(
        one for one in mutants(pack_of(spec), 0, CHECKS) if one.change == "limit: at_least -> at_most"
    )
    assert (turned.of(spec).limit.at_most, turned.of(spec).narrow) == (Decimal("0.70"), None)
    bare = control(check="evaluation.worst_slice@1", limit={"at_least": "0.70"})
    assert "limit: at_least -> at_most" in changes_of(bare)
    assert "limit: at_most -> at_least" not in changes_of(control())


def test_what_is_listed_may_be_judged():
    spec = control(small_slices="list", small_slices_reason="few people live there")
    assert changes_of(spec) == {*BARE, "small_slices: list -> judge"}


def test_changes_of_an_inherited_control_are_taken_back():
    before, after = control(), control(limit={"at_most": "0.05"})
    step = Step(
        pack="own",
        paths=(("limit", "at_most"),),
        before=written(before),
        after=written(after),
        where=None,
    )
    found = changes_of(after, History(pack="parent", steps=(step,)))
    assert "limit.at_most: as inherited" in found
    foreign = History(pack="parent", steps=())
    assert own_controls(pack_of(after, foreign)) == ()
    assert own_controls(pack_of(after, History(pack="parent", steps=(step,)))) == (0,)


def test_a_disabled_control_is_enabled():
    disabled = Disabled(control="A-1", reason="not needed", approved_by="jane")
    found = changes_of(control(), History(pack="parent", disabled=disabled, disabled_by="own"))
    assert found == {"the control is dropped", "the control is not disabled"}


@pytest.mark.parametrize("index", range(len(CORE.spec.controls)), ids=[c.id for c in CORE.spec.controls])
def test_every_mutant_is_valid_and_differs_in_what_judges(index):
    spec = CORE.spec.controls[index]
    made = [one for one in mutants(CORE, index, CHECKS) if not one.dropped]
    trees = [written(one.of(spec)) for one in made]
    assert all(trees.count(tree) == 1 for tree in trees)
    for one in made:
        changed = one.of(spec)
        check = CHECKS[spec.check.partition("@")[0]]
        check.params.model_validate(changed.with_)
        assert compare(spec, changed, params=check.params, major=check.major)
        assert CORE.value_at("controls", index, *one.at) is not None


def comparisons(name):
    number = st.integers(0, 3)
    few = st.lists(number, min_size=1, max_size=2, unique=True)
    return st.one_of(
        st.builds(
            lambda c, v: {"fact": name, c: v}, st.sampled_from(["lt", "le", "gt", "ge", "eq", "ne"]), number
        ),
        st.builds(lambda c, v: {"fact": name, c: v}, st.sampled_from(["in", "not_in"]), few),
        st.builds(lambda a, b: {"fact": name, "between": sorted((a, b))}, number, number),
    )


@st.composite
def conditions(draw):
    """A condition in which every fact is read once, so that each part can decide."""
    parts = [draw(comparisons(f"system.f{number}")) for number in range(draw(st.integers(1, 3)))]
    parts = [{"not": part} if draw(st.booleans()) else part for part in parts]
    kind = draw(st.sampled_from(["all", "any", "none", "at_least"]))
    whole = {kind: parts}
    if kind == "at_least":
        whole = {"at_least": draw(st.integers(1, len(parts))), "of": parts}
    return {"not": whole} if draw(st.booleans()) else whole


@given(conditions())
@settings(max_examples=25, deadline=None)
def test_some_facts_tell_every_mutant_of_a_condition_apart(tree):
    original = read_condition(tree, {})
    names = sorted(set(comparison_facts(original)))
    worlds = [dict(zip(names, values, strict=True)) for values in product(range(-1, 5), repeat=len(names))]
    truths = [evaluate(original, world).truth for world in worlds]
    for _, changed, words, _ in condition_mutants(tree):
        mutant = read_condition(changed, {})
        assert any(evaluate(mutant, w).truth != t for w, t in zip(worlds, truths, strict=True)), words


def test_a_condition_is_mutated_in_each_of_its_parts():
    tree = {"all": [{"fact": "system.users", "in": ["a", "b"]}, {"fact": "system.n", "ge": 10}]}
    assert {".".join(map(str, at)) + ": " + words for at, _, words, _ in condition_mutants(tree)} == {
        "all: `all` -> `any`",
        "all.0: {fact: system.users, in: [a, b]} is dropped",
        "all.0.in: in -> not_in",
        "all.0.in: without a",
        "all.0.in: without b",
        "all.1: {fact: system.n, ge: 10} is dropped",
        "all.1.ge: ge -> gt",
        "all.1.ge: ge -> lt",
        "all.1.ge: 10 -> 9",
        "all.1.ge: 10 -> 11",
    }
    there = {"fact": "system.users", "present": True}
    assert [words for _, _, words, _ in condition_mutants(there)] == ["true -> false"]
