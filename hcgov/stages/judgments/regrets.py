"""What an aggregation rule costs each group, measured group by group."""

from collections.abc import Iterator

import numpy as np

from hcgov.core.estimate import Estimate
from hcgov.core.evidence.long import Long
from hcgov.core.measurement import GroupCount, Measurement
from hcgov.core.slices import NOT_RECORDED, Slice
from hcgov.core.status import Reason
from hcgov.core.text import Text, text
from hcgov.stages.judgments.choices import EVERYTHING, Choices, NoChoices, Of, choices_of, used_rows
from hcgov.stages.judgments.outcomes import FEW, enough
from hcgov.stages.judgments.preference_slices import unknown_groups
from hcgov.stats.aggregation.ballots import Bools, TooManyCells
from hcgov.stats.aggregation.regret import GroupScores, group_scores, pair_regrets
from hcgov.stats.aggregation.rules import Rule, scores, winners
from hcgov.stats.aggregation.tables import tables_of

METRIC = "aggregation_regret"


def regrets_of(long: Long, rule: Rule, of: Of | None = None) -> Iterator[Measurement]:
    """Yield what a rule costs each group of each slicing column.

    Parameters
    ----------
    long
        Preferences, with groups.
    rule
        The rule by which choices become one.
    of
        What is chosen between; what the rows tell where left out.
    """
    yield from unknown_groups(long, METRIC, _used(long, of))
    for column in long.rules.by:
        if column not in long.groups:
            continue  # told above
        choices = choices_of(long, column, of=of)
        if isinstance(choices, NoChoices):
            yield Measurement(metric=METRIC, reason=choices.reason, note=choices.note)
            return
        nothing = _says_nothing(choices)
        if nothing is not None:
            yield nothing
            return
        yield from _of_column(choices, rule, long.rules.min_people)


def _used(long: Long, of: Of | None) -> Bools:
    """Return the rows that are choices; all where the table does not tell them."""
    choices = choices_of(long, of=of)
    if isinstance(choices, NoChoices):
        return np.ones(long.rows, dtype=np.bool_)
    return used_rows(long, choices.of)


def _says_nothing(choices: Choices) -> Measurement | None:
    """Say where choices are no evidence of anything: every one a tie, or all about one prompt."""
    ballots = choices.ballots
    if (ballots.y == 0.5).all():
        return Measurement(
            metric=METRIC,
            reason=Reason.CONSTANT_OUTCOME,
            note=text("every one of {n} choices is a tie: no rule has anything to choose by", n=ballots.rows),
        )
    if ballots.item is not None and np.unique(ballots.item).size < 2:
        return Measurement(
            metric=METRIC,
            reason=Reason.FEW_CLUSTERS,
            note=text("all choices are about one prompt, which says nothing about others"),
        )
    return None


def _of_column(choices: Choices, rule: Rule, min_people: int) -> Iterator[Measurement]:
    people = np.unique(choices.ballots.person)
    group = choices.ballots.group[people]
    count = np.bincount(group[group >= 0], minlength=choices.ballots.groups)
    counted = [code for code, n in enumerate(count.tolist()) if n >= min_people]
    for code, n in enumerate(count.tolist()):
        if 0 < n < min_people:
            yield _unresolved(choices, code, n, Reason.FEW_PEOPLE, _few(choices.groups[code], n, min_people))
    unrecorded = int((group < 0).sum())
    if unrecorded:
        yield Measurement(
            metric=METRIC,
            scope=Slice(values=((choices.column, NOT_RECORDED),)),
            depth=1,
            reason=Reason.MISSING_DEMOGRAPHICS,
            note=text("{n} {n|person has|people have} no recorded group", n=unrecorded),
            shown=True,
        )
    if choices.ballots.scopes <= FEW:
        yield from _by_scope(choices, rule, counted, min_people)
    else:
        yield from _over_scopes(choices, rule, counted, min_people)


def _few(group: str, n: int, least: int) -> Text:
    return text("{group}: {n} {n|person|people}; at least {least} are needed", group=group, n=n, least=least)


def _unresolved(choices: Choices, group: int, n: int, reason: Reason, note: Text) -> Measurement:
    scope = Slice(values=((choices.column, choices.groups[group]),))
    return Measurement(
        metric=METRIC,
        scope=scope,
        depth=1,
        groups=(GroupCount(slice=scope, positives=0.0, n=n, n_eff=float(n), people=n),),
        reason=reason,
        note=note,
    )


