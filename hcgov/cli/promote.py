"""``hcgov promote``: move an alias of the MLflow registry, with a record that allows it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from hcgov.cli.asking import actor, print_claims, span
from hcgov.cli.failing import Leave, guarded, printable

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command(
    "promote", epilog="Example: hcgov promote models:/credit/7 --alias champion --project my-assistant"
)
@guarded
def promote(
    model: Annotated[str, typer.Argument(metavar="MODEL", help="models:/NAME/VERSION")],
    record: Annotated[
        Path | None,
        typer.Option("--record", help="A report.json; the newest record of the project if left out."),
    ] = None,
    alias: Annotated[str, typer.Option("--alias", help="Alias to move, such as champion.")] = "",
    tag: Annotated[
        str,
        typer.Option("--tag", metavar="KEY=VALUE", help="Tag to set on the version, in place of an alias."),
    ] = "",
    project: Annotated[
        Path | None,
        typer.Option("--project", "-p", help="Project of the record; the one that it lies in if left out."),
    ] = None,
    tracking_uri: Annotated[str, typer.Option("--tracking-uri", help="MLflow tracking URI.")] = "",
    max_age: Annotated[
        str, typer.Option("--max-age", metavar="SPAN", help="Longest time since the check: 90m, 24h, 7d.")
    ] = "24h",
    stage: Annotated[
        list[str] | None,
        typer.Option("--stage", "-s", help="Stage that it must cover; may be given again. All if left out."),
    ] = None,
    allow_conditions: Annotated[
        bool, typer.Option("--allow-conditions", help="Also where something passes only by an exception.")
    ] = False,
    policy: Annotated[
        list[str] | None,
        typer.Option("--policy", help="Further policy pack that the check was given; may be given again."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would happen; write nothing anywhere.")
    ] = False,
) -> None:
    """Move an alias to a model version, only with a fresh passing record of exactly these bytes and this policy.

    Exit codes: 0 the alias stands there, 1 the record does not pass, 2 wrong usage or no such model or version, 3 not
    known: the record is too old or about something else, the registry does not answer, or somebody moved the alias
    meanwhile; 4 the record or the ledger is not what it was. In all but 0 nothing was promoted.
    """
    from hcgov.app.promote import Promotion, promote, target_of
    from hcgov.app.release_gate import Question
    from hcgov.app.weighing import Demands

    target = target_of(model, alias, tag)
    demands = Demands(
        now=datetime.now(UTC),
        max_age=span(max_age, "--max-age"),
        stages=tuple(stage or ()),
        fail_on=() if allow_conditions else ("waived",),
    )
    question = Question(
        record=record or project or Path(),
        demands=demands,
        project=project,
        policies=tuple(policy or ()),
        actor=actor(),
    )
    done = promote(Promotion(question=question, target=target, tracking_uri=tracking_uri, dry_run=dry_run))
    print_claims(done.weight.claims)
    where = f"models:/{target.name}/{target.version}"
    came = f" (from version {done.before})" if done.before and done.before != target.version else ""
    if done.moved:
        typer.echo(printable(f"{target} -> {where}{came} in {done.store}"))
    elif dry_run and done.weight.exit_code == 0:
        typer.echo(printable(f"would move {target} -> {where}{came} in {done.store}"))
    else:
        typer.echo(printable(f"not promoted: {where} is not {target}"))
    typer.echo(f"exit {done.weight.exit_code}")
    raise Leave(done.weight.exit_code)
