"""``hcgov policy schema``: what editors complete and underline by."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from hcgov.cli.failing import guarded


class Kind(StrEnum):
    """Kinds of files that have a schema."""

    PACK = "pack"
    CONTROLS = "controls"
    CASES = "cases"
    LOCK = "lock"
    WAIVERS = "waivers"
    BASELINE = "baseline"
    MANIFEST = "manifest"
    REPORT = "report"


@guarded
def schema(
    kind: Annotated[
        Kind, typer.Option("--kind", help="Kind of file: " + ", ".join(kind.value for kind in Kind) + ".")
    ] = Kind.PACK,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE", help="Write it there; else it is printed."),
    ] = None,
) -> None:
    """Print the JSON Schema by which editors complete a policy, for the checks that are installed."""
    from hcgov.app.schemas import schema_of, write_schema

    if output is None:
        typer.echo(schema_of(kind.value), nl=False)
        return
    write_schema(kind.value, output)
    typer.echo(f"wrote {output}")
