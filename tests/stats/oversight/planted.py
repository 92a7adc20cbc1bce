"""People beside a machine with effects of known size: every annotator and item has a leaning of its own."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hcgov.stats.crossed import Rows

Bools = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Planted:
    """What is so.

    ``anchoring`` is added to the chance of agreeing where a suggestion is seen; the others are chances by themselves.
    """

    annotators: int = 60
    each: int = 60
    items: int = 400
    anchoring: float = 0.12
    harmful: float = 0.08
    bias: float = 0.25
    stamped: float = 0.4
    wrong: float = 0.25
    seeded: float = 0.1
    leaning: float = 0.05


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """Rows that were drawn; ``took`` where the suggestion was seen, ``agreed`` in either arm."""

    rows: Rows
    shown: Bools
    agreed: Bools
    took: Bools
    advice_right: Bools
    seeded: Bools


def draw(rng: np.random.Generator, of: Planted) -> Drawn:
    """Draw answers: a person's leaning and an item's go into every chance, and leave its mean as it is."""
    who = np.repeat(np.arange(of.annotators), of.each)
    what = np.concatenate([rng.choice(of.items, of.each, replace=False) for _ in range(of.annotators)])
    lean = rng.uniform(-of.leaning, of.leaning, of.annotators)[who]
    lean = lean + rng.uniform(-of.leaning, of.leaning, of.items)[what]
    shown = rng.random(who.size) < 0.8
    agreed = rng.random(who.size) < 0.7 + lean + of.anchoring * shown
    seeded = rng.random(who.size) < of.seeded
    right = (rng.random(who.size) >= of.wrong) & ~seeded
    # Chances near 0 lean in proportion, so that they stay chances.
    scale = lean / (2.0 * of.leaning) if of.leaning else lean
    chance = np.where(right, 1.0 - of.harmful * (1.0 + scale), of.bias * (1.0 + scale))
    chance = np.where(seeded, of.stamped * (1.0 + scale), chance)
    took = rng.random(who.size) < chance
    return Drawn(
        rows=Rows(people=who, items=what),
        shown=shown,
        agreed=agreed,
        took=took,
        advice_right=right,
        seeded=seeded,
    )
