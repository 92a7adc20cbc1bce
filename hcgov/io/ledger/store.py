"""The ledger on disk: `.hcgov/ledger/entries.jsonl` and the checkpoint that says how much of it counts.

An entry counts when the checkpoint that covers it has been renamed into place, and not before. An append writes
the entry behind the others, flushes it, writes the new checkpoint beside the old one, flushes it, renames it and
flushes the folder. Killed before the rename, the ledger is as it was, with at most one entry, whole or torn, behind
what counts; the next append puts that aside in a file of its own and cuts it off. More than one entry behind what
counts is no accident of this kind: nothing is cut off then, and nothing appended.
"""

import hashlib
import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TypeAlias

from hcgov.core.frozen import frozen
from hcgov.core.merkle import leaf_hash, root_of
from hcgov.core.mistake import LedgerDamagedError, NotKeptError
from hcgov.io.ledger.checkpoint import ORIGIN, Checkpoint, NoteSigner, parse_checkpoint, signed
from hcgov.io.ledger.commitments import Sealed, keep_openings, seal
from hcgov.io.ledger.disk import append_to, cut, flush_folder, open_file, replace_with
from hcgov.io.ledger.entries import LONGEST, Actor, Body, Entry, leaf_of, moment
from hcgov.io.ledger.lock import locked

FOLDER = "ledger"
ENTRIES = "entries.jsonl"
CHECKPOINT = "checkpoint"
LOCK = "lock"
SECONDS = 60.0
"""Longest wait for another writer."""

Deciding: TypeAlias = Callable[[tuple[Entry, ...]], Body]
"""Makes what is to be appended out of all entries so far, while nobody else can append."""


class NotAppendedError(NotKeptError):
    """An entry could not be written. Whoever needed it must not say that the gate is clear."""


@frozen
class Held:
    """What stands on disk.

    Parameters
    ----------
    leaves
        The whole lines that the checkpoint counts, or as many of them as there are.
    tail
        The bytes behind them, that no checkpoint counts.
    checkpoint
        Size, root and signatures; none where there is no such file.
    busy
        Somebody appended while this was read; the tail is theirs.
    """

    leaves: tuple[bytes, ...]
    tail: bytes
    checkpoint: Checkpoint | None
    busy: bool = False

    @cached_property
    def hashes(self) -> tuple[bytes, ...]:
        """The leaf hashes of what counts."""
        return tuple(leaf_hash(leaf) for leaf in self.leaves)

    @property
    def size(self) -> int:
        """Number of entries that the checkpoint counts."""
        return 0 if self.checkpoint is None else self.checkpoint.size


@frozen
class Receipt:
    """An entry that was appended, and the checkpoint that covers it: pin that one outside."""

    entry: Entry
    checkpoint: Checkpoint


def append(
    home: Path,
    body: Body | Deciding,
    *,
    at: datetime,
    role: str,
    name: str = "",
    signer: NoteSigner | None = None,
    sealed: Sequence[Sealed] = (),
    seconds: float = SECONDS,
    kinds: Sequence[str] = (),
) -> Receipt:
    """Append one entry; when this returns, it is on disk and counts.

    Parameters
    ----------
    home
        The project's ``.hcgov`` folder.
    body
        What happened; or what makes it out of the entries so far, such as the number of an attempt.
    at
        Time, with a zone.
    role, name
        Who acted. The role is written as it is; of the name (an address, say) only a salted commitment is.
    signer
        Key that signs the checkpoint; without one it says the same, unsigned.
    sealed
        Commitments in the body, whose openings are to be kept.
    seconds
        Longest wait for other writers.
    kinds
        Kinds of entry that are wanted, where the body is made out of them; all if empty.

    Raises
    ------
    NotAppendedError
        It could not be written. It may count only if the very last step failed.
    LedgerDamagedError
        The ledger is not what its checkpoint says; `verify` tells more.
    ValueError
        The entry is too long, or a name in it is none.
    """
    with _writing(home):
        folder = _made(home)
        with locked(folder / LOCK, seconds=seconds):
            if not (home / ".gitignore").exists():
                replace_with(home / ".gitignore", b"*\n")  # openings are not committed by accident
            held = settled(folder)
            made = body if isinstance(body, Body) else body(entries_in(held, kinds))
            sealed_name = (seal(name),) if name else ()
            actor = Actor(
                role=role,
                key=None if signer is None else signer.key_id,
                name=sealed_name[0].commitment if sealed_name else None,
            )
            entry = _next(held, made, actor, moment(at))
            leaf = leaf_of(entry)
            if len(leaf) > LONGEST:
                raise ValueError(f"an entry of {len(leaf):,} bytes is too long; at most {LONGEST:,} are kept")
            checkpoint = Checkpoint(
                origin=f"{ORIGIN}{entry.ledger}",
                size=entry.index + 1,
                root=root_of([*held.hashes, leaf_hash(leaf)]),
            )
            checkpoint = checkpoint if signer is None else signed(checkpoint, signer)
            keep_openings(home, (*sealed_name, *sealed))
            _write(folder, held, leaf, checkpoint)
    return Receipt(entry=entry, checkpoint=checkpoint)


