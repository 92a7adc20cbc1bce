"""What the commands about people's judgments have in common: which table, how it is read, and where the answer goes."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from hcgov.cli.failing import CommandError
from hcgov.core.long_tables import Scale

if TYPE_CHECKING:
    from hcgov.app.longs import Asked
    from hcgov.core.sheet import Sheet

Target: TypeAlias = Annotated[
    Path, typer.Argument(help="Folder of a project, or a file with the judgments.", show_default=False)
]
Artifact: TypeAlias = Annotated[
    str,
    typer.Option(
        "--artifact",
        "-a",
        help="Artifact of the project; the only one of its kind, or named so, if left out.",
    ),
]
Format: TypeAlias = Annotated[
    str, typer.Option("--format", "-f", help="Format of the file, such as argilla; a table if left out.")
]
MappingFile: TypeAlias = Annotated[
    Path | None, typer.Option("--mapping", "-m", help="File that says which column is which.")
]
Columns: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--column", "-c", metavar="NAME=COLUMN", help="Which column of the file is which; repeatable."
    ),
]
By: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--by", help="Column that describes people, to compare groups; repeatable."),
]
Question: TypeAlias = Annotated[str, typer.Option("--question", "-q", help="Only this question.")]
People: TypeAlias = Annotated[
    Path | None, typer.Option("--annotators", help="File that describes the people who judged.")
]
Output: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--output", "-o", metavar="FORMAT=PATH", help="Write html, json or text; repeatable."),
]
Json: TypeAlias = Annotated[bool, typer.Option("--json", help="Print JSON in place of text.")]
Seed: TypeAlias = Annotated[
    int, typer.Option("--seed", min=0, help="Seed of everything that is drawn at random.")
]
Day: TypeAlias = Annotated[str, typer.Option("--date", help="Day of the report; today if left out.")]
MinPeople: TypeAlias = Annotated[
    int,
    typer.Option(
        "--min-people",
        min=0,
        show_default=False,
        help="Fewest people of a group that is compared; 30 if left out, and no fewer than the project says.",
    ),
]
ScaleName: TypeAlias = Annotated[
    Scale | None,
    typer.Option("--scale", help="For a file: what kind of values the labels are; nominal if left out."),
]
AllowRoot: TypeAlias = Annotated[
    list[Path] | None,
    typer.Option("--allow-root", help="Folder outside the project that artifacts may stand in."),
]


def asked(
    target: Path,
    *,
    artifact: str = "",
    format_: str = "",
    mapping: Path | None = None,
    columns: list[str] | None = None,
    by: list[str] | None = None,
    question: str = "",
    annotators: Path | None = None,
    min_people: int = 0,
    scale: Scale | None = None,
    allow_root: list[Path] | None = None,
) -> "Asked":
    """Return what a command was told.

    Raises
    ------
    CommandError
        A column is not NAME=COLUMN, or an option belongs to files and the target is a project.
    """
    from hcgov.app.longs import Asked

    pairs = {}
    for given in columns or ():
        name, equals, column = given.partition("=")
        if not equals or not name or not column:
            raise CommandError(
                f"`{given}` is not NAME=COLUMN", help="write for example --column item=comment_id"
            )
        pairs[name] = column
    of_files = {
        "--format": format_,
        "--mapping": mapping,
        "--column": pairs,
        "--annotators": annotators,
        "--scale": scale,
    }
    wrong = [option for option, value in of_files.items() if value]
    if target.is_dir() and wrong:
        raise CommandError(
            f"{wrong[0]} belongs to a file, and `{target}` is the folder of a project",
            help="say it at the artifact in hcgov.yaml",
        )
    return Asked(
        target=target,
        artifact=artifact,
        format=format_,
        mapping=mapping,
        columns=pairs,
        by=tuple(by or ()),
        question=question,
        annotators=annotators,
        min_people=min_people,
        scale=scale.value if scale else "",
        allowed_roots=tuple(allow_root or ()),
    )


def day(given: str) -> str:
    """Return the day that was given, or today's in UTC.

    Raises
    ------
    CommandError
        It is no day.
    """
    from datetime import UTC, date, datetime

    if not given:
        return datetime.now(tz=UTC).date().isoformat()
    try:
        return date.fromisoformat(given).isoformat()
    except ValueError as error:
        raise CommandError(f"`{given}` is no day", help="write for example 2026-11-21") from error


def tell(sheet: "Sheet", output: list[str] | None, *, as_json: bool) -> None:
    """Print a sheet, and write it where asked."""
    import shutil

    from hcgov.app.sheets import SheetOutputs, shown, write_sheet

    outputs = SheetOutputs.parse(output or ())
    if as_json:
        typer.echo(shown(sheet, "json"), nl=False)
    elif not outputs.wanted:
        typer.echo(
            shown(sheet, "text", width=min(shutil.get_terminal_size((100, 24)).columns, 120)), nl=False
        )
    for path in write_sheet(sheet, outputs):
        typer.echo(f"wrote {path}", err=as_json)
