"""Aggregation receipts: what they say, and that they come out again from raw choices."""

import json
from dataclasses import replace
from time import perf_counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcgov.core.evidence.long import Codes, LeftOut, Long, Texts, coded, numbered
from hcgov.core.long_tables import LongKind
from hcgov.core.status import Reason
from hcgov.stages.judgments.choice_examples import RULES, Vote, preferences, with_column, without
from hcgov.stages.judgments.choices import NoChoices, Of, choices_of, told_by
from hcgov.stages.judgments.receipts import Receipt, receipt_of, tree_of
from hcgov.stages.judgments.recomputing import recompute
from hcgov.stages.judgments.regrets import regrets_of
from hcgov.stages.specimens import source
from hcgov.stats.aggregation.rules import Rule


def vote(group, for_a, for_b, ties=0, a="m1", b="m2"):
    return Vote(group=group, a=a, b=b, for_a=for_a, for_b=for_b, ties=ties)


PART = preferences([vote("north", 140, 60), vote("south", 10, 40)])
"""Most people prefer m1; most of the south prefer m2."""


def written(long, column="region", **settings_of):
    """Return the receipt as a third party reads it."""
    found = receipt_of(long, column, **settings_of)
    assert isinstance(found, Receipt)
    return json.loads(json.dumps(tree_of(found)))


def permuted(long, order):
    """Return a table with its rows in another order."""

    def turned(column):
        if isinstance(column, Codes):
            return coded([None if column.codes[i] < 0 else column.names[column.codes[i]] for i in order])
        if isinstance(column, Texts):
            return Texts(values=tuple(column.values[i] for i in order))
        return numbered([column.values[i] for i in order])

    return replace(
        long,
        columns={name: turned(column) for name, column in long.columns.items()},
        groups={name: turned(column) for name, column in long.groups.items()},
    )


def test_who_wins_and_who_loses():
    receipt = receipt_of(PART, "region")
    (scope,) = receipt.told
    assert scope.rules[Rule.WEIGHTED_MEAN].winners == ("m1",)
    assert scope.rules[Rule.MAXIMIN].winners == ("m2",)
    assert scope.rules[Rule.WEIGHTED_MEAN].losers == ("south",)
    assert scope.rules[Rule.WEIGHTED_MEAN].worst_off == "south"
    assert scope.rules[Rule.WEIGHTED_MEAN].regret == pytest.approx(0.6)
    assert 0.2 < scope.rules[Rule.WEIGHTED_MEAN].low < 0.6 < scope.rules[Rule.WEIGHTED_MEAN].high < 1.0
    assert scope.rules[Rule.MAXIMIN].losers == ("north",)
    assert (receipt.flips, scope.flips) == (1, True)
    assert receipt.parted[Rule.WEIGHTED_MEAN, Rule.MAXIMIN] == 1
    assert len(scope.rules) >= 6


def test_of_tied_winners_a_group_may_get_the_worst():
    tied = preferences([vote("north", 30, 10), vote("south", 10, 30)])
    outcome = receipt_of(tied, "region").told[0].rules[Rule.WEIGHTED_MEAN]
    assert outcome.winners == ("m1", "m2")
    assert outcome.losers == (), "either group may yet get its own"
    assert outcome.regret == pytest.approx(0.5)
    first = receipt_of(preferences([vote("north", 10, 30), vote("south", 30, 10)]), "region")
    assert first.told[0].rules[Rule.WEIGHTED_MEAN].regret == pytest.approx(0.5)
    one = preferences([vote("north", 30, 10), vote("south", 20, 40)])
    mean = receipt_of(one, "region").told[0].rules[Rule.WEIGHTED_MEAN]
    assert (mean.winners, mean.worst_off) == (("m1", "m2"), "north")


def test_a_third_party_gets_the_same_receipt():
    assert recompute(written(PART), PART) == ()


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**16))
def test_the_order_of_rows_does_not_matter(seed):
    order = np.random.default_rng(seed).permutation(PART.rows).tolist()
    assert recompute(written(PART), permuted(PART, order)) == ()


def leaves(tree, path=()):
    if isinstance(tree, dict):
        for key, part in tree.items():
            yield from leaves(part, (*path, key))
    elif isinstance(tree, list):
        for place, part in enumerate(tree):
            yield from leaves(part, (*path, place))
    else:
        yield path


NOT_TOLD = {("chosen", "rule"), ("chosen", "why"), ("inputs", "table"), ("inputs", "file_sha256")}


def test_no_leaf_can_be_changed_unseen():
    """Every number, name and list of a receipt is compared, but for what people write and where the file lay."""
    seen = 0
    for path in leaves(written(PART)):
        forged = written(PART)
        part = forged
        for key in path[:-1]:
            part = part[key]
        old = part[path[-1]]
        part[path[-1]] = (
            not old if isinstance(old, bool) else old + 0.001 if isinstance(old, float) else f"{old}?"
        )
        assert bool(recompute(forged, PART)) == (path not in NOT_TOLD), path
        seen += 1
    assert seen > 100


