"""The computation: rows are merged into weighted cells, and MetricFrame runs over the cells.

MetricFrame costs microseconds for every row, metric and slicing. Every metric of the catalogue takes
``sample_weight``, and a row of weight k is k equal rows to it, so a million rows with 0/1 predictions come
down to a few cells a slice.
"""

import importlib
import math
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from hcgov.core.evidence.absent import Absence
from hcgov.core.slices import NOT_RECORDED, Slice
from hcgov.core.text import Text, text
from hcgov.io.group_metrics.catalogue import Metric, Needs, Reads

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    Numbers: TypeAlias = NDArray[np.float64]
    Places: TypeAlias = NDArray[np.int64]

Value: TypeAlias = tuple[Slice, int, float | None]

MOST_SLICES = 10_000
"""Slices of one slicing; more than this is a column that identifies people, and takes minutes."""


class Refused(Exception):  # noqa: N818 - it never leaves this package: it becomes Absent
    """The values of the table do not suit the metric."""

    def __init__(self, reason: Absence, detail: Text) -> None:
        self.reason, self.detail = reason, detail
        super().__init__(str(detail))


def measured(
    metric: Metric,
    frame: "pd.DataFrame",
    *,
    read: Mapping[str, str],
    groups: Mapping[str, str],
    slicings: Sequence[tuple[str, ...]],
) -> tuple[float | None, tuple[Value, ...]]:
    """Return the metric for everyone, and for every slice with the rows it was computed from.

    Parameters
    ----------
    read
        ``label``, ``prediction``, ``score``, ``count`` -> column, as far as the metric reads them.
    groups
        Name of a group -> column.
    slicings
        Names of groups to slice by, together.
    """
    cells = _cells(metric, frame, read)
    codes = {name: _coded(frame[column]) for name, column in groups.items()}
    values: list[Value] = []
    for slicing in slicings:
        values += _sliced(metric, cells, slicing, codes)
    everyone = _everyone(metric, cells)
    return everyone, tuple(values)


def _cells(metric: Metric, frame: "pd.DataFrame", read: Mapping[str, str]) -> "pd.DataFrame":
    """Return label, prediction (or score) and weight of each row, and whether all of them are recorded."""
    import pandas as pd

    if metric.reads is Reads.LABEL_AND_SCORE:
        value = _scores(metric, frame[read["score"]], read["score"])
    else:
        value = _flags(frame[read["prediction"]], read["prediction"])
    # MetricFrame wants labels even for a metric of predictions alone, which does not look at them.
    label = value if metric.reads is Reads.PREDICTION else _flags(frame[read["label"]], read["label"])
    weight = _counts(frame[read["count"]], read["count"]) if "count" in read else 1
    cells = pd.DataFrame({"label": label, "value": value, "weight": weight})
    cells["recorded"] = cells["label"].notna() & cells["value"].notna()
    return cells


def _flags(column: "pd.Series[float]", name: str) -> "pd.Series[float]":
    numbers = _numbers(column, name)
    if not numbers.dropna().isin([0, 1]).all():
        raise Refused(
            Absence.WRONG_KIND,
            text("the column `{column}` must hold 0, 1 or nothing: say which values count as 1", column=name),
        )
    return numbers


def _scores(metric: Metric, column: "pd.Series[float]", name: str) -> "pd.Series[float]":
    import numpy as np

    numbers = _numbers(column, name)
    if np.isinf(numbers).any():
        raise Refused(Absence.WRONG_KIND, text("the column `{column}` holds infinite scores", column=name))
    if metric.probability and not numbers.dropna().between(0, 1).all():
        raise Refused(
            Absence.WRONG_KIND,
            text("{metric} needs scores from 0 to 1; `{column}` has others", metric=metric.name, column=name),
        )
    return numbers


def _counts(column: "pd.Series[float]", name: str) -> "pd.Series[float]":
    numbers = _numbers(column, name)
    if numbers.isna().any() or (numbers < 0).any() or (numbers % 1 != 0).any():
        raise Refused(
            Absence.WRONG_KIND,
            text("the column `{column}` must hold counts: whole numbers, none missing", column=name),
        )
    return numbers


def _numbers(column: "pd.Series[float]", name: str) -> "pd.Series[float]":
    import pandas as pd

    numbers = pd.to_numeric(column, errors="coerce").astype("float64")
    if (numbers.isna() & column.notna()).any():
        raise Refused(
            Absence.WRONG_KIND, text("the column `{column}` holds values that are no numbers", column=name)
        )
    return numbers


