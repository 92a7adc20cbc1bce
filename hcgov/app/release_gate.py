"""The gate, asked of a record: what was uploaded or reviewed between the check and the gate changes nothing."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from hcgov.app.gather import Gathered, subject_digest
from hcgov.app.project import Loaded, load_project
from hcgov.app.save import HOME
from hcgov.app.weighing import (
    Claim,
    Demands,
    Kept,
    Weight,
    demanded,
    in_ledger,
    kept_record,
    project_around,
    short,
    weigh,
)
from hcgov.core.evidence.absent import Absent
from hcgov.core.frozen import frozen
from hcgov.io.ledger import GateDecided, LedgerDamagedError, append
from hcgov.io.manifest import FILE

ROLE = "gate"


@frozen
class Question:
    """What a record is asked.

    Parameters
    ----------
    record
        A report.json, or the folder of a project, whose newest one is meant.
    demands
        What it has to hold; what the project says is added.
    project
        Folder of the project; the one in whose ``.hcgov`` the record lies where left out.
    policies
        Further packs that the check was given.
    allowed_roots
        Folders outside the project that artifacts may be in.
    subject
        SHA-256 of what is to be released; of the artifacts on disk where left out.
    actor
        Who asks; only a commitment to it is kept.
    """

    record: Path
    demands: Demands
    project: Path | None = None
    policies: tuple[str, ...] = ()
    allowed_roots: tuple[Path, ...] = ()
    subject: str = ""
    actor: str = ""


@frozen
class Gated:
    """The answer of the gate, and whether a ledger keeps it."""

    kept: Kept
    weight: Weight
    project: Path | None
    noted: bool


def gate_record(question: Question) -> Gated:
    """Decide from a record, and note the decision in the ledger of its project.

    Raises
    ------
    AuthoringError
        Nothing was decided: the record, the manifest or the policies cannot be used.
    NotAppendedError
        The decision could not be noted, so it does not stand.
    """
    kept = kept_record(question.record)
    project = project_of(question)
    loaded = None if project is None else load_for(project, question)
    demands = question.demands if loaded is None else demanded(question.demands, loaded)
    weight = weigh(kept, demands)
    if weight.redecided is not None:
        weight = weight.joined(tuple(_subject(kept, question, loaded)))
    if project is None:
        return Gated(kept=kept, weight=weight, project=None, noted=False)
    weight = weight.joined((in_ledger(kept, project),))
    weight, noted = note_decision(kept, weight, project, at=question.demands.now, actor=question.actor)
    return Gated(kept=kept, weight=weight, project=project, noted=noted)


def project_of(question: Question) -> Path | None:
    """Return the project that a record is held against."""
    if question.project is not None:
        return question.project
    if question.record.is_dir():
        return question.record
    around = project_around(question.record)
    return around if around is not None and (around / FILE).exists() else None


def load_for(project: Path, question: Question) -> Loaded:
    """Load a project with its policies as they are now, for the day of the question."""
    return load_project(
        project,
        policies=question.policies,
        allowed_roots=question.allowed_roots,
        day=question.demands.now.date().isoformat(),
    )


def note_decision(
    kept: Kept, weight: Weight, project: Path, *, at: datetime, actor: str
) -> tuple[Weight, bool]:
    """Append the decision to the ledger; where the ledger is damaged that is part of the answer.

    Raises
    ------
    NotAppendedError
        It cannot be written.
    """
    body = GateDecided(
        run=kept.report.id,
        report=f"sha256:{kept.sha256}",
        decision=weight.decision.value,
        exit_code=weight.exit_code,
    )
    try:
        append(project / HOME, body, at=at, role=ROLE, name=actor)
    except LedgerDamagedError as error:
        told = Claim(state="broken", topic="ledger", text=f"the decision is not noted: {error}")
        return weight.joined((told,)), False
    return weight, True


def _subject(kept: Kept, question: Question, loaded: Loaded | None) -> Iterator[Claim]:
    found = kept.report.subject.sha256
    wanted = question.subject
    if not wanted and loaded is not None and loaded.manifest.project.subject:
        digest = subject_digest(loaded.manifest, Gathered())
        if isinstance(digest, Absent):
            told = f"what is to be released cannot be read: {digest.detail}"
            yield Claim(state="open", topic="subject", text=told)
            return
        wanted = digest.sha256
    if wanted and wanted != found:
        part = next((p.artifact for p in kept.report.subject.parts if p.sha256 == wanted), "")
        more = f" (it is only the part `{part}` of it)" if part else ""
        told = (
            f"another subject was checked: {short(found) or 'none'}, and {short(wanted)} is asked for{more}"
        )
        yield Claim(state="open", topic="subject", text=told)
    elif wanted:
        yield Claim(state="met", topic="subject", text=short(found))
    elif found:
        told = "it was held against no subject: name the project (`--project`) or `--subject`"
        yield Claim(state="open", topic="subject", text=told)
    else:
        yield Claim(state="note", topic="subject", text="the project does not name what is released")
