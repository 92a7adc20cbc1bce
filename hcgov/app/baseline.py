"""The baseline of a project: taking in what a record says, and showing what is known."""

from collections import Counter
from datetime import date
from pathlib import Path

from hcgov.app.rendering import read_record
from hcgov.core.baseline import EntrySpec
from hcgov.core.frozen import frozen
from hcgov.core.known import Failure
from hcgov.core.limit import Side
from hcgov.core.mistake import AuthoringError, Mistake
from hcgov.core.ratchet import Observed, Taken, Updated, update
from hcgov.core.record import ControlV1, ReportV1
from hcgov.io.baselines import read_baseline, write_baseline
from hcgov.io.files import write_atomically
from hcgov.io.manifest import Manifest, load_manifest
from hcgov.io.named import Named, in_folder

_SETTLED = ("pass", "not_applicable")


@frozen
class Written:
    """A baseline that was brought up to date, and the file it stands in."""

    path: Path
    updated: Updated
    mandatory: tuple[str, ...]


def update_baseline(root: Path, record: Path, on: date, taken: Taken | None) -> Written:
    """Bring the baseline of a project up to date with a record, and write it.

    Parameters
    ----------
    record
        A report.json, or the folder of a project; its newest record.
    taken
        Who answers for failures that are new or worse, and until when; without it values only get stricter and
        entries only go.

    Raises
    ------
    AuthoringError
        The manifest names no baseline, the file holds mistakes, or the record is of another system.
    """
    manifest = load_manifest(root)
    named = _named(manifest)
    report = read_record(record)
    if report.system.name != manifest.project.system.name:
        message = (
            f"the record is about `{report.system.name}`, and the project is `{manifest.project.system.name}`"
        )
        raise AuthoringError(
            [Mistake(code="HCG-U001", message=message, help="name a record of this project")]
        )
    path = root / named.path
    _stays_inside(root, named)
    entries = _entries(manifest, named) if path.exists() else ()
    updated = update(entries, observed(report), on, taken)
    write_atomically(path, write_baseline(updated.entries))
    mandatory = tuple(
        control.id
        for control in report.controls
        if control.enforcement == "mandatory" and control.disposition == "blocked"
    )
    return Written(path=path, updated=updated, mandatory=mandatory)


def shown_entries(root: Path) -> tuple[EntrySpec, ...]:
    """Return the entries of a project's baseline.

    Raises
    ------
    AuthoringError
        The manifest names none, or the file holds mistakes.
    """
    manifest = load_manifest(root)
    return _entries(manifest, _named(manifest))


def observed(report: ReportV1) -> Observed:
    """Return what a record says, as far as a baseline needs it.

    Controls that only advise block nothing, and mandatory ones are never known failures: neither is in it.
    """
    controls = [control for control in report.controls if control.enforcement == "overridable"]
    return Observed(
        failures=tuple(failure for control in controls for failure in _failures(control)),
        mended=Counter(f.fingerprint for c in controls for f in c.findings if f.verdict == "pass"),
        settled=frozenset(control.id for control in controls if control.verdict in _SETTLED),
    )


def _failures(control: ControlV1) -> list[Failure]:
    side = None if control.limit is None else Side(control.limit.side)
    return [
        Failure(
            fingerprint=finding.fingerprint,
            control=control.id,
            about=finding.about,
            metric=finding.metric,
            value=None if finding.estimate is None else finding.estimate.value,
            side=side,
        )
        for finding in control.findings
        # What a waiver accepts has an owner and a day already.
        if finding.verdict == "fail" and not finding.listed and not finding.waiver
    ]


def _named(manifest: Manifest) -> Named:
    if not manifest.project.baseline:
        raise AuthoringError(
            [
                Mistake(
                    code="HCG-U001",
                    message=f"`{manifest.file}` names no baseline",
                    help="add `baseline: baseline.yaml` to it",
                )
            ]
        )
    at = ("baseline",)
    return Named(path=manifest.project.baseline, where=manifest.parsed.values.get(at) or manifest.where(*at))


def _entries(manifest: Manifest, named: Named) -> tuple[EntrySpec, ...]:
    document, told = read_baseline(named, in_folder(manifest.root))
    if told or document is None or document.spec is None:
        raise AuthoringError(told)
    return document.spec.entries


def _stays_inside(root: Path, named: Named) -> None:
    """Refuse to write outside the project."""
    if not (root / named.path).resolve().is_relative_to(root.resolve()):
        message = f"`{named.path}` leads outside the project"
        raise AuthoringError([Mistake(code="HCG-B001", message=message, where=named.where)])
