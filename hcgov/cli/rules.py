"""``hcgov rules``: what can be checked, and how a suite's expectations are answered."""

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hcgov.cli.failing import guarded

if TYPE_CHECKING:
    from hcgov.app.roads import Expected

app = typer.Typer(add_completion=False, rich_markup_mode=None)


class Form(StrEnum):
    """How rules are listed."""

    TEXT = "text"
    JSON = "json"


@app.command("rules", epilog="Examples: hcgov rules --stage data; hcgov rules my-assistant")
@guarded
def rules(
    target: Annotated[
        Path | None,
        typer.Argument(
            help="A project or a suite of Great Expectations: tell for each expectation who answers it, and why."
        ),
    ] = None,
    stage: Annotated[str, typer.Option("--stage", "-s", help="Only this stage.")] = "",
    output_format: Annotated[Form, typer.Option("--output-format", help="text or json.")] = Form.TEXT,
) -> None:
    """List the installed checks and the controls of the shipped packs, or the roads of expectations."""
    if target is not None:
        from hcgov.app.roads import roads_of

        _tell_roads(roads_of(target, stage), output_format)
        return
    from hcgov.app.explain import list_rules

    listed = list_rules(stage)
    if output_format is Form.JSON:
        typer.echo(json.dumps([rule.as_json() for rule in listed], indent=1, ensure_ascii=False))
        return
    width = max((len(rule.id) for rule in listed), default=0)
    kind = ""
    for rule in listed:
        if f"{rule.kind} {rule.stage}" != kind:
            kind = f"{rule.kind} {rule.stage}"
            typer.echo(f"\n{rule.stage}: {rule.kind}s")
        typer.echo(f"  {rule.id:<{width}}  {rule.title}")
    typer.echo("\n`hcgov explain ID` tells what one of them asks, why, and how to mend it.")


def _tell_roads(expected: "tuple[Expected, ...]", form: Form) -> None:
    if form is Form.JSON:
        typer.echo(json.dumps([one.as_json() for one in expected], indent=1, ensure_ascii=False))
        return
    width = max((len(one.expectation) for one in expected), default=0)
    road = max((len(one.road) for one in expected), default=0)
    heading = ""
    for one in expected:
        of = " ".join(filter(None, (one.control, f"suite {one.suite}", one.table and f"on {one.table}")))
        if of != heading:
            heading = of
            typer.echo(f"\n{heading}")
        typer.echo(f"  {one.expectation:<{width}}  {one.road:<{road}}  {one.why}")
    if not expected:
        typer.echo("no control asks for expectations")
