"""No person is named in what a check keeps or prints, whatever is wrong with the data or asked of them."""

import csv
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hcgov.app.check import Asked
from hcgov.app.gate import run_gate
from hcgov.app.rendering import Outputs
from hcgov.core.mistake import AuthoringError
from hcgov.io.render.terminal import render_full
from hcgov.io.tracking.mapping import mapping
from tests.io.tables.making import write_parquet

NAME = "Erika"
"""Stands in the column of persons and in a column of free text."""

COLUMNS = ("who", "sex", "said", "truth", "note")
MANIFEST = """\
hcgov: 1
kind: Project
system: {name: Persons, version: "1", risk_profile: standard}
policies: [pack.yaml]
slices: {by: [sex], min_people: 5}
artifacts:
  t:
    kind: table
    path: rows.csv
    roles: {person: who, prediction: said, label: truth}
    outcomes: {prediction: {adverse: lower}}
  w: {kind: table, path: w.csv, roles: {person: who}}
"""
CONTROL = """\
  - {{id: {id}, title: Control {id}, stage: evaluation, check: {check}, with: {{{given}}}, {limit}severity: high,
     enforcement: mandatory, why: why, fix: fix, source: organisation}}
"""
LIMIT = 'limit: {at_most: "0.10"}, '
ASKED = {
    "RATE": ("evaluation.rate_gap@1", "table: t, outcome: prediction", LIMIT),
    "METRIC": ("evaluation.group_metric@1", "table: t, metric: selection_rate", LIMIT),
    "LISTED": ("data.withdrawals_honoured@1", "table: t, withdrawals: w", ""),
    "QUALITY": (
        "data.expectations_hold@1",
        "table: t, inline: [{type: expect_column_values_to_be_unique, kwargs: {column: note}}, "
        "{type: expect_column_values_to_be_in_set, kwargs: {column: note, value_set: [x]}}]",
        "",
    ),
}
Rows = list[list[str]]


def project(root: Path, change: Callable[[Rows], None] = lambda rows: None) -> Path:
    (root / "hcgov.yaml").write_text(MANIFEST)
    controls = "".join(
        CONTROL.format(id=id_, check=c, given=g, limit=li) for id_, (c, g, li) in ASKED.items()
    )
    head = "hcgov: 1\nkind: PolicyPack\nmetadata: {id: p, version: 1.0.0, title: Persons, owner: me}\ncontrols:\n"
    (root / "pack.yaml").write_text(head + controls)
    rows = [
        [f"{NAME}-{i:03}@example.org", "FM"[i % 2], str(i % 3 % 2), str(i % 2), f"{NAME} said {i // 2}"]
        for i in range(120)
    ]
    change(rows)
    with (root / "rows.csv").open("w", newline="") as file:
        csv.writer(file).writerows([COLUMNS, *rows])
    (root / "w.csv").write_text(f"who\n{NAME}-003@example.org\n{NAME}-777@example.org\n")
    return root


def edit(root: Path, old: str, new: str) -> None:
    text = (root / "hcgov.yaml").read_text()
    assert old in text
    (root / "hcgov.yaml").write_text(text.replace(old, new))


def said(root: Path) -> str:
    """Everything that a check of a project prints, keeps or would log."""
    told: list[str] = []
    asked = Asked(root=root, now=datetime(2026, 11, 21, tzinfo=UTC))
    try:
        gate = run_gate(asked, Outputs.parse([]), told.append, track=False)
    except AuthoringError as error:
        return "\n".join(f"{m.message} {m.help}" for m in error.mistakes)
    told += [
        render_full(gate.checked.report, color=False, width=100),
        repr(mapping(gate.checked.report, "0" * 64)),
    ]
    told += [repr(crash) for _, crash in gate.checked.crashes]
    for folder in (root / ".hcgov", Path(os.environ["HCGOV_CACHE"])):
        told += [file.read_bytes().decode("latin-1") for file in folder.rglob("*") if file.is_file()]
    assert len(gate.checked.report.controls) == len(ASKED)
    return "\n".join(told)


