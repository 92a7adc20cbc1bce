"""The schema that editors use: it takes every sound pack, refuses broken ones where they are broken, and completes."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Annotated

import jsonschema
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st
from pydantic import Field

from hcgov.app.policy import read_policies
from hcgov.app.schemas import KINDS, schema_of
from hcgov.cli.policy_schema import Kind
from hcgov.core.check import Judged, Params
from hcgov.core.direction import Stricter
from hcgov.core.evidence.source import Tree
from hcgov.core.mistake import AuthoringError
from hcgov.io.plugins import load_built_in
from hcgov.io.policies.schema import pack_schema
from hcgov.io.policies.writing import written
from hcgov.io.yaml import parse

ROOT = Path(__file__).resolve().parents[3]
REGISTRY = load_built_in()

PACK = """\
hcgov: 1
kind: PolicyPack
metadata: {id: org.acme, version: 1.0.0, title: Our rules, owner: us}
parameters: {max_gap: {type: ratio, default: "0.10", stricter: lower}}
facts: {high: {fact: system.risk_profile, in: [high]}}
controls:
  - id: ACME-1
    title: Rates stay even
    stage: evaluation
    check: evaluation.rate_gap@1
    with: {table: decisions, outcome: refused, slices: {by: [age], min_people: 30}}
    limit: {at_most: "${max_gap}", confidence: "0.95"}
    narrow: {at_most: 0.05}
    severity: high
    enforcement: {high: mandatory, else: "advisory"}
    applies_when: {all: [high, {not: {fact: system.users, eq: internal}}]}
    evidence: [{signed_by: [role:eval-runner], max_age: P30D}]
    why: People rely on it.
    fix: Mend it.
    source: organisation
