"""Keep a record: report.json and report.html in a folder of its own, the newest also in plain sight."""

import errno
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING

from hcgov.core.frozen import frozen
from hcgov.core.mistake import NotKeptError
from hcgov.core.policy import PackSource
from hcgov.core.record import ReportV1
from hcgov.io.files import write_atomically
from hcgov.io.render import render

if TYPE_CHECKING:
    from hcgov.app.check import Checked

HOME = ".hcgov"
RUNS = "runs"


@frozen
class Saved:
    """Where a record was kept.

    Parameters
    ----------
    home
        The project's ``.hcgov`` folder, where the newest report stands.
    folder
        The record's own folder below it.
    report, texts
        The record, and its renderings by format.
    """

    root: Path
    home: Path
    folder: Path
    report: ReportV1 = field(repr=False)
    texts: Mapping[str, str] = field(repr=False)

    def shown(self, name: str) -> str:
        """Return the path of the newest copy of a file, as short as it can be typed."""
        return str((self.root / HOME / name).as_posix())


def home_of(root: Path) -> Path:
    """Return the project's folder for records, made where needed, and kept out of version control.

    Raises
    ------
    OSError
        It cannot be made, or it or what lies in it is a symbolic link: a project that somebody sent could
        have a check write wherever such a link leads.
    """
    home = root / HOME
    home.mkdir(parents=True, exist_ok=True)
    for entry in (home, *home.iterdir()):
        if entry.is_symlink():
            raise OSError(errno.ELOOP, f"`{entry.relative_to(root)}` is a symbolic link; remove it")
    ignore = home / ".gitignore"
    if not ignore.exists():
        # Records hold counts of small groups; they are kept, but not committed by accident.
        write_atomically(ignore, "*\n")
    return home


@contextmanager
def keeping(root: Path) -> Iterator[None]:
    """Turn what stands in the way of writing a record into its words.

    Raises
    ------
    NotKeptError
        What is done inside cannot read or write the project's folder for records.
    """
    try:
        yield
    except OSError as error:
        raise NotKeptError(f"no record can be kept in `{root / HOME}`: {error.strerror or error}") from error


def save(report: ReportV1, root: Path) -> Saved:
    """Write a record; each file is written beside and renamed, so none is ever half there.

    Raises
    ------
    OSError
        The disk is full or read-only; whatever stood there before still stands.
    """
    home = home_of(root)
    folder = home / RUNS / report.id
    folder.mkdir(parents=True, exist_ok=True)
    texts = {}
    for form in ("json", "html"):
        content = texts[form] = render(form, report)
        write_atomically(folder / f"report.{form}", content)
        write_atomically(home / f"report.{form}", content)
    return Saved(root=root, home=home, folder=folder, report=report, texts=texts)


def attach_for_tracking(checked: "Checked", saved: Saved) -> None:
    """Lay beside a record what goes with it into MLflow: summary, card and the policies that were applied."""
    write_atomically(saved.folder / "summary.md", render("markdown", checked.report))
    card = saved.folder / "cards" / "model"
    card.mkdir(parents=True, exist_ok=True)
    write_atomically(card / "README.md", render("model_card", checked.report))
    policies = saved.folder / "policy"
    policies.mkdir(exist_ok=True)
    for pack in checked.loaded.packs:
        for source in pack.sources:
            _lay_down(source, policies)


def _lay_down(source: PackSource, policies: Path) -> None:
    """Write the raw bytes of a pack: one file by its name, or a folder of files."""
    name = f"{source.metadata.id}@{source.metadata.version}"
    if len(source.files) == 1:
        (data,) = source.files.values()
        write_atomically(policies / f"{name}.yaml", data)
        return
    (policies / name).mkdir(exist_ok=True)
    for file, data in source.files.items():
        write_atomically(policies / name / file, data)


def newest(root: Path) -> Path:
    """Return the path of a project's newest record."""
    return root / HOME / "report.json"
