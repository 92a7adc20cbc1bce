"""``hcgov demo``: see it work on a project that comes along."""

from pathlib import Path
from typing import Annotated

import typer

from hcgov.cli.failing import Leave, guarded

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command("demo", epilog="Example: hcgov demo --example recidivism --no-mlflow")
@guarded
def demo(
    folder: Annotated[Path, typer.Argument(help="Where to copy the example.")] = Path("hcgov-demo"),
    example: Annotated[
        str, typer.Option("--example", help="support-copilot (passes) or recidivism (fails).")
    ] = ("support-copilot"),
    no_mlflow: Annotated[bool, typer.Option("--no-mlflow", help="Do not log to MLflow.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Write into a folder that is not empty.")] = False,
) -> None:
    """Copy an example project, check it, log it, write report and card, and say what to look at next.

    Leaves with 0 when the decision is the one that the example is made to show.
    """
    from hcgov.app.demo import run_demo

    shown = run_demo(folder, example, track=not no_mlflow, force=force, say=typer.echo)
    if not shown:
        raise Leave(1)
