"""Read ``hcgov.yaml``: every mistake with its place, nothing half-read."""

from collections.abc import Mapping
from dataclasses import field, replace
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from hcgov.core.evidence.source import Tree
from hcgov.core.frozen import frozen
from hcgov.core.mistake import AuthoringError, Mistake, Position, did_you_mean
from hcgov.core.project import Outcome, Project, Table
from hcgov.core.validation import mistakes_from, paths_of
from hcgov.io.connections import connection_mistakes, without_passwords
from hcgov.io.files import read_regular
from hcgov.io.parsed import Parsed, nearest_place
from hcgov.io.yaml import parse

FILE = "hcgov.yaml"
ROLES = ("label", "prediction", "score")
MOST_BYTES = 1 << 20


@frozen
class Manifest:
    """A manifest with its bytes and the places of its parts.

    ``allowed_roots`` are folders outside the project that whoever runs the check allows artifacts to be in;
    a manifest cannot allow itself anything. ``frames`` are tables in memory that whoever runs it hands over in
    place of artifacts, ``memory`` is the most that the embedded engine may take, and ``fresh`` says that nothing is
    taken from the counts of earlier checks.
    """

    project: Project
    root: Path
    file: str
    allowed_roots: tuple[Path, ...] = ()
    frames: Mapping[str, object] = field(default_factory=dict, repr=False)
    memory: str = ""
    fresh: bool = False
    data: bytes = field(repr=False)
    parsed: Parsed = field(repr=False)

    def where(self, *path: str | int) -> Position | None:
        """Return the place of a path, or of its nearest ancestor that has one."""
        return nearest_place(self.parsed.positions, path)


def read_limited(path: Path, shown: str) -> bytes:
    """Read a file of at most one MiB.

    Raises
    ------
    AuthoringError
        There is no such file, it is a folder, pipe or device, it cannot be read, or it is larger.
    """
    where = Position(file=shown, line=1, column=1)
    try:
        data = read_regular(path, MOST_BYTES + 1)
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise AuthoringError(
            [
                Mistake(
                    code="HCG-C001",
                    message=f"cannot read `{shown}`: {reason}",
                    where=None,
                    help="run `hcgov init` to make a project, or name the folder of one"
                    if shown == FILE
                    else "mend the path of the policy, or put the file there",
                )
            ]
        ) from error
    if len(data) > MOST_BYTES:
        raise AuthoringError(
            [
                Mistake(
                    code="HCG-Y003",
                    message=f"the file is larger than {MOST_BYTES:,} bytes, and no more are read",
                    where=where,
                    help="policies and manifests are small; move data into a table",
                )
            ]
        )
    return data


def load_manifest(root: Path, file: str = FILE, allowed_roots: tuple[Path, ...] = ()) -> Manifest:
    """Read and validate a project's manifest.

    Raises
    ------
    AuthoringError
        With every mistake found, each with its place.
    """
    manifest, told = read_manifest(root, file, allowed_roots)
    if told or manifest is None:
        raise AuthoringError(told)
    return manifest


def read_manifest(
    root: Path, file: str = FILE, allowed_roots: tuple[Path, ...] = ()
) -> tuple[Manifest | None, list[Mistake]]:
    """Read a manifest as far as it can be understood, so that mistakes beyond the first are told with it.

    Returns
    -------
    The manifest without the parts that are wrong (``None`` where nothing can be made of it), and every mistake.
    With any mistake it is good for finding further ones, and for nothing else.
    """
    try:
        data = read_limited(root / file, file)
        parsed = parse(data, file, max_bytes=MOST_BYTES)
    except AuthoringError as error:
        return None, without_passwords(error.mistakes)
    model, told = understood(Project, parsed, (), what="the manifest")
    if model is None:
        return None, without_passwords(told)
    manifest = Manifest(
        project=model, root=root, file=file, allowed_roots=allowed_roots, data=data, parsed=parsed
    )
    whole = not told
    told += [*_artifact_mistakes(manifest, whole=whole), *_subject_mistakes(manifest)]
    told += _connection_mistakes(manifest) if whole else ()
    return manifest, without_passwords(told)


def _connection_mistakes(manifest: Manifest) -> list[Mistake]:
    return [
        replace(mistake, where=manifest.parsed.values.get(at) or manifest.where(*at))
        for mistake, at in connection_mistakes(manifest.project)
    ]


M = TypeVar("M", bound=BaseModel)


