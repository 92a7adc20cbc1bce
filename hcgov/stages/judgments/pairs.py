"""Preferences as arrays: outcomes, people, and every text once; which pairs are valid, and which stand there twice."""

from collections.abc import Mapping
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from hcgov.core.evidence.long import Long, Texts
from hcgov.core.frozen import frozen
from hcgov.core.long_tables import COLUMNS, LongKind
from hcgov.stages.judgments.arrays import Bools, Floats, codes
from hcgov.stages.judgments.chat import Part, fault
from hcgov.stats.crossed import Rows, different
from hcgov.stats.texts.duplicates import LIKENESS, near_duplicates_of
from hcgov.stats.texts.normal import normalised
from hcgov.stats.texts.tokens import Ints, Tokens, tokenised

OUTCOMES = COLUMNS[LongKind.PREFERENCES]["choice"].values
A, B, TIE, BOTH_BAD, SKIP = range(len(OUTCOMES))
TEXTS = ("prompt", "response_a", "response_b")
Faults: TypeAlias = Mapping[str, Bools]

REPEATABLE = ("dimension", "wave", "ranking")
"""Columns in which two judgments of the same pair by the same person may differ and both count."""


@frozen
class PairTexts:
    """The texts of preferences, each once.

    Parameters
    ----------
    prompt, a, b
        Code of each row's text, shape (rows,): -1 where none is recorded.
    texts
        What the codes mean, as first met; texts that differ in white space or in Unicode form only are one.
    """

    prompt: Ints
    a: Ints
    b: Ints
    texts: tuple[str, ...]

    @property
    def blank(self) -> Bools:
        """Whether each text says nothing, shape (texts,)."""
        return np.array([not text.strip() for text in self.texts], dtype=np.bool_)


def pair_texts(long: Long) -> PairTexts:
    """Return the texts of a table of preferences; a column that is not there has no text in any row."""
    by_raw: dict[str | None, int] = {None: -1}
    by_form: dict[str, int] = {}
    texts: list[str] = []
    found = []
    for name in TEXTS:
        column = long.columns.get(name)
        values = column.values if isinstance(column, Texts) else (None,) * long.rows
        for raw in dict.fromkeys(values):
            if raw is None or raw in by_raw:
                continue
            by_raw[raw] = code = by_form.setdefault(normalised(raw), len(texts))
            if code == len(texts):
                texts.append(raw)
        found.append(np.fromiter(map(by_raw.__getitem__, values), dtype=np.int64, count=long.rows))
    return PairTexts(prompt=found[0], a=found[1], b=found[2], texts=tuple(texts))


def outcomes(long: Long) -> Ints:
    """Return the place of each row's choice in :data:`OUTCOMES`; -1 where none is recorded."""
    place = {name: i for i, name in enumerate(OUTCOMES)}
    meaning = np.array([place.get(name, -1) for name in long.codes("choice").names] + [-1], dtype=np.int64)
    return meaning[codes(long, "choice")]


def people(long: Long) -> NDArray[np.int32]:
    """Return the code of each row's annotator; -1 everywhere where the table does not say who chose."""
    if not long.has("annotator"):
        return np.full(long.rows, -1, dtype=np.int32)
    return codes(long, "annotator")


def clusters(long: Long) -> Rows:
    """Return the annotators and prompts of the rows, which estimates take for clusters."""
    return Rows(people=people(long), items=codes(long, "prompt_id"))


def pairs_of(long: Long, texts: PairTexts) -> Ints:
    """Return a code of the two things that each row compares, whichever of them was called a.

    Two rows compare the same where prompt, the two responses and the dimension are the same; where the responses
    are not recorded the models stand for them.
    """
    one, other = texts.a, texts.b
    if not long.has("response_a", "response_b") and long.has("model_a", "model_b"):
        one, other = _named(long)
    low, high = np.minimum(one, other), np.maximum(one, other)
    dimension = codes(long, "dimension") if long.has("dimension") else np.zeros(long.rows, dtype=np.int32)
    return joint(codes(long, "prompt_id"), low, high, dimension)


def swapped(long: Long, texts: PairTexts) -> Bools:
    """Return the rows in which response a is the one that :func:`pairs_of` counts as the second."""
    if not long.has("response_a", "response_b") and long.has("model_a", "model_b"):
        one, other = _named(long)
        return one > other
    return texts.a > texts.b


def _named(long: Long) -> tuple[Ints, Ints]:
    names = {
        name: i for i, name in enumerate(sorted({*long.codes("model_a").names, *long.codes("model_b").names}))
    }
    found = []
    for column in ("model_a", "model_b"):
        meaning = np.array([names[name] for name in long.codes(column).names] + [-1], dtype=np.int64)
        found.append(meaning[codes(long, column)])
    return found[0], found[1]


def joint(*columns: NDArray[np.signedinteger]) -> Ints:
    """Return one code, from 0, for each combination of codes."""
    key = np.zeros(columns[0].size, dtype=np.int64)
    for column in columns:
        wide = column.astype(np.int64) + 1
        key = np.unique(key * (int(wide.max(initial=0)) + 1) + wide, return_inverse=True)[1].astype(np.int64)
    return key


