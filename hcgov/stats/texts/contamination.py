"""Texts that hold runs of words of other texts: training data that know the exam."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hcgov.stats.texts.tokens import Ints, ngrams, tokenised

RUN = 13
"""Words of a run that two texts do not share by chance."""


@dataclass(frozen=True, kw_only=True)
class Collisions:
    """Which texts share a run of words with an exam.

    Parameters
    ----------
    texts
        Whether each text does, shape (texts,).
    exam
        Whether each text of the exam is met, shape (exam,).
    boilerplate
        Runs of the exam that stand in many of its own texts, such as a template: they count for nothing.
    short
        Texts with fewer words than a run: they collide only where they are equal to a short text of the exam.
    """

    texts: NDArray[np.bool_]
    exam: NDArray[np.bool_]
    boilerplate: int
    short: int


def collisions(
    texts: Sequence[str | None], exam: Sequence[str | None], *, run: int = RUN, boilerplate: int = 10
) -> Collisions:
    """Return which texts hold a run of ``run`` words of an exam, and which texts of the exam are held.

    Parameters
    ----------
    texts, exam
        What was learned from, and what is to be tested on.
    run
        Words of a run. Texts with fewer are compared whole.
    boilerplate
        A run that stands in more texts of the exam than this is a template of the exam, and tells nothing.

    Notes
    -----
    Brown et al. 2020 (arXiv:2005.14165, appendix C): 13-grams of lower-case words without punctuation; runs that
    occur in more than 10 documents are passed over there too.
    """
    tokens = tokenised([*texts, *exam])
    runs, starts = ngrams(tokens, run)
    cut = starts[len(texts)]
    # A text of fewer words is one run of its own; its hash is no one's else but that of an equal text.
    text_of = np.repeat(np.arange(starts.size - 1), np.diff(starts))
    asked, place = np.unique(runs[cut:], return_inverse=True)
    pairs = (
        np.unique(np.stack([place, text_of[cut:]], axis=1), axis=0) if place.size else np.zeros((0, 2), int)
    )
    spread = np.bincount(pairs[:, 0], minlength=asked.size)
    common = spread > boilerplate
    usable = asked[~common]
    hit = np.isin(runs[:cut], usable)
    met = np.isin(asked, runs[:cut]) & ~common
    return Collisions(
        texts=_any(hit, text_of[:cut], len(texts)),
        exam=_any(met[place], text_of[cut:] - len(texts), len(exam)),
        boilerplate=int(common.sum()),
        short=int(((tokens.lengths > 0) & (tokens.lengths < run))[: len(texts)].sum()),
    )


def _any(hit: NDArray[np.bool_], text_of: Ints, texts: int) -> NDArray[np.bool_]:
    return np.bincount(text_of[hit], minlength=texts) > 0
