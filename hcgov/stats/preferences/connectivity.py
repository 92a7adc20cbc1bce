"""Whether comparisons connect their competitors, so that all can stand on one scale."""

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from hcgov.core.frozen import frozen
from hcgov.stats.preferences.contests import FIRST, SECOND, TIE, Contests


@frozen
class Connectivity:
    """How competitors hang together.

    Parameters
    ----------
    strong
        Groups of competitors within which everyone can be reached by a chain of wins (a tie counts both ways), the
        largest first.
    weak
        Groups within which everyone can be reached by a chain of comparisons, whoever won.
    """

    strong: tuple[tuple[int, ...], ...]
    weak: tuple[tuple[int, ...], ...]

    @property
    def compared(self) -> bool:
        """Whether a chain of comparisons leads from everyone to everyone."""
        return len(self.weak) <= 1

    @property
    def connected(self) -> bool:
        """Whether strengths of all are finite and comparable."""
        return len(self.strong) <= 1


def connectivity(contests: Contests) -> Connectivity:
    """Return how the competitors of some comparisons hang together.

    Notes
    -----
    Strengths have a finite maximum-likelihood estimate if and only if, however the competitors are split into two
    parts, someone of each part has beaten someone of the other: Ford 1957 (American Mathematical Monthly 64:28,
    doi:10.2307/2308513). A tie does for both directions, as it is the less probable the further strengths lie apart.
    """
    drawn = contests.outcome == TIE
    wins = (contests.outcome == FIRST) | drawn
    losses = (contests.outcome == SECOND) | drawn
    winner = np.concatenate([contests.first[wins], contests.second[losses]])
    loser = np.concatenate([contests.second[wins], contests.first[losses]])
    size = contests.competitors
    graph = coo_array((np.ones(winner.size, dtype=np.int8), (winner, loser)), shape=(size, size)).tocsr()
    return Connectivity(strong=_parts(graph, "strong"), weak=_parts(graph, "weak"))


def _parts(graph: object, kind: str) -> tuple[tuple[int, ...], ...]:
    _, label = connected_components(graph, directed=True, connection=kind)
    order = np.argsort(label, kind="stable")
    ends = np.flatnonzero(np.diff(label[order])) + 1
    parts = [tuple(int(code) for code in part) for part in np.split(order, ends) if part.size]
    return tuple(sorted(parts, key=lambda part: (-len(part), part)))
