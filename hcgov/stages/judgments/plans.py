"""Sampling plans as records, and how far the people of a table fill them."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

import numpy as np
from pydantic import Field

from hcgov.core.evidence.documents import Record
from hcgov.core.evidence.long import Long
from hcgov.core.evidence.source import Tree
from hcgov.core.frozen import frozen
from hcgov.core.long_tables import PERSON
from hcgov.core.measurement import Answered, Statement
from hcgov.core.text import text
from hcgov.stages.judgments.arrays import as_array, by_judge, codes
from hcgov.stages.records import Written, read, where
from hcgov.stats.aggregation.ballots import Ints
from hcgov.stats.sampling.plan import SamplingPlan, Stratum, Values

KIND = "SamplingPlan"
SUM_TOLERANCE = 0.01
"""Shares are often published rounded to whole per cent."""


class WrittenStratum(Written):
    """A stratum of a plan, as it is written."""

    values: list[str] = Field(min_length=1)
    share: float = Field(gt=0, le=1)
    quota: int = Field(ge=0)
    least: int = Field(default=0, ge=0)


class WrittenPlan(Written):
    """A sampling plan, as it is written."""

    kind: Literal["SamplingPlan"] = "SamplingPlan"
    columns: list[str] = Field(min_length=1)
    strata: list[WrittenStratum] = Field(min_length=1)
    source: str = Field(min_length=3)
    method: Literal["proportional", "neyman", "given"] = "given"
    level: float = Field(default=0.95, ge=0.5, lt=1)
    margin: float | None = Field(default=None, gt=0, le=0.5)
    stratum_margin: float | None = Field(default=None, gt=0, le=0.5)
    total: int | None = None
    planned_margin: float | None = None
    design_effect: float | None = None
    collecting: bool = False
    date: str = ""


@frozen
class ReadPlan:
    """A plan with what people wrote beside it: where the shares come from, and whether people are still asked."""

    plan: SamplingPlan
    source: str
    collecting: bool


def tree_of(plan: SamplingPlan, *, source: str, date: str = "", collecting: bool = True) -> dict[str, Tree]:
    """Return a plan as plain values, for ``sampling_plan.yaml``.

    Parameters
    ----------
    plan
        The plan.
    source
        Where the shares of the population come from.
    date
        ISO day on which it was made.
    collecting
        Whether people are still to be asked.
    """
    return {
        "kind": KIND,
        "columns": list(plan.columns),
        "source": source,
        "date": date,
        "method": plan.method,
        "level": plan.level,
        "margin": plan.margin,
        "stratum_margin": plan.stratum_margin,
        "total": plan.total,
        "planned_margin": round(plan.planned_margin, 4),
        "design_effect": round(plan.deff, 4) if plan.deff < 1e9 else None,
        "collecting": collecting,
        "strata": [
            {
                "values": list(stratum.values),
                "share": round(stratum.share, 9),
                "quota": stratum.quota,
                "least": stratum.least,
            }
            for stratum in plan.strata
        ],
    }


def plan_of(record: Record) -> tuple[ReadPlan | None, tuple[Statement, ...]]:
    """Return the plan that a record holds, and what is to be said where it holds none."""
    wanted, faults = read(record, record.data, WrittenPlan, answer=Answered.ERROR)
    if wanted is None:
        return None, faults
    told = tuple(_faults(record, wanted))
    if told:
        return None, told
    plan = SamplingPlan(
        columns=tuple(wanted.columns),
        strata=tuple(
            Stratum(values=tuple(one.values), share=one.share, quota=one.quota, least=one.least)
            for one in wanted.strata
        ),
        method=wanted.method,
        level=wanted.level,
        margin=wanted.margin,
        stratum_margin=wanted.stratum_margin,
    )
    return ReadPlan(plan=plan, source=wanted.source, collecting=wanted.collecting), ()


def _faults(record: Record, wanted: WrittenPlan) -> Iterator[Statement]:
    """Say what makes a plan unusable."""
    seen = Counter(tuple(one.values) for one in wanted.strata)
    total = sum(one.share for one in wanted.strata)
    odd = sum(1 for one in wanted.strata if len(one.values) != len(wanted.columns))
    faults = []
    if odd:
        faults.append(text("{n} {n|stratum has|strata have} not one value for each column", n=odd))
    if max(seen.values()) > 1:
        faults.append(text("a stratum is written twice"))
    if round(abs(total - 1.0), 9) > SUM_TOLERANCE:
        faults.append(text("the strata's shares add up to {total}, not to 1", total=f"{total:.3f}"))
    if not any(one.quota for one in wanted.strata):
        faults.append(text("no stratum has a quota, so nobody is asked"))
    for number, fault in enumerate(faults, start=1):
        yield Statement(
            about=f"plan {number}", answer=Answered.ERROR, text=fault, where=where(record, ("strata",))
        )


@frozen
class People:
    """Distinct people of a table by the values of some columns.

    ``unplaced`` are people of whom a value is not recorded; ``unnamed`` are rows of nobody.
    """

    by_values: Mapping[Values, int]
    unplaced: int
    unnamed: int

    @property
    def total(self) -> int:
        """All people."""
        return sum(self.by_values.values()) + self.unplaced


def persons(long: Long) -> Ints:
    """Return the code of each row's person; -1 for rows of nobody, or of a judge model."""
    found = codes(long, PERSON[long.kind]).astype(np.int64)
    return np.where(by_judge(long), -1, found)


def people_by(long: Long, columns: Sequence[str]) -> People:
    """Return the distinct people of a table by the values of slicing columns, which it has to have."""
    person = persons(long)
    people, first = first_rows(person)
    place = np.zeros(people.size, dtype=np.int64)
    known = np.ones(people.size, dtype=bool)
    for column in columns:
        held = as_array(long.groups[column]).astype(np.int64)[first]
        known &= held >= 0
        place = place * (len(long.groups[column].names) + 1) + held
    counted: dict[Values, int] = {}
    distinct, count = np.unique(place[known], return_counts=True)
    for code, n in zip(distinct.tolist(), count.tolist(), strict=True):
        values: list[str] = []
        left = code
        for column in reversed(columns):
            left, held_by = divmod(left, len(long.groups[column].names) + 1)
            values.append(long.groups[column].names[held_by])
        counted[tuple(reversed(values))] = n
    return People(by_values=counted, unplaced=int((~known).sum()), unnamed=int((person < 0).sum()))


def first_rows(person: Ints) -> tuple[Ints, Ints]:
    """Return the codes of the people of a column and the first row of each; rows of nobody are left out."""
    people, first = np.unique(person, return_index=True)
    named = people >= 0
    return people[named], first[named].astype(np.int64)
