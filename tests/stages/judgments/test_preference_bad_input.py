"""Preferences of which nothing can be told: a reason, never a number that looks fine."""

from array import array
from dataclasses import replace

import pytest

from hcgov.core.evidence.long import Codes, Texts
from hcgov.core.measurement import Measurement
from hcgov.io.plugins import load_built_in
from hcgov.stages.judgments.exports import export
from hcgov.stages.judgments.preferring import preferences
from hcgov.stages.judgments.recipes import Recipe
from hcgov.stages.judgments.sheets import export as export_sheet
from hcgov.stages.judgments.sheets.preference_profile import sections

CHECKS = load_built_in().checks
POSITION, LENGTH, AGAIN, ALIKE, REWARD = (
    "data.preference_position_bias",
    "data.preference_length_bias",
    "data.preference_duplicates",
    "data.candidate_diversity",
    "training.reward_by_group",
)


def row(i, who, choice=None, **more):
    return {
        "annotator": who,
        "prompt_id": f"q{i}",
        "prompt": f"What of {i}?",
        "response_a": f"one {i} more",
        "response_b": f"two {i}",
        "choice": choice or "ab"[(i // 3) % 2],
        "position_of_a": "left" if i % 2 else "right",
        "reward_a": 1.0 + i % 3,
        "reward_b": 2.0,
        **more,
    }


def table(rows):
    return preferences(rows, groups={"region": [None] * len(rows)})


def empty():
    one = table([row(0, "p")])
    none = {
        name: replace(c, codes=array("i"))
        if isinstance(c, Codes)
        else replace(c, values=())
        if isinstance(c, Texts)
        else replace(c, values=array("d"))
        for name, c in one.columns.items()
    }
    groups = {"region": Codes(codes=array("i"), names=())}
    return replace(one, rows=0, columns=none, groups=groups)


CASES = {
    "no rows": (empty(), (POSITION, LENGTH, AGAIN, ALIKE, REWARD)),
    "one row": (table([row(0, "p")]), (POSITION, LENGTH, AGAIN, ALIKE, REWARD)),
    "one annotator": (table([row(i, "p") for i in range(60)]), (POSITION, LENGTH, REWARD)),
    "one prompt": (
        table([row(0, f"p{i}", "ab"[i % 2]) for i in range(60)]),
        (POSITION, LENGTH, ALIKE, REWARD),
    ),
    "all ties": (table([row(i, f"p{i % 40}", "tie") for i in range(200)]), (POSITION, LENGTH, REWARD)),
    "two people over and over": (
        table([row(i % 5, f"p{i % 2}") for i in range(200)]),
        (POSITION, LENGTH, REWARD),
    ),
    "nobody has a group": (table([row(i, f"p{i % 40}") for i in range(400)]), (REWARD,)),
    "scores are constant": (table([row(i, f"p{i % 40}", reward_a=2.0) for i in range(400)]), (REWARD,)),
    "nobody is named": (table([{**row(i, None)} for i in range(200)]), (POSITION, LENGTH, REWARD)),
}


@pytest.mark.parametrize("name", CASES)
def test_a_reason_stands_in_place_of_a_number(name):
    long, silent = CASES[name]
    for check_id in silent:
        check = CHECKS[check_id]
        judged = [
            o for o in check.measure(long=long, params=check.params()) if not getattr(o, "shown", False)
        ]
        assert judged, check_id
        for one in judged:
            assert isinstance(one, Measurement)
            assert one.estimate is None, (check_id, one)
            assert one.reason is not None


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("rule", ["judgment", "majority"])
def test_sheets_and_exports_stand_all_the_same(name, rule):
    long, _ = CASES[name]
    assert len(sections(long)) == 4
    found = export(long, Recipe(rule=rule, balance="region", contested_by="region"))
    assert sum(found.left_out().values()) == long.rows
    assert export_sheet.sections(found)


def test_the_same_judgment_over_and_over_fails():
    check = CHECKS[AGAIN]
    (found,) = check.measure(long=CASES["two people over and over"][0], params=check.params())
    assert found.estimate.value == 0.95
