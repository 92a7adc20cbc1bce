"""Signs that somebody answers without reading: four of them, of which no single one says anything.

They are reasons to look, to ask and to leave answers out of a data set, never to withhold pay: fast experts, people who
read by screen reader and people who read in their second language all show such signs.
"""

import numpy as np

from hcgov.core.frozen import frozen
from hcgov.stats.agreement.judged import Bools, Floats, Ints
from hcgov.stats.crossed import different

FASTEST = 2.0
"""Nobody reads and answers in fewer seconds."""
WORDS_A_SECOND = 12.0
"""Nobody reads more words a second than this."""
SEVERAL = 2
"""So many independent signs make a flag."""
FEWEST = 10
"""With fewer answers than this nothing is said of anybody."""


@frozen
class Signs:
    """Signs of careless answering, one entry a person, shape (people,).

    Parameters
    ----------
    answers
        Judgments of each person.
    fast
        More than half of the timed answers took less time than reading needs.
    straight
        One label many times on end: a run longer than nearly anybody's, given how often the label is used.
    uniform
        Hardly any variation in labels although the items vary: entropy far below that of the others.
    repeated
        The same free text again and again: more than half of three or more texts are copies.
    timed, worded
        Whether times, and texts, are known of the person.
    """

    answers: Ints
    fast: Bools
    straight: Bools
    uniform: Bools
    repeated: Bools
    timed: Bools
    worded: Bools

    def flagged(self) -> Bools:
        """Return who shows two independent signs or more; a run and its low entropy are one sign together."""
        same = self.straight | self.uniform
        signs = self.fast.astype(np.int64) + same + self.repeated
        return np.asarray(signs >= SEVERAL, dtype=np.bool_)

    def could_tell(self) -> Bools:
        """Return of whom enough is known: ten answers, and times or texts beside the labels."""
        return np.asarray((self.answers >= FEWEST) & (self.timed | self.worded), dtype=np.bool_)


def signs(
    people: Ints,
    labels: Ints,
    *,
    n_people: int,
    n_labels: int,
    order: Floats | None = None,
    seconds: Floats | None = None,
    words: Floats | None = None,
    texts: Ints | None = None,
) -> Signs:
    """Look for the signs.

    Parameters
    ----------
    people, labels
        Person and label of each row, codes from 0, shape (rows,).
    n_people, n_labels
        Numbers of people and labels.
    order
        In which order a person's answers were given; as they stand where it is unknown.
    seconds, words
        Time of each answer and length of what was read; NaN where unknown.
    texts
        Code of the free text of each row, -1 without one; blank and very short texts are none.

    Notes
    -----
    Meade and Craig 2012 (Psychological Methods 17:437): 10 to 12 % answer carelessly, different signs find different
    people, so several are taken together. The floor of time is the larger of 2 s and words / 12 s (a convention).
    A run counts where runs as long are expected less than 0.001 times in as many answers at the person's own label
    frequencies; entropy where it lies more than three median deviations below the median of the others.
    """
    answers = np.bincount(people, minlength=n_people)
    nobody = np.zeros(n_people, dtype=np.bool_)
    fast, timed = (nobody, nobody) if seconds is None else _fast(people, n_people, seconds, words)
    repeated, worded = (nobody, nobody) if texts is None else _repeated(people, n_people, texts)
    return Signs(
        answers=answers,
        fast=fast & (answers >= FEWEST),
        straight=_straight(people, labels, answers, n_labels, order) & (answers >= FEWEST),
        uniform=_uniform(people, labels, answers, n_labels) & (answers >= FEWEST),
        repeated=repeated,
        timed=timed,
        worded=worded,
    )


def _fast(people: Ints, n_people: int, seconds: Floats, words: Floats | None) -> tuple[Bools, Bools]:
    floor = np.full(seconds.size, FASTEST)
    if words is not None:
        floor = np.maximum(floor, np.where(np.isnan(words), 0.0, words) / WORDS_A_SECOND)
    known = np.isfinite(seconds)
    timed = np.bincount(people[known], minlength=n_people)
    quick = np.bincount(people[known & (seconds < floor)], minlength=n_people)
    return np.asarray((timed > 0) & (2 * quick > timed)), np.asarray(timed >= FEWEST)


def _repeated(people: Ints, n_people: int, texts: Ints) -> tuple[Bools, Bools]:
    said = texts >= 0
    written = np.bincount(people[said], minlength=n_people)
    size = int(texts.max(initial=-1)) + 2
    said_once = different(np.multiply(people[said], size, dtype=np.int64) + texts[said])
    apart = np.bincount(said_once // size, minlength=n_people)
    return np.asarray((written >= 3) & (2 * (written - apart) > written)), np.asarray(written >= 3)


def _straight(people: Ints, labels: Ints, answers: Ints, n_labels: int, order: Floats | None) -> Bools:
    """Return who gave one label so many times on end that it is no chance."""
    rank = np.arange(people.size) if order is None else np.where(np.isnan(order), np.inf, order)
    place = np.lexsort((np.arange(people.size), rank, people))
    who, said = people[place], labels[place]
    if not who.size:
        return np.zeros(answers.size, dtype=np.bool_)
    starts = np.flatnonzero(np.concatenate([[True], (who[1:] != who[:-1]) | (said[1:] != said[:-1])]))
    length = np.diff(np.append(starts, who.size))
    longest = np.zeros(answers.size, dtype=np.int64)
    np.maximum.at(longest, who[starts], length)
    # How often others give a label, not the person: who always says the same would else be expected to.
    used = np.bincount(labels, minlength=n_labels) / labels.size
    often = float((used * used).sum()) if n_labels > 1 else 1.0
    with np.errstate(divide="ignore"):
        expected = answers * (1.0 - often) * np.power(often, np.maximum(longest - 1, 0))
    return np.asarray((expected < 0.001) & (longest >= FEWEST) & (often < 1.0))


def _uniform(people: Ints, labels: Ints, answers: Ints, n_labels: int) -> Bools:
    """Return whose labels vary far less than those of the others."""
    counts = np.bincount(
        np.multiply(people, n_labels, dtype=np.int64) + labels, minlength=answers.size * n_labels
    )
    share = counts.reshape(answers.size, n_labels) / np.maximum(answers, 1)[:, None]
    entropy = -(share * np.log(np.where(share > 0.0, share, 1.0))).sum(axis=1)
    known = answers >= FEWEST
    if known.sum() < FEWEST:
        return np.zeros(answers.size, dtype=np.bool_)
    middle = float(np.median(entropy[known]))
    deviation = 1.4826 * float(np.median(np.abs(entropy[known] - middle)))
    return np.asarray(known & (deviation > 0.0) & (entropy < middle - 3.0 * deviation))
