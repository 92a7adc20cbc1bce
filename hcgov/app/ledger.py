"""Show a project's ledger, and say what about it is verified, contradicted, or could not be checked."""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Literal, TypeAlias

from hcgov.app.save import HOME
from hcgov.core.evidence.source import Tree
from hcgov.core.frozen import frozen
from hcgov.core.mistake import AuthoringError, Mistake
from hcgov.core.status import EXIT_INTEGRITY
from hcgov.io.files import read_regular
from hcgov.io.ledger import (
    Checkpoint,
    Entry,
    Verified,
    note_key_hash,
    parse_checkpoint,
    read_openings,
    verify,
)
from hcgov.io.signing import Refusal, Refused, Trust, TrustedKey, check_signature, load_trust

LEDGER_ROLE = "ledger"
"""Role of a key that may sign checkpoints."""
_LARGEST = 64 << 10
_INCOMPLETE = 3

State: TypeAlias = Literal["verified", "failed", "not checked", "note"]
_CODES: dict[State, int] = {"failed": EXIT_INTEGRITY, "not checked": _INCOMPLETE, "verified": 0, "note": 0}
_SHOWN_DIGITS = 12


@frozen
class Claim:
    """One thing that was asked about a ledger, and the answer."""

    state: State
    topic: str
    text: str

    def as_json(self) -> dict[str, str]:
        """Return the claim as plain values."""
        return {"state": self.state, "topic": self.topic, "text": self.text}


@frozen
class Answer:
    """Everything that was asked; a contradiction outweighs what could not be checked."""

    claims: tuple[Claim, ...]

    @property
    def exit_code(self) -> int:
        """4 where anything is contradicted, 3 where anything could not be checked, else 0."""
        codes = {_CODES[claim.state] for claim in self.claims}
        return next(code for code in (EXIT_INTEGRITY, _INCOMPLETE, 0) if code in codes)


@frozen
class Row:
    """An entry as a table shows it; ``who`` is the name where the commitment to it can be opened here."""

    index: int
    at: str
    kind: str
    role: str
    who: str
    what: str
    entry: Mapping[str, Tree]


@frozen
class Shown:
    """A ledger to be looked at: rows, oldest first, and what contradicts it."""

    rows: tuple[Row, ...]
    checkpoint: Checkpoint | None
    problems: tuple[str, ...]


def show_ledger(root: Path) -> Shown:
    """Return the entries of a project's ledger.

    Raises
    ------
    AuthoringError
        There is no such folder, or the ledger cannot be read.
    """
    found = _looked_at(root, None)
    names = read_openings(root / HOME)
    rows = tuple(_row(entry, names) for entry in found.entries if entry is not None)
    return Shown(rows=rows, checkpoint=found.checkpoint, problems=tuple(map(str, found.problems)))


def verify_ledger(root: Path, *, checkpoint: Path | None = None, trust: Path | None = None) -> Answer:
    """Verify a project's ledger.

    Parameters
    ----------
    root
        Folder of the project.
    checkpoint
        File with a checkpoint of the ledger that was kept elsewhere.
    trust
        The verifier's own ``trust.yaml``.

    Raises
    ------
    AuthoringError
        There is no such folder, or one of the files is not what it should be: nothing was verified then.
    """
    pinned = None if checkpoint is None else _pinned(checkpoint, root)
    trusted = None if trust is None else load_trust(trust)
    found = _looked_at(root, pinned)
    return Answer(claims=tuple(_claims(found, pinned, trusted)))


def _claims(found: Verified, pinned: Checkpoint | None, trust: Trust | None) -> Iterator[Claim]:
    if found.checkpoint is None and not found.problems:
        yield Claim(state="not checked", topic="entries", text="there is no ledger yet")
    for problem in found.problems:
        yield Claim(state="failed", topic="entries", text=str(problem))
    if found.intact and found.checkpoint is not None:
        text = f"{_counted(found.checkpoint.size)} in place and unchanged; root {found.checkpoint.root.hex()}"
        yield Claim(state="verified", topic="entries", text=text)
    if found.intact and found.unfinished:
        text = (
            f"{found.unfinished} bytes behind the last entry are being written, or are of an append that was cut "
            "short and was never reported as kept"
        )
        yield Claim(state="note", topic="unfinished", text=text)
    if pinned is None:
        text = (
            "no checkpoint from elsewhere was given (`--checkpoint`): entries cut off at the end, or a history "
            "written anew, would not show"
        )
        yield Claim(state="not checked", topic="history", text=text)
    elif found.pinned is not None:
        text = f"grew out of the {_counted(found.pinned)} of the kept checkpoint"
        yield Claim(state="verified", topic="history", text=text)
    if found.checkpoint is not None:
        yield from _signed(found.checkpoint, trust, _day_of(found), "signature")
    if pinned is not None and pinned.signatures and trust is not None:
        yield from (
            claim
            for claim in _signed(pinned, trust, _day_of(found), "kept checkpoint")
            if claim.state == "failed"
        )


