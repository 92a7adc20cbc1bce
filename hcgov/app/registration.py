"""Registration: what is going to be judged, by which policy, on which data, written down before data are read."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from hcgov.app.gather import Gathered, subject_digest
from hcgov.app.project import Loaded, load_project
from hcgov.app.save import HOME, RUNS, home_of, keeping
from hcgov.core.evidence.absent import Absent
from hcgov.core.frozen import frozen
from hcgov.core.mistake import AuthoringError, Mistake, did_you_mean
from hcgov.core.policy import Pack
from hcgov.io import ledger
from hcgov.io.files import digest_path
from hcgov.io.ledger import Body, Data, Entry, PolicyRegistered, Receipt, RunFinished
from hcgov.io.manifest import Manifest
from hcgov.io.policies.lock import resolved_digest

if TYPE_CHECKING:
    from hcgov.io.ledger import NoteSigner

MOST_DATA = 200
"""Artifacts that a registration names; a project with more pins registers one digest over all of them."""


@dataclass(frozen=True)
class Book:
    """A project's ledger, as one command writes it.

    Parameters
    ----------
    root
        Folder of the project.
    now
        Time, with a zone.
    role, actor
        Who writes; of the actor only a salted commitment is written.
    key
        File of the key that signs checkpoints; ``None``: they are not signed.
    """

    root: Path
    now: datetime
    role: str
    actor: str = ""
    key: Path | None = None

    @cached_property
    def signer(self) -> "NoteSigner | None":
        """The key that signs, read once; its library is imported only where there is a key."""
        if self.key is None:
            return None
        from hcgov.io.signing import load_private

        return load_private(self.key)

    def history(self, *kinds: str) -> tuple[Entry, ...] | None:
        """Return the entries so far; see :func:`hcgov.io.ledger.history`."""
        try:
            return ledger.history(self.root / HOME, kinds)
        except OSError as error:
            why = error.strerror or str(error)
            raise ledger.NotAppendedError(f"the ledger of `{self.root}` cannot be read: {why}") from error

    def append(self, body: Body | Callable[[tuple[Entry, ...]], Body], kinds: Sequence[str] = ()) -> Receipt:
        """Append one entry; see :func:`hcgov.io.ledger.append`."""
        return ledger.append(
            self.root / HOME,
            body,
            at=self.now,
            role=self.role,
            name=self.actor,
            signer=self.signer,
            kinds=kinds,
        )


@frozen
class Registered:
    """What stands in the ledger before a check reads any data.

    Parameters
    ----------
    first
        There was no ledger before this check, so nothing is known of earlier attempts.
    bereft
        Records of earlier checks are there, and no ledger of them.
    binding
        What somebody registered on purpose, the newest; ``None`` where nobody did.
    ends
        How runs before this one ended, oldest first.
    """

    first: bool
    bereft: bool = False
    binding: Entry | None = None
    ends: tuple[RunFinished, ...] = ()


def register_check(book: Book, loaded: Loaded) -> Registered:
    """Register what a check is about to judge, unless just that stands there already.

    Data are registered by the digests that the manifest pins, for nothing else is known of them before they are read.

    Raises
    ------
    NotKeptError
        It cannot be written.
    LedgerDamagedError
        The ledger is not what its checkpoint says.
    """
    with keeping(book.root):
        home_of(book.root)
    before = book.history("policy-registered", "run-finished")
    planned = _registration(loaded.packs, _pins(loaded.manifest))
    bodies = [entry.body for entry in before or () if isinstance(entry.body, PolicyRegistered)]
    told = [body for body in bodies if not body.binding]
    if not told or told[-1] != planned:
        book.append(planned)
    binding = [e for e in before or () if isinstance(e.body, PolicyRegistered) and e.body.binding]
    return Registered(
        first=before is None,
        bereft=before is None and any((book.root / HOME / RUNS).glob("*/report.json")),
        binding=binding[-1] if binding else None,
        ends=tuple(entry.body for entry in before or () if isinstance(entry.body, RunFinished)),
    )


def register_project(book: Book, data: Sequence[str]) -> tuple[PolicyRegistered, Receipt]:
    """Register a project on purpose: later checks are held against it.

    Parameters
    ----------
    data
        Artifacts whose bytes are registered too, beside those that the manifest pins.

    Raises
    ------
    AuthoringError
        Manifest or policies hold mistakes, or an artifact of ``data`` cannot be read.
    NotAppendedError, LedgerDamagedError
        As for :func:`register_check`.
    """
    loaded = load_project(book.root, day=book.now.date().isoformat())
    pinned = _pins(loaded.manifest)
    named = {name: _digest(name, loaded.manifest) for name in data}
    subject = subject_digest(loaded.manifest, Gathered())
    known = None if isinstance(subject, Absent) else f"sha256:{subject.sha256}"
    body = _registration(loaded.packs, pinned | named).model_copy(update={"subject": known, "binding": True})
    return body, book.append(body)


def departures_from(binding: Entry | None, loaded: Loaded, gathered: Gathered, added: int) -> tuple[str, ...]:
    """Return what is not as it was registered on purpose: ``policy``, ``subject``, names of artifacts.

    Parameters
    ----------
    added
        Packs that whoever runs the check adds; they only add controls.
    """
    if binding is None or not isinstance(binding.body, PolicyRegistered):
        return ()
    body = binding.body
    packs = loaded.packs[: len(loaded.packs) - added]
    departed = ["policy"] if body.policy != f"sha256:{resolved_digest(packs)}" else []
    for one in body.data:
        source = gathered.sources.get(one.artifact)
        if source is not None and source.sha256 and f"sha256:{source.sha256}" != one.sha256:
            departed.append(one.artifact)
    return tuple(departed)


def _registration(packs: Sequence[Pack], data: dict[str, str]) -> PolicyRegistered:
    sources = {source.sha256: source for pack in packs for source in pack.sources}
    if len(data) > MOST_DATA:
        lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(data.items()))
        data = {"artifacts": sha256(lines.encode()).hexdigest()}
    return PolicyRegistered(
        policy=f"sha256:{resolved_digest(packs)}",
        packs=tuple(
            ledger.Pack(id=s.metadata.id, version=s.metadata.version, sha256=f"sha256:{s.sha256}")
            for s in sources.values()
        ),
        data=tuple(Data(artifact=name, sha256=f"sha256:{digest}") for name, digest in sorted(data.items())),
    )


def _pins(manifest: Manifest) -> dict[str, str]:
    artifacts = manifest.project.artifacts
    return {name: one.sha256 for name, one in artifacts.items() if one.sha256 is not None}


def _digest(name: str, manifest: Manifest) -> str:
    artifact = manifest.project.artifacts.get(name)
    if artifact is None or artifact.path is None:
        help_ = did_you_mean(name, [n for n, a in manifest.project.artifacts.items() if a.path is not None])
        raise AuthoringError(
            [Mistake(code="HCG-U001", message=f"`--data {name}` is no artifact with a path", help=help_)]
        )
    found = digest_path(
        manifest.root,
        name,
        artifact.kind,
        artifact.path,
        pinned=artifact.sha256,
        allowed_roots=manifest.allowed_roots,
    )
    if isinstance(found, Absent):
        raise AuthoringError([Mistake(code="HCG-U001", message=f"`--data {name}`: {found.detail}")])
    return found.sha256
