"""Read the file of a long table: by its mapping, or by the reader of its format."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from hcgov.app.engines import engines_of
from hcgov.core.evidence.absent import Absence, Absent
from hcgov.core.evidence.long import LeftOut
from hcgov.core.evidence.source import Source
from hcgov.core.frozen import frozen
from hcgov.core.judged import REVOKED, Judgments
from hcgov.core.mistake import did_you_mean
from hcgov.core.project import Table
from hcgov.core.text import Text, text
from hcgov.io.manifest import Manifest

if TYPE_CHECKING:
    from hcgov.io.long.encoding import Given

WHO_COUNTS = ("consent", "status")
"""Columns by which rows are left out: where a file has them, no constant stands in their place."""
MOST_BYTES = 1 << 30
"""Files of formats that are read whole; larger ones have to become tables."""


@frozen
class FileRead:
    """Columns of one file as they were read."""

    columns: "dict[str, Given]"
    groups: "dict[str, Given]"
    rows: int
    source: Source
    left_out: tuple[LeftOut, ...] = ()
    notes: tuple[Text, ...] = ()


class AbsentError(Exception):
    """What was asked for is not there."""

    def __init__(self, absent: Absent) -> None:
        self.absent = absent


def read_file(
    name: str, artifact: Judgments, manifest: Manifest, wanted: tuple[str, ...], slices: tuple[str, ...]
) -> FileRead:
    """Return those columns of a file that are wanted, and those that people are sliced by.

    Parameters
    ----------
    name, artifact
        The artifact with its mapping.
    wanted
        Canonical columns.
    slices
        Slice columns.

    Raises
    ------
    AbsentError
        It cannot be read, or is not what the manifest says.
    """
    road = _by_table if artifact.format in ("", "table") else _by_format
    return road(name, artifact, manifest, wanted, slices)


def _by_table(
    name: str, artifact: Judgments, manifest: Manifest, wanted: tuple[str, ...], slices: tuple[str, ...]
) -> FileRead:
    """Read a table whose columns the mapping names; those of equal name need no mapping."""
    from hcgov.io.tables import probe
    from hcgov.io.tables.columns import load_columns

    table = as_table(artifact)
    engines = engines_of(manifest)
    schema = probe(name, table, manifest.root, manifest.allowed_roots, engines=engines)
    if isinstance(schema, Absent):
        raise AbsentError(schema)
    known = set(schema.columns)
    named = {
        column: artifact.columns.get(column, column) for column in wanted if column not in artifact.constants
    }
    sliced = {column: artifact.groups.get(column, column) for column in slices}
    for _, column in named_columns(artifact):
        if column not in known:
            raise AbsentError(
                Absent(reason=Absence.UNREADABLE, artifact=name, detail=no_column(artifact, column, known))
            )
    if hidden := [column for column in WHO_COUNTS if column in artifact.constants and column in known]:
        raise AbsentError(unreadable(name, artifact, _hides(hidden[0])))
    columns = {column: source for column, source in named.items() if source in known}
    groups = {column: source for column, source in sliced.items() if source in known}
    sources = (*columns.values(), *groups.values(), *artifact.questions.values(), *artifact.only)
    loaded = load_columns(
        name, table, manifest.root, tuple(dict.fromkeys(sources)), manifest.allowed_roots, engines=engines
    )
    if isinstance(loaded, Absent):
        raise AbsentError(loaded)
    values, rows, source = loaded
    return _melted(
        artifact,
        FileRead(
            columns={column: values[s] for column, s in columns.items()} | _constants(artifact, rows),
            groups={column: values[s] for column, s in groups.items()},
            rows=rows,
            source=source,
        ),
        values,
    )


def _melted(artifact: Judgments, read: FileRead, values: "Mapping[str, Given]") -> FileRead:
    """Return the rows that belong to the table, one a question where a file has a column a question."""
    import pyarrow as pa
    import pyarrow.compute as pc

    keep = None
    for column, wanted in artifact.only.items():
        mask = pc.is_in(values[column], value_set=pa.array(wanted, type=pa.string()))
        keep = mask if keep is None else pc.and_(keep, mask)

    def some(given: "Given") -> "Given":
        return given if keep is None else given.filter(keep)

    if keep is not None and "consent" in read.columns:
        # Who withdrew is told by these rows, whatever they are about.
        keep = pc.or_(keep, pc.fill_null(_revoked(artifact, read.columns["consent"]), False))
    columns = {name: some(given) for name, given in read.columns.items()}
    groups = {name: some(given) for name, given in read.groups.items()}
    rows = read.rows if keep is None else int(pc.sum(keep).as_py() or 0)
    if rows < read.rows:
        read = replace(read, left_out=(*read.left_out, LeftOut(why="not_asked_for", rows=read.rows - rows)))
    if not artifact.questions:
        return replace(read, columns=columns, groups=groups, rows=rows)
    times = len(artifact.questions)
    columns = {name: pa.chunked_array(given.chunks * times) for name, given in columns.items()}
    labels = [some(values[column]) for column in artifact.questions.values()]
    columns["label"] = pa.chunked_array([chunk for given in labels for chunk in given.chunks])
    columns["question"] = pa.chunked_array(
        [pa.array([name] * rows, type=pa.string()) for name in artifact.questions]
    )
    groups = {name: pa.chunked_array(given.chunks * times) for name, given in groups.items()}
    return replace(read, columns=columns, groups=groups, rows=rows * times)


def _revoked(artifact: Judgments, consent: "Given") -> "Given":
    """Return which rows say that consent was revoked."""
    import pyarrow as pa
    import pyarrow.compute as pc

    told = [given for given, meant in artifact.values.get("consent", {}).items() if meant == REVOKED]
    plain = pc.equal(pc.utf8_lower(pc.utf8_trim_whitespace(consent)), REVOKED)
    return pc.or_kleene(plain, pc.is_in(consent, value_set=pa.array(told, type=pa.string())))


def _hides(column: str) -> Text:
    return text(
        "it has a column `{column}`, which says who is left out of every number, and `constants` says something else "
        "of all rows; take it out there",
        column=column,
    )


def _constants(artifact: Judgments, rows: int) -> "dict[str, Given]":
    from hcgov.io.long.encoding import as_text

    return {column: as_text([value] * rows) for column, value in artifact.constants.items()}


def _by_format(
    name: str, artifact: Judgments, manifest: Manifest, wanted: tuple[str, ...], slices: tuple[str, ...]
) -> FileRead:
    """Read a file whose format has a reader of its own."""
    from hcgov.io.files import read_blob
    from hcgov.io.long.encoding import as_text
    from hcgov.io.long.formats import FORMATS
    from hcgov.io.long.formats.rows import Options, UnreadableError

    reader = FORMATS.get(artifact.format)
    for key in ("only", "questions"):
        if getattr(artifact, key):
            told = text(
                "`{key}` is for tables with columns; a file in format `{format}` is read whole",
                key=key,
                format=artifact.format,
            )
            raise AbsentError(Absent(reason=Absence.UNREADABLE, artifact=name, detail=told))
    if reader is None:
        detail = text(
            "there is no reader of format `{format}`; {near}",
            format=artifact.format,
            near=did_you_mean(artifact.format, FORMATS) or f"there are {', '.join(FORMATS)}",
        )
        raise AbsentError(Absent(reason=Absence.WRONG_KIND, artifact=name, detail=detail))
    blob = read_blob(
        manifest.root,
        name,
        artifact.kind,
        artifact.path or "",
        pinned=artifact.sha256,
        max_bytes=MOST_BYTES,
        allowed_roots=manifest.allowed_roots,
    )
    if isinstance(blob, Absent):
        raise AbsentError(blob)
    options = Options(
        kind=artifact.long_kind,
        question=artifact.question,
        columns=artifact.columns,
        declared=artifact.declared,
    )
    try:
        found = reader(blob.data, options)
    except UnreadableError as error:
        raise AbsentError(unreadable(name, artifact, error.detail)) from error
    hidden = [column for column in WHO_COUNTS if column in artifact.constants and column in found.columns]
    if hidden:
        raise AbsentError(unreadable(name, artifact, _hides(hidden[0])))
    if found.kind is not artifact.long_kind:
        detail = text(
            "`{path}` holds {found} in format `{format}`, not {kind}",
            path=artifact.path,
            found=found.kind.value,
            format=artifact.format,
            kind=artifact.kind,
        )
        raise AbsentError(Absent(reason=Absence.WRONG_KIND, artifact=name, detail=detail))
    theirs = {artifact.groups.get(column, column): column for column in slices}
    return FileRead(
        columns={column: as_text(values) for column, values in found.columns.items() if column in wanted}
        | _constants(artifact, found.rows),
        groups={
            theirs[column]: as_text(values) for column, values in found.groups.items() if column in theirs
        },
        rows=found.rows,
        source=replace(blob.source, rows=found.rows),
        left_out=tuple(LeftOut(why=why, rows=rows) for why, rows in found.dropped.items() if rows),
        notes=found.notes,
    )


def as_table(artifact: Judgments) -> Table:
    """Return the table artifact that a file of columns is read as."""
    return Table(
        kind="table",
        path=artifact.path,
        sha256=artifact.sha256,
        csv=artifact.csv,
        description=artifact.description,
    )


def named_columns(artifact: Judgments) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield every column of the file that a mapping names, with its path in the mapping."""
    for part in ("columns", "groups", "questions"):
        for key, column in getattr(artifact, part).items():
            yield (part, key), column
    for column in artifact.only:
        yield ("only", column), column


def no_column(artifact: Judgments, column: str, known: Collection[str]) -> Text:
    """Return what to say of a column that the header does not have."""
    return text(
        "`{path}` has no column `{column}`; {near}",
        path=artifact.path,
        column=column,
        near=did_you_mean(column, known) or "its header names others",
    )


def unreadable(name: str, artifact: Judgments, detail: Text) -> Absent:
    """Return the absence of what a file does not hold as it should."""
    return Absent(
        reason=Absence.UNREADABLE,
        artifact=name,
        detail=text("`{path}`: {detail}", path=artifact.path or name, detail=detail),
    )
