import pytest

from hcgov.core.check import Check
from hcgov.core.evidence.absent import Absence, Absent
from hcgov.core.evidence.documents import RecordOf, SubjectOf
from hcgov.core.measurement import Answered
from hcgov.core.occasion import Occasion
from hcgov.core.text import text
from hcgov.io.plugins import load_registry
from hcgov.stages.deployment.released_by import ReleasedBy, released_by
from hcgov.stages.specimens import ONE, OTHER, digest, record

ROLES = ("owner", "council")


def signature(role, name="", decision="approve", on="2026-11-20", **other):
    meaning = "I answer for this release."
    return {
        "role": role,
        "name": name or f"Person {role}",
        "decision": decision,
        "on": on,
        "meaning": meaning,
    } | other


BOTH = [signature("owner"), signature("council")]


def told(data, **params):
    found = list(
        released_by(
            signoff=record("signoff", data),
            subject=digest("model", ONE),
            params=ReleasedBy(roles=ROLES, **params),
            occasion=Occasion(date="2026-11-21"),
        )
    )
    assert found
    assert not any("Person" in str(s.text) for s in found)
    return {s.about: s.answer for s in found}


def answers(signatures, sha256=ONE, **params):
    return told({"kind": "SignOff", "subject_sha256": sha256, "signatures": signatures}, **params)


def test_every_role_must_approve_this_very_build():
    assert set(answers(BOTH).values()) == {Answered.MET}
    assert set(answers(BOTH, sha256=f"sha256:{ONE.upper()}").values()) == {Answered.MET}


def test_approvals_of_another_build_count_for_nothing():
    assert answers(BOTH, sha256=OTHER) == {"subject": Answered.MISSING}
    for unsaid in ("TBD", ONE[:12], "latest"):
        assert answers(BOTH, sha256=unsaid) == {"subject": Answered.PENDING}


def test_a_role_that_is_absent_or_abstains_is_awaited():
    assert answers(BOTH[:1])["role council"] is Answered.PENDING
    assert answers([])["role owner"] is Answered.PENDING
    abstains = answers([BOTH[0], signature("council", decision="abstain")])
    assert abstains["role council"] is Answered.PENDING


def test_a_refusal_counts_even_beside_an_approval_and_from_a_role_that_nobody_asked():
    refuses = signature("council", name="Person z", decision="reject")
    assert answers([*BOTH, refuses])["refusal council"] is Answered.NOT_MET
    assert answers([*BOTH, signature("visitor", decision="reject")])["refusal visitor"] is Answered.NOT_MET


def test_one_person_cannot_fill_two_roles_unless_policy_allows_it():
    same = [signature("owner", "Person A"), signature("council", " person a ")]
    assert answers(same)["one person as council, owner"] is Answered.NOT_MET
    assert set(answers(same, allow_same_person=True).values()) == {Answered.MET}
    twice = [*BOTH, signature("owner")]
    assert set(answers(twice).values()) == {Answered.MET}


def test_days_must_be_days_and_not_to_come():
    assert answers([BOTH[0], signature("council", on="2026-11-22")])["signatures[2].on"] is Answered.NOT_MET
    assert answers([BOTH[0], signature("council", on="last week")])["signatures[2].on"] is Answered.PENDING
    assert set(answers([BOTH[0], signature("council", on="2026-11-21")]).values()) == {Answered.MET}


@pytest.mark.parametrize(
    "fault", [{"decision": "maybe"}, {"name": ""}, {"meaning": ""}, {"role": ""}, {"sign": "x"}, {"on": None}]
)
def test_a_faulty_signature_is_told_and_does_not_approve(fault):
    found = answers([BOTH[0], BOTH[1] | fault])
    assert Answered.NOT_MET in found.values()
    assert found["role council"] is Answered.PENDING


def test_a_signature_that_waits_to_be_written_does_not_approve():
    found = answers([BOTH[0], signature("council", name="TBD")])
    assert found["signatures[2].name"] is Answered.PENDING
    assert found["role council"] is Answered.PENDING


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        "yes",
        {},
        {"kind": "Purpose"},
        {"kind": "SignOff", "subject_sha256": ONE, "signatures": "all"},
    ],
)
def test_what_is_no_sign_off_releases_nothing(data):
    assert Answered.MET not in told(data).values()


def test_a_sign_off_that_nobody_wrote_yet_is_awaited_and_an_unreadable_one_is_not():
    check = load_registry(["deployment.released_by"]).checks["deployment.released_by"]
    assert isinstance(check, Check)

    def absent(reason):
        return Absent(reason=reason, artifact="signoff", detail=text("not there"))

    signoff = RecordOf(artifact="signoff")
    assert check.awaits(signoff, absent(Absence.NO_FILE))
    assert not check.awaits(signoff, absent(Absence.UNREADABLE))
    assert not check.awaits(SubjectOf(), absent(Absence.NO_FILE))
