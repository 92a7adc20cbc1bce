"""Sections on people beside a machine: what they show, and what they say where there is nothing to show."""

from dataclasses import replace

import pytest

from hcgov.core.evidence.long import coded, numbered
from hcgov.core.sheet import Bars, Facts, Grid, Note, Tone, Value
from hcgov.stages.deployment.automation_state import AutomationState
from hcgov.stages.judgments.oversight import Task, advised, without
from hcgov.stages.judgments.oversight_events import Use, events
from hcgov.stages.judgments.oversight_registry import digest
from hcgov.stages.judgments.sheets.oversight import label_cost, reliance
from hcgov.stages.judgments.sheets.oversight_automation import automation, routing
from hcgov.stages.judgments.sheets.oversight_records import iterations, prompts
from hcgov.stages.specimens import ONE, OTHER, record

TASKS = (
    Task(each=30, agree=0.92),
    Task(each=10, agree=0.3, right=False),
    Task(each=10, agree=0.8, shown=False),
)
WORK = advised({"north": (40, TASKS), "south": (8, TASKS)})


def part(section, name):
    return next(one for one in section.parts if getattr(one, "id", "") == name)


def tones(section):
    return [one.tone for one in section.parts if isinstance(one, Note)]


def test_reliance_by_region_with_few_annotators_hidden():
    section = reliance(WORK)
    bars = part(section, "anchoring")
    assert isinstance(bars, Bars)
    assert bars.mark == 0.0
    told = {str(name): value for name, value in bars.rows}
    assert told["everyone"].low < told["everyone"].value < told["everyone"].high
    assert told["region=south"].value is None
    assert "8 annotators" in str(told["region=south"].why)
    facts = next(one for one in section.parts if isinstance(one, Facts))
    assert len(facts.facts) == 5
    assert tones(section) == []


def test_reliance_says_what_it_cannot_tell():
    assert tones(reliance(without(WORK, "suggestion"))) == [Tone.CANNOT_TELL]
    assert tones(reliance(without(WORK, "truth"))) == [Tone.CANNOT_TELL]
    assert tones(reliance(replace(WORK, randomised=None))) == [Tone.WARNING]
    shown_only = advised({"north": (40, TASKS[:2])})
    assert tones(reliance(shown_only)) == [Tone.CANNOT_TELL]


def test_what_a_label_costs_by_stream():
    stream = coded(["random" if i % 4 == 0 else "active" for i in range(WORK.rows)])
    pay = numbered([None if i == 0 else 0.25 for i in range(WORK.rows)])
    section = label_cost(
        replace(WORK, columns={**WORK.columns, "stream": stream, "pay": pay}), currency="EUR"
    )
    grid = part(section, "label-cost")
    assert isinstance(grid, Grid)
    assert [str(row[0]) for row in grid.rows] == ["all labels", "random items", "active items"]
    assert grid.rows[0][1].value == pytest.approx(0.25 * (WORK.rows - 1))
    assert grid.rows[0][3].value == pytest.approx(0.25)
    assert grid.rows[0][4].value == 1
    assert tones(label_cost(WORK)) == [Tone.CANNOT_TELL]


def test_what_the_machine_could_decide_alone():
    # The surer half of the items is never wrong, every third of the others is.
    item = WORK.codes("item")
    scores = numbered([float(code % 2) for code in item.codes])
    truth = coded(
        [
            WORK.codes("suggestion").names[said] if code % 2 or code % 3 else "another"
            for said, code in zip(WORK.codes("suggestion").codes, item.codes, strict=True)
        ]
    )
    long = replace(WORK, columns={**WORK.columns, "suggestion_score": scores, "truth": truth})
    section = routing(long, risks=(0.05, 0.5))
    grid, bars = part(section, "routing"), part(section, "risk-coverage")
    assert grid.rows[0][1].value == pytest.approx(0.5, abs=0.01)
    assert grid.rows[0][2].value == 0.0
    assert grid.rows[1][1].value == 1.0
    assert [value.value for _, value in bars.rows] == pytest.approx([0.0, 1 / 6], abs=0.01)
    assert routing(long, risks=(0.0001,)).parts[1].rows[0][1].value is None
    assert tones(routing(WORK)) == [Tone.CANNOT_TELL]


def test_the_state_of_a_task_for_each_slice():
    use = events({"north": Use(users=60, each=40, bad_later=0.5), "south": Use(users=60, each=40)})
    section = automation(use, AutomationState())
    states = {str(row[0]): str(row[1]) for row in part(section, "automation").rows}
    assert states["region=south"] == "automated"
    assert states["region=north"] in ("assisted", "human")
    chart = part(section, "automation-errors")
    assert chart.mark == 0.1
    assert all(isinstance(value, Value) for _, value in chart.rows)
    few = automation(events({"north": Use(users=12, each=3)}), AutomationState())
    assert all(value.value is None and value.why for _, value in part(few, "automation-errors").rows)
    assert tones(automation(events({}), AutomationState())) == [Tone.CANNOT_TELL]


def test_the_learning_curve_and_what_a_point_cost():
    cycles = [
        {
            "id": "c1",
            "data": ONE,
            "change": "more labels",
            "held_out": OTHER,
            "before": {"value": 0.78, "n": 2000},
            "after": {"value": 0.84, "n": 2000},
            "cost": 1200.0,
            "labels": 400,
        },
        {"id": "c2", "data": ONE, "change": "a new guideline"},
    ]
    claims = [{"benefit": "accuracy", "cycle": "c1"}, {"benefit": "safety", "cycle": "c2"}]
    section = iterations(record("iteration_ledger", {"cycles": cycles, "claims": claims}))
    first, second = part(section, "iterations").rows
    assert first[4].value == pytest.approx(0.06)
    assert first[7].value == pytest.approx(200.0)
    assert second[4].value is None
    assert second[4].why is not None
    assert [value.value for _, value in part(section, "learning-curve").rows] == [0.78, 0.84, None]
    assert [str(row[3]) for row in part(section, "benefits").rows] == ["yes", "no"]
    assert tones(iterations(record("iteration_ledger", {}))) == [Tone.WARNING, Tone.CANNOT_TELL]


def test_versions_of_instructions_with_their_differences():
    texts = {"v1": "Be brief.", "v2": "Be brief and kind."}
    entries = [
        {
            "id": name,
            "text": said,
            "sha256": digest(said),
            "regression_set": OTHER,
            "parent": parent,
            "change": "kind",
        }
        for (name, said), parent in zip(texts.items(), ("", "v1"), strict=True)
    ]
    grid = part(prompts(record("prompt_registry", {"prompts": entries})), "prompts")
    assert str(grid.rows[1][3]) == "-Be brief.\n+Be brief and kind."
    assert tones(prompts(record("prompt_registry", {}))) == [Tone.CANNOT_TELL]
