"""``hcgov baseline``: the failures that are known."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from hcgov.cli.failing import CommandError, guarded, printable

app = typer.Typer(
    name="baseline",
    help="Keep the failures that are known: new ones block, known ones may not get worse.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)


@app.callback()
def _baseline() -> None:
    pass


@app.command("update", epilog="Example: hcgov baseline update my-assistant --only-improve")
@guarded
def update(
    project: Annotated[Path, typer.Argument(help="Folder with hcgov.yaml.")] = Path(),
    record: Annotated[
        Path | None,
        typer.Option("--from", help="A report.json; the newest record of the project if left out."),
    ] = None,
    only_improve: Annotated[
        bool,
        typer.Option(
            "--only-improve", help="Values only get stricter and entries only go; nothing is added."
        ),
    ] = False,
    owner: Annotated[str, typer.Option("--owner", help="Who answers for failures that are taken in.")] = "",
    expires: Annotated[
        str, typer.Option("--expires", metavar="DAY", help="Last day on which those count, in UTC.")
    ] = "",
) -> None:
    """Bring the baseline up to date with a record, and write it."""
    from hcgov.app.baseline import update_baseline
    from hcgov.core.ratchet import Taken

    today = datetime.now(UTC).date()
    taken = None
    if not only_improve:
        if len(owner.strip()) < 3 or not expires:
            raise CommandError(
                "failures are taken in with `--owner` and `--expires` only",
                help="say who answers for them and until when, or use --only-improve",
            )
        taken = Taken(owner=owner, expires=_day(expires, today))
    done = update_baseline(project, record or project, today, taken)
    changes = done.updated
    for word, entries in (
        ("added", changes.added),
        ("loosened", changes.loosened),
        ("tightened", changes.tightened),
        ("dropped", changes.dropped),
        ("not taken in", changes.refused),
    ):
        for entry in entries:
            typer.echo(printable(f"{word}  {entry.control}  {entry.about}"))
    for control in done.mandatory:
        typer.echo(printable(f"not taken in  {control}  it is mandatory"))
    n = len(changes.entries)
    typer.echo(f"wrote {done.path}: {n} known failure{'s' * (n != 1)}")


@app.command("show", epilog="Example: hcgov baseline show my-assistant")
@guarded
def show(project: Annotated[Path, typer.Argument(help="Folder with hcgov.yaml.")] = Path()) -> None:
    """Show the failures that are known, who answers for them and until when."""
    from hcgov.app.baseline import shown_entries

    today = datetime.now(UTC).date()
    entries = shown_entries(project)
    for entry in entries:
        value = "" if entry.observed is None else f"  {entry.observed}"
        ended = " (ended)" if entry.expires < today else ""
        typer.echo(
            printable(f"{entry.control}  {entry.about}{value}  {entry.owner}, until {entry.expires}{ended}")
        )
    if not entries:
        typer.echo("no known failure")


def _day(written: str, today: date) -> date:
    try:
        day = date.fromisoformat(written)
    except ValueError:
        raise CommandError(
            f"`{written}` is no day", help="write it as year-month-day, such as 2027-01-31"
        ) from None
    if day < today:
        raise CommandError(f"{day} is over", help="choose a last day from today on")
    return day