def put(place: int, value: str) -> Callable[[Rows], None]:
    def change(rows: Rows) -> None:
        rows[7][place:] = [value, *rows[7][place + 1 :]]

    return change


def longer(rows: Rows) -> None:
    rows[9].append(f"{NAME}, further")


@pytest.fixture(autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HCGOV_CACHE", str(tmp_path_factory.mktemp("cache")))


@pytest.mark.parametrize("change", [lambda rows: None, put(2, f"{NAME} M."), put(3, f"{NAME} M."), longer])
def test_neither_good_nor_bad_rows_are_quoted(tmp_path: Path, change: Callable[[Rows], None]) -> None:
    assert NAME not in said(project(tmp_path, change))


def test_what_a_library_finds_in_texts_is_not_quoted(tmp_path: Path) -> None:
    root = project(tmp_path)
    beyond = "{type: expect_column_values_to_be_between, kwargs: {column: note, min_value: 0, max_value: 1}}"
    text = (root / "pack.yaml").read_text()
    (root / "pack.yaml").write_text(text.replace("inline: [", f"inline: [{beyond}, "))
    assert NAME not in said(root)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("label: truth}", "label: truth, weight: note}"),
        ("label: truth}", "label: truth}\n    count: {column: note, unit: person}"),
        ("{adverse: lower}", "{column: note, at_least: 1, adverse: lower}"),
        ("by: [sex]", "by: [sex, note]"),
    ],
)
def test_a_column_of_free_text_in_the_wrong_place_is_not_quoted(tmp_path: Path, old: str, new: str) -> None:
    root = project(tmp_path)
    edit(root, old, new)
    if "note]" in new:  # as many texts as people
        text = (root / "rows.csv").read_text().splitlines()
        (root / "rows.csv").write_text("\n".join(f"{line}{i if i else ''}" for i, line in enumerate(text)))
    assert NAME not in said(root)


def test_the_column_of_persons_is_no_slice(tmp_path: Path) -> None:
    # With few people no number of groups tells that they are persons; the manifest does.
    root = project(tmp_path, lambda rows: rows.__delitem__(slice(30, None)))
    for slices in ("by: [who]", "by: [sex], report: [who]"):
        edit(root, "by: [sex]", slices)
        told = said(root)
        assert NAME not in told
        assert "slice column `who` of table `t` is the one that names persons" in told
        edit(root, slices, "by: [sex]")


def test_counts_that_are_kept_name_no_person(tmp_path: Path) -> None:
    root = project(tmp_path)
    (root / "t").mkdir()
    for i in range(3):
        rows = [{"mail": f"{NAME}-{i}-{at}", "sex": "FM"[at % 2], "said": str(at % 2)} for at in range(60)]
        write_parquet(root / "t" / f"{i}.parquet", rows, ("mail", "sex", "said"))
    (root / "pack.yaml").write_text((root / "pack.yaml").read_text().partition("  - {id: METRIC")[0])
    edit(root, "path: rows.csv", "path: t\n    unit: person")
    edit(root, "{person: who, prediction: said, label: truth}", "{prediction: said}")
    kept = Path(os.environ["HCGOV_CACHE"])
    for slices, finds in (("by: [sex]", True), ("by: [sex, mail]", False)):
        edit(root, "by: [sex]", slices)
        asked = Asked(root=root, now=datetime(2026, 11, 21, tzinfo=UTC))
        before = {file for file in kept.rglob("*") if file.is_file()}
        run_gate(asked, Outputs.parse([]), lambda _: None, track=False)
        new = [file.read_bytes() for file in kept.rglob("*") if file.is_file() and file not in before]
        assert any(b'"g0"' in content for content in new) is finds, "sums of groups are kept"
        assert all(NAME.encode() not in content for content in new)
