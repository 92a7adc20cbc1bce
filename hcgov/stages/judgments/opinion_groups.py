"""Groups of opinion among the people who judged: found, tested, and described."""

import numpy as np

from hcgov.core.evidence.long import Long
from hcgov.core.frozen import frozen
from hcgov.stages.judgments.arrays import Bools, as_array
from hcgov.stages.judgments.comparisons import Choices
from hcgov.stats.preferences.clusters import Clustering, clusters
from hcgov.stats.preferences.contests import Codes
from hcgov.stats.preferences.mixture import Mixture, mixture
from hcgov.stats.preferences.projection import Votes

FEWEST_PEOPLE = 50
"""With fewer people who answered enough, no groups of opinion can be found or ruled out."""


@frozen
class Card:
    """What sets one group of opinion apart.

    Parameters
    ----------
    size, share
        People in it, and their share of those who could be placed.
    prefers
        Items on which it lies furthest from the others: name of the item, mean choice of the group and of the others
        in [-1, 1].
    mix
        By slicing column, the share of each group of people in it and among everyone who was placed: name, here,
        overall; groups that nobody here belongs to are told too.
    """

    size: int
    share: float
    prefers: tuple[tuple[str, float, float], ...]
    mix: tuple[tuple[str, tuple[tuple[str, float, float], ...]], ...]


def about_models(found: Choices) -> bool:
    """Whether people share pairs of models rather than prompts: then those are the items that set them apart."""
    if not found.names:
        return False
    by_prompt, by_model = found.votes(models=False), found.votes(models=True)
    return _shared(by_prompt) < _shared(by_model)


def _shared(votes: Votes) -> float:
    """Return the share of answers about items that at least five people answered."""
    if not votes.items.size:
        return 0.0
    place, people = np.unique(votes.items, return_inverse=True)[1], votes.people
    pairs = np.unique(place.astype(np.int64) * (int(people.max()) + 1) + people)
    answered = np.bincount(pairs // (int(people.max()) + 1))
    return float(answered[answered >= 5].sum() / pairs.size)


def groups_of_opinion(
    found: Choices, *, models: bool, least_answers: int, seed: int = 0
) -> Clustering | None:
    """Return groups of people who choose alike; ``None`` where too few of them answered about the same."""
    return clusters(found.votes(models=models), least_answers=least_answers, seed=seed)


def kinds_of_people(found: Choices, *, seed: int = 0) -> Mixture | None:
    """Return kinds of people with strengths of models of their own; ``None`` without three models or people enough."""
    return mixture(found.contests(), seed=seed) if len(found.names) >= 3 else None


def cards(
    long: Long, found: Choices, people: Codes, labels: Codes, *, models: bool, most: int = 5
) -> tuple[Card, ...]:
    """Return a card for each group of opinion.

    Parameters
    ----------
    people, labels
        Codes of the people, ascending, and the group of each from 0.
    models
        Whether items are pairs of models, else prompts.
    most
        Items named on a card.
    """
    votes = found.votes(models=models)
    place = np.minimum(np.searchsorted(people, votes.people), people.size - 1)
    kept = people[place] == votes.people
    label, items, sign = labels[place[kept]], votes.items[kept], votes.sign[kept].astype(np.float64)
    return tuple(
        Card(
            size=int((labels == group).sum()),
            share=float((labels == group).mean()),
            prefers=_prefers(long, found, items, sign, label == group, models=models, most=most),
            mix=tuple(_mix(long, found, people, labels == group, column) for column in long.groups),
        )
        for group in range(int(labels.max(initial=-1)) + 1)
    )


def _prefers(
    long: Long, found: Choices, items: Codes, sign: Codes, inside: Bools, *, models: bool, most: int
) -> tuple[tuple[str, float, float], ...]:
    distinct, item = np.unique(items, return_inverse=True)
    size = distinct.size
    here, there = np.bincount(item[inside], minlength=size), np.bincount(item[~inside], minlength=size)
    mean = np.bincount(item[inside], sign[inside], size) / np.maximum(here, 1)
    other = np.bincount(item[~inside], sign[~inside], size) / np.maximum(there, 1)
    # Of items that few answered a difference is chance: it counts in units of its standard error.
    known = (here >= 5) & (there >= 5)
    weight = np.where(
        known, np.abs(mean - other) / np.sqrt(1.0 / np.maximum(here, 1) + 1.0 / np.maximum(there, 1)), -1.0
    )
    order = [int(one) for one in np.argsort(-weight, kind="stable")[:most] if weight[one] > 0.0]
    return tuple(
        (item_name(long, found, int(distinct[i]), models=models), float(mean[i]), float(other[i]))
        for i in order
    )


def item_name(long: Long, found: Choices, item: int, *, models: bool) -> str:
    """Return what an item is called: `one over other`, or the prompt."""
    if models:
        return f"{found.names[item // len(found.names)]} over {found.names[item % len(found.names)]}"
    row = int(np.flatnonzero(found.items == item)[0])
    name = long.codes("prompt_id").names[int(found.prompts[row])]
    if not found.names or found.first[row] < 0 or found.second[row] < 0:
        return name
    one, other = sorted((found.names[int(found.first[row])], found.names[int(found.second[row])]))
    return f"{name}: {one} over {other}"


def _mix(
    long: Long, found: Choices, people: Codes, inside: Bools, column: str
) -> tuple[str, tuple[tuple[str, float, float], ...]]:
    codes_ = as_array(long.groups[column])
    of_person = np.full(int(found.people.max()) + 2, -1, dtype=np.int64)
    of_person[found.people] = codes_
    group = of_person[people]
    names = long.groups[column].names
    here = np.bincount(group[inside] + 1, minlength=len(names) + 1)[1:] / max(
        int((group[inside] >= 0).sum()), 1
    )
    overall = np.bincount(group + 1, minlength=len(names) + 1)[1:] / max(int((group >= 0).sum()), 1)
    return column, tuple((name, float(a), float(b)) for name, a, b in zip(names, here, overall, strict=True))
