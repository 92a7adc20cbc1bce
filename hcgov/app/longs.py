"""Find the long tables that a command is about: an artifact of a project, or a file by itself."""

from collections.abc import Mapping, Sequence
from dataclasses import field
from pathlib import Path

from pydantic import ValidationError

from hcgov.app.judgments import long_of
from hcgov.core.evidence.absent import Absent
from hcgov.core.evidence.long import Long, LongOf
from hcgov.core.frozen import frozen
from hcgov.core.judged import Judgments
from hcgov.core.long_tables import COLUMNS, Holds, LongKind
from hcgov.core.mistake import AuthoringError, Mistake, did_you_mean
from hcgov.core.project import Project, System
from hcgov.core.slices import SliceChoice, SliceRules
from hcgov.core.status import RiskProfile
from hcgov.core.validation import mistakes_from
from hcgov.io.manifest import FILE, Manifest, load_manifest
from hcgov.io.parsed import Parsed

OF_A_FILE = "of a file, `--column NAME=COLUMN` or `--mapping FILE` say which column is which, and `--format` its format"
SEEN = 1 << 18
"""Bytes of a file from which its format is guessed."""


@frozen
class Asked:
    """What a command was told about a long table.

    Parameters
    ----------
    target
        Folder of a project, or a file.
    artifact
        Artifact of the project; the only one of the kind, or the one that is named as the kind, if left out.
    format, mapping
        For a file: its format, and a file with its mapping.
    columns
        For a file: canonical column -> column of the file.
    by
        Columns to slice by; of a project those that it declares if left out.
    question
        Only this question.
    annotators
        For a file: a file that describes the annotators.
    min_people
        Fewest people of a slice that is compared; of a project never fewer than it declares.
    scale
        For a file: what kind of values labels or scores are; nominal if left out.
    """

    target: Path
    artifact: str = ""
    format: str = ""
    mapping: Path | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    by: tuple[str, ...] = ()
    question: str = ""
    annotators: Path | None = None
    min_people: int = 0
    scale: str = ""
    allowed_roots: tuple[Path, ...] = ()


@frozen
class Found:
    """A manifest and the artifact in it that is asked for."""

    manifest: Manifest
    name: str
    kind: LongKind


def found(asked: Asked, kind: LongKind) -> Found:
    """Return the artifact that is asked for.

    Raises
    ------
    AuthoringError
        The project has mistakes, or there is no such artifact or file.
    """
    if asked.target.is_dir():
        manifest = load_manifest(asked.target, allowed_roots=asked.allowed_roots)
        return Found(manifest=manifest, name=_named(manifest, asked.artifact, kind), kind=kind)
    if asked.target.name == FILE:
        raise _mistake(f"`{asked.target}` is a manifest", "name the folder of the project")
    if not asked.target.exists():
        raise _mistake(
            f"there is no file or folder `{asked.target}`",
            "name the folder of a project, or a file with the judgments",
        )
    return Found(manifest=_alone(asked, kind), name=kind.value, kind=kind)


def read(asked: Asked, kind: LongKind, *, needs: Sequence[str] = (), texts: bool = True) -> Long:
    """Return the table that is asked for, with every canonical column that it has.

    Parameters
    ----------
    needs
        Columns without which the command has no answer, beside those that the kind asks for.
    texts
        Whether texts are read too.

    Raises
    ------
    AuthoringError
        It cannot be read; the mistake says why.
    """
    return answered(found(asked, kind), asked, needs=needs, texts=texts)


