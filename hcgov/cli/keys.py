"""``hcgov keys``: key pairs for development, and which keys count."""

import json
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from hcgov.cli.failing import guarded, printable

app = typer.Typer(
    name="keys",
    help="Make key pairs for development, and list keys.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)


class Form(StrEnum):
    """How keys are listed."""

    TEXT = "text"
    JSON = "json"


@app.callback()
def _keys() -> None:
    pass


@app.command("new", epilog="Example: hcgov keys new ci --role eval-runner --role ledger")
@guarded
def new(
    name: Annotated[str, typer.Argument(help="Whose key it is, or what for, such as ci.")],
    role: Annotated[
        list[str],
        typer.Option("--role", help="What it may sign as, such as risk-owner or ledger; may be given again."),
    ],
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Folder; HCGOV_KEYS or the user's own configuration if left out."),
    ] = None,
    days: Annotated[int, typer.Option("--days", min=1, max=3650, help="How long it is to be valid.")] = 365,
) -> None:
    """Make an ed25519 key pair for development; a key that is there is never overwritten."""
    from hcgov.app.keys import new_key

    made = new_key(name, role, out, today=datetime.now(UTC).date(), days=days)
    typer.echo(f"wrote {made.private} (private, without a passphrase: for development)")
    typer.echo(f"wrote {made.public}")
    typer.echo("\nWhoever relies on its signatures writes into their own trust.yaml:\n")
    typer.echo(f"hcgov: 1\nkind: Trust\nkeys:\n{made.entry}", nl=False)


@app.command("list", epilog="Example: hcgov keys list --trust kept/trust.yaml")
@guarded
def list_(
    folder: Annotated[
        Path | None,
        typer.Option("--out", help="Folder; HCGOV_KEYS or the user's own configuration if left out."),
    ] = None,
    trust: Annotated[
        Path | None, typer.Option("--trust", help="The trust.yaml that says which keys count.")
    ] = None,
    output_format: Annotated[Form, typer.Option("--output-format", help="text or json.")] = Form.TEXT,
) -> None:
    """List the keys in a folder and in a trust.yaml, with their roles and whether they count today."""
    from hcgov.app.keys import list_keys

    listed = list_keys(folder, trust, today=datetime.now(UTC).date())
    if output_format is Form.JSON:
        typer.echo(json.dumps([key.as_json() for key in listed], indent=1, ensure_ascii=False))
        return
    width = max((len(key.name) for key in listed), default=0)
    for key in listed:
        here = "here" if key.here else "    "
        said = f"{key.name:<{width}}  {key.key_id}  {here}  {', '.join(key.roles) or '-'}  {key.state}"
        typer.echo(printable(said))
    if not listed:
        typer.echo("no keys")
