"""What commands that ask a record have in common: who asks, how old it may be, and how answers are printed."""

import os
import re
from datetime import timedelta
from typing import TYPE_CHECKING

import typer

from hcgov.cli.failing import CommandError, printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hcgov.app.weighing import Claim

_SPAN = r"(?P<n>[0-9]{1,6})(?P<unit>[smhd])"
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_DIGEST = r"(?:sha256:)?(?P<hex>[0-9a-f]{64})"
_WORDS = {"met": "ok", "failed": "no", "open": "open", "broken": "broken", "note": "note"}


def actor() -> str:
    """Return who runs this: the CI's actor, or the user's login name."""
    names = ("HCGOV_ACTOR", "GITHUB_ACTOR", "GITLAB_USER_LOGIN", "USER")
    return next((os.environ[name] for name in names if os.environ.get(name)), "")


def filled(ctx: typer.Context, param: typer.CallbackParam, value: str) -> str:
    """Return the text of an option; one that is given must hold some.

    A pipeline whose variable is not set would else ask for nothing at all, and not be told.

    Raises
    ------
    typer.BadParameter
        It is given and empty.
    """
    source = ctx.get_parameter_source(param.name or "")
    if value.strip() or source is None or source.name != "COMMANDLINE":
        return value
    raise typer.BadParameter("it is empty; is a variable not set? Leave the option out to ask for nothing.")


def span(given: str, option: str) -> timedelta:
    """Understand a span of time such as ``24h``.

    Raises
    ------
    CommandError
        It is none.
    """
    found = re.fullmatch(_SPAN, given.strip())
    if found is None:
        raise CommandError(f"`{option} {given}` is no span of time", help="write 90m, 24h or 7d")
    return timedelta(**{_UNITS[found["unit"]]: int(found["n"])})


def digest(given: str, option: str) -> str:
    """Understand a SHA-256, with or without ``sha256:``; empty stays empty.

    Raises
    ------
    CommandError
        It is none.
    """
    found = re.fullmatch(_DIGEST, given.strip().lower())
    if given and found is None:
        raise CommandError(
            f"`{option} {given}` is no SHA-256", help="write sha256: and 64 hexadecimal digits"
        )
    return "" if found is None else found["hex"]


def print_claims(claims: "Iterable[Claim]") -> None:
    """Print answers, one a line."""
    for claim in claims:
        typer.echo(f"{_WORDS[claim.state]:<6}  {printable(claim.topic):<10}  {printable(claim.text)}")
