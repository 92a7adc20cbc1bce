"""Render a record into files."""

from collections.abc import Sequence
from pathlib import Path

from hcgov.app.save import Saved, newest
from hcgov.core.frozen import frozen
from hcgov.core.mistake import AuthoringError, Mistake, did_you_mean
from hcgov.core.record import ReportV1
from hcgov.io.files import write_atomically
from hcgov.io.manifest import FILE
from hcgov.io.render import formats, is_format, render
from hcgov.io.render.json_report import NotAReport, read_report


@frozen
class Outputs:
    """Files asked for, as (format, path) pairs."""

    wanted: tuple[tuple[str, Path], ...] = ()

    @classmethod
    def parse(cls, given: Sequence[str]) -> "Outputs":
        """Read ``FORMAT=PATH`` arguments.

        Raises
        ------
        AuthoringError
            A format is unknown, a path is missing, or one path is named twice.
        """
        told: list[Mistake] = []
        wanted: list[tuple[str, Path]] = []
        for argument in given:
            form, equals, path = argument.partition("=")
            if not equals or not path:
                told.append(
                    _mistake(f"`{argument}` is not FORMAT=PATH", "write for example html=report.html")
                )
            elif not is_format(form):
                told.append(_mistake(f"unknown output format `{form}`", did_you_mean(form, formats())))
            elif any(Path(path) == other for _, other in wanted):
                told.append(_mistake(f"`{path}` is named for two outputs", "give each its own path"))
            elif Path(path).name == FILE:
                told.append(_mistake(f"`{path}` is a manifest", "choose another place"))
            else:
                wanted.append((form, Path(path)))
        if told:
            raise AuthoringError(told)
        return cls(wanted=tuple(wanted))


def _mistake(message: str, help_: str) -> Mistake:
    return Mistake(code="HCG-U001", message=message, help=help_)


def write_outputs(report: ReportV1, outputs: Outputs, saved: Saved | None = None) -> tuple[Path, ...]:
    """Write each output beside its place and rename it.

    Parameters
    ----------
    saved
        Where the record was kept; what was rendered of just this record is not rendered again.

    Raises
    ------
    AuthoringError
        A file cannot be written; the others are written all the same.
    """
    texts = saved.texts if saved is not None and saved.report is report else {}
    told, written = [], []
    for form, path in outputs.wanted:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, texts[form] if form in texts else render(form, report))
            written.append(path)
        except OSError as error:
            told.append(_mistake(f"cannot write `{path}`: {error.strerror or error}", "choose another place"))
    if told:
        raise AuthoringError(told)
    return tuple(written)


def read_record(path: Path) -> ReportV1:
    """Read a report.json, or the newest record of a project's folder.

    Raises
    ------
    AuthoringError
        There is none, or the file is not one.
    """
    file = newest(path) if path.is_dir() else path
    try:
        return read_report(file.read_bytes())
    except OSError as error:
        raise AuthoringError(
            [
                _mistake(
                    f"cannot read a record at `{file}`: {error.strerror or error}", "run `hcgov check` first"
                )
            ]
        ) from error
    except NotAReport as error:
        raise AuthoringError([_mistake(f"`{file}`: {error}", "name a report.json of hcgov")]) from error
