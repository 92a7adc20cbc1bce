"""The computation: rows are merged into weighted cells, and the metric runs over the cells.

Every metric of the catalogue takes ``sample_weight``, and a row of weight k is k equal rows to it, so a million
rows with 0/1 predictions come down to a few cells a slice. Values are those of fairlearn's MetricFrame; the
values without each bucket of people come from the same function on the same cells. MetricFrame's own bootstrap
is not used: it breaks where a slice is missing from a resample.
"""

import math
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from hcgov.core.evidence.absent import Absence
from hcgov.core.evidence.metrics import GroupValue
from hcgov.core.frozen import frozen
from hcgov.core.slices import EVERYONE, Slice
from hcgov.core.text import text
from hcgov.io.group_metrics.catalogue import Metric
from hcgov.io.group_metrics.cells import Refused, coded
from hcgov.io.group_metrics.functions import Function, guarded, holds
from hcgov.stats.jackknife import GROUPS

if TYPE_CHECKING:
    import pandas as pd

    from hcgov.io.group_metrics.cells import Places

MOST_SLICES = 10_000
"""Slices of one slicing; more than this is a column that identifies people, and takes minutes."""

KEYS = ["label", "value", "bucket"]


@frozen
class Measured:
    """A metric for everyone, for every slice, and for everyone outside each slice where that was asked."""

    overall: GroupValue
    values: tuple[GroupValue, ...]
    rest: tuple[GroupValue, ...]


@frozen
class Job:
    """What is computed, and how much of it at most.

    Parameters
    ----------
    people_known
        Whether buckets of people exist, to leave out one at a time.
    rest
        Whether everyone outside each slice is measured too.
    max_work
        Most rows to compute over, counted each time they are used again.
    progress
        Told how far the computation is.
    """

    metric: Metric
    people_known: bool
    rest: bool
    max_work: int
    progress: Callable[[str], None]


def measured(
    job: Job, cells: "pd.DataFrame", groups: "pd.DataFrame", slicings: Sequence[tuple[str, ...]]
) -> Measured:
    """Return the metric for everyone and for every slice, also without each bucket of people.

    Parameters
    ----------
    cells
        As :func:`hcgov.io.group_metrics.cells.cells_of` returns them.
    groups
        Columns by group; ``cells``' index says which row.
    slicings
        Names of groups to slice by, together.

    Raises
    ------
    Refused
        More slices or more work than are allowed.
    """
    import numpy as np

    codes = {name: coded(groups[name]) for name in groups.columns}
    rows = cells.index.to_numpy()
    function = guarded(job.metric)
    everyone = _parts(cells, np.zeros(len(cells), dtype=np.int64))
    sliced = []
    for slicing in slicings:
        key = np.zeros(len(cells), dtype=np.int64)
        for name in slicing:
            places, names = codes[name]
            key = key * len(names) + places[rows]
        sliced.append((slicing, key))
        # Keys grow with the names in order, so the sorted keys are the sorted slices.
        present = np.unique(key[cells["weight"].to_numpy() > 0])
        if len(present) > MOST_SLICES:
            raise _too_many(slicing, len(present))
    parts = [_parts(cells, key) for _, key in sliced]
    _check_work(job, len(everyone.merged), [(len(part.merged), len(part.keys)) for part in parts])
    overall = _values(job, function, everyone, lambda _: EVERYONE)[0]
    values: list[GroupValue] = []
    rest: list[GroupValue] = []
    for (slicing, _), part in zip(sliced, parts, strict=True):
        job.progress(" × ".join(slicing))
        values += _values(job, function, part, partial(_slice, slicing, codes))
        if job.rest:
            rest += _outside(job, function, everyone, part)
    return Measured(overall=overall, values=tuple(values), rest=tuple(rest))


@frozen
class _Parts:
    """Cells by key: merged ones of what is recorded, people of each need, and rows in which it is not."""

    keys: tuple[int, ...]
    merged: "pd.DataFrame"
    persons: "pd.DataFrame"
    missing: Mapping[int, int]


def _parts(cells: "pd.DataFrame", key: "Places") -> _Parts:
    import numpy as np

    kept = cells.assign(key=key)[cells["weight"].to_numpy() > 0]
    recorded = kept[kept["recorded"]]
    merged = recorded.groupby(["key", *KEYS], sort=True)["weight"].sum().reset_index()
    known = recorded[recorded["person"] >= 0][["key", "person", "label", "value"]]
    gone = kept[~kept["recorded"]].groupby("key")["weight"].sum()
    return _Parts(
        keys=tuple(np.unique(kept["key"].to_numpy()).tolist()) or (0,),
        merged=merged,
        persons=known,
        missing={int(k): int(n) for k, n in zip(gone.index.tolist(), gone.tolist(), strict=True)},
    )


def _values(job: Job, function: Function, parts: _Parts, named: Callable[[int], Slice]) -> list[GroupValue]:
    points = _points(function, parts.merged)
    people = _people(job, parts)
    by_key = dict(iter(parts.merged.groupby("key")))
    nobody = parts.merged.iloc[:0]
    return [
        replace(
            _value(job, function, by_key.get(key, nobody), named(key), points.get(key)),
            missing=parts.missing.get(key, 0),
            people=people.get(key, (0, 0))[0] if job.people_known else None,
            fewest=people.get(key, (0, 0))[1] if job.people_known else None,
        )
        for key in parts.keys
    ]


