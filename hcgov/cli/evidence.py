"""``hcgov evidence``: signatures over what controls read."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from hcgov.cli.failing import guarded, printable

app = typer.Typer(
    name="evidence",
    help="Sign evidence, where a policy asks who vouches for it.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)


@app.callback()
def _evidence() -> None:
    pass


@app.command("sign", epilog="Example: hcgov evidence sign predictions my-assistant --key eval-runner.key")
@guarded
def sign(
    artifact: Annotated[
        str, typer.Argument(help="Name of the artifact in hcgov.yaml, or of a checklist that was answered.")
    ],
    key: Annotated[Path, typer.Option("--key", help="Private key of who vouches for it.")],
    project: Annotated[Path, typer.Argument(help="Folder with hcgov.yaml.")] = Path(),
    allow_root: Annotated[
        list[Path] | None,
        typer.Option(
            "--allow-root", help="Folder outside the project that artifacts may be in; may be given again."
        ),
    ] = None,
    renew: Annotated[
        bool,
        typer.Option(
            "--renew", help="Make a new statement of today; signatures of others on it are dropped."
        ),
    ] = False,
) -> None:
    """Sign an artifact as it is now; the signature is written beside it, as NAME.dsse.json.

    Where others signed the same content, the key signs their statement too, which keeps its day.
    """
    from hcgov.app.signatures import sign_evidence

    written = sign_evidence(
        project,
        artifact,
        key,
        today=datetime.now(UTC).date(),
        renew=renew,
        allowed_roots=tuple(allow_root or ()),
    )
    typer.echo(printable(f"wrote {written}"))
