"""Texts that hold runs of words of other texts: training data that know the exam."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from hcgov.core.frozen import frozen
from hcgov.stats.texts.tokens import Ints, ngrams, tokenised

RUN = 13
"""Words of a run that two texts do not share by chance."""


@frozen
class Collisions:
    """Which texts share a run of words with an exam.

    Parameters
    ----------
    texts
        Whether each text does, shape (texts,).
    exam
        Whether each text of the exam is met, shape (exam,).
    boilerplate
        Runs of the exam that stand in many of its own texts, such as a template: they count for nothing, but for
        a text that has no other runs and all of them in what was learned.
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
    of_exam = text_of[cut:] - len(texts)
    # A text that is nothing but template tells of itself only as a whole.
    absent = _any(~np.isin(asked, runs[:cut])[place], of_exam, len(exam))
    own = _any(~common[place], of_exam, len(exam))
    whole = ~own & ~absent & (np.diff(starts[len(texts) :]) > 0)
    return Collisions(
        texts=_any(hit, text_of[:cut], len(texts)),
        exam=_any(met[place], of_exam, len(exam)) | whole,
        boilerplate=int(common.sum()),
        short=int(((tokens.lengths > 0) & (tokens.lengths < run))[: len(texts)].sum()),
    )


def shared_words(
    texts: Sequence[str | None], exam: Sequence[str | None], *, run: int = 10, gap: int = 4
) -> NDArray[np.float64]:
    """Return the share of the words of each text of an exam that stand in runs which it shares, shape (exam,).

    Parameters
    ----------
    texts, exam
        As for :func:`collisions`.
    run
        Words of a run that is shared; texts of fewer words are compared whole.
    gap
        Words between two shared runs that may differ and still belong to them (a skip-gram).

    Notes
    -----
    After Touvron et al. 2023 (arXiv:2307.09288, appendix A.6): a token is met where it stands in a run of more than 10
    tokens that both share, with at most four that differ; a text is dirty from 80 % of its tokens on. Here a gap is
    closed between two runs that are shared, wherever in what was learned they stand.
    """
    tokens = tokenised([*texts, *exam])
    runs, starts = ngrams(tokens, run)
    cut, first = int(starts[len(texts)]), int(tokens.starts[len(texts)])
    lengths = tokens.lengths[len(texts) :]
    text_of = np.repeat(np.arange(len(exam)), np.diff(starts[len(texts) :]))
    begins = (
        np.arange(cut, int(starts[-1])) - starts[len(texts) :][text_of] + tokens.starts[len(texts) :][text_of]
    )
    hit = np.isin(runs[cut:], runs[:cut])
    size = int(tokens.starts[-1]) - first
    edge = np.zeros(size + 1, dtype=np.int64)
    np.add.at(edge, begins[hit] - first, 1)
    np.add.at(edge, begins[hit] - first + np.minimum(lengths[text_of[hit]], run), -1)
    inside = np.cumsum(edge[:-1]) > 0
    word_text = np.repeat(np.arange(len(exam)), lengths)
    met = np.flatnonzero(inside)
    near = (np.diff(met) > 1) & (np.diff(met) <= gap + 1) & (np.diff(word_text[met]) == 0)
    for a, b in zip(met[:-1][near].tolist(), met[1:][near].tolist(), strict=True):
        inside[a:b] = True
    held = np.bincount(word_text[inside], minlength=len(exam)).astype(np.float64)
    return np.divide(held, lengths, out=np.zeros(len(exam)), where=lengths > 0)


def _any(hit: NDArray[np.bool_], text_of: Ints, texts: int) -> NDArray[np.bool_]:
    return np.bincount(text_of[hit], minlength=texts) > 0
