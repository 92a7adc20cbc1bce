"""Bundles for researchers: no cell tells of few people, nor do differences of cells."""

import json
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcgov.core.evidence.long import coded
from hcgov.core.status import Reason
from hcgov.stages.judgments.bundle_memory import memory_of, remembered
from hcgov.stages.judgments.bundles import PEOPLE, bundle_of
from hcgov.stages.judgments.choice_examples import Vote, preferences, with_column, without


def table(north=(60, 40), south=(12, 40), west=(3, 4), east=(30, 40)):
    return preferences(
        [
            Vote(group=group, a="m1", b="m2", for_a=a, for_b=b)
            for group, (a, b) in {"north": north, "south": south, "west": west, "east": east}.items()
        ]
    )


def cells(bundle):
    return {
        (t.name, row[: len(row) - (1 if t.name == "people" else 3)]): row
        for t in bundle.tables
        for row in t.rows
    }


def test_small_cells_and_what_they_could_be_found_from_are_not_shown():
    bundle = bundle_of(table())
    shown = {row[0] for row in bundle.tables[0].rows}
    assert "west" not in shown
    assert "south" not in shown, (
        "the next smallest goes too: everyone minus the rest would tell of seven people"
    )
    assert {"all", "north", "east"} <= shown
    assert bundle.tables[0].suppressed == 2


def test_nobody_stands_in_a_bundle():
    told = json.dumps(
        [[t.name, t.head, t.rows] for t in bundle_of(table()).tables] + [bundle_of(table()).note]
    )
    assert "person 0" not in told
    assert "prompt" not in told


groups = st.tuples(st.integers(0, 40), st.integers(0, 40))


@settings(max_examples=40, deadline=None)
@given(groups, groups, groups, st.sampled_from([5, 11, 20]))
def test_every_shown_cell_stands_for_enough_people(north, south, east, k):
    bundle = bundle_of(table(north, south, (30, 30), east), k=k)
    for name, held in bundle.held.items():
        for key, counts in held.items():
            if key not in bundle.hidden[name]:
                assert all(count == 0 or count >= k for count in counts), (name, key, counts)


@settings(max_examples=40, deadline=None)
@given(groups, groups, groups)
def test_nothing_is_found_by_subtraction(north, south, east):
    bundle = bundle_of(table(north, south, (30, 30), east))
    held, hidden = bundle.held[PEOPLE], bundle.hidden[PEOPLE]
    if () not in hidden:
        out = [counts[0] for key, counts in held.items() if key and key in hidden]
        assert not out or (len(out) > 1 and sum(out) >= 11)


def test_a_later_bundle_does_not_tell_of_who_came():
    first = bundle_of(table())
    second = bundle_of(table(north=(63, 40)), previous=first)
    names = {row[0] for row in second.tables[0].rows}
    assert "north" not in names
    assert "all" not in names
    assert "south" not in names, "what was hidden stays so"
    same = bundle_of(table(), previous=first)
    assert cells(same) == cells(first)


def test_what_the_next_bundle_needs_survives_being_written():
    first = bundle_of(table())
    kept = remembered(json.loads(json.dumps(memory_of(first))))
    assert (kept.held, kept.hidden) == (first.held, first.hidden)
    later = table(north=(63, 40))
    assert bundle_of(later, previous=kept).tables == bundle_of(later, previous=first).tables
    with pytest.raises(ValueError, match="cells"):
        remembered({"k": 11})


def test_a_dimension_names_no_file():
    long = with_column(table(), dimension=coded(["../tone"] * table().rows))
    (choices,) = bundle_of(long).tables[1:]
    assert (choices.name, choices.about) == ("choices-1", "../tone")


def test_counts_are_rounded_to_five():
    for t, row in product(bundle_of(table()).tables, range(50)):
        if row < len(t.rows):
            assert all(cell % 5 == 0 for cell in t.rows[row] if isinstance(cell, int))


def test_who_did_not_compare_an_alternative_is_not_found_either():
    """97 of 100 people compared m3: the three others are the difference of two shown cells."""
    long = preferences(
        [
            Vote(group="north", a="m1", b="m3", for_a=60, for_b=37),
            Vote(group="north", a="m1", b="m2", for_a=1, for_b=2),
            Vote(group="south", a="m1", b="m3", for_a=60, for_b=40),
        ]
    )
    choices = next(t for t in bundle_of(long).tables if t.name == "choices")
    assert ("m3", "north") not in {row[:2] for row in choices.rows}


def test_k_is_at_least_five_and_columns_are_there():
    with pytest.raises(ValueError, match="at least 5"):
        bundle_of(table(), k=4)
    with pytest.raises(ValueError, match="columns"):
        bundle_of(table(), columns=("age",))


def test_people_without_a_group_are_a_group():
    long = table()
    half = coded(["north" if i % 2 else None for i in range(long.rows)])
    bundle = bundle_of(replace(long, groups={"region": half}))
    assert "(not recorded)" in {row[0] for row in bundle.tables[0].rows}


def test_nothing_to_bundle_is_said():
    assert bundle_of(without(table(), "annotator")).reason is Reason.FEW_PEOPLE
    assert (
        bundle_of(with_column(table(), choice=coded(["skip"] * table().rows))).reason
        is Reason.MISSING_OUTCOMES
    )
