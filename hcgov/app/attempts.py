"""A run in the ledger: what it was decided on, which attempt it is, and the verdict that stands for the same inputs."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from hcgov import __version__
from hcgov.app.gather import Gathered
from hcgov.app.project import Loaded
from hcgov.app.registration import Book, Registered, departures_from
from hcgov.app.save import HOME, RUNS
from hcgov.core.attempts import Look, places
from hcgov.core.evidence.absent import INTEGRITY, Absence
from hcgov.core.evidence.documents import Answers
from hcgov.core.frozen import frozen
from hcgov.core.record import ReportV1
from hcgov.core.text import Text, text
from hcgov.io.files import read_regular
from hcgov.io.ledger import (
    Entry,
    LabelsLookedAt,
    LedgerDamagedError,
    RunFinished,
    RunStarted,
)
from hcgov.io.policies.lock import resolved_digest
from hcgov.io.render.json_report import MAX_BYTES, NotAReport, read_report, report_digest
from hcgov.judgement.attempts import looks
from hcgov.judgement.evidence_index import EvidenceIndex
from hcgov.judgement.restating import agree, restated

if TYPE_CHECKING:
    from hcgov.app.check import Asked
    from hcgov.app.exceptions import Exceptions
    from hcgov.core.evidence.signatures import Signatures

Told = tuple[str, Text]


@frozen
class Read:
    """A project with all that was read of it; ``subject`` is the SHA-256 of what is released, if it is known."""

    loaded: Loaded
    gathered: Gathered
    evidence: EvidenceIndex
    subject: str


@frozen
class Inputs:
    """What a check is decided on.

    Parameters
    ----------
    digest
        SHA-256 over all of it.
    complete
        Whether it names all of it by its content, so that the same digest means the same verdict.
    """

    digest: str
    complete: bool


@frozen
class Run:
    """A run that is entered in the ledger, from its start to its record.

    Parameters
    ----------
    id
        Of the run and its record.
    inputs
        What it is decided on.
    attempts
        Number of the attempt by what is looked at.
    stored
        The record of an earlier run on the same inputs; ``None`` where there is none.
    departed
        What is not as it was registered on purpose.
    told
        Notices about registration and attempts.
    """

    id: str
    inputs: Inputs
    attempts: Mapping[tuple[str, ...], int] = field(default_factory=dict)
    stored: ReportV1 | None = None
    departed: tuple[str, ...] = ()
    told: tuple[Told, ...] = ()

    def recorded(self, report: ReportV1) -> ReportV1:
        """Return a record with what the ledger has to say of it."""
        disagrees = self.stored.id if self.stored is not None and not agree(self.stored, report) else ""
        return restated(report, self.told, unregistered=self.departed, disagrees_with=disagrees)


def unrecorded(asked: "Asked", inputs: Inputs) -> Run:
    """Return a run that no ledger knows of: it counts as the first attempt."""
    return Run(id=_id(asked.now, inputs), inputs=inputs)


def started(book: Book, registered: Registered, asked: "Asked", read: Read, inputs: Inputs) -> Run:
    """Enter a run that has read its evidence and judged nothing yet; a stored verdict is no new run.

    Raises
    ------
    NotAppendedError
        It cannot be written.
    LedgerDamagedError
        The ledger, or the stored record, is not what it was.
    """
    loaded = read.loaded
    departed = departures_from(registered.binding, loaded, read.gathered, len(asked.policies))
    inputs = inputs if not departed else _with(inputs, [*departed, str(registered.binding)])
    stored = _stored(book, registered.ends, inputs) if inputs.complete else None
    run = _id(asked.now, inputs)
    if stored is not None and not asked.fresh:
        return Run(id=run, inputs=inputs, stored=stored)
    taken = looks(loaded.plan, loaded.manifest.project, read.evidence)
    policy = f"sha256:{resolved_digest(loaded.packs)}"
    about = f"sha256:{read.subject}" if read.subject else None
    receipt = book.append(lambda entries: _started(entries, run, policy, about, taken), ("run-started",))
    body = receipt.entry.body
    attempts = {one.at: one.attempt for one in body.looks} if isinstance(body, RunStarted) else {}
    told = (*_of_registration(registered, departed), *_of_attempts(attempts))
    return Run(id=run, inputs=inputs, attempts=attempts, stored=stored, departed=departed, told=told)


def finished(book: Book, run: Run, report: ReportV1) -> None:
    """Enter how a run ended, with the digest of its record.

    Raises
    ------
    NotAppendedError, LedgerDamagedError
        As for :func:`started`; the record must not be clear then.
    """
    sound = run.inputs.complete and not report.decision.disagrees_with
    book.append(
        RunFinished(
            run=report.id,
            policy=f"sha256:{report.policy_digest}",
            subject=f"sha256:{report.subject.sha256}" if report.subject.sha256 else None,
            report=f"sha256:{report_digest(report)}",
            decision=report.decision.value,
            exit_code=report.decision.exit_code,
            inputs=f"sha256:{run.inputs.digest}" if sound else None,
        )
    )


def inputs_of(asked: "Asked", read: Read, exceptions: "Exceptions", signatures: "Signatures") -> Inputs:
    """Return what a check is decided on; the day and who runs it only where anything depends on them."""
    loaded, evidence = read.loaded, read.evidence
    controls = loaded.plan.controls
    excepting = bool(exceptions.waivers.waivers) or exceptions.baseline is not None
    occasional = any(c.check is not None and c.check.takes_occasion for c in controls)
    dated = (
        occasional
        or excepting
        or exceptions.trust is not None
        or any(c.spec.effective_from or c.spec.evidence for c in controls)
    )
    content = {
        "tool": __version__,
        "policy": resolved_digest(loaded.packs),
        "packs": [source.sha256 for pack in loaded.packs for source in pack.sources],
        "manifest": hashlib.sha256(loaded.manifest.data).hexdigest(),
        "controls": [c.spec.id for c in controls],
        "locked": sorted(loaded.locked),
        "evidence": {entry.artifact: evidence.digest(entry.artifact) for entry in evidence.entries},
        # The file of answers has a digest; the questions that a project asks stand in another one.
        "questions": [repr(e.questions) for e in read.gathered.evidence.values() if isinstance(e, Answers)],
        "subject": read.subject,
        "asked": [asked.stages, asked.select, asked.policies, sorted(asked.fail_on), asked.exit_zero],
        "exceptions": [repr(exceptions.waivers), repr(exceptions.baseline)] if excepting else [],
        "signatures": repr(signatures),
        "day": asked.now.date().isoformat() if dated else "",
        "actor": asked.actor if occasional else "",
    }
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    # What a ref stands for may be another commit by then.
    complete = not asked.trusted_ref and _named_by_content(loaded, read.gathered)
    return Inputs(digest=digest, complete=complete)


def _named_by_content(loaded: Loaded, gathered: Gathered) -> bool:
    """Whether everything that was read has a digest, and every check comes with this version of hcgov."""
    passing = (*INTEGRITY, Absence.INTERRUPTED, Absence.STORE_DOWN)
    ours = all(
        c.check is None or c.check.measure.__module__.startswith("hcgov.") for c in loaded.plan.controls
    )
    read = all(source.sha256 or source.counted for source in gathered.sources.values())
    settled = not any(absent.reason in passing for absent in gathered.absent.values())
    return ours and read and settled and not gathered.interrupted and not loaded.registry.broken


def _with(inputs: Inputs, more: list[str]) -> Inputs:
    content = json.dumps([inputs.digest, *more]).encode()
    return Inputs(digest=hashlib.sha256(content).hexdigest(), complete=inputs.complete)


def _id(now: datetime, inputs: Inputs) -> str:
    identity = hashlib.sha256(f"{now.isoformat()}{inputs.digest}".encode()).hexdigest()[:8]
    return f"{now.strftime('%Y%m%dT%H%M%SZ')}-{identity}"


def _started(
    entries: tuple[Entry, ...], run: str, policy: str, subject: str | None, taken: tuple[Look, ...]
) -> RunStarted:
    """Make the entry of a run out of those before it, while nobody else can write."""
    runs = [entry.body for entry in entries if isinstance(entry.body, RunStarted)]
    earlier = [Look(at=one.at, data=one.data) for body in runs for one in body.looks]
    looked = [Look(at=look.at, data=f"sha256:{look.data}") for look in taken]
    found = places(looked, earlier)
    return RunStarted(
        run=run,
        policy=policy,
        subject=subject,
        attempt=1 + sum(body.policy == policy and body.subject == subject for body in runs),
        looks=tuple(LabelsLookedAt(at=one.at, data=one.data, attempt=found[one.at]) for one in looked),
    )


def _stored(book: Book, ends: Sequence[RunFinished], inputs: Inputs) -> ReportV1 | None:
    """Return the record of the newest run on the same inputs, if it is still there.

    Raises
    ------
    LedgerDamagedError
        The record is there, and not what the ledger says it was.
    """
    same = [end for end in ends if end.inputs == f"sha256:{inputs.digest}"]
    if not same:
        return None
    last = same[-1]
    try:
        data = read_regular(book.root / HOME / RUNS / last.run / "report.json", MAX_BYTES + 1)
    except OSError:
        return None  # cleared away; the same inputs come to the same attempt and the same verdict
    if f"sha256:{hashlib.sha256(data).hexdigest()}" != last.report:
        raise LedgerDamagedError(f"the record of run {last.run} was changed after it was entered")
    try:
        return read_report(data)
    except NotAReport as error:
        raise LedgerDamagedError(f"the record of run {last.run} cannot be read: {error}") from error


def _of_registration(registered: Registered, departed: tuple[str, ...]) -> tuple[Told, ...]:
    told: list[Told] = []
    if registered.bereft:
        gone = text(
            "records of earlier checks are here, and no ledger of them: attempts count from 1 without it"
        )
        told.append(("HCG-L105", gone))
    elif registered.first:
        first = text("the ledger of this project begins with this check: no earlier attempts are known here")
        told.append(("HCG-L101", first))
    if registered.binding is not None and departed:
        message = text(
            "not as it was registered on {day}: {names}",
            day=registered.binding.at[:10],
            names=", ".join(departed),
        )
        told.append(("HCG-L102", message))
    return tuple(told)


def _of_attempts(attempts: Mapping[tuple[str, ...], int]) -> tuple[Told, ...]:
    again = {at: number for at, number in attempts.items() if number > 1}
    if not again:
        return ()
    message = text(
        "attempts at the same labels: {attempts}; each takes more confidence to pass than the one before. Where people "
        "and labels were drawn anew, give the artifact another `sample:`",
        attempts=", ".join(f"{' + '.join(at)} {number}" for at, number in again.items()),
    )
    return (("HCG-L103", message),)


def begun(created: str) -> str:
    """Return the moment of a record for people.

    >>> begun("2027-03-01T12:00:00Z")
    '2027-03-01 12:00 UTC'
    """
    at = datetime.strptime(created, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    return at.strftime("%Y-%m-%d %H:%M UTC")
