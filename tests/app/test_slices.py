"""Slices from a table to the record: every declared group is named, secondary ones decide nothing, none is split."""

import csv
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import pytest

from hcgov.app.check import Asked, run_check
from hcgov.core.mistake import AuthoringError
from hcgov.core.record import ControlV1, FindingV1, ReportV1
from hcgov.io.render.html import render_html
from hcgov.io.render.model_card import render_model_card

MANIFEST = """\
hcgov: 1
kind: Project
system: {{name: Slices, version: "1", risk_profile: standard}}
policies: [pack.yaml]
slices: {slices}
artifacts:
  predictions:
    kind: table
    path: rows.csv
    unit: person
    roles: {{prediction: said}}
    outcomes: {{prediction: {{adverse: lower}}}}
"""
PACK = """\
hcgov: 1
kind: PolicyPack
metadata: {{id: slices, version: 1.0.0, title: Slices, owner: me}}
controls:
  - id: S-1
    title: The outcome is as frequent in every group
    stage: evaluation
    check: evaluation.rate_gap@1
    with: {{table: predictions, outcome: prediction{more}}}
    limit: {{at_most: "0.10"}}
    severity: high
    enforcement: mandatory
    why: Uneven service harms people.
    fix: Serve them alike.
    source: organisation
{control}"""
Row = tuple[str | None, str | None, int | None]


def _rows(sex: str | None, region: str | None, positives: int, negatives: int, missing: int = 0) -> list[Row]:
    outcomes: list[int | None] = [1] * positives + [0] * negatives + [None] * missing
    return [(sex, region, outcome) for outcome in outcomes]


EVEN = [row for sex, region in product("FM", "ab") for row in _rows(sex, region, 400, 600)]


def _check(root: Path, rows: list[Row], slices: str, *, more: str = "", control: str = "") -> ControlV1:
    (found,) = _report(root, rows, slices, more=more, control=control).controls
    return found


def _report(root: Path, rows: list[Row], slices: str, *, more: str = "", control: str = "") -> ReportV1:
    (root / "hcgov.yaml").write_text(MANIFEST.format(slices=slices))
    (root / "pack.yaml").write_text(PACK.format(more=more, control=control))
    with (root / "rows.csv").open("w", newline="") as file:
        written = csv.writer(file)
        written.writerow(["sex", "region", "said"])
        written.writerows(rows)
    now = datetime(2026, 11, 21, tzinfo=UTC)
    return run_check(Asked(root=root, now=now, stages=("evaluation",)), lambda _: None).report


def _about(control: ControlV1, reason: str) -> list[FindingV1]:
    return [f for f in (*control.findings, *control.shown) if f.reason == reason]


def test_a_declared_group_without_a_row_is_named_and_holds_the_control_back(tmp_path: Path) -> None:
    slices = "{by: [sex], groups: {sex: [F, M, X]}}"
    found = _check(tmp_path, EVEN, slices)
    (absent,) = _about(found, "absent_group")
    assert found.verdict == absent.verdict == "inconclusive"
    assert absent.slice == {"sex": "X"}
    assert (absent.groups[0].n, absent.groups[0].people) == (0, 0)
    assert _check(tmp_path, EVEN, "{by: [sex], groups: {sex: [F, M]}}").verdict == "pass"


def test_a_crossing_of_declared_groups_without_a_row_is_listed_and_judges_nothing(tmp_path: Path) -> None:
    rows = [row for row in EVEN if row[:2] != ("F", "b")]
    found = _check(tmp_path, rows, "{by: [sex, region], groups: {sex: [F, M], region: [a, b]}}")
    (absent,) = _about(found, "absent_group")
    assert absent.slice == {"sex": "F", "region": "b"}
    assert "no row" in absent.message.text
    assert (absent.verdict, absent.listed, absent.primary) == ("inconclusive", True, False)
    assert found.verdict == "pass"
    assert found.coverage == 1.0
    for slices in (
        "{by: [sex, region], cross: 1, groups: {sex: [F, M], region: [a, b]}}",
        "{by: [sex, region], groups: {sex: [F, M]}}",
    ):
        assert not _about(_check(tmp_path, rows, slices), "absent_group")