def _coded(column: "pd.Series[str]") -> tuple["Places", tuple[str, ...]]:
    """Return each row's place among the sorted names of a group, and the names."""
    import numpy as np
    import pandas as pd

    places, found = pd.factorize(column)
    names = (*(str(value) for value in found), NOT_RECORDED)
    # Two values may have one name, the name for nothing recorded among them: they are one group.
    ordered = tuple(sorted(set(names)))
    place_of = {name: place for place, name in enumerate(ordered)}
    at = np.array([place_of[name] for name in names], dtype=np.int64)
    return at[places], ordered  # place -1, nothing recorded, is the last name


def _sliced(
    metric: Metric,
    cells: "pd.DataFrame",
    slicing: tuple[str, ...],
    codes: Mapping[str, tuple["Places", tuple[str, ...]]],
) -> list[Value]:
    import numpy as np

    key = np.zeros(len(cells), dtype=np.int64)
    for name in slicing:
        places, names = codes[name]
        key = key * len(names) + places
    # Keys grow with the names in order, so the sorted keys are the sorted slices.
    present = np.unique(key[cells["weight"].to_numpy() > 0])
    if len(present) > MOST_SLICES:
        raise Refused(
            Absence.TOO_MANY_GROUPS,
            text(
                "{slicing} makes {found} slices, more than {most}: is it a column that identifies people?",
                slicing=" × ".join(slicing),
                found=len(present),
                most=MOST_SLICES,
            ),
        )
    rows, values = _by_key(metric, cells, key)
    return [
        (_slice(slicing, place, codes), rows.get(place, 0), values.get(place)) for place in present.tolist()
    ]


def _slice(
    slicing: tuple[str, ...], key: int, codes: Mapping[str, tuple["Places", tuple[str, ...]]]
) -> Slice:
    values: list[tuple[str, str]] = []
    for name in reversed(slicing):
        _, names = codes[name]
        key, place = divmod(key, len(names))
        values.insert(0, (name, names[place]))
    return Slice(values=tuple(values))


def _everyone(metric: Metric, cells: "pd.DataFrame") -> float | None:
    import numpy as np

    _, values = _by_key(metric, cells, np.zeros(len(cells), dtype=np.int64))
    return values.get(0)


def _by_key(
    metric: Metric, cells: "pd.DataFrame", key: "Places"
) -> tuple[dict[int, int], dict[int, float | None]]:
    """Return rows and value for each key that has a recorded row."""
    import numpy as np
    from fairlearn.metrics import MetricFrame

    kept = cells.assign(key=key)[cells["recorded"] & (cells["weight"] > 0)]
    merged = kept.groupby(["key", "label", "value"], sort=True)["weight"].sum().reset_index()
    if merged.empty:
        return {}, {}
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")  # undefined values are told as such, by slice
        found = MetricFrame(
            metrics=_guarded(metric),
            y_true=merged["label"].to_numpy(),
            y_pred=merged["value"].to_numpy(),
            sensitive_features=merged["key"].rename("slice"),
            sample_params={"sample_weight": merged["weight"].to_numpy()},
        ).by_group
    rows = kept.groupby("key")["weight"].sum()
    return (
        dict(zip(rows.index.tolist(), (int(n) for n in rows.tolist()), strict=True)),
        {
            k: v if math.isfinite(v) else None
            for k, v in zip(found.index.tolist(), found.tolist(), strict=True)
        },
    )


def _guarded(metric: Metric) -> Callable[..., float]:
    """Return the library's function, giving NaN where the metric is undefined."""
    import numpy as np

    function = getattr(importlib.import_module(f"{metric.library}.metrics"), metric.function)
    options: dict[str, object] = {}
    if metric.undefined_is_nan:
        options["zero_division"] = np.nan
    if metric.labels:
        options["labels"] = [0, 1]
    if metric.positive:
        options["pos_label"] = 1

    def of_slice(y_true: object, y_pred: object, sample_weight: object) -> float:
        label, value = np.asarray(y_true, dtype=np.int64), np.asarray(y_pred, dtype=np.float64)
        if not all(_holds(need, label, value) for need in metric.needs):
            return math.nan
        if metric.reads is not Reads.LABEL_AND_SCORE:
            value = value.astype(np.int64)
        return float(function(label, value, sample_weight=np.asarray(sample_weight), **options))

    return of_slice


def _holds(need: Needs, label: "Places", value: "Numbers") -> bool:
    match need:
        case Needs.LABELLED_1:
            return bool((label == 1).any())
        case Needs.LABELLED_0:
            return bool((label == 0).any())
        case Needs.PREDICTED_1:
            return bool((value == 1).any())
        case Needs.PREDICTED_0:
            return bool((value == 0).any())
        case Needs.ANY_1:
            return bool((label == 1).any() or (value == 1).any())
