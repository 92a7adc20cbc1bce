"""``hcgov policy diff`` and ``hcgov policy explain``: what a policy asks otherwise, and why it said what it said."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from hcgov.cli.asking import filled
from hcgov.cli.failing import Leave, guarded


class Form(StrEnum):
    """How a difference is printed."""

    TEXT = "text"
    JSON = "json"


class FailOn(StrEnum):
    """Which differences fail."""

    LOOSEN = "loosen"


@guarded
def diff(
    policies: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[OLD NEW]",
            help="Names, files or folders of packs, or folders of projects; one with --base.",
        ),
    ] = None,
    base: Annotated[
        str,
        typer.Option(
            "--base",
            metavar="REF",
            callback=filled,
            help="Compare what is checked out with this branch or commit.",
        ),
    ] = "",
    output_format: Annotated[Form, typer.Option("--output-format", help="text or json.")] = Form.TEXT,
    fail_on: Annotated[
        FailOn | None,
        typer.Option("--fail-on", help="loosen: leave with 1 where less is asked, or nobody can tell."),
    ] = None,
) -> None:
    """Tell what one policy asks more or less than another, and whether their versions say so."""
    from hcgov.app.policy_diff import compare_policies
    from hcgov.io.render.policy_difference import policy_difference_json, policy_difference_text

    found = compare_policies(policies or [], Path(), base)
    render = policy_difference_json if output_format is Form.JSON else policy_difference_text
    sys.stdout.write(render(found.difference, found.project, old=found.old, new=found.new))
    if fail_on is FailOn.LOOSEN and found.may_loosen:
        raise Leave(1)


@guarded
def explain(
    control: Annotated[str, typer.Argument(help="Id of a control.")],
    project: Annotated[Path, typer.Argument(help="Folder of the project.")] = Path(),
    run: Annotated[
        str,
        typer.Option(
            "--run", metavar="RECORD", help="A report.json, or the id of a kept run; the newest if left out."
        ),
    ] = "",
) -> None:
    """Tell where each part of a control comes from, what was found, and the smallest change that would alter it."""
    from hcgov.app.policy_explain import explain_control

    sys.stdout.write(explain_control(control, project, run))


def register(app: typer.Typer) -> None:
    """Add both commands to ``hcgov policy``."""
    app.command(
        "diff", epilog="Examples: hcgov policy diff old.yaml new.yaml; hcgov policy diff . --base main"
    )(diff)
    app.command("explain", epilog="Example: hcgov policy explain ACME-EVL-007 my-assistant")(explain)
