"""The whole command on tables from 1e4 to 1e8 rows: a fresh process each, report included, no tracking.

Beside it the bare DuckDB group-by of the same file, in a fresh process too::

    python benchmarks/scale.py [--largest 7] [--write]
"""

import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from counting import MANIFEST, PACK
from data import generate
from side_by_side import HERE, OUT, Aim, Side, arguments, compare, machine, publish, row, wanted

FOLDER = OUT / "scale"
POWERS = (4, 5, 6, 7, 8)


def project(power: int) -> Path:
    """Return the folder of a project with that many rows, made if it is not there."""
    folder = FOLDER / f"1e{power}"
    if not (folder / "predictions.parquet").exists():
        generate(folder / "predictions.parquet", 10**power)
    (folder / "hcgov.yaml").write_text(MANIFEST.replace("cross: 3", "cross: 2"), encoding="utf-8")
    (folder / "pack.yaml").write_text(PACK, encoding="utf-8")
    return folder


def main() -> None:
    """Measure every size; tables are made in a process of their own, for this one must stay small."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--largest", type=int, default=8, choices=POWERS, help="largest power of ten")
    parser.add_argument("--generate", type=int, choices=POWERS, help="make one table and stop")
    given = parser.parse_args()
    if given.generate:
        project(given.generate)
        return
    lines: list[str] = []
    smallest: float | None = None
    for power in (power for power in POWERS if power <= given.largest):
        label = f"`check --stage evaluation --no-mlflow`, 1e{power} rows, against the bare group-by"
        if not wanted(label, given.only):
            continue
        subprocess.run([sys.executable, __file__, "--generate", str(power)], check=True)
        folder = FOLDER / f"1e{power}"
        ours = Side(
            command=(
                sys.executable,
                "-m",
                "hcgov",
                "check",
                str(folder),
                "--stage",
                "evaluation",
                "--no-mlflow",
                "--fresh",
            ),
            exits=(0, 1, 3),
        )
        theirs = Side(
            command=(sys.executable, str(HERE / "peers/group_by.py"), str(folder / "predictions.parquet"))
        )
        pair = compare(None if given.peers else ours, theirs, given.rounds if power < 8 else 1)
        if smallest is None and pair.ours is not None:
            smallest = pair.ours.seconds
        lines.append(row(label, pair, _aim(power, smallest)))
        sys.stdout.write(f"{lines[-1]}\n")
        sys.stdout.flush()
    publish("scale", lines, machine(given.rounds, "duckdb", "numpy"), keep=given.write)


def _aim(power: int, smallest: float | None) -> Aim | None:
    if power == 8:
        return Aim(words="at most 2,000 MB", met=lambda p: p.ours is not None and p.ours.peak <= 2000)
    if power == 7 and smallest is not None:
        words = "at most 1 s more than 1e4"
        return Aim(words=words, met=lambda p: p.ours is not None and p.ours.seconds <= smallest + 1)
    return None


if __name__ == "__main__":
    main()
