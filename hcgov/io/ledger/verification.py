"""Whether a ledger is what it was: by itself, and held against a checkpoint that was kept elsewhere.

By itself a ledger shows edits, reordering, gaps and a dropped first entry, for every entry names its place and the
hash of the one before, and the checkpoint names the root of all. Whoever can write all of its files can make a
shorter or another history that is as consistent; that shows only against a checkpoint kept where they cannot
write, and a signature shows only that the key's holder wrote one of the states.
"""

from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

from hcgov.core.frozen import frozen
from hcgov.core.merkle import leaf_hash, root_of
from hcgov.core.mistake import LedgerDamagedError
from hcgov.io.ledger.checkpoint import Checkpoint
from hcgov.io.ledger.entries import Entry, entry_of
from hcgov.io.ledger.store import Held, damage, read_held


@frozen
class Problem:
    """What contradicts a ledger.

    Parameters
    ----------
    index
        The first entry that is known to be bad, from 0; ``None`` where it cannot be said which one.
    why
        One line.
    """

    index: int | None
    why: str

    def __str__(self) -> str:
        """Return the line, with the entry it is about."""
        return self.why if self.index is None else f"entry {self.index}: {self.why}"


@frozen
class Verified:
    """What came of looking at a ledger.

    Parameters
    ----------
    entries
        The entries, ``None`` in the place of one that cannot be read.
    checkpoint
        The ledger's own; none where there is no ledger yet.
    problems
        What contradicts it; empty where nothing does.
    unfinished
        Bytes behind what counts, that an append left which was cut short: they were never reported as kept.
    pinned
        Size of the checkpoint from elsewhere that the ledger was found to have grown out of, if one was given.
    """

    entries: tuple[Entry | None, ...] = ()
    checkpoint: Checkpoint | None = None
    problems: tuple[Problem, ...] = ()
    unfinished: int = 0
    pinned: int | None = None

    @property
    def intact(self) -> bool:
        """Whether nothing contradicts the ledger."""
        return not self.problems


def verify(home: Path, *, pinned: Checkpoint | None = None) -> Verified:
    """Verify the ledger of a project; signatures are for whoever knows the keys.

    Parameters
    ----------
    home
        The project's ``.hcgov`` folder.
    pinned
        A checkpoint of this ledger that was kept elsewhere.

    Raises
    ------
    OSError
        The ledger is there, but cannot be read.
    """
    try:
        held = read_held(home)
    except LedgerDamagedError as error:
        return Verified(problems=(Problem(index=None, why=str(error)),))
    entries, problems = _links(held)
    if not problems and (why := damage(held)):
        problems = [Problem(index=_suspect(held), why=why)]
    if pinned is not None:
        problems += _against(held, pinned, internally=not problems)
    return Verified(
        entries=entries,
        checkpoint=held.checkpoint,
        problems=tuple(problems),
        unfinished=len(held.tail),
        pinned=pinned.size if pinned is not None and not problems else None,
    )


def _links(held: Held) -> tuple[tuple[Entry | None, ...], list[Problem]]:
    """Read every entry and follow the links; only the first bad entry is told, what follows it means little."""
    entries = tuple(_entry(leaf) for leaf in held.leaves)
    for index, entry in enumerate(entries):
        if isinstance(entry, str):
            return _known(entries), [Problem(index=index, why=entry)]
        if why := _misplaced(held, entry, index):
            return _known(entries), [Problem(index=index, why=why)]
        if index and not _linked(entry, held.leaves[index - 1]):
            return _known(entries), [_broken(held.leaves, entries, index)]
    return _known(entries), []


def _entry(leaf: bytes) -> Entry | str:
    try:
        return entry_of(leaf)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        return f"it is no entry of this version ({place}: {first['msg']})"
    except ValueError as error:
        return f"it cannot be read: {error}"


def _known(entries: Sequence[Entry | str]) -> tuple[Entry | None, ...]:
    return tuple(None if isinstance(entry, str) else entry for entry in entries)


def _misplaced(held: Held, entry: Entry, index: int) -> str:
    if held.checkpoint is not None and entry.ledger != held.checkpoint.ledger:
        return "it belongs to another ledger"
    if entry.index != index:
        return f"entry {entry.index} stands in its place: entries were removed, added or moved"
    if (entry.previous is None) != (index == 0):
        return "only the first entry has none before it"
    return ""


def _linked(entry: Entry, before: bytes) -> bool:
    return entry.previous == f"sha256:{leaf_hash(before).hex()}"


def _broken(leaves: Sequence[bytes], entries: Sequence[Entry | str], index: int) -> Problem:
    """Say which side of a broken link was changed: an entry that the next one vouches for was not."""
    after = entries[index + 1] if index + 1 < len(entries) else None
    if isinstance(after, Entry) and not _linked(after, leaves[index]):
        return Problem(index=index, why="it was changed after it was written")
    return Problem(index=index - 1, why=f"it was changed after entry {index} was written")


def _suspect(held: Held) -> int | None:
    """Return the first entry that is bad where all links hold and the root does not."""
    if held.checkpoint is None:
        return None
    if len(held.leaves) < held.size:
        return len(held.leaves)
    # An edit further up would have broken a link, unless all that follows was written anew.
    return held.size - 1 if root_of(held.hashes) != held.checkpoint.root else held.size


def _against(held: Held, pinned: Checkpoint, *, internally: bool) -> list[Problem]:
    """Hold a ledger against a checkpoint from elsewhere.

    With all entries at hand the root over the first of them is computed, which is what a proof of consistency
    shows to somebody without them.
    """
    own = held.checkpoint
    if own is None:
        return (
            []
            if pinned.size == 0
            else [Problem(index=0, why="all entries are gone that the kept checkpoint counts")]
        )
    if own.origin != pinned.origin:
        return [Problem(index=0, why="this is another ledger than that of the kept checkpoint")]
    if own.size < pinned.size:
        why = (
            f"the kept checkpoint counts {pinned.size} entries, the ledger {own.size}: the last ones are gone"
        )
        return [Problem(index=own.size, why=why)]
    if root_of(held.hashes[: pinned.size]) != pinned.root and internally:
        why = (
            f"the first {pinned.size} entries are not those of the kept checkpoint: history was written anew"
        )
        return [Problem(index=None, why=why)]
    return []
