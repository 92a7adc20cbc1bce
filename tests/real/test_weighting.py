"""Raking and post-stratification to real census tables: those that came with PRISM."""

import csv
from collections import Counter

import numpy as np
import pytest

from hcgov.core.evidence.long import Long, coded
from hcgov.core.long_tables import LongKind
from hcgov.core.slices import SliceRules
from hcgov.stages.judgments.plans import people_by
from hcgov.stages.judgments.weighting import Cell, WrittenMargins, weighted
from hcgov.stages.specimens import source
from hcgov.stats.sampling.plan import sampling_plan
from hcgov.stats.sampling.raking import Refusal, Why

TOTAL = "All"


@pytest.fixture(scope="module")
def census(real_data):
    """Return the share of the population of the United States by (age, ethnicity, sex)."""
    with (real_data / "prism" / "us_census_aggregate.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["age_category"] != "All Ages"]
    return {
        (row["age_category"], *column.split("_")): float(share)
        for row in rows
        for column, share in row.items()
        if column != "age_category" and not column.startswith(TOTAL)
    }


@pytest.fixture(scope="module")
def kingdom(real_data):
    """Return people of the United Kingdom in 2021 by (ethnic group, sex)."""
    with (real_data / "prism" / "uk.csv").open(encoding="utf-8-sig") as file:
        rows = [row for row in csv.DictReader(file) if row["Age"].rstrip("+").isdigit()]
    people = Counter()
    for row in rows:
        for column, number in row.items():
            if column.endswith("2021 (number)"):
                group, _, sex = column.removesuffix(" 2021 (number)").rpartition(", ")
                people[group.partition(":")[0], sex] += float(number or 0)
    return people


def panel(cells, people, seed, names):
    """Return a table of people drawn with odds that favour the first cells: nobody's panel is the census."""
    random = np.random.default_rng(seed)
    keys = sorted(cells)
    odds = np.array([cells[key] for key in keys]) * random.uniform(0.4, 2.5, len(keys))
    drawn = random.choice(len(keys), people, p=odds / odds.sum())
    return Long(
        table="annotators",
        kind=LongKind.ANNOTATORS,
        rows=people,
        columns={"annotator": coded([f"p{i}" for i in range(people)])},
        groups={name: coded([keys[code][place] for code in drawn]) for place, name in enumerate(names)},
        rules=SliceRules(by=names),
        source=source("annotators", "annotators"),
    )


def margins(cells, names):
    whole = sum(cells.values())
    return WrittenMargins(
        margins={
            name: {
                level: sum(share for key, share in cells.items() if key[place] == level) / whole
                for level in sorted({key[place] for key in cells})
            }
            for place, name in enumerate(names)
        },
        source="census",
    )


def shares(long, found, name):
    held = np.bincount(
        np.frombuffer(long.groups[name].codes, dtype=np.int32), weights=found.weights[found.person]
    )
    return dict(zip(long.groups[name].names, held / held.sum(), strict=True))


NAMES = ("age", "ethnicity", "sex")


def test_the_census_is_a_whole(census):
    assert len(census) == 72
    assert sum(census.values()) == pytest.approx(1.0, abs=1e-9)
    assert margins(census, NAMES).margins["sex"]["Female"] == pytest.approx(0.506754426192424, abs=1e-9)
    assert margins(census, NAMES).margins["age"]["65+ years old"] == pytest.approx(0.20860910374, abs=1e-9)


@pytest.mark.parametrize("people", [800, 1500, 8000])
def test_a_panel_is_raked_to_three_margins_of_the_census(census, people):
    long = panel(census, people, people, NAMES)
    wanted = margins(census, NAMES)
    found = weighted(long, wanted, cap=50)
    for name in NAMES:
        assert shares(long, found, name) == pytest.approx(wanted.margins[name], abs=1e-6)
    assert found.found.kish.deff > 1.0
    assert found.found.kish.n_eff < people


def test_the_cap_of_five_medians_is_kept(census):
    long = panel(census, 1500, 4, NAMES)
    found = weighted(long, margins(census, NAMES))
    assert found.weights.max() <= found.found.cap * (1 + 1e-9)


def test_post_stratification_by_all_cells_refuses_the_thin_ones(census):
    cells = [Cell(values=list(key), share=share) for key, share in census.items()]
    wanted = WrittenMargins(columns=list(NAMES), cells=cells, source="census")
    found = weighted(panel(census, 300, 5, NAMES), wanted)
    assert isinstance(found, Refusal)
    assert found.why in (Why.THIN_LEVEL, Why.EMPTY_LEVEL)
    large = panel(census, 40_000, 5, NAMES)
    met = weighted(large, wanted, cap=50)
    people = people_by(large, NAMES).by_values
    assert set(people) == set(census)
    assert met.found.error <= 1e-6


def test_the_united_kingdom_by_ethnic_group_and_sex(kingdom):
    names = ("ethnicity", "sex")
    long = panel({key: n / sum(kingdom.values()) for key, n in kingdom.items()}, 4000, 6, names)
    wanted = margins(kingdom, names)
    assert wanted.margins["ethnicity"]["White"] == pytest.approx(0.817, abs=0.003), (
        "81.7 % in the census of 2021"
    )
    found = weighted(long, wanted, cap=50)
    for name in names:
        assert shares(long, found, name) == pytest.approx(wanted.margins[name], abs=1e-6)


def test_a_plan_for_the_census(census):
    by_age = {(age,): share for age, share in margins(census, NAMES).margins["age"].items()}
    plan = sampling_plan(("age",), by_age, margin=0.05, stratum_margin=0.10)
    assert plan.total >= 6 * 97
    assert plan.planned_margin <= 0.05
