"""Small tables of judgments for the commands about them: drawn from a seed, the same every time."""

import csv
import random
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

Row = Mapping[str, object]

GENDERS = ("woman", "man", "prefer not to say")
MODELS = ("alpha", "beta", "gamma")
DAY = "2026-11-21"


def written(path: Path, rows: Iterable[Row]) -> Path:
    """Write rows as CSV; columns are those of the first row."""
    kept = list(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(kept[0]))
        writer.writeheader()
        writer.writerows(kept)
    return path


def people(count: int = 12, *, revoked: Sequence[int] = ()) -> list[Row]:
    """Return people who judged."""
    return [
        {
            "annotator": f"someone{i}",
            "gender": GENDERS[i % len(GENDERS)],
            "consent": "revoked" if i in revoked else "given",
        }
        for i in range(count)
    ]


def labels(count: int = 12, items: int = 20, each: int = 4, *, seed: int = 1) -> list[Row]:
    """Return labels that mostly say what an item is."""
    draw = random.Random(seed)
    return [
        {
            "item": f"c{i}",
            "annotator": f"someone{who}",
            "label": "yes" if (i % 2 == 0) == (draw.random() < 0.85) else "no",
            "seconds": round(draw.uniform(4, 30), 1),
        }
        for i in range(items)
        for who in draw.sample(range(count), each)
    ]


def choices(count: int = 40, each: int = 9, *, seed: int = 1) -> list[Row]:
    """Return choices between models; the first of two in the alphabet wins more often."""
    draw = random.Random(seed)
    rows: list[Row] = []
    for who in range(count):
        for k in range(each):
            a, b = draw.sample(MODELS, 2)
            better = "a" if a < b else "b"
            worse = "b" if better == "a" else "a"
            prompt = f"q{who * each + k}"
            rows.append(
                {
                    "prompt_id": prompt,
                    "annotator": f"someone{who}",
                    "choice": better if draw.random() < 0.7 else worse,
                    "model_a": a,
                    "model_b": b,
                    "prompt": f"What about {prompt}?",
                    "response_a": f"{a} says {draw.randrange(10**6)} of it",
                    "response_b": f"{b} says {draw.randrange(10**6)} of it",
                    "country": ("north", "south")[who % 2],
                }
            )
    return rows


def scores(items: int = 60, *, seed: int = 1) -> list[Row]:
    """Return scores by three people and a judge, who is as often right as they are."""
    draw = random.Random(seed)
    rows: list[Row] = []
    for i in range(items):
        for rater, kind in (("r1", "human"), ("r2", "human"), ("r3", "human"), ("robot", "judge")):
            said = (i % 3 == 0) == (draw.random() < 0.9)
            rows.append(
                {"item": f"a{i}", "user": f"u{i}", "rater": rater, "rater_kind": kind, "score": int(said)}
            )
    return rows


def stages(users: int = 15, *, seed: int = 1) -> list[Row]:
    """Return judgments of all three stages, by two people and a judge."""
    draw = random.Random(seed)
    rows: list[Row] = []
    answers = {"1": ("accept", "reject"), "2": ("yes", "no"), "3": ("4", "3", "2")}
    for stage, labels_ in answers.items():
        for u in range(users):
            for rater, kind in (("r1", "human"), ("r2", "human"), ("robot", "judge")):
                rows.append(
                    {
                        "stage": stage,
                        "item": f"{stage}-{u}",
                        "user": f"u{u}",
                        "rater": rater,
                        "rater_kind": kind,
                        "label": draw.choice(labels_),
                        "source": "human",
                        "prompt_id": f"q{u}",
                    }
                )
    return rows


MANIFEST = """hcgov: 1
kind: Project
system: {name: Study, version: "1", risk_profile: standard}
policies: [hc-core]
slices: {by: [gender]}
artifacts:
  labels: {kind: annotations, path: labels.csv, annotators: people}
  second: {kind: annotations, path: labels.csv}
  people: {kind: annotators, path: people.csv}
  pairs: {kind: preferences, path: pairs.csv, annotators: people}
"""


def project(folder: Path) -> Path:
    """Write a project with two tables of labels, one of choices, and people of whom one withdrew."""
    folder.mkdir(parents=True, exist_ok=True)
    written(folder / "labels.csv", labels())
    written(folder / "people.csv", people(40, revoked=(3,)))
    written(folder / "pairs.csv", choices())
    (folder / "hcgov.yaml").write_text(MANIFEST, encoding="utf-8")
    return folder
