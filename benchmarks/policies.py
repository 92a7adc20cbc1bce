"""Policies of many controls: `hcgov policy validate` on packs of 100, 1,000 and 10,000, and on one that changes 5,000.

A pack stands in a folder: `pack.yaml`, and files of `kind: PolicyControls` of 1,000 controls each. The peer reads the
same files into plain values and does nothing with them::

    python benchmarks/policies.py [--only 10,000] [--write]
"""

import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from side_by_side import OUT, Aim, Pair, arguments, compare, machine, publish, row, wanted
from startup import hcgov, peer

FOLDER = OUT / "policies"
SIZES = (100, 1_000, 10_000)
CHANGED = 5_000
IN_A_FILE = 1_000
HEAD = """\
hcgov: 1
kind: PolicyPack
metadata: {{id: org.{name}, version: 1.0.0, title: A pack of many controls, owner: Benchmarks}}
"""
CONTROL = """\
  - id: BIG-{number:05d}
    title: Rates of outcome {number} stay even across age bands
    stage: evaluation
    check: evaluation.rate_gap@1
    with: {{table: decisions, outcome: selected, slices: {{by: [age], min_people: 30}}}}
    limit: {{at_most: "0.10", confidence: "0.95"}}
    severity: high
    enforcement: overridable
    why: Uneven rates shift burden onto people.
    fix: Look at the data of the slice named.
    source: organisation
    supports: ["nist-ai-rmf@1.0:MEASURE 2.11"]
"""
OVERRIDE = """\
  - control: BIG-{number:05d}
    set: {{limit.at_most: "0.05", with.slices.min_people: 40}}
    reason: contract
"""


def pack(folder: Path, controls: int) -> None:
    """Write a pack of so many controls."""
    folder.mkdir(parents=True)
    (folder / "pack.yaml").write_text(HEAD.format(name="many"), encoding="utf-8")
    for first in range(0, controls, IN_A_FILE):
        numbers = range(first, min(first + IN_A_FILE, controls))
        text = "hcgov: 1\nkind: PolicyControls\ncontrols:\n" + "".join(
            CONTROL.format(number=n) for n in numbers
        )
        (folder / f"controls-{first:05d}.yaml").write_text(text, encoding="utf-8")


def child(folder: Path, parent: str, changed: int) -> None:
    """Write a pack that extends another and overrides so many of its controls."""
    folder.mkdir(parents=True)
    text = HEAD.format(name="child") + f"extends: [{{pack: {parent}}}]\noverrides:\n"
    text += "".join(OVERRIDE.format(number=n) for n in range(changed))
    (folder / "pack.yaml").write_text(text, encoding="utf-8")


def prepare() -> None:
    """Write every pack anew."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    for size in SIZES:
        pack(FOLDER / f"many-{size}", size)
    parent = FOLDER / "child" / f"many-{SIZES[-1]}"
    child(FOLDER / "child", parent.name, CHANGED)
    pack(parent, SIZES[-1])


def bounded(seconds: float, megabytes: float) -> Aim:
    """Aim at a time and a peak of memory, whatever the peer takes."""

    def met(pair: Pair) -> bool:
        return pair.ours is not None and pair.ours.seconds <= seconds and pair.ours.peak <= megabytes

    return Aim(words=f"at most {seconds:g} s, {megabytes:g} MB", met=met)


def main() -> None:
    """Run the rows."""
    given = arguments(__doc__ or "").parse_args()
    prepare()
    cases = [
        (f"{size:,} controls", f"many-{size}", size, bounded(3, 300) if size == SIZES[-1] else None)
        for size in SIZES
    ]
    changes = f"{SIZES[-1]:,} controls, {CHANGED:,} of them changed by a pack that extends theirs"
    cases.append((changes, "child", SIZES[-1], None))
    lines = []
    for label, name, size, aim in cases:
        if not wanted(label, given.only):
            continue
        ours = None if given.peers else hcgov("policy", "validate", str(FOLDER / name))
        lines.append(
            row(label, compare(ours, peer("yaml_load", str(FOLDER / name), str(size)), given.rounds), aim)
        )
        sys.stdout.write(f"{lines[-1]}\n")
        sys.stdout.flush()
    publish("policies", lines, machine(given.rounds, "pydantic", "PyYAML"), keep=given.write)


if __name__ == "__main__":
    main()
