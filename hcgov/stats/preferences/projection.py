"""People as points: a sparse matrix of their choices, centred by item and projected on principal components."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from hcgov.core.frozen import frozen
from hcgov.stats.preferences.contests import Codes

Singles: TypeAlias = NDArray[np.float32]

FEWEST_ANSWERS = 5
"""An item that fewer people answered tells nobody apart."""


@frozen
class Votes:
    """Choices of people about items.

    Parameters
    ----------
    sign
        1, -1, or 0 for neither, in the item's own order, shape (n,); of several rows of a person about an item their
        mean is taken.
    people, items
        Codes from 0, shape (n,).
    """

    sign: Codes
    people: Codes
    items: Codes


def table_of(votes: Votes, least_answers: int) -> tuple[csr_array, Codes, int] | None:
    """Return the matrix of choices, its people, and how many are left out; items of one answer divide nobody."""
    everyone = int(np.unique(votes.people).size)
    people, items, sign = votes.people, votes.items, votes.sign.astype(np.float32)
    for _ in range(3):
        answered = np.bincount(items, minlength=int(items.max(initial=-1)) + 1)
        answers = np.bincount(people, minlength=int(people.max(initial=-1)) + 1)
        kept = (answered[items] >= FEWEST_ANSWERS) & (answers[people] >= least_answers)
        people, items, sign = people[kept], items[kept], sign[kept]
    if np.unique(people).size < 10 or np.unique(items).size < 2:
        return None
    persons, row = np.unique(people, return_inverse=True)
    columns, column = np.unique(items, return_inverse=True)
    keys, place, times = np.unique(
        row.astype(np.int64) * columns.size + column, return_inverse=True, return_counts=True
    )
    mean = (np.bincount(place, sign) / times).astype(np.float32)
    if np.ptp(mean) == 0.0:
        return None
    cells = (mean, (keys // columns.size, keys % columns.size))
    matrix = csr_array(cells, shape=(persons.size, columns.size))
    return matrix, persons, everyone - persons.size


def centred_by_item(matrix: csr_array) -> csr_array:
    """Return the matrix with each item's mean answer taken off what was answered; what was not stays 0."""
    n = np.bincount(matrix.indices, minlength=matrix.shape[1])
    mean = np.bincount(matrix.indices, matrix.data, matrix.shape[1]) / np.maximum(n, 1)
    data = matrix.data - mean[matrix.indices].astype(np.float32)
    return csr_array((data, matrix.indices, matrix.indptr), shape=matrix.shape)


def principal_axes(centred: csr_array, dimensions: int, generator: np.random.Generator) -> Singles:
    """Return principal axes, shape (items, dimensions), by a randomised range finder with power steps.

    Halko, Martinsson and Tropp 2011 (SIAM Review 53:217, doi:10.1137/090771806), algorithm 4.4.
    """
    width = min(dimensions + 6, *centred.shape)
    probe = centred @ generator.standard_normal((centred.shape[1], width), dtype=np.float32)
    for _ in range(4):
        probe = centred @ (centred.T @ _orthonormal(probe))
    small = centred.T @ _orthonormal(probe)
    values, vectors = np.linalg.eigh(np.einsum("ij,ik->jk", small, small))
    leading = vectors[:, np.argsort(-values)[:dimensions]]
    axes = np.einsum("ij,jk->ik", small, leading)
    return np.asarray(axes / np.maximum(np.linalg.norm(axes, axis=0), 1e-12), dtype=np.float32)


def _orthonormal(columns: Singles) -> Singles:
    """Return an orthonormal basis of what the columns span, without threads that cost more than they save."""
    wide = columns.astype(np.float64)
    values, vectors = np.linalg.eigh(np.einsum("ij,ik->jk", wide, wide))
    kept = values > 1e-10 * values.max(initial=0.0)
    basis = vectors[:, kept] / np.sqrt(values[kept])
    return np.asarray(np.einsum("ij,jk->ik", wide, basis), dtype=np.float32)


def projected(centred: csr_array, axes: Singles) -> Singles:
    """Return where people stand, stretched by sqrt(items / answers) lest few answers put them in the middle."""
    answers = np.diff(centred.indptr)
    stretch = np.sqrt(centred.shape[1] / np.maximum(answers, 1)).astype(np.float32)
    return np.asarray((centred @ axes) * stretch[:, None], dtype=np.float32)
