"""Conditions in three values."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcgov.core.condition import Comparison, ConditionError, Joined, Truth, comparison_facts, evaluate
from hcgov.core.condition_text import read_condition

F, U, T = Truth.FALSE, Truth.UNKNOWN, Truth.TRUE
FACTS = {"system.yes": True, "system.no": False}
BY_TRUTH = {
    T: Comparison(fact="system.yes", comparator="eq", value=True),
    F: Comparison(fact="system.no", comparator="eq", value=True),
    U: Comparison(fact="system.unstated", comparator="eq", value=True),
}


def joined(quantifier, *truths, least=0):
    parts = tuple(BY_TRUTH[truth] for truth in truths)
    return evaluate(Joined(quantifier=quantifier, parts=parts, least=least), FACTS).truth


# Kleene's strong three-valued logic: the tables of S. C. Kleene, Introduction to Metamathematics, section 64.
KLEENE_AND = {(T, T): T, (T, U): U, (T, F): F, (U, U): U, (U, F): F, (F, F): F}
KLEENE_OR = {(T, T): T, (T, U): T, (T, F): T, (U, U): U, (U, F): U, (F, F): F}


@pytest.mark.parametrize("pair", KLEENE_AND)
def test_all_and_any_are_the_connectives_of_kleene(pair):
    for one, other in (pair, pair[::-1]):
        assert joined("all", one, other) is KLEENE_AND[pair]
        assert joined("any", one, other) is KLEENE_OR[pair]
        assert joined("none", one, other) is Truth(2 - KLEENE_OR[pair])


@given(st.lists(st.sampled_from([F, U, T]), min_size=1, max_size=5), st.integers(1, 5))
def test_what_is_known_holds_however_the_unknown_turns_out(truths, least):
    """A known answer is the answer under every way to fill in what is not known; else the ways disagree."""
    least = min(least, len(truths))
    for quantifier in ("all", "any", "none", "at_least"):
        ways = {
            joined(quantifier, *way, least=least)
            for way in product(*([one] if one is not U else [F, T] for one in truths))
        }
        expected = ways.pop() if len(ways) == 1 else U
        assert joined(quantifier, *truths, least=least) is expected


@pytest.mark.parametrize(
    ("found", "comparator", "value", "truth"),
    [
        (5, "lt", 5, F), (5, "le", 5, T), (5, "gt", 4, T), (5, "ge", 5.0, T), (5, "between", (5, 9), T),
        (4, "between", (5, 9), F), ("5", "lt", 6, U), (True, "lt", 6, U), ("a", "eq", "a", T), ("a", "ne", "a", F),
        (1, "eq", True, U), ("true", "eq", True, U), (1, "eq", 1.0, T), ("a", "in", ("a", "b"), T),
        ("c", "in", ("a", "b"), F), ("c", "not_in", ("a", "b"), T), (1, "in", ("a", "b"), U),
        (("a",), "subset", ("a", "b"), T), (("a", "c"), "subset", ("a", "b"), F), (("a", "c"), "superset", ("a",), T),
        (("a",), "eq", "a", U), ("internal-eu", "matches", "internal*", T), ("x", "matches", "internal*", F),
        (3, "matches", "3", U), (0, "present", True, T), (0, "present", False, F),
    ],
)  # fmt: skip
def test_a_comparison(found, comparator, value, truth):
    told = evaluate(Comparison(fact="system.x", comparator=comparator, value=value), {"system.x": found})
    assert told.truth is truth
    assert told.read == {"system.x": found}
    assert "system.x" in told.why


def test_presence_is_always_known():
    for wanted, truth in ((True, F), (False, T)):
        assert evaluate(Comparison(fact="system.x", comparator="present", value=wanted), {}).truth is truth


def test_why_names_what_is_not_stated():
    told = evaluate(Joined(quantifier="all", parts=(BY_TRUTH[T], BY_TRUTH[U])), FACTS)
    assert (told.truth, told.why) == (U, "system.unstated is not stated")


def test_a_condition_is_read_with_names_and_quantifiers():
    named = {"high": read_condition({"fact": "system.risk_profile", "in": ["high"]}, {})}
    tree = {"at_least": 1, "of": ["high", {"not": {"fact": "system.users", "eq": "internal"}}]}
    condition = read_condition(tree, named)
    assert str(condition) == "at_least 1(system.risk_profile in [high], none(system.users eq internal))"
    assert list(comparison_facts(condition)) == ["system.risk_profile", "system.users"]


@pytest.mark.parametrize(
    ("tree", "path", "message"),
    [
        ("hihg", (), "there is no fact `hihg`"),
        ([], (), "a condition is a name"),
        ({"all": []}, ("all",), "one or more conditions"),
        ({"all": ["high"], "any": ["high"]}, ("any",), "does not belong here"),
        ({"al": ["high"]}, ("al",), "does not belong here"),
        ({"at_least": 3, "of": ["high"]}, ("at_least",), "always or never"),
        ({"at_least": 0, "of": ["high"]}, ("at_least",), "always or never"),
        ({"at_least": True, "of": ["high"]}, ("at_least",), "whole number"),
        ({"at_least": 1}, (), "needs `of"),
        ({"fact": "risk"}, ("fact",), "a fact is named `system.`"),
        ({"fact": "system.x"}, (), "one comparator"),
        ({"fact": "system.x", "eq": 1, "ne": 2}, (), "one comparator"),
        ({"fact": "system.x", "eg": 1}, ("eg",), "unknown comparator"),
        ({"fact": "system.x", "between": [9, 5]}, ("between",), "is empty"),
        ({"fact": "system.x", "between": [1]}, ("between",), "two numbers"),
        ({"fact": "system.x", "lt": "5"}, ("lt",), "takes a number"),
        ({"fact": "system.x", "in": "a"}, ("in",), "takes a list"),
        ({"fact": "system.x", "in": []}, ("in",), "takes a list"),
        ({"fact": "system.x", "eq": None}, ("eq",), "plain value"),
        ({"fact": "system.x", "present": "yes"}, ("present",), "true or false"),
        ({"fact": "system.x", "matches": 3}, ("matches",), "takes a text"),
        ({"all": ["high", {"not": {"fact": "system.x", "eg": 1}}]}, ("all", 1, "not", "eg"), "unknown comparator"),
    ],
)  # fmt: skip
def test_a_condition_that_makes_no_sense_is_told_at_its_place(tree, path, message):
    with pytest.raises(ConditionError) as raised:
        read_condition(tree, {"high": BY_TRUTH[T]})
    assert raised.value.path == path
    assert message in raised.value.message
