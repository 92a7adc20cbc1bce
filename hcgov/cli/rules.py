"""``hcgov rules``: what can be checked."""

import json
from enum import StrEnum
from typing import Annotated

import typer

from hcgov.cli.failing import guarded


class Form(StrEnum):
    """How rules are listed."""

    TEXT = "text"
    JSON = "json"


@guarded
def rules(
    stage: Annotated[str, typer.Option("--stage", "-s", help="Only this stage.")] = "",
    output_format: Annotated[Form, typer.Option("--output-format", help="text or json.")] = Form.TEXT,
) -> None:
    """List the installed checks and the controls of the shipped packs."""
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
