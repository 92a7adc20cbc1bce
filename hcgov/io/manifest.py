"""Read ``hcgov.yaml``: every mistake with its place, nothing half-read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from hcgov.core.mistake import AuthoringError, Mistake, Position, did_you_mean
from hcgov.core.project import LATER_MANIFEST_KEYS, Outcome, Project, Table
from hcgov.core.validation import mistakes_from
from hcgov.io.parsed import Parsed
from hcgov.io.yaml import parse

FILE = "hcgov.yaml"
ROLES = ("label", "prediction", "score")
MOST_BYTES = 1 << 20


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """A manifest with its bytes and the places of its parts.

    ``allowed_roots`` are folders outside the project that whoever runs the check allows artifacts to be in;
    a manifest cannot allow itself anything.
    """

    project: Project
    root: Path
    file: str
    allowed_roots: tuple[Path, ...] = ()
    data: bytes = field(repr=False)
    parsed: Parsed = field(repr=False)

    def where(self, *path: str | int) -> Position | None:
        """Return the place of a path, or of its nearest ancestor that has one."""
        return place(self.parsed.positions, path)


def place(
    positions: Mapping[tuple[str | int, ...], Position], path: tuple[str | int, ...]
) -> Position | None:
    """Return the place of a path, or of its nearest ancestor that has one."""
    for end in range(len(path), -1, -1):
        if path[:end] in positions:
            return positions[path[:end]]
    return None


def read_limited(path: Path, shown: str) -> bytes:
    """Read a file of at most one MiB.

    Raises
    ------
    AuthoringError
        There is no such file, it cannot be read, or it is larger.
    """
    where = Position(file=shown, line=1, column=1)
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise AuthoringError(
                [
                    Mistake(
                        code="HCG-Y003",
                        message=f"the file has {size:,} bytes; at most {MOST_BYTES:,} are read",
                        where=where,
                        help="policies and manifests are small; move data into a table",
                    )
                ]
            )
        return path.read_bytes()
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise AuthoringError(
            [
                Mistake(
                    code="HCG-C001",
                    message=f"cannot read `{shown}`: {reason}",
                    where=None,
                    help="run `hcgov init` to make a project, or name the folder of one",
                )
            ]
        ) from error


def load_manifest(root: Path, file: str = FILE, allowed_roots: tuple[Path, ...] = ()) -> Manifest:
    """Read and validate a project's manifest.

    Raises
    ------
    AuthoringError
        With every mistake found, each with its place.
    """
    data = read_limited(root / file, file)
    parsed = parse(data, file, max_bytes=MOST_BYTES)
    model = validated(Project, parsed, LATER_MANIFEST_KEYS, what="the manifest")
    manifest = Manifest(
        project=model, root=root, file=file, allowed_roots=allowed_roots, data=data, parsed=parsed
    )
    told = [*_artifact_mistakes(manifest), *_name_mistakes(manifest)]
    if told:
        raise AuthoringError(told)
    return manifest


M = TypeVar("M", bound=BaseModel)


def validated(model: type[M], parsed: Parsed, later: tuple[str, ...], *, what: str) -> M:
    """Hold a parsed file against its model.

    Parameters
    ----------
    later
        Top-level keys whose meaning comes with a later version: refused, never ignored.

    Raises
    ------
    AuthoringError
        With every mistake found.
    """
    data, told = parsed.data, []
    if not isinstance(data, dict):
        top = place(parsed.positions, ())
        raise AuthoringError(
            [Mistake(code="HCG-C002", message=f"{what} is not a mapping of keys", where=top)]
        )
    for key in later:
        if key in data:
            told.append(not_yet(key, place(parsed.positions, (key,))))
    data = {key: value for key, value in data.items() if key not in later}
    try:
        made = model.model_validate(data)
    except ValidationError as error:
        told += mistakes_from(
            error,
            model,
            what=what,
            key=lambda path: place(parsed.positions, path),
            value=lambda path: place(parsed.values, path) or place(parsed.positions, path),
        )
    if told:
        raise AuthoringError(told)
    return made


def not_yet(key: str, where: Position | None) -> Mistake:
    """Return the mistake for a key whose meaning comes with a later version."""
    return Mistake(
        code="HCG-C003",
        message=f"`{key}` is not supported yet",
        where=where,
        help="remove it; it is refused rather than ignored, so that nobody relies on it",
    )


def _artifact_mistakes(manifest: Manifest) -> list[Mistake]:
    told = []
    for name, artifact in manifest.project.artifacts.items():
        where = manifest.where("artifacts", name)
        if (artifact.path is None) == (artifact.uri is None):
            told.append(
                Mistake(
                    code="HCG-C007", message=f"artifact `{name}` needs either `path` or `uri`", where=where
                )
            )
        elif artifact.uri is not None and artifact.kind != "run":
            told.append(
                Mistake(
                    code="HCG-C008",
                    message=f"artifact `{name}`: only `kind: run` takes a `uri`",
                    where=manifest.where("artifacts", name, "uri"),
                    help="give the file's `path`",
                )
            )
        if isinstance(artifact, Table):
            told += _table_mistakes(name, artifact, manifest)
    return told


def _table_mistakes(name: str, table: Table, manifest: Manifest) -> list[Mistake]:
    told = []
    if table.count is not None and table.unit == "person":
        told.append(
            Mistake(
                code="HCG-C009",
                message=f"table `{name}` has a `count` column, so `unit` belongs to it",
                where=manifest.where("artifacts", name, "unit"),
                help="write `count: {column: …, unit: person}`",
            )
        )
    for key, outcome in table.outcomes.items():
        problem = _outcome_problem(key, outcome, table)
        if problem:
            place_ = manifest.where("artifacts", name, "outcomes", key)
            told.append(Mistake(code="HCG-C010", message=f"outcome `{key}` {problem}", where=place_))
    return told


def _outcome_problem(name: str, outcome: Outcome, table: Table) -> str:
    role = getattr(table.roles, name, None) if name in ROLES else None
    if outcome.column is None and role is None:
        return "names no `column`, and no role of that name has one"
    if outcome.positive and outcome.at_least is not None:
        return "takes `positive` or `at_least`, not both"
    if outcome.negative and not outcome.positive:
        return "has `negative` values but no `positive` ones"
    if set(map(str, outcome.positive)) & set(map(str, outcome.negative)):
        return "has a value that is both positive and negative"
    return ""


def _name_mistakes(manifest: Manifest) -> list[Mistake]:
    """Find names that refer to nothing: subjects, and slice columns that are no one's."""
    known, told = manifest.project.artifacts, []
    for index, name in enumerate(manifest.project.subject):
        if name not in known:
            told.append(
                Mistake(
                    code="HCG-C011",
                    message=f"subject `{name}` is not an artifact",
                    where=manifest.where("subject", index),
                    help=did_you_mean(name, known),
                )
            )
    return told
