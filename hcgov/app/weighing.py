"""Weigh a record as it lies on disk: whether it is whole, fresh, complete, and about this policy and this subject.

Nothing here looks at models or moves anything. Whoever decides from a record - the gate, a promotion - asks here.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal, TypeAlias

from hcgov.app.project import Loaded
from hcgov.app.save import HOME, RUNS, newest
from hcgov.app.trusted import head_side
from hcgov.core.baseline import EntrySpec
from hcgov.core.frozen import frozen
from hcgov.core.mistake import AuthoringError, Mistake, did_you_mean
from hcgov.core.record import ReportV1
from hcgov.core.status import EXIT_INTEGRITY, Decision
from hcgov.io.files import read_regular
from hcgov.io.ledger import Entry, RunFinished, verify
from hcgov.io.policies.lock import resolved_digest
from hcgov.io.render.json_report import MAX_BYTES, NotAReport, read_report
from hcgov.judgement.concluding import PASSING
from hcgov.judgement.lapsing import lapsed
from hcgov.judgement.redeciding import Redecided, contradictions, redecide

State: TypeAlias = Literal["met", "failed", "open", "broken", "note"]
_CODES: dict[State, int] = {"broken": EXIT_INTEGRITY, "failed": 1, "open": 3, "met": 0, "note": 0}
_PRECEDENCE = (EXIT_INTEGRITY, 1, 3, 0)
_AHEAD = timedelta(minutes=5)
_SHOWN = 12


@frozen
class Claim:
    """One thing that was asked of a record, and the answer."""

    state: State
    topic: str
    text: str

    def as_json(self) -> dict[str, str]:
        """Return the claim as plain values."""
        return {"state": self.state, "topic": self.topic, "text": self.text}


@frozen
class Kept:
    """A record as it lies on disk: where, its bytes' SHA-256, and what it says."""

    path: Path
    sha256: str
    report: ReportV1


@frozen
class Demands:
    """What is asked of a record.

    Parameters
    ----------
    now
        Time in UTC.
    max_age
        Longest time since the check.
    stages
        Stages that it has to cover; all that there are where empty.
    fail_on
        Dispositions that fail it although they do not block.
    policy
        SHA-256 that the resolved policy has to have; empty where nobody says.
    manifest
        SHA-256 that the manifest has to have; empty where nobody says.
    controls
        Stage of every control that has to be judged, by its id.
    baseline
        Known failures that the project lists.
    """

    now: datetime
    max_age: timedelta = timedelta(hours=24)
    stages: tuple[str, ...] = ()
    fail_on: tuple[str, ...] = ()
    policy: str = ""
    manifest: str = ""
    controls: Mapping[str, str] = field(default_factory=dict)
    baseline: Sequence[EntrySpec] = ()


@frozen
class Weight:
    """What was found; ``redecided`` is there where the record can be decided from at all."""

    claims: tuple[Claim, ...]
    redecided: Redecided | None

    def joined(self, further: Sequence[Claim]) -> "Weight":
        """Return this with further answers."""
        return Weight(claims=(*self.claims, *further), redecided=self.redecided)

    @property
    def exit_code(self) -> int:
        """4 where anything is broken, then 1 where anything failed, 3 where anything is open, else 0."""
        codes = {_CODES[claim.state] for claim in self.claims}
        return next(code for code in _PRECEDENCE if code in codes)

    @property
    def decision(self) -> Decision:
        """The decision; where anything is open or broken, no more than incomplete."""
        found = Decision.INCOMPLETE if self.redecided is None else self.redecided.concluded.decision
        if self.exit_code == 0 or found not in PASSING:
            return found
        return Decision.FAILED if self.exit_code == 1 else Decision.INCOMPLETE


