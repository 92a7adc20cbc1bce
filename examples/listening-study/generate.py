"""Write the made-up tables of this example, byte for byte the same on every machine.

Nothing here was measured on people: Northmere Homes, its assistant Harbour and everyone in the tables are made up.
Faults are planted on purpose, and how strong each is stands in ``making/strengths.py``.

Run ``python generate.py`` to write the files, ``python generate.py --check`` to compare them.
"""

import hashlib
import sys
from collections.abc import Mapping
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from making import choices, events, judging, labels, personal  # noqa: E402 - the folder beside this file has to be on the path first
from making.common import Row, Strengths, table  # noqa: E402 - as above
from making.near import near  # noqa: E402 - as above
from making.strengths import FIRST, PILOT  # noqa: E402 - as above


def tables(f: Mapping[str, Strengths], size: Mapping[str, int]) -> dict[str, list[Row]]:
    """Return every table of a wave."""

    def of(name: str) -> Strengths:
        return f.get(name, {})

    people = size["people"]
    return {
        "annotators": labels.annotators(people, of("annotators").get("expired", 0.0)),
        "annotations": labels.annotations(of("annotations"), people=people, items=size["items"]),
        "reviews": labels.reviews(of("reviews"), people=people, each=size["each"]),
        "statements": labels.statements(of("statements"), people=people),
        "preferences": choices.preferences(
            of("preferences"), people=people, each=size["choices"], again=size["again"]
        ),
        "judge_feedback": choices.judge_feedback(of("judge_feedback"), pairs=size["pairs"]),
        "evaluations": judging.evaluations(of("evaluations"), users=size["users"]),
        "judge_pairs": judging.judge_pairs(of("judge_pairs"), users=size["users"]),
        "jury": judging.jury(of("jury"), items=size["jury"]),
        "leaderboard": judging.leaderboard(of("leaderboard")),
        "exam": judging.exam(of("exam").get("copied", 0.0)),
        "prompt_evaluations": judging.beside(
            of("prompt_evaluations"), "prompt", "new", "old", users=size["sides"]
        ),
        "selection_evaluations": judging.beside(
            of("selection_evaluations"), "selection", "active", "random", users=size["sides"]
        ),
        "handover_evaluations": judging.beside(
            of("handover_evaluations"), "handover", "model", "people", users=size["sides"]
        ),
        "source_evaluations": judging.source_evaluations(of("source_evaluations"), users=size["users"]),
        "personalization": personal.personalization(
            of("personalization"), users=size["users"], believed=size["believed"]
        ),
        "feedback": events.feedback(of("feedback"), users=size["users"]),
    }


RELEASED = {
    "people": 100,
    "items": 300,
    "each": 16,
    "users": 120,
    "believed": 900,
    "choices": 16,
    "again": 60,
    "jury": 20,
    "sides": 200,
    "pairs": 300,
}
FEWER = RELEASED | {"each": 12, "believed": 600, "users": 100, "choices": 10}
SMALL = {
    "people": 8,
    "items": 16,
    "each": 8,
    "users": 8,
    "believed": 8,
    "choices": 16,
    "again": 2,
    "jury": 2,
    "sides": 8,
    "pairs": 12,
}


def files() -> dict[str, bytes]:
    """Return every generated file by its path."""
    made = {}
    waves = (("released", {}, RELEASED), ("first", FIRST, FEWER), ("pilot", PILOT, SMALL))
    for wave, f, size in waves:
        for name, rows in tables(f, size).items():
            made[f"{wave}/{name}.csv"] = table(rows)
    for name, rows in near().items():
        made[f"near/{name}.csv"] = table(rows)
    return made


def main() -> int:
    """Write the files, or with ``--check`` say which differ."""
    differ = 0
    for path, content in files().items():
        target = HERE / path
        if "--check" in sys.argv[1:]:
            same = target.is_file() and target.read_bytes() == content
            differ += not same
            sys.stdout.write(f"{'same' if same else 'DIFFERS'}  {path}\n")
        else:
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(content)
            sys.stdout.write(f"{hashlib.sha256(content).hexdigest()[:12]}  {len(content):>7}  {path}\n")
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
