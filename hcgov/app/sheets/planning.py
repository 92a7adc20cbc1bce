"""Make a sampling plan from the shares of a population, as a file that people can agree on and checks can read."""

import csv
import io
from dataclasses import field
from pathlib import Path

from hcgov.core.evidence.absent import Absent
from hcgov.core.evidence.source import Source, Tree
from hcgov.core.frozen import frozen
from hcgov.core.mistake import AuthoringError, Mistake
from hcgov.io.files import read_blob

NUMBERS = ("share", "sd", "cost")
MOST_BYTES = 1 << 20
ROUNDED = 0.011
"""Shares are often published rounded to whole per cent."""


@frozen
class Wished:
    """How large a sample is to be.

    ``margin`` and ``stratum_margin`` are margins of error of a share, such as 0.05; ``total`` is a number of people.
    """

    margin: float | None = 0.05
    stratum_margin: float | None = None
    total: int | None = None
    level: float = 0.95


@frozen
class Strata:
    """Strata of a population as they were read.

    ``shares``, ``sds`` and ``costs`` are by the values of ``columns``; the latter two are empty where nobody says.
    """

    columns: tuple[str, ...]
    shares: dict[tuple[str, ...], float]
    sds: dict[tuple[str, ...], float] = field(default_factory=dict)
    costs: dict[tuple[str, ...], float] = field(default_factory=dict)
    source: Source


def read_strata(path: Path) -> Strata:
    """Return the strata of a CSV file: columns that describe people, and ``share``; ``sd`` and ``cost`` if known.

    Raises
    ------
    AuthoringError
        It cannot be read, has no column ``share``, or a value is no number.
    """
    at = path.absolute()
    blob = read_blob(at.parent, "strata", "table", at.name, max_bytes=MOST_BYTES)
    if isinstance(blob, Absent):
        raise _mistake(str(blob.detail))
    try:
        rows = list(csv.DictReader(io.StringIO(blob.data.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise _mistake(f"`{path}` is no CSV file in UTF-8: {error}") from error
    head = tuple(rows[0]) if rows else ()
    columns = tuple(name for name in head if name not in NUMBERS)
    if "share" not in head or not columns:
        raise _mistake(
            f"`{path}` needs a column `share` and at least one that describes people, such as `age_band`"
        )
    found: dict[str, dict[tuple[str, ...], float]] = {name: {} for name in NUMBERS}
    for number, row in enumerate(rows, start=2):
        values = tuple((row[column] or "").strip() for column in columns)
        if None in row or "" in values:
            raise _mistake(f"`{path}`, line {number}: every stratum has one value in each column")
        if values in found["share"]:
            raise _mistake(f"`{path}`, line {number}: the stratum {' × '.join(values)} stands twice")
        for name in NUMBERS:
            if name in head:
                found[name][values] = _number(row[name], path, number, name)
    whole = sum(found["share"].values())
    if (
        min(found["share"].values(), default=0.0) > 0.0
        and min(abs(whole - 1.0), abs(whole / 100.0 - 1.0)) > ROUNDED
    ):
        raise _mistake(
            f"the shares in `{path}` add up to {whole:.3g}; they are shares of everyone, so to 1 or to 100"
        )
    return Strata(
        columns=columns, shares=found["share"], sds=found["sd"], costs=found["cost"], source=blob.source
    )


def planned(strata: Strata, wished: Wished, *, date: str) -> Tree:
    """Return a sampling plan as plain values.

    Raises
    ------
    AuthoringError
        Nothing can be planned from these numbers.
    """
    from hcgov.stages.judgments.plans import tree_of
    from hcgov.stats.sampling.plan import sampling_plan

    try:
        plan = sampling_plan(
            strata.columns,
            strata.shares,
            margin=None if wished.total is not None else wished.margin,
            stratum_margin=wished.stratum_margin,
            total=wished.total,
            level=wished.level,
            sds=strata.sds or None,
            costs=strata.costs or None,
        )
    except ValueError as error:
        raise _mistake(str(error)) from error
    return tree_of(plan, source=f"{strata.source.location}, sha256 {strata.source.sha256}", date=date)


def plan_text(plan: Tree) -> str:
    """Return a plan as YAML, its keys in their order."""
    from hcgov.io.policies.writing import written

    return written(plan)


def _number(value: str | None, path: Path, line: int, name: str) -> float:
    import math

    try:
        number = float(value or "")
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise _mistake(f"`{path}`, line {line}: `{name}` is no number")
    return number


def _mistake(message: str) -> AuthoringError:
    return AuthoringError([Mistake(code="HCG-U001", message=message, help="")])