"""


@cache
def validator() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(json.loads(schema_of("pack", installed=False)))


def tree(text: str) -> Tree:
    return parse(text.encode(), "pack.yaml").data


def faults(text: str) -> list[tuple[str, str]]:
    """Return the paths of what the schema refuses, the deepest of each, with the words of the library."""
    return [
        (".".join(map(str, error.absolute_path)), error.message)
        for error in validator().iter_errors(tree(text))
    ]


def packs_in_docs() -> Iterator[str]:
    for page in sorted((ROOT / "docs").glob("*.md")):
        found = re.findall(
            r"^```yaml[^\n]*\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
        )
        yield from (block for block in found if "kind: PolicyPack" in block)


def packs_in_files() -> list[Path]:
    files = [*(ROOT / "policies").rglob("*.yaml"), *(ROOT / "examples").rglob("*.yaml")]
    return sorted(file for file in files if "kind: PolicyPack" in file.read_text(encoding="utf-8"))


@pytest.mark.parametrize("kind", KINDS)
def test_every_schema_is_one(kind: str):
    made = json.loads(schema_of(kind, installed=False))
    jsonschema.Draft202012Validator.check_schema(made)
    assert made["$id"].startswith("urn:hcgov:schema:hcgov.")


def test_the_command_offers_every_kind():
    assert {kind.value for kind in Kind} == set(KINDS)


def test_packs_that_come_with_it_and_those_of_the_examples_are_taken():
    files = packs_in_files()
    assert len(files) >= 2
    assert {file.name: faults(file.read_text(encoding="utf-8")) for file in files} == {
        file.name: [] for file in files
    }


def test_packs_in_the_documentation_are_taken():
    broken, sound = [], []
    for block in packs_in_docs():
        (broken if "id: org.slip" in block else sound).append(block)
    assert len(sound) >= 7
    assert [faults(block) for block in sound] == [[] for _ in sound]
    assert all(faults(block) for block in broken)


def test_a_sound_pack_is_taken():
    assert faults(PACK) == []


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ("hcgov: 1", "hcgov: 2", "hcgov"),
        ("hcgov: 1", "hcgov: true", "hcgov"),
        ("kind: PolicyPack", "kind: PolicyPak", "kind"),
        ("version: 1.0.0", 'version: "1.0"', "metadata.version"),
        ("owner: us}", "owners: us}", "metadata"),
        ("stricter: lower", "stricter: smaller", "parameters.max_gap.stricter"),
        ('default: "0.10"', "default: lots", "parameters.max_gap.default"),
        ("type: ratio", "type: text", "parameters.max_gap.stricter"),
        ("in: [high]", "among: [high]", "facts.high"),
        ("id: ACME-1", "id: -ACME", "controls.0.id"),
        ("stage: evaluation", "stage: evalution", "controls.0.stage"),
        ("check: evaluation.rate_gap@1", "check: evaluation.rate_gpa@1", "controls.0.check"),
        ("check: evaluation.rate_gap@1", "check: evaluation.rate_gap@2", "controls.0.check"),
        ("table: decisions, ", "", "controls.0.with"),
        ("outcome: refused", "outcom: refused", "controls.0.with"),
        ("min_people: 30", "min_people: 0", "controls.0.with.slices.min_people"),
        ("min_people: 30", "min_people: 1_0", "controls.0.with.slices.min_people"),
        ("min_people: 30", "min_people: true", "controls.0.with.slices.min_people"),
        ("by: [age]", "by: age", "controls.0.with.slices.by"),
        ('limit: {at_most: "${max_gap}"', "limit: {at_least: 0.5", "controls.0.limit.at_least"),
        ('limit: {at_most: "${max_gap}"', "limit: {at_most: 1.5", "controls.0.limit.at_most"),
        ("narrow: {at_most: 0.05}", "narrow: {at_most: 0.05, at_least: 0.01}", "controls.0.narrow"),
        ("severity: high", "severity: hihg", "controls.0.severity"),
        ("else: ", "otherwhile: ", "controls.0.enforcement"),
        ("eq: internal", "eg: internal", "controls.0.applies_when.all.1.not"),
        ("applies_when: {all: [", "applies_when: {each: [", "controls.0.applies_when"),
        ("role:eval-runner", "eval-runner", "controls.0.evidence.0.signed_by.0"),
        ("max_age: P30D", "max_age: 30 days", "controls.0.evidence.0.max_age"),
        ("    why: People rely on it.\n", "", "controls.0"),
        ("source: organisation", "source: organisation\n    tresholds: 1", "controls.0"),
        ("source: organisation", "source: organisation\n    small_slices: list", "controls.0"),
        (
            "controls:",
            "overrides: [{control: X, set: {check.major: 2}, reason: why not}]\ncontrols:",
            "overrides.0.set",
        ),
        (
            "controls:",
            "disabled: [{control: X, reason: not used}]\ncontrols:",
            "disabled.0",
        ),
    ],
)
def test_what_is_broken_is_refused_at_its_path(old: str, new: str, path: str, tmp_path: Path):
    text = PACK.replace(old, new, 1)
    assert text != PACK
    assert path in {where for where, _ in faults(text)}
    file = tmp_path / "own.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(AuthoringError):  # what an editor underlines, the program refuses as well
        read_policies([str(file)], tmp_path)


def test_a_limit_of_a_check_that_is_not_judged_by_a_number_is_refused():
    statement = PACK.replace("evaluation.rate_gap@1", "design.purpose_stated").replace(
        "with: {table: decisions, outcome: refused, slices: {by: [age], min_people: 30}}",
        "with: {artifact: purpose}",
    )
    assert {path for path, _ in faults(statement)} == {"controls.0.limit", "controls.0.narrow"}


def test_a_check_of_another_package_completes_as_well():
    class Least(Params):
        """Parameters of a check of ours."""

        least: Annotated[int, Stricter.HIGHER] = Field(ge=1, le=10, description="Fewest of them.")

    one = REGISTRY.checks["design.purpose_stated"]
    own = replace(one, id="acme.counted", major=3, params=Least, judged=Judged.BY_STATEMENT)
    made = pack_schema(replace(REGISTRY, checks={**REGISTRY.checks, own.id: own}))
    checker = jsonschema.Draft202012Validator(made)
    pack = tree(PACK)
    assert isinstance(pack, dict)
    assert isinstance(pack["controls"], list)
    control = {k: v for k, v in pack["controls"][0].items() if k not in ("limit", "narrow")}  # type: ignore[union-attr]  # a mapping
    for named, least, fits in (
        ("acme.counted@3", 3, True),
        ("acme.counted", "${least}", True),
        ("acme.counted@1", 3, False),
        ("acme.counted@3", 11, False),
    ):
        changed = {**control, "check": named, "with": {"least": least}}
        assert checker.is_valid({**pack, "controls": [changed]}) is fits


# What `policy validate` accepts, the schema accepts

numbers = st.sampled_from([0.05, "0.05", "5e-2", 0.5, "0.50", ".5"])
texts = st.sampled_from(["abc", "ein längerer Satz.", "yes", "12:30:00"])
conditions = st.recursive(
    st.one_of(
        st.just({"fact": "system.users", "eq": "internal"}),
        st.just({"fact": "system.age", "between": [0, 17.5]}),
        st.just({"fact": "system.tags", "superset": ["a", True, 3]}),
        st.just({"fact": "system.x.y", "present": False}),
        st.just({"fact": "system.n", "ge": 3}),
        st.just("named"),
    ),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"all": parts}),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"none": parts}),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: {"of": parts, "at_least": 2}),
        inner.map(lambda one: {"not": one}),
    ),
    max_leaves=6,
)


@cache
def examples() -> list[tuple[str, dict[str, Tree], tuple[str, object] | None]]:
    """Return parameters that suit each check, and a limit where one is needed: those of its worked examples."""
    return [
        (
            check.id,
            example.params.model_dump(mode="json", by_alias=True, exclude_unset=unset),
            None if example.limit is None else (example.limit.side.value, str(example.limit.value)),
        )
        for check in REGISTRY.checks.values()
        for example in check.examples()
        for unset in (True, False)
    ]


@st.composite
def controls(draw: st.DrawFn, number: int) -> dict[str, object]:
    id_, params, limit = draw(st.sampled_from(examples()))
    check = REGISTRY.checks[id_]
    made: dict[str, object] = {
        "id": f"ACME-{number}",
        "title": draw(texts),
        "stage": check.stage,
        "check": draw(st.sampled_from([id_, f"{id_}@{check.major}"])),
        "with": params,
        "severity": draw(st.sampled_from(["low", "medium", "high", "critical"])),
        "enforcement": draw(st.sampled_from(["advisory", {"high": "mandatory", "else": "overridable"}])),
        "why": draw(texts),
        "fix": draw(texts),
        "source": draw(st.sampled_from(["paper", "convention", "default", "organisation", "${source}"])),
    }
    if limit is not None:
        made["limit"] = {limit[0]: limit[1]}
    optional = {
        "applies_when": draw(conditions),
        "effective_from": "2027-01-31",
        "supports": ["nist-ai-rmf@1.0:MEASURE 2.11"],
        "evidence": [{"signed_by": ["role:runner"], "max_age": "P3D"}],
        "small_slices": "list",
        "small_slices_reason": "few people",
        "safety": "strict",
    }
    kept = set(draw(st.lists(st.sampled_from(sorted(optional)), unique=True)))
    kept |= {"small_slices_reason"} & ({"small_slices_reason"} if "small_slices" in kept else set())
    return {**made, **{key: optional[key] for key in optional if key in kept}}


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_what_validate_accepts_the_schema_accepts(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
):
    count = data.draw(st.integers(min_value=1, max_value=4))
    pack = {
        "hcgov": 1,
        "kind": "PolicyPack",
        "metadata": {"id": "org.acme", "version": "1.2.3", "title": data.draw(texts), "owner": "us"},
        "parameters": {
            "source": {"type": "text", "default": "paper", "stricter": "none"},
            "ratio": {"type": "ratio", "default": data.draw(numbers), "stricter": "lower", "maximum": "0.9"},
            "flag": {"type": "boolean", "default": data.draw(st.booleans()), "stricter": "none"},
        },
        "facts": {"named": {"fact": "system.risk_profile", "in": ["high"]}},
        "floors": [
            {
                "clause": "x@1:2",
                "check": "evaluation.rate_gap",
                "limit": {"at_most": data.draw(numbers)},
                "reason": "law",
            }
        ],
        "controls": [data.draw(controls(number)) for number in range(count)],
    }  # fmt: skip
    file = tmp_path_factory.mktemp("pack") / "own.yaml"
    file.write_text(written(pack), encoding="utf-8")  # type: ignore[arg-type]  # a tree of plain values
    try:
        read_policies([str(file)], file.parent)
    except AuthoringError:
        reject()  # a limit of an example may stand at the end of what can decide
    assert [error.message for error in validator().iter_errors(tree(file.read_text(encoding="utf-8")))] == []
