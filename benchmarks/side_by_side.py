"""Measure two commands in turn: A B A B …, one warm-up of each, then the counted rounds.

Turns share whatever else the machine is doing, so the ratio is steadier than either time. Prints medians of wall
time and of peak memory as a row of a Markdown table. Standard library only: a child's peak memory is never
reported below the size of the process that started it, so this one must stay small.

Use::

    python benchmarks/side_by_side.py --ours "python -m hcgov --version" --theirs "python -c pass"
"""

import argparse
import os
import platform
import re
import shlex
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
OUT = HERE / "out"
README = HERE / "README.md"
ROUNDS = 5
HEADER = """\
| | hcgov, ms | peer, ms | ratio | hcgov, MB | peer, MB | aim | met |
|---|---:|---:|---:|---:|---:|---|---|
"""


@dataclass(frozen=True, kw_only=True)
class Side:
    """One command.

    Parameters
    ----------
    command
        Program and arguments.
    env
        Variables set beside those of the caller.
    tells
        The command measures itself and prints ``seconds=…``; that counts instead of its wall time.
    exits
        Exit codes that are no failure of the benchmark.
    folder
        Where it runs; the root of the repository if left out.
    """

    command: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)
    tells: bool = False
    exits: tuple[int, ...] = (0,)
    folder: Path = ROOT


@dataclass(frozen=True, kw_only=True)
class Sample:
    """Seconds, and peak resident memory of the largest process in MB (10^6 bytes)."""

    seconds: float
    peak: float


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Medians of both sides; ``ours`` is ``None`` where only the peer was run."""

    ours: Sample | None
    theirs: Sample

    @property
    def ratio(self) -> float:
        """Our time over the peer's."""
        assert self.ours is not None
        return self.ours.seconds / self.theirs.seconds


@dataclass(frozen=True, kw_only=True)
class Aim:
    """What the issue asks for, in words and as a test of the medians."""

    words: str
    met: Callable[[Pair], bool]


def at_most(factor: float, plus: float = 0.0) -> Aim:
    """Aim at no more than ``factor`` times the peer, plus some seconds."""
    words = f"at most {factor:g}x" + (f" + {plus * 1000:g} ms" if plus else "")
    return Aim(
        words=words, met=lambda p: p.ours is not None and p.ours.seconds <= factor * p.theirs.seconds + plus
    )


def faster(factor: float) -> Aim:
    """Aim at being ``factor`` times as fast as the peer."""
    return Aim(words=f"{factor:g}x as fast", met=lambda p: p.ours is not None and p.ratio * factor <= 1)


def within(seconds: float) -> Aim:
    """Aim at a time, whatever the peer takes."""
    return Aim(
        words=f"at most {seconds * 1000:g} ms", met=lambda p: p.ours is not None and p.ours.seconds <= seconds
    )


def run_once(side: Side) -> Sample:
    """Run a command to its end and measure it.

    Raises
    ------
    RuntimeError
        It ends with another code than expected, or does not tell its seconds where it should.
    """
    with tempfile.TemporaryFile() as told:
        started = time.perf_counter()
        process = subprocess.Popen(
            side.command, cwd=side.folder, env={**os.environ, **side.env}, stdin=subprocess.DEVNULL, stdout=told,
            stderr=subprocess.STDOUT,
        )  # fmt: skip
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)  # it is waited for already
        told.seek(0)
        text = told.read().decode(errors="replace")
    if process.returncode not in side.exits:
        raise RuntimeError(f"{shlex.join(side.command)} ended with {process.returncode}:\n{text[-2000:]}")
    if side.tells:
        found = re.search(r"^seconds=([0-9.e-]+)$", text, re.MULTILINE)
        if found is None:
            raise RuntimeError(f"{shlex.join(side.command)} told no seconds:\n{text[-2000:]}")
        seconds = float(found[1])
    unit = 1 if sys.platform == "darwin" else 1024  # ru_maxrss is in bytes there, in KiB elsewhere
    return Sample(seconds=seconds, peak=usage.ru_maxrss * unit / 1e6)


