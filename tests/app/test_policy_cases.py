"""Cases of a pack run, and mutants of it: what is wrong is told, each by its name."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from hcgov.app.policy_mutate import mutate_packs
from hcgov.app.policy_test import run_packs
from hcgov.core.cases import CaseRun

DAY = date(2027, 1, 1)
HEAD = """\
hcgov: 1
kind: PolicyPack
metadata: {id: org.acme, version: 1.0.0, title: Rules, owner: me}
"""
CONTROL = """\
  - id: ACME-1
    title: Refusals stay even
    stage: evaluation
    check: evaluation.rate_gap@1
    with: {table: t, outcome: refused}
    limit: {at_most: "0.10"}
    severity: low
    enforcement: overridable
    why: it matters
    fix: mend it
    source: default
"""
CASES = """\
hcgov: 1
kind: PolicyCases
pack: org.acme
manifest: {artifacts.t.outcomes.refused: {column: refused, adverse: higher}}
cases:
"""
EVEN = 'evidence: {t: "age,refused,n\\na,1,100\\na,0,900\\nb,1,105\\nb,0,895\\n"}'
APART = 'evidence: {t: "age,refused,n\\na,1,100\\na,0,900\\nb,1,300\\nb,0,700\\n"}'
INSIDE = 'evidence: {t: "age,refused,n\\na,1,100\\na,0,900\\nb,1,172\\nb,0,828\\n"}'
OUTSIDE = 'evidence: {t: "age,refused,n\\na,1,100\\na,0,900\\nb,1,234\\nb,0,766\\n"}'
THREE = (
    f"name: even, {EVEN}, expect: pass",
    f"name: apart, {APART}, expect: fail, waiver: {{accepts: [fail], longest: 180}}, disposition: waived",
    "name: nothing, expect: missing",
)
SMALL = (
    'evidence: {t: "age,refused,n\\na,1,100\\na,0,900\\nb,1,105\\nb,0,895\\nc,1,1\\nc,0,8\\n"}, '
    "expect: inconclusive, reason: small_n, slice: {age: c}"
)
NEAR = (
    f"name: inside, {INSIDE}, expect: pass",
    f"name: outside, {OUTSIDE}, expect: fail",
    f"name: small, {SMALL}",
)


@dataclass(frozen=True)
class Acme:
    """A pack with one control, and its cases."""

    folder: Path

    def pack(self, *, more: str = "", head: str = "", control: str = CONTROL) -> "Acme":
        text = f"{HEAD}{head}controls:\n{control}{more}"
        (self.folder / "acme.yaml").write_text(text, encoding="utf-8")
        return self

    def cases(self, *cases: str, more: str = "", name: str = "acme", pack: str = "org.acme") -> "Acme":
        lines = "".join(f"  - {{control: ACME-1, {case}}}\n" for case in cases)
        text = CASES.replace("org.acme", pack) + lines + more
        (self.folder / f"{name}.cases.yaml").write_text(text, encoding="utf-8")
        return self

    def test(self, target: str = "acme.yaml") -> CaseRun:
        return run_packs([target], self.folder, DAY, lambda _: None)

    def mutate(self, target: str = "acme.yaml") -> CaseRun:
        return mutate_packs([target], self.folder, DAY, lambda _: None)


@pytest.fixture
def acme(tmp_path: Path) -> Acme:
    return Acme(tmp_path).pack()


def problems(tested: CaseRun) -> list[str]:
    return [f"{case.name}: {problem}" for case in tested.cases for problem in case.problems]


def gaps(tested: CaseRun) -> list[str]:
    return [gap.message for gap in tested.gaps]


def survivors(tested: CaseRun) -> list[str]:
    return [one.change for one in tested.mutants if one.outcome == "survived"]


def test_three_cases_are_enough_and_hold(acme: Acme):
    tested = acme.cases(*THREE).test()
    assert (tested.passed, len(tested.cases), problems(tested), gaps(tested)) == (True, 3, [], [])
    assert [case.where.line for case in tested.cases if case.where] == [6, 7, 8]


def test_a_pack_without_cases_fails(acme: Acme):
    tested = acme.test()
    assert not tested.passed
    assert gaps(tested) == ["org.acme has no cases; write them into `acme.cases.yaml`"]
    assert not acme.mutate().passed


@pytest.mark.parametrize(("left_out", "kind"), list(enumerate(["passing", "failing", "missing-evidence"])))
def test_a_control_that_lacks_a_case_is_told_with_its_place(acme: Acme, left_out: int, kind: str):
    tested = acme.cases(*THREE[:left_out], *THREE[left_out + 1 :]).test()
    assert not tested.passed
    (gap,) = tested.gaps
    assert f"ACME-1 has no {kind} case" in gap.message
    assert str(gap.where) == "acme.yaml:5:5"


@pytest.mark.parametrize(
    ("case", "words"),
    [
        (f"name: wrong, {APART}, expect: pass", "it is fail, not pass: "),
        (f"name: wrong, {EVEN}, expect: pass, says: nonsense", "no finding says `nonsense`, but: "),
        (
            f"name: wrong, {EVEN}, expect: pass, reason: small_n",
            "no finding has the reason small_n, but: none",
        ),
        (
            f"name: wrong, {APART}, expect: fail, slice: {{age: a}}",
            "no finding that is fail is about age=a, but: age=b",
        ),
        (
            f"name: wrong, {APART}, expect: fail, disposition: warned",
            "at risk profile standard it is blocked, not warned",
        ),
        (f"name: wrong, {EVEN}, expect: pass, also: [fail]", "`also: fail`, and no finding is fail"),
        (
            f"name: wrong, {APART}, expect: fail, waiver: {{accepts: [fail], longest: 179}}, disposition: waived",
            "a waiver of 180 days is accepted too",
        ),
        (
            f"name: wrong, {APART}, expect: fail, waiver: {{accepts: [fail], longest: 181}}, disposition: waived",
            "it is blocked, not waived",
        ),
        (f"name: wrong, {EVEN}, remove: [gone.md], expect: pass", "there is no `gone.md` to remove"),
        (f"name: wrong, {EVEN}, manifest: {{artifact.x: 1}}, expect: pass", "unknown key `artifact`"),
        (f"name: wrong, {EVEN}, manifest: {{slices: {{by: [agee]}}}}, expect: pass", "agee"),
        (f"name: wrong, {EVEN}, params: {{max_gap: 1}}, expect: pass", "max_gap"),
    ],
)
def test_a_case_that_is_wrong_is_told_and_the_others_hold(acme: Acme, case: str, words: str):
    tested = acme.cases(*THREE, case).test()
    assert not tested.passed
    assert [one.name for one in tested.cases if not one.passed] == ["wrong"]
    assert any(words in problem for problem in problems(tested)), problems(tested)


def test_a_further_finding_that_nobody_expects_is_told(acme: Acme):
    table = 'evidence: {t: "age,refused,n\\na,1,100\\na,0,900\\nb,1,300\\nb,0,700\\nc,1,1\\nc,0,8\\n"}'
    tested = acme.cases(*THREE, f"name: small, {table}, expect: fail").test()
    assert [p.partition(":")[0] for p in problems(tested)] == ["small"]
    assert "a further finding is inconclusive" in problems(tested)[0]
    assert acme.cases(*THREE, f"name: small, {table}, expect: fail, also: [inconclusive]").test().passed


WHEN = "    applies_when: {all: [{fact: system.users, eq: all}, {fact: system.n, ge: 10}]}\n"


def test_applicability_needs_its_case_and_is_mutated_in_every_branch(acme: Acme):
    acme.pack(more=WHEN)
    all_ = "facts: {users: all, n: 10}"
    cases = [f"{case}, {all_}" for case in (*THREE, *NEAR)]
    assert gaps(acme.cases(*cases).test()) == [
        "ACME-1 has no not-applicable case: none expects `not_applicable`"
    ]
    none = f"name: few, facts: {{users: all, n: 9}}, {EVEN}, expect: not_applicable"
    assert acme.cases(*cases, none).test().passed
    assert set(survivors(acme.cases(*cases, none).mutate())) == {
        "applies_when.all.0: {fact: system.users, eq: all} is dropped",
    }
    others = f"name: others, facts: {{users: some, n: 10}}, {EVEN}, expect: not_applicable"
    unknown = f"name: unknown, facts: {{n: 10}}, {EVEN}, expect: inconclusive, reason: unknown_fact"
    assert acme.cases(*cases, none, others, unknown).mutate().passed


def test_the_day_on_which_a_control_takes_effect_is_held_on_both_sides(acme: Acme):
    acme.pack(more='    effective_from: "2027-06-01"\n')
    cases = [f'{case}, date: "2028-01-01"' for case in (*THREE, *NEAR)]
    on = f'name: on the day, {APART}, date: "2027-06-01", expect: fail, disposition: blocked'
    before = f'name: the day before, {APART}, date: "2027-05-31", expect: fail, disposition: warned'
    days = {"effective_from: dropped", "effective_from: 2027-06-01 -> 2027-05-31"}
    assert set(survivors(acme.cases(*cases, on).mutate())) == days
    assert survivors(acme.cases(*cases, before).mutate()) == ["effective_from: 2027-06-01 -> 2027-06-02"]
    assert acme.cases(*cases, on, before).mutate().passed


def test_evidence_counts_as_signed_where_a_case_says_so(acme: Acme):
    acme.pack(more="    evidence: [{signed_by: [role:eval-runner], max_age: P30D}]\n")
    fresh = 'date: "2027-01-31", signed: {t: {eval-runner: "2027-01-01"}}'
    cases = [f"{case}, {fresh}" for case in (*THREE, *NEAR)]
    assert survivors(acme.cases(*cases).mutate()) == [
        "evidence: without entry 1",
        "evidence.0.max_age: dropped",
        "evidence.0.max_age: P30D -> P31D",
    ]
    unsigned = f"name: unsigned, {EVEN}, expect: missing, says: nobody signed it as eval-runner"
    old = f'name: old, {EVEN}, date: "2027-02-01", signed: {{t: {{eval-runner: "2027-01-01"}}}}, expect: missing'
    assert acme.cases(*cases, unsigned, old).test().passed
    assert acme.cases(*cases, unsigned, old).mutate().passed


def test_parameters_of_a_case_are_set(acme: Acme):
    control = CONTROL.replace('"0.10"', '"${gap}"')
    acme.pack(head='parameters:\n  gap: {type: ratio, default: "0.10", stricter: lower}\n', control=control)
    loose = f"name: loose, {APART}, params: {{gap: 0.20}}, expect: inconclusive"
    assert acme.cases(*THREE, loose).test().passed
    # The limit that a case sets by itself tells no mutant of the default apart.
    assert "limit.at_most: 0.10 -> 0.09" in survivors(acme.cases(*THREE, loose).mutate())


def test_survivors_are_told_with_place_and_the_case_that_is_lacking(acme: Acme):
    tested = acme.cases(*THREE).mutate()
    assert not tested.passed
    told = {one.change: (str(one.where), one.hint) for one in tested.mutants if one.outcome == "survived"}
    assert told == {
        "limit.at_most: 0.10 -> 0.09": (
            "acme.yaml:10:22",
            "a case that passes, with its deciding bound between 0.09 and 0.10",
        ),
        "limit.at_most: 0.10 -> 0.11": (
            "acme.yaml:10:22",
            "a case that does not pass, with its deciding bound between 0.10 and 0.11",
        ),
        "small_slices: judge -> list": (
            "acme.yaml:5:5",
            "a case in which a declared slice is too small to judge, and all others keep the limit",
        ),
    }
    assert acme.cases(*THREE, *NEAR).mutate().passed


def test_cases_that_do_not_hold_tell_no_mutant_apart(acme: Acme):
    tested = acme.cases(*THREE, f"name: wrong, {APART}, expect: pass").mutate()
    assert (tested.passed, tested.mutants, [case.name for case in tested.cases]) == (False, (), ["wrong"])


def test_words_tell_no_mutant_apart(acme: Acme):
    said = f"name: said, {EVEN}, expect: pass, says: '≤ 0.10'"
    assert "limit.at_most: 0.10 -> 0.11" in survivors(acme.cases(*THREE, said).mutate())


def test_an_equivalent_mutant_needs_an_entry_and_an_entry_a_mutant(acme: Acme):
    entry = "  - {{control: ACME-1, mutant: '{}', reason: nobody could tell them apart}}\n"
    names = ["limit.at_most: 0.10 -> 0.09", "limit.at_most: 0.10 -> 0.11", "small_slices: judge -> list"]
    named = "equivalent:\n" + "".join(entry.format(name) for name in names)
    tested = acme.cases(*THREE, more=named).mutate()
    assert tested.passed
    assert [one.change for one in tested.mutants if one.outcome == "equivalent"] == names
    unused = named + entry.format("limit.at_most: 0.10 -> 0.2") + entry.format("the control is dropped")
    told = gaps(acme.cases(*THREE, more=unused + entry.format(names[0])).mutate())
    assert [words.rpartition(":")[2].strip() for words in told] == [
        "it stands there twice",
        "there is no such mutant",
        "it is not needed, as the case `even` tells it apart",
        "it stands there twice",
    ]


CHILD = """\
hcgov: 1
kind: PolicyPack
metadata: {id: org.child, version: 1.0.0, title: Own, owner: me}
extends: [{pack: acme.yaml}]
"""
TIGHTER = 'overrides: [{control: ACME-1, set: {limit.at_most: "0.05"}, reason: we are strict}]\n'


def test_what_is_inherited_unchanged_needs_no_cases_and_what_is_changed_does(acme: Acme):
    second = CONTROL.replace("ACME-1", "ACME-2")
    acme.pack(more=second)
    (acme.folder / "own.yaml").write_text(CHILD + TIGHTER, encoding="utf-8")
    own = acme.cases(*THREE[:1], name="own", pack="org.child").test("own.yaml")
    assert [message[:20] for message in gaps(own)] == ["ACME-1 has no failin", "ACME-1 has no missin"]
    mutated = acme.cases(*THREE, name="own", pack="org.child").mutate("own.yaml")
    assert {one.control for one in mutated.mutants} == {"ACME-1"}
    assert "limit.at_most: as inherited" in survivors(mutated)
    apart = f"name: inherited would pass, {INSIDE}, expect: inconclusive"
    mutated = acme.cases(*THREE, apart, name="own", pack="org.child").mutate("own.yaml")
    assert "limit.at_most: as inherited" not in survivors(mutated)


def test_a_disabled_control_needs_a_case_that_says_so(acme: Acme):
    disabled = "disabled: [{control: ACME-1, reason: no tables, approved_by: jane}]\n"
    (acme.folder / "own.yaml").write_text(CHILD + disabled, encoding="utf-8")
    off = f"name: off, {EVEN}, expect: not_evaluated, disposition: listed"
    acme.cases(off, name="own", pack="org.child")
    assert acme.test("own.yaml").passed
    mutated = acme.mutate("own.yaml")
    assert mutated.passed
    assert [one.change for one in mutated.mutants] == [
        "the control is dropped",
        "the control is not disabled",
    ]


def test_of_a_project_its_own_packs_are_tested(acme: Acme):
    (acme.folder / "hcgov.yaml").write_text(
        "hcgov: 1\nsystem: {name: s, version: '1', risk_profile: low}\npolicies: [hc-core, acme.yaml]\nartifacts: {}\n",
        encoding="utf-8",
    )
    tested = acme.cases(*THREE).test(".")
    assert (tested.passed, {case.pack for case in tested.cases}) == (True, {"org.acme"})
    assert tested.notes == ("hc-core: not the project's own; `hcgov policy test hc-core` tests it",)
