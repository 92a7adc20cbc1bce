"""Read what a project names: documents, answers and runs; what is not named, or is another thing, is absent."""

import os

from hcgov.core.check import AnyEvidence
from hcgov.core.evidence.absent import Absence, Absent
from hcgov.core.evidence.documents import Record
from hcgov.core.mistake import did_you_mean
from hcgov.core.project import Document, TrainingRun
from hcgov.core.text import text
from hcgov.io.manifest import Manifest


def undeclared(name: str, manifest: Manifest, kind: str) -> Absent:
    """Return the absence of an artifact that the manifest does not name."""
    hint = did_you_mean(name, manifest.project.artifacts)
    return Absent(
        reason=Absence.NOT_DECLARED,
        artifact=name,
        detail=text(
            "hcgov.yaml names no artifact `{name}`; add it under `artifacts:` with `kind: {kind}` ({hint})",
            name=name,
            kind=kind,
            hint=hint or "none is named yet",
        ),
    )


def wrong_kind(name: str, found: str, wanted: tuple[str, ...]) -> Absent:
    """Return the absence of an artifact that is of another kind than a control reads."""
    return Absent(
        reason=Absence.WRONG_KIND,
        artifact=name,
        detail=text(
            "artifact `{name}` is a {found}; this control reads a {wanted}",
            name=name,
            found=found,
            wanted=" or ".join(wanted),
        ),
    )


def kind_of(name: str, manifest: Manifest) -> str:
    """Return the kind of an artifact; empty where there is none of the name."""
    artifact = manifest.project.artifacts.get(name)
    return artifact.kind if artifact is not None else ""


def read_named(name: str, kinds: tuple[str, ...], manifest: Manifest) -> AnyEvidence:
    """Read a document of one of the given kinds, once, with the digest of the same bytes."""
    from hcgov.io.files import read_blob
    from hcgov.io.readers import read_document

    artifact = manifest.project.artifacts.get(name)
    if artifact is None:
        return undeclared(name, manifest, kinds[0])
    if not isinstance(artifact, Document) or artifact.path is None:
        return wrong_kind(name, artifact.kind, kinds)
    blob = read_blob(
        manifest.root,
        name,
        artifact.kind,
        artifact.path,
        pinned=artifact.sha256,
        allowed_roots=manifest.allowed_roots,
    )
    return blob if isinstance(blob, Absent) else read_document(artifact.kind, blob)


def read_answered(checklist: str, manifest: Manifest) -> AnyEvidence:
    """Read a checklist with a project's answers."""
    from hcgov.io.answers import read_answers

    return read_answers(checklist, manifest.root, manifest.project.answers)


def read_training_run(name: str, manifest: Manifest, tracking_uri: str) -> AnyEvidence:
    """Read a training run from its store, or from a record that was exported from one."""
    from hcgov.io.files import read_blob
    from hcgov.io.readers import read_document
    from hcgov.io.tracking.runs import parse_exported_run, read_run
    from hcgov.io.tracking.uri import choose_store

    artifact = manifest.project.artifacts.get(name)
    if artifact is None:
        return undeclared(name, manifest, "run")
    if not isinstance(artifact, TrainingRun):
        return wrong_kind(name, artifact.kind, ("run",))
    if artifact.uri is not None:
        project = manifest.project.tracking.uri
        store = choose_store(manifest.root, environ=os.environ, flag=tracking_uri, manifest=project)
        return read_run(artifact.uri, store, os.environ, artifact=name, pinned=artifact.sha256)
    blob = read_blob(
        manifest.root,
        name,
        "run",
        artifact.path or "",
        pinned=artifact.sha256,
        allowed_roots=manifest.allowed_roots,
    )
    if isinstance(blob, Absent):
        return blob
    record = read_document("record", blob)
    return parse_exported_run(record.data, blob.source) if isinstance(record, Record) else record


def no_table(name: str, manifest: Manifest) -> Absent:
    """Return why there is no table of a name."""
    kind = kind_of(name, manifest)
    return wrong_kind(name, kind, ("table",)) if kind else undeclared(name, manifest, "table")
