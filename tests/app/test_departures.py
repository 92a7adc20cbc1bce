"""A project that builds on the shipped pack: what it changed stands in decision, record and first screen."""

import pytest

from hcgov.core.record import ControlV1
from tests.app.breaking import Copy, Ended

HEAD = """\
hcgov: 1
kind: PolicyPack
metadata: {id: org.own, version: 1.0.0, title: Our own rules, owner: us}
extends: [{pack: hc-core@0}]
"""


def own(copy: Copy, more: str, *select: str) -> Ended:
    (copy.root / "own.yaml").write_text(HEAD + more, encoding="utf-8")
    copy.manifest("policies: [hc-core]", "policies: [own.yaml]")
    return copy.check(*select)


def only(ended: Ended) -> ControlV1:
    assert ended.report is not None, ended.told()
    (control,) = ended.report.controls
    return control


def said(ended: Ended) -> list[str]:
    assert ended.report is not None
    return [one.text for one in ended.report.departures]


def test_an_inherited_control_decides_as_it_does_in_its_own_pack(copy: Copy):
    ended = own(copy, "", "HC-EVL-01")
    assert only(ended).pack == "hc-core"
    assert only(ended).changes == ()
    assert ended.report is not None
    assert [(pack.id, pack.inherited) for pack in ended.report.packs] == [
        ("org.own", False),
        ("hc-core", True),
    ]


def test_a_tightened_limit_judges_and_is_told_in_the_record(copy: Copy):
    tighter = 'overrides: [{control: HC-EVL-01, set: {limit.at_most: "0.001"}, reason: works council}]\n'
    control = only(own(copy, tighter, "HC-EVL-01"))
    assert control.verdict in ("fail", "inconclusive")
    (change,) = control.changes
    assert (change.path, change.before, change.after, change.loosened) == (
        "limit.at_most",
        "0.10",
        "0.001",
        False,
    )


@pytest.mark.parametrize(
    ("set_", "field"),
    [
        ('{limit.at_most: "0.20"}', "limit.at_most"),
        ('{limit.confidence: "0.90"}', "limit.confidence"),
        ("{enforcement: advisory}", "enforcement.high"),
        ("{severity: low}", "severity"),
        ("{applies_when: {fact: system.users, eq: staff}}", "applies_when"),
        ("{effective_from: 2030-01-01}", "effective_from"),
        ("{with.slices: {by: [age_band]}}", "with.slices"),
        ("{small_slices: list, small_slices_reason: few people}", "small_slices"),
    ],
)
def test_asking_for_less_takes_leave(set_, field, copy: Copy):
    ended = own(copy, f"overrides: [{{control: HC-EVL-01, set: {set_}, reason: easier}}]\n", "HC-EVL-01")
    assert ended.code == 2
    assert any(m.code == "HCG-R018" and f"`{field}" in m.message for m in ended.mistakes), ended.told()
    assert all(m.where is not None and m.where.file == "own.yaml" for m in ended.mistakes)


def test_leave_to_ask_for_less_stands_on_the_first_screen(copy: Copy):
    leave = "loosen: {reason: a small country, approved_by: jane@x.example}"
    looser = f'overrides: [{{control: HC-EVL-01, set: {{limit.at_most: "0.20"}}, reason: agreed, {leave}}}]\n'
    ended = own(copy, looser, "HC-EVL-01")
    (change,) = only(ended).changes
    assert (change.loosened, change.approved_by, change.why_loosened) == (
        True,
        "jane@x.example",
        "a small country",
    )
    sentence = (
        "HC-EVL-01: `limit.at_most` was loosened by org.own from 0.10 to 0.20; leave given by jane@x.example: "
        "a small country"
    )
    assert sentence in said(ended)


def test_a_disabled_control_is_listed_and_a_mandatory_one_blocks(copy: Copy):
    disabled = "disabled: [{control: HC-DSN-02, reason: none yet, approved_by: jane@x.example}, {control: HC-DSN-01, reason: none yet, approved_by: jane@x.example}]\n"  # noqa: E501 - one entry
    ended = own(copy, disabled, "HC-DSN")
    assert ended.report is not None
    found = {control.id: control for control in ended.report.controls}
    assert (found["HC-DSN-02"].verdict, found["HC-DSN-02"].disposition) == ("not_evaluated", "listed")
    assert (found["HC-DSN-01"].verdict, found["HC-DSN-01"].disposition) == ("not_evaluated", "blocked")
    assert found["HC-DSN-01"].disabled
    assert ended.code == 1
    assert "HC-DSN-02 is disabled by jane@x.example: none yet" in said(ended)