def test_only_what_is_absent_by_itself_is_named(tmp_path: Path) -> None:
    # Without X nobody can be X in b; without F in b nobody can be an old F in b.
    rows = [row for row in EVEN if row[:2] != ("F", "b")]
    groups = "{sex: [F, M, X], region: [a, b]}"
    absent = _about(_check(tmp_path, rows, f"{{by: [sex, region], groups: {groups}}}"), "absent_group")
    assert [f.slice for f in absent] == [{"sex": "X"}, {"sex": "F", "region": "b"}]


def test_many_crossings_without_a_row_are_counted(tmp_path: Path) -> None:
    names = [f"r{i:02}" for i in range(30)]
    rows = [row for i, name in enumerate(names) for row in _rows("FM"[i % 2], name, 40, 60)]
    slices = f"{{by: [sex, region], groups: {{sex: [F, M], region: [{', '.join(names)}]}}}}"
    found = _check(tmp_path, rows, slices)
    *named, more = _about(found, "absent_group")
    assert len(named) == 20
    assert "10 further crossings" in more.message.text
    assert found.verdict != "fail"


LISTED = "    small_slices: list\n    small_slices_reason: agreed with the works council\n"


def test_an_absent_group_is_no_small_slice_that_may_only_be_listed(tmp_path: Path) -> None:
    found = _check(tmp_path, EVEN, "{by: [sex], groups: {sex: [F, M, X]}}", control=LISTED)
    (absent,) = _about(found, "absent_group")
    assert not absent.listed
    assert found.verdict == "inconclusive"


def test_a_small_group_under_a_name_that_is_not_declared_holds_the_control_back(tmp_path: Path) -> None:
    rows = [*EVEN, *_rows("Femal", "a", 0, 20)]
    found = _check(tmp_path, rows, "{by: [sex], groups: {sex: [F, M]}}", control=LISTED)
    assert [f.slice for f in found.findings if not f.listed and f.verdict == "inconclusive"] == [
        {"sex": "Femal"}
    ]
    assert found.verdict == "inconclusive"
    alike = [*EVEN, *_rows("Femal", "a", 10, 10)]
    assert (
        _check(tmp_path, alike, "{by: [sex], groups: {sex: [F, M]}}", control=LISTED).verdict
        == "inconclusive"
    )
    assert _check(tmp_path, alike, "{by: [sex]}", control=LISTED).verdict == "pass"


def test_a_small_group_that_is_far_beyond_the_limit_cannot_be_listed_away(tmp_path: Path) -> None:
    found = _check(tmp_path, [*EVEN, *_rows("X", "a", 0, 20)], "{by: [sex]}", control=LISTED)
    (small,) = [f for f in found.findings if f.slice == {"sex": "X"}]
    assert (small.reason, small.listed) == ("small_and_apart", False)
    assert found.verdict == "inconclusive"


