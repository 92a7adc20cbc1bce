"""People's judgments: reports of a million labels and of a hundred thousand pairs, and alpha against its package.

The reports are whole commands in fresh processes. Their peer reads the same file into a data frame and counts each
value once, which any report begins with. Krippendorff's alpha is timed in process, from codes that are in memory; the
package takes a matrix of raters by items, which is made before its clock starts. Both must agree to 1e-9.

Use::

    python benchmarks/judgments.py [--only alpha] [--envs FOLDER] [--write]
"""

import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from side_by_side import OUT, Aim, Pair, Side, arguments, compare, faster, machine, publish, row, wanted
from startup import PEERS, hcgov

FOLDER = OUT / "judgments"
LABELS, PEOPLE, ITEMS = 1_000_000, 10_000, 200_000
PAIRS, PROMPTS, MODELS = 100_000, 20_000, 12
SHAPES = ((1_000, 20_000), (10_000, 20_000))
METRICS = ("nominal", "interval")
WORDS = 400


def labels() -> Path:
    """Return a table of labels by people of four groups; labels lean to what an item is."""
    import numpy as np
    import pandas as pd

    at = FOLDER / "labels.parquet"
    if not at.exists():
        draw = np.random.default_rng(20261121)
        person = draw.integers(0, PEOPLE, LABELS)
        item = np.repeat(np.arange(ITEMS), LABELS // ITEMS)
        truth = draw.integers(1, 6, ITEMS)
        label = np.where(draw.random(LABELS) < 0.6, truth[item], draw.integers(1, 6, LABELS))
        frame = pd.DataFrame(
            {
                "item": [f"item {i}" for i in item],
                "annotator": [f"person {i}" for i in person],
                "label": label,
                "seconds": draw.gamma(4.0, 3.0, LABELS).round(1),
                "region": np.array(["north", "east", "south", "west"])[person % 4],
                "age_band": np.array(["18-39", "40-64", "65+"])[person % 3],
            }
        )
        frame.drop_duplicates(["item", "annotator"]).to_parquet(at)
    return at


def pairs() -> Path:
    """Return a table of pairs with texts, compared by people of four groups."""
    import numpy as np
    import pandas as pd

    at = FOLDER / "pairs.parquet"
    if not at.exists():
        draw = np.random.default_rng(20261122)
        words = np.array([f"w{i}" for i in range(WORDS)])
        person, prompt = draw.integers(0, PEOPLE, PAIRS), draw.integers(0, PROMPTS, PAIRS)
        one = draw.integers(0, MODELS, PAIRS)
        other = (one + draw.integers(1, MODELS, PAIRS)) % MODELS
        wins = draw.random(PAIRS) < 1 / (1 + np.exp((one - other) / 4))
        choice = np.where(draw.random(PAIRS) < 0.1, "tie", np.where(wins, "a", "b"))

        def said(n: int, length: int) -> list[str]:
            return [" ".join(row) for row in words[draw.integers(0, WORDS, (n, length))]]

        asked = said(PROMPTS, 14)
        pd.DataFrame(
            {
                "prompt_id": [f"p{i}" for i in prompt],
                "prompt": [asked[i] for i in prompt],
                "response_a": said(PAIRS, 24),
                "response_b": said(PAIRS, 24),
                "model_a": [f"model {i}" for i in one],
                "model_b": [f"model {i}" for i in other],
                "annotator": [f"person {i}" for i in person],
                "choice": choice,
                "region": np.array(["north", "east", "south", "west"])[person % 4],
            }
        ).to_parquet(at)
    return at


def shape(people: int, items: int) -> Path:
    """Return the folder with codes of a million labels, each person at most once an item."""
    import numpy as np

    folder = FOLDER / f"{people}x{items}"
    if not (folder / "labels.npz").exists():
        folder.mkdir(parents=True, exist_ok=True)
        draw = np.random.default_rng(people)
        each = LABELS // items
        item = np.repeat(np.arange(items), each)
        start = np.repeat(draw.integers(0, people, items), each)
        person = (start + np.tile(np.arange(each), items) * max(people // each, 1)) % people
        truth = draw.integers(0, 5, items)
        label = np.where(draw.random(LABELS) < 0.6, truth[item], draw.integers(0, 5, LABELS))
        np.savez(folder / "labels.npz", items=item, people=person, labels=label)
    return folder


def alpha(folder: Path, metric: str) -> None:
    """Tell the seconds of one alpha from codes, and keep what came out."""
    import numpy as np

    from hcgov.stats.agreement.alpha import krippendorff_alpha
    from hcgov.stats.agreement.judged import Judged, Metric

    held = np.load(folder / "labels.npz")
    judged = Judged(
        items=held["items"].astype(np.int32),
        people=held["people"].astype(np.int32),
        labels=held["labels"].astype(np.int32),
        n_items=int(held["items"].max()) + 1,
        n_people=int(held["people"].max()) + 1,
        values=np.arange(5.0),
    )
    started = time.perf_counter()
    found = krippendorff_alpha(judged, Metric(metric))
    seconds = time.perf_counter() - started
    (folder / f"ours-{metric}.txt").write_text(repr(found))
    sys.stdout.write(f"seconds={seconds}\n")


def read(file: str) -> None:
    """Read a table into a data frame and count every value of it."""
    import pandas as pd

    frame = pd.read_parquet(file)
    for column in frame:
        frame[column].value_counts()


def bounded(seconds: float, megabytes: float) -> Aim:
    """Aim at a time and a peak of memory, whatever the peer takes."""
    return Aim(
        words=f"at most {seconds:g} s, {megabytes:g} MB",
        met=lambda p: p.ours is not None and p.ours.seconds <= seconds and p.ours.peak <= megabytes,
    )


def reports(rounds: int, only: list[str] | None) -> list[str]:
    """Return the rows about whole reports."""
    own = str(Path(__file__).resolve())
    made = []
    for label, command, file in (
        (
            "`annotate report`, 1e6 labels of 2e5 items by 1e4 people, two groupings",
            ("annotate", "report"),
            labels(),
        ),
        ("`preferences profile`, 1e5 pairs with texts by 1e4 people", ("preferences", "profile"), pairs()),
    ):
        if wanted(label, only):
            by = ("--by", "region", *(("--by", "age_band") if command[0] == "annotate" else ()))
            ours = hcgov(*command, str(file), *by, "-o", f"html={FOLDER / (command[1] + '.html')}")
            theirs = Side(command=(sys.executable, own, "--read", str(file)))
            made.append(row(label, compare(ours, theirs, rounds), bounded(15, 1_000)))
            sys.stdout.write(f"{made[-1]}\n")
    return made


def alphas(rounds: int, only: list[str] | None, python: Path) -> list[str]:
    """Return the rows about alpha."""
    own = str(Path(__file__).resolve())
    made = []
    for people, items in SHAPES:
        folder = shape(people, items)
        for metric in METRICS:
            label = (
                f"alpha, {metric}, 1e6 labels of {items:,} items by {people:,} people, against `krippendorff`"
            )
            if not wanted(label, only):
                continue
            ours = Side(command=(sys.executable, own, "--alpha", metric, "--folder", str(folder)), tells=True)
            peer = str(PEERS / "krippendorff_alpha.py")
            theirs = Side(command=(str(python), peer, str(folder), metric), tells=True)
            pair: Pair = compare(ours, theirs, rounds)
            one, other = (float((folder / f"{side}-{metric}.txt").read_text()) for side in ("ours", "peer"))
            if abs(one - other) > 1e-9:
                raise RuntimeError(f"{label}: {one} is not {other}")
            made.append(row(label, pair, faster(50)))
            sys.stdout.write(f"{made[-1]}\n")
    return made


def environment(envs: Path) -> Path:
    """Return the interpreter of the peer's environment, made if it is not there."""
    env = envs / "krippendorff"
    if not (env / "bin" / "python").exists():
        subprocess.run([sys.executable, "-m", "venv", str(env)], check=True)
        subprocess.run([str(env / "bin" / "pip"), "install", "-q", "krippendorff==0.9.0"], check=True)
    return env / "bin" / "python"


def main() -> None:
    """Run every row, or one side as a process of its own."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--envs", type=Path, default=OUT / "envs", help="where the peer's environment is")
    parser.add_argument("--alpha", choices=METRICS, help="compute alpha in this process and tell its seconds")
    parser.add_argument("--folder", type=Path, help="where that side's codes are")
    parser.add_argument("--read", help="read a table in this process")
    parser.add_argument("--generate", action="store_true", help="write the tables and stop")
    given = parser.parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    if given.alpha:
        alpha(given.folder, given.alpha)
        return
    if given.read:
        read(given.read)
        return
    if given.generate:
        labels(), pairs()
        for people, items in SHAPES:
            shape(people, items)
        return
    # In a process of its own: this one must stay small (see side_by_side.py).
    subprocess.run([sys.executable, __file__, "--generate"], check=True)
    made = reports(given.rounds, given.only)
    made += alphas(given.rounds, given.only, environment(given.envs.resolve()))
    publish("judgments", made, machine(given.rounds, "numpy", "scipy", "pandas"), keep=given.write)


if __name__ == "__main__":
    main()
