"""Which files of a record are attached to its run.

Beside a ``report.json`` lie its other renderings under fixed names; nothing else in the folder is taken,
because a report may have been written into a folder that holds other things.
"""

from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from hcgov.core.frozen import frozen

_BESIDE = ("report.html", "summary.md", "results.sarif")
_BELOW = (
    ("policy", "*.yaml"),
    ("cards/model", "README.md"),
    ("cards/model", "index.html"),
    ("cards/data", "README.md"),
    ("cards/data", "index.html"),
    ("evidence", "EV-*.csv"),
    ("evidence", "EV-*.json"),
)


@frozen
class Attachment:
    """A file and its name below ``hcgov/`` in the run."""

    path: Path
    name: str


def attachments(report: Path, files: Iterable[tuple[str, str]] = ()) -> tuple[Attachment, ...]:
    """List the files of a record, ``report.json`` first; named files take the place of those found.

    Parameters
    ----------
    report
        Path of the record, whatever its name; in the run it is ``report.json``.
    files
        Further files as pairs of path and name below ``hcgov/``; what does not exist, or would lead out of
        ``hcgov/``, is left out.
    """
    found = {"report.json": report}
    folder = report.parent
    # Only a file called report.json belongs to the files around it.
    if report.name == "report.json":
        for name in _BESIDE:
            found[name] = folder / name
        for below, pattern in _BELOW:
            for path in sorted((folder / below).glob(pattern)):
                found[f"{below}/{path.name}"] = path
    for given, name in files:
        if _plain(name):
            found[PurePosixPath(name).as_posix()] = Path(given)
    return tuple(Attachment(path=path, name=name) for name, path in found.items() if path.is_file())


def _plain(name: str) -> bool:
    parts = PurePosixPath(name)
    return bool(parts.parts) and not parts.is_absolute() and ".." not in parts.parts and "\\" not in name
