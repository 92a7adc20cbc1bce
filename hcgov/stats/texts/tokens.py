"""Many texts as one array of hashed words."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from hcgov.core.frozen import frozen
from hcgov.stats.texts.normal import words_as_bytes

Ints: TypeAlias = NDArray[np.int64]
Hashes: TypeAlias = NDArray[np.uint64]

_BLOCK = 1 << 17
_BASE = 0x9E3779B97F4A7C15
_END = "\N{END OF TEXT}end"
_INVERSE = pow(_BASE, -1, 1 << 64)


@frozen
class Tokens:
    """The words of many texts, in order: see :func:`hcgov.stats.texts.normal.words`.

    Parameters
    ----------
    hashes
        64-bit hash of each word, shape (words in all,).
    starts
        Where each text begins in ``hashes``, and the end; shape (texts + 1,).
    """

    hashes: Hashes
    starts: Ints

    @property
    def texts(self) -> int:
        """How many texts."""
        return int(self.starts.size) - 1

    @property
    def lengths(self) -> Ints:
        """Words of each text, shape (texts,)."""
        return np.diff(self.starts)

    @property
    def text_of_word(self) -> Ints:
        """Which text each word stands in, shape (words in all,)."""
        return np.repeat(np.arange(self.texts), self.lengths)

    def blocks(self, words: int) -> Iterator[slice]:
        """Yield slices of the texts, in order, of about so many words each."""
        edges = np.searchsorted(self.starts, np.arange(words, int(self.starts[-1]), words))
        cuts = np.unique(np.concatenate([[0], edges, [self.texts]])).tolist()
        yield from (slice(a, b) for a, b in pairwise(cuts))

    def part(self, texts: slice) -> "Tokens":
        """Return some texts that stand side by side; nothing is copied but where they begin."""
        starts = self.starts[texts.start : texts.stop + 1]
        return Tokens(hashes=self.hashes[starts[0] : starts[-1]], starts=starts - starts[0])

    def some(self, texts: Ints) -> "Tokens":
        """Return some of the texts, by their numbers, which may repeat."""
        lengths = self.lengths[texts]
        starts = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths)])
        at = np.arange(int(starts[-1])) - np.repeat(starts[:-1] - self.starts[:-1][texts], lengths)
        return Tokens(hashes=self.hashes[at], starts=starts)


def tokenised(texts: Iterable[str | None]) -> Tokens:
    """Return the words of texts as hashes; ``None`` is a text without words.

    Notes
    -----
    The hash of a word is the polynomial of its bytes, modulo 2⁶⁴, mixed: whole blocks of text are hashed at once.
    Two different words of a million collide with a probability below 1e-7.
    """
    hashed: list[Hashes] = [np.zeros(0, dtype=np.uint64)]
    counts: list[Ints] = [np.zeros(1, dtype=np.int64)]
    powers = _powers(_BLOCK)
    block: list[bytes] = []
    size = 0
    for text in chain(texts, (_END,)):
        if size >= _BLOCK or (text is _END and block):
            if size > powers[0].size:
                powers = _powers(size)
            found, begins = _words(block, size, powers)
            ends = np.cumsum([len(told) + 1 for told in block])
            hashed.append(found)
            counts.append(np.diff(np.searchsorted(begins, ends), prepend=0))
            block, size = [], 0
        if text is not _END:
            block.append(words_as_bytes(text) if text else b"")
            size += len(block[-1]) + 1
    return Tokens(hashes=np.concatenate(hashed), starts=np.cumsum(np.concatenate(counts)))


def mixed(values: Hashes) -> Hashes:
    """Return well-mixed 64-bit hashes of numbers: the finaliser of SplitMix64 (Steele, Lea and Flood 2014)."""
    z = values + np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(z ^ (z >> np.uint64(31)), dtype=np.uint64)


def ngrams(tokens: Tokens, n: int) -> tuple[Hashes, Ints]:
    """Return the hashes of all runs of ``n`` words, and where each text's begin (shape (texts + 1,)).

    A text with fewer than ``n`` words, but at least one, has one run: all its words.

    Raises
    ------
    ValueError
        ``n`` is below 1.
    """
    if n < 1:
        raise ValueError(f"a run has at least one word, not {n}")
    lengths = tokens.lengths
    counts = np.where(lengths == 0, 0, np.maximum(lengths - n + 1, 1))
    starts = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(counts)])
    total = int(tokens.hashes.size)
    runs = np.zeros(total, dtype=np.uint64)
    # The first word of a run is worth the most, so a run that ends early is told from one that goes on.
    for step in range(n):
        runs *= np.uint64(_BASE)
        runs[: max(total - step, 0)] += tokens.hashes[step:]
    whole = np.flatnonzero((lengths > 0) & (lengths < n))
    at = np.arange(int(starts[-1])) - np.repeat(starts[:-1] - tokens.starts[:-1], counts)
    found = runs[at]
    for text in range(n - 1, 0, -1):
        of_length = whole[lengths[whole] == text]
        found[starts[of_length]] = _runs_of(tokens.hashes, tokens.starts[of_length], text)
    return mixed(found), starts


def _runs_of(hashes: Hashes, begins: Ints, words: int) -> Hashes:
    """Return the hash of so many words from each place on; other lengths have other hashes."""
    found = np.full(begins.size, words, dtype=np.uint64)
    for step in range(words):
        found = mixed(found * np.uint64(_BASE) + hashes[begins + step])
    return found


def _words(told: Sequence[bytes], length: int, powers: tuple[Hashes, Hashes]) -> tuple[Hashes, Ints]:
    """Return the hash of each word of a block, and where in the block each begins."""
    block = np.frombuffer(b"\n".join([*told, b""]), dtype=np.uint8)
    values = _VALUES[block]
    inside = values != 0
    begins = np.flatnonzero(inside & ~np.concatenate([[False], inside[:-1]]))
    if not begins.size:
        return np.zeros(0, dtype=np.uint64), begins
    sums = np.add.reduceat(values * powers[0][:length], begins)
    return mixed(sums * powers[1][begins]), begins


def _powers(length: int) -> tuple[Hashes, Hashes]:
    """Return the powers of the base and of its inverse, modulo 2⁶⁴."""
    both = []
    for base in (_BASE, _INVERSE):
        factors = np.full(length, base, dtype=np.uint64)
        factors[:1] = 1
        both.append(np.cumprod(factors, dtype=np.uint64))
    return both[0], both[1]


def _byte_values() -> Hashes:
    """Return a number for each byte: 0 where it stands between words."""
    found = mixed(np.arange(256, dtype=np.uint64)) | np.uint64(1)
    between = [byte for byte in range(128) if not (chr(byte).isalnum() or chr(byte) == "_")]
    found[between] = 0
    return found


_VALUES = _byte_values()
