"""Audits of a system in use, from feedback: what was drawn, what was found, and in which order; on numpy."""

from collections.abc import Iterator, Sequence

import numpy as np

from hcgov.core.evidence.long import Long
from hcgov.core.frozen import frozen
from hcgov.core.slices import EVERYONE, Slice
from hcgov.stages.judgments.arrays import Bools, Floats, Ints, as_array, codes, flags, numbers
from hcgov.stats.crossed import Rows

EPOCH = 719_163
"""Ordinal of 1970-01-01."""


@frozen
class Audits:
    """Events, each array of shape (rows,).

    Parameters
    ----------
    drawn
        Drawn at random for audit.
    done, bad
        An audit found it good or bad; bad.
    unsure
        An audit could not say.
    at
        When, in seconds since 1970; NaN where nobody says.
    rows
        Users.
    event
        Code of the event.
    """

    drawn: Bools
    done: Bools
    bad: Bools
    unsure: Bools
    at: Floats
    rows: Rows
    event: Ints


def audits(long: Long) -> Audits:
    """Return the audits of a feedback table; without audit columns nothing was drawn."""
    nothing = np.zeros(long.rows, dtype=np.bool_)
    drawn = flags(long, "sampled_for_audit")[0] if long.has("sampled_for_audit") else nothing
    labels = {name: _says(long, name) & drawn for name in ("good", "bad", "unsure")}
    return Audits(
        drawn=drawn,
        done=labels["good"] | labels["bad"],
        bad=labels["bad"],
        unsure=labels["unsure"],
        at=numbers(long, "at") if long.has("at") else np.full(long.rows, np.nan),
        rows=Rows(people=codes(long, "user")),
        event=codes(long, "event"),
    )


def in_order(found: Audits, mask: Bools) -> Sequence[bool]:
    """Return of each finished audit of some rows, by time and then by event, whether it found something bad."""
    place = np.flatnonzero(mask & found.done)
    order = np.lexsort((found.event[place], found.at[place]))
    return [bool(bad) for bad in found.bad[place[order]]]


def moment_of(found: Audits, mask: Bools, number: int) -> float | None:
    """Return when the audit of a number (from 1) took place; ``None`` where nobody says."""
    at = np.sort(found.at[mask & found.done])
    return float(at[number - 1]) if np.isfinite(at[number - 1]) else None


def day_number(moment: float) -> int:
    """Return the ordinal of the day (UTC) of a moment."""
    return int(moment // 86_400.0) + EPOCH


def declared_slices(long: Long) -> Iterator[tuple[Slice, Bools]]:
    """Yield everyone and each group of each column that decides, with their rows; a declared group may have none."""
    yield EVERYONE, np.ones(long.rows, dtype=np.bool_)
    for column in long.rules.by:
        if column not in long.groups:
            continue
        group, names = as_array(long.groups[column]), long.groups[column].names
        for code, name in enumerate(names):
            if (group == code).any() or name in long.rules.declared(column):
                yield Slice(values=((column, name),)), group == code
        for name in long.rules.declared(column):
            if name not in names:
                yield Slice(values=((column, name),)), np.zeros(long.rows, dtype=np.bool_)


def unrecorded(long: Long, mask: Bools) -> Iterator[tuple[str, int]]:
    """Yield each column that decides, with how many of some rows do not say to which of its groups they belong."""
    for column in long.rules.by:
        known = column in long.groups
        gone = mask & (as_array(long.groups[column]) < 0) if known else mask
        yield column, int(gone.sum())


def _says(long: Long, name: str) -> Bools:
    if not long.has("audit_label"):
        return np.zeros(long.rows, dtype=np.bool_)
    names = long.codes("audit_label").names
    return np.asarray(codes(long, "audit_label") == (names.index(name) if name in names else -2))