@pytest.mark.parametrize(
    ("facts", "verdict", "code"),
    [("public", "pass", 0), ("staff", "not_applicable", 3), ("", "inconclusive", 3)],
)
def test_a_control_applies_by_what_is_stated_and_nothing_stated_decides_nothing(
    facts, verdict, code, copy: Copy
):
    control = (
        "controls:\n  - {id: OWN-1, title: A rule, stage: design, check: design.purpose_stated@1, "
        "with: {artifact: purpose}, severity: low, enforcement: overridable, why: People, fix: Mend it, "
        "source: organisation, applies_when: {fact: system.users, eq: public}}\n"
    )
    if facts:
        copy.manifest("  facts:\n", f"  facts:\n    users: {facts}\n")
    ended = own(copy, control, "OWN-1")
    assert only(ended).verdict == verdict
    assert ended.code == code
    if verdict == "inconclusive":
        assert only(ended).findings[0].reason == "unknown_fact"
        assert "system.users is not stated" in only(ended).headline.text


def test_a_control_before_its_day_warns_and_says_from_when_it_counts(copy: Copy):
    copy.replace("design/purpose.yaml", "served:", "sreved:")
    control = (
        "controls:\n  - {id: OWN-1, title: A rule, stage: design, check: design.purpose_stated@1, "
        "with: {artifact: purpose}, severity: low, enforcement: mandatory, why: People, fix: Mend it, "
        "source: organisation, effective_from: 2026-11-22}\n"
    )
    ended = own(copy, control, "OWN-1")
    assert (only(ended).disposition, only(ended).upcoming) == ("warned", "2026-11-22")
    assert "OWN-1 is advisory until 2026-11-22, from which it is enforced as written" in said(ended)


def test_a_limit_beyond_the_floor_of_a_clause_does_not_count_for_it(copy: Copy):
    clause = "nist-ai-rmf@1.0:MEASURE 2.11"
    floor = (
        f'floors: [{{clause: "{clause}", check: evaluation.rate_gap, limit: {{at_most: "0.05"}}, '
        "reason: agreed with the regulator}]\n"
    )
    ended = own(copy, floor, "HC-EVL-01")
    assert clause not in only(ended).supports
    assert any(f"HC-EVL-01 does not count for {clause}: its limit is ≤ 0.10" in one for one in said(ended))


def test_a_limit_that_is_less_sure_than_the_floor_of_a_clause_does_not_count_for_it(copy: Copy):
    clause = "nist-ai-rmf@1.0:MEASURE 2.11"
    floor = (
        f'floors: [{{clause: "{clause}", check: evaluation.rate_gap, limit: {{at_most: "0.10", '
        'confidence: "0.99"}, reason: agreed with the regulator}]\n'
    )
    ended = own(copy, floor, "HC-EVL-01")
    assert clause not in only(ended).supports
    told = (
        "its limit is ≤ 0.10 at a confidence of 0.95, and the clause asks for ≤ 0.10 at a confidence of 0.99"
    )
    assert any(told in one for one in said(ended))


@pytest.mark.parametrize(
    ("check", "limit", "told"),
    [
        ("evaluation.rate_gpa", '{at_most: "0.05"}', "did you mean `evaluation.rate_gap`"),
        ("evaluation.rate_gap", "{}", "exactly one of `at_most` and `at_least`"),
        (
            "evaluation.rate_gap",
            '{at_most: "0.05", at_least: "0"}',
            "exactly one of `at_most` and `at_least`",
        ),
    ],
)
def test_a_floor_that_would_bound_nothing_is_a_mistake(copy: Copy, check: str, limit: str, told: str):
    floor = (
        f'floors: [{{clause: "nist-ai-rmf@1.0:MEASURE 2.11", check: {check}, limit: {limit}, reason: law}}]\n'
    )
    ended = own(copy, floor, "HC-EVL-01")
    assert ended.code == 2
    assert any(told in f"{one.message} {one.help}".lower() for one in ended.mistakes)
    assert all(one.where is not None for one in ended.mistakes)
