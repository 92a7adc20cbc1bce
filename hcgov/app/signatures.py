"""Signed evidence: which signatures controls ask for, whether they are there, and making one."""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from hcgov.app.engines import is_live, no_digest
from hcgov.app.gather import Gathered
from hcgov.core.evidence.absent import INTEGRITY, Absence, Absent
from hcgov.core.evidence.signatures import SignatureOf, Signatures, Signed
from hcgov.core.evidence.source import Source
from hcgov.core.mistake import AuthoringError, Mistake, did_you_mean
from hcgov.core.text import text
from hcgov.io.manifest import MOST_BYTES, Manifest, load_manifest
from hcgov.judgement.planned import Plan
from hcgov.judgement.signatures import asked_of

if TYPE_CHECKING:
    from hcgov.io.signing.trust import Trust


def trust_mistakes(plan: Plan, manifest: Manifest) -> Iterator[Mistake]:
    """Yield the controls that ask for signatures in a project that does not say whose count."""
    if manifest.project.trust:
        return
    for control in plan.controls:
        if control.spec.evidence and control.aside is None:
            yield Mistake(
                code="HCG-S006",
                message=f"`{control.spec.id}` asks for signed evidence, and the project does not say whose "
                "signatures count",
                where=control.where("evidence"),
                help=f"add `trust: trust.yaml` to {manifest.file}; `hcgov keys new NAME --role ROLE` shows what to "
                "write into that file",
            )


def gather_signatures(
    plan: Plan, manifest: Manifest, gathered: Gathered, trust: "Trust | None", on: date
) -> Signatures:
    """Answer which of the artifacts that were read are signed as controls ask.

    Parameters
    ----------
    trust
        Keys that count; ``None`` where nobody says which do.
    on
        The day of the check.

    Raises
    ------
    AuthoringError
        The extra ``evidence`` is not installed.
    """
    subject = manifest.project.subject
    asked: dict[str, dict[SignatureOf, None]] = {}
    for control in plan.controls:
        for request in asked_of(control, subject, manifest.project.describing):
            asked.setdefault(request.artifact, {})[request] = None
    answers: dict[SignatureOf, Signed | Absent] = {}
    try:
        for name, requests in asked.items():
            answers |= _answers(name, tuple(requests), manifest, gathered, trust, on)
    except KeyboardInterrupt:
        gathered.interrupted = True
    return Signatures(answers=answers, subject=subject, describing=manifest.project.describing)


def _answers(
    name: str,
    requests: tuple[SignatureOf, ...],
    manifest: Manifest,
    gathered: Gathered,
    trust: "Trust | None",
    on: date,
) -> Mapping[SignatureOf, Signed | Absent]:
    from hcgov.io.files import read_blob
    from hcgov.io.signatures import answered, beside

    source = gathered.sources.get(name)
    path = None if source is None else _path(name, source, manifest)
    if source is None or path is None or not source.sha256 or is_live(name, manifest):
        lacking = _nothing_to_sign(name, source, manifest, gathered)
        return dict.fromkeys(requests, lacking)
    broken = gathered.absent.get(name)
    if broken is not None and broken.reason in INTEGRITY:
        return dict.fromkeys(requests, broken)
    file = beside(path)
    blob = read_blob(manifest.root, name, "signature", file, allowed_roots=manifest.allowed_roots)
    return answered(requests, source, blob, trust, on)


def _path(name: str, source: Source, manifest: Manifest) -> str | None:
    """Return the path of an artifact as the manifest names it; answers to a checklist have their own place."""
    artifact = manifest.project.artifacts.get(name)
    return source.location if artifact is None else artifact.path


def _nothing_to_sign(name: str, source: Source | None, manifest: Manifest, gathered: Gathered) -> Absent:
    """Return why there is nothing of an artifact that a signature could be bound to."""
    if is_live(name, manifest):
        return no_digest(name)
    if source is None and name in gathered.absent:
        return gathered.absent[name]
    told = text(
        "`{artifact}` is read from a store, so no signature can lie beside it; name an export of it",
        artifact=name,
    )
    if source is None:
        told = text("nothing was read of `{artifact}`, so there is nothing that is signed", artifact=name)
    return Absent(reason=Absence.NO_DIGEST, artifact=name, detail=told)


def sign_evidence(
    root: Path,
    name: str,
    key: Path,
    *,
    today: date,
    renew: bool = False,
    allowed_roots: tuple[Path, ...] = (),
) -> Path:
    """Sign an artifact as it is now, and write the signature beside it.

    Parameters
    ----------
    name
        Artifact of the manifest, or checklist that was answered.
    renew
        Make a new statement that bears today's date, though it drops the signatures of others.
    allowed_roots
        Folders outside the project that artifacts may be in.

    Raises
    ------
    AuthoringError
        There is no such artifact, it cannot be read or has no file, or the key cannot be used.
    """
    from hcgov.io.files import locate, read_regular, write_atomically
    from hcgov.io.signatures import OthersSigned, beside, signed
    from hcgov.io.signing import load_private

    manifest = load_manifest(root, allowed_roots=allowed_roots)
    source, path = _to_sign(name, manifest)
    there = locate(root, name, beside(path), allowed_roots=allowed_roots)
    if isinstance(there, Absent) and there.reason is not Absence.NO_FILE:
        raise _refused(str(there.detail))
    target = root / beside(path)
    known = None if isinstance(there, Absent) else read_regular(target, MOST_BYTES)
    try:
        data = signed(source, today, load_private(key), known, renew=renew)
    except OthersSigned:
        message = (
            f"`{target.name}` holds the signature of this key already, on an earlier day, and those of others"
        )
        raise _refused(
            message, "`--renew` makes a new statement of today; the others then sign again"
        ) from None
    write_atomically(target, data)
    return target


def _to_sign(name: str, manifest: Manifest) -> tuple[Source, str]:
    from hcgov.io.files import digest_path

    project = manifest.project
    answers = f"{project.answers}/{name}.yaml"
    artifact = project.artifacts.get(name)
    if artifact is None and not (manifest.root / answers).is_file():
        raise _refused(f"there is no artifact `{name}`", did_you_mean(name, project.artifacts))
    path = answers if artifact is None else artifact.path
    if path is None or is_live(name, manifest):
        raise _refused(f"`{name}` is no file or folder, so it cannot be signed", "name an export of it")
    kind, pinned = ("answers", None) if artifact is None else (artifact.kind, artifact.sha256)
    source = digest_path(manifest.root, name, kind, path, pinned=pinned, allowed_roots=manifest.allowed_roots)
    if isinstance(source, Absent):
        raise _refused(str(source.detail))
    return source, path


def _refused(message: str, help_: str = "") -> AuthoringError:
    return AuthoringError([Mistake(code="HCG-U001", message=message, help=help_)])
