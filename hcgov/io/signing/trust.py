"""``trust.yaml``: whose keys count, for what, and from when to when.

It is kept by whoever relies on signatures, never inside what is signed: keys in a bundle are not trusted.
"""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from hcgov.core.frozen import frozen
from hcgov.core.mistake import AuthoringError, Mistake
from hcgov.core.validation import mistakes_from
from hcgov.io.files import read_regular
from hcgov.io.parsed import Parsed, nearest_place
from hcgov.io.signing.keys import NAME, PublicKey, public_key
from hcgov.io.yaml import parse

_LARGEST = 1 << 20


@frozen
class Revocation:
    """A key was taken back; from then on none of its signatures counts, whatever day they name."""

    on: date
    reason: str


@frozen
class TrustedKey:
    """A key that counts.

    Parameters
    ----------
    name
        Whose it is, or what for.
    roles
        What its holder may sign as.
    valid_from, valid_until
        First and last day.
    """

    public: PublicKey
    name: str
    roles: frozenset[str]
    valid_from: date
    valid_until: date
    revoked: Revocation | None = None


@frozen
class Trust:
    """The keys that count, by their ids."""

    keys: dict[str, TrustedKey]


_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")


def _day(value: object) -> object:
    if not isinstance(value, str) or not _DAY.match(value):
        raise ValueError("write a day as 2027-01-31")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError("write a day as 2027-01-31") from None


Day = Annotated[date, BeforeValidator(_day)]
ROLE = re.compile(r"[a-z0-9][a-z0-9-]{0,63}\Z")


def _role(value: str) -> str:
    if not ROLE.match(value):
        raise ValueError("a role has small letters, digits and `-`")
    return value


def _name(value: str) -> str:
    if not NAME.match(value):
        raise ValueError("a key's name has small letters, digits, `.`, `_` and `-`, at most 64")
    return value


Role = Annotated[str, AfterValidator(_role)]


class _Spec(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class RevokedSpec(_Spec):
    """When and why a key was taken back."""

    on: Day
    reason: str = Field(min_length=1)


class KeySpec(_Spec):
    """One key as its keeper writes it."""

    id: str = Field(pattern=r"^[0-9a-f]{64}$", description="SHA-256 of the public key in DER.")
    name: Annotated[str, AfterValidator(_name)]
    roles: tuple[Role, ...] = Field(min_length=1)
    public: str = Field(
        min_length=1, description="The public key in DER and base64: the line in its PEM file."
    )
    valid_from: Day
    valid_until: Day
    revoked: RevokedSpec | None = None


class TrustSpec(_Spec):
    """``trust.yaml`` as its keeper writes it."""

    hcgov: Literal[1]
    kind: Literal["Trust"]
    keys: tuple[KeySpec, ...] = Field(min_length=1)


def load_trust(path: Path) -> Trust:
    """Read ``trust.yaml``.

    Raises
    ------
    AuthoringError
        Every mistake in it.
    """
    file = str(path)
    try:
        data = read_regular(path, _LARGEST + 1)
    except OSError as error:
        message = f"`{file}` cannot be read: {error.strerror}"
        raise AuthoringError(
            [Mistake(code="HCG-S003", message=message, help="name your trust.yaml")]
        ) from error
    return parse_trust(data, file)


def parse_trust(data: bytes, file: str) -> Trust:
    """Read the content of a ``trust.yaml``; ``file`` is its name in messages.

    Raises
    ------
    AuthoringError
        Every mistake in it.
    """
    parsed = parse(data, file, max_bytes=_LARGEST)
    try:
        spec = TrustSpec.model_validate(parsed.data)
    except ValidationError as error:
        raise AuthoringError(
            mistakes_from(
                error,
                TrustSpec,
                key=lambda place: nearest_place(parsed.positions, place),
                value=lambda place: nearest_place(parsed.values, place),
                what="the trusted keys",
            )
        ) from error
    keys: dict[str, TrustedKey] = {}
    if mistakes := list(_mistakes(spec, parsed, keys)):
        raise AuthoringError(mistakes)
    return Trust(keys=keys)


def _mistakes(spec: TrustSpec, parsed: Parsed, keys: dict[str, TrustedKey]) -> Iterator[Mistake]:
    """Yield what pydantic cannot see, and put the keys that are right into ``keys``."""
    names: set[str] = set()
    for index, one in enumerate(spec.keys):

        def wrong(name: str, message: str, help_: str, at: int = index) -> Mistake:
            where = parsed.values.get(("keys", at, name))
            return Mistake(code="HCG-S003", message=message, where=where, help=help_)

        try:
            public = public_key(one.public)
        except ValueError as error:
            yield wrong("public", f"key `{one.name}`: {error}", "copy the line inside NAME.pub")
            continue
        if public.key_id != one.id:
            yield wrong(
                "id", f"key `{one.name}`: this is not the id of its public key", f"it is {public.key_id}"
            )
        if one.id in keys:
            yield wrong("id", f"key `{one.name}` stands twice", "keep one of the two, with all its roles")
        if one.name in names:
            yield wrong("name", f"two keys are called `{one.name}`", "tell them apart, by year for example")
        if one.valid_until < one.valid_from:
            yield wrong("valid_until", f"key `{one.name}` ends before it begins", "exchange the two days")
        names.add(one.name)
        keys[one.id] = TrustedKey(
            public=public,
            name=one.name,
            roles=frozenset(one.roles),
            valid_from=one.valid_from,
            valid_until=one.valid_until,
            revoked=Revocation(on=one.revoked.on, reason=one.revoked.reason) if one.revoked else None,
        )