def compare(ours: Side | None, theirs: Side, rounds: int = ROUNDS, *, warm: bool = True) -> Pair:
    """Run both sides in turn, once to warm up and then ``rounds`` times, and return the medians.

    Where one side takes minutes, ``warm`` leaves the warm-up out for both.
    """
    samples: dict[bool, list[Sample]] = {True: [], False: []}
    for counted in [*([False] if warm else []), *[True] * rounds]:
        for mine, side in ((True, ours), (False, theirs)):
            if side is None:
                continue
            sample = run_once(side)
            if counted:
                samples[mine].append(sample)
    return Pair(ours=_median(samples[True]) if ours else None, theirs=_median(samples[False]))


def _median(samples: list[Sample]) -> Sample:
    return Sample(
        seconds=statistics.median(s.seconds for s in samples), peak=statistics.median(s.peak for s in samples)
    )


def row(label: str, pair: Pair, aim: Aim | None = None) -> str:
    """Return the medians as a row under :data:`HEADER`."""
    theirs = pair.theirs
    if pair.ours is None:
        cells = ["", _ms(theirs.seconds), "", "", f"{theirs.peak:.0f}", aim.words if aim else "", "not run"]
    else:
        met = "" if aim is None else ("yes" if aim.met(pair) else "**no**")
        cells = [
            _ms(pair.ours.seconds), _ms(theirs.seconds), f"{pair.ratio:.3g}", f"{pair.ours.peak:.0f}",
            f"{theirs.peak:.0f}", aim.words if aim else "", met,
        ]  # fmt: skip
    return f"| {label} | {' | '.join(cells)} |"


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:,.0f}" if seconds >= 0.1 else f"{seconds * 1000:.1f}"


def machine(rounds: int, *packages: str) -> str:
    """Return one line on what the figures were measured with, and how often."""
    versions = []
    for package in packages:
        try:
            versions.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            versions.append(f"{package} not installed")
    day = time.strftime("%Y-%m-%d", time.gmtime())
    parts = [f"{os.cpu_count()} cores", platform.machine(), f"Python {platform.python_version()}", *versions]
    return f"{day}; {', '.join(parts)}; medians of {rounds}."


def write(name: str, text: str, page: Path = README) -> None:
    """Replace what stands in a page, the README of this folder, between the marks of a name."""
    start, end = f"<!-- {name} -->\n", f"<!-- /{name} -->"
    before, _, rest = page.read_text(encoding="utf-8").partition(start)
    _, found, after = rest.partition(end)
    if not found:
        raise RuntimeError(f"{page.name} has no marks for `{name}`")
    page.write_text(f"{before}{start}{text}{end}{after}", encoding="utf-8")


def publish(name: str, rows: list[str], about: str, *, keep: bool) -> None:
    """Print a table, and keep it in the README if asked."""
    table = f"{about}\n\n{HEADER}" + "\n".join(rows) + "\n"
    sys.stdout.write(f"\n{table}")
    if keep:
        write(name, table)


def arguments(description: str) -> argparse.ArgumentParser:
    """Return the options that every benchmark takes."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="counted rounds (default %(default)s)")
    parser.add_argument("--peers", action="store_true", help="run the peers' halves only")
    parser.add_argument("--only", action="append", help="part of a row's name; may be given again")
    parser.add_argument("--write", action="store_true", help="put the table into benchmarks/README.md")
    return parser


def wanted(label: str, only: list[str] | None) -> bool:
    """Return whether a row was asked for."""
    return not only or any(part in label for part in only)


def main() -> None:
    """Compare two commands given as text."""
    parser = argparse.ArgumentParser(description="Measure two commands in turn.")
    parser.add_argument("--ours", required=True, help="command")
    parser.add_argument("--theirs", required=True, help="command")
    parser.add_argument("--label", default="", help="name of the row")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    given = parser.parse_args()
    ours, theirs = (Side(command=tuple(shlex.split(text))) for text in (given.ours, given.theirs))
    sys.stdout.write(HEADER + row(given.label, compare(ours, theirs, given.rounds)) + "\n")


if __name__ == "__main__":
    main()
