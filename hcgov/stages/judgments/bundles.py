"""A bundle for researchers: tables of how many people chose what, in which no cell tells of few people.

Nobody's id, text or single choice is in it: there is nothing to pseudonymise.
"""

import hashlib
from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np

from hcgov.core.evidence.long import Long
from hcgov.core.evidence.source import Tree
from hcgov.core.frozen import frozen
from hcgov.core.long_tables import LongKind
from hcgov.core.slices import NOT_RECORDED
from hcgov.core.suppression import FEWEST, Key, changed_little, rounded, suppressed
from hcgov.core.text import text
from hcgov.stages.judgments.arrays import as_array, codes
from hcgov.stages.judgments.choices import EVERYTHING, NoChoices, Of, choices_of, told_by, used_rows
from hcgov.stages.judgments.plans import first_rows
from hcgov.stats.aggregation.ballots import Ballots, Ints

LEAST_K = 5
"""No bundle is made with cells of fewer people."""

PEOPLE = "(people)"
"""Name of the cells of everybody, which no dimension can have."""

MOST_DEPTH = 2
"""Groups are crossed in pairs at most."""

People = Mapping[Key, tuple[int, ...]]
"""People of each cell; of choices, also who on balance preferred the alternative, who did not, and who did not compare
it."""


@frozen
class BundleTable:
    """A table of a bundle.

    Parameters
    ----------
    name
        A file name without its ending: ``people``, ``choices``, or ``choices-1`` and so on.
    about
        The dimension that it is about, empty for none; it comes from the data, and is no safe name of a file.
    head
        Names of the columns.
    rows
        Cells that are shown: names as text, counts of people rounded to five.
    suppressed
        Cells that are not, because they are small or a small one could be found from them.
    """

    name: str
    about: str
    head: tuple[str, ...]
    rows: tuple[tuple[str | int, ...], ...]
    suppressed: int


@frozen
class Bundle:
    """A bundle: its tables, and what the next one has to know so that their difference tells nobody.

    Parameters
    ----------
    k
        Fewest people of a shown cell.
    tables
        What is published.
    held, hidden
        Counts as they are and the cells that are not shown, by table, for :func:`bundle_of` of a later version: what
        was hidden stays so. They are **not** published.
    note
        What was done, for whoever reads it.
    """

    k: int
    tables: tuple[BundleTable, ...]
    held: Mapping[str, People]
    hidden: Mapping[str, frozenset[Key]]
    note: Tree


def bundle_of(
    long: Long, *, k: int = FEWEST, columns: Sequence[str] = (), previous: Bundle | None = None
) -> Bundle | NoChoices:
    """Return the bundle of a table of preferences, or why there is none.

    Parameters
    ----------
    long
        Preferences, with the groups that ``columns`` names.
    k
        Fewest people of a shown cell, at least :data:`LEAST_K`.
    columns
        Slicing columns to divide people by; all of the table where left out.
    previous
        The bundle published before: cells that differ from it by fewer than ``k`` people are hidden.

    Raises
    ------
    ValueError
        ``k`` is too small, or a column is not there.

    Notes
    -----
    k-anonymity: Sweeney 2002 (doi:10.1142/S0218488502001648), over people, not rows; complementary suppression and
    differencing: see :mod:`hcgov.core.suppression`.
    """
    if k < LEAST_K:
        raise ValueError(f"a cell of a bundle stands for at least {LEAST_K} people, not {k}")
    by = tuple(columns) or tuple(sorted(long.groups))
    missing = [column for column in by if column not in long.groups]
    if long.kind is not LongKind.PREFERENCES or missing:
        raise ValueError(f"a bundle is of preferences, by columns that they have, not {missing}")
    found = choices_of(long, of=Of.MODELS if told_by(long) is Of.MODELS else Of.SIDES)
    if isinstance(found, NoChoices):
        return found
    groups = _groups(long, by, found.of)
    held: dict[str, People] = {PEOPLE: _people(found.ballots, by, groups)}
    if found.of is Of.MODELS:
        for scope, name in enumerate(found.scopes):
            held[name] = _choices(found.ballots, by, groups, found.alternatives, scope, held[PEOPLE])
    # Whoever is hidden in one table is hidden in all: their people are the same.
    secret = _secret(held, k, previous)
    return Bundle(
        k=k,
        tables=tuple(
            _table(number, name, cells, by, secret[name]) for number, (name, cells) in enumerate(held.items())
        ),
        held=held,
        hidden=secret,
        note=_note(long, k, by, previous),
    )


