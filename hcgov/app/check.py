"""Check a project: read, judge, decide, record. Tracking and printing are other people's business."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace
from datetime import UTC, date, datetime
from pathlib import Path

from hcgov import __version__
from hcgov.app.about import record_environment, record_packs, record_system
from hcgov.app.attempts import Read, Run, inputs_of, started, unrecorded
from hcgov.app.bindings import bindings
from hcgov.app.departures import departures
from hcgov.app.exceptions import Told, form_mistakes, load_exceptions
from hcgov.app.gather import Gathered, gather, subject_digest
from hcgov.app.notices import limits, notices
from hcgov.app.project import Loaded, load_project
from hcgov.app.registration import Book, register_check
from hcgov.app.signatures import gather_signatures
from hcgov.core.evidence.absent import INTEGRITY, Absent
from hcgov.core.frozen import frozen
from hcgov.core.mistake import AuthoringError
from hcgov.core.occasion import Occasion
from hcgov.core.record import (
    DecisionV1,
    EvidenceV1,
    NoticeV1,
    ReportV1,
    SubjectPartV1,
    SubjectV1,
    ToolV1,
)
from hcgov.io.policies.lock import resolved_digest
from hcgov.judgement.attempts import spending
from hcgov.judgement.concluding import Circumstances, concluded
from hcgov.judgement.decision import Release, release
from hcgov.judgement.engine import assess
from hcgov.judgement.evidence_index import index_evidence, sentence
from hcgov.judgement.recording import record_control, stages_of
from hcgov.judgement.recording_exceptions import exception_notices, record_waiver, waiver_of


@frozen
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
    trusted_ref
        Branch, tag or commit whose waivers and baseline take effect, in place of those that are checked out.
    tracking_uri
        MLflow store that runs named as evidence are read from, and that the record is logged to; empty: that of the
        manifest or of the environment.
    ledger_key
        File of the key that signs the ledger's checkpoint; ``None``: it is not signed.
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
    trusted_ref: str = ""
    ledger_key: Path | None = None


@frozen
class Checked:
    """The record of a check, the project it was about, and crashes of checks for whoever mends them.

    ``run`` is the run as the ledger knows it; ``stored`` says that the record is that of an earlier run on the same
    inputs.
    """

    report: ReportV1
    loaded: Loaded
    crashes: tuple[tuple[str, BaseException], ...]
    run: Run
    stored: bool = False


def run_check(
    asked: Asked,
    progress: Callable[[str], None],
    *,
    planned: Callable[[Loaded], None] = lambda _: None,
    book: Book | None = None,
) -> Checked:
    """Check a project.

    Parameters
    ----------
    progress
        Told what is being read.
    planned
        Called once the plan stands, before any data is read: work that may overlap starts here.
    book
        The project's ledger. Without it nothing is registered, no stored verdict is found, and every check counts
        as the first attempt.

    Raises
    ------
    AuthoringError
        Manifest or policies hold mistakes; nothing was evaluated.
    NotAppendedError, LedgerDamagedError
        The ledger cannot be written, or is not what its checkpoint says; nothing was decided.
    """
    loaded = _loaded(asked)
    exceptions = load_exceptions(loaded, _day(asked.now), asked.trusted_ref)
    weaker = _weaker(asked)
    registered = None if book is None else register_check(book, loaded)
    planned(loaded)
    gathered = gather(loaded.plan, loaded.manifest, progress, asked.tracking_uri)
    subject = _subject(loaded, gathered)
    occasion = Occasion(date=_day(asked.now).isoformat(), actor=asked.actor)
    signatures = gather_signatures(loaded.plan, loaded.manifest, gathered, exceptions.trust, _day(asked.now))
    project = loaded.manifest.project
    evidence, system = index_evidence(project, gathered.sources, gathered.absent), project.system.name
    read = Read(loaded=loaded, gathered=gathered, evidence=evidence, subject=subject.sha256)
    inputs = inputs_of(asked, read, exceptions, signatures)
    run = unrecorded(asked, inputs)
    if book is not None and registered is not None:
        run = started(book, registered, asked, read, inputs)
        if run.stored is not None and not asked.fresh:
            return Checked(report=run.stored, loaded=loaded, crashes=(), run=run, stored=True)
    loaded = replace(loaded, plan=spending(loaded.plan, project, run.attempts))
    assessed = assess(loaded.plan, gathered.evidence, occasion, signatures)
    decided = release(loaded.plan, assessed, exceptions.waiving(subject.sha256), exceptions.baselined(system))
    report = _report(asked, loaded, gathered, subject, decided, exceptions.notices, run=run.id, weaker=weaker)
    crashes = tuple((a.control.spec.id, a.crash) for a in assessed if a.crash is not None)
    return Checked(report=run.recorded(report), loaded=loaded, crashes=crashes, run=run)


def _loaded(asked: Asked) -> Loaded:
    try:
        return load_project(
            asked.root,
            stages=asked.stages,
            select=asked.select,
            policies=asked.policies,
            allowed_roots=asked.allowed_roots,
            frames=asked.frames,
            memory=asked.memory_limit,
            fresh=asked.fresh,
            day=_day(asked.now).isoformat(),
        )
    except AuthoringError as error:
        # The mistakes of waivers and baseline are told with those of manifest and policies, not after them.
        raise AuthoringError([*error.mistakes, *form_mistakes(asked.root)]) from error


def _weaker(asked: Asked) -> tuple[str, ...]:
    if not asked.trusted_ref:
        return ()
    from hcgov.app.weaker import weaker_than  # it compares policies, which no other check does

    return weaker_than(asked.root, asked.trusted_ref)


def _day(now: datetime) -> date:
    return (now if now.tzinfo is None else now.astimezone(UTC)).date()


def _subject(loaded: Loaded, gathered: Gathered) -> SubjectV1:
    if not loaded.manifest.project.subject or gathered.interrupted:
        return SubjectV1()
    digest = subject_digest(loaded.manifest, gathered)
    if isinstance(digest, Absent):
        gathered.lack(digest)
        return SubjectV1()
    for source in digest.sources:
        gathered.sources.setdefault(source.artifact, source)
    parts = tuple(
        SubjectPartV1(artifact=s.artifact, location=s.location, sha256=s.sha256) for s in digest.sources
    )
    return SubjectV1(sha256=digest.sha256, parts=parts)


def _report(
    asked: Asked,
    loaded: Loaded,
    gathered: Gathered,
    subject: SubjectV1,
    decided: Release,
    differing: Sequence[Told],
    *,
    run: str,
    weaker: tuple[str, ...],
) -> ReportV1:
    manifest, project = loaded.manifest, loaded.manifest.project
    evidence = index_evidence(project, gathered.sources, gathered.absent)
    day = _day(asked.now).isoformat()
    controls = tuple(
        record_control(d, evidence, project.system.name, day, waiver_of(d, decided)) for d in decided.controls
    )
    of_exceptions = (*differing, *exception_notices(decided, _day(asked.now)))
    created = asked.now.strftime("%Y-%m-%dT%H:%M:%SZ")
    return ReportV1(
        id=run,
        created=created,
        occasion=day,
        actor=asked.actor,
        tool=ToolV1(name="hcgov", version=__version__),
        system=record_system(loaded),
        packs=record_packs(loaded.packs),
        subject=subject,
        policy_digest=resolved_digest(loaded.packs),
        left_out=loaded.plan.left_out,
        stages=stages_of(loaded.plan, decided),
        decision=_decision(
            asked,
            loaded,
            gathered,
            decided,
            identified=bool(subject.sha256 or not project.subject),
            weaker=weaker,
        ),
        controls=controls,
        evidence=evidence.entries,
        bindings=bindings(loaded.plan, manifest),
        notices=(
            *notices(loaded, gathered),
            *(NoticeV1(code=code, message=sentence(message)) for code, message in of_exceptions),
        ),
        waivers=tuple(record_waiver(used) for used in decided.waivers.values()),
        departures=tuple(sentence(one) for one in departures(loaded)),
        limits=limits(loaded, gathered, created, controls),
        command=asked.command,
        manifest=EvidenceV1(
            id="EV-000",
            artifact="manifest",
            kind="manifest",
            location=manifest.file,
            sha256=hashlib.sha256(manifest.data).hexdigest(),
            size=len(manifest.data),
        ),
        environment=record_environment(),
    )


def _decision(
    asked: Asked,
    loaded: Loaded,
    gathered: Gathered,
    decided: Release,
    *,
    identified: bool,
    weaker: tuple[str, ...],
) -> DecisionV1:
    skipped = tuple(control for control in loaded.plan.left_out if control in loaded.locked)
    broken = tuple(name for name, absent in gathered.absent.items() if absent.reason in INTEGRITY)
    found = concluded(
        [one.weighed for one in decided.controls],
        [stage.id for stage in loaded.plan.stages],
        decided.reason,
        Circumstances(
            unidentified=not identified,
            skipped=skipped,
            fail_on=asked.fail_on,
            interrupted=gathered.interrupted,
            broken=broken,
            weaker=weaker,
        ),
    )
    return DecisionV1(
        value=found.decision.value,
        # An interrupted check decided nothing that could be waved through.
        exit_code=0 if asked.exit_zero and not gathered.interrupted else found.exit_code,
        exit_zero=asked.exit_zero,
        reason=str(found.reason),
        counts={verdict.value: n for verdict, n in decided.counts.items()},
        blocking=(*decided.blocking, *(t for t in found.tightened if t not in decided.blocking)),
        interrupted=gathered.interrupted,
        fail_on=asked.fail_on,
        unidentified=not identified,
        skipped=skipped,
        weaker=weaker,
    )