def faults(long: Long, texts: PairTexts) -> Faults:
    """Return which rows are no valid pair, by what is wrong; a row may have several faults.

    ``no_prompt`` (only where the table has prompts), ``empty_response``, ``same_responses``, ``other_prompt`` (its
    prompt differs from that of the first row with the same ``prompt_id``), ``malformed_chat``.
    """
    blank = np.append(texts.blank, True)
    found: dict[str, Bools] = {}
    if long.has("prompt"):
        found["no_prompt"] = blank[texts.prompt]
        found["other_prompt"] = _other_prompt(codes(long, "prompt_id"), texts.prompt) & ~found["no_prompt"]
    found["empty_response"] = blank[texts.a] | blank[texts.b]
    found["same_responses"] = (texts.a == texts.b) & (texts.a >= 0)
    prompts, responses = different(texts.prompt), different(np.concatenate([texts.a, texts.b]))
    wrong = _malformed(texts, prompts, Part.PROMPT)[texts.prompt]
    answers = _malformed(texts, responses, Part.RESPONSE)
    found["malformed_chat"] = wrong | answers[texts.a] | answers[texts.b]
    return found


def _malformed(texts: PairTexts, which: Ints, part: Part) -> Bools:
    found = np.zeros(len(texts.texts) + 1, dtype=np.bool_)
    for code in which[which >= 0].tolist():
        found[code] = fault(texts.texts[code], part) is not None
    return found


def _other_prompt(ids: NDArray[np.int32], prompt: Ints) -> Bools:
    known = np.flatnonzero((ids >= 0) & (prompt >= 0))
    of_id = np.full(int(ids.max(initial=-1)) + 2, -1, dtype=np.int64)
    of_id[ids[known[::-1]]] = prompt[known[::-1]]
    return np.asarray((prompt >= 0) & (ids >= 0) & (prompt != of_id[ids]), dtype=np.bool_)


@frozen
class Repeats:
    """Rows that say again what another row says.

    Parameters
    ----------
    exact
        Rows whose pair the same annotator has judged in a row before, shape (rows,).
    near
        Rows whose pair is nearly the same as one that the same annotator has judged before, and no exact repeat.
    replications
        Rows whose pair somebody else has judged before: wanted, and no duplicates.
    who_known
        Whether the table says who chose; where it does not, a repeat may be another person's and is counted as exact.
    near_prompts
        Cluster of each row's prompt: prompts that are nearly the same share one.
    """

    exact: Bools
    near: Bools
    replications: int
    who_known: bool
    near_prompts: Ints


def repeats(long: Long, texts: PairTexts, words: Tokens, *, likeness: float = LIKENESS) -> Repeats:
    """Return the rows that repeat others.

    Parameters
    ----------
    words
        Of ``texts.texts``: see :func:`words_of`.
    likeness
        Least Jaccard similarity of what is nearly the same.
    """
    who = people(long).astype(np.int64)
    low, high = np.minimum(texts.a, texts.b), np.maximum(texts.a, texts.b)
    prompt = texts.prompt if long.has("prompt") else codes(long, "prompt_id").astype(np.int64)
    pair = joint(prompt, low, high)
    if not long.has("response_a", "response_b"):
        pair = joint(pairs_of(long, texts))
    also = [codes(long, name) for name in REPEATABLE if long.has(name)]
    exact = again(joint(who, pair, *also))
    first = np.unique(pair, return_index=True)[1]
    near_pair = _near(texts, words, first, likeness)[pair]
    near = again(joint(who, near_pair, *also)) & ~exact
    prompts = different(texts.prompt[texts.prompt >= 0])
    cluster = np.arange(len(texts.texts) + 1)
    if prompts.size:
        cluster[prompts] = prompts[
            _first_of(near_duplicates_of(words.some(prompts), likeness=likeness).cluster)
        ]
    return Repeats(
        exact=exact,
        near=near,
        replications=int((again(pair) & ~again(joint(who, pair))).sum()) if long.has("annotator") else 0,
        who_known=long.has("annotator"),
        near_prompts=cluster[texts.prompt]
        if long.has("prompt")
        else codes(long, "prompt_id").astype(np.int64),
    )


def words_of(texts: PairTexts) -> Tokens:
    """Return the words of every text of a table, each text once."""
    return tokenised(texts.texts)


def again(key: Ints) -> Bools:
    """Return the rows whose key a row before them has too."""
    found = np.ones(key.size, dtype=np.bool_)
    found[np.unique(key, return_index=True)[1]] = False
    return found


def lengths(long: Long, texts: PairTexts, words: Tokens, unit: str) -> tuple[Floats, Floats]:
    """Return the length of either response in ``words`` or ``characters``; NaN where it is not recorded."""
    size = (
        words.lengths.astype(np.float64)
        if unit == "words"
        else np.array([len(text) for text in texts.texts], dtype=np.float64)
    )
    known = np.append(size, np.nan)
    return known[texts.a], known[texts.b]


def _near(texts: PairTexts, words: Tokens, first: Ints, likeness: float) -> Ints:
    """Return the cluster of each distinct pair: the words of its prompt and of both responses, in one order."""
    low = np.minimum(texts.a, texts.b)[first]
    high = np.maximum(texts.a, texts.b)[first]
    parts = np.stack([texts.prompt[first], low, high], axis=1).ravel()
    lengths_ = np.append(words.lengths, 0)[parts]
    some = words.some(parts[parts >= 0])
    ends = np.cumsum(lengths_)[2::3] if parts.size else np.zeros(0, dtype=np.int64)
    documents = Tokens(hashes=some.hashes, starts=np.concatenate([np.zeros(1, dtype=np.int64), ends]))
    return near_duplicates_of(documents, likeness=likeness).cluster


def _first_of(cluster: Ints) -> Ints:
    return np.unique(cluster, return_index=True)[1][np.unique(cluster, return_inverse=True)[1]]
