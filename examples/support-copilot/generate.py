"""Write the synthetic data of this example, byte for byte the same on every machine.

Nothing here was measured on people. Northmere Utilities, Relay, every ticket and every person are made up.
The evaluation is constructed, not sampled: each group gets an exact number of right and wrong suggestions,
chosen so that all controls of hc-core pass with a margin. It shows what evidence looks like when it is
complete; it shows nothing about any real assistant.

Run ``python generate.py`` to write the files, ``python generate.py --check`` to compare them.
"""

import csv
import hashlib
import io
import json
import random
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
SEED = 20261116
AGE_BANDS = ("18-39", "40-64", "65+")

# People per group in the training tickets; the shares are near those of data/population.yaml.
CUSTOMERS = {"standard": 345, "regional_dialect": 132, "second_language": 93}
WITHDRAWN = 37

# Per language variety and age band: conversations, and by how many right suggestions (plan due and suggested)
# and wrong ones (suggested, but not due) the cell differs from the common rates below.
EVALUATED = {
    ("standard", "18-39"): (420, 0, 1),
    ("standard", "40-64"): (520, 1, 0),
    ("standard", "65+"): (380, -1, 0),
    ("regional_dialect", "18-39"): (240, 0, 0),
    ("regional_dialect", "40-64"): (280, 1, 1),
    ("regional_dialect", "65+"): (220, 0, -1),
    ("second_language", "18-39"): (220, -1, 0),
    ("second_language", "40-64"): (260, 0, 0),
    ("second_language", "65+"): (200, 0, 0),
}
PLAN_DUE, SUGGESTED_IF_DUE, SUGGESTED_IF_NOT = 0.40, 0.92, 0.06

OPENINGS = {
    "standard": ("Good morning,", "Hello,", "To whom it may concern,"),
    "regional_dialect": ("Now then,", "Morning all,", "Hiya,"),
    "second_language": ("Dear team,", "Good day,", "Dear Northmere,"),
}
TOPICS = {
    "bill": (
        "my bill for {month} is {amount} higher than the one before and I cannot find out why.",
        "the bill of {month} shows {amount} that I do not recognise.",
        "I was charged {amount} twice in {month}.",
    ),
    "meter": (
        "the meter reading for {month} looks wrong, it jumped by {units} units.",
        "I sent a reading of {units} in {month} and the account shows another one.",
    ),
    "moving": (
        "I am moving house in {month} and need to close the account at the old address.",
        "we move out in {month}; what happens with the deposit of {amount}?",
    ),
    "payment": (
        "I lost hours at work in {month} and cannot pay {amount} at once.",
        "since {month} I am behind by {amount}; is there a way to pay in smaller parts?",
        "my mother is ill, I care for her, and {amount} for {month} is too much at one time.",
    ),
}
CLOSINGS = ("Thank you.", "Please let me know.", "Many thanks.", "I wait for your answer.")
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August")


def ticket_text(rng: random.Random, variety: str, topic: str) -> str:
    """Return a short made-up ticket."""
    body = rng.choice(TOPICS[topic]).format(
        month=rng.choice(MONTHS), amount=f"{rng.randrange(15, 240)} crowns", units=rng.randrange(60, 900)
    )
    return f"{rng.choice(OPENINGS[variety])} {body} {rng.choice(CLOSINGS)}"


def tickets_and_withdrawals(rng: random.Random) -> tuple[bytes, bytes]:
    """Return the training tickets, from which everyone who withdrew is gone, and the list of withdrawals."""
    people = [variety for variety, n in CUSTOMERS.items() for _ in range(n)]
    rng.shuffle(people)
    numbers = rng.sample(range(1000, 9999), len(people) + WITHDRAWN)
    gone, kept = sorted(numbers[:WITHDRAWN]), numbers[WITHDRAWN:]
    rows: list[dict[str, object]] = []
    for number, variety in zip(kept, people, strict=True):
        age_band = rng.choices(AGE_BANDS, weights=(36, 40, 24))[0]
        for _ in range(rng.choices((1, 2, 3), weights=(80, 15, 5))[0]):
            topic = rng.choices(tuple(TOPICS), weights=(30, 20, 15, 35))[0]
            rows.append(
                {
                    "ticket": f"T-{len(rows) + 1:04d}",
                    "person": f"P-{number}",
                    "language_variety": variety,
                    "age_band": age_band,
                    "topic": topic,
                    "text": ticket_text(rng, variety, topic),
                    "plan_due": int(topic == "payment" and rng.random() < 0.8),
                }
            )
    lines = "".join(json.dumps(row, ensure_ascii=True) + "\n" for row in rows)
    listed = [("person", "withdrawn_on"), *((f"P-{n}", f"2026-0{rng.randrange(3, 10)}-15") for n in gone)]
    return lines.encode(), table(listed)


def evaluation(rng: random.Random) -> bytes:
    """Return one conversation per person with what was due, what Relay suggested, and whether it was right."""
    rows = []
    for (variety, age_band), (n, more_right, more_wrong) in EVALUATED.items():
        due = round(n * PLAN_DUE)
        right = round(due * SUGGESTED_IF_DUE) + more_right
        wrong = round((n - due) * SUGGESTED_IF_NOT) + more_wrong
        outcomes = [(1, 1)] * right + [(1, 0)] * (due - right)
        outcomes += [(0, 1)] * wrong + [(0, 0)] * (n - due - wrong)
        rows += [(variety, age_band, label, suggested) for label, suggested in outcomes]
    rng.shuffle(rows)
    header = ("conversation", "person", "language_variety", "age_band", "label", "prediction", "correct")
    numbered = (
        (f"C-{i:04d}", f"E-{i:04d}", variety, age_band, label, suggested, int(label == suggested))
        for i, (variety, age_band, label, suggested) in enumerate(rows, start=1)
    )
    return table([header, *numbered])


def table(rows: Iterable[Sequence[object]]) -> bytes:
    """Return rows as CSV."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()


def training_run(tickets: bytes) -> bytes:
    """Return the record of the made-up run that trained Relay on these tickets."""
    sha256 = hashlib.sha256(tickets).hexdigest()
    record = {
        "schema": "hcgov.run/1",
        "run_id": "0f3d9c5e7a1b4c2d8e6f0a9b8c7d6e5f",
        "status": "FINISHED",
        "start_time": 1794182400000,
        "params": {
            "base_model": "Fictional-8B (synthetic example, no such model)",
            "objective": "next-token loss on replies and plan suggestions, low-rank adapters",
            "seed": str(SEED),
            "epochs": "2",
            "learning_rate": "0.0001",
        },
        "tags": {
            "mlflow.source.git.commit": "9c1e7d40b2a85f6633d0e4718fa2c95b6d7e8f01",
            "note": "synthetic example: nothing was trained",
        },
        "metrics": {"train_loss": 1.284, "validation_loss": 1.357},
        "inputs": [{"name": "tickets", "digest": sha256[:36], "sha256": sha256, "context": "training"}],
    }
    return (json.dumps(record, indent=2) + "\n").encode()


def files() -> dict[str, bytes]:
    """Return every generated file by its path."""
    rng = random.Random(SEED)  # noqa: S311 - made-up data, repeated byte for byte; nothing is secret
    tickets, withdrawals = tickets_and_withdrawals(rng)
    return {
        "data/tickets.jsonl": tickets,
        "data/withdrawals.csv": withdrawals,
        "evaluation/suggestions.csv": evaluation(rng),
        "training/run.json": training_run(tickets),
    }


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
            target.write_bytes(content)
            sys.stdout.write(f"{hashlib.sha256(content).hexdigest()}  {path}\n")
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
