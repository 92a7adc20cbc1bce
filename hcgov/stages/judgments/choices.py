"""Choices of people between alternatives, from a table of preferences: who chose what over what."""

from collections import Counter
from collections.abc import Mapping
from enum import StrEnum

import numpy as np

from hcgov.core.evidence.long import Long
from hcgov.core.frozen import frozen
from hcgov.core.status import Reason
from hcgov.core.text import Text, text
from hcgov.stages.judgments.arrays import as_array, by_judge, codes, numbers
from hcgov.stats.aggregation.ballots import Ballots, Bools, Floats, Ints
from hcgov.stats.sampling.raking import Refusal, Why, given

EVERYTHING = "everything"
"""Name of the only scope where nothing divides the choices."""

COLUMNS = ("model_a", "model_b", "response_a", "response_b", "dimension", "weight", "label_source")
"""Columns that are read where they are there."""


class Of(StrEnum):
    """What is chosen between."""

    MODELS = "models"
    RESPONSES = "responses"
    SIDES = "sides"
    """The names `a` and `b`, which then must stand for the same response in every row of a prompt."""


_TOLD_BY = {
    Of.MODELS: ("model_a", "model_b"),
    Of.RESPONSES: ("response_a", "response_b"),
    Of.SIDES: (),
}


@frozen
class Choices:
    """Ballots with the names of their codes.

    Parameters
    ----------
    of
        What is chosen between.
    scopes
        Name of each scope: a dimension, or a prompt (and dimension).
    alternatives
        Names of the alternatives of models, alike in every scope; for responses ``response 1`` and so on, in the order
        of their texts.
    column, groups
        The slicing column, and its groups.
    left_out
        Rows that are no choice between two alternatives, by why.
    weighted
        Whether people have weights of their own.
    """

    ballots: Ballots
    of: Of
    scopes: tuple[str, ...]
    alternatives: tuple[str, ...]
    column: str
    groups: tuple[str, ...]
    left_out: Mapping[str, int]
    weighted: bool


@frozen
class NoChoices:
    """Why a table gives nothing to aggregate."""

    reason: Reason
    note: Text


def told_by(long: Long) -> Of:
    """Return what the rows of a table tell alternatives apart by: models, else texts, else only sides."""
    if long.has("model_a", "model_b"):
        return Of.MODELS
    return Of.RESPONSES if long.has("response_a", "response_b") else Of.SIDES


def choices_of(long: Long, column: str = "", *, of: Of | None = None) -> Choices | NoChoices:
    """Return the choices of a table of preferences, or why there are none.

    Parameters
    ----------
    long
        With ``prompt_id``, ``choice`` and ``annotator``; of :data:`COLUMNS` those that are there.
    column
        Slicing column that says people's groups; empty for none.
    of
        What is chosen between; what the rows tell where left out.
    """
    of = of or told_by(long)
    if not long.has("annotator"):
        return NoChoices(
            reason=Reason.FEW_PEOPLE, note=text("the rows do not say who chose, so people are not known")
        )
    if not long.has(*_TOLD_BY[of]):
        return NoChoices(
            reason=Reason.UNMATCHED_PAIRS,
            note=text("the rows do not tell {of} apart: they lack the columns", of=of.value),
        )
    person = codes(long, "annotator").astype(np.int64)
    y, chosen, left_out = _outcomes(long, person)
    found = _alternatives(long, of)
    left_out["the two sides are the same, or not recorded"] = int((chosen & ~found.told).sum())
    chosen &= found.told
    if not chosen.any():
        return NoChoices(
            reason=Reason.MISSING_OUTCOMES,
            note=text("no row is a choice between two alternatives by a person"),
        )
    return _counted(
        long,
        column,
        of,
        found=found,
        y=y,
        person=person,
        chosen=chosen,
        left_out={why: n for why, n in left_out.items() if n},
    )


def _counted(
    long: Long,
    column: str,
    of: Of,
    *,
    found: "_Alternatives",
    y: Floats,
    person: Ints,
    chosen: Bools,
    left_out: Mapping[str, int],
) -> Choices | NoChoices:
    """Return the rows that are choices as ballots.

    People are numbered anew, so that whoever is left out leaves no trace in what is counted.
    """
    person = np.unique(person[chosen], return_inverse=True)[1].astype(np.int64)
    weight = _weights(long, person, chosen)
    if isinstance(weight, Refusal):
        return NoChoices(reason=Reason.UNUSABLE_WEIGHTS, note=bad_weights(weight.people))
    group, groups = _groups(long, column, person, chosen)
    used, scope = np.unique(found.scope[chosen], return_inverse=True)
    a, b, size = _local(found, chosen, scope)
    return Choices(
        ballots=Ballots(
            scope=scope.astype(np.int64),
            person=person,
            a=a,
            b=b,
            y=y[chosen],
            group=group,
            weight=weight,
            scopes=int(used.size),
            alternatives=size,
            groups=len(groups),
            item=np.unique(codes(long, "prompt_id")[chosen], return_inverse=True)[1].astype(np.int64),
        ),
        of=of,
        scopes=tuple(found.scopes[int(one)] for one in used),
        alternatives=found.names or tuple(f"response {i + 1}" for i in range(size)),
        column=column,
        groups=groups,
        left_out=left_out,
        weighted=long.has("weight"),
    )


