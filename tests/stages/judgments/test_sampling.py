"""Sampling plans as records, people by strata, weights of a table, and their sections."""

from dataclasses import replace

import numpy as np
import pytest
from ruamel.yaml import YAML

from hcgov.core.check import Example
from hcgov.core.evidence.long import coded
from hcgov.core.measurement import Answered, Measurement, Statement
from hcgov.core.sheet import Grid, Note, Tone
from hcgov.core.status import Reason
from hcgov.stages.data.preference_sample import PreferenceSample, preference_sample
from hcgov.stages.data.preference_weights import PreferenceWeights, preference_weights
from hcgov.stages.judgments.choice_examples import Vote, asked, preferences, with_column
from hcgov.stages.judgments.plans import people_by, plan_of, tree_of
from hcgov.stages.judgments.sheets.aggregation import aggregation_section
from hcgov.stages.judgments.sheets.sampling import mix_section, plan_section, weights_section
from hcgov.stages.judgments.weight_quality import effective_share
from hcgov.stages.judgments.weighting import WrittenMargins
from hcgov.stages.specimens import record
from hcgov.stats.sampling.plan import sampling_plan

HALVES = WrittenMargins(margins={"region": {"north": 0.5, "south": 0.5}}, source="Census 2021")


def plan(**given):
    return sampling_plan(("region",), {("north",): 0.6, ("south",): 0.4}, **({"total": 100} | given))


def test_a_plan_survives_being_written(tmp_path):
    yaml = YAML(typ="safe", pure=True)
    made = plan(stratum_margin=0.15)
    with (tmp_path / "sampling_plan.yaml").open("w", encoding="utf-8") as file:
        yaml.dump(tree_of(made, source="Census 2021", date="2026-11-21"), file)
    tree = yaml.load(tmp_path / "sampling_plan.yaml")
    read, faults = plan_of(record("sampling_plan", tree))
    assert faults == ()
    assert read.plan.strata == made.strata
    assert read.plan.planned_margin == pytest.approx(made.planned_margin)
    assert read.collecting


def broken(**changes):
    return record("sampling_plan", {**tree_of(plan(), source="Census 2021"), **changes})


@pytest.mark.parametrize(
    "changes",
    [
        {"strata": []},
        {"source": ""},
        {"further": 1},
        {"columns": ["region", "sex"]},
        {"strata": [{"values": ["north"], "share": 0.5, "quota": 10}]},
        {"strata": [{"values": ["north"], "share": 0.5, "quota": 10}] * 2},
        {"strata": [{"values": ["north"], "share": 1.0, "quota": 0}]},
        {"strata": [{"values": ["north"], "share": 60, "quota": 10}]},
    ],
)
def test_a_plan_that_is_none_is_an_error(changes):
    read, faults = plan_of(broken(**changes))
    assert read is None
    assert {one.answer for one in faults} == {Answered.ERROR}


def test_people_are_counted_once_however_often_they_judged():
    long = preferences([Vote(group="north", a="m1", b="m2", for_a=40, for_b=0)])
    often = with_column(long, annotator=coded([f"p{i % 10}" for i in range(40)]))
    assert people_by(often, ("region",)).by_values == {("north",): 10}
    nobody = with_column(long, annotator=coded([None] * 40))
    assert people_by(nobody, ("region",)).total == 0


def test_people_by_two_columns_and_some_unrecorded():
    long = asked({"north": 4, "south": 4, None: 2})
    long = replace(long, groups={**long.groups, "sex": coded([("f", "m")[i % 2] for i in range(10)])})
    found = people_by(long, ("region", "sex"))
    assert found.by_values == {(r, s): 2 for r in ("north", "south") for s in ("f", "m")}
    assert (found.unplaced, found.total) == (2, 10)


def sample(long, tree, **params):
    told = preference_sample(long=long, plan=record("sampling_plan", tree), params=PreferenceSample(**params))
    return {one.about: one for one in told}