def understood(
    model: type[M], parsed: Parsed, later: tuple[str, ...], *, what: str
) -> tuple[M | None, list[Mistake]]:
    """Hold a parsed file against its model.

    Parameters
    ----------
    later
        Top-level keys whose meaning comes with a later version: refused, never ignored.

    Returns
    -------
    The model, made without the keys that are wrong where there are any (``None`` where that cannot be), and
    every mistake.
    """
    data = parsed.data
    if not isinstance(data, dict):
        top = nearest_place(parsed.positions, ())
        return None, [Mistake(code="HCG-C002", message=f"{what} is not a mapping of keys", where=top)]
    told = [not_yet(key, nearest_place(parsed.positions, (key,))) for key in later if key in data]
    sound: Tree = {key: value for key, value in data.items() if key not in later}
    try:
        return model.model_validate(sound), told
    except ValidationError as error:
        told += mistakes_from(
            error,
            model,
            what=what,
            key=lambda path: nearest_place(parsed.positions, path),
            value=lambda path: nearest_place(parsed.values, path) or nearest_place(parsed.positions, path),
        )
        for path in paths_of(error, model):
            sound = _without(sound, path)
    try:
        return model.model_validate(sound), told
    except ValidationError:  # all its mistakes were told above; what is left does not stand by itself
        return None, told


def _without(tree: Tree, path: tuple[str | int, ...]) -> Tree:
    """Return a tree without the key at the end of a path; entries of lists stay, as others are told by number."""
    step, rest = (path[0], path[1:]) if path else (None, ())
    if isinstance(tree, dict) and isinstance(step, str) and step in tree:
        if not rest:
            return {key: value for key, value in tree.items() if key != step}
        return {**tree, step: _without(tree[step], rest)}
    if isinstance(tree, list) and isinstance(step, int) and step < len(tree) and rest:
        return [*tree[:step], _without(tree[step], rest), *tree[step + 1 :]]
    return tree


def not_yet(key: str, where: Position | None) -> Mistake:
    """Return the mistake for a key whose meaning comes with a later version."""
    return Mistake(
        code="HCG-C003",
        message=f"`{key}` is not supported yet",
        where=where,
        help="remove it; it is refused rather than ignored, so that nobody relies on it",
    )


def _artifact_mistakes(manifest: Manifest, *, whole: bool) -> list[Mistake]:
    """Find what contradicts itself; where keys were left out (not ``whole``), nothing is said to be missing."""
    told = []
    for name, artifact in manifest.project.artifacts.items():
        where = manifest.where("artifacts", name)
        if isinstance(artifact, Table) and artifact.connection is not None and artifact.uri is None:
            pass  # it says where it stands in its own way
        elif (artifact.path is None) == (artifact.uri is None) and (whole or artifact.path is not None):
            told.append(
                Mistake(
                    code="HCG-C007", message=f"artifact `{name}` needs either `path` or `uri`", where=where
                )
            )
        if artifact.path is None and artifact.uri is not None and artifact.kind != "run":
            told.append(
                Mistake(
                    code="HCG-C008",
                    message=f"artifact `{name}`: only `kind: run` takes a `uri`",
                    where=manifest.where("artifacts", name, "uri"),
                    help="give the file's `path`",
                )
            )
        there = (
            isinstance(artifact, Table) and artifact.connection is not None and "://" in (artifact.path or "")
        )
        if not there and artifact.path and _outside(artifact.path, manifest.root, manifest.allowed_roots):
            told.append(_outside_mistake(artifact.path, manifest, ("artifacts", name, "path")))
        if isinstance(artifact, Table):
            told += _table_mistakes(name, artifact, manifest, whole=whole)
    if _outside(manifest.project.answers, manifest.root, ()):
        told.append(_outside_mistake(manifest.project.answers, manifest, ("answers",)))
    return told


def _outside(path: str, root: Path, allowed_roots: tuple[Path, ...]) -> bool:
    try:
        found = (root / path).resolve()
        return not any(found.is_relative_to(allowed.resolve()) for allowed in (root, *allowed_roots))
    except (OSError, RuntimeError, ValueError):  # a loop of links, or no path at all: told when it is read
        return False


def _outside_mistake(path: str, manifest: Manifest, at: tuple[str, ...]) -> Mistake:
    return Mistake(
        code="HCG-C014",
        message=f"`{path}` leads outside the project",
        where=manifest.parsed.values.get(at) or manifest.where(*at),
        help="copy it into the project; whoever runs the check may allow an artifact's folder with --allow-root",
    )


def _table_mistakes(name: str, table: Table, manifest: Manifest, *, whole: bool) -> list[Mistake]:
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
    for key, outcome in table.outcomes.items() if whole else ():
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


def _subject_mistakes(manifest: Manifest) -> list[Mistake]:
    """Find subjects that are no artifact; one whose entry is wrong is there all the same."""
    data = manifest.parsed.data
    named = data.get("artifacts") if isinstance(data, dict) else None
    known, told = tuple(named) if isinstance(named, dict) else (), []
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
