"""Verify-and-refine: what taking out flagged attributes changes, for people the verifier has not learned from."""

from typing import TypeAlias

import numpy as np

from hcgov.core.estimate import Estimate
from hcgov.core.frozen import frozen
from hcgov.core.status import Reason
from hcgov.core.text import text
from hcgov.stages.judgments.personal_rows import Bools, Floats, Ints, StageRows, Why
from hcgov.stats.crossed import Rows, of_sums
from hcgov.stats.personal.learning import cross_fitted, one_word
from hcgov.stats.personal.selection import Confusion, confusion, ratio_of
from hcgov.stats.texts.tfidf import bag

Texts: TypeAlias = list[str | None]

LEARNED = "classifier"
"""Name of the classifier that is trained here."""


@frozen
class Flagging:
    """A way to flag attributes that most people do not accept: the positive class is what is wrong."""

    name: str
    found: Confusion


@frozen
class Verified:
    """Verify-and-refine at stage 1: attributes that are flagged are taken out.

    Parameters
    ----------
    n, people, prevalence
        Attributes, people, and the share of attributes that most people do not accept.
    ways
        The verifier first, then what it has to beat, then judges.
    before, after, gain
        Acceptance of all attributes, of those left, and the difference of the two on the same people.
    lost
        Share of the attributes that most people accept that are taken out.
    """

    n: int
    people: int
    prevalence: float
    ways: tuple[Flagging, ...]
    before: Estimate
    after: Estimate
    gain: Estimate
    lost: Estimate | None


def verified(rows: StageRows, *, predictions: str = "", beta: float = 1.0, seed: int = 0) -> Verified | Why:
    """Flag attributes with a verifier and say what is gained and lost.

    Parameters
    ----------
    rows
        Stage 1, people's conversations only.
    predictions
        A rater whose rows flag attributes (`reject` or `uncertain`); a classifier that is trained here if empty.
    beta
        How much more finding what is wrong weighs than taking out what is right, where the classifier sets its
        threshold: 2 where misses cost more.
    seed
        Decides which people stand in which fold.
    """
    items, at, place = np.unique(rows.items, return_index=True, return_inverse=True)
    human = rows.human
    n = np.bincount(place[human], minlength=items.size)
    with np.errstate(divide="ignore", invalid="ignore"):
        doubted = np.bincount(place[human], weights=rows.value[human] > 0, minlength=items.size) / n
    judged = {name: _flags_of(rows, name, place, items.size) for name in rows.judges}
    use = (n > 0) & (doubted != 0.5)
    if predictions:
        own = judged.get(predictions, np.full(items.size, np.nan))
        use &= np.isfinite(own)
    if not use.any():
        return Reason.UNMATCHED_PAIRS, text(
            "no attribute was judged by people and by `{name}`", name=predictions
        )
    y, people = (doubted > 0.5).astype(np.float64)[use], rows.people[at][use]
    if y.min() == y.max():
        return Reason.CONSTANT_OUTCOME, text("most people say the same of every attribute")
    texts = _joined(rows, rows.index[at][use], ("attribute", "evidence"))
    ways: list[Flagging] = []
    if predictions:
        flagged = judged[predictions][use] > 0
    else:
        learned = _learned(texts, y, people, beta, seed)
        if learned is None:
            return Reason.FEW_PEOPLE, text(
                "too few people, or too few texts, to learn from some and test on others"
            )
        flagged = learned
    ways.append(Flagging(name=predictions or LEARNED, found=confusion(flagged, y)))
    ways += _baselines(texts, y, people, seed)
    for name, flags in judged.items():
        both = use & np.isfinite(flags)
        if name != predictions and both.any():
            ways.append(
                Flagging(name=name, found=confusion(flags[both] > 0, (doubted > 0.5).astype(float)[both]))
            )
    return _effect(1.0 - doubted[use], y, flagged, people, tuple(ways))


def _effect(
    accepted: Floats, y: Floats, flagged: Bools, people: Ints, ways: tuple[Flagging, ...]
) -> Verified | Why:
    kept = (~flagged).astype(np.float64)
    if not kept.any():
        return Reason.CONSTANT_OUTCOME, text("every attribute is flagged: nothing is left")
    own = Rows(people=people)
    terms = np.stack([accepted, np.ones_like(kept), accepted * kept, kept], axis=1)

    def gain(s: Floats) -> Floats:
        return np.asarray(s[..., 2] / s[..., 3] - s[..., 0] / s[..., 1])

    return Verified(
        n=int(y.size),
        people=own.distinct_people,
        prevalence=float(y.mean()),
        ways=ways,
        before=of_sums(terms, own, lambda s: s[..., 0] / s[..., 1], low=0.0, high=1.0),
        after=of_sums(terms, own, lambda s: s[..., 2] / s[..., 3], low=0.0, high=1.0),
        gain=of_sums(terms, own, gain, low=-1.0, high=1.0, aim=1.0),
        lost=ratio_of(flagged, 1.0 - y, own),
    )


def _learned(texts: Texts, y: Floats, people: Ints, beta: float, seed: int) -> Bools | None:
    if not any(texts):
        return None
    found = cross_fitted([bag(texts, longest=2)], y, people, cut="f", beta=beta, seed=seed)
    return None if found is None else found.chosen


def _baselines(texts: Texts, y: Floats, people: Ints, seed: int) -> list[Flagging]:
    """Return what a verifier has to beat: nothing, everything, whatever is more frequent, and one telling word."""
    most = np.full(y.size, y.mean() > 0.5)
    found = [
        Flagging(name="flag nothing", found=confusion(np.zeros_like(y), y)),
        Flagging(name="flag everything", found=confusion(np.ones_like(y), y)),
        Flagging(name="most frequent answer", found=confusion(most, y)),
    ]
    if any(texts):
        rule = one_word(bag(texts), y, people, seed=seed)
        found.append(Flagging(name="one telling word", found=confusion(rule, y)))
    return found


def _flags_of(rows: StageRows, name: str, place: Ints, size: int) -> Floats:
    own = rows.named(name) & rows.judge
    found = np.full(size, np.nan)
    found[place[own]] = rows.value[own] > 0
    return found


def _joined(rows: StageRows, index: Ints, names: tuple[str, ...]) -> Texts:
    columns = [rows.long.texts(name) for name in names if rows.long.has(name)]
    return [" | ".join(column[i] or "" for column in columns) or None for i in index.tolist()]
