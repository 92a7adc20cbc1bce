"""The sections that people read about preferences."""

from dataclasses import replace

import pytest

from hcgov.core.evidence.long import Long, coded
from hcgov.core.long_tables import LongKind
from hcgov.core.sheet import Bars, Facts, Grid, Note, Tone, Value
from hcgov.stages.judgments.preference_worked import RULES, SOURCE, judged, mixed, preferences
from hcgov.stages.judgments.sheets.common_ground import common_ground_section
from hcgov.stages.judgments.sheets.preference_groups import cluster_section
from hcgov.stages.judgments.sheets.preference_models import (
    heterogeneity_section,
    outcome_section,
    strength_section,
)

SECTIONS = (outcome_section, strength_section, heterogeneity_section, cluster_section)


def camps(region, who, one):
    return "a" if ((one % 3 == 0) == (region == "north")) != (mixed(who, one) < 10) else "b"


def three_models():
    return preferences(
        [
            (
                f"p{who}",
                ("north", "south")[who % 2],
                f"q{one}",
                a,
                b,
                "a" if mixed(who, one + int(b[1])) < wins else "b",
            )
            for who in range(80)
            for one in range(12)
            for a, b, wins in (("m1", "m2", 80), ("m2", "m3", 52), ("m1", "m3", 80))
        ]
    )


def parts(section, kind):
    return [part for part in section.parts if isinstance(part, kind)]


@pytest.mark.parametrize("section", SECTIONS)
def test_tables_are_rectangular_and_ids_differ(section):
    for long in (three_models(), judged(80, 20, camps)):
        found = section(long)
        grids = parts(found, Grid)
        assert len({grid.id for grid in grids}) == len(grids)
        for grid in grids:
            assert all(len(row) == len(grid.head) for row in grid.rows)
        for row in (cell for grid in grids for line in grid.rows for cell in line):
            if isinstance(row, Value) and row.low is not None:
                assert row.low <= row.value <= row.high


def test_places_say_what_is_settled():
    found = strength_section(three_models())
    (bars,) = parts(found, Bars)
    assert str(bars.rows[0][0]) == "m1"
    (places,) = parts(found, Grid)
    assert [str(row[2]) for row in places.rows] == ["1", "2 to 3", "2 to 3"]


def test_groups_of_opinion_get_cards_and_the_warning():
    found = cluster_section(judged(80, 20, camps))
    warning = parts(found, Note)[0]
    assert warning.tone is Tone.WARNING
    assert "not demographic" in str(warning.text)
    ids = {grid.id for grid in parts(found, Grid)}
    assert {"cluster-1-prefers", "cluster-1-region", "cluster-2-prefers", "cluster-2-region"} <= ids
    mix = next(grid for grid in parts(found, Grid) if grid.id == "cluster-1-region")
    assert max(row[1].value for row in mix.rows) > 0.9


def test_without_groups_of_opinion_there_are_no_cards():
    found = cluster_section(
        judged(80, 20, lambda region, who, one: "ab"[(who * 7 + one * one * 5 + who * one) % 11 % 2])
    )
    assert parts(found, Grid) == []
    assert "No evidence" in str(parts(found, Note)[0].text)
    assert parts(found, Facts)


def test_contested_pairs_come_first():
    long = judged(
        160, 10, lambda region, who, one: "a" if mixed(who, one) < (80 if region == "north" else 30) else "b"
    )
    found = heterogeneity_section(long)
    (grid,) = parts(found, Grid)
    assert str(grid.rows[0][0]) == "new over old"
    assert grid.rows[0][3].value == pytest.approx(0.5, abs=0.05)
    assert parts(found, Note)[0].tone is Tone.WARNING


def test_nothing_is_shown_of_one_person_or_of_nobodys_group():
    one = judged(1, 20, camps)
    for section in SECTIONS[1:]:
        (note,) = section(one).parts
        assert note.tone is Tone.CANNOT_TELL
    nameless = replace(judged(80, 20, camps), groups={"region": coded([None] * 1600)})
    (note,) = heterogeneity_section(nameless).parts
    assert "nobody" in str(note.text)


def test_few_people_have_places_that_are_not_settled():
    long = judged(6, 20, lambda region, who, one: "a" if mixed(who, one) < 70 else "b")
    (places,) = parts(strength_section(long), Grid)
    assert {str(row[2]) for row in places.rows} == {"not settled"}
    assert all(row[1].low is None for row in places.rows)


def test_what_both_groups_want_stands_above_what_the_larger_wants():
    who = [(f"p{i}", "north" if i % 3 else "south") for i in range(240)]
    rows = [
        (person, region, item, label(region, i, place))
        for i, (person, region) in enumerate(who)
        for place, item in enumerate(("parks", "roads", "taxes", "fees"))
    ]
    person, region, item, label_ = zip(*rows, strict=True)
    long = Long(
        table="annotations",
        kind=LongKind.ANNOTATIONS,
        rows=len(rows),
        columns={"item": coded(item), "annotator": coded(person), "label": coded(label_)},
        groups={"region": coded(region)},
        rules=RULES,
        source=SOURCE,
    )
    (grid,) = common_ground_section(long, "region").parts
    assert str(grid.rows[0][0]) == "parks"
    scores = {str(row[0]): row[-1] for row in grid.rows}
    assert scores["parks"].value > scores["roads"].value
    assert all(value.low <= value.value <= value.high for value in scores.values())
    (note,) = common_ground_section(long, "age").parts
    assert note.tone is Tone.CANNOT_TELL


def label(region, i, place):
    """Everyone likes parks; the north likes roads and fees and the south taxes."""
    if mixed(i, place) < 10:
        return "pass"
    likes = place == 0 or (place % 2 == 1) == (region == "north")
    return "agree" if likes == (mixed(i + 5, place) < 80) else "disagree"
