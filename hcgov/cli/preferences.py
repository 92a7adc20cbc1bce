"""``hcgov preferences``: who was asked, what a set holds, who loses by which rule, and training files from it."""

from pathlib import Path
from typing import Annotated

import typer

from hcgov.cli import preferences_export
from hcgov.cli.failing import Leave, guarded, printable
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
from hcgov.core.status import EXIT_INTEGRITY

app = typer.Typer(
    name="preferences",
    help="Preferences: plan, profile, opinion groups, aggregation with a receipt, and training files.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)

Dimension = Annotated[
    str, typer.Option("--dimension", help="Only judgments in this respect, such as politeness.")
]
Population = Annotated[
    Path | None,
    typer.Option("--population", help="Record with the margins of a population, to hold the mix against."),
]


@app.callback()
def _preferences() -> None:
    pass


@app.command(
    "profile", epilog="Example: hcgov preferences profile pairs.jsonl --by country -o html=profile.html"
)
@guarded
def profile(
    target: Target,
    artifact: Artifact = "",
    format_: Format = "",
    mapping: MappingFile = None,
    column: Columns = None,
    annotators: People = None,
    by: By = None,
    dimension: Dimension = "",
    population: Population = None,
    min_people: MinPeople = 0,
    date: Day = "",
    output: Output = None,
    as_json: Json = False,
    allow_root: AllowRoot = None,
) -> None:
    """Tell what a set of preferences holds: whose they are, overlap, biases, duplicates, groups."""
    from hcgov.app.sheets.preferences import preference_profile

    about = asked(
        target,
        artifact=artifact,
        format_=format_,
        mapping=mapping,
        columns=column,
        annotators=annotators,
        by=by,
        min_people=min_people,
        allow_root=allow_root,
    )
    made = preference_profile(about, date=day(date), population=population, dimension=dimension)
    tell(made, output, as_json=as_json)


@app.command(
    "plan",
    epilog="Example: hcgov preferences plan strata.csv --margin 0.05 --stratum-margin 0.10",
)
@guarded
def plan(
    strata: Annotated[
        Path,
        typer.Argument(
            help="CSV with columns that describe people, and `share`; or a plan to hold people against."
        ),
    ],
    judgments: Annotated[
        Path | None, typer.Option("--judgments", help="Judgments so far: tells what is still missing.")
    ] = None,
    margin: Annotated[
        float, typer.Option("--margin", min=0.001, max=0.5, help="Margin of error of a share of everyone.")
    ] = 0.05,
    stratum_margin: Annotated[
        float | None,
        typer.Option("--stratum-margin", min=0.001, max=0.5, help="Margin of error within each stratum."),
    ] = None,
    total: Annotated[
        int | None, typer.Option("--total", min=1, help="People to ask, in place of a margin of error.")
    ] = None,
    artifact: Artifact = "",
    format_: Format = "",
    mapping: MappingFile = None,
    column: Columns = None,
    annotators: People = None,
    population: Population = None,
    date: Day = "",
    output: Output = None,
    as_json: Json = False,
    allow_root: AllowRoot = None,
) -> None:
    """Plan how many people of which strata to ask, or tell how far a plan is filled."""
    from hcgov.app.sheets.planning import Wished, plan_text, planned, read_strata
    from hcgov.app.sheets.preferences import sampling
    from hcgov.app.sheets.records import record_at

    if strata.suffix == ".csv":
        read = read_strata(strata)
        wished = Wished(margin=margin, stratum_margin=stratum_margin, total=total)
        tree, source = planned(read, wished, date=day(date)), read.source
        if judgments is None and not output and not as_json:
            typer.echo(plan_text(tree), nl=False)
            return
    else:
        record = record_at(strata, "sampling plan")
        tree, source = record.data, record.source
    columns = tree.get("columns") if isinstance(tree, dict) else None
    about = None
    if judgments is not None:
        about = asked(
            judgments,
            artifact=artifact,
            format_=format_,
            mapping=mapping,
            columns=column,
            annotators=annotators,
            by=[str(one) for one in columns] if isinstance(columns, list) else None,
            allow_root=allow_root,
        )
    tell(sampling(tree, source, about, date=day(date), population=population), output, as_json=as_json)


@app.command("cluster", epilog="Example: hcgov preferences cluster pairs.jsonl --by country")
@guarded
def cluster(
    target: Target,
    artifact: Artifact = "",
    format_: Format = "",
    mapping: MappingFile = None,
    column: Columns = None,
    annotators: People = None,
    by: By = None,
    dimension: Dimension = "",
    min_people: MinPeople = 0,
    date: Day = "",
    output: Output = None,
    as_json: Json = False,
    allow_root: AllowRoot = None,
) -> None:
    """Look for groups of opinion, and say so where there is no evidence of any."""
    from hcgov.app.sheets.preferences import preference_clusters

    about = asked(
        target,
        artifact=artifact,
        format_=format_,
        mapping=mapping,
        columns=column,
        annotators=annotators,
        by=by,
        min_people=min_people,
        allow_root=allow_root,
    )
    tell(preference_clusters(about, date=day(date), dimension=dimension), output, as_json=as_json)


@app.command(
    "aggregate", epilog="Example: hcgov preferences aggregate pairs.jsonl --by country --receipt receipt.json"
)
@guarded
def aggregate(
    target: Target,
    artifact: Artifact = "",
    format_: Format = "",
    mapping: MappingFile = None,
    column: Columns = None,
    annotators: People = None,
    by: By = None,
    receipt: Annotated[
        Path | None, typer.Option("--receipt", help="Write the receipt, from which others can recompute it.")
    ] = None,
    verify: Annotated[
        Path | None,
        typer.Option("--verify", help="Recompute this receipt from the choices; exit 4 where it differs."),
    ] = None,
    min_people: MinPeople = 0,
    date: Day = "",
    output: Output = None,
    as_json: Json = False,
    allow_root: AllowRoot = None,
) -> None:
    """Aggregate by several rules at once: who wins, where rules disagree, and who loses."""
    from hcgov.app.sheets.preferences import aggregation, verified

    about = asked(
        target,
        artifact=artifact,
        format_=format_,
        mapping=mapping,
        columns=column,
        annotators=annotators,
        by=by,
        min_people=min_people,
        allow_root=allow_root,
    )
    if verify is not None:
        differences = verified(about, verify)
        for one in differences:
            typer.echo(printable(one), err=True)
        if differences:
            raise Leave(EXIT_INTEGRITY)
        typer.echo(f"{verify}: recomputed from the choices; nothing differs")
        return
    made = aggregation(about, date=day(date))
    tell(made.sheet, output, as_json=as_json)
    if receipt is not None:
        from hcgov.app.sheets.receipts import write_receipt

        for path in write_receipt(made.receipts, receipt):
            typer.echo(f"wrote {path}", err=as_json)


preferences_export.register(app)
