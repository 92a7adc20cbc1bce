"""``hcgov preferences export`` and ``bundle``: what leaves the house, and what became of every judgment on the way."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from hcgov.cli.failing import CommandError, guarded
from hcgov.cli.judging import (
    AllowRoot,
    Artifact,
    By,
    Columns,
    Day,
    Format,
    Json,
    MappingFile,
    Output,
    People,
    Seed,
    Target,
    asked,
    day,
    tell,
)


class Rule(StrEnum):
    """What becomes a row."""

    JUDGMENT = "judgment"
    MAJORITY = "majority"


def register(app: typer.Typer) -> None:
    """Add both commands to a group."""
    app.command(
        "export", epilog="Example: hcgov preferences export pairs.jsonl --to training --balance country"
    )(export)
    app.command(
        "bundle", epilog="Example: hcgov preferences bundle pairs.jsonl --by country --to bundle.zip"
    )(bundle)


@guarded
def export(
    target: Target,
    to: Annotated[Path, typer.Option("--to", help="Folder for the files; new or empty.")],
    artifact: Artifact = "",
    format_: Format = "",
    mapping: MappingFile = None,
    column: Columns = None,
    annotators: People = None,
    by: By = None,
    rule: Annotated[
        Rule,
        typer.Option(
            "--rule", help="One row a judgment, which keeps disagreement; or the majority of each pair."
        ),
    ] = Rule.JUDGMENT,
    test_share: Annotated[
        float,
        typer.Option(
            "--test-share", min=0.0, max=0.5, help="Share of people, and of prompts, kept for testing."
        ),
    ] = 0.2,
    contested: Annotated[
        str, typer.Option("--contested", help="Groups by which contested pairs are found and kept apart.")
    ] = "",
    balance: Annotated[str, typer.Option("--balance", help="Groups that are to count the same.")] = "",
    group: Annotated[str, typer.Option("--group", help="Groups that are written beside each row.")] = "",
    resample: Annotated[
        bool,
        typer.Option("--resample", help="Turn weights into copies of rows, for trainers without weights."),
    ] = False,
    ties: Annotated[
        bool, typer.Option("--ties", help="Ties become rows of the reward file, with margin 0.")
    ] = False,
    parquet: Annotated[bool, typer.Option("--parquet/--no-parquet", help="Write Parquet files too.")] = True,
    seed: Seed = 0,
    date: Day = "",
    output: Output = None,
    as_json: Json = False,
    allow_root: AllowRoot = None,
) -> None:
    """Write files for preference, unpaired and reward training, and say what became of every judgment."""
    from hcgov.app.sheets.exporting import export_preferences
    from hcgov.stages.judgments.recipes import Recipe

    named = dict.fromkeys([*(by or ()), *filter(None, (contested, balance, group))])
    about = asked(
        target,
        artifact=artifact,
        format_=format_,
        mapping=mapping,
        columns=column,
        annotators=annotators,
        by=list(named),
        allow_root=allow_root,
    )
    recipe = Recipe(
        rule="majority" if rule is Rule.MAJORITY else "judgment",
        test_share=test_share,
        contested_by=contested,
        balance=balance,
        group=group,
        resample=resample,
        ties=ties,
        seed=seed,
    )
    done = export_preferences(about, recipe, to, date=day(date), parquet=parquet)
    tell(done.sheet, output, as_json=as_json)
    for path in done.written:
        typer.echo(f"wrote {path}", err=True)


@guarded
def bundle(
    target: Target,
    to: Annotated[Path, typer.Option("--to", help="The archive.")],
    artifact: Artifact = "",
    format_: Format = "",
    mapping: MappingFile = None,
    column: Columns = None,
    annotators: People = None,
    by: By = None,
    k: Annotated[int, typer.Option("--k", min=5, help="Fewest people of a cell that is shown.")] = 11,
    before: Annotated[
        Path | None,
        typer.Option("--before", help="Memory of the bundle published before: the difference tells nobody."),
    ] = None,
    memory: Annotated[
        Path | None,
        typer.Option(
            "--memory", help="Write the memory that the next bundle needs; it is not to be published."
        ),
    ] = None,
    allow_root: AllowRoot = None,
) -> None:
    """Write tables for researchers in which no cell tells of fewer than k people."""
    from hcgov.app.sheets.bundling import write_bundle

    if to.suffix != ".zip":
        raise CommandError(f"`{to}` is no .zip", help="name the archive, such as bundle.zip")
    about = asked(
        target,
        artifact=artifact,
        format_=format_,
        mapping=mapping,
        columns=column,
        annotators=annotators,
        by=by,
        allow_root=allow_root,
    )
    tables, hidden = write_bundle(about, to, k=k, before=before, memory=memory)
    typer.echo(f"wrote {to}: {tables} tables; {hidden} cells are not shown, for few people stand in them")
