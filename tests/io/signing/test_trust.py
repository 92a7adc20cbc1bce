"""trust.yaml: every mistake at once, with its place."""

from datetime import date
from pathlib import Path

import pytest

from hcgov.core.mistake import AuthoringError
from hcgov.io.signing import load_trust
from tests.io.signing.conftest import Keys


def text(keys: Keys, **changed: str) -> str:
    owner = keys.owner.public
    fields = {
        "id": owner.key_id,
        "name": "owner",
        "roles": "[risk-owner, ledger]",
        "public": owner.line,
        "valid_from": "2027-01-01",
        "valid_until": "2027-12-31",
    } | changed
    entry = "\n    ".join(f"{name}: {value}" for name, value in fields.items())
    return f"hcgov: 1\nkind: Trust\nkeys:\n  - {entry}\n"


def mistakes(content: str, folder: Path) -> list[tuple[str, int]]:
    path = folder / "trust.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(AuthoringError) as told:
        load_trust(path)
    return [(one.message, one.where.line if one.where else 0) for one in told.value.mistakes]


def test_keys_are_read_with_roles_and_days(keys: Keys, tmp_path: Path) -> None:
    path = tmp_path / "trust.yaml"
    path.write_text(text(keys) + "    revoked: {on: 2027-06-01, reason: laptop lost}\n")
    (key,) = load_trust(path).keys.values()
    assert key.public == keys.owner.public
    assert key.roles == {"risk-owner", "ledger"}
    assert (key.valid_from, key.valid_until) == (date(2027, 1, 1), date(2027, 12, 31))
    assert key.revoked is not None
    assert (key.revoked.on, key.revoked.reason) == (date(2027, 6, 1), "laptop lost")


@pytest.mark.parametrize(
    ("changed", "message", "line"),
    [
        ({"id": f'"{"0" * 64}"'}, "not the id of its public key", 4),
        ({"id": "short"}, "`keys.0.id`", 4),
        ({"name": "Jane Doe"}, "a key's name has small letters", 5),
        ({"roles": "[]"}, "`keys.0.roles`", 6),
        ({"roles": "[Risk Owner]"}, "a role has small letters", 6),
        ({"public": "AAAA"}, "no public ed25519 key", 7),
        ({"public": '"%%%"'}, "not base64", 7),
        ({"valid_from": "20270101"}, "write a day as", 8),
        ({"valid_from": "tomorrow"}, "write a day as", 8),
        ({"valid_until": "2026-12-31"}, "ends before it begins", 9),
        ({"valid_till": "2027-12-31"}, "unknown key `valid_till`", 10),
    ],
)
def test_a_mistake_is_told_with_its_place(
    changed: dict[str, str], message: str, line: int, keys: Keys, tmp_path: Path
) -> None:
    ((told, where),) = mistakes(text(keys, **changed), tmp_path)
    assert message in told
    assert where == line


def test_a_day_in_another_form_is_no_other_day(keys: Keys, tmp_path: Path) -> None:
    """A number would be read as seconds since 1970 by the library below."""
    assert mistakes(text(keys, valid_from="0"), tmp_path)
    assert mistakes(text(keys, valid_until="2027-W01-1"), tmp_path)


def test_a_key_or_name_stands_once(keys: Keys, tmp_path: Path) -> None:
    once = text(keys)
    twice = once + once.partition("keys:\n")[2]
    told = [message for message, _ in mistakes(twice, tmp_path)]
    assert told == ["key `owner` stands twice", "two keys are called `owner`"]


def test_a_file_without_keys_is_no_trust(tmp_path: Path) -> None:
    assert mistakes("hcgov: 1\nkind: Trust\nkeys: []\n", tmp_path)
    assert mistakes("hcgov: 1\nkind: Trust\n", tmp_path)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(AuthoringError, match="cannot be read"):
        load_trust(tmp_path / "gone.yaml")