def answered(where: Found, asked: Asked, *, needs: Sequence[str] = (), texts: bool = True) -> Long:
    """Return every column of an artifact that was found; errors are those of :func:`read`."""
    known = COLUMNS[where.kind]
    required = tuple(name for name, column in known.items() if column.required)
    may = tuple(name for name, column in known.items() if texts or column.holds is not Holds.TEXT)
    request = LongOf(
        table=where.name,
        kind=where.kind,
        needs=tuple(dict.fromkeys((*required, *needs))),
        may=may,
        slices=SliceChoice(by=asked.by or None, min_people=asked.min_people or None),
        question=asked.question,
    )
    answer = long_of(where.name, [request], where.manifest)[request]
    if isinstance(answer, Absent):
        raise _mistake(str(answer.detail), "" if asked.target.is_dir() else OF_A_FILE)
    if not isinstance(answer, Long):
        raise TypeError("a long table is answered by a long table")
    missing = [column for column in asked.by if column not in answer.groups]
    if missing:
        raise _mistake(
            f"there is no column `{missing[0]}` to slice by",
            did_you_mean(missing[0], answer.groups)
            or "`--by` names columns of the file or of its annotators",
        )
    return answer


def _named(manifest: Manifest, artifact: str, kind: LongKind) -> str:
    of_kind = [name for name, one in manifest.project.artifacts.items() if one.kind == kind.value]
    if artifact:
        if artifact in of_kind:
            return artifact
        raise _mistake(
            f"hcgov.yaml names no {kind.value} `{artifact}`",
            did_you_mean(artifact, of_kind) or f"add it under `artifacts:` with `kind: {kind.value}`",
        )
    if len(of_kind) == 1:
        return of_kind[0]
    if kind.value in of_kind:
        return kind.value
    if of_kind:
        raise _mistake(
            f"hcgov.yaml names {len(of_kind)} artifacts of kind {kind.value}",
            f"say which with `--artifact`: {', '.join(of_kind)}",
        )
    raise _mistake(
        f"hcgov.yaml names no artifact of kind {kind.value}",
        f"add one under `artifacts:` with `kind: {kind.value}`, or name a file",
    )


def _alone(asked: Asked, kind: LongKind) -> Manifest:
    """Return a manifest that holds one file and nothing else."""
    root = asked.target.absolute().parent
    further = {}
    if asked.annotators is not None:
        further["annotators"] = _artifact(
            "annotators", asked.annotators, {"format": _guessed(asked.annotators)}
        )
    own = {
        "format": asked.format
        or ("" if asked.columns or asked.mapping is not None else _guessed(asked.target)),
        "mapping": str(asked.mapping.absolute()) if asked.mapping is not None else "",
        "columns": dict(asked.columns),
        "annotators": "annotators" if further else "",
        **({"scale": asked.scale} if asked.scale else {}),
    }
    artifacts = {kind.value: _artifact(kind.value, asked.target, own), **further}
    project = Project(
        hcgov=1,
        system=System(name=asked.target.name, version="-", risk_profile=RiskProfile.STANDARD),
        policies=("hc-core",),
        artifacts=artifacts,
        slices=SliceRules(by=asked.by, min_people=asked.min_people or SliceRules().min_people),
    )
    outside = (asked.mapping, asked.annotators)
    allowed = (*asked.allowed_roots, *(path.absolute().parent for path in outside if path is not None))
    parsed = Parsed(data={}, positions={}, values={})
    return Manifest(
        project=project, root=root, file=str(asked.target), allowed_roots=allowed, data=b"", parsed=parsed
    )


def _guessed(path: Path) -> str:
    """Return the format that the beginning of a file shows; empty where it is a table, or nothing can be told."""
    from hcgov.io.long.formats import sniff

    if not path.is_file():
        return ""
    try:
        with path.open("rb") as file:
            return sniff(file.read(SEEN), path.name) or ""
    except OSError:
        return ""  # why it cannot be read is told when it is


def _artifact(kind: str, path: Path, keys: Mapping[str, object]) -> Judgments:
    try:
        return Judgments.model_validate({"kind": kind, "path": str(path.absolute()), **keys})
    except ValidationError as error:
        told = mistakes_from(
            error, Judgments, what="the file's columns", key=lambda _: None, value=lambda _: None
        )
        raise AuthoringError(told) from error


def _mistake(message: str, help_: str) -> AuthoringError:
    return AuthoringError([Mistake(code="HCG-U001", message=message, help=help_)])
