"""Check a project: read, judge, decide, record. Tracking and printing are other people's business."""

import hashlib
import platform
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from hcgov import __version__
from hcgov.app.bindings import bindings
from hcgov.app.gather import Gathered, gather, subject_digest
from hcgov.app.notices import limits, notices
from hcgov.app.project import Loaded, load_project
from hcgov.core.evidence.absent import Absence, Absent
from hcgov.core.occasion import Occasion
from hcgov.core.record import (
    DecisionV1,
    EnvironmentV1,
    EvidenceV1,
    PackV1,
    ReportV1,
    SubjectPartV1,
    SubjectV1,
    SystemV1,
    ToolV1,
)
from hcgov.core.status import EXIT_CODES, EXIT_INTEGRITY, EXIT_INTERRUPTED, Decision, Disposition
from hcgov.core.text import text
from hcgov.judgement.decision import Release, release
from hcgov.judgement.engine import assess
from hcgov.judgement.evidence_index import index_evidence
from hcgov.judgement.recording import record_control, stages_of

NAMED_PACKAGES = (
    "duckdb",
    "fairlearn",
    "great_expectations",
    "jinja2",
    "mlflow",
    "numpy",
    "pandas",
    "pydantic",
)
INTEGRITY = (Absence.WRONG_DIGEST, Absence.CHANGED)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a person asked for.

    Parameters
    ----------
    root
        Folder of the project.
    stages
        Stages to judge; empty means all.
    select
        Ids of the controls to judge, or beginnings of them; empty means all.
    policies
        Further packs, by name or path.
    allowed_roots
        Folders outside the project that artifacts may be in.
    now
        Time in UTC; the clock is an argument.
    fail_on
        Dispositions (``waived``, ``warned``) that fail the gate although they do not block.
    exit_zero
        Leave with 0 whatever was decided; the record keeps both.
    frames
        Tables in memory by artifact (pandas, polars, Arrow), read in place of what the manifest names.
    memory_limit
        Most memory of the embedded table engine, such as ``2GB``; what does not fit goes to disk meanwhile.
    fresh
        Count every file of every table anew, whatever an earlier check has counted.
    """

    root: Path
    now: datetime
    stages: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()
    allowed_roots: tuple[Path, ...] = ()
    actor: str = ""
    command: str = ""
    fail_on: tuple[str, ...] = ()
    exit_zero: bool = False
    tracking_uri: str = ""
    frames: Mapping[str, object] = field(default_factory=dict, repr=False)
    memory_limit: str = ""
    fresh: bool = False


@dataclass(frozen=True, kw_only=True)
class Checked:
    """The record of a check, the project it was about, and crashes of checks for whoever mends them."""

    report: ReportV1
    loaded: Loaded
    crashes: tuple[tuple[str, BaseException], ...]


def run_check(
    asked: Asked, progress: Callable[[str], None], *, planned: Callable[[Loaded], None] = lambda _: None
) -> Checked:
    """Check a project.

    Parameters
    ----------
    progress
        Told what is being read.
    planned
        Called once the plan stands, before any data is read: work that may overlap starts here.

    Raises
    ------
    AuthoringError
        Manifest or policies hold mistakes; nothing was evaluated.
    """
    loaded = load_project(
        asked.root,
        stages=asked.stages,
        select=asked.select,
        policies=asked.policies,
        allowed_roots=asked.allowed_roots,
        frames=asked.frames,
        memory=asked.memory_limit,
        fresh=asked.fresh,
    )
    planned(loaded)
    gathered = gather(loaded.plan, loaded.manifest, progress, asked.tracking_uri)
    subject = _subject(loaded, gathered)
    occasion = Occasion(date=asked.now.date().isoformat(), actor=asked.actor)
    assessed = assess(loaded.plan, gathered.evidence, occasion)
    report = _report(asked, loaded, gathered, subject, release(loaded.plan, assessed))
    crashes = tuple((a.control.spec.id, a.crash) for a in assessed if a.crash is not None)
    return Checked(report=report, loaded=loaded, crashes=crashes)


def _subject(loaded: Loaded, gathered: Gathered) -> SubjectV1:
    if not loaded.manifest.project.subject or gathered.interrupted:
        return SubjectV1()
    digest = subject_digest(loaded.manifest, gathered)
    if isinstance(digest, Absent):
        gathered.absent.setdefault(digest.artifact, digest)
        return SubjectV1()
    for source in digest.sources:
        gathered.sources.setdefault(source.artifact, source)
    parts = tuple(
        SubjectPartV1(artifact=s.artifact, location=s.location, sha256=s.sha256) for s in digest.sources
    )
    return SubjectV1(sha256=digest.sha256, parts=parts)


def _report(
    asked: Asked, loaded: Loaded, gathered: Gathered, subject: SubjectV1, decided: Release
) -> ReportV1:
    manifest, project = loaded.manifest, loaded.manifest.project
    evidence = index_evidence(project, gathered.sources, gathered.absent)
    day = asked.now.date().isoformat()
    controls = tuple(record_control(d, evidence, project.system.name, day) for d in decided.controls)
    created = asked.now.strftime("%Y-%m-%dT%H:%M:%SZ")
    system = project.system
    inputs = "".join(control.decision_input for control in controls)
    identity = hashlib.sha256(f"{asked.now.isoformat()}{subject.sha256}{inputs}".encode()).hexdigest()[:8]
    return ReportV1(
        id=f"{asked.now.strftime('%Y%m%dT%H%M%SZ')}-{identity}",
        created=created,
        occasion=day,
        actor=asked.actor,
        tool=ToolV1(name="hcgov", version=__version__),
        system=SystemV1(
            name=system.name,
            version=system.version,
            risk_profile=system.risk_profile.value,
            description=system.description,
            owner=system.owner,
            facts=dict(system.facts),
        ),
        packs=tuple(
            PackV1(
                id=p.spec.metadata.id,
                version=p.spec.metadata.version,
                title=p.spec.metadata.title,
                file=p.file,
                sha256=p.sha256,
            )
            for p in loaded.packs
        ),
        subject=subject,
        stages=stages_of(loaded.plan, decided),
        decision=_decision(asked, gathered, decided, identified=bool(subject.sha256 or not project.subject)),
        controls=controls,
        evidence=evidence.entries,
        bindings=bindings(loaded.plan, manifest),
        notices=notices(loaded, gathered),
        limits=limits(loaded, gathered, created),
        command=asked.command,
        manifest=EvidenceV1(
            id="EV-000",
            artifact="manifest",
            kind="manifest",
            location=manifest.file,
            sha256=hashlib.sha256(manifest.data).hexdigest(),
            size=len(manifest.data),
        ),
        environment=_environment(),
    )


def _decision(asked: Asked, gathered: Gathered, decided: Release, *, identified: bool) -> DecisionV1:
    decision, reason = decided.decision, decided.reason
    if not identified and decision in (Decision.PASSED, Decision.PASSED_WITH_CONDITIONS):
        decision = Decision.INCOMPLETE
        reason = text("what is released cannot be read, so it is not known what was checked")
    tightened = _tightened(asked.fail_on, decided)
    if tightened and decision in (Decision.PASSED, Decision.PASSED_WITH_CONDITIONS):
        decision, reason = Decision.FAILED, text("--fail-on: {controls}", controls=", ".join(tightened))
    if gathered.interrupted:
        reason = text("the check was interrupted; what was not read is missing")
        decision = Decision.FAILED if decision is Decision.FAILED else Decision.INCOMPLETE
    code = EXIT_CODES[decision]
    broken = [name for name, absent in gathered.absent.items() if absent.reason in INTEGRITY]
    if broken:
        # Whatever the controls say of it: evidence that is not what it has to be lets no release pass.
        decision = Decision.FAILED if decision is Decision.FAILED else Decision.INCOMPLETE
        code = EXIT_INTEGRITY
        reason = text(
            "{reason}; the digest of {names} is not what it has to be", reason=reason, names=", ".join(broken)
        )
    if gathered.interrupted:
        code = EXIT_INTERRUPTED
    return DecisionV1(
        value=decision.value,
        # An interrupted check decided nothing that could be waved through.
        exit_code=0 if asked.exit_zero and not gathered.interrupted else code,
        exit_zero=asked.exit_zero,
        reason=str(reason),
        counts={verdict.value: n for verdict, n in decided.counts.items()},
        blocking=(*decided.blocking, *(t for t in tightened if t not in decided.blocking)),
        interrupted=gathered.interrupted,
    )


def _tightened(fail_on: Sequence[str], decided: Release) -> list[str]:
    words = {"waived": Disposition.WAIVED, "warned": Disposition.WARNED}
    wanted = {words[name] for name in fail_on}
    return [d.assessed.control.spec.id for d in decided.controls if d.disposition in wanted]


def _environment() -> EnvironmentV1:
    """Name the versions of what was used: only packages that this process imported."""
    versions = {
        name: str(getattr(sys.modules[name], "__version__", ""))
        for name in NAMED_PACKAGES
        if name in sys.modules
    }
    return EnvironmentV1(
        python=platform.python_version(),
        platform=f"{platform.system()} {platform.machine()}",
        packages=versions,
    )
