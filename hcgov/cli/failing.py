"""How things go wrong in front of people: what, where, why and how to mend it; no traceback unless asked."""

import functools
import os
import sys
import traceback
from collections.abc import Callable
from typing import ParamSpec

import typer

from hcgov.core.mistake import AuthoringError, Mistake
from hcgov.core.status import EXIT_INTERNAL, EXIT_INTERRUPTED, EXIT_USAGE

P = ParamSpec("P")


class CommandError(Exception):
    """A command cannot do what was asked; the message and help are for people."""

    def __init__(self, message: str, *, help: str = "", code: int = EXIT_USAGE) -> None:  # noqa: A002 - as in Mistake
        self.message, self.help, self.code = message, help, code
        super().__init__(message)


def guarded(command: Callable[P, None]) -> Callable[P, None]:
    """Turn what a command raises into words and the right exit code."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except AuthoringError as error:
            typer.echo(render_mistakes(error.mistakes, color=use_color(sys.stderr)), err=True)
            raise typer.Exit(EXIT_USAGE) from None
        except CommandError as error:
            typer.echo(
                render_mistakes(
                    [Mistake(code="HCG-U001", message=error.message, help=error.help)],
                    color=use_color(sys.stderr),
                    closing=False,
                ),
                err=True,
            )
            raise typer.Exit(error.code) from None
        except KeyboardInterrupt:
            typer.echo("interrupted", err=True)
            raise typer.Exit(EXIT_INTERRUPTED) from None
        except (typer.Exit, typer.Abort):
            raise
        except BrokenPipeError:
            # Whoever read our output has left; there is nobody to tell.
            sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115 - stays open until the interpreter ends
            raise typer.Exit(0) from None
        except (Exception, SystemExit) as error:  # noqa: BLE001 - nobody below decides the exit code; an internal error must never look like a failed gate
            raise typer.Exit(internal_error(error)) from None

    return run


def internal_error(error: BaseException) -> int:
    """Tell an internal error and return its exit code."""
    verbose = "-vv" in sys.argv
    sys.stderr.write(f"error[HCG-X001]: hcgov itself failed: {type(error).__name__}: {error}\n")
    if verbose:
        sys.stderr.write("".join(traceback.format_exception(error)))
    else:
        sys.stderr.write(
            "  = help: run again with -vv and report what it prints; nothing was decided (exit 70)\n"
        )
    return EXIT_INTERNAL


def use_color(stream: object) -> bool:
    """Whether to colour a stream: ``NO_COLOR`` and ``FORCE_COLOR`` are honoured, else terminals are coloured."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return bool(getattr(stream, "isatty", lambda: False)()) and os.environ.get("TERM") != "dumb"


def render_mistakes(
    mistakes: list[Mistake] | tuple[Mistake, ...], *, color: bool, closing: bool = True
) -> str:
    """Return mistakes as blocks of code, place, source line and help."""
    red, bold, dim, plain = ("\x1b[31m", "\x1b[1m", "\x1b[2m", "\x1b[0m") if color else ("", "", "", "")
    blocks = []
    ordered = sorted(
        mistakes,
        key=lambda m: (
            (m.where is None, str(m.where.file), m.where.line, m.where.column)
            if m.where
            else (True, "", 0, 0)
        ),
    )
    for mistake in ordered:
        lines = [f"{red}error[{mistake.code}]{plain}{bold}: {printable(mistake.message)}{plain}"]
        place = mistake.where
        if place is not None:
            gutter = " " * len(str(place.line))
            lines.append(f"{dim}{gutter} ┌─{plain} {place}")
            if place.source.strip():
                marker = " " * (place.column - 1) + "^" * max(1, place.width)
                lines.append(f"{dim}{place.line} │{plain} {printable(place.source)}")
                lines.append(f"{dim}{gutter} │{plain} {red}{marker}{plain}")
        if mistake.help:
            lines.append(f"  {dim}={plain} help: {printable(mistake.help)}")
        blocks.append("\n".join(lines))
    if closing:
        count = f"{len(blocks)} error{'s' if len(blocks) != 1 else ''}"
        blocks.append(
            f"  {dim}={plain} note: {count}; nothing was evaluated (exit {EXIT_USAGE}). "
            f"`hcgov explain CODE` tells more"
        )
    return "\n\n".join(blocks)


def printable(text: str) -> str:
    """Return text without control characters, so that no file can drive the terminal."""
    return "".join(c if c.isprintable() or c == "\t" else "\N{REPLACEMENT CHARACTER}" for c in text)