def _value(
    job: Job, function: Function, merged: "pd.DataFrame", who: Slice, point: float | None
) -> GroupValue:
    weight = merged["weight"]
    return GroupValue(
        slice=who,
        n=int(weight.sum()),
        positives=int(weight[merged["label"] == 1].sum()),
        value=point,
        replicates=tuple(_replicates(function, merged)) if job.people_known and point is not None else (),
    )


def _points(function: Function, merged: "pd.DataFrame") -> dict[int, float | None]:
    """Return the metric of each key that has a recorded row."""
    import numpy as np
    from fairlearn.metrics import MetricFrame

    if merged.empty:
        return {}
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")  # undefined values are told as such, by slice
        found = MetricFrame(
            metrics=function,
            y_true=merged["label"].to_numpy(),
            y_pred=merged["value"].to_numpy(),
            sensitive_features=merged["key"].rename("slice"),
            sample_params={"sample_weight": merged["weight"].to_numpy()},
        ).by_group
    return {int(k): _finite(v) for k, v in zip(found.index.tolist(), found.tolist(), strict=True)}


def _replicates(function: Function, merged: "pd.DataFrame") -> Iterator[tuple[int, float | None]]:
    """Yield the metric without each bucket of people that is there."""
    import numpy as np

    label, value, bucket, weight = (merged[name].to_numpy() for name in (*KEYS, "weight"))
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        for one in np.unique(bucket).tolist():
            left = bucket != one
            found = function(label[left], value[left], weight[left]) if left.any() else math.nan
            yield int(one), _finite(found)


def _outside(job: Job, function: Function, everyone: _Parts, parts: _Parts) -> Iterator[GroupValue]:
    """Yield the metric of everyone outside each slice."""
    import numpy as np

    whole = everyone.merged.set_index(KEYS)["weight"]
    by_key = {key: part.set_index(KEYS)["weight"] for key, part in parts.merged.groupby("key")}
    missing = everyone.missing.get(0, 0)
    for key in parts.keys:
        left = whole.sub(by_key[key], fill_value=0.0) if key in by_key else whole
        merged = left[left > 0].reset_index()
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            arrays = (merged[name].to_numpy() for name in ("label", "value", "weight"))
            point = None if merged.empty else _finite(function(*arrays))
        own = _value(job, function, merged, Slice(rest_of=True), point)
        others = parts.persons[parts.persons["key"] != key].assign(key=0)
        people = _people(job, replace(parts, persons=others)).get(0, (0, 0))
        yield replace(
            own,
            missing=missing - parts.missing.get(key, 0),
            people=people[0] if job.people_known else None,
            fewest=people[1] if job.people_known else None,
        )


def _people(job: Job, parts: _Parts) -> dict[int, tuple[int, int]]:
    """Return the distinct people of each key, and those in the smallest part that the metric needs."""
    if not job.people_known:
        return {}
    persons = parts.persons
    label, value = persons["label"].to_numpy(), persons["value"].to_numpy()
    every = _distinct(persons)
    needs = [_distinct(persons[holds(need, label, value)]) for need in sorted(job.metric.needs)]
    return {key: (n, min([n, *(one.get(key, 0) for one in needs)])) for key, n in every.items()}


def _distinct(persons: "pd.DataFrame") -> dict[int, int]:
    found = persons.groupby("key")["person"].nunique()
    return {int(k): int(n) for k, n in zip(found.index.tolist(), found.tolist(), strict=True)}


def _check_work(job: Job, whole: int, parts: Sequence[tuple[int, int]]) -> None:
    """Refuse more work than is allowed, before it is begun."""
    times = GROUPS + 1 if job.people_known else 1
    work = times * (whole + sum(rows + (slices * whole if job.rest else 0) for rows, slices in parts))
    if work > job.max_work:
        raise Refused(
            Absence.TOO_LARGE,
            text(
                "{metric} would be computed over {work} rows in all, each bucket of people left out in turn; at "
                "most {most} are allowed. Slice by fewer columns, or raise `max_work`",
                metric=job.metric.name,
                work=f"{work:,}",
                most=f"{job.max_work:,}",
            ),
        )


def _too_many(slicing: tuple[str, ...], found: int) -> Refused:
    return Refused(
        Absence.TOO_MANY_GROUPS,
        text(
            "{slicing} makes {found} slices, more than {most}: is it a column that identifies people?",
            slicing=" × ".join(slicing),
            found=found,
            most=MOST_SLICES,
        ),
    )


def _slice(
    slicing: tuple[str, ...], codes: Mapping[str, tuple["Places", tuple[str, ...]]], key: int
) -> Slice:
    values: list[tuple[str, str]] = []
    for name in reversed(slicing):
        _, names = codes[name]
        key, place = divmod(key, len(names))
        values.insert(0, (name, names[place]))
    return Slice(values=tuple(values))


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