def test_a_short_stratum_blocks_the_claim_of_diversity():
    tree = tree_of(plan(margin=None), source="Census 2021", collecting=False)
    told = sample(asked({"north": 63, "south": 20}), tree)
    assert told["stratum north"].answer is Answered.MET
    assert told["stratum south"].answer is Answered.NOT_MET
    assert "20 of 40 people (50 %), 20 short" in str(told["stratum south"].text)
    assert "may not be called diverse" in str(told["claim"].text)


def test_exactly_nine_tenths_are_enough_and_one_person_less_is_not():
    tree = tree_of(plan(margin=None), source="Census 2021", collecting=False)
    assert sample(asked({"north": 54, "south": 36}), tree)["stratum south"].answer is Answered.MET
    assert sample(asked({"north": 54, "south": 35}), tree)["stratum south"].answer is Answered.NOT_MET


def test_a_table_without_the_plans_columns_or_people():
    tree = tree_of(plan(margin=None), source="Census 2021")
    long = asked({"north": 60, "south": 40})
    assert sample(replace(long, groups={}), tree)["columns"].answer is Answered.ERROR
    nobody = with_column(long, annotator=coded([None] * long.rows))
    assert sample(nobody, tree)["people"].reason is Reason.FEW_PEOPLE


def weights_of(long, margins=None, **params):
    population = record(
        "population_margins",
        margins or {"margins": {"region": {"north": 0.5, "south": 0.5}}, "source": "Census 2021"},
    )
    return list(preference_weights(long=long, population=population, params=PreferenceWeights(**params)))


def test_the_effective_share_and_its_bounds():
    assert effective_share(np.ones(50)).value == 1.0
    found = effective_share(np.array([1.0, 1.0, 2.0, 4.0] * 100))
    assert found.value == pytest.approx(2.90909 / 4, abs=1e-5)
    assert found.n_eff <= 400


def test_weights_tell_everyone_groups_trimming_and_margins():
    told = weights_of(asked({"north": 300, "south": 100}))
    judged = [one for one in told if isinstance(one, Measurement) and not one.shown]
    assert [one.estimate.value for one in judged] == pytest.approx([0.75])
    assert sum(isinstance(one, Measurement) and one.shown for one in told) == 2
    assert {one.about: one.answer for one in told if isinstance(one, Statement)} == {
        "trimming": Answered.MET,
        "margins": Answered.MET,
    }


def test_a_group_of_too_few_effective_people_is_named():
    told = weights_of(asked({"north": 100, "south": 25}))
    (thin,) = [one for one in told if isinstance(one, Measurement) and one.reason]
    assert (str(thin.scope), thin.reason) == ("region=south", Reason.FEW_PEOPLE)


def test_trimming_that_misses_the_margins_fails():
    told = weights_of(asked({"north": 960, "south": 40}))
    answers = {one.about: one for one in told if isinstance(one, Statement)}
    assert answers["margins"].answer is Answered.NOT_MET
    assert "40 weights over 5 medians cut" in str(answers["trimming"].text)


def test_given_weights_are_held_against_the_population():
    votes = [Vote(group=g, a="m1", b="m2", for_a=n, for_b=n) for g, n in (("north", 150), ("south", 50))]
    good = weights_of(preferences(votes, weights={"north": 1.0, "south": 3.0}), weights="given")
    assert all(one.answer is Answered.MET for one in good if isinstance(one, Statement))
    flat = weights_of(preferences(votes, weights={"north": 1.0, "south": 1.0}), weights="given")
    assert [one.answer for one in flat if isinstance(one, Statement) and one.about == "margins"] == [
        Answered.NOT_MET
    ]
    steep = weights_of(preferences(votes, weights={"north": 1.0, "south": 9.0}), weights="given")
    assert [one.answer for one in steep if isinstance(one, Statement) and one.about == "trimming"] == [
        Answered.NOT_MET
    ]


