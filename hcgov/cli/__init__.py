"""The command line: parse, call, print, exit. One file a command or group of them; heavy imports wait for theirs."""

from typing import Annotated

import typer

from hcgov import __version__
from hcgov.cli.commands import Commands

app = typer.Typer(
    name="hcgov",
    cls=Commands,
    help="Check that a model was built with people in mind at every stage: policies, evidence, a decision, a report.",
    epilog=(
        "Exit codes: 0 passed (conditions allowed), 1 failed, 2 wrong usage or invalid manifest or policy, "
        "3 incomplete, 4 evidence integrity, 70 internal error, 130 interrupted."
    ),
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"hcgov {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool,
        typer.Option("--version", "-V", callback=_version, is_eager=True, help="Show the version and exit."),
    ] = False,
) -> None:
    pass
