"""One harmed crossing, one tiny region: the same gate by hcgov and by four peers, as whole commands.

The table has 2,002 people (and a hundred times as many): F and M, regions a and b with 498 people a cell, and a
region of ten people. Everybody is selected at a rate of .57, women in region b at .38. The right answer names
women in region b, does not accuse or clear the tiny region, and stops the release.

Every peer runs in an environment of its own, made on the first run (`--envs` says where)::

    python benchmarks/gates.py [--envs FOLDER] [--only TEXT] [--write]
"""

import csv
import json
import os
import random
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from side_by_side import (
    HERE,
    OUT,
    Side,
    arguments,
    compare,
    faster,
    machine,
    publish,
    row,
    wanted,
)

FOLDER = OUT / "gates"
SIZES = {2_002: 1, 200_200: 100}
SEED = 20_261_121
ANY = tuple(range(6))
MANIFEST = """\
hcgov: 1
kind: Project
system: {name: Gates, version: "1", risk_profile: high}
policies: [pack.yaml]
slices: {by: [gender, region], cross: 2, min_people: 30}
artifacts:
  decisions:
    kind: table
    path: decisions.csv
    roles: {label: label, prediction: prediction, person: id}
    outcomes: {prediction: {adverse: lower}}
"""
PACK = """\
hcgov: 1
kind: PolicyPack
metadata: {id: gates, version: 1.0.0, title: Two controls, owner: Benchmarks}
controls:
  - id: SELECTION
    title: Nobody is selected much less often than everyone else
    stage: evaluation
    check: evaluation.slice_deficit@1
    with: {table: decisions, outcome: prediction}
    limit: {at_most: "0.10"}
    severity: high
    enforcement: mandatory
    why: A benchmark.
    fix: None is needed.
    source: convention
"""


def tables(folder: Path, times: int) -> None:
    """Write the table, as CSV and as the JSON that one peer reads; the same rows for everybody."""
    if (folder / "decisions.csv").exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    rates = {("F", "a"): 284, ("F", "b"): 189, ("M", "a"): 284, ("M", "b"): 284}
    cells = {
        **{cell: (498, selected) for cell, selected in rates.items()},
        ("F", "c"): (5, 3),
        ("M", "c"): (5, 3),
    }
    rng = random.Random(SEED)
    rows = [
        (gender, region, rng.randrange(2), int(i < selected), rng.random())
        for (gender, region), (people, selected) in cells.items()
        for _ in range(times)
        for i in range(people)
    ]
    rng.shuffle(rows)
    header = ("id", "gender", "region", "label", "prediction", "amount")
    with (folder / "decisions.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows((i, *one) for i, one in enumerate(rows))
    sample = {
        "eval_set_id": "decisions",
        "system_id": "gates",
        "predictions": [float(one[3]) for one in rows],
        "labels": [float(one[2]) for one in rows],
        "protected_attributes": {
            "gender": [one[0] for one in rows],
            "region": [one[1] for one in rows],
            "gender_region": [f"{one[0]}_{one[1]}" for one in rows],
        },
    }
    (folder / "sample.json").write_text(json.dumps(sample), encoding="utf-8")
    (folder / "hcgov.yaml").write_text(MANIFEST, encoding="utf-8")
    (folder / "pack.yaml").write_text(PACK, encoding="utf-8")


@dataclass(frozen=True, kw_only=True)
class Peer:
    """A peer: its package, and the command that gates a table."""

    package: str
    command: Callable[[Path, Path], tuple[str, ...]]


def _opencomplai(env: Path, folder: Path) -> tuple[str, ...]:
    made = folder / "system.json"
    if not made.exists():
        _run(
            (str(env / "bin/opencomplai"), "init", "--system-id", "gates", "--intended-purpose", "a benchmark",
             "--output", str(made)),
            folder,
        )  # fmt: skip
    return (str(env / "bin/opencomplai"), "check", "--manifest", str(made), "--scan-mode", "airgap",
            "--sample-set", str(folder / "sample.json"))  # fmt: skip


PEERS = (
    Peer(
        package="bdp-model-gate",
        command=lambda env, folder: (
            str(env / "bin/python"), str(HERE / "peers/bdp_gate.py"), str(folder / "decisions.csv"),
        ),
    ),
    Peer(
        package="fairpipe",
        command=lambda env, folder: (
            str(env / "bin/fairpipe"), "validate", "--csv", str(folder / "decisions.csv"), "--y-true", "label",
            "--y-pred", "prediction", "--sensitive", "gender", "region", "--with-ci", "--threshold", "0.1",
            "--metric", "demographic_parity_difference",
        ),
    ),
    Peer(package="opencomplai", command=_opencomplai),
    Peer(
        package="venturalitica",
        command=lambda env, folder: (
            str(env / "bin/python"), str(HERE / "peers/venturalitica_gate.py"), str(folder / "decisions.csv"),
        ),
    ),
)  # fmt: skip


def environment(envs: Path, package: str) -> Path:
    """Return a peer's virtual environment, made if it is not there."""
    env = envs / package
    if not (env / "bin/python").exists():
        subprocess.run([sys.executable, "-m", "venv", str(env)], check=True)
        subprocess.run([str(env / "bin/python"), "-m", "pip", "install", "--quiet", package], check=True)
    return env


def _run(command: tuple[str, ...], folder: Path) -> tuple[int, str]:
    env = {**os.environ, "HOME": str(folder), "DO_NOT_TRACK": "1"}
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env=env, cwd=folder, timeout=900
    )
    return done.returncode, done.stdout + done.stderr


def ours(folder: Path) -> tuple[str, ...]:
    """Return our command; it counts and judges anew each time, as its peers do."""
    words = ("check", str(folder), "--stage", "evaluation", "--no-mlflow", "--fresh")
    return (sys.executable, "-m", "hcgov", *words)


def main() -> None:
    """Run every pair, and print what each says of the small table."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--envs", type=Path, default=OUT / "envs", help="where the peers' environments are")
    given = parser.parse_args()
    lines, said = [], []
    for people, times in SIZES.items():
        folder = FOLDER / str(people)
        tables(folder, times)
        mine = Side(command=ours(folder), exits=ANY)
        if people == min(SIZES):
            said.append(("hcgov", *_run(ours(folder), folder)))
        for peer in PEERS:
            label = f"{people:,} people: whole command, against {peer.package}"
            if not wanted(label, given.only):
                continue
            env = environment(given.envs.resolve(), peer.package)
            command = peer.command(env, folder)
            if people == min(SIZES):
                said.append((peer.package, *_run(command, folder)))
            theirs = Side(
                command=command, exits=ANY, env={"HOME": str(folder), "DO_NOT_TRACK": "1"}, folder=folder
            )
            # The large table takes one peer minutes: one round has to do.
            small = times == 1
            pair = compare(None if given.peers else mine, theirs, given.rounds if small else 1, warm=small)
            lines.append(row(label, pair, faster(1)))
            sys.stdout.write(f"{lines[-1]}\n")
            sys.stdout.flush()
    for name, code, text in said:
        sys.stdout.write(f"\n=== {name} ended with {code}\n{text[-6000:]}\n")
    publish("gates", lines, machine(given.rounds, "duckdb"), keep=given.write)


if __name__ == "__main__":
    main()
