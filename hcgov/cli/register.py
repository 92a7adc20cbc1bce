"""``hcgov register``: say what will be judged, by which policy and on which data, before it is."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from hcgov.cli.failing import guarded

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command("register", epilog="Example: hcgov register my-assistant --data labels")
@guarded
def register(
    project: Annotated[Path, typer.Argument(help="Folder with hcgov.yaml.")] = Path(),
    data: Annotated[
        list[str] | None,
        typer.Option(
            "--data",
            metavar="ARTIFACT",
            help="Artifact whose bytes are registered, such as held-out labels; may be given again. "
            "What the manifest pins by `sha256` always is.",
        ),
    ] = None,
    ledger_key: Annotated[
        Path | None,
        typer.Option(
            "--ledger-key",
            envvar="HCGOV_LEDGER_KEY",
            metavar="FILE",
            help="Private key that signs the ledger's checkpoint.",
        ),
    ] = None,
) -> None:
    """Register policy and data in the ledger; a later check of anything else is incomplete."""
    from hcgov.app.registration import Book, register_project

    actor = next((os.environ[n] for n in ("HCGOV_ACTOR", "GITHUB_ACTOR", "USER") if os.environ.get(n)), "")
    book = Book(project, datetime.now(UTC), "register", actor, ledger_key)
    body, receipt = register_project(book, data or ())
    typer.echo(f"registered in entry {receipt.entry.index} of the ledger")
    typer.echo(f"policy  {body.policy}")
    for one in body.data:
        typer.echo(f"data    {one.sha256}  {one.artifact}")
    typer.echo("checks that judge by another policy or other data are incomplete from now on")