def used_rows(long: Long, of: Of) -> Bools:
    """Return which rows are choices between two alternatives by a person, those that :func:`choices_of` counts."""
    _, chosen, _ = _outcomes(long, codes(long, "annotator").astype(np.int64))
    return chosen & _alternatives(long, of).told


def bad_weights(people: int) -> Text:
    """Say that weights are no weights."""
    return text(
        "the weights of {people} {people|person is|people are} missing, negative, infinite, all zero or not the same "
        "in all their rows: no number may rest on them",
        people=people,
    )


def differing(row: Floats, person: Ints, weight: Floats) -> int:
    """Return the people whose rows do not all have their weight; one that is missing everywhere is no difference."""
    own = person >= 0
    theirs = weight[np.maximum(person, 0)]
    same = np.isclose(row, theirs, rtol=1e-9, atol=0.0, equal_nan=True)
    return int(np.unique(person[own & ~same]).size)


def _outcomes(long: Long, person: Ints) -> tuple[Floats, Bools, Counter[str]]:
    """Return each row's outcome for the first side, which rows are choices, and how many are not."""
    column = long.codes("choice")
    worth = {"a": 1.0, "b": 0.0, "tie": 0.5}
    value = np.array([worth.get(name, np.nan) for name in column.names] + [np.nan])
    code = as_array(column)
    y = value[code]  # a choice that is not recorded has the code -1: the last entry
    nobody = person < 0
    left_out = Counter({"no annotator": int(nobody.sum())})
    for name in column.names:
        if name not in worth:
            left_out[f"choice `{name}`"] = int((code == column.names.index(name)).sum())
    left_out["choice not recorded"] = int((code < 0).sum())
    judged = by_judge(long)
    left_out["made by a judge model"] = int(judged.sum())
    return y, np.isfinite(y) & ~nobody & ~judged, left_out


@frozen
class _Alternatives:
    """What stood on either side of each row: codes, which rows tell it, and the scope of each row."""

    a: Ints
    b: Ints
    told: Bools
    scope: Ints
    scopes: tuple[str, ...]
    names: tuple[str, ...]


def _alternatives(long: Long, of: Of) -> _Alternatives:
    prompt = long.codes("prompt_id")
    place, names = as_array(prompt).astype(np.int64), prompt.names
    if of is Of.MODELS:
        place, names = np.zeros(long.rows, dtype=np.int64), (EVERYTHING,)
    told = place >= 0
    if long.has("dimension"):
        dimension = long.codes("dimension")
        further = as_array(dimension).astype(np.int64)
        told &= further >= 0
        joined = tuple(d if of is Of.MODELS else f"{name}: {d}" for name in names for d in dimension.names)
        place, names = place * len(dimension.names) + further, joined
    alternatives: tuple[str, ...] = ()
    if of is Of.MODELS:
        one, other = long.codes("model_a"), long.codes("model_b")
        alternatives = tuple(sorted({*one.names, *other.names}))
        number = {name: i for i, name in enumerate(alternatives)}
        a, b = (
            np.array([number[name] for name in side.names] + [-1], dtype=np.int64)[as_array(side)]
            for side in (one, other)
        )
    elif of is Of.RESPONSES:
        number = {}
        texts = (long.texts("response_a"), long.texts("response_b"))
        order = {t: i for i, t in enumerate(sorted({t for side in texts for t in side if t is not None}))}
        a, b = (np.array([-1 if t is None else order[t] for t in side], dtype=np.int64) for side in texts)
    else:
        a, b = np.zeros(long.rows, dtype=np.int64), np.ones(long.rows, dtype=np.int64)
        alternatives = ("a", "b")
    told = told & (a >= 0) & (b >= 0) & (a != b)
    return _Alternatives(a=a, b=b, told=told, scope=place, scopes=names, names=alternatives)


def _local(found: _Alternatives, chosen: Bools, scope: Ints) -> tuple[Ints, Ints, int]:
    """Return codes of the alternatives within each scope, and how many there are at most."""
    a, b = found.a[chosen], found.b[chosen]
    if found.names:
        return a, b, len(found.names)
    size = int(max(a.max(), b.max())) + 1
    key = np.concatenate([scope, scope]) * size + np.concatenate([a, b])
    distinct, place = np.unique(key, return_inverse=True)
    of_scope = distinct // size
    first = np.searchsorted(of_scope, np.arange(int(scope.max()) + 1))
    local = (np.arange(distinct.size) - first[of_scope])[place]
    return local[: a.size], local[a.size :], int(local.max()) + 1


def _groups(long: Long, column: str, person: Ints, chosen: Bools) -> tuple[Ints, tuple[str, ...]]:
    """Return the group of each person and the names of the groups; one empty group where there are none."""
    group = np.full(int(person.max()) + 1, -1, dtype=np.int64)
    if column not in long.groups or not long.groups[column].names:
        return group, ("",)
    group[person] = as_array(long.groups[column])[chosen]
    return group, long.groups[column].names


def _weights(long: Long, person: Ints, chosen: Bools) -> Floats | Refusal:
    """Return the weight of each person, 1 where there are none; only their ratios matter."""
    weight = np.ones(int(person.max()) + 1)
    if long.has("weight"):
        weight[person] = numbers(long, "weight")[chosen]
        several = differing(numbers(long, "weight")[chosen], person, weight)
        found = Refusal(why=Why.BAD_WEIGHTS, people=several) if several else given(weight)
        if isinstance(found, Refusal):
            return found
    return np.asarray(weight / weight.max(), dtype=np.float64)
