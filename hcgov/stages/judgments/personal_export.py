"""The table for a further study: every judgment, nobody's name and nobody's words."""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from hcgov.core.evidence.long import Codes, Long
from hcgov.stages.judgments.arrays import as_array, codes
from hcgov.stages.judgments.personal_rows import Ints

NUMBERED = {"user": "user", "rater": "rater", "item": "item", "prompt_id": "prompt"}
"""Columns whose values are replaced by numbers, and what the numbers are of."""

KEPT = (
    "stage",
    "rater_kind",
    "label",
    "source",
    "system",
    "failure",
    "mentions",
    "intrusive",
    "rater_is_user",
)
FEW = "(few people)"
LEAST = 11
"""A group of fewer people is not told."""


def anonymised(long: Long, *, seed: int, least: int = LEAST) -> Mapping[str, tuple[str | float | None, ...]]:
    """Return the judgments with numbers for people, items and prompts, and without any text.

    Parameters
    ----------
    long
        A personalization table.
    seed
        Decides which number stands for whom; numbers are in no order of the table.
    least
        Groups of fewer people lose their name.

    Notes
    -----
    Judges and reward models keep their names: they are no people. Moments are left out; labels and scores stay, so a
    person who knows his own ratings may recognise his rows: the table is pseudonymous, not anonymous, for raters.
    """
    rng = np.random.default_rng(seed)
    found: dict[str, tuple[str | float | None, ...]] = {}
    for name, prefix in NUMBERED.items():
        if long.has(name):
            found[name] = _numbered(long.codes(name), prefix, rng)
    machines = _machines(long)
    found["rater"] = tuple(machines.get(i, value) for i, value in enumerate(found["rater"]))
    for name in KEPT:
        if long.has(name):
            found[name] = _names(long.codes(name))
    if long.has("score"):
        found["score"] = tuple(None if np.isnan(one) else one for one in long.numbers("score"))
    people = codes(long, "user").astype(np.int64)
    for name, group in long.groups.items():
        found[name] = _grouped(group, people, least)
    return found


def _numbered(column: Codes, prefix: str, rng: np.random.Generator) -> tuple[str | None, ...]:
    place = rng.permutation(len(column.names)) + 1
    return tuple(None if code < 0 else f"{prefix}-{place[code]}" for code in as_array(column).tolist())


def _machines(long: Long) -> dict[int, str | None]:
    """Return by row the names of raters that are models."""
    kinds, raters = long.codes("rater_kind"), long.codes("rater")
    model = {i for i, name in enumerate(kinds.names) if name in ("judge", "reward")}
    pairs = zip(as_array(kinds).tolist(), _names(raters), strict=True)
    return {i: name for i, (kind, name) in enumerate(pairs) if kind in model}


def _names(column: Codes) -> tuple[str | None, ...]:
    return tuple(None if code < 0 else column.names[code] for code in as_array(column).tolist())


def _grouped(group: Codes, people: Ints, least: int) -> tuple[str | None, ...]:
    own = as_array(group)
    pairs: Sequence[Sequence[int]] = np.unique(np.stack([own, people], axis=1), axis=0).tolist()
    size = Counter(code for code, person in pairs if person >= 0)
    return tuple(
        None if code < 0 else group.names[code] if size[code] >= least else FEW for code in own.tolist()
    )
