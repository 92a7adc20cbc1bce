"""What a ledger says so far, for whoever goes by it: nothing, where it is not what its checkpoint counts."""

from collections.abc import Sequence
from pathlib import Path

from hcgov.core.mistake import LedgerDamagedError
from hcgov.io.ledger.entries import Entry
from hcgov.io.ledger.store import damage, entries_in, read_held


def history(home: Path, kinds: Sequence[str] = ()) -> tuple[Entry, ...] | None:
    """Return the entries of a project's ledger that count, oldest first; ``None`` where there is no ledger yet.

    Parameters
    ----------
    home
        The project's ``.hcgov`` folder.
    kinds
        Kinds of entry that are wanted; all if empty.

    Raises
    ------
    OSError
        It is there, but cannot be read.
    LedgerDamagedError
        The entries are not those that the checkpoint counts.
    """
    held = read_held(home)
    if why := damage(held):
        raise LedgerDamagedError(why)
    return None if held.checkpoint is None else entries_in(held, kinds)
