"""An aggregation receipt: what went in, what each rule chose, where rules part, and who loses by each.

It is made of people's own choices and can be made again from them: a third party who has the same choices gets the same
receipt, or sees where it differs.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import field, fields

import numpy as np

from hcgov.core.evidence.long import Long
from hcgov.core.evidence.source import Tree
from hcgov.core.frozen import frozen
from hcgov.stages.judgments.choices import Choices, NoChoices, Of, choices_of
from hcgov.stages.judgments.outcomes import Cost, RuleOutcome, ScopeOutcome, outcomes_of
from hcgov.stats.aggregation.rules import Rule
from hcgov.stats.weighting import kish

KIND = "AggregationReceipt"
VERSION = "1"


@frozen
class Inputs:
    """What went into a receipt.

    Parameters
    ----------
    table, file_sha256
        Where the choices were read.
    choices_sha256
        Digest of the choices that were counted, with people numbered: it tells changed choices, and names nobody.
    rows, people, scopes, repeated
        Choices counted, by how many people, in how many scopes; how many were repetitions by the same person.
    left_out
        Rows that are no choice, or that no number may rest on, by why.
    """

    table: str
    file_sha256: str
    choices_sha256: str
    rows: int
    people: int
    scopes: int
    repeated: int
    left_out: Mapping[str, int]


@frozen
class GroupInput:
    """A group's people and its share of all weight; ``counted`` is false where they are too few to count as one."""

    group: str
    people: int
    weight: float
    counted: bool


@frozen
class Receipt:
    """What rules make of people's choices.

    Parameters
    ----------
    of, column, min_people
        Settings: what was chosen between, the slicing column, and the fewest people of a group that counts as one.
    effective_people
        What the people are worth by their weights (Kish).
    flips
        Scopes in which two rules choose different winners.
    parted, silent, flipped_by_weights
        In how many scopes each two rules part, each rule says nothing, and each rule would choose another winner if
        everybody counted alike (empty where nobody has a weight).
    winners_sha256
        Digest of all winners of all scopes by all rules.
    told
        Scopes told one by one; all where they are few, else those that flip, up to a bound.
    costs
        What each rule costs each group, over all scopes.
    """

    inputs: Inputs
    of: Of
    column: str
    min_people: int
    weighted: bool
    effective_people: float
    groups: tuple[GroupInput, ...]
    flips: int
    parted: Mapping[tuple[Rule, Rule], int]
    silent: Mapping[Rule, int]
    flipped_by_weights: Mapping[Rule, int]
    winners_sha256: str
    told: tuple[ScopeOutcome, ...]
    costs: tuple[Cost, ...]
    chosen: Mapping[str, str] = field(default_factory=lambda: {"rule": "", "why": ""})


def receipt_of(
    long: Long, column: str = "", *, of: Of | None = None, min_people: int | None = None
) -> Receipt | NoChoices:
    """Return the receipt of a table of preferences, or why there is none.

    Parameters
    ----------
    long, column, of
        As for :func:`hcgov.stages.judgments.choices.choices_of`.
    min_people
        Fewest people of a group that counts as one; that of the table's slices where left out.
    """
    choices = choices_of(long, column, of=of)
    if isinstance(choices, NoChoices):
        return choices
    least = long.rules.min_people if min_people is None else min_people
    found = outcomes_of(choices, least)
    if isinstance(found, NoChoices):
        return found
    ballots = choices.ballots
    people = np.unique(ballots.person)
    left_out = {**choices.left_out}
    for one in long.left_out:
        left_out[one.why] = left_out.get(one.why, 0) + one.rows
    return Receipt(
        inputs=Inputs(
            table=long.table,
            file_sha256=long.source.sha256,
            choices_sha256=digest_of(choices),
            rows=ballots.rows,
            people=int(people.size),
            scopes=ballots.scopes,
            repeated=ballots.repeated,
            left_out=left_out,
        ),
        of=choices.of,
        column=column,
        min_people=least,
        weighted=choices.weighted,
        effective_people=kish(ballots.weight[people].tolist()).n_eff,
        groups=_groups(choices, least),
        flips=found.flips,
        parted=found.parted,
        silent=found.silent,
        flipped_by_weights=found.flipped_by_weights,
        winners_sha256=found.winners_sha256,
        told=found.told,
        costs=found.costs,
    )


