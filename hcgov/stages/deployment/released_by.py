"""The release is signed off, for this very build, by everyone whose role it needs."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import Field

from hcgov.core.check import Example, Judged, Params, Request, check
from hcgov.core.direction import Stricter
from hcgov.core.evidence.documents import Digest, Record, RecordOf, SubjectOf
from hcgov.core.evidence.source import Tree
from hcgov.core.measurement import Answered, Statement
from hcgov.core.occasion import Occasion
from hcgov.core.status import Verdict
from hcgov.core.text import Text, text
from hcgov.stages.days import age
from hcgov.stages.prose import folded
from hcgov.stages.records import Path, Written, dotted, read, where
from hcgov.stages.specimens import ONE, OTHER, digest, record

SHA256 = re.compile(r"[0-9a-f]{64}")


class ReleasedBy(Params):
    """Parameters of the sign-off."""

    signoff: str = Field(default="signoff", description="Record with the sign-off.")
    roles: Annotated[tuple[str, ...], Stricter.SUPERSET] = Field(
        min_length=1, description="Roles that must each approve."
    )
    allow_same_person: Annotated[bool, Stricter.FALSE] = Field(
        default=False, description="Whether one person may approve in two of the roles."
    )


class _SignOff(Written):
    kind: Literal["SignOff"]
    subject_sha256: str  # empty until somebody signs, which is awaited and no fault
    signatures: tuple[object, ...] = ()


class _Signature(Written):
    role: str = Field(min_length=1)
    name: str = Field(min_length=2)
    decision: Literal["approve", "reject", "abstain"]
    on: str = Field(min_length=8)
    meaning: str = Field(min_length=5)


def asks(params: ReleasedBy) -> Mapping[str, Request]:
    """Ask for the sign-off and for the digest of what is released."""
    return {"signoff": RecordOf(artifact=params.signoff), "subject": SubjectOf()}


def examples() -> tuple[Example[ReleasedBy], ...]:
    """Return a sign-off by both roles, and those where one refuses, is awaited, or signed another build."""

    def signature(role: str, name: str, decision: str = "approve", on: str = "2026-11-20") -> Tree:
        meaning = "I have read the report and answer for this release."
        return {"role": role, "name": name, "decision": decision, "on": on, "meaning": meaning}

    owner, works_council = signature("product-owner", "A. Person"), signature("works-council", "B. Person")
    cases: tuple[tuple[str, list[Tree], str, Verdict], ...] = (
        ("both approve", [owner, works_council], ONE, Verdict.PASS),
        (
            "the works council refuses",
            [owner, signature("works-council", "B. Person", "reject")],
            ONE,
            Verdict.FAIL,
        ),
        ("one person in two roles", [owner, signature("works-council", "A. Person")], ONE, Verdict.FAIL),
        (
            "signed on a day to come",
            [owner, signature("works-council", "B. Person", on="2027-01-01")],
            ONE,
            Verdict.FAIL,
        ),
        ("the works council is awaited", [owner], ONE, Verdict.PENDING),
        ("another build was signed", [owner, works_council], OTHER, Verdict.MISSING),
    )
    return tuple(
        Example(
            title=title,
            params=ReleasedBy(roles=("product-owner", "works-council")),
            evidence={
                "signoff": record(
                    "signoff", {"kind": "SignOff", "subject_sha256": signed, "signatures": signatures}
                ),
                "subject": digest("model", ONE),
            },
            expect=expect,
        )
        for title, signatures, signed, expect in cases
    )


@check(
    asks=asks,
    params=ReleasedBy,
    examples=examples,
    judged=Judged.BY_STATEMENT,
    absent_is_pending=True,
    supports=(
        "nist-ai-rmf:MANAGE 1.1",
        "nist-ai-rmf:GOVERN 3.2",
        "eu-ai-act:Art.14(1)-(4)",
        "eu-ai-act:Art.17(1)",
        "iso-42001:A.6.2.5",
    ),
)
def released_by(
    signoff: Record, subject: Digest, params: ReleasedBy, occasion: Occasion
) -> Iterator[Statement]:
    """Say whether this build was signed, and for each role whether it approved.

    Someone answers for a release, by name, for one build and on a day; a refusal by anyone is kept and
    counts. Names are attested, not proven, until signatures are verified. Source: policy of the organisation;
    NIST AI RMF 1.0, MANAGE 1.1.
    """
    signed, faults = read(signoff, signoff.data, _SignOff, placeholders=False)
    yield from faults
    if signed is None:
        return
    answer, found = _subject(signed.subject_sha256, subject.sha256)
    yield Statement(about="subject", answer=answer, text=found, where=where(signoff, ("subject_sha256",)))
    if answer is not Answered.MET:
        return
    written = signoff.data.get("signatures") if isinstance(signoff.data, dict) else None
    good: list[tuple[Path, _Signature]] = []
    for index, value in enumerate(written if isinstance(written, list) else []):
        path: Path = ("signatures", index)
        parsed, faults = read(signoff, value, _Signature, path)
        yield from faults
        if parsed is not None:
            yield from _day(signoff, parsed, path, occasion)
            good.append((path, parsed))
    yield from _roles(signoff, good, params)
    if not params.allow_same_person:
        yield from _same_person([signature for _, signature in good], params.roles)


def _subject(written: str, released: str) -> tuple[Answered, Text]:
    theirs = written.casefold().removeprefix("sha256:")
    if SHA256.fullmatch(theirs) is None:
        return Answered.PENDING, text(
            "`subject_sha256` holds no SHA-256: a person must still say what is signed"
        )
    if theirs != released.casefold():
        return Answered.MISSING, text(
            "another build was signed: {theirs}, and what is released is {ours}",
            theirs=theirs[:12],
            ours=released[:12],
        )
    return Answered.MET, text("what was signed is what is released, {sha}", sha=theirs[:12])


def _day(signoff: Record, signature: _Signature, path: Path, occasion: Occasion) -> Iterator[Statement]:
    days = age(signature.on, occasion.date)
    if days is not None and days >= 0:
        return
    future = days is not None
    yield Statement(
        about=dotted((*path, "on")),
        answer=Answered.NOT_MET if future else Answered.PENDING,
        text=text("{role} signed on a day to come, {on}", role=signature.role, on=signature.on)
        if future
        else text("{role} signed without a day, such as 2026-11-21", role=signature.role),
        where=where(signoff, (*path, "on")),
    )


def _roles(
    signoff: Record, signatures: list[tuple[Path, _Signature]], params: ReleasedBy
) -> Iterator[Statement]:
    refusals = {one.role: path for path, one in signatures if one.decision == "reject"}
    for role, path in refusals.items():
        yield Statement(
            about=f"refusal {role}",
            answer=Answered.NOT_MET,
            text=text("{role} refuses the release", role=role),
            where=where(signoff, path),
        )
    for role in params.roles:
        mine = [(path, one) for path, one in signatures if one.role == role]
        approved = next((path for path, one in mine if one.decision == "approve"), None)
        if approved is not None:
            answer, found = Answered.MET, text("{role} approves", role=role)
        elif any(one.decision == "abstain" for _, one in mine):
            answer, found = Answered.PENDING, text("{role} abstains; someone must still decide", role=role)
        else:
            answer, found = Answered.PENDING, text("{role} has not approved yet", role=role)
        yield Statement(
            about=f"role {role}",
            answer=answer,
            text=found,
            where=where(signoff, approved) if approved else None,
        )


def _same_person(signatures: list[_Signature], roles: tuple[str, ...]) -> Iterator[Statement]:
    people = {
        (folded(one.name), one.role) for one in signatures if one.role in roles and one.decision == "approve"
    }
    twice = [name for name, times in Counter(name for name, _ in people).items() if times > 1]
    for name in twice:
        held = ", ".join(sorted(role for who, role in people if who == name))
        yield Statement(
            about=f"one person as {held}",
            answer=Answered.NOT_MET,
            text=text("one person approves as {held}; each role needs a person of its own", held=held),
        )