def kept_record(path: Path) -> Kept:
    """Read a report.json, or the newest record of a project's folder.

    Raises
    ------
    AuthoringError
        There is none, or the file is not one.
    """
    file = newest(path) if path.is_dir() else path
    try:
        data = read_regular(file, MAX_BYTES + 1)
        return Kept(path=file, sha256=hashlib.sha256(data).hexdigest(), report=read_report(data))
    except OSError as error:
        why = f"cannot read a record at `{file}`: {error.strerror or error}"
        raise AuthoringError([usage(why, "run `hcgov check` first")]) from error
    except NotAReport as error:
        raise AuthoringError([usage(f"`{file}`: {error}", "name a report.json of hcgov")]) from error


def project_around(record: Path) -> Path | None:
    """Return the project in whose ``.hcgov`` folder a record lies, if it lies in one."""
    folder = record.absolute().parent
    homes = (folder, folder.parent.parent) if folder.parent.name == RUNS else (folder,)
    return next((home.parent for home in homes if home.name == HOME), None)


def demanded(demands: Demands, loaded: Loaded) -> Demands:
    """Return the demands with those of a project as it is now; a policy that was asked for by name stands."""
    return replace(
        demands,
        policy=demands.policy or resolved_digest(loaded.packs),
        manifest=hashlib.sha256(loaded.manifest.data).hexdigest(),
        controls={c.spec.id: c.spec.stage for c in loaded.plan.controls if not c.supporting},
        baseline=head_side(loaded.manifest)[0].entries or (),
    )


def weigh(kept: Kept, demands: Demands) -> Weight:
    """Weigh a record.

    Raises
    ------
    AuthoringError
        A stage is asked for that the record does not know.
    """
    report = kept.report
    known = [stage.id for stage in report.stages]
    unknown = [stage for stage in demands.stages if stage not in known]
    if unknown:
        raise AuthoringError(
            [usage(f"the record has no stage `{one}`", did_you_mean(one, known)) for one in unknown]
        )
    if not report.policy_digest:
        told = "it was written by a version that did not note which policy it applied; check again"
        return Weight(claims=(Claim(state="open", topic="record", text=told),), redecided=None)
    broken = tuple(
        Claim(state="broken", topic="record", text=f"it contradicts itself: {one}")
        for one in contradictions(report)
    )
    if broken:
        return Weight(claims=broken, redecided=None)
    redecided = redecide(report, on=_day(demands.now), stages=demands.stages, fail_on=demands.fail_on)
    claims = (
        Claim(state="met", topic="record", text=f"{report.id}, sha256 {kept.sha256[:_SHOWN]}"),
        *_decision(report, redecided),
        _age(report, demands),
        *(
            Claim(state="open", topic="age", text=f"{told}; check again")
            for told in lapsed(report, _day(demands.now), demands.baseline)
        ),
        *_coverage(report, demands),
        *_policy(report, demands),
    )
    return Weight(claims=claims, redecided=redecided)


def in_ledger(kept: Kept, root: Path) -> Claim:
    """Say whether a project's ledger knows the record as the one that its check wrote."""
    try:
        ledger = verify(root / HOME)
    except OSError as error:
        return Claim(state="open", topic="ledger", text=f"it cannot be read: {error.strerror or error}")
    if ledger.problems:
        told = f"the ledger is damaged: {ledger.problems[0]}; `hcgov ledger verify` tells more"
        return Claim(state="broken", topic="ledger", text=told)
    entries: list[Entry] = [entry for entry in ledger.entries if entry is not None]
    runs = [entry.body for entry in entries if isinstance(entry.body, RunFinished)]
    own = [run for run in runs if run.run == kept.report.id]
    if any(run.report == f"sha256:{kept.sha256}" for run in own):
        return Claim(state="met", topic="ledger", text="it is the record that the ledger noted")
    if own:
        told = "the ledger noted another record of this run: it was changed since"
        return Claim(state="broken", topic="ledger", text=told)
    if runs:
        return Claim(state="open", topic="ledger", text="the ledger of the project knows no such run")
    told = "the project has no ledger that notes runs, so nothing says that the record is the one that was written; "
    return Claim(
        state="open", topic="ledger", text=f"{told}bring `.hcgov/ledger` along with it, or check again"
    )