REFUSED = {
    "an empty level": (asked({"north": 90}), {}, Reason.ABSENT_GROUP),
    "a thin level": (asked({"north": 90, "south": 2}), {}, Reason.FEW_PEOPLE),
    "a level nobody named": (asked({"north": 90, "south": 90, "moon": 9}), {}, Reason.UNDECLARED_GROUP),
    "nobody with a group": (asked({None: 90}), {}, Reason.FEW_PEOPLE),
    "no weights": (asked({"north": 90, "south": 90}), {"weights": "given"}, Reason.UNUSABLE_WEIGHTS),
}


@pytest.mark.parametrize(("long", "params", "reason"), REFUSED.values(), ids=REFUSED.keys())
def test_weights_never_create_people(long, params, reason):
    (told,) = weights_of(long, **params)
    assert (told.estimate, told.reason) == (None, reason)
    section = weights_section(long, HALVES, use_given=bool(params))
    assert [part.tone for part in section.parts] == [Tone.CANNOT_TELL]


@pytest.mark.parametrize(
    "margins",
    [
        {"source": "Census 2021"},
        {"margins": {"region": {"north": 0.5, "south": 0.9}}, "source": "Census 2021"},
        {"columns": ["region"], "cells": [{"values": ["north", "f"], "share": 1.0}], "source": "Census 2021"},
        {
            "margins": {"region": {"north": 1.0}},
            "cells": [{"values": [], "share": 1}],
            "source": "Census 2021",
        },
        {"margins": {"planet": {"earth": 1.0}}, "source": "Census 2021"},
        {"margins": {"region": {"north": 1.0}}},
    ],
)
def test_a_population_that_is_none_is_an_error(margins):
    told = weights_of(asked({"north": 90, "south": 90}), margins)
    assert told
    assert {one.answer for one in told} == {Answered.ERROR}


def test_cells_of_a_population_post_stratify():
    cells = [{"values": ["north"], "share": 0.7}, {"values": ["south"], "share": 0.3}]
    told = weights_of(
        asked({"north": 90, "south": 90}), {"columns": ["region"], "cells": cells, "source": "Census 2021"}
    )
    assert told[0].estimate.value == pytest.approx(1 / (1 + 0.16))


def grids(section):
    return {part.id: part for part in section.parts if isinstance(part, Grid)}


def test_the_section_of_a_plan_tells_who_is_short():
    read, _ = plan_of(record("p", tree_of(plan(margin=None), source="Census 2021")))
    section = plan_section(read, asked({"north": 60, "south": 4}))
    assert len(grids(section)["sampling-strata"].rows) == 2
    assert any(isinstance(part, Note) and part.tone is Tone.WARNING for part in section.parts)
    assert not any(isinstance(part, Note) for part in plan_section(read).parts)


def test_weighted_results_stand_beside_unweighted_ones():
    long = preferences(
        [
            Vote(group="north", a="m1", b="m2", for_a=140, for_b=60),
            Vote(group="south", a="m1", b="m2", for_a=10, for_b=40),
        ]
    )
    row = grids(weights_section(long, HALVES))["sampling-weighted-shares"].rows[0]
    assert [cell.value for cell in row[1:]] == pytest.approx([0.6, 0.45, -0.15])
    assert all(cell.low < cell.value < cell.high for cell in row[1:])


def test_thin_groups_are_shown_partially_pooled():
    long = preferences(
        [
            Vote(group="north", a="m1", b="m2", for_a=140, for_b=60),
            Vote(group="south", a="m1", b="m2", for_a=1, for_b=5),
        ]
    )
    rows = grids(weights_section(long, HALVES))["sampling-groups-region"].rows
    own, pooled = next((row[2].value, row[3].value) for row in rows if str(row[1]) == "south")
    assert own == pytest.approx(1 / 6)
    assert own < pooled < 0.7


def test_the_mix_and_the_aggregation_have_sections():
    long = asked({"north": 80, "south": 20})
    assert mix_section(long, HALVES).parts
    section = aggregation_section(long, "region")
    assert "aggregation-winners-1" in grids(section)
    assert all(len(row) == len(grid.head) for grid in grids(section).values() for row in grid.rows)


def test_examples_are_examples():
    from hcgov.stages.data.preference_weights import examples

    assert all(isinstance(one, Example) for one in examples())