def _groups(long: Long, by: Sequence[str], of: Of) -> dict[str, tuple[str, ...]]:
    """Return the group of each person who chose, by column; one that is not recorded is a group."""
    used = used_rows(long, of)
    person = codes(long, "annotator").astype(np.int64)
    _, first = first_rows(np.where(used, person, -1))
    told = {}
    for column in by:
        names = (*long.groups[column].names, NOT_RECORDED)
        told[column] = tuple(names[code] for code in as_array(long.groups[column])[first].tolist())
    return told


def _slicings(by: Sequence[str]) -> list[tuple[str, ...]]:
    return [one for depth in range(min(MOST_DEPTH, len(by)) + 1) for one in combinations(sorted(by), depth)]


def _cells(by: Sequence[str], groups: Mapping[str, tuple[str, ...]], people: Ints) -> dict[Key, Ints]:
    """Return the people of each cell of each slicing."""
    cells: dict[Key, list[int]] = {}
    for slicing in _slicings(by):
        for person in people.tolist():
            key = tuple((column, groups[column][person]) for column in slicing)
            cells.setdefault(key, []).append(person)
    return {key: np.array(held, dtype=np.int64) for key, held in cells.items()}


def _people(ballots: Ballots, by: Sequence[str], groups: Mapping[str, tuple[str, ...]]) -> People:
    people = np.unique(ballots.person)
    return {key: (int(held.size),) for key, held in _cells(by, groups, people).items()}


def _choices(
    ballots: Ballots,
    by: Sequence[str],
    groups: Mapping[str, tuple[str, ...]],
    alternatives: Sequence[str],
    scope: int,
    everyone: People,
) -> People:
    """Return of each alternative and cell: people who compared it, who on balance preferred it, did not, and others."""
    inside = ballots.scope == scope
    told: dict[Key, tuple[int, ...]] = {}
    for code, name in enumerate(alternatives):
        mine = inside & ((ballots.a == code) | (ballots.b == code))
        if not mine.any():
            continue
        y = np.where(ballots.a == code, ballots.y, 1.0 - ballots.y)[mine]
        who = ballots.person[mine]
        lead = np.bincount(who, weights=y - 0.5, minlength=ballots.weight.size)
        for key, held in _cells(by, groups, np.unique(who)).items():
            ahead = int((lead[held] > 1e-9).sum())
            full = tuple(sorted((*key, ("alternative", name))))
            # Those who did not compare it could be found by subtraction from everyone: they are counted too.
            others = everyone[key][0] - int(held.size)
            told[full] = (int(held.size), ahead, int(held.size) - ahead, others)
    return told


def _secret(held: Mapping[str, People], k: int, previous: Bundle | None) -> dict[str, frozenset[Key]]:
    """Return the cells of each table that may not be shown."""
    before: Mapping[str, People] = {} if previous is None else previous.held
    hidden: Mapping[str, frozenset[Key]] = {} if previous is None else previous.hidden
    secret: dict[str, frozenset[Key]] = {}
    for name, cells in held.items():
        known = {key for key in cells if _without(key) in secret.get(PEOPLE, ())}
        changed = changed_little(cells, before.get(name, {}), fewest=k)
        stays = {key for key in hidden.get(name, ()) if key in cells}
        secret[name] = suppressed([cells], known | changed | stays, fewest=k)
    return secret


def _without(key: Key) -> Key:
    return tuple(pair for pair in key if pair[0] != "alternative")


def _table(number: int, name: str, cells: People, by: Sequence[str], secret: frozenset[Key]) -> BundleTable:
    chosen = name != PEOPLE
    first = ("alternative",) if chosen else ()
    rows: list[tuple[str | int, ...]] = []
    for key in sorted(cells):
        if key not in secret:
            values = dict(key)
            names = [values.get(column, "all") for column in (*first, *by)]
            rows.append((*names, *(rounded(count) for count in cells[key][:3])))
    return BundleTable(
        name="people" if not chosen else "choices" if name == EVERYTHING else f"choices-{number}",
        about=name if chosen and name != EVERYTHING else "",
        head=(*first, *by, "people", *(("preferred it", "did not") if chosen else ())),
        rows=tuple(rows),
        suppressed=sum(1 for key in cells if key in secret),
    )


def _note(long: Long, k: int, by: Sequence[str], previous: Bundle | None) -> Tree:
    """Return what a reader has to know of how the tables were made."""
    return {
        "kind": "ResearchBundle",
        "made_of": hashlib.sha256(long.source.sha256.encode()).hexdigest(),
        "k": k,
        "by": list(by),
        "rules": [
            str(
                text(
                    "a cell of 1 to {most} {most|person|people} is not shown, nor one from which it could be found",
                    most=k - 1,
                )
            ),
            "counts are of people, rounded to five; the parts of a total need not add up",
            "no id, no text and no single choice is in the bundle",
            *(["cells that changed little since the bundle before are not shown"] if previous else []),
        ],
    }
