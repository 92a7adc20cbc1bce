"""What is known of a record's way to MLflow: ``tracking.json`` beside each ``report.json``.

It is a note for people and for ``hcgov log``, not the truth: the run itself carries the digest of its
report, so a lost or outdated note leads to no second run.
"""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from hcgov.core.frozen import frozen
from hcgov.io.files import write_atomically

_MAX = 1 << 16


class SidecarV1(BaseModel):
    """``tracking.json``.

    Parameters
    ----------
    state
        ``pending`` until the record is wholly in a store.
    uri
        The store, without credentials.
    attempts
        How often it was tried.
    created, updated
        Times of the first and the last change, ISO 8601 in UTC.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, defer_build=True)

    schema_: Literal["hcgov.tracking/1"] = Field(default="hcgov.tracking/1", alias="schema")
    state: Literal["pending", "logged"]
    report_sha256: str = ""
    uri: str = ""
    experiment: str = ""
    run_id: str = ""
    attempts: int = 0
    last_error: str = ""
    created: str = ""
    updated: str = ""


@frozen
class Pending:
    """A record that waits to be logged."""

    report: Path
    sidecar: SidecarV1


def sidecar_path(report: Path) -> Path:
    """Return where the note of a record lies."""
    name = "tracking.json" if report.name == "report.json" else f"{report.name}.tracking.json"
    return report.with_name(name)


def read_sidecar(report: Path) -> SidecarV1 | None:
    """Return the note of a record; ``None`` where there is none or it cannot be read."""
    try:
        with sidecar_path(report).open("rb") as file:
            return SidecarV1.model_validate_json(file.read(_MAX))
    except (OSError, ValidationError):
        # A broken note says nothing; the store is asked for the run instead.
        return None


def write_sidecar(report: Path, sidecar: SidecarV1) -> bool:
    """Write the note of a record; returns whether it could be written."""
    try:
        write_atomically(sidecar_path(report), sidecar.model_dump_json(indent=2, by_alias=True) + "\n")
    except OSError:
        # The log does not depend on the note, and the decision depends on neither.
        return False
    return True


def mark_pending(report: Path, *, uri: str, at: str) -> SidecarV1:
    """Note that a record is to be logged, keeping what earlier attempts found out.

    To be called before the record itself is written, so that no record is lost between the two.

    Parameters
    ----------
    report
        Path of the record.
    uri
        The store, as it may be shown.
    at
        Time, ISO 8601 in UTC.
    """
    before = read_sidecar(report)
    # A run of another store means nothing here.
    same = before is not None and before.uri == uri
    sidecar = SidecarV1(
        state="pending",
        uri=uri,
        experiment=before.experiment if before is not None and same else "",
        run_id=before.run_id if before is not None and same else "",
        attempts=before.attempts if before is not None else 0,
        last_error=before.last_error if before is not None else "",
        created=(before.created if before is not None else "") or at,
        updated=at,
    )
    write_sidecar(report, sidecar)
    return sidecar


def pending_runs(folder: Path) -> tuple[Pending, ...]:
    """List the records below ``folder`` (``.hcgov/runs``) that wait to be logged, ordered by name.

    A record whose note cannot be read waits too; one without any note was never meant to be logged.
    """
    found = []
    for report in sorted(folder.glob("*/report.json")):
        if not sidecar_path(report).exists():
            continue
        sidecar = read_sidecar(report) or SidecarV1(state="pending")
        if sidecar.state == "pending":
            found.append(Pending(report=report, sidecar=sidecar))
    return tuple(found)
