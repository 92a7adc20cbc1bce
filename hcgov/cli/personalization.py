"""``hcgov personalization``: whether personalising serves the people whom it is for."""

from pathlib import Path
from typing import Annotated

import typer

from hcgov.cli.failing import guarded
from hcgov.cli.judging import (
    AllowRoot,
    Artifact,
    By,
    Columns,
    Day,
    Format,
    Json,
    MappingFile,
    MinPeople,
    Output,
    People,
    Target,
    asked,
    day,
    tell,
)

app = typer.Typer(
    name="personalization",
    help="Personalization in three stages, people beside synthetic data and judges.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)


@app.callback()
def _personalization() -> None:
    pass


@app.command("report", epilog="Example: hcgov personalization report judgments.csv -o html=report.html")
@guarded
def report(
    target: Target,
    artifact: Artifact = "",
    format_: Format = "",
    mapping: MappingFile = None,
    column: Columns = None,
    annotators: People = None,
    by: By = None,
    min_people: MinPeople = 0,
    rights: Annotated[
        Path | None,
        typer.Option("--rights", help="Record of what users can do with what is stored about them."),
    ] = None,
    remedies: Annotated[
        bool, typer.Option("--remedies/--no-remedies", help="Train and compare both small classifiers.")
    ] = True,
    date: Day = "",
    output: Output = None,
    as_json: Json = False,
    allow_root: AllowRoot = None,
) -> None:
    """Report extraction, relevance and responses: people beside synthetic data, judges and reward models."""
    from hcgov.app.sheets.personalization import personalization_report

    about = asked(
        target,
        artifact=artifact,
        format_=format_,
        mapping=mapping,
        columns=column,
        by=by,
        annotators=annotators,
        min_people=min_people,
        allow_root=allow_root,
    )
    tell(
        personalization_report(about, date=day(date), rights=rights, remedies=remedies),
        output,
        as_json=as_json,
    )
