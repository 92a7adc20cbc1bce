"""``hcgov ledger``: what was registered, run, decided and approved, and whether that still stands."""

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hcgov.cli.failing import Leave, guarded, printable

if TYPE_CHECKING:
    from hcgov.app.ledger import Row

app = typer.Typer(
    name="ledger",
    help="Show and verify the ledger of a project.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)

Project = Annotated[Path, typer.Argument(help="Folder of the project.")]


class Form(StrEnum):
    """How answers are printed."""

    TEXT = "text"
    JSON = "json"


FormOption = Annotated[Form, typer.Option("--output-format", help="text or json.")]


@app.callback()
def _ledger() -> None:
    pass


@app.command("show", epilog="Example: hcgov ledger show my-assistant")
@guarded
def show(project: Project = Path(), output_format: FormOption = Form.TEXT) -> None:
    """List the entries, the newest last; names are shown where this machine can open the commitments to them."""
    from hcgov.app.ledger import show_ledger

    shown = show_ledger(project)
    if output_format is Form.JSON:
        typer.echo(json.dumps([row.entry for row in shown.rows], indent=1, ensure_ascii=False))
    elif shown.rows:
        _table(shown.rows)
    elif not shown.problems:
        typer.echo("no ledger yet")
    for problem in shown.problems:
        typer.echo(f"the ledger is damaged: {printable(problem)}; `hcgov ledger verify` tells more", err=True)
    if shown.problems:
        raise Leave(4)


@app.command(
    "verify",
    epilog="Example: hcgov ledger verify my-assistant --checkpoint kept/checkpoint --trust kept/trust.yaml",
)
@guarded
def verify(
    project: Project = Path(),
    checkpoint: Annotated[
        Path | None,
        typer.Option("--checkpoint", help="A checkpoint of this ledger that was kept elsewhere."),
    ] = None,
    trust: Annotated[
        Path | None,
        typer.Option("--trust", help="Your own trust.yaml, which says whose signatures count."),
    ] = None,
    output_format: FormOption = Form.TEXT,
) -> None:
    """Say what is verified, contradicted or not checked; exit 0, 4 or 3."""
    from hcgov.app.ledger import verify_ledger

    answer = verify_ledger(project, checkpoint=checkpoint, trust=trust)
    if output_format is Form.JSON:
        claims = [claim.as_json() for claim in answer.claims]
        typer.echo(
            json.dumps({"exit_code": answer.exit_code, "claims": claims}, indent=1, ensure_ascii=False)
        )
    else:
        for claim in answer.claims:
            typer.echo(f"{claim.state:<11}  {claim.topic:<15}  {printable(claim.text)}")
    raise Leave(answer.exit_code)


def _table(rows: "tuple[Row, ...]") -> None:
    cells = [(str(row.index), row.at, row.kind, row.role, row.who) for row in rows]
    widths = [max(len(line[column]) for line in cells) for column in range(len(cells[0]))]
    for line, row in zip(cells, rows, strict=True):
        padded = "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        typer.echo(printable(f"{padded}  {row.what}"))
