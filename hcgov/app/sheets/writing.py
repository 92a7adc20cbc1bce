"""Write a sheet into files."""

from collections.abc import Sequence
from pathlib import Path

from hcgov.core.frozen import frozen
from hcgov.core.mistake import AuthoringError, Mistake, did_you_mean
from hcgov.core.sheet import Sheet
from hcgov.io.files import write_atomically
from hcgov.io.manifest import FILE
from hcgov.io.render.sheets import render_sheet_html, render_sheet_json, render_sheet_terminal

FORMS = ("html", "json", "text")
WIDTH = 100


@frozen
class SheetOutputs:
    """Files asked for, as (form, path) pairs."""

    wanted: tuple[tuple[str, Path], ...] = ()

    @classmethod
    def parse(cls, given: Sequence[str]) -> "SheetOutputs":
        """Read ``FORMAT=PATH`` arguments; a path alone says its form by its suffix.

        Raises
        ------
        AuthoringError
            A form is unknown, a path is missing, or one path is named twice.
        """
        told: list[Mistake] = []
        wanted: list[tuple[str, Path]] = []
        for argument in given:
            form, equals, path = argument.partition("=")
            if not equals and Path(argument).suffix in (".html", ".json", ".txt"):
                form, path = {".txt": "text"}.get(Path(argument).suffix, Path(argument).suffix[1:]), argument
            if not path:
                told.append(
                    _mistake(f"`{argument}` is not FORMAT=PATH", "write for example html=report.html")
                )
            elif form not in FORMS:
                told.append(
                    _mistake(
                        f"unknown output format `{form}`", did_you_mean(form, FORMS) or "html, json or text"
                    )
                )
            elif any(Path(path) == other for _, other in wanted):
                told.append(_mistake(f"`{path}` is named for two outputs", "give each its own path"))
            elif Path(path).name == FILE:
                told.append(_mistake(f"`{path}` is a manifest", "choose another place"))
            else:
                wanted.append((form, Path(path)))
        if told:
            raise AuthoringError(told)
        return cls(wanted=tuple(wanted))


def shown(sheet: Sheet, form: str, *, width: int = WIDTH) -> str:
    """Return a sheet in one form."""
    if form == "html":
        return render_sheet_html(sheet)
    return render_sheet_json(sheet) if form == "json" else render_sheet_terminal(sheet, width=width)


def write_sheet(sheet: Sheet, outputs: SheetOutputs) -> tuple[Path, ...]:
    """Write each output beside its place and rename it.

    Raises
    ------
    AuthoringError
        A file cannot be written; the others are written all the same.
    """
    told, written = [], []
    for form, path in outputs.wanted:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, shown(sheet, form))
            written.append(path)
        except OSError as error:
            told.append(_mistake(f"cannot write `{path}`: {error.strerror or error}", "choose another place"))
    if told:
        raise AuthoringError(told)
    return tuple(written)


def _mistake(message: str, help_: str) -> Mistake:
    return Mistake(code="HCG-U001", message=message, help=help_)
