"""``hcgov check``: the gate."""

import shlex
import shutil
import sys
import traceback
from contextlib import redirect_stdout
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hcgov.cli.asking import actor, filled
from hcgov.cli.failing import Leave, guarded, reader_may_leave, use_color
from hcgov.cli.progress import Progress

if TYPE_CHECKING:
    from hcgov.app.gate import Gate
    from hcgov.core.record import ReportV1

app = typer.Typer(add_completion=False, rich_markup_mode=None)


class OutputFormat(StrEnum):
    """How results are printed."""

    FULL = "full"
    CONCISE = "concise"
    JSON = "json"


class FailOn(StrEnum):
    """What else fails the gate."""

    WAIVED = "waived"
    WARNED = "warned"


class Color(StrEnum):
    """Whether results are coloured."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


@app.command("check", epilog="Example: hcgov check my-assistant --stage data -o html=data.html")
@guarded
def check(
    project: Annotated[Path, typer.Argument(help="Folder with hcgov.yaml.")] = Path(),
    stage: Annotated[
        list[str] | None,
        typer.Option("--stage", "-s", help="Stage to check; may be given again. All if left out."),
    ] = None,
    select: Annotated[
        list[str] | None,
        typer.Option("--select", help="Control id, or the beginning of ids; may be given again."),
    ] = None,
    policy: Annotated[
        list[str] | None,
        typer.Option("--policy", help="Further policy pack, by name or path inside the project."),
    ] = None,
    allow_root: Annotated[
        list[Path] | None,
        typer.Option(
            "--allow-root", help="Folder outside the project that artifacts may be in; may be given again."
        ),
    ] = None,
    memory_limit: Annotated[
        str,
        typer.Option(
            "--memory-limit",
            metavar="SIZE",
            help="Most memory of the table engine, such as 2GB; the rest goes to disk.",
        ),
    ] = "",
    fresh: Annotated[
        bool,
        typer.Option(
            "--fresh",
            help="Count and judge all anew; take nothing from earlier checks. It has to come to the same.",
        ),
    ] = False,
    ledger_key: Annotated[
        Path | None,
        typer.Option(
            "--ledger-key",
            envvar="HCGOV_LEDGER_KEY",
            metavar="FILE",
            help="Private key that signs the ledger's checkpoint.",
        ),
    ] = None,
    trusted_ref: Annotated[
        str,
        typer.Option(
            "--trusted-ref",
            metavar="REF",
            callback=filled,
            help="Branch or commit whose waivers and baseline count, such as origin/main; for pull requests.",
        ),
    ] = "",
    baseline: Annotated[
        str,
        typer.Option(
            "--baseline",
            metavar="RECORD",
            callback=filled,
            help="Earlier record to compare with: a report.json, a run or a project. It accepts nothing; failures "
            "that are known stand in the file that the manifest names under `baseline:`.",
        ),
    ] = "",
    output: Annotated[
        list[str] | None,
        typer.Option(
            "--output", "-o", metavar="FORMAT=PATH", help="Also write html, json, markdown or model_card."
        ),
    ] = None,
    output_format: Annotated[
        OutputFormat, typer.Option("--output-format", help="What is printed on stdout.")
    ] = OutputFormat.FULL,
    fail_on: Annotated[
        list[FailOn] | None, typer.Option("--fail-on", help="Fail also on this; may be given again.")
    ] = None,
    exit_zero: Annotated[
        bool, typer.Option("--exit-zero", help="Leave with 0 whatever is decided; the record says so.")
    ] = False,
    no_mlflow: Annotated[
        bool, typer.Option("--no-mlflow", help="Do not log; `hcgov log` can do it later.")
    ] = False,
    tracking_uri: Annotated[str, typer.Option("--tracking-uri", help="MLflow tracking URI.")] = "",
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print only the decision.")] = False,
    verbose: Annotated[
        int, typer.Option("--verbose", "-v", count=True, help="Say more; -vv shows tracebacks.")
    ] = 0,
    color: Annotated[
        Color, typer.Option("--color", help="auto heeds NO_COLOR, FORCE_COLOR and the terminal.")
    ] = Color.AUTO,
    no_progress: Annotated[bool, typer.Option("--no-progress", help="No progress on stderr.")] = False,
) -> None:
    """Check a project against its policies and decide.

    Exit codes: 0 passed (conditions allowed), 1 failed, 2 wrong usage or invalid manifest or policy (nothing
    evaluated), 3 incomplete, 4 evidence integrity, 70 internal error, 130 interrupted.
    """
    from hcgov.app.check import Asked
    from hcgov.app.gate import run_gate
    from hcgov.app.rendering import Outputs

    progress = Progress(sys.stderr, enabled=not (quiet or no_progress))
    asked = Asked(
        root=project,
        now=datetime.now(UTC),
        stages=tuple(stage or ()),
        select=tuple(select or ()),
        policies=tuple(policy or ()),
        allowed_roots=tuple(allow_root or ()),
        fail_on=tuple(f.value for f in fail_on or ()),
        exit_zero=exit_zero,
        memory_limit=memory_limit,
        fresh=fresh,
        trusted_ref=trusted_ref,
        tracking_uri=tracking_uri,
        ledger_key=ledger_key,
        command=_command(),
        actor=actor(),
    )
    outputs = Outputs.parse(output or ())
    # What a third party's check or a library prints is no part of our answer.
    with redirect_stdout(sys.stderr):
        gate = run_gate(
            asked,
            outputs,
            progress.step,
            track=not no_mlflow,
            baseline=baseline,
        )
    progress.done()
    coloured = use_color(sys.stdout) if color is Color.AUTO else color is Color.ALWAYS
    _tell(gate, output_format, quiet=quiet, color=coloured, crashes=verbose > 1)
    raise Leave(gate.checked.report.decision.exit_code)


def _tell(gate: "Gate", form: OutputFormat, *, quiet: bool, color: bool, crashes: bool) -> None:
    """Print the decision, then what becomes of logging it; whoever reads may leave at any line."""
    full = form is OutputFormat.FULL and not quiet
    with reader_may_leave():
        _print(gate.checked.report, form, quiet=quiet, color=color)
        if gate.checked.stored:
            from hcgov.app.attempts import begun

            since = begun(gate.checked.report.created)
            told = f"unchanged since {since}: the stored verdict of {gate.checked.report.id}; --fresh judges anew"
            typer.echo(told, err=not full)
        _tell_compared(gate, err=not full)
        if full:
            typer.echo(
                f"report  {gate.saved.shown('report.html')}\nrecord  {gate.saved.shown('report.json')}"
            )
    if crashes:
        _show_crashes(gate.checked.crashes)
    for line in gate.finish_tracking():
        with reader_may_leave():
            typer.echo(line, err=not full)
    with reader_may_leave():
        if full:
            typer.echo(f"exit {gate.checked.report.decision.exit_code}")


def _tell_compared(gate: "Gate", *, err: bool) -> None:
    if gate.compared is not None:
        from hcgov.io.render.run_difference import comparison_lines

        for line in comparison_lines(gate.compared):
            typer.echo(line, err=err)


def _print(report: "ReportV1", form: OutputFormat, *, quiet: bool, color: bool) -> None:
    from hcgov.io.render.terminal import last_line, render_concise, render_full

    if form is OutputFormat.JSON:
        from hcgov.io.render.json_report import render_json

        sys.stdout.write(render_json(report))
    elif form is OutputFormat.CONCISE:
        sys.stdout.write(last_line(report, color=color) + "\n" if quiet else render_concise(report))
    else:
        width = shutil.get_terminal_size((100, 24)).columns
        text = (
            last_line(report, color=color) + "\n" if quiet else render_full(report, color=color, width=width)
        )
        sys.stdout.write(text)


def _show_crashes(crashes: tuple[tuple[str, BaseException], ...]) -> None:
    for control, crash in crashes:
        typer.echo(f"{control} crashed:\n" + "".join(traceback.format_exception(crash)), err=True)


def _command() -> str:
    """Return the command line as it can be repeated, without secrets in URIs."""
    from hcgov.io.tracking.uri import redact

    return redact(shlex.join(["hcgov", *sys.argv[1:]]))
