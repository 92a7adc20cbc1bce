"""``hcgov waiver``: exceptions with an owner, a reason and a last day."""

import json
import sys
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hcgov.cli.failing import CommandError, Leave, guarded, printable

if TYPE_CHECKING:
    from hcgov.app.waiver import Row

app = typer.Typer(
    name="waiver",
    help="Draft, list, check and sign waivers: exceptions with an owner, a reason and a last day.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)


class Form(StrEnum):
    """How waivers are listed."""

    TEXT = "text"
    JSON = "json"


Project = Annotated[Path, typer.Argument(help="Folder with hcgov.yaml.")]
On = Annotated[
    str,
    typer.Option("--on", metavar="DAY", help="Day to look at, such as 2026-12-01; today in UTC if left out."),
]


@app.callback()
def _waiver() -> None:
    pass


@app.command(
    "new",
    epilog="Example: hcgov waiver new ACME-EVL-007 --from my-assistant --owner cro@acme.example -o waivers.yaml",
)
@guarded
def new(
    control: Annotated[str, typer.Argument(help="Id of the control.")],
    record: Annotated[
        Path,
        typer.Option(
            "--from", help="A report.json, or the folder of a project; its newest record if left out."
        ),
    ] = Path(),
    id_: Annotated[
        str, typer.Option("--id", help="Id of the waiver; made from day and control if left out.")
    ] = "",
    owner: Annotated[str, typer.Option("--owner", help="Who answers for the risk.")] = "",
    requested_by: Annotated[str, typer.Option("--requested-by", help="Who asks.")] = "",
    reason: Annotated[str, typer.Option("--reason", help="Why the risk is accepted.")] = "",
    approver: Annotated[str, typer.Option("--approver", help="Who approves; not who asks.")] = "",
    role: Annotated[str, typer.Option("--role", help="In which role they approve.")] = "risk-owner",
    starts: Annotated[
        str, typer.Option("--starts", metavar="DAY", help="First day; today in UTC if left out.")
    ] = "",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="A new file; printed if left out.")
    ] = None,
) -> None:
    """Draft a waiver for what a record says: subject, groups, observed value and the longest term are filled in.

    What only people can say is left empty, and an empty one is refused: no draft takes effect by itself.
    """
    from hcgov.app.waiver import Asking, draft
    from hcgov.io.files import write_atomically

    asking = Asking(
        control=control,
        starts=_day(starts),
        id=id_,
        owner=owner,
        requested_by=requested_by,
        reason=reason,
        approver=approver,
        role=role,
    )
    text = draft(asking, record)
    if output is None:
        sys.stdout.write(text)
        return
    if output.exists():
        raise CommandError(
            f"`{output}` is there already", help="name a new file; `waivers:` in hcgov.yaml may list several"
        )
    write_atomically(output, text)
    typer.echo(f"wrote {output}")


@app.command("list", epilog="Example: hcgov waiver list my-assistant --on 2026-12-01")
@guarded
def list_(
    project: Project = Path(),
    on: On = "",
    output_format: Annotated[Form, typer.Option("--output-format", help="text or json.")] = Form.TEXT,
) -> None:
    """List every waiver and where it stands on a day; the newest record tells what is released and what was used."""
    from hcgov.app.waiver import rows

    found = rows(project, _day(on), strict=False)
    if output_format is Form.JSON:
        typer.echo(json.dumps([_values(row) for row in found], indent=1, ensure_ascii=False))
        return
    for row in found:
        typer.echo(printable(_line(row)))
    if not found:
        typer.echo("no waiver")


@app.command("check", epilog="Example: hcgov waiver check my-assistant")
@guarded
def check(project: Project = Path(), on: On = "") -> None:
    """Check the waivers of a project; nothing is evaluated.

    Exit codes: 0 every waiver is or will be in force, 1 one is not (it ended, is for another subject or check, or
    lacks a signature), 2 one is malformed or could never take effect, 3 no record tells what is released.
    """
    from hcgov.app.waiver import exit_code, is_recorded, rows

    found = rows(project, _day(on), strict=True)
    for row in found:
        typer.echo(printable(_line(row)))
    code = exit_code(found, recorded=is_recorded(project))
    typer.echo(f"{len(found)} waiver{'s' * (len(found) != 1)}\nexit {code}")
    raise Leave(code)


@app.command("sign", epilog="Example: hcgov waiver sign W-2026-014 my-assistant --key risk-owner.key")
@guarded
def sign(
    id_: Annotated[str, typer.Argument(metavar="ID", help="Id of the waiver.")],
    key: Annotated[Path, typer.Option("--key", help="Private key of who approves.")],
    project: Project = Path(),
    by: Annotated[str, typer.Option("--by", help="Whose approval it is, where the waiver has several.")] = "",
) -> None:
    """Sign a waiver as it is now; the signature is written where its approval says."""
    from hcgov.app.waiver import sign_waiver

    typer.echo(f"wrote {sign_waiver(project, id_, key, by)}")


def _line(row: "Row") -> str:
    spec = row.waiver.spec
    told = [row.why]
    if row.ends_soon:
        told.append(f"ends soon, on {spec.expires}")
    if row.used is False:
        told.append("not used by the newest record")
    return f"{spec.id}  {row.state.replace('_', ' ')}  {spec.control}  {'; '.join(told)}"


def _values(row: "Row") -> dict[str, object]:
    spec = row.waiver.spec
    return {
        "id": spec.id,
        "control": spec.control,
        "state": row.state,
        "why": row.why,
        "starts": spec.starts.isoformat(),
        "expires": spec.expires.isoformat(),
        "ends_soon": row.ends_soon,
        "used": row.used,
        "owner": spec.owner,
        "signed_by": list(row.waiver.signed_by),
    }


def _day(written: str) -> date:
    if not written:
        return datetime.now(UTC).date()
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise CommandError(
            f"`{written}` is no day", help="write it as year-month-day, such as 2026-12-01"
        ) from None
