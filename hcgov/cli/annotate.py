"""``hcgov annotate``: what people's labels can bear."""

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
    Question,
    ScaleName,
    Target,
    asked,
    day,
    tell,
)

app = typer.Typer(
    name="annotate",
    help="Labels and those who gave them: agreement, groups, quality, pay.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)


@app.callback()
def _annotate() -> None:
    pass


@app.command("report", epilog="Example: hcgov annotate report labels.csv --by gender -o html=labels.html")
@guarded
def report(
    target: Target,
    artifact: Artifact = "",
    format_: Format = "",
    mapping: MappingFile = None,
    column: Columns = None,
    annotators: People = None,
    by: By = None,
    question: Question = "",
    min_people: MinPeople = 0,
    scale: ScaleName = None,
    subjective: Annotated[
        bool, typer.Option("--subjective", help="Labels are opinions: disagreement is an answer, no fault.")
    ] = False,
    date: Day = "",
    output: Output = None,
    as_json: Json = False,
    allow_root: AllowRoot = None,
) -> None:
    """Report who labelled what, how far people agree, who is outvoted, and how the labels came about."""
    from hcgov.app.sheets.annotation import annotation_report

    about = asked(
        target,
        artifact=artifact,
        format_=format_,
        mapping=mapping,
        columns=column,
        by=by,
        question=question,
        annotators=annotators,
        min_people=min_people,
        scale=scale,
        allow_root=allow_root,
    )
    tell(annotation_report(about, date=day(date), subjective=subjective), output, as_json=as_json)
