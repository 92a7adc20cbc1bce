"""Read long tables of judgments: each artifact once, by its mapping or by the reader of its format."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from hcgov.app.documents import kind_of, undeclared, wrong_kind
from hcgov.app.engines import engines_of
from hcgov.app.long_files import AbsentError, as_table, named_columns, no_column, read_file, unreadable
from hcgov.core.check import AnyEvidence
from hcgov.core.evidence.absent import Absence, Absent
from hcgov.core.evidence.long import LongOf
from hcgov.core.evidence.source import Source
from hcgov.core.judged import Judgments, LongMapping
from hcgov.core.long_tables import COLUMNS, LongKind
from hcgov.core.mistake import AuthoringError, Mistake, did_you_mean
from hcgov.core.project import Project
from hcgov.core.text import text
from hcgov.io.manifest import Manifest

if TYPE_CHECKING:
    from hcgov.io.long.assembling import Store


def long_of(name: str, asked: Sequence[LongOf], manifest: Manifest) -> dict[LongOf, AnyEvidence]:
    """Answer every request for one artifact, which is read once.

    Parameters
    ----------
    name
        The artifact.
    asked
        Requests for it.
    """
    from hcgov.io.long.assembling import answer, questions_of
    from hcgov.io.long.encoding import NotSuchAValueError

    artifact = manifest.project.judgments(name)
    if artifact is None:
        kind = kind_of(name, manifest)
        return {
            one: wrong_kind(name, kind, (one.kind.value,))
            if kind
            else undeclared(name, manifest, one.kind.value)
            for one in asked
        }
    right = [one for one in asked if one.kind is artifact.long_kind]
    found: dict[LongOf, AnyEvidence] = {
        one: wrong_kind(name, artifact.kind, (one.kind.value,)) for one in asked if one not in right
    }
    if not right:
        return found
    slices = dict.fromkeys(c for one in right for c in manifest.project.slices.tightened(one.slices).columns)
    try:
        store = _store(name, artifact, manifest, right, tuple(slices))
    except AbsentError as gone:
        return found | dict.fromkeys(right, gone.absent)
    except NotSuchAValueError as error:
        return found | dict.fromkeys(right, unreadable(name, artifact, error.detail))
    if not store.rows:
        return found | dict.fromkeys(right, _none_left(name, store))
    for one in right:
        lacking = [column for column in one.needs if column not in store.columns]
        if lacking:
            found[one] = _lacks(name, artifact, lacking)
        elif one.question and one.question not in questions_of(store):
            found[one] = _no_question(name, one.question, questions_of(store))
        else:
            found[one] = answer(store, one, manifest.project.slices.tightened(one.slices))
    return found


def mapping_of(name: str, artifact: Judgments, manifest: Manifest) -> tuple[Judgments, Source | None]:
    """Return an artifact with the mapping of its file, and where that was read.

    Raises
    ------
    AuthoringError
        The mapping has mistakes.
    AbsentError
        There is no such file.
    """
    from hcgov.io.files import read_blob
    from hcgov.io.long.mapping import MOST_BYTES as MOST
    from hcgov.io.long.mapping import parse_mapping

    if not artifact.mapping:
        return artifact, None
    blob = read_blob(
        manifest.root,
        f"{name} (mapping)",
        "mapping",
        artifact.mapping,
        max_bytes=MOST,
        allowed_roots=manifest.allowed_roots,
    )
    if isinstance(blob, Absent):
        raise AbsentError(blob)
    mapping, told = parse_mapping(blob.data, artifact.mapping)
    told += _stray(artifact, mapping)
    if told or mapping is None:
        raise AuthoringError(told)
    return artifact.mapped_with(mapping), blob.source


def with_mappings(manifest: Manifest) -> Project:
    """Return a project whose tables of judgments say themselves how they are read.

    A mapping file that cannot be read stays named.
    """
    artifacts = dict(manifest.project.artifacts)
    for name in artifacts:
        one = manifest.project.judgments(name)
        if one is not None and one.mapping:
            try:
                artifacts[name] = mapping_of(name, one, manifest)[0]
            except (AbsentError, AuthoringError):
                continue
    return manifest.project.model_copy(update={"artifacts": artifacts})


def judgment_mistakes(name: str, manifest: Manifest) -> list[Mistake]:
    """Return what is wrong in how a long table is mapped: the mapping file, and columns that no header has.

    A file that cannot be read is no mistake; it is missing evidence.
    """
    from hcgov.io.tables import probe

    artifact = manifest.project.judgments(name)
    if artifact is None:
        return []
    own = not artifact.mapping
    try:
        artifact, _ = mapping_of(name, artifact, manifest)
    except AuthoringError as error:
        return list(error.mistakes)
    except AbsentError:
        return []
    told = judgment_mistakes(artifact.annotators, manifest) if artifact.annotators not in ("", name) else []
    if artifact.format not in ("", "table"):
        return told
    schema = probe(
        name, as_table(artifact), manifest.root, manifest.allowed_roots, engines=engines_of(manifest)
    )
    if isinstance(schema, Absent):
        return told
    elsewhere = artifact.columns.get("consent", "consent")
    if elsewhere != "consent" and "consent" in schema.columns:
        told.append(
            Mistake(
                code="HCG-N013",
                message=f"`{name}` has a column `consent`, and `columns` reads consent from `{elsewhere}`",
                where=manifest.where("artifacts", name, "columns", "consent") if own else None,
                help="read it from its own column, so that nobody who revoked it stays by oversight",
            )
        )
    return told + [
        Mistake(
            code="HCG-N012",
            message=str(no_column(artifact, column, schema.columns)),
            where=manifest.where("artifacts", name, *path) if own else None,
            help="" if own else f"it is named under `{path[0]}` in `{artifact.mapping}`",
        )
        for path, column in named_columns(artifact)
        if column not in schema.columns
    ]


def _stray(artifact: Judgments, mapping: LongMapping | None) -> list[Mistake]:
    """Return columns of a mapping that the kind of table does not have."""
    known = COLUMNS[artifact.long_kind]
    named = () if mapping is None else (*mapping.columns, *mapping.constants)
    return [
        Mistake(
            code="HCG-C018",
            message=f"`{column}` in `{artifact.mapping}` is no column of {artifact.kind}",
            where=None,
            help=did_you_mean(column, known),
        )
        for column in named
        if column not in known
    ]


def _store(
    name: str, artifact: Judgments, manifest: Manifest, asked: Sequence[LongOf], slices: tuple[str, ...]
) -> "Store":
    from hcgov.io.long.assembling import names_used
    from hcgov.io.long.people import cleared, joined

    store = _uncleared(name, artifact, manifest, names_used(asked, artifact.long_kind), slices)
    if artifact.annotators:
        people = manifest.project.judgments(artifact.annotators)
        if people is None or people.long_kind is not LongKind.ANNOTATORS:
            kind = kind_of(artifact.annotators, manifest)
            absent = (
                wrong_kind(artifact.annotators, kind, ("annotators",))
                if kind
                else undeclared(artifact.annotators, manifest, "annotators")
            )
            raise AbsentError(absent)
        store = joined(
            store,
            _uncleared(artifact.annotators, people, manifest, ("annotator", "consent", "weight"), slices),
        )
    return cleared(store)


def _uncleared(
    name: str, artifact: Judgments, manifest: Manifest, wanted: tuple[str, ...], slices: tuple[str, ...]
) -> "Store":
    from hcgov.io.long.assembling import stored

    try:
        artifact, further = mapping_of(name, artifact, manifest)
    except AuthoringError as error:
        raise AbsentError(
            unreadable(name, artifact, text("{what}", what=error.mistakes[0].message))
        ) from error
    read = read_file(name, artifact, manifest, wanted, slices)
    store = stored(
        name,
        artifact.long_kind,
        artifact,
        {column: given for column, given in read.columns.items() if column in wanted},
        read.groups,
        rows=read.rows,
        source=read.source,
        further=() if further is None else (further,),
    )
    return replace(store, left_out=read.left_out, notes=read.notes)


def _none_left(name: str, store: "Store") -> Absent:
    """Return the absence of a table of which no row may count."""
    left = sum(one.rows for one in store.left_out)
    told = text(
        "`{artifact}` has no judgment that counts; {left} {left|row is|rows are} left out",
        artifact=name,
        left=left,
    )
    return Absent(reason=Absence.EMPTY_TABLE, artifact=name, detail=told)


def _lacks(name: str, artifact: Judgments, columns: Sequence[str]) -> Absent:
    known = COLUMNS[artifact.long_kind]
    return Absent(
        reason=Absence.NOT_DECLARED,
        artifact=name,
        detail=text(
            "`{artifact}` has no column for `{column}` ({about}); say under `columns:` which column holds it",
            artifact=name,
            column="`, `".join(columns),
            about=known[columns[0]].about.rstrip(".").lower(),
        ),
    )


def _no_question(name: str, question: str, known: Sequence[str]) -> Absent:
    return Absent(
        reason=Absence.NOT_DECLARED,
        artifact=name,
        detail=text(
            "`{artifact}` has no question `{question}`; {near}",
            artifact=name,
            question=question,
            near=did_you_mean(question, known)
            or (f"it has {', '.join(known)}" if known else "it names none"),
        ),
    )
