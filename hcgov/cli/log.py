"""``hcgov log``: send records to MLflow."""

from pathlib import Path
from typing import Annotated

import typer

from hcgov.cli.failing import Leave, guarded

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command("log", epilog="Example: hcgov log my-assistant --tracking-uri http://127.0.0.1:5000")
@guarded
def log(
    records: Annotated[
        list[Path] | None,
        typer.Argument(
            help="report.json files, or folders of projects; all that wait in this project if left out."
        ),
    ] = None,
    tracking_uri: Annotated[str, typer.Option("--tracking-uri", help="MLflow tracking URI.")] = "",
) -> None:
    """Send records to MLflow that were not sent yet, because the store was down or nobody asked."""
    from hcgov.app.tracking import log_pending

    outcome = log_pending(tuple(records or (Path(),)), tracking_uri)
    for line in outcome.lines:
        typer.echo(line)
    if not outcome.complete:
        raise Leave(3)