def _over_scopes(choices: Choices, rule: Rule, counted: list[int], min_people: int) -> Iterator[Measurement]:
    """Yield each group's cost over many prompts."""
    try:
        found = pair_regrets(choices.ballots, rule)
    except TooManyCells:
        yield Measurement(
            metric=METRIC, reason=Reason.COVERAGE, note=text("too many alternatives to hold side by side")
        )
        return
    for one in found:
        if one.group not in counted:
            continue
        scope = Slice(values=((choices.column, choices.groups[one.group]),))
        behind = one.estimate.people or 0
        if 0 < behind < min_people:  # the others judged only what nobody of the other half did
            note = _few(choices.groups[one.group], behind, min_people)
            yield _unresolved(choices, one.group, behind, Reason.FEW_PEOPLE, note)
            continue
        known = one.estimate.value is not None
        yield Measurement(
            metric=METRIC,
            scope=scope,
            depth=1,
            estimate=one.estimate if known else None,
            groups=(_count(scope, one.estimate),),
            reason=None if known else Reason.UNMATCHED_PAIRS,
            note=text(
                "{group} is overruled in {share} % of the judgments on pairs that both halves of the people judged; "
                "{unused} {unused|judgment is|judgments are} on other pairs",
                group=choices.groups[one.group],
                share=f"{100 * one.overruled:.1f}",
                unused=one.unused,
            ),
        )


def _by_scope(choices: Choices, rule: Rule, counted: list[int], min_people: int) -> Iterator[Measurement]:
    """Yield, of each group in each scope, how much it prefers each alternative to the winner."""
    tables = enough(tables_of(choices.ballots), choices, min_people)
    found = scores(tables, rule)
    for scope, name in enumerate(choices.scopes):
        won = np.flatnonzero(winners(found[scope]))
        if not won.size:
            yield _silent(choices, rule, name, bool(tables.connected[scope]))
            continue
        shares = group_scores(choices.ballots, scope)
        there = np.flatnonzero(np.isfinite(tables.mean[scope]))
        for group in counted:
            if not np.isfinite(tables.group_mean[scope, group]).any():
                note = text(
                    "{group} did not compare all alternatives, or has too few people here",
                    group=choices.groups[group],
                )
                yield _unresolved(choices, group, int(shares.people[group]), Reason.UNMATCHED_PAIRS, note)
                continue
            winner = int(won[np.argmin(shares.value[group, won])])
            for rival in there.tolist():
                if rival != winner:
                    yield _advantage(choices, shares, name, group, rival, winner)


def _advantage(
    choices: Choices, shares: GroupScores, scope: str, group: int, rival: int, winner: int
) -> Measurement:
    values = [(choices.column, choices.groups[group])]
    if scope != EVERYTHING:
        values.append(("scope", scope))
    values.append(("instead", choices.alternatives[rival]))
    who = Slice(values=tuple(values))
    estimate = shares.advantage(group, rival, winner)
    return Measurement(
        metric=METRIC,
        scope=who,
        depth=1,
        estimate=estimate,
        groups=(_count(who, estimate),),
        note=text(
            "{group} prefers {rival} in {own} % of its comparisons and the winner {winner} in {chosen} %",
            group=choices.groups[group],
            rival=choices.alternatives[rival],
            winner=choices.alternatives[winner],
            own=f"{100 * float(shares.value[group, rival]):.1f}",
            chosen=f"{100 * float(shares.value[group, winner]):.1f}",
        ),
    )


def _count(scope: Slice, estimate: Estimate) -> GroupCount:
    return GroupCount(
        slice=scope,
        positives=max(estimate.value or 0.0, 0.0) * estimate.n,
        n=estimate.n,
        n_eff=estimate.n_eff,
        people=estimate.people,
    )


def _silent(choices: Choices, rule: Rule, scope: str, connected: bool) -> Measurement:
    if connected:
        reason, note = (
            Reason.FEW_PEOPLE,
            text("{rule} needs two groups of enough people that compared everything", rule=rule.value),
        )
    else:
        reason, note = (
            Reason.NOT_CONNECTED,
            text("no chain of comparisons links the alternatives of {scope}", scope=scope),
        )
    return Measurement(
        metric=METRIC,
        scope=Slice(values=(("scope", scope),)),
        depth=1,
        reason=reason,
        note=note,
    )
