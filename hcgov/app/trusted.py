"""The two sides of a change: what is checked out, and what stands at the ref that is trusted."""

from collections.abc import Callable, Sequence
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING

from hcgov.core.frozen import frozen
from hcgov.core.mistake import AuthoringError, Mistake, Position
from hcgov.core.project import Project
from hcgov.core.text import Text, text
from hcgov.io.manifest import MOST_BYTES, Manifest, understood
from hcgov.io.named import Document, Named, Read, bytes_of, in_folder
from hcgov.io.waivers import WrittenWaivers, read_waivers
from hcgov.io.yaml import parse

if TYPE_CHECKING:
    from hcgov.core.baseline import BaselineSpec, EntrySpec
    from hcgov.io.git import AtRef
    from hcgov.io.signing.trust import Trust

Told = tuple[str, Text]


@frozen
class Side:
    """Waivers, baseline and trusted keys as one side of a change has them.

    Parameters
    ----------
    project
        The manifest they are named in; ``None`` where there is none that could be understood.
    trust
        Keys that count; ``None`` where the project does not ask for signatures.
    digest
        What the file of trusted keys holds, to tell whether it was changed.
    """

    read: Read
    ref: str = ""
    project: Project | None = None
    written: WrittenWaivers = field(default_factory=WrittenWaivers)
    baseline: "Document[BaselineSpec] | None" = None
    trust: "Trust | None" = None
    trust_data: bytes = b""

    @property
    def entries(self) -> "tuple[EntrySpec, ...] | None":
        """Entries of the baseline; ``None`` where the project keeps none."""
        if self.project is None or not self.project.baseline:
            return None
        return () if self.baseline is None or self.baseline.spec is None else self.baseline.spec.entries


def head_side(manifest: Manifest) -> tuple[Side, list[Mistake]]:
    """Read what is checked out, with every mistake."""

    def where(*path: str | int) -> Position | None:
        # One file need not stand in a list: the value of the key is then the place.
        return (
            manifest.parsed.values.get(path) or manifest.parsed.values.get(path[:1]) or manifest.where(*path)
        )

    return _side(manifest.project, in_folder(manifest.root), where)


def trusted_side(root: Path, file: str, ref: str) -> tuple[Side, list[Told]]:
    """Read what stands at a trusted ref; where it holds mistakes, nothing of it takes effect, and that is told.

    Which files are read is said by the manifest at the ref, not by the one that is checked out: else a change could
    name other files, or no trusted keys.

    Raises
    ------
    AuthoringError
        There is no such ref.
    """
    from hcgov.io.git import at_ref

    there = at_ref(root, ref)
    told: list[Told] = [
        (
            "HCG-G101",
            text(
                "waivers and baseline are those of {ref} (commit {commit})", ref=ref, commit=there.commit[:12]
            ),
        )
    ]
    nothing = Side(read=there.read, ref=ref)
    try:
        project = _project_at(there, file)
    except AuthoringError as error:
        return nothing, [*told, _unusable(ref, error.mistakes)]
    side, mistakes = _side(project, there.read, lambda *_: None, ref=ref)
    if mistakes:
        # An entry of a baseline that cannot be read excuses nothing, and neither does a waiver.
        return Side(read=there.read, ref=ref, project=project), [*told, _unusable(ref, mistakes)]
    return side, told


def _unusable(ref: str, mistakes: Sequence[Mistake]) -> Told:
    first = mistakes[0]
    message = text(
        "nothing at {ref} is accepted, because its files hold mistakes: {first}",
        ref=ref,
        first=f"{first.where}: {first.message}" if first.where is not None else first.message,
    )
    return "HCG-G102", message


def _project_at(there: "AtRef", file: str) -> Project:
    parsed = parse(
        bytes_of(Named(path=file), there.read, code="HCG-G102"), f"{there.ref}:{file}", max_bytes=MOST_BYTES
    )
    project, mistakes = understood(Project, parsed, (), what="the manifest")
    if project is None or mistakes:
        raise AuthoringError(mistakes)
    return project


def _side(
    project: Project, read: Read, where: Callable[..., Position | None], ref: str = ""
) -> tuple[Side, list[Mistake]]:
    named = [Named(path=path, where=where("waivers", i)) for i, path in enumerate(project.waivers)]
    written, told = read_waivers(named, read)
    baseline = None
    if project.baseline:
        from hcgov.io.baselines import read_baseline  # most projects keep none

        baseline, mistakes = read_baseline(Named(path=project.baseline, where=where("baseline")), read)
        told += mistakes
    trust, data, mistakes = _trust(project, read, where("trust"))
    told += mistakes
    side = Side(
        read=read,
        ref=ref,
        project=project,
        written=written,
        baseline=baseline,
        trust=trust,
        trust_data=data,
    )
    return side, told


def _trust(
    project: Project, read: Read, where: Position | None
) -> tuple["Trust | None", bytes, list[Mistake]]:
    """Read the keys that count; where they cannot be read, none does."""
    if not project.trust:
        return None, b"", []
    from hcgov.io.signing.trust import Trust, parse_trust

    named = Named(path=project.trust, where=where)
    try:
        data = bytes_of(named, read, code="HCG-S003", help="`hcgov keys new` shows what to write into it")
        return parse_trust(data, project.trust), data, []
    except AuthoringError as error:
        return Trust(keys={}), b"", list(error.mistakes)
