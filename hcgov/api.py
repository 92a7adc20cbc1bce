"""The Python interface: check a project, and look at the record. It decides by what ``hcgov check`` decides by."""

import os
import warnings
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

from hcgov.core.mistake import AuthoringError, LedgerDamagedError, Mistake, NotKeptError, did_you_mean
from hcgov.core.record import ControlV1, ReportV1

__all__ = [
    "AuthoringError",
    "LedgerDamagedError",
    "NotKeptError",
    "NotLoggedWarning",
    "Record",
    "check",
]

FAIL_ON = ("waived", "warned")


class NotLoggedWarning(UserWarning):
    """A record could not be logged to MLflow; the decision does not depend on it, and nothing is lost."""


@dataclass(frozen=True, kw_only=True, repr=False)
class Record:
    """The record of a check: the decision, and every control with what was found.

    Parameters
    ----------
    report
        The whole of it, as ``report.json`` has it.
    folder
        Where it was kept.
    """

    report: ReportV1
    folder: Path | None = None
    _controls: Mapping[str, ControlV1] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        by_id = MappingProxyType({control.id: control for control in self.report.controls})
        object.__setattr__(self, "_controls", by_id)

    @property
    def decision(self) -> str:
        """``passed``, ``passed_with_conditions``, ``failed`` or ``incomplete``."""
        return self.report.decision.value

    @property
    def exit_code(self) -> int:
        """What ``hcgov check`` leaves with: 0 passed, 1 failed, 3 incomplete, 4 evidence is not what it has to be."""
        return self.report.decision.exit_code

    @property
    def passed(self) -> bool:
        """Whether the release may go ahead, conditions allowed; ``incomplete`` may not."""
        return self.exit_code == 0 and self.decision in ("passed", "passed_with_conditions")

    @property
    def reason(self) -> str:
        """The decision in a sentence."""
        return self.report.decision.reason

    @property
    def controls(self) -> Mapping[str, ControlV1]:
        """Every control by its id, in the order of stages and policies."""
        return self._controls

    @property
    def failed(self) -> tuple[ControlV1, ...]:
        """The controls that block, gravest first."""
        return tuple(one for one in self._in_the_way() if one.disposition != "undetermined")

    @property
    def undecided(self) -> tuple[ControlV1, ...]:
        """The controls that could not be decided and so stand in the way, gravest first."""
        return tuple(one for one in self._in_the_way() if one.disposition == "undetermined")

    def _in_the_way(self) -> tuple[ControlV1, ...]:
        return tuple(self._controls[id_] for id_ in self.report.decision.blocking)

    def to_json(self) -> str:
        """Return ``report.json``."""
        from hcgov.io.render.json_report import render_json

        return render_json(self.report)

    def save(self, folder: str | os.PathLike[str]) -> Path:
        """Write ``report.json`` and ``report.html`` into a folder, and return it.

        Raises
        ------
        OSError
            They cannot be written; whatever stood there before still stands.
        """
        from hcgov.io.files import write_atomically
        from hcgov.io.render import render

        into = Path(folder)
        for name, form in (("report.json", "json"), ("report.html", "html")):
            write_atomically(into / name, render(form, self.report))
        return into

    def __bool__(self) -> bool:
        """Refuse to be taken for an answer: ``if check(...)`` would let every release through."""
        raise TypeError("a record is neither true nor false; ask for `.passed`")

    def __repr__(self) -> str:
        """Return the decision and its reason."""
        system = self.report.system
        return f"<hcgov.Record {system.name} {system.version}: {self.decision}; {self.reason}>"

    def __str__(self) -> str:
        """Return a line for each control that needs attention, and the decision."""
        from hcgov.io.render.terminal import render_concise

        return render_concise(self.report).rstrip("\n")

    def _repr_html_(self) -> str:
        """Return a table for notebooks."""
        from hcgov.io.render.notebook import render_notebook

        return render_notebook(self.report)


