"""Make and list keys for development."""

import os
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

from hcgov.core.frozen import frozen
from hcgov.core.mistake import AuthoringError, Mistake
from hcgov.io.signing import TrustedKey, load_trust, new_pair, public_keys
from hcgov.io.signing.keys import PRIVATE_SUFFIX, PUBLIC_SUFFIX
from hcgov.io.signing.trust import ROLE

HOME_VARIABLE = "HCGOV_KEYS"


@frozen
class NewKey:
    """A key pair that was made.

    Parameters
    ----------
    private, public
        Its files.
    entry
        What to write under ``keys:`` of a ``trust.yaml``.
    """

    private: Path
    public: Path
    entry: str


@frozen
class KnownKey:
    """A key in the folder, in ``trust.yaml``, or in both."""

    name: str
    key_id: str
    here: bool
    state: str
    roles: tuple[str, ...] = ()

    def as_json(self) -> dict[str, str | bool | list[str]]:
        """Return the key as plain values."""
        return {
            "name": self.name,
            "id": self.key_id,
            "here": self.here,
            "state": self.state,
            "roles": list(self.roles),
        }


def keys_folder(environ: Mapping[str, str]) -> Path:
    """Return where keys are kept: outside of every project, so that none is committed by accident."""
    named = environ.get(HOME_VARIABLE)
    if named:
        return Path(named)
    config = environ.get("XDG_CONFIG_HOME")
    return (Path(config) if config else Path.home() / ".config") / "hcgov" / "keys"


def new_key(name: str, roles: Sequence[str], out: Path | None, *, today: date, days: int) -> NewKey:
    """Make a key pair for development.

    Parameters
    ----------
    roles
        What its holder may sign as.
    out
        Folder; the user's own one if left out.
    days
        How long the entry for ``trust.yaml`` lets it be valid, from today.

    Raises
    ------
    AuthoringError
        The name or a role is none, the key is there already, or the extra ``evidence`` is not installed.
    """
    wrong = [role for role in roles if not ROLE.match(role)]
    if wrong:
        message = f"`{wrong[0]}` is no role: small letters, digits and `-`"
        raise AuthoringError([Mistake(code="HCG-S002", message=message, help="such as `--role risk-owner`")])
    folder = out or keys_folder(os.environ)
    public = new_pair(folder, name)
    entry = (
        f'  - id: "{public.key_id}"\n    name: {name}\n    roles: [{", ".join(dict.fromkeys(roles))}]\n'
        f"    public: {public.line}\n"
        f'    valid_from: "{today}"\n    valid_until: "{today + timedelta(days=days)}"\n'
    )
    return NewKey(
        private=folder / f"{name}{PRIVATE_SUFFIX}", public=folder / f"{name}{PUBLIC_SUFFIX}", entry=entry
    )


def list_keys(folder: Path | None, trust: Path | None, *, today: date) -> tuple[KnownKey, ...]:
    """Return the keys in a folder, and where a ``trust.yaml`` is given what it says about them and others.

    Raises
    ------
    AuthoringError
        ``trust.yaml`` has mistakes.
    """
    trusted = {} if trust is None else load_trust(trust).keys
    here = {public.key_id: name for name, public in public_keys(folder or keys_folder(os.environ))}
    listed = [
        KnownKey(
            name=key.name,
            key_id=key_id,
            here=key_id in here,
            state=_state(key, today),
            roles=tuple(sorted(key.roles)),
        )
        for key_id, key in trusted.items()
    ]
    unknown = "not in trust.yaml" if trust is not None else "no `--trust` says whether it counts"
    listed += [
        KnownKey(name=name, key_id=key_id, here=True, state=unknown)
        for key_id, name in here.items()
        if key_id not in trusted
    ]
    return tuple(sorted(listed, key=lambda key: (key.name, key.key_id)))


def _state(key: TrustedKey, today: date) -> str:
    if key.revoked is not None:
        return f"revoked on {key.revoked.on}: {key.revoked.reason}"
    if today < key.valid_from:
        return f"valid from {key.valid_from}"
    if today > key.valid_until:
        return f"expired on {key.valid_until}"
    return f"valid until {key.valid_until}"