@pytest.mark.parametrize("recorded", [0, 25])
def test_a_group_whose_outcomes_are_missing_is_not_small_but_unknown(tmp_path: Path, recorded: int) -> None:
    # A hundred people of group X, of whom too few have an outcome: not a small slice that may only be listed.
    rows = [*EVEN, *_rows("X", "a", recorded // 2, recorded - recorded // 2, 100 - recorded)]
    found = _check(tmp_path, rows, "{by: [sex]}", control=LISTED)
    (unknown,) = [f for f in found.findings if f.slice == {"sex": "X"} and not f.against]
    assert (unknown.reason, unknown.listed) == ("missing_outcomes", False)
    assert found.verdict == "inconclusive"
    few = _check(tmp_path, [*EVEN, *_rows("X", "a", 2, 2, 20)], "{by: [sex]}", control=LISTED)
    assert few.verdict == "pass"


def test_groups_written_as_numbers_are_those_of_the_table(tmp_path: Path) -> None:
    rows = [(str(int(sex == "F")), region, outcome) for sex, region, outcome in EVEN]
    assert _check(tmp_path, rows, "{by: [sex], groups: {sex: [0, 1]}}").verdict == "pass"


def test_a_group_that_is_not_declared_is_named_and_judged(tmp_path: Path) -> None:
    rows = [*EVEN, *_rows("divers", "a", 20, 180)]
    found = _check(tmp_path, rows, "{by: [sex], groups: {sex: [F, M]}}")
    (named,) = _about(found, "undeclared_group")
    assert named.slice == {"sex": "divers"}
    assert found.verdict == "fail"
    assert found.worst.startswith("sex=divers")


@pytest.mark.parametrize("alike", ["f", "F ", " F", "\uff26", "F\u200b", "\u03dc", "\ua4dd"])
def test_groups_that_read_alike_hold_the_control_back(tmp_path: Path, alike: str) -> None:
    rows = [*EVEN, *_rows(alike, "a", 80, 120)]
    found = _check(tmp_path, rows, "{by: [sex]}")
    (named,) = _about(found, "look_alike_groups")
    assert found.verdict == named.verdict == "inconclusive"
    assert not named.listed


def test_letters_that_cannot_be_told_apart_on_paper_are_named(tmp_path: Path) -> None:
    latin, cyrillic = "a", "\N{CYRILLIC SMALL LETTER A}"
    rows = [*EVEN, *_rows("F", cyrillic, 80, 120)]
    found = _check(tmp_path, rows, "{by: [region]}")
    (named,) = _about(found, "look_alike_groups")
    assert found.verdict == "inconclusive"
    assert f"'{latin}' and '{cyrillic}' (with U+0430 CYRILLIC SMALL LETTER A)" in named.message.text


def test_look_alikes_cannot_be_listed_away_but_may_be_declared(tmp_path: Path) -> None:
    # Ten women under another spelling would be a small slice that is only listed.
    rows = [*EVEN, *_rows("f", "a", 5, 5)]
    control = "    small_slices: list\n    small_slices_reason: agreed\n"
    assert _check(tmp_path, rows, "{by: [sex]}", control=control).verdict == "inconclusive"
    both = _check(tmp_path, rows, "{by: [sex], groups: {sex: [F, f, M]}}", control=control)
    assert both.verdict == "pass"


def test_a_column_that_identifies_people_is_refused_once_with_a_hint(tmp_path: Path) -> None:
    rows = [(sex, f"id-{i}", outcome) for i, (sex, _, outcome) in enumerate(EVEN)]
    found = _check(tmp_path, rows, "{by: [sex, region]}")
    (named,) = _about(found, "identifier_column")
    assert "4,000 different values" in named.message.text
    assert "bands" in named.message.text
    assert len(found.findings) < 10
    assert len(found.shown) < 10


def test_a_reported_column_is_measured_with_intervals_and_decides_nothing(tmp_path: Path) -> None:
    rows = [
        *_rows("F", "a", 700, 300),
        *_rows("F", "b", 100, 900),
        *_rows("M", "a", 700, 300),
        *_rows("M", "b", 100, 900),
    ]
    assert _check(tmp_path, rows, "{by: [sex, region]}").verdict == "fail"
    found = _check(tmp_path, rows, "{by: [sex], report: [region]}")
    assert found.verdict == "pass"
    secondary = [f for f in _about(found, "reported") if f.against]
    assert {f.about for f in secondary} == {
        "region=a against everyone else",
        "region=b against everyone else",
    }
    assert all(f.listed and f.estimate and f.estimate.low is not None for f in secondary)
    assert all("reported, not gating" in f.message.text for f in secondary)
    rates = [f for f in found.shown if f.slice == {"region": "a"}]
    assert [f.reason for f in rates] == ["reported"]
    # A control may make it decide; it may not make a deciding one merely reported.
    assert (
        _check(tmp_path, rows, "{by: [sex], report: [region]}", more=", slices: {by: [region]}").verdict
        == "fail"
    )
    lax = ", slices: {by: [sex], report: [region]}"
    assert _check(tmp_path, rows, "{by: [sex, region]}", more=lax).verdict == "fail"


def test_a_reported_column_is_accounted_for_and_holds_nothing_back(tmp_path: Path) -> None:
    rows = [*EVEN, *_rows("F", "c", 2, 1)]
    found = _check(tmp_path, rows, "{by: [sex], report: [region], groups: {region: [a, b, c, d]}}")
    assert found.verdict == "pass"
    told = {f.about: f.message.text for f in _about(found, "reported") if not f.estimate}
    assert "no row" in told["region=d"]
    assert "3 people" in told["region=c"]
    many = [(sex, f"id-{i}", outcome) for i, (sex, _, outcome) in enumerate(EVEN)]
    single = _check(tmp_path, many, "{by: [sex], report: [region]}")
    assert single.verdict == "pass"
    assert any("4,000 different values" in f.message.text for f in _about(single, "reported"))


def test_missing_groups_and_outcomes_in_a_table_undo_what_they_could_change(tmp_path: Path) -> None:
    rows = [*EVEN, *_rows(None, "a", 180, 180)]
    found = _check(tmp_path, rows, "{by: [sex], cross: 1}")
    assert {f.reason for f in found.findings if f.slice == {"sex": "F"} and "M" in f.against} == {
        "missing_demographics"
    }
    assert found.verdict == "inconclusive"
    few = _check(tmp_path, [*EVEN, *_rows(None, "a", 20, 20)], "{by: [sex], cross: 1}")
    kept = next(f for f in few.findings if f.about == "sex=F against sex=M")
    assert kept.verdict == "pass"
    assert kept.worst_case is not None
    gone = [*_rows("F", "a", 800, 1200, 100), *_rows("M", "a", 880, 1120, 100)]
    assert (
        _check(tmp_path, [row for row in gone if row[2] is not None], "{by: [sex], cross: 1}").verdict
        == "pass"
    )
    lost = _check(tmp_path, gone, "{by: [sex], cross: 1}")
    assert "missing_outcomes" in {f.reason for f in lost.findings}


@pytest.mark.parametrize(
    ("slices", "told"),
    [
        ("{by: [sex], report: [sex]}", "it either decides or does not"),
        ("{by: [sex], groups: {regoin: [a]}}", "stands neither under `by` nor under `report`"),
    ],
)
def test_slices_that_contradict_themselves_are_refused(tmp_path: Path, slices: str, told: str) -> None:
    with pytest.raises(AuthoringError) as raised:
        _check(tmp_path, EVEN, slices)
    assert any(told in mistake.message for mistake in raised.value.mistakes)


def test_every_group_and_crossing_is_accounted_for_with_its_counts(tmp_path: Path) -> None:
    rows = [*EVEN, *_rows("X", "a", 3, 9), *_rows("F", "c", 2, 1), *_rows(None, "c", 1, 1)]
    found = _check(tmp_path, rows, "{by: [sex, region], groups: {sex: [F, M, X, Y]}}")
    named = {tuple(f.slice.items()) for f in found.findings if f.verdict in ("pass", "fail", "inconclusive")}
    present = {(("sex", sex or "(not recorded)"), ("region", region)) for sex, region, _ in rows}
    assert present <= named
    assert {(("sex", sex or "(not recorded)"),) for sex, _, _ in rows} | {(("sex", "Y"),)} <= named
    for finding in found.findings:
        if finding.verdict == "inconclusive" and finding.slice and finding.reason != "look_alike_groups":
            assert finding.groups
            assert finding.reason
            assert 0 <= finding.groups[0].positives <= finding.groups[0].n


def test_every_rendering_says_that_a_reported_column_decides_nothing(tmp_path: Path) -> None:
    rows = [r for sex in "FM" for r in (*_rows(sex, "a", 700, 300), *_rows(sex, "b", 100, 900))]
    report = _report(tmp_path, rows, "{by: [sex], report: [region]}")
    assert "reported, not gating" in render_html(report)
    assert "reported, not gating" in render_model_card(report)
    assert "Reported, not gating: groups of region" in {limit.text for limit in report.limits}