def test_a_changed_choice_and_an_added_part_are_seen():
    other = preferences([vote("north", 139, 61), vote("south", 10, 40)])
    assert any(one.path == "inputs.choices_sha256" for one in recompute(written(PART), other))
    assert recompute({**written(PART), "further": 1}, PART)
    shorter = written(PART)
    del shorter["groups"][0]
    assert [one.path for one in recompute(shorter, PART)] == ["groups"]


@pytest.mark.parametrize("broken", [None, [], "x", {}, {"kind": "AggregationReceipt"}])
def test_what_is_no_receipt(broken):
    assert recompute(broken, PART)


@pytest.mark.parametrize(
    "settings_of", [{"of": "all", "column": "", "min_people": 1}, {"of": "models"}, None, {"min_people": "x"}]
)
def test_broken_settings(settings_of):
    assert [one.path for one in recompute({**written(PART), "settings": settings_of}, PART)] == ["settings"]


def test_a_column_that_the_raw_table_lacks():
    assert recompute(written(PART), replace(PART, groups={}))[0].path == "settings.column"


def test_nobody_is_named_in_a_receipt():
    assert "person" not in json.dumps({**written(PART), "inputs": 0, "effective_people": 0, "scopes": 0})
    assert "person 0" not in json.dumps(written(PART))


def test_without_groups_only_rules_of_people_speak():
    receipt = receipt_of(PART)
    assert receipt.groups == ()
    assert set(receipt.silent) == set(Rule)
    assert [rule for rule, n in receipt.silent.items() if n] == [Rule.EQUAL_GROUPS, Rule.MAXIMIN, Rule.NASH]


def test_rows_that_are_left_out_are_counted():
    long = replace(PART, left_out=(LeftOut(why="withdrawn", rows=7, people=2),))
    assert receipt_of(long, "region").inputs.left_out == {"withdrawn": 7}


def test_weights_of_people_count_and_may_flip():
    weighted = preferences(
        [vote("north", 140, 60), vote("south", 10, 40)], weights={"north": 1.0, "south": 16.0}
    )
    receipt = receipt_of(weighted, "region")
    assert receipt.told[0].rules[Rule.WEIGHTED_MEAN].winners == ("m2",)
    assert receipt.effective_people < 250 / 3
    assert receipt.flipped_by_weights[Rule.WEIGHTED_MEAN] == 1
    assert receipt.flipped_by_weights[Rule.MAXIMIN] == 0
    assert recompute(written(weighted), weighted) == ()
    assert recompute(written(weighted), PART)


@pytest.mark.parametrize(
    "weights",
    [{"north": 0.0, "south": 0.0}, {"north": -1.0, "south": 1.0}, {"north": float("nan"), "south": 1.0}],
)
def test_weights_that_are_none_are_refused(weights):
    found = receipt_of(preferences([vote("north", 9, 9), vote("south", 9, 9)], weights=weights), "region")
    assert found.reason is Reason.UNUSABLE_WEIGHTS
    assert "no number may rest on them" in str(found.note)


def test_a_dimension_is_a_scope_of_its_own():
    both = with_column(PART, dimension=coded([("tone", "safety")[i % 2] for i in range(PART.rows)]))
    receipt = receipt_of(both, "region")
    assert [one.scope for one in receipt.told] == ["safety", "tone"]


def by_prompt(rows, *, texts=True):
    """Return choices (person, prompt, first text, second text, choice, group)."""
    person, prompt, one, other, choice, group = zip(*rows, strict=True)
    columns = {"annotator": coded(person), "prompt_id": coded(prompt), "choice": coded(choice)}
    if texts:
        columns |= {"response_a": Texts(values=one), "response_b": Texts(values=other)}
    return Long(
        table="preferences",
        kind=LongKind.PREFERENCES,
        rows=len(rows),
        columns=columns,
        groups={"region": coded(group)},
        rules=RULES,
        source=source("preferences", "preferences"),
    )


def test_responses_are_told_by_their_text_on_whichever_side_they_stood():
    rows = [
        ("p1", "q", "yes", "no", "a", "n"),
        ("p2", "q", "no", "yes", "b", "n"),
        ("p3", "q", "no", "yes", "a", "n"),
    ]
    choices = choices_of(by_prompt(rows))
    assert choices.of is Of.RESPONSES
    receipt = receipt_of(by_prompt(rows))
    assert receipt.told[0].rules[Rule.WEIGHTED_MEAN].scores == pytest.approx((1 / 3, 2 / 3))
    assert told_by(by_prompt(rows, texts=False)) is Of.SIDES