def usage(message: str, help_: str = "") -> Mistake:
    """Return a mistake of whoever asked."""
    return Mistake(code="HCG-U001", message=message, help=help_)


def short(digest: str) -> str:
    """Return the beginning of a digest, as messages show it."""
    return digest[:_SHOWN]


def _day(now: datetime) -> str:
    return now.astimezone(UTC).date().isoformat()


def _decision(report: ReportV1, redecided: Redecided) -> Iterator[Claim]:
    found = redecided.concluded
    for waiver in redecided.ended:
        yield Claim(state="note", topic="waivers", text=f"the waiver {waiver} has ended since")
    if report.decision.exit_zero and found.exit_code:
        told = "the check was told to leave with 0 whatever it decides; that counts for nothing here"
        yield Claim(state="note", topic="exit code", text=told)
    told = found.decision.value.replace("_", " ")
    if redecided.blocking:
        told += f"; in the way: {', '.join(redecided.blocking)}"
    if found.exit_code == EXIT_INTEGRITY:
        yield Claim(state="broken", topic="decision", text=f"{told}; {found.reason}")
    elif report.decision.interrupted:
        yield Claim(state="open", topic="decision", text="the check was interrupted")
    elif found.decision in PASSING:
        yield Claim(state="met", topic="decision", text=told)
    else:
        state: State = "failed" if found.decision is Decision.FAILED else "open"
        yield Claim(state=state, topic="decision", text=told)


def _age(report: ReportV1, demands: Demands) -> Claim:
    try:
        created = datetime.strptime(report.created, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        return Claim(state="broken", topic="age", text="it does not say when it was written")
    age = demands.now - created
    if age < -_AHEAD:
        return Claim(state="open", topic="age", text=f"it is of a time to come, {report.created}")
    state: State = "open" if age > demands.max_age else "met"
    most = (
        f"; at most {_span(demands.max_age)} are allowed; check again with `--fresh`"
        if state == "open"
        else ""
    )
    return Claim(state=state, topic="age", text=f"{_span(max(age, timedelta()))} old{most}")


def _coverage(report: ReportV1, demands: Demands) -> Iterator[Claim]:
    asked = demands.stages or tuple(stage.id for stage in report.stages)
    lacking = [stage.id for stage in report.stages if stage.id in asked and not stage.ran]
    if lacking:
        yield Claim(state="open", topic="stages", text=f"not checked: {', '.join(lacking)}")
    else:
        yield Claim(state="met", topic="stages", text=", ".join(asked))
    if report.left_out:
        told = f"the check was of selected controls only; left out: {', '.join(report.left_out)}"
        yield Claim(state="open", topic="controls", text=told)
    judged = {control.id for control in report.controls}
    gone = [
        name
        for name, stage in demands.controls.items()
        if stage in asked and stage not in lacking and name not in judged and name not in report.left_out
    ]
    if gone and demands.policy == report.policy_digest:
        told = f"the policy has controls that the record does not mention: {', '.join(gone)}"
        yield Claim(state="broken", topic="controls", text=told)


def _policy(report: ReportV1, demands: Demands) -> Iterator[Claim]:
    if not demands.policy:
        told = "it was held against no policy: name the project (`--project`) or `--policy-digest`"
        yield Claim(state="open", topic="policy", text=told)
    elif demands.policy != report.policy_digest:
        told = f"another policy was applied: {short(report.policy_digest)}, and {short(demands.policy)} is asked for"
        yield Claim(state="open", topic="policy", text=told)
    else:
        yield Claim(state="met", topic="policy", text=short(report.policy_digest))
    written = report.manifest.sha256 if report.manifest is not None else ""
    if demands.manifest and demands.manifest != written:
        told = "hcgov.yaml is not the one that was checked; check again"
        yield Claim(state="open", topic="manifest", text=told)


def _span(span: timedelta) -> str:
    seconds = int(span.total_seconds())
    for size, unit in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= 2 * size or (seconds == size):
            return f"{seconds // size} {unit}{'s' if seconds // size != 1 else ''}"
    return f"{seconds} second{'s' if seconds != 1 else ''}"
