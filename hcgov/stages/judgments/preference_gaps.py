"""How far groups of people lie apart about the same pair: win rates by group, and the largest difference."""

from collections.abc import Iterator
from itertools import permutations

import numpy as np

from hcgov.core.estimate import Estimate
from hcgov.core.evidence.long import Long
from hcgov.core.frozen import frozen
from hcgov.core.measurement import GroupCount, Measurement
from hcgov.core.slices import Slice
from hcgov.core.status import Reason
from hcgov.core.text import text
from hcgov.stages.comparing import ALL_PAIRS
from hcgov.stages.judgments.arrays import Bools
from hcgov.stages.judgments.comparisons import A, B, Choices, joint
from hcgov.stages.judgments.preference_slices import Group, count, few, groups_at
from hcgov.stages.rates import REST
from hcgov.stats.crossed import crossed_share
from hcgov.stats.preferences.contests import Codes, Floats
from hcgov.stats.shares import difference

METRIC = "win_rate_gap"
MOST_NAMED = 20
"""So many pairs that too few people judged are named; of more the number is told."""


@frozen
class Pair:
    """One thing that groups may disagree about.

    Parameters
    ----------
    name
        For people: ``new over old``, or the prompt, with the dimension where there are several.
    rows
        Places of its rows in the table.
    outcome
        Of every row of the table: 1 where the first of the two is preferred, 0.5 for a tie, 0 for the second.
    """

    name: str
    rows: Codes
    outcome: Floats


def pairs(long: Long, found: Choices, *, models: bool) -> Iterator[Pair]:
    """Yield every judged pair of models, or every prompt with its two responses, dimension by dimension."""
    used = found.between_models if models else found.compared
    key, turned = _pair_of(found) if models else (found.items, found.turned)
    several = len(found.dimensions) > 1
    respect = np.full(long.rows, -1, dtype=np.int64)
    if several:
        respect = np.frombuffer(long.codes("dimension").codes, dtype=np.int32).astype(np.int64)
        key = joint(key, respect)
    first = np.where(found.choice == A, 1.0, np.where(found.choice == B, 0.0, 0.5))
    outcome = np.where(turned, 1.0 - first, first)
    place = np.flatnonzero(used)
    order = place[np.argsort(key[place], kind="stable")]
    for part in np.split(order, np.flatnonzero(np.diff(key[order])) + 1):
        if part.size:
            name = _named(long, found, int(part[0]), models=models)
            if several and respect[part[0]] >= 0:
                name = f"{name}: {long.codes('dimension').names[int(respect[part[0]])]}"
            yield Pair(name=name, rows=part, outcome=outcome)


def _pair_of(found: Choices) -> tuple[Codes, Bools]:
    low, high = np.minimum(found.first, found.second), np.maximum(found.first, found.second)
    return low * (len(found.names) + 1) + high, found.first > found.second


def _named(long: Long, found: Choices, row: int, *, models: bool) -> str:
    if models:
        one, other = sorted((int(found.first[row]), int(found.second[row])))
        return f"{found.names[one]} over {found.names[other]}"
    return long.codes("prompt_id").names[int(found.prompts[row])]


def gaps(long: Long, found: Choices, column: str, of: list[Pair]) -> Iterator[Measurement]:
    """Yield, pair by pair, how much more often one group prefers the first than another group does.

    Up to eight groups all ordered pairs, of more each group against everyone else. Groups of too few people are named
    once, and so is each pair that too few people of some larger group judged.
    """
    thin: list[Measurement] = []
    everywhere = [pair.rows for pair in of] or [np.zeros(0, dtype=np.int64)]
    overall = groups_at(long, column, found.people, np.concatenate(everywhere))
    small = [told for group in overall if (told := few(group, METRIC, long)) is not None]
    yield from small
    for pair in of:
        groups = large_groups(long, found, column, pair)
        large = [group for group in groups if group.people >= long.rules.min_people]
        if len(large) < max(len(overall) - len(small), 2):
            thin.append(_thin(long, pair, column))
        if 1 < len(large) <= ALL_PAIRS:
            valued = [(group, _share(found, pair, group.rows)) for group in large]
            for one, other in permutations(valued, 2):
                yield _gap(pair, *one, other[0].slice, *other)
        elif large[1:]:
            for group in large:
                rest = _rest(groups, group)
                share, others = _share(found, pair, group.rows), _share(found, pair, rest.rows)
                yield _gap(pair, group, share, REST, rest, others)
    yield from _named_or_counted(thin, column)


def large_groups(long: Long, found: Choices, column: str, pair: Pair) -> tuple[Group, ...]:
    """Return the groups that judged a pair; none where its rows are too few for any two to be large enough."""
    if pair.rows.size < 2 * long.rules.min_people:
        return ()
    return groups_at(long, column, found.people, pair.rows)


def _gap(
    pair: Pair, one: Group, first: Estimate, against: Slice, other: Group, second: Estimate
) -> Measurement:
    sides = tuple(_counted(pair, group, share) for group, share in ((one, first), (other, second)))
    return Measurement(
        metric=METRIC,
        scope=_scope(pair, one.slice),
        against=against if against == REST else _scope(pair, against),
        depth=1,
        estimate=difference(first, second),
        groups=sides,
    )


def _counted(pair: Pair, group: Group, share: Estimate) -> GroupCount:
    found = count(group, share)
    scope = (
        Slice(values=group.slice.values, rest_of=True) if group.slice == REST else _scope(pair, group.slice)
    )
    return GroupCount(
        slice=scope, positives=found.positives, n=found.n, n_eff=found.n_eff, people=found.people
    )


def _scope(pair: Pair, who: Slice) -> Slice:
    return Slice(values=(("pair", pair.name), *who.values))


def _share(found: Choices, pair: Pair, rows: Codes) -> Estimate:
    return crossed_share(pair.outcome[rows], found.clusters(rows))


def _rest(groups: tuple[Group, ...], group: Group) -> Group:
    others = [one for one in groups if one is not group]
    return Group(
        slice=REST,
        rows=np.concatenate([one.rows for one in others]),
        people=sum(one.people for one in others),
    )


def _thin(long: Long, pair: Pair, column: str) -> Measurement:
    return Measurement(
        metric=METRIC,
        scope=Slice(values=(("pair", pair.name), (column, "each group"))),
        depth=1,
        reason=Reason.FEW_PEOPLE,
        note=text(
            "{pair}: not every group of {column} has {least} {least|person|people} who judged it",
            pair=pair.name,
            column=column,
            least=long.rules.min_people,
        ),
    )


def _named_or_counted(thin: list[Measurement], column: str) -> Iterator[Measurement]:
    yield from thin[:MOST_NAMED]
    if len(thin) > MOST_NAMED:
        yield Measurement(
            metric=METRIC,
            scope=Slice(values=(("pair", "others"), (column, "each group"))),
            depth=1,
            reason=Reason.FEW_PEOPLE,
            note=text(
                "{n} further {n|pair has|pairs have} too few people in the groups of {column}",
                n=len(thin) - MOST_NAMED,
                column=column,
            ),
        )
