"""``hcgov report``: render a record again."""

from pathlib import Path
from typing import Annotated

import typer

from hcgov.cli.failing import guarded

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command("report", epilog="Example: hcgov report my-assistant -o markdown=summary.md")
@guarded
def report(
    record: Annotated[
        Path | None,
        typer.Argument(help="A report.json, or the folder of a project; its newest record if left out."),
    ] = None,
    output: Annotated[
        list[str] | None,
        typer.Option("--output", "-o", metavar="FORMAT=PATH", help="html, json, markdown or model_card."),
    ] = None,
) -> None:
    """Render a record: every rendering is a function of report.json alone."""
    from hcgov.app.rendering import Outputs, read_record, write_outputs

    found = read_record(record or Path())
    outputs = Outputs.parse(output or ("html=report.html",))
    for path in write_outputs(found, outputs):
        typer.echo(f"wrote {path}")
