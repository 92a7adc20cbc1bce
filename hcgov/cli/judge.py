"""``hcgov judge``: what a judge model may be used for."""

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
    Target,
    asked,
    day,
    tell,
)

app = typer.Typer(
    name="judge",
    help="Judge models held against people.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)


@app.callback()
def _judge() -> None:
    pass


@app.command("card", epilog="Example: hcgov judge card evaluations.csv --judge gpt-4 -o html=card.html")
@guarded
def card(
    target: Target,
    artifact: Artifact = "",
    format_: Format = "",
    mapping: MappingFile = None,
    column: Columns = None,
    annotators: People = None,
    by: By = None,
    judge: Annotated[str, typer.Option("--judge", "-j", help="The judge; every one if left out.")] = "",
    positive: Annotated[
        list[str] | None,
        typer.Option("--positive", help="Score that counts as 1, all others as 0; repeatable."),
    ] = None,
    question: Question = "",
    min_people: MinPeople = 0,
    date: Day = "",
    output: Output = None,
    as_json: Json = False,
    allow_root: AllowRoot = None,
) -> None:
    """Hold a judge against people: gap, ceiling, order, self-preference, and what it may be used for."""
    from hcgov.app.sheets.judging import judge_card

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
        allow_root=allow_root,
    )
    tell(
        judge_card(about, judge=judge, date=day(date), positive=tuple(positive or ())),
        output,
        as_json=as_json,
    )
