"""How things go wrong in front of people: what, where, why and how to mend it; no traceback unless asked."""

import errno
import functools
import io
import os
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import ParamSpec

import typer

from hcgov.core.mistake import AuthoringError, LedgerDamagedError, Mistake, NotKeptError, Position
from hcgov.core.status import EXIT_INTEGRITY, EXIT_INTERNAL, EXIT_INTERRUPTED, EXIT_USAGE

P = ParamSpec("P")

_SHOWN = 160
"""Characters of a source line that are shown around a mistake; minified files have lines without end."""

DAMAGED = "`hcgov ledger verify` says where; nothing was decided, and nothing was written over it"

NOT_KEPT = "make room or let the folder be written, and check again; what stood there before still stands"


class CommandError(Exception):
    """A command cannot do what was asked; the message and help are for people."""

    def __init__(self, message: str, *, help: str = "", code: int = EXIT_USAGE) -> None:  # noqa: A002 - as in Mistake
        self.message, self.help, self.code = message, help, code
        super().__init__(message)


class Leave(Exception):  # noqa: N818 - nothing went wrong
    """A command is done and leaves with a code; ours alone, so that no library below can leave in our name."""

    def __init__(self, code: int) -> None:
        self.code = code
        super().__init__(code)


def guarded(command: Callable[P, None]) -> Callable[P, None]:
    """Turn what a command raises into words and the right exit code."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        code = 0
        try:
            with reader_may_leave():
                command(*args, **kwargs)
        except AuthoringError as error:
            # Nothing was evaluated because of manifest or policies; of other usage that goes without saying.
            closing = any(not mistake.code.startswith("HCG-U") for mistake in error.mistakes)
            code = _tell(error.mistakes, EXIT_USAGE, closing=closing)
        except CommandError as error:
            code = _tell([Mistake(code="HCG-U001", message=error.message, help=error.help)], error.code)
        except NotKeptError as error:
            code = _tell([Mistake(code="HCG-X002", message=str(error), help=NOT_KEPT)], EXIT_INTERNAL)
        except LedgerDamagedError as error:
            code = _tell([Mistake(code="HCG-L002", message=str(error), help=DAMAGED)], EXIT_INTEGRITY)
        except KeyboardInterrupt:
            typer.echo("interrupted", err=True)
            code = EXIT_INTERRUPTED
        except Leave as leaving:
            code = leaving.code
        except BaseException as error:  # noqa: BLE001 - nobody below decides the exit code; an internal error must never look like a gate that passed or failed
            code = internal_error(error)
        raise typer.Exit(_delivered(code))

    return run


@contextmanager
def reader_may_leave() -> Iterator[None]:
    """Go on where output cannot be delivered: the exit code still counts, and work that is under way is finished.

    A reader that left is nobody to tell; any other reason is told at the end, and leaves with an internal error.
    """
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        sys.stdout = _Lost(None)
    except OSError as error:
        if not _is_output(error):
            raise
        sys.stdout = _Lost(error)


class _Lost(io.TextIOBase):
    """Takes the place of an output that cannot be written, and keeps why."""

    def __init__(self, why: OSError | None) -> None:
        self.why = why

    def write(self, text: str, /) -> int:
        return len(text)


def _is_output(error: OSError) -> bool:
    """Whether writing to a stream failed: errors about files name the file."""
    return error.filename is None and error.errno in (errno.ENOSPC, errno.EIO, errno.EBADF, errno.EFBIG)


def _delivered(code: int) -> int:
    """Write out what is still held back; output that was lost must not look like an answer."""
    with reader_may_leave():
        pass
    if isinstance(sys.stdout, _Lost) and sys.stdout.why is not None:
        message = f"the output cannot be written: {sys.stdout.why.strerror}"
        return _tell([Mistake(code="HCG-X002", message=message, help=NOT_KEPT)], EXIT_INTERNAL)
    return code


def _tell(mistakes: Sequence[Mistake], code: int, *, closing: bool = False) -> int:
    # Not by `echo`, which takes colour away from whatever is no terminal, also where colour was asked for.
    sys.stderr.write(render_mistakes(mistakes, color=use_color(sys.stderr), closing=closing) + "\n")
    return code


def internal_error(error: BaseException) -> int:
    """Tell an internal error, without the credentials that its words may hold, and return its exit code."""
    from hcgov.io.tracking.uri import redact

    verbose = "-vv" in sys.argv or sys.argv.count("-v") + sys.argv.count("--verbose") > 1
    said = redact(str(error), os.environ)
    sys.stderr.write(f"error[HCG-X001]: hcgov itself failed: {type(error).__name__}: {said}\n")
    if verbose:
        sys.stderr.write(redact("".join(traceback.format_exception(error)), os.environ))
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


def render_mistakes(mistakes: Sequence[Mistake], *, color: bool, closing: bool = True) -> str:
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
                source, marker = _around(place)
                lines.append(f"{dim}{place.line} │{plain} {source}")
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


def _around(place: Position) -> tuple[str, str]:
    """Return the part of a source line around a place, and the marks below it."""
    start = max(0, place.column - 1 - _SHOWN // 2) if len(place.source) > _SHOWN else 0
    shown = place.source[start : start + _SHOWN]
    before = "…" if start else ""
    after = "…" if start + _SHOWN < len(place.source) else ""
    at = place.column - 1 - start + len(before)
    width = max(1, min(place.width, len(before + shown) - at))
    return f"{before}{printable(shown)}{after}", " " * at + "^" * width


def printable(text: str) -> str:
    """Return text without control characters, so that no file can drive the terminal."""
    return "".join(c if c.isprintable() or c == "\t" else "\N{REPLACEMENT CHARACTER}" for c in text)
