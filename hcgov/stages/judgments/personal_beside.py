"""People beside judges, source by source: what each says of the same, and what judges add to people's labels."""

from collections.abc import Iterator

import numpy as np

from hcgov.core.estimate import Estimate
from hcgov.core.frozen import frozen
from hcgov.stages.judgments.arrays import as_array
from hcgov.stages.judgments.personal_rows import Bools, Floats, Ints, StageRows
from hcgov.stats.crossed import Rows, crossed_mean, crossed_share
from hcgov.stats.judges.ppi import powered_share

PEOPLE = "people"


@frozen
class Beside:
    """What one rater says in one source.

    Parameters
    ----------
    source
        ``human``, ``synthetic``, or ``all`` where the table does not tell them apart.
    rater
        :data:`PEOPLE` together, or a judge.
    corrected
        Whether these are people's labels, with a judge's where people gave none.
    rate
        Share of judgments with the outcome.
    minus_people
        Its rate minus people's on the same items; ``None`` for people, or without shared items.
    """

    source: str
    rater: str
    corrected: bool
    rate: Estimate
    minus_people: Estimate | None

    @property
    def deff(self) -> float:
        """Rows over the independent observations that they are worth."""
        return self.rate.n / self.rate.n_eff if self.rate.n_eff > 0.0 else float("inf")


def beside(rows: StageRows, outcome: Bools) -> tuple[Beside, ...]:
    """Return people and every judge in every source, by the share of judgments with an outcome.

    Parameters
    ----------
    rows
        Of one stage, of all sources and raters.
    outcome
        Of each row.
    """
    sources = [("human", ~rows.synthetic), ("synthetic", rows.synthetic)]
    if not rows.long.has("source"):
        sources = [("all", np.ones(rows.index.size, dtype=np.bool_))]
    return tuple(one for name, mask in sources for one in _of_source(rows.where(mask), outcome[mask], name))


def _of_source(rows: StageRows, outcome: Bools, source: str) -> Iterator[Beside]:
    if not rows.index.size:
        return
    _, at, place = np.unique(rows.items, return_index=True, return_inverse=True)
    owner = rows.people[at]
    ours = _item_means(place, outcome, rows.human, at.size)
    if rows.human.any():
        rate = crossed_share(outcome[rows.human], Rows(people=rows.people[rows.human]))
        yield Beside(source=source, rater=PEOPLE, corrected=False, rate=rate, minus_people=None)
    for name in rows.judges:
        own = rows.named(name) & rows.judge
        theirs = _item_means(place, outcome, own, at.size)
        both, only = np.isfinite(theirs) & np.isfinite(ours), np.isfinite(theirs) & ~np.isfinite(ours)
        shared = Rows(people=owner[both])
        gap = crossed_mean(theirs[both] - ours[both], shared, low=-1.0, high=1.0) if both.any() else None
        rate = crossed_share(outcome[own], Rows(people=rows.people[own]))
        yield Beside(source=source, rater=name, corrected=False, rate=rate, minus_people=gap)
        if both.any() and only.any():
            found = powered_share(ours[both], theirs[both], shared, theirs[only], Rows(people=owner[only]))
            if found is not None:
                yield Beside(
                    source=source, rater=name, corrected=True, rate=found.estimate, minus_people=None
                )


def _item_means(place: Ints, outcome: Bools, which: Bools, size: int) -> Floats:
    n = np.bincount(place[which], minlength=size)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.bincount(place[which], weights=outcome[which], minlength=size) / n)


def by_group(rows: StageRows, outcome: Bools, column: str) -> tuple[tuple[str | None, Estimate], ...]:
    """Return of each group of people, and of those whose group is not recorded (``None``), the share of an outcome."""
    group = rows.long.groups[column]
    codes = as_array(group)[rows.index]
    names: list[str | None] = [*group.names, None]
    found = []
    for code in np.unique(codes).tolist():
        own = codes == code
        found.append((names[code], crossed_share(outcome[own], Rows(people=rows.people[own]))))
    return tuple(found)
