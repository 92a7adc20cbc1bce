"""Published data, typed in from their sources."""

import numpy as np

from hcgov.stats.agreement.judged import Judged

# Krippendorff 2011, Computing Krippendorff's Alpha-Reliability, section C: 4 observers, 12 units.
CANONICAL = "1,1,.,1;2,2,3,2;3,3,3,3;3,3,3,3;2,2,2,2;1,2,3,4;4,4,4,4;1,1,2,1;2,2,2,2;.,5,5,5;.,.,1,1;.,.,3,."

# Fleiss 1971, Psychological Bulletin 76:378, table 1: six of many psychiatrists for each of 30 patients.
FLEISS = (
    "444444 222555 233335 555555 222444 113333 333355 113334 114444 555555 144444 124444 222333 144444 224445 "
    "333335 111455 111112 224444 133555 555555 244444 224555 114444 144445 222224 111155 224444 133333 555555"
)

# Dawid and Skene 1979, Applied Statistics 28:20, table 1: 45 patients; observer 1 three times, then 2 to 5.
DAWID_SKENE = (
    "1111111 3334334 1122122 2223121 2223222 2223322 1222111 3333433 2222223 2322223 4444444 2223343 1111111 "
    "2223212 1211111 1112111 1111111 1111111 2222221 2221322 2222222 2222221 2223222 2212222 1111111 1111111 "
    "2322222 1111111 1111111 1121121 1111111 3333233 1111111 2222222 2223232 4334343 2212232 2323233 3333432 "
    "1111111 1111111 1212111 2322222 1211111 2222222"
)


def canonical() -> Judged:
    rows = [
        (unit, rater, int(label) - 1)
        for unit, labels in enumerate(CANONICAL.split(";"))
        for rater, label in enumerate(labels.split(","))
        if label != "."
    ]
    items, people, labels = np.array(rows).T
    return Judged(
        items=items, people=people, labels=labels, n_items=12, n_people=4, values=np.arange(1.0, 6.0)
    )


def fleiss_counts(patients: int = 30) -> np.ndarray:
    rows = [[told.count(str(k)) for k in range(1, 6)] for told in FLEISS.split()[:patients]]
    return np.array(rows, dtype=float)


def from_counts(counts: np.ndarray) -> Judged:
    """Return judgments with these counts, by people who each judge one item a column of the crossing."""
    rows = []
    for item, row in enumerate(counts.astype(int)):
        said = np.repeat(np.arange(counts.shape[1]), row)
        rows += [(item, person, label) for person, label in enumerate(said)]
    items, people, labels = np.array(rows).T
    return Judged(
        items=items,
        people=people,
        labels=labels,
        n_items=counts.shape[0],
        n_people=int(people.max()) + 1,
        values=np.arange(1.0, counts.shape[1] + 1.0),
    )


def drawn(
    seed: int, *, items: int, people: int, each: int, labels: int, gap: float = 0.1
) -> tuple[Judged, np.ndarray]:
    """Return judgments of people and items that both vary, and which people belong to a group."""
    random = np.random.default_rng(seed)
    truth = random.integers(0, labels, items)
    hard, skill = random.beta(2, 2, items), random.beta(4, 2, people)
    group = random.random(people) < 0.4
    who = np.argsort(random.random((items, people)), axis=1)[:, :each].ravel()
    what = np.repeat(np.arange(items), each)
    right = np.clip(0.2 + 0.75 * skill[who] * (1.0 - 0.6 * hard[what]) - gap * group[who], 0.0, 1.0)
    said = np.where(random.random(what.size) < right, truth[what], random.integers(0, labels, what.size))
    judged = Judged(
        items=what,
        people=who,
        labels=said,
        n_items=items,
        n_people=people,
        values=np.arange(1.0, labels + 1.0),
    )
    return judged, group
