"""What is true and how each person errs, estimated together from judgments alone: Dawid and Skene 1979."""

from dataclasses import dataclass

import numpy as np

from hcgov.stats.agreement.judged import Floats, Ints


@dataclass(frozen=True, kw_only=True)
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
    said = np.multiply(people, q, dtype=np.int64) + labels
    counts = np.bincount(np.multiply(items, q, dtype=np.int64) + labels, minlength=n_items * q)
    truth = counts.reshape(n_items, q).astype(np.float64)
    judged = truth.sum(axis=1, keepdims=True) > 0.0
    truth = np.where(judged, truth / np.maximum(truth.sum(axis=1, keepdims=True), 1.0), 1.0 / q)
    known, settled, rounds = -np.inf, False, 0
    for rounds in range(1, most_rounds + 1):  # noqa: B007 - how many it took is told
        prior = truth[judged[:, 0]].mean(axis=0)
        confusion = _errors(truth, items, said, (n_people, q), smoothing)
        with np.errstate(divide="ignore"):
            log_prior, log_errors = np.log(prior), np.log(confusion)
        by_label = log_errors.transpose(0, 2, 1).reshape(n_people * q, q)
        score = np.stack(
            [np.bincount(items, weights=by_label[said, k], minlength=n_items) for k in range(q)], axis=1
        )
        score += log_prior
        top = score.max(axis=1, keepdims=True)
        weight = np.exp(score - top)
        total = weight.sum(axis=1, keepdims=True)
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


def _errors(truth: Floats, items: Ints, said: Ints, size: tuple[int, int], smoothing: float) -> Floats:
    n_people, q = size
    counts = np.stack(
        [np.bincount(said, weights=truth[items, k], minlength=n_people * q) for k in range(q)], axis=1
    )
    by_truth = counts.reshape(n_people, q, q).transpose(0, 2, 1) + smoothing
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
    return _errors(fitted.truth, items[known], said, (n_groups, q), smoothing)
