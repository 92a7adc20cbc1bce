"""How an export is made, and what it holds."""

from collections.abc import Mapping
from dataclasses import field
from typing import Literal

import numpy as np

from hcgov.core.evidence.long import Long
from hcgov.core.frozen import frozen
from hcgov.core.status import Reason
from hcgov.core.text import Text
from hcgov.stages.judgments.arrays import Bools, Floats
from hcgov.stages.judgments.pairs import PairTexts
from hcgov.stats.preferences.contested import Contested
from hcgov.stats.preferences.splits import Split
from hcgov.stats.texts.tokens import Ints

FATES = (
    "exported",
    "not_recorded",
    "judge",
    "skip",
    "both_bad",
    "tie",
    "invalid",
    "duplicate",
    "contested",
    "split",
    "outvoted",
    "no_majority",
    "not_drawn",
)
"""What becomes of a judgment in the file of preferences: the first that applies."""


@frozen
class Recipe:
    """How an export is made.

    Parameters
    ----------
    rule
        ``judgment``: one row a judgment, so that disagreement stays; ``majority``: one row a pair. A majority counts
        heads; its row has the weights of those who are in it.
    test_share
        Share of annotators, and of prompts, kept for testing; 0 for none.
    ties
        Whether ties become rows of the reward file, with margin 0.
    good_tie
        Strength from which on a tie says that both responses are good; ``None`` where none says so.
    contested_by
        Group column by which contested pairs are found and kept apart; empty for none.
    gap
        Lower bound of the gap between two groups above which a pair is contested.
    balance
        Group column whose groups count the same; empty for none. It multiplies weights that are given.
    resample
        Whether weights become integer copies of rows; else they stand in the column ``weight`` alone, which most
        trainers pass over.
    margin
        Largest margin, in log odds.
    group
        Group column that is written beside each row; empty for none.
    seed
        Of split and copies.
    """

    rule: Literal["judgment", "majority"] = "judgment"
    test_share: float = 0.2
    ties: bool = False
    good_tie: float | None = None
    contested_by: str = ""
    gap: float = 0.10
    balance: str = ""
    resample: bool = False
    margin: float = 3.0
    group: str = ""
    seed: int = 0


@frozen
class Export:
    """Judgments on their way into training files; :mod:`hcgov.stages.judgments.export_files` writes the rows.

    Parameters
    ----------
    fate
        Place in :data:`FATES` of each judgment, shape (rows,).
    split
        Which part each judgment is in.
    first
        Whether the first response of the pair (see :func:`hcgov.stages.judgments.pairs.pairs_of`) was chosen.
    pairs, swapped
        The pair of each judgment, and whether its response a is the second of the pair.
    margin
        Log odds that the first response is chosen, shrunken and clipped, from judgments of the same part.
    weight, copies
        Of each judgment; ``copies`` is 1 where nothing is resampled and 0 where it is not in the file.
    contested, cluster
        Pairs that are kept apart, and the cluster of each judgment's annotator, where either was asked for.
    refused
        Why nothing can be exported, or ``None``.
    """

    long: Long = field(repr=False)
    recipe: Recipe
    texts: PairTexts = field(repr=False)
    fate: Ints
    split: Split
    first: Bools
    pairs: Ints
    swapped: Bools
    margin: Floats
    weight: Floats
    copies: Ints
    contested: Contested | None = None
    cluster: Ints | None = None
    refused: tuple[Reason, Text] | None = None

    def left_out(self) -> Mapping[str, int]:
        """Return how many judgments each fate has."""
        counts = np.bincount(self.fate, minlength=len(FATES))
        return {name: int(n) for name, n in zip(FATES, counts, strict=True)}
