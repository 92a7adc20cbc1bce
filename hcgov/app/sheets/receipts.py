"""Write receipts of an aggregation, one for each column that people are grouped by."""

import json
from collections.abc import Mapping
from pathlib import Path

from hcgov.core.evidence.source import Tree
from hcgov.core.mistake import AuthoringError, Mistake
from hcgov.io.files import write_atomically


def write_receipt(receipts: Mapping[str, Tree], path: Path) -> tuple[Path, ...]:
    """Write receipts; where there are several, each column's name stands before the ending.

    Raises
    ------
    AuthoringError
        There is none, or a file cannot be written.
    """
    if not receipts:
        raise _mistake("there is nothing to write a receipt of; the sheet says why")
    written = []
    for column, tree in receipts.items():
        at = path if len(receipts) == 1 else path.with_name(f"{path.stem}-{column}{path.suffix}")
        try:
            at.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(at, json.dumps(tree, ensure_ascii=False, indent=2, allow_nan=False) + "\n")
        except OSError as error:
            raise _mistake(f"cannot write `{at}`: {error.strerror or error}") from error
        written.append(at)
    return tuple(written)


def _mistake(message: str) -> AuthoringError:
    return AuthoringError([Mistake(code="HCG-U001", message=message, help="")])
