"""The evidence of a run as it goes over the wire: numbered, with its digests, or with the reason of its absence."""

from collections.abc import Mapping, Sequence
from dataclasses import field

from hcgov.core.evidence.absent import Absent
from hcgov.core.evidence.source import Source
from hcgov.core.frozen import frozen
from hcgov.core.project import Artifact, Project, Table
from hcgov.core.record import EvidenceV1, SentenceV1
from hcgov.core.slices import SliceRules
from hcgov.core.text import Text


def sentence(told: Text) -> SentenceV1:
    """Return a sentence as it goes over the wire."""
    return SentenceV1(text=str(told), template=told.template, values=dict(told.values))


@frozen
class EvidenceIndex:
    """The evidence of a run by artifact, numbered in the order of the manifest.

    Parameters
    ----------
    declared
        How the manifest says that each artifact is to be read: roles, outcomes, counts.
    slices
        The project's slices, which a control tightens.
    subject
        Names of the artifacts that are released.
    describing
        To a table of judgments the one that describes its people.
    """

    entries: tuple[EvidenceV1, ...]
    declared: Mapping[str, dict[str, object]] = field(default_factory=dict)
    slices: SliceRules = field(default_factory=SliceRules)
    subject: tuple[str, ...] = ()
    describing: Mapping[str, str] = field(default_factory=dict)

    def ids(self, artifacts: Sequence[str]) -> tuple[str, ...]:
        """Return the evidence ids of artifacts, in order, those unknown left out."""
        by_name = {entry.artifact: entry.id for entry in self.entries}
        return tuple(dict.fromkeys(by_name[name] for name in artifacts if name in by_name))

    def digest(self, artifact: str) -> str:
        """Return the digest of an artifact, or of what was read of it live, or why there is none."""
        found = next((e for e in self.entries if e.artifact == artifact), None)
        if found is None:
            return "absent"
        if found.counted:
            return f"counted:{found.counted}"
        return found.sha256 or f"absent:{found.absent}"


def index_evidence(
    project: Project, sources: Mapping[str, Source], absent: Mapping[str, Absent]
) -> EvidenceIndex:
    """Return the numbered evidence: what was read, what is absent, and what nobody asked for."""
    names = [*project.artifacts, *(n for n in (*sources, *absent) if n not in project.artifacts)]
    entries = []
    for number, name in enumerate(dict.fromkeys(names), start=1):
        artifact = project.artifacts.get(name)
        source, missing = sources.get(name), absent.get(name)
        location = _location(artifact) if artifact is not None else ""
        kind = artifact.kind if artifact is not None else "answers" if source else "undeclared"
        entries.append(
            EvidenceV1(
                id=f"EV-{number:03d}",
                artifact=name,
                kind=source.kind if source else kind,
                location=source.location if source else location,
                sha256=source.sha256 if source else "",
                size=source.size if source else None,
                rows=source.rows if source else None,
                counted=source.counted if source else "",
                counted_before=source.counted_before if source else (),
                absent=missing.reason.value if missing else "",
                detail=sentence(missing.detail) if missing else None,
                pinned=artifact is not None and artifact.sha256 is not None,
                description=artifact.description if artifact is not None else "",
            )
        )
    return EvidenceIndex(
        entries=tuple(entries),
        declared={name: artifact.model_dump(mode="json") for name, artifact in project.artifacts.items()},
        slices=project.slices,
        subject=project.subject,
        describing=project.describing,
    )


def _location(artifact: Artifact) -> str:
    """Return where an artifact should be, as the manifest names it."""
    if isinstance(artifact, Table) and artifact.connection is not None:
        return f"{artifact.connection}:{artifact.relation or artifact.path}"
    return artifact.path or artifact.uri or ""