def check(
    project: str | os.PathLike[str] = ".",
    *,
    stages: str | Iterable[str] = (),
    select: str | Iterable[str] = (),
    policies: str | Iterable[str] = (),
    frames: Mapping[str, object] | None = None,
    now: datetime | None = None,
    actor: str = "",
    allowed_roots: Iterable[str | os.PathLike[str]] = (),
    fail_on: str | Iterable[str] = (),
    memory_limit: str = "",
    fresh: bool = False,
    trusted_ref: str = "",
    track: bool = False,
    tracking_uri: str = "",
    progress: Callable[[str], None] | None = None,
) -> Record:
    """Check a project against its policies and decide, as ``hcgov check`` does.

    The record is kept in ``.hcgov`` of the project and the check is entered in its ledger, as the command line does:
    looks at the same labels are counted, from wherever they are taken.

    Parameters
    ----------
    project
        Folder with ``hcgov.yaml``.
    stages, select, policies
        Stages to judge; controls by id, or by the beginning of ids; further packs. Empty: all, all, none.
    frames
        Tables in memory by artifact (pandas, polars, Arrow), read in place of what the manifest names.
    now
        Time of the check; without a zone it is taken for UTC. The present if left out.
    actor
        Who runs the check, for the record.
    allowed_roots
        Folders outside the project that artifacts may be in.
    fail_on
        ``waived`` or ``warned`` controls fail the gate too.
    memory_limit
        Most memory of the table engine, such as ``2GB``.
    fresh
        Count every file of every table anew.
    trusted_ref
        Branch or commit whose waivers, baseline and trusted keys take effect.
    track
        Log the record to MLflow too, unless the manifest switches that off. A store that is down changes no decision:
        it is told by a :class:`NotLoggedWarning`.
    tracking_uri
        Store that runs named as evidence are read from, and to log to; else that of the manifest or of the environment.
    progress
        Told what is being read.

    Raises
    ------
    AuthoringError
        Manifest, policies, waivers or arguments hold mistakes, all told together; nothing was evaluated.
    NotKeptError
        The record or the ledger cannot be written.
    LedgerDamagedError
        The ledger is not what its checkpoint says.
    KeyboardInterrupt
        The check was interrupted; its record is kept, marked as incomplete.
    """
    from hcgov.app.check import Asked
    from hcgov.app.gate import run_gate
    from hcgov.app.rendering import Outputs

    asked = Asked(
        root=Path(project),
        now=_in_utc(now),
        stages=_names(stages),
        select=_names(select),
        policies=_names(policies),
        allowed_roots=tuple(Path(root) for root in allowed_roots),
        actor=actor,
        fail_on=_fail_on(_names(fail_on)),
        frames=dict(frames or {}),
        memory_limit=memory_limit,
        fresh=fresh,
        trusted_ref=trusted_ref,
        tracking_uri=tracking_uri,
    )
    tell = progress or (lambda _: None)
    gate = run_gate(asked, Outputs(), tell, track=track)
    told = list(gate.finish_tracking())
    if told and told[0].startswith("warning"):
        warnings.warn("\n".join(told), NotLoggedWarning, stacklevel=2)
    if gate.checked.report.decision.interrupted:
        raise KeyboardInterrupt
    return Record(report=gate.checked.report, folder=gate.saved.folder)


def _in_utc(now: datetime | None) -> datetime:
    if now is None:
        return datetime.now(UTC)
    return now.replace(tzinfo=UTC) if now.tzinfo is None else now.astimezone(UTC)


def _names(given: str | Iterable[str]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given)


def _fail_on(names: tuple[str, ...]) -> tuple[str, ...]:
    wrong = [name for name in names if name not in FAIL_ON]
    if wrong:
        raise AuthoringError(
            [
                Mistake(
                    code="HCG-U001",
                    message=f"`fail_on` knows no `{name}`",
                    help=did_you_mean(name, FAIL_ON),
                )
                for name in wrong
            ]
        )
    return names
