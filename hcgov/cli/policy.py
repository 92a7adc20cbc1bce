"""``hcgov policy``: what packs say, before any project is checked by them."""

from pathlib import Path
from typing import Annotated

import typer

from hcgov.cli import policy_diff, policy_schema, policy_test
from hcgov.cli.failing import guarded

app = typer.Typer(
    name="policy",
    help="Validate, resolve and lock policy packs.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)

app.command("test", epilog="Example: hcgov policy test own.yaml -v")(policy_test.run_cases)
app.command("mutate", epilog="Example: hcgov policy mutate own.yaml")(policy_test.run_mutants)
app.command("schema", epilog="Example: hcgov policy schema -o .hcgov/policy.schema.json")(
    policy_schema.schema
)

Targets = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[PACK]...",
        help="Names, files or folders of packs, or folders of projects; the project here if none is given.",
    ),
]


@app.command("validate", epilog="Example: hcgov policy validate own.yaml")
@guarded
def validate(packs: Targets = None) -> None:
    """Tell every mistake in policy packs, with its place and how to mend it; exit 2 if there are any."""
    from hcgov.app.policy import read_policies

    for pack in read_policies(packs or [], Path()).packs:
        metadata = pack.spec.metadata
        inherited = len(pack.sources) - 1
        controls = len(pack.spec.controls)
        disabled = sum(one.disabled is not None for one in pack.history)
        typer.echo(
            f"{metadata.id} {metadata.version}: sound; {_many(controls, 'control')}"
            + (f", {disabled} of them disabled" if disabled else "")
            + (f", {_many(inherited, 'pack')} extended" if inherited else "")
        )


@app.command("resolve", epilog="Example: hcgov policy resolve own.yaml --show-origin")
@guarded
def resolve(
    packs: Targets = None,
    show_origin: Annotated[
        bool, typer.Option("--show-origin", help="Say beside each value where it was written, and by whom.")
    ] = False,
) -> None:
    """Print the controls that packs come to: inherited, with parameters set and overrides applied."""
    from hcgov.app.policy import read_policies, resolved_text

    typer.echo(resolved_text(read_policies(packs or [], Path()), origins=show_origin), nl=False)


@app.command("lock", epilog="Example: hcgov policy lock my-assistant")
@guarded
def lock(
    project: Annotated[Path, typer.Argument(help="Folder of the project.")] = Path(),
) -> None:
    """Pin a project's packs, byte for byte, and what they come to; a check refuses anything else from then on."""
    from hcgov.app.policy import write_lock

    typer.echo(f"wrote {write_lock(project)}")


policy_diff.register(app)


def _many(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"