def read_held(home: Path) -> Held:
    """Read the ledger of a project without holding up anybody.

    Raises
    ------
    OSError
        It is there, but cannot be read.
    LedgerDamagedError
        The checkpoint cannot be understood.
    """
    folder = home / FOLDER
    before = _checkpoint_bytes(folder)
    entries = _bytes_of(folder / ENTRIES)
    busy = _checkpoint_bytes(folder) != before
    return _held(entries, before, busy=busy)


def damage(held: Held) -> str:
    """Say in one line what keeps the entries from being those that the checkpoint counts; empty where nothing does."""
    if held.checkpoint is None:
        if lines := held.tail.count(b"\n"):
            return "" if lines == 1 and _one_append(held) else f"there is no checkpoint for {lines} entries"
        return "" if _one_append(held) else "there is no checkpoint, and what stands there is no entry"
    if len(held.leaves) < held.size:
        return f"the checkpoint counts {held.size} entries, and {len(held.leaves)} are there"
    if root_of(held.hashes) != held.checkpoint.root:
        return f"the {held.size} entries are not those that the checkpoint counts: their root is another"
    if not held.busy and not _one_append(held):
        return "more stands behind what the checkpoint counts than one append that was cut short can leave"
    return ""


def settled(folder: Path) -> Held:
    """Return the ledger as the next append may build on it, with what an append left that was cut short put aside.

    Raises
    ------
    LedgerDamagedError
        The entries are not those that the checkpoint counts.
    """
    held = read_held(folder.parent)
    if why := damage(held):
        raise LedgerDamagedError(f"{why}; nothing was appended")
    if not held.tail:
        return held
    mark = hashlib.sha256(held.tail).hexdigest()[:16]
    replace_with(folder / f"unfinished-{held.size}-{mark}", held.tail)
    cut(folder / ENTRIES, _end(held))
    return Held(leaves=held.leaves, tail=b"", checkpoint=held.checkpoint)


def entries_in(held: Held, kinds: Sequence[str] = ()) -> tuple[Entry, ...]:
    """Return the entries that count, oldest first; only those of some kinds, where any are named.

    Raises
    ------
    LedgerDamagedError
        An entry cannot be read.
    """
    marks = [f'"kind":"{kind}"'.encode() for kind in kinds]  # so it stands in canonical JSON
    wanted = [leaf for leaf in held.leaves if not marks or any(mark in leaf for mark in marks)]
    try:
        # The root vouches for how they are written.
        return tuple(Entry.model_validate_json(leaf) for leaf in wanted)
    except ValueError as error:
        raise LedgerDamagedError("an entry cannot be read by this version; nothing was appended") from error


def _write(folder: Path, held: Held, leaf: bytes, checkpoint: Checkpoint) -> None:
    entries = folder / ENTRIES
    new = not entries.exists()
    append_to(entries, leaf + b"\n", end=_end(held))
    if new:
        flush_folder(folder)
    replace_with(folder / CHECKPOINT, str(checkpoint).encode())


def _next(held: Held, body: Body, actor: Actor, at: str) -> Entry:
    previous = f"sha256:{leaf_hash(held.leaves[-1]).hex()}" if held.leaves else None
    ledger = secrets.token_hex(16) if held.checkpoint is None else held.checkpoint.ledger
    return Entry(ledger=ledger, index=len(held.leaves), previous=previous, at=at, actor=actor, body=body)


@contextmanager
def _writing(home: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        why = error.strerror or str(error)
        raise NotAppendedError(f"the ledger in `{home / FOLDER}` cannot be written: {why}") from error


def _made(home: Path) -> Path:
    """Return the ledger's folder, made where needed; neither it nor its home may be a symbolic link."""
    folder = home / FOLDER
    for one in (home, folder):
        if one.is_symlink():
            raise OSError(f"`{one.name}` is a symbolic link; remove it")
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        flush_folder(home)
    return folder


def _held(entries: bytes, checkpoint: bytes | None, *, busy: bool) -> Held:
    if checkpoint is None:
        return Held(leaves=(), tail=entries, checkpoint=None, busy=busy)
    try:
        parsed = parse_checkpoint(checkpoint)
    except ValueError as error:
        raise LedgerDamagedError(f"`{CHECKPOINT}` is no checkpoint: {error}") from error
    # What stands behind the last line break is an entry that was cut short.
    lines = entries.split(b"\n")[:-1]
    leaves = tuple(lines[: parsed.size])
    end = sum(len(leaf) + 1 for leaf in leaves)
    return Held(leaves=leaves, tail=b"" if busy else entries[end:], checkpoint=parsed, busy=busy)


def _one_append(held: Held) -> bool:
    """Whether the tail is what one append, cut short anywhere, can leave behind."""
    return len(held.tail) <= LONGEST + 1 and b"\n" not in held.tail[:-1]


def _end(held: Held) -> int:
    return sum(len(leaf) + 1 for leaf in held.leaves)


def _checkpoint_bytes(folder: Path) -> bytes | None:
    try:
        return _read(folder / CHECKPOINT)
    except FileNotFoundError:
        return None


def _bytes_of(path: Path) -> bytes:
    try:
        return _read(path)
    except FileNotFoundError:
        return b""


def _read(path: Path) -> bytes:
    with os.fdopen(open_file(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)), "rb") as file:
        return file.read()
