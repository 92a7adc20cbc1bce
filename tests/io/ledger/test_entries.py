"""Entries are strict, closed and canonical."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from hcgov.io.ledger import (
    Actor,
    AliasPromoted,
    BaselineChanged,
    Body,
    Data,
    Entry,
    GateDecided,
    KeyRotated,
    LabelsLookedAt,
    Pack,
    PolicyRegistered,
    ReportRendered,
    RunFinished,
    RunStarted,
    SignOff,
    WaiverApproved,
    digest_of,
    leaf_of,
    seal,
)
from hcgov.io.ledger.entries import entry_of

D = digest_of(b"x")
KEY = "ab" * 32
BODIES: list[Body] = [
    PolicyRegistered(
        policy=D,
        packs=(Pack(id="hc-core", version="1.0.0", sha256=D),),
        subject=D,
        data=(Data(artifact="held-out", sha256=D),),
        seeds=(7,),
    ),
    RunStarted(
        run="20270301T120000Z-ab12",
        policy=D,
        subject=D,
        attempt=1,
        looks=(LabelsLookedAt(at=("answers:2027-01", "labels"), data=D, attempt=2),),
    ),
    RunFinished(run="r", policy=D, report=D, decision="passed", exit_code=0),
    WaiverApproved(waiver="W-2026-014", control="ACME-EVL-007", statement=D, expires="2027-01-15"),
    BaselineChanged(before=D, after=D, added=1, removed=0, changed=2),
    SignOff(statement=D, subject=D, role="release-manager"),
    KeyRotated(retired=KEY, introduced=None, why="lost"),
    ReportRendered(report=D, form="html", rendering=D),
    GateDecided(run="r", report=D, decision="failed", exit_code=1),
    AliasPromoted(run="r", model=seal("m").commitment, version="4", alias="champion"),
]


def entry(body: Body) -> Entry:
    return Entry(ledger="0" * 32, index=0, at="2027-03-01T12:00:00Z", actor=Actor(role="r"), body=body)


@pytest.mark.parametrize("body", BODIES, ids=lambda body: body.kind)
def test_what_is_written_is_read(body: Body) -> None:
    leaf = leaf_of(entry(body))
    assert b"\n" not in leaf
    assert entry_of(leaf) == entry(body)
    assert leaf_of(entry_of(leaf)) == leaf


def test_every_kind_is_among_them() -> None:
    assert {type(body) for body in BODIES} == set(Body.__args__)  # type: ignore[attr-defined]  # a union


def test_a_rotation_of_no_key_is_none() -> None:
    with pytest.raises(ValidationError, match="a key is needed"):
        KeyRotated(why="lost")


@pytest.mark.parametrize(
    "change",
    [
        (b'"attempt":1', b'"attempt":"1"'),
        (b'"attempt":1', b'"attempt":1.0'),
        (b'"attempt":1', b'"attempt":1,"attempt":1'),
        (b'"attempt":1', b'"attempt":0'),
        (b"hcgov.ledger/1", b"hcgov.ledger/2"),
        (b"run-started", b"run-stopped"),
        (b"12:00:00Z", b"12:00:00"),
        (b'"actor":{', b'"actor":{"mail":"x",'),
        (b"sha256:", b"md5:"),
    ],
)
def test_what_differs_in_anything_is_no_entry(change: tuple[bytes, bytes]) -> None:
    leaf = leaf_of(entry(BODIES[1]))
    assert change[0] in leaf
    with pytest.raises(ValueError):
        entry_of(leaf.replace(*change))


@given(st.text(max_size=40))
def test_no_name_with_a_blank_or_an_at_gets_in(name: str) -> None:
    try:
        made = RunStarted(run=name, policy=D, attempt=1)
    except ValidationError:
        return
    assert name.isascii()
    assert not set(made.run) & set(" @\n\t<>\"'")
