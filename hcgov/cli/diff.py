"""``hcgov diff``: what became of the controls from one run to another."""

import sys
from enum import StrEnum
from typing import Annotated

import typer

from hcgov.cli.failing import Leave, guarded

app = typer.Typer(add_completion=False, rich_markup_mode=None)


class Form(StrEnum):
    """How a difference is printed."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"


class FailOn(StrEnum):
    """Which differences fail."""

    NEW = "new"


@app.command("diff", epilog="Example: hcgov diff before/report.json my-assistant")
@guarded
def diff(
    before: Annotated[
        str,
        typer.Argument(
            help="The earlier record: a report.json, a run's folder or id, or a project's folder."
        ),
    ],
    after: Annotated[str, typer.Argument(help="The later record, named likewise.")],
    output_format: Annotated[
        Form, typer.Option("--output-format", help="text, json or markdown.")
    ] = Form.TEXT,
    fail_on: Annotated[
        FailOn | None,
        typer.Option(
            "--fail-on", help="new: leave with 1 where a control newly fails or is newly undecided."
        ),
    ] = None,
) -> None:
    """Tell what newly fails, is fixed or is undecided, which limits moved, and how far each value went."""
    from hcgov.app.diff import compare_runs
    from hcgov.io.render.run_difference import rendered

    found = compare_runs(before, after)
    sys.stdout.write(rendered(found, output_format.value))
    if fail_on is FailOn.NEW and found.worsened:
        raise Leave(1)
