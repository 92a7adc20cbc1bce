"""Signed approvals: of this waiver, by a trusted key in the role, and never by who asks."""

from datetime import date
from pathlib import Path

import pytest

from hcgov.core.waiver import WaiverSpec
from hcgov.io.approvals import NotApproved, content_digest, signed, statement, verified
from hcgov.io.signing import IN_TOTO, Revocation, Trust, TrustedKey, load_private, new_pair, sign
from tests.core.waivers import DAY, WRITTEN, scope

NAMES = ("risk-owner-2026", "dev", "ci")


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys") / "keys"
    for name in NAMES:
        new_pair(folder, name)
    return folder


def spec(**changes: object) -> WaiverSpec:
    return WaiverSpec.model_validate({**WRITTEN, **changes})


def trust(folder: Path, *, roles=("risk-owner",), revoked=None, until=date(2027, 1, 1)) -> Trust:
    found = {}
    for name in NAMES:
        public = load_private(folder / f"{name}.key").public
        found[public.key_id] = TrustedKey(
            public=public,
            name=name,
            roles=frozenset(("eval-runner",) if name == "ci" else roles),
            valid_from=date(2026, 1, 1),
            valid_until=until,
            revoked=revoked,
        )
    return Trust(keys=found)


def envelope(folder: Path, waiver: WaiverSpec, name="risk-owner-2026") -> bytes:
    return signed(waiver, waiver.approvals[0], load_private(folder / f"{name}.key"))


def hold(data: bytes, waiver: WaiverSpec, whom: Trust, on=DAY) -> None:
    verified(data, "W-1.dsse.json", waiver, waiver.approvals[0], whom, on)


def test_a_signature_over_the_waiver_as_it_is_approves(keys: Path):
    hold(envelope(keys, spec()), spec(), trust(keys))


@pytest.mark.parametrize(
    "changes",
    [
        {"expires": "2026-12-21"},
        {"reason": "Another reason."},
        {"control": "X-2"},
        {"id": "W-2"},
        {"accepts": ["fail", "missing"]},
        {"scope": scope(subject=f"sha256:{'b' * 64}")},
        {"scope": scope(observed={"at_most": "0.2"})},
        {"scope": scope(slices={"age": ["75+"]})},
        {"approvals": [{"by": "ceo@acme.example", "role": "risk-owner"}]},
    ],
)
def test_what_was_changed_after_signing_is_not_approved(keys: Path, changes):
    with pytest.raises(NotApproved, match=r"other content|another subject"):
        hold(envelope(keys, spec()), spec(**changes), trust(keys))


def test_where_a_signature_is_kept_is_no_part_of_what_is_signed(keys: Path):
    moved = spec(approvals=[{"by": "cro@acme.example", "role": "risk-owner", "signature": "a.json"}])
    assert content_digest(moved) == content_digest(spec())
    hold(envelope(keys, spec()), moved, trust(keys))


@pytest.mark.parametrize(
    ("whom", "why"),
    [
        ({"roles": ("eval-runner",)}, "risk-owner is asked for"),
        ({"revoked": Revocation(on=date(2026, 11, 1), reason="laptop lost")}, "revoked"),
        ({"until": date(2026, 12, 9)}, "valid until"),
    ],
)
def test_a_key_of_another_role_or_that_ended_or_was_revoked_approves_nothing(keys: Path, whom, why):
    with pytest.raises(NotApproved, match=why):
        hold(envelope(keys, spec()), spec(), trust(keys, **whom))


def test_an_unknown_key_approves_nothing(keys: Path):
    with pytest.raises(NotApproved, match="not among the trusted"):
        hold(envelope(keys, spec()), spec(), Trust(keys={}))


def forged(folder: Path, waiver: WaiverSpec, name: str) -> bytes:
    """Sign what an approver would sign, with a key that the command line refuses."""
    said = statement(waiver, waiver.approvals[0]).to_json()
    return sign(said, IN_TOTO, load_private(folder / f"{name}.key")).to_json()


def test_the_key_of_who_asks_approves_nothing_even_in_the_role(keys: Path):
    with pytest.raises(NotApproved, match="who asks"):
        envelope(keys, spec(), "dev")
    with pytest.raises(NotApproved, match="who asks"):
        hold(forged(keys, spec(), "dev"), spec(), trust(keys))


def test_a_role_that_approves_no_waivers_does_not_though_its_key_is_trusted(keys: Path):
    by_machine = spec(approvals=[{"by": "ci@acme.example", "role": "eval-runner"}])
    with pytest.raises(NotApproved, match="approves no waivers"):
        envelope(keys, by_machine, "ci")
    with pytest.raises(NotApproved, match="approves no waivers"):
        hold(forged(keys, by_machine, "ci"), by_machine, trust(keys))


def test_an_envelope_of_another_kind_or_none_at_all_approves_nothing(keys: Path):
    key = load_private(keys / "risk-owner-2026.key")
    other = sign(b'{"_type":"https://in-toto.io/Statement/v1"}', IN_TOTO, key).to_json()
    for data in (other, b"{}", b"", b"\xff"):
        with pytest.raises(NotApproved):
            hold(data, spec(), trust(keys))
