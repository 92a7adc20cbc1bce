"""``hcgov explain``: why a rule exists and how to keep it."""

from pathlib import Path
from typing import Annotated

import typer

from hcgov.cli.failing import guarded

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command("explain", epilog="Examples: hcgov explain HC-EVL-01; hcgov explain few_people")
@guarded
def explain(
    id_: Annotated[
        str,
        typer.Argument(
            metavar="ID", help="A control, a check, a stage, an error code, or a reason of a record."
        ),
    ],
    project: Annotated[
        Path, typer.Option("--project", help="Also look for the id in this project's packs.")
    ] = Path(),
) -> None:
    """Tell what a control, check or error code means: why, how it is measured, how to mend it."""
    from hcgov.app.explain import explain_id

    typer.echo(explain_id(id_, project))