def digest_of(choices: Choices) -> str:
    """Return a digest of the choices that are counted; the order of rows does not matter, and nobody is named."""
    ballots = choices.ballots
    rank = np.unique(ballots.person, return_inverse=True)[1]
    people = np.unique(ballots.person)
    columns = [ballots.scope, rank, ballots.a, ballots.b, ballots.y]
    order = np.lexsort(columns[::-1])
    told = hashlib.sha256()
    for names in (choices.scopes, choices.alternatives, choices.groups):
        told.update("\x1f".join(names).encode() + b"\x1e")
    for one in columns:
        told.update(np.ascontiguousarray(one[order], dtype="<f8").tobytes())
    told.update(np.ascontiguousarray(ballots.group[people], dtype="<f8").tobytes())
    told.update(np.ascontiguousarray(np.round(ballots.weight[people], 12), dtype="<f8").tobytes())
    return told.hexdigest()


def _groups(choices: Choices, least: int) -> tuple[GroupInput, ...]:
    ballots = choices.ballots
    people = np.unique(ballots.person)
    group, weight = ballots.group[people], ballots.weight[people]
    whole = float(weight.sum())
    return tuple(
        GroupInput(
            group=name,
            people=int((group == code).sum()),
            weight=float(weight[group == code].sum()) / whole,
            counted=int((group == code).sum()) >= least,
        )
        for code, name in enumerate(choices.groups)
        if choices.column
    )


def tree_of(receipt: Receipt) -> dict[str, Tree]:
    """Return a receipt as plain values, for JSON or YAML; numbers have twelve digits."""
    return {
        "kind": KIND,
        "version": VERSION,
        "inputs": {
            **{
                one.name: getattr(receipt.inputs, one.name)
                for one in fields(receipt.inputs)
                if one.name != "left_out"
            },
            "left_out": dict(sorted(receipt.inputs.left_out.items())),
        },
        "settings": {
            "of": receipt.of.value,
            "column": receipt.column,
            "min_people": receipt.min_people,
            "weighted": receipt.weighted,
            "rules": [rule.value for rule in Rule],
        },
        "effective_people": _number(receipt.effective_people),
        "groups": [
            {"group": g.group, "people": g.people, "weight": _number(g.weight), "counted": g.counted}
            for g in receipt.groups
        ],
        "flips": {
            "scopes": receipt.flips,
            "between": {f"{a.value} / {b.value}": n for (a, b), n in receipt.parted.items() if n},
            "silent": {rule.value: n for rule, n in receipt.silent.items() if n},
            "by_weights": {rule.value: n for rule, n in receipt.flipped_by_weights.items()},
        },
        "winners_sha256": receipt.winners_sha256,
        "scopes": [_scope(one) for one in receipt.told],
        "who_loses": [_cost(one) for one in receipt.costs],
        "chosen": dict(receipt.chosen),
    }


def _scope(one: ScopeOutcome) -> dict[str, Tree]:
    return {
        "scope": one.scope,
        "people": one.people,
        "alternatives": list(one.alternatives),
        "groups": {group: [_number(score) for score in found] for group, found in one.groups.items()},
        "rules": {rule.value: _outcome(outcome) for rule, outcome in one.rules.items()},
        "flips": one.flips,
    }


def _outcome(one: RuleOutcome) -> dict[str, Tree]:
    return {
        "winners": list(one.winners),
        "scores": [_number(score) for score in one.scores],
        "losers": list(one.losers),
        "worst_off": one.worst_off,
        "regret": _number(one.regret),
        "low": _number(one.low),
        "high": _number(one.high),
    }


def _cost(one: Cost) -> dict[str, Tree]:
    return {
        "rule": one.rule.value,
        "group": one.group,
        "regret": _number(one.regret),
        "low": _number(one.low),
        "high": _number(one.high),
        "overruled": _number(one.overruled),
    }


def _number(value: float | None) -> float | None:
    return None if value is None else round(float(value), 12) + 0.0
