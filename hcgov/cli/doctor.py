"""``hcgov doctor``: whether everything is in place."""

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from hcgov.cli.failing import Leave, guarded

app = typer.Typer(add_completion=False, rich_markup_mode=None)


class Form(StrEnum):
    """How findings are printed."""

    TEXT = "text"
    JSON = "json"


@app.command("doctor", epilog="Example: hcgov doctor my-assistant --output-format json")
@guarded
def doctor(
    project: Annotated[Path, typer.Argument(help="Folder with hcgov.yaml.")] = Path(),
    tracking_uri: Annotated[str, typer.Option("--tracking-uri", help="MLflow tracking URI.")] = "",
    output_format: Annotated[Form, typer.Option("--output-format", help="text or json.")] = Form.TEXT,
) -> None:
    """Look at versions, the project, its artifacts' pins, the tracking store and the folders; change nothing."""
    from hcgov.app.doctor import examine

    found = examine(project, tracking_uri)
    if output_format is Form.JSON:
        typer.echo(json.dumps([one.as_json() for one in found], indent=1, ensure_ascii=False))
    else:
        for one in found:
            typer.echo(f"{one.mark} {one.topic:<10} {one.text}")
    if any(one.state == "bad" for one in found):
        raise Leave(1)
