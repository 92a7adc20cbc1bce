"""Ledgers for tests."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from hcgov.io.ledger import Receipt, RunStarted, append
from hcgov.io.ledger.checkpoint import Checkpoint
from hcgov.io.ledger.store import CHECKPOINT, ENTRIES, FOLDER

NOON = datetime(2027, 3, 1, 12, 0, 0, tzinfo=UTC)
POLICY = f"sha256:{'ab' * 32}"


def started(number: int, run: str = "") -> RunStarted:
    return RunStarted(run=run or f"run-{number}", policy=POLICY, attempt=number + 1)


def add(home: Path, number: int, run: str = "") -> Receipt:
    return append(home, started(number, run), at=NOON + timedelta(minutes=number), role="eval-runner")


def grown(home: Path, size: int) -> list[Checkpoint]:
    """Make a ledger; return its checkpoint at each size from 1 on."""
    return [add(home, number).checkpoint for number in range(size)]


def entries_file(home: Path) -> Path:
    return home / FOLDER / ENTRIES


def checkpoint_file(home: Path) -> Path:
    return home / FOLDER / CHECKPOINT