def test_a_receipt_of_responses_needs_their_texts():
    rows = [("p1", "q", "yes", "no", "a", "n"), ("p2", "q", "no", "yes", "b", "n")]
    (one,) = recompute(written(by_prompt(rows), ""), by_prompt(rows, texts=False))
    assert "lack the columns" in one.found


def test_over_many_prompts_costs_are_told_by_group():
    random = np.random.default_rng(1)
    rows = []
    for person in range(120):
        group = "north" if person % 3 else "south"
        for prompt in random.choice(40, 20, replace=False):
            likes = (prompt % 2 == 0) == (group == "north")
            choice = "a" if (random.random() < 0.85) == likes else "b"
            rows.append((f"p{person}", f"q{prompt}", "x", "y", choice, group))
    long = by_prompt(rows)
    receipt = receipt_of(long, "region")
    cost = {(one.rule, one.group): one for one in receipt.costs}
    assert cost[Rule.WEIGHTED_MEAN, "south"].regret > 0.5
    assert cost[Rule.WEIGHTED_MEAN, "north"].regret < 0.05
    assert receipt.flips > 0
    assert len(receipt.told) <= 50
    assert recompute(written(long), long) == ()


BAD = {
    "nobody says who chose": (without(PART, "annotator"), Reason.FEW_PEOPLE),
    "only skipped": (
        with_column(PART, choice=coded(["skip"] * PART.rows)),
        Reason.MISSING_OUTCOMES,
    ),
    "the same on both sides": (with_column(PART, model_b=PART.columns["model_a"]), Reason.MISSING_OUTCOMES),
    "no rows": (preferences([]), Reason.MISSING_OUTCOMES),
    "nothing links the alternatives": (
        preferences([vote("north", 30, 30), vote("south", 30, 30, a="m3", b="m4")]),
        Reason.NOT_CONNECTED,
    ),
}


@pytest.mark.parametrize(("long", "reason"), BAD.values(), ids=BAD.keys())
def test_nothing_to_aggregate_is_said(long, reason):
    found = receipt_of(long, "region")
    assert isinstance(found, NoChoices)
    assert found.reason is reason
    told = list(regrets_of(long, Rule.WEIGHTED_MEAN))
    assert {one.reason for one in told} == {reason}
    assert all(one.estimate is None for one in told)


UNTOLD = {
    "all ties": (preferences([vote("north", 0, 0, 90), vote("south", 0, 0, 90)]), Reason.CONSTANT_OUTCOME),
    "one prompt": (
        preferences([vote("north", 50, 40), vote("south", 50, 40)], prompts=1),
        Reason.FEW_CLUSTERS,
    ),
    "no groups": (replace(PART, groups={}), Reason.MISSING_DEMOGRAPHICS),
    "one person": (preferences([vote("north", 1, 0)]), Reason.FEW_CLUSTERS),
}


@pytest.mark.parametrize(("long", "reason"), UNTOLD.values(), ids=UNTOLD.keys())
def test_no_number_that_looks_fine(long, reason):
    told = [one for one in regrets_of(long, Rule.WEIGHTED_MEAN) if not one.shown]
    assert reason in {one.reason for one in told}
    assert all(one.estimate is None for one in told)


def test_a_single_annotator_of_many_prompts_is_too_few():
    one = with_column(PART, annotator=coded(["p"] * PART.rows))
    told = [m for m in regrets_of(one, Rule.WEIGHTED_MEAN) if not m.shown]
    assert {m.reason for m in told} <= {Reason.FEW_PEOPLE}
    assert receipt_of(one, "region").inputs.repeated == PART.rows - 1


def test_a_hundred_thousand_choices_of_ten_thousand_people_take_about_a_second():
    random = np.random.default_rng(0)
    n, models = 100_000, 8
    a = random.integers(0, models, n)
    b = (a + random.integers(1, models, n)) % models
    person = random.integers(0, 10_000, n)
    long = Long(
        table="preferences",
        kind=LongKind.PREFERENCES,
        rows=n,
        columns={
            "annotator": coded([f"p{i:05}" for i in person]),
            "prompt_id": coded([f"q{i:04}" for i in random.integers(0, 5000, n)]),
            "choice": coded([("a", "b", "tie")[i] for i in random.integers(0, 3, n)]),
            "model_a": coded([f"m{i}" for i in a]),
            "model_b": coded([f"m{i}" for i in b]),
        },
        groups={"region": coded([f"g{i % 5}" for i in person])},
        rules=RULES,
        source=source("preferences", "preferences"),
    )
    start = perf_counter()
    found = receipt_of(long, "region")
    assert perf_counter() - start < 5.0  # a second or two where nothing else runs
    assert found.inputs.rows == n
