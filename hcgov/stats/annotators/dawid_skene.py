"""What is true and how each person errs, estimated together from judgments alone: Dawid and Skene 1979."""

import numpy as np
from scipy.sparse import csr_array

from hcgov.core.frozen import frozen
from hcgov.stats.agreement.judged import Floats, Ints


@frozen
class DawidSkene:
    """The fitted model.

    Parameters
    ----------
    truth
        Probability of each label for each item, shape (items, labels); items without judgments have the prior.
    prior
        How frequent each label is, shape (labels,).
    confusion
        What each person says of an item by what is true, shape (people, labels true, labels said); rows sum to 1.
    log_likelihood, rounds
        Of the judgments, and how many rounds it took.
    settled
        Whether the likelihood had stopped to grow.
    """

    truth: Floats
    prior: Floats
    confusion: Floats
    log_likelihood: float
    rounds: int
    settled: bool

    def competence(self) -> Floats:
        """Return the probability of each person to be right, shape (people,): labels as frequent as the prior says."""
        return np.asarray(np.einsum("akk,k->a", self.confusion, self.prior))


def dawid_skene(
    items: Ints,
    people: Ints,
    labels: Ints,
    *,
    size: tuple[int, int, int],
    smoothing: float = 0.01,
    most_rounds: int = 200,
    tolerance: float = 1e-7,
) -> DawidSkene:
    """Fit the model of Dawid and Skene by expectation and maximisation, from the shares of each item's labels.

    Parameters
    ----------
    items, people, labels
        Codes from 0, each of shape (rows,). A person may judge an item more than once.
    size
        Numbers of items, people and labels.
    smoothing
        Added to every count of what a person said of what is true (Laplace): without it, a label that a person
        never gave would count as impossible. Above 0; next to 0 gives maximum likelihood.
    most_rounds, tolerance
        When to stop: after so many rounds, or where the likelihood grows by less than this share.

    Raises
    ------
    ValueError
        There are no judgments, or the smoothing is not above 0.

    Notes
    -----
    Dawid and Skene 1979 (Journal of the Royal Statistical Society C 28:20, doi:10.2307/2346806), equations 2.3 to
    2.5. The model takes it that there is one truth: people of a minority view come out as noisy, so that its answer
    is no measure of anybody where labels are opinions.
    """
    n_items, n_people, q = size
    if not items.size or not smoothing > 0.0:
        raise ValueError("at least one judgment and a smoothing above 0 are needed")
    by_person = _sums_of(np.multiply(people, q, dtype=np.int64) + labels, items, (n_people * q, n_items))
    by_item = by_person.T.tocsr()
    counts = np.bincount(np.multiply(items, q, dtype=np.int64) + labels, minlength=n_items * q)
    truth = counts.reshape(n_items, q).astype(np.float64)
    judged = truth.sum(axis=1, keepdims=True) > 0.0
    truth = np.where(judged, truth / np.maximum(truth.sum(axis=1, keepdims=True), 1.0), 1.0 / q)
    known, settled, rounds = -np.inf, False, 0
    for rounds in range(1, most_rounds + 1):  # noqa: B007 - how many it took is told
        prior = truth[judged[:, 0]].mean(axis=0)
        confusion = _errors(by_person @ truth, q, smoothing)
        with np.errstate(divide="ignore"):
            log_prior, log_errors = np.log(prior), np.log(confusion)
        by_label = log_errors.transpose(0, 2, 1).reshape(n_people * q, q)
        score = by_item @ by_label
        score += log_prior
        top = _highest(score)
        weight = np.exp(score - top)
        total = weight @ np.ones((q, 1))
        truth = weight / total
        likelihood = float((top + np.log(total))[judged].sum())
        if likelihood - known <= tolerance * abs(likelihood):
            settled = True
            known = likelihood
            break
        known = likelihood
    return DawidSkene(
        truth=truth,
        prior=prior,
        confusion=confusion,
        log_likelihood=known,
        rounds=rounds,
        settled=settled,
    )


def _highest(score: Floats) -> Floats:
    """Return the highest of each row, shape (items, 1); by columns, for they are few and rows are many."""
    top = score[:, 0]
    for k in range(1, score.shape[1]):
        top = np.maximum(top, score[:, k])
    return top[:, None]


def _sums_of(said: Ints, items: Ints, size: tuple[int, int]) -> csr_array:
    """Return the matrix that sums rows of items for everything that somebody said."""
    return csr_array((np.ones(items.size), (said, items)), shape=size)


def _errors(counts: Floats, q: int, smoothing: float) -> Floats:
    """Return what people say by what is true, from how often by person and label said, shape (people q, q)."""
    by_truth = np.asarray(counts).reshape(-1, q, q).transpose(0, 2, 1) + smoothing
    return np.asarray(by_truth / by_truth.sum(axis=2, keepdims=True))


def group_confusion(
    fitted: DawidSkene,
    items: Ints,
    labels: Ints,
    groups: Ints,
    *,
    size: tuple[int, int],
    smoothing: float = 0.01,
) -> Floats:
    """Return what the people of each group say by what is taken for true, shape (groups, labels, labels).

    Parameters
    ----------
    fitted
        Of all people, or of others than the group.
    items, labels, groups
        Item, label and group of each judgment, shape (rows,); a negative group is left out.
    size
        Numbers of groups and labels.
    """
    n_groups, q = size
    known = groups >= 0
    said = np.multiply(groups[known], q, dtype=np.int64) + labels[known]
    sums = _sums_of(said, items[known], (n_groups * q, fitted.truth.shape[0]))
    return _errors(sums @ fitted.truth, q, smoothing)
