"""Gather the evidence that a plan asks for: each source is read once, and what cannot be read is absent."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from hcgov.app.documents import (
    kind_of,
    no_table,
    read_answered,
    read_named,
    read_training_run,
    undeclared,
    wrong_kind,
)
from hcgov.app.engines import engines_of, is_live, no_digest
from hcgov.app.frames import expectations_of, group_metric_of
from hcgov.core.check import AnyEvidence, Evidence, Request
from hcgov.core.evidence.absent import INTEGRITY, Absence, Absent
from hcgov.core.evidence.counts import CountsOf, Overlap, OverlapOf, SharesOf
from hcgov.core.evidence.documents import (
    AnswersOf,
    CardOf,
    CroissantOf,
    Digest,
    DigestOf,
    EvalLogOf,
    RecordOf,
    RunOf,
    SubjectOf,
)
from hcgov.core.evidence.long import Long, LongOf
from hcgov.core.evidence.metrics import EstimatesOf, ExpectationsOf, GroupMetricOf
from hcgov.core.evidence.scores import ScoresOf
from hcgov.core.evidence.source import Source
from hcgov.core.project import Table
from hcgov.core.text import text
from hcgov.io.manifest import Manifest
from hcgov.judgement.plan import Plan

Counted = CountsOf | ScoresOf | SharesOf | OverlapOf
KINDS: Mapping[type, tuple[str, ...]] = {
    RecordOf: ("record",),
    CroissantOf: ("croissant",),
    EvalLogOf: ("inspect_log",),
}
"""Kinds of artifact that answer each request; a request for a card says which."""


@dataclass
class Gathered:
    """The evidence of a run, growing as sources are read.

    Parameters
    ----------
    evidence
        The answer to each request.
    sources, absent
        By artifact: what was read, and what could not be.
    interrupted
        A person stopped the run; what was not read yet is absent.
    """

    evidence: dict[Request, AnyEvidence] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    absent: dict[str, Absent] = field(default_factory=dict)
    interrupted: bool = False

    def keep(self, request: Request, found: AnyEvidence) -> None:
        """Keep an answer, and where it came from."""
        self.evidence[request] = found
        if isinstance(found, Absent):
            self.lack(found)
            return
        self.came_from(request, sources_of(found))

    def came_from(self, request: Request, sources: Iterable[Source]) -> None:
        """Keep what an answer was read from; where that was read before and was other content, nothing is known."""
        for source in sources:
            known = self.sources.setdefault(source.artifact, source)
            if _differs(known, source):
                gone = Absent(
                    reason=Absence.CHANGED,
                    artifact=source.artifact,
                    detail=text("`{path}` changed between two readings of this check", path=source.location),
                )
                self.lack(gone)
                self.evidence[request] = gone

    def lack(self, absent: Absent) -> None:
        """Keep why an artifact is absent: the first reason, unless a later one is that it is not what it has to be."""
        known = self.absent.setdefault(absent.artifact, absent)
        if absent.reason in INTEGRITY and known.reason not in INTEGRITY:
            self.absent[absent.artifact] = absent


def _differs(one: Source, other: Source) -> bool:
    """Whether two readings of one artifact were not of the same content, as far as can be told."""
    rows_differ = None not in (one.rows, other.rows) and one.rows != other.rows
    return one.sha256 != other.sha256 or rows_differ


def sources_of(found: Evidence) -> tuple[Source, ...]:
    """Return the sources of a piece of evidence."""
    if isinstance(found, Digest):
        return found.sources
    if isinstance(found, Overlap):
        return (found.source, found.listed_source)
    if isinstance(found, Long):
        return (found.source, *found.further)
    source = getattr(found, "source", None)
    return (source,) if isinstance(source, Source) else ()


def gather(plan: Plan, manifest: Manifest, progress: Callable[[str], None], tracking_uri: str) -> Gathered:
    """Answer every request of a plan; the engine itself answers :class:`EstimatesOf`.

    Parameters
    ----------
    progress
        Told what is being read.
    tracking_uri
        Where runs are looked up.
    """
    gathered = Gathered()
    requests = list(dict.fromkeys(r for c in plan.controls for r in c.requests.values()))
    try:
        _documents(requests, manifest, gathered, progress, tracking_uri)
        _tables(requests, manifest, gathered, progress)
        _frames(requests, manifest, gathered, progress)
        _judgments(requests, manifest, gathered, progress)
        _digests(requests, manifest, gathered, progress)
    except KeyboardInterrupt:
        gathered.interrupted = True
        for request in requests:
            if request not in gathered.evidence and not isinstance(request, EstimatesOf):
                name = artifact_of(request)
                told = Absent(
                    reason=Absence.INTERRUPTED, artifact=name, detail=text("the check was interrupted")
                )
                gathered.keep(request, told)
    return gathered


def artifact_of(request: Request) -> str:
    """Return the artifact (or checklist) that a request is about."""
    for attribute in ("table", "artifact", "checklist"):
        name = getattr(request, attribute, None)
        if isinstance(name, str):
            return name
    return "subject"


def _documents(
    requests: list[Request], manifest: Manifest, gathered: Gathered, progress: Callable[[str], None], uri: str
) -> None:
    read: dict[str, AnyEvidence] = {}
    for request in requests:
        if isinstance(request, RecordOf | CardOf | CroissantOf | EvalLogOf):
            name = request.artifact
            kinds = (request.kind,) if isinstance(request, CardOf) else KINDS[type(request)]
            if name in manifest.project.artifacts and kind_of(name, manifest) not in kinds:
                gathered.keep(request, wrong_kind(name, kind_of(name, manifest), kinds))
                continue
            if name not in read:
                progress(name)
                read[name] = read_named(name, kinds, manifest)
            gathered.keep(request, read[name])
        elif isinstance(request, RunOf):
            progress(request.artifact)
            gathered.keep(request, read_training_run(request.artifact, manifest, uri))
        elif isinstance(request, AnswersOf):
            progress(request.checklist)
            gathered.keep(request, read_answered(request.checklist, manifest))


def _tables(
    requests: list[Request], manifest: Manifest, gathered: Gathered, progress: Callable[[str], None]
) -> None:
    from hcgov.io.tables import answer

    by_table: dict[str, list[Counted]] = {}
    for request in (r for r in requests if isinstance(r, Counted)):
        by_table.setdefault(request.table, []).append(request)
    for name, asked in by_table.items():
        table = manifest.project.table(name)
        if table is None:
            for request in asked:
                gathered.keep(request, no_table(name, manifest))
            continue
        listed: dict[str, Table] = {}
        for overlap in (r for r in asked if isinstance(r, OverlapOf)):
            other = manifest.project.table(overlap.listed)
            if other is None:
                gathered.keep(overlap, no_table(overlap.listed, manifest))
            else:
                listed[overlap.listed] = other
        ready = [r for r in asked if r not in gathered.evidence]
        progress(name)
        for request, found in answer(
            name,
            table,
            manifest.root,
            ready,
            manifest.project.slices,
            listed,
            allowed_roots=manifest.allowed_roots,
            engines=engines_of(manifest),
        ).items():
            gathered.keep(request, found)


def _frames(
    requests: list[Request], manifest: Manifest, gathered: Gathered, progress: Callable[[str], None]
) -> None:
    """Answer what is not a function of counts: expectations and metrics of other libraries, on whole frames."""
    for request in (r for r in requests if isinstance(r, ExpectationsOf | GroupMetricOf)):
        table = manifest.project.table(request.table)
        if table is None:
            gathered.keep(request, no_table(request.table, manifest))
            continue
        progress(request.table)
        if isinstance(request, ExpectationsOf):
            suites: dict[str, Source] = {}
            gathered.keep(request, expectations_of(request, table, manifest, suites))
            gathered.came_from(request, suites.values())
        else:
            gathered.keep(request, group_metric_of(request, table, manifest, progress))


def _judgments(
    requests: list[Request], manifest: Manifest, gathered: Gathered, progress: Callable[[str], None]
) -> None:
    """Answer what is asked of long tables of judgments, each of which is read once."""
    by_table: dict[str, list[LongOf]] = {}
    for request in (r for r in requests if isinstance(r, LongOf)):
        by_table.setdefault(request.table, []).append(request)
    if not by_table:
        return
    from hcgov.app.judgments import long_of

    for name, asked in by_table.items():
        progress(name)
        for request, found in long_of(name, asked, manifest).items():
            gathered.keep(request, found)


def _digests(
    requests: list[Request], manifest: Manifest, gathered: Gathered, progress: Callable[[str], None]
) -> None:
    for request in requests:
        if isinstance(request, DigestOf):
            progress(request.artifact)
            source = _source(request.artifact, manifest, gathered)
            gathered.keep(
                request,
                source if isinstance(source, Absent) else Digest(sha256=source.sha256, sources=(source,)),
            )
        elif isinstance(request, SubjectOf):
            gathered.keep(request, subject_digest(manifest, gathered))


def subject_digest(manifest: Manifest, gathered: Gathered) -> Digest | Absent:
    """Return the digest of what is released: of its one artifact, or over the sorted lines ``sha256  name``."""
    names = manifest.project.subject
    if not names:
        return Absent(
            reason=Absence.NOT_DECLARED,
            artifact="subject",
            detail=text("hcgov.yaml does not say what is released; name the artifacts under `subject:`"),
        )
    sources = []
    for name in names:
        source = _source(name, manifest, gathered)
        if isinstance(source, Absent):
            return source
        sources.append(source)
    if len(sources) == 1:
        return Digest(sha256=sources[0].sha256, sources=tuple(sources))
    lines = sorted(f"{source.sha256}  {source.artifact}\n" for source in sources)
    return Digest(sha256=hashlib.sha256("".join(lines).encode()).hexdigest(), sources=tuple(sources))


def _source(name: str, manifest: Manifest, gathered: Gathered) -> Source | Absent:
    """Return an artifact's source: as it was read in this run, or else by its digest alone."""
    from hcgov.io.files import digest_path

    if is_live(name, manifest):
        return no_digest(name)
    if name in gathered.sources:
        return gathered.sources[name]
    if name in gathered.absent:
        return gathered.absent[name]
    artifact = manifest.project.artifacts.get(name)
    if artifact is None:
        return undeclared(name, manifest, "file")
    if artifact.path is None:
        return wrong_kind(name, artifact.kind, ("file",))
    return digest_path(
        manifest.root,
        name,
        artifact.kind,
        artifact.path,
        pinned=artifact.sha256,
        allowed_roots=manifest.allowed_roots,
    )
