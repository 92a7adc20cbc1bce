"""``hcgov init``: start a project."""

from pathlib import Path
from typing import Annotated

import typer

from hcgov.cli.failing import guarded

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command("init", epilog="Example: hcgov init my-assistant")
@guarded
def init(
    folder: Annotated[Path, typer.Argument(help="Folder of the project.")] = Path(),
    name: Annotated[str, typer.Option("--name", help="Name of the system; the folder's if left out.")] = "",
    force: Annotated[bool, typer.Option("--force", help="Overwrite files that exist.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be written.")] = False,
) -> None:
    """Write a manifest and the documents that the core policy asks for, with questions instead of answers.

    Nothing that exists is overwritten, and nothing that is written passes by itself.
    """
    from hcgov.app.scaffold import scaffold

    for line in scaffold(folder, name=name, force=force, dry_run=dry_run):
        typer.echo(line)
