"""What each rule makes of people's choices: winners, where rules part, and what each group loses."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from hcgov.core.frozen import frozen
from hcgov.core.status import Reason
from hcgov.core.text import text
from hcgov.stages.judgments.choices import Choices, NoChoices
from hcgov.stages.judgments.values import LEVEL
from hcgov.stats.aggregation.ballots import Bools, Floats, TooManyCells
from hcgov.stats.aggregation.regret import GroupScores, group_scores, pair_regrets
from hcgov.stats.aggregation.rules import TIED, Rule, scores, winners
from hcgov.stats.aggregation.tables import Tables, tables_of
from hcgov.stats.bounds import two_sided

LISTED = 50
"""More scopes than this are not told one by one, but for those in which rules part."""

FEW = 12
"""In so many scopes at most, what a rule costs a group is told with its interval scope by scope."""


@frozen
class RuleOutcome:
    """What a rule chooses in a scope.

    Parameters
    ----------
    winners
        One, or all that are tied; none where the rule says nothing.
    scores
        Of each alternative of the scope; ``None`` where the rule gives none.
    losers
        Groups whose own first choice does not win.
    worst_off
        The group that would gain most by its own first choice, and by how much in share of preference, with a two-sided
        95 % interval where the scopes are few. Among tied winners the worst for the group is taken.
    """

    winners: tuple[str, ...]
    scores: tuple[float | None, ...]
    losers: tuple[str, ...]
    worst_off: str | None
    regret: float | None
    low: float | None = None
    high: float | None = None


@frozen
class ScopeOutcome:
    """What each rule chooses in a scope; ``groups`` are the shares of preference that rules of groups read."""

    scope: str
    people: int
    alternatives: tuple[str, ...]
    groups: Mapping[str, tuple[float | None, ...]]
    rules: Mapping[Rule, RuleOutcome]
    flips: bool


@frozen
class Cost:
    """What a rule costs a group over many scopes, with a two-sided 95 % interval, and how often it is overruled."""

    rule: Rule
    group: str
    regret: float | None
    low: float | None
    high: float | None
    overruled: float


@frozen
class Outcomes:
    """What rules make of choices: see :class:`hcgov.stages.judgments.receipts.Receipt`."""

    flips: int
    parted: Mapping[tuple[Rule, Rule], int]
    silent: Mapping[Rule, int]
    flipped_by_weights: Mapping[Rule, int]
    winners_sha256: str
    told: tuple[ScopeOutcome, ...]
    costs: tuple[Cost, ...]


def outcomes_of(choices: Choices, min_people: int) -> Outcomes | NoChoices:
    """Return what each rule chooses, or why nothing can be told.

    Parameters
    ----------
    choices
        Ballots with names.
    min_people
        Fewest people of a group in a scope that counts as one. In many small scopes, such as prompts, a group counts
        from one person on in each, if it has so many over all.
    """
    try:
        tables = tables_of(choices.ballots)
    except TooManyCells as error:
        return NoChoices(
            reason=Reason.COVERAGE,
            note=text(
                "too much to hold side by side: {error}; narrow the table to one dimension", error=error
            ),
        )
    if not tables.connected.any():
        return NoChoices(
            reason=Reason.NOT_CONNECTED,
            note=text("no chain of comparisons links the alternatives, so none can be put before another"),
        )
    tables = enough(tables, choices, min_people)
    found = {rule: scores(tables, rule) for rule in Rule}
    won = {rule: winners(one) for rule, one in found.items()}
    spoke = {rule: one.any(axis=1) for rule, one in won.items()}
    parted = {
        (one, other): (spoke[one] & spoke[other] & ~(won[one] & won[other]).any(axis=1))
        for one, other in combinations(Rule, 2)
    }
    flips = np.any(np.stack(list(parted.values())), axis=0)
    few = choices.ballots.scopes <= LISTED
    listed = np.arange(choices.ballots.scopes) if few else np.flatnonzero(flips)[:LISTED]
    return Outcomes(
        flips=int(flips.sum()),
        parted={pair: int(one.sum()) for pair, one in parted.items()},
        silent={rule: int((~one).sum()) for rule, one in spoke.items()},
        flipped_by_weights=_flipped_by_weights(choices, min_people, won) if choices.weighted else {},
        winners_sha256=hashlib.sha256(np.stack(list(won.values())).astype("u1").tobytes()).hexdigest(),
        told=tuple(_told(choices, tables, found, won, int(scope), bool(flips[scope])) for scope in listed),
        costs=() if choices.ballots.scopes <= FEW else tuple(_costs(choices, min_people)),
    )


def _flipped_by_weights(choices: Choices, min_people: int, won: Mapping[Rule, Bools]) -> dict[Rule, int]:
    """Return in how many scopes each rule chooses another winner where everybody counts alike."""
    alike = replace(choices.ballots, weight=(choices.ballots.weight > 0.0).astype(np.float64))
    tables = enough(tables_of(alike), choices, min_people)
    found = {}
    for rule, weighted in won.items():
        plain = winners(scores(tables, rule))
        both = plain.any(axis=1) & weighted.any(axis=1)
        found[rule] = int((both & ~(plain & weighted).any(axis=1)).sum())
    return found


def enough(tables: Tables, choices: Choices, min_people: int) -> Tables:
    """Return tables in which groups of too few people count among everyone, and not as a group."""
    if choices.ballots.scopes <= FEW:
        return tables.of_enough(min_people)
    people = np.unique(choices.ballots.person)
    group = choices.ballots.group[people]
    over_all = np.bincount(group[group >= 0], minlength=choices.ballots.groups)
    small = np.where(over_all < min_people, np.iinfo(np.int64).max, 1)
    return tables.of_enough(small[None, :])


def _told(
    choices: Choices,
    tables: Tables,
    found: Mapping[Rule, Floats],
    won: Mapping[Rule, Bools],
    scope: int,
    flips: bool,
) -> ScopeOutcome:
    there = np.flatnonzero(np.isfinite(tables.mean[scope]))
    names = tuple(choices.alternatives[i] for i in there)
    counted = [g for g in range(len(choices.groups)) if np.isfinite(tables.group_mean[scope, g]).any()]
    utility = tables.group_mean[scope]
    interval = group_scores(choices.ballots, scope) if choices.ballots.scopes <= FEW and counted else None
    return ScopeOutcome(
        scope=choices.scopes[scope],
        people=int(tables.people[scope]),
        alternatives=names,
        groups={choices.groups[g]: tuple(float(utility[g, i]) for i in there) for g in counted},
        rules={
            rule: _outcome(choices, utility, counted, interval, found[rule][scope], won[rule][scope], there)
            for rule in Rule
        },
        flips=flips,
    )


def _outcome(
    choices: Choices,
    utility: Floats,
    counted: list[int],
    interval: GroupScores | None,
    score: Floats,
    won: Bools,
    there: NDArray[np.intp],
) -> RuleOutcome:
    chosen = np.flatnonzero(won)
    names = choices.alternatives
    shown = tuple(float(score[i]) if np.isfinite(score[i]) else None for i in there)
    if not chosen.size or not counted:
        return RuleOutcome(
            winners=tuple(names[i] for i in chosen), scores=shown, losers=(), worst_off=None, regret=None
        )
    best = {g: float(utility[g, there].max()) for g in counted}
    worst = {g: int(chosen[np.argmin(utility[g, chosen])]) for g in counted}
    regret = {g: best[g] - float(utility[g, worst[g]]) for g in counted}
    losers = [g for g in counted if float(utility[g, chosen].max()) < best[g] - TIED]
    last = max(counted, key=lambda g: (round(regret[g], 12), -g))
    low = high = None
    if interval is not None and regret[last] > TIED:
        estimate = interval.advantage(last, int(there[np.argmax(utility[last, there])]), worst[last])
        low, high = (max(end, 0.0) for end in two_sided(estimate, LEVEL))
    return RuleOutcome(
        winners=tuple(names[i] for i in chosen),
        scores=shown,
        losers=tuple(choices.groups[g] for g in losers),
        worst_off=choices.groups[last] if regret[last] > TIED else None,
        regret=regret[last] if regret[last] > TIED else 0.0,
        low=low,
        high=high,
    )


def _costs(choices: Choices, min_people: int) -> list[Cost]:
    people = np.unique(choices.ballots.person)
    group = choices.ballots.group[people]
    over_all = np.bincount(group[group >= 0], minlength=choices.ballots.groups)
    costs = []
    for rule in Rule:
        for one in pair_regrets(choices.ballots, rule):
            if over_all[one.group] < max(min_people, 1):
                continue
            value = one.estimate.value
            low, high = (None, None) if value is None else two_sided(one.estimate, LEVEL)
            costs.append(
                Cost(
                    rule=rule,
                    group=choices.groups[one.group],
                    regret=value,
                    low=low,
                    high=high,
                    overruled=one.overruled,
                )
            )
    return costs
