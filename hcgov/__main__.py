"""Start of the command line.

``--version`` is answered before anything else is imported; everything that goes wrong inside hcgov leaves
with 70, never with the 1 that says a gate failed.
"""

import atexit
import gc
import sys


def main() -> None:
    """Run the command line and exit."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        from hcgov import __version__

        sys.stdout.write(f"hcgov {__version__}\n")
        return
    _collect_seldom()
    _set_libraries()
    _speak()
    try:
        from hcgov.cli import app

        app(prog_name="hcgov")
    except KeyboardInterrupt:
        sys.stderr.write("interrupted\n")
        sys.exit(130)
    except Exception as error:  # noqa: BLE001 - the last resort: say so, keep the gate's own exit codes free of it
        sys.exit(_failed(error))


def _collect_seldom() -> None:
    """Look for garbage seldom, and once less on the way out.

    A check lives for a second or two and makes few cycles; looking for them took up to a fifth of its time. As the
    interpreter ends it looks through every class and function of every library, takes the modules apart, and looks
    again: the first of the two is left out. Not by freezing: what DuckDB made would never be let go, and it says so.
    """
    gc.set_threshold(500_000, 50, 50)
    atexit.register(gc.disable)


def _set_libraries() -> None:
    """Say what libraries read from the environment before they are imported, unless whoever starts hcgov has said it.

    Linear algebra runs on one thread: its products are of thousands of rows by a few columns, thousands of times, and
    threads of a library that wait for each other spin; they took a quarter of all processor time and no less of the
    clock. Pydantic looks for no plugins, for which it would read the names of everything that is installed.
    """
    import os

    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")


def _failed(error: Exception) -> int:
    try:
        from hcgov.cli.failing import internal_error

        return internal_error(error)
    except Exception:  # noqa: BLE001 - what is installed is broken, and so is what would tell it well
        sys.stderr.write(f"error[HCG-X001]: hcgov itself failed: {type(error).__name__}: {error}\n")
        return 70


def _speak() -> None:
    """Make both streams usable: closed ones swallow, and no encoding is a reason to fail."""
    import io
    import os

    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w"))  # noqa: PTH123, SIM115 - open until the interpreter ends
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


if __name__ == "__main__":
    main()