def _signed(checkpoint: Checkpoint, trust: Trust | None, on: date | None, topic: str) -> Iterator[Claim]:
    """Judge the signatures of a checkpoint: one that counts is enough, and one that is wrong is too many."""
    if trust is None:
        if not checkpoint.signatures:
            text = "nobody signed the checkpoint; whoever can write the ledger could have written it"
            yield Claim(state="note", topic=topic, text=text)
            return
        text = "the checkpoint is signed, and no `--trust` says whose signatures count"
        yield Claim(state="not checked", topic=topic, text=text)
        return
    judged = [
        check_signature(
            checkpoint.text.encode(),
            one.signature,
            key := _named(trust, one.name, one.key_hash),
            one.name if key is None else key.public.key_id,
            roles=(LEDGER_ROLE,),
            on=on or date.min,
        )
        for one in checkpoint.signatures
    ]
    signers = [one for one in judged if not isinstance(one, Refusal)]
    refusals = [one for one in judged if isinstance(one, Refusal)]
    wrong = [one for one in refusals if one.reason is Refused.BAD_SIGNATURE]
    if wrong:
        yield Claim(state="failed", topic=topic, text=wrong[0].why)
    elif signers:
        yield Claim(state="verified", topic=topic, text=f"the checkpoint is signed by `{signers[0].name}`")
    else:
        why = refusals[0].why if refusals else "nobody signed the checkpoint"
        yield Claim(state="not checked", topic=topic, text=f"no signature counts: {why}")


def _named(trust: Trust, name: str, key_hash: bytes) -> TrustedKey | None:
    """Return the trusted key that a signature line names."""
    return next(
        (
            key
            for key in trust.keys.values()
            if key.name == name and note_key_hash(name, key.public.raw) == key_hash
        ),
        None,
    )


def _looked_at(root: Path, pinned: Checkpoint | None) -> Verified:
    if not root.is_dir():
        raise _unusable(f"there is no folder `{root}`", "name the folder of a project")
    try:
        return verify(root / HOME, pinned=pinned)
    except OSError as error:
        raise _unusable(f"the ledger in `{root / HOME}` cannot be read: {error.strerror}", "") from error


def _pinned(path: Path, root: Path) -> Checkpoint:
    if path.resolve().is_relative_to((root / HOME / "ledger").resolve()):
        message = f"`{path}` is the ledger's own checkpoint; held against itself it proves nothing"
        raise _unusable(message, "keep a copy where whoever writes the ledger cannot write, and give that")
    try:
        return parse_checkpoint(read_regular(path, _LARGEST + 1))
    except OSError as error:
        raise _unusable(f"checkpoint `{path}` cannot be read: {error.strerror}", "") from error
    except ValueError as error:
        raise _unusable(
            f"`{path}` is no checkpoint: {error}", "copy `.hcgov/ledger/checkpoint` as it is"
        ) from error


def _unusable(message: str, help_: str) -> AuthoringError:
    return AuthoringError([Mistake(code="HCG-L001", message=message, help=help_)])


def _day_of(found: Verified) -> date | None:
    """Return the day of the last entry, as its writer had it."""
    last = next((entry for entry in reversed(found.entries) if entry is not None), None)
    return None if last is None else date.fromisoformat(last.at[:10])


def _counted(size: int) -> str:
    return "1 entry" if size == 1 else f"{size:,} entries"


def _row(entry: Entry, names: Mapping[str, str]) -> Row:
    plain: dict[str, Tree] = entry.model_dump(mode="json", by_alias=True, exclude_none=True)
    body: dict[str, Tree] = entry.body.model_dump(mode="json", exclude_none=True)
    kind = str(body.pop("kind"))
    commitment = entry.actor.name
    who = "" if commitment is None else names.get(commitment, "(not opened here)")
    what = ", ".join(
        f"{name} {_short(value, names)}" for name, value in body.items() if value not in ([], "")
    )
    return Row(
        index=entry.index, at=entry.at, kind=kind, role=entry.actor.role, who=who, what=what, entry=plain
    )


def _short(value: Tree, names: Mapping[str, str]) -> str:
    if isinstance(value, list):
        return str(len(value))
    text = str(value)
    if text in names:
        return names[text]
    kind, colon, digits = text.partition(":")
    return f"{kind}:{digits[:_SHOWN_DIGITS]}" if colon and kind.endswith("sha256") else text
