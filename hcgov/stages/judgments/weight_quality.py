"""What weights are worth: effective share of the people, of everyone and of each group."""

from collections.abc import Iterator

import numpy as np

from hcgov.core.estimate import Estimate
from hcgov.core.measurement import Answered, GroupCount, Measurement, Observation, Statement
from hcgov.core.slices import EVERYONE, Slice
from hcgov.core.status import Reason
from hcgov.core.text import text
from hcgov.stages.judgments.weighting import Weighted
from hcgov.stats.aggregation.ballots import Bools, Floats
from hcgov.stats.crossed import Rows, jackknifed
from hcgov.stats.sampling.raking import within
from hcgov.stats.shares import share, worth

METRIC = "effective_share"


def effective_share(weights: Floats) -> Estimate:
    """Return Kish's effective sample size as a share of the people, as of a sample of people that could be another.

    Notes
    -----
    (sum w)^2 / (n sum w^2) = 1 / (1 + CV^2), Kish 1965, Survey Sampling, section 11.7; its variance by a jackknife over
    people, its interval that of a share of so many people.
    """
    positive = weights[weights > 0.0]
    n = int(positive.size)
    terms = np.stack([positive, positive**2, np.ones(n)], axis=1)

    def value(sums: Floats) -> Floats:
        found: Floats = sums[..., 0] ** 2 / (sums[..., 1] * sums[..., 2])
        return found

    whole = min(float(value(terms.sum(axis=0))), 1.0)
    found = jackknifed(terms, Rows(people=np.arange(n)), value, whole)
    variance, df = (None, None) if found is None else found
    return share(whole, worth(whole, variance, fewest=n, most=float(n), df=df), n=n, people=n)


def quality_of(
    weighted: Weighted, *, fewest_effective: int, most_miss: float, cap: float
) -> Iterator[Observation]:
    """Yield what weights are worth over all and in each group, and what was cut and missed.

    Parameters
    ----------
    weighted
        People with weights.
    fewest_effective
        A group of fewer effective people is named and not told weighted.
    most_miss
        Largest miss of a level's share of the population.
    cap
        Largest weight, in medians.
    """
    weights = weighted.weights
    yield _measured(EVERYONE, weights > 0.0, weights)
    yield from _groups(weighted, fewest_effective)
    yield _cut(weighted, cap)
    yield _missed(weighted, most_miss)


def _measured(scope: Slice, mask: Bools, weights: Floats, *, shown: bool = False) -> Measurement:
    estimate = effective_share(weights[mask])
    value, n = estimate.value or 0.0, estimate.n
    return Measurement(
        metric=METRIC,
        scope=scope,
        depth=scope.depth,
        estimate=estimate,
        groups=(GroupCount(slice=scope, positives=value * n, n=n, n_eff=estimate.n_eff, people=n),),
        note=text(
            "{n} {n|person|people} are worth {effective}; the design effect of their weights is {deff}",
            n=n,
            effective=f"{value * n:.1f}",
            deff=f"{1.0 / value:.2f}" if value else "unknown",
        ),
        shown=shown,
    )


def _groups(weighted: Weighted, fewest: int) -> Iterator[Measurement]:
    for margin in weighted.margins:
        levels = within(weighted.weights, margin.place, len(margin.levels))
        for code, (name, kish) in enumerate(zip(margin.levels, levels, strict=True)):
            if not kish.n:
                continue
            scope = Slice(values=((margin.name, name),))
            if kish.n_eff < fewest:
                yield Measurement(
                    metric=METRIC,
                    scope=scope,
                    depth=1,
                    groups=(
                        GroupCount(slice=scope, positives=0.0, n=kish.n, n_eff=kish.n_eff, people=kish.n),
                    ),
                    reason=Reason.FEW_PEOPLE,
                    note=text(
                        "{group}: {n} {n|person|people} are worth {effective} by their weights; "
                        "under {least} no weighted result "
                        "of the group is told",
                        group=name,
                        n=kish.n,
                        effective=f"{kish.n_eff:.1f}",
                        least=fewest,
                    ),
                )
            else:
                yield _measured(scope, margin.place == code, weighted.weights, shown=True)


def _cut(weighted: Weighted, cap: float) -> Statement:
    """Say what trimming cut off, or whether given weights exceed the cap."""
    found = weighted.found
    if found is not None:
        return Statement(
            about="trimming",
            answer=Answered.MET,
            text=text(
                "{people} {people|weight|weights} over {cap} medians cut, {share} % of all weight",
                people=found.trimmed,
                cap=f"{cap:g}",
                share=f"{100 * found.trimmed_share:.2f}",
            ),
        )
    weights = weighted.weights[weighted.weights > 0.0]
    over = int((weights > cap * float(np.median(weights)) * (1.0 + 1e-9)).sum())
    return Statement(
        about="trimming",
        answer=Answered.NOT_MET if over else Answered.MET,
        text=text("{people} {people|weight is|weights are} over {cap} medians", people=over, cap=f"{cap:g}"),
    )


def _missed(weighted: Weighted, most: float) -> Statement:
    """Say how well the weights meet the margins."""
    misses = []
    for margin in weighted.margins:
        known = margin.place >= 0
        held = np.bincount(margin.place[known], weights=weighted.weights[known], minlength=margin.target.size)
        misses.append(float(np.abs(held / held.sum() - margin.target / margin.target.sum()).max()))
    miss = max(misses)
    return Statement(
        about="margins",
        answer=Answered.MET if miss <= most else Answered.NOT_MET,
        text=text(
            "the weighted shares of the levels are within {miss} percentage points of the population's",
            miss=f"{100 * miss:.4f}",
        ),
    )
