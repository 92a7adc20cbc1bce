"""Ways to make the gates of people's judgments green that may not be: from files to verdicts."""

import csv
import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from hcgov.app.check import Asked, run_check
from hcgov.cli import app
from tests.app.breaking import NOW

Row = dict[str, str]
Change = Callable[[list[Row]], list[Row]]

MANIFEST = """
hcgov: 1
kind: Project
system: {name: Study, version: "1", risk_profile: standard}
policies: [own.yaml]
slices: {by: [gender], min_people: 20}
artifacts:
  annotations: {kind: annotations, path: labels.csv}
  preferences: {kind: preferences, path: pairs.csv}
"""

CONTROL = """
  - id: OWN-{n}
    title: A rule of our own
    stage: data
    check: data.{check}@1
    with: {{{params}}}
    {limit}
    severity: high
    enforcement: mandatory
    why: People rely on it.
    fix: Mend it.
    source: organisation
"""


def project(tmp_path: Path, check: str, *, params: str = "", limit: str = "") -> Path:
    own = CONTROL.format(n=1, check=check, params=params, limit=f"limit: {{{limit}}}" if limit else "")
    head = "hcgov: 1\nkind: PolicyPack\nmetadata: {id: own, version: 1.0.0, title: Own, owner: us}\ncontrols:"
    (tmp_path / "own.yaml").write_text(head + own)
    (tmp_path / "hcgov.yaml").write_text(MANIFEST)
    return tmp_path


def write(path: Path, rows: list[Row]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def labels(folder: Path, change: Change, *, items: int = 200, people: int = 60) -> None:
    drawn = random.Random(3)
    rows = [
        {
            "item": f"i{item}",
            "annotator": f"a{person}",
            "label": "yes" if (item % 2 == 0) ^ (drawn.random() < 0.03) else "no",
            "gender": "women" if person % 2 else "men",
            "seconds": "30",
            "pay": "0.20",
        }
        for item in range(items)
        for person in drawn.sample(range(people), 5)
    ]
    write(folder / "labels.csv", change(rows))


def pairs(folder: Path, change: Change) -> None:
    drawn = random.Random(4)
    rows = [
        {
            "prompt_id": f"q{prompt}",
            "annotator": f"a{person}",
            "choice": drawn.choice(["a", "b"]),
            "model_a": "new",
            "model_b": "old",
            "gender": "women" if person % 2 else "men",
        }
        for prompt in range(100)
        for person in drawn.sample(range(60), 6)
    ]
    write(folder / "pairs.csv", change(rows))


def verdict(folder: Path) -> tuple[str, str]:
    report = run_check(Asked(root=folder, now=NOW), lambda _: None).report
    (control,) = report.controls
    return control.verdict, " ".join(finding.message.text for finding in control.findings)


def all_with(**values: Callable[[Row, int], str] | str) -> Change:
    def change(rows: list[Row]) -> list[Row]:
        return [
            row | {name: one(row, i) if callable(one) else one for name, one in values.items()}
            for i, row in enumerate(rows)
        ]

    return change


def waver(row: Row, at: int) -> str:
    """Return one of eight names that stand beside one another in the alphabet, of three hundred and twenty."""
    return f"c{int(row['item'][1:]) * 8 % 320 + at * 7919 % 8:04d}"


@pytest.mark.parametrize(
    "coefficient", ["krippendorff_alpha", "gwet_ac", "fleiss_kappa", "percent_agreement"]
)
def test_names_that_are_neighbours_do_not_agree(tmp_path, coefficient):
    """With more names than fit the error's tables, neighbours were put together, and one in eight looked like most."""
    folder = project(
        tmp_path, "annotation_agreement", params=f"coefficient: {coefficient}", limit='at_least: "0.30"'
    )
    labels(folder, all_with(label=waver))
    assert verdict(folder)[0] == "fail"
    labels(folder, lambda rows: rows)
    assert verdict(folder)[0] == "pass"


@pytest.mark.parametrize(
    "numbers",
    [{"seconds": "1e-300"}, {"pay": "1e308"}, {"pay": "1e308", "seconds": "1e308"}, {"seconds": "-5"}],
)
def test_pay_and_times_that_nobody_has_are_unknown(tmp_path, numbers):
    folder = project(tmp_path, "annotation_pay")
    labels(folder, all_with(**numbers))
    told, why = verdict(folder)
    assert told == "inconclusive"
    assert "nan" not in why
    labels(folder, lambda rows: rows)
    assert verdict(folder)[0] == "pass"


@pytest.mark.parametrize("choice", ["skip", "tie"])
def test_nobody_who_chose_found_nothing_bad(tmp_path, choice):
    folder = project(tmp_path, "preference_outcomes", limit='at_most: "0.20"')
    pairs(folder, all_with(choice=choice))
    assert verdict(folder)[0] == "inconclusive"
    pairs(folder, lambda rows: rows)
    assert verdict(folder)[0] == "pass"


@pytest.mark.parametrize(
    ("check", "limit"),
    [
        ("annotation_group_disagreement", 'at_most: "1.2"'),
        ("annotation_majority_gap", 'at_most: "0.1"'),
    ],
)
def test_groups_of_one_are_refused_once_and_not_worked_out(tmp_path, check, limit):
    folder = project(tmp_path, check, limit=limit)
    labels(folder, all_with(gender=lambda row, _: row["annotator"]), people=600, items=600)
    told, why = verdict(folder)
    assert told == "inconclusive"
    assert "identifies people" in why
    assert "a599" not in why


def test_a_receipt_says_by_what_it_groups_and_nothing_in_it_reaches_the_terminal_raw(tmp_path):
    folder = project(tmp_path, "preference_outcomes", limit='at_most: "0.20"')
    pairs(folder, lambda rows: rows)
    file, at = folder / "pairs.csv", folder / "receipt.json"

    def aggregate(*more: str):
        return CliRunner().invoke(app, ["preferences", "aggregate", str(file), *more])

    assert aggregate("--by", "gender", "--receipt", str(at)).exit_code == 0
    assert aggregate("--verify", str(at)).exit_code == 0
    written = json.loads(at.read_text())
    written["inputs"]["rows"] = 10**400
    written["groups"][0]["group"] = "m\u202een"
    at.write_text(json.dumps(written))
    told = aggregate("--verify", str(at))
    assert told.exit_code == 4
    assert "\u202e" not in told.output
    assert "inputs.rows" in told.output


@pytest.mark.parametrize("columns", ["{seconds: annotator}", "{pay: text}"])
def test_a_wrong_mapping_prints_nobodys_id_or_words(tmp_path, columns):
    folder = project(tmp_path, "annotation_pay")
    labels(
        folder,
        all_with(annotator=lambda row, _: f"worker-{row['annotator']}", text=lambda _, i: f"My words {i}"),
    )
    manifest = MANIFEST.replace("path: labels.csv", f"path: labels.csv, columns: {columns}")
    (folder / "hcgov.yaml").write_text(manifest)
    told, why = verdict(folder)
    assert told == "missing"
    assert "no number" in why
    assert "worker-" not in why
    assert "My words" not in why


def test_a_word_among_numbers_is_named(tmp_path):
    folder = project(tmp_path, "annotation_pay")
    labels(folder, all_with(seconds=lambda _, i: "n/a" if i == 7 else str(20 + i / 10)))
    assert "column `seconds` holds `n/a`, which is no number" in verdict(folder)[1]
