"""A library's function, made to give NaN where its metric is undefined."""

import importlib
import math
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from hcgov.io.group_metrics.catalogue import Metric, Needs, Reads

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from hcgov.io.group_metrics.cells import Numbers

Function: TypeAlias = Callable[..., float]
"""From labels, predictions (or scores) and weights to a value, NaN where it is undefined."""


def guarded(metric: Metric) -> Function:
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
        label, value = np.asarray(y_true, dtype=np.float64), np.asarray(y_pred, dtype=np.float64)
        if not all(holds(need, label, value).any() for need in metric.needs):
            return math.nan
        if metric.reads is not Reads.LABEL_AND_SCORE:
            value = value.astype(np.int64)
        return float(
            function(label.astype(np.int64), value, sample_weight=np.asarray(sample_weight), **options)
        )

    return of_slice


def holds(need: Needs, label: "Numbers", value: "Numbers") -> "NDArray[np.bool_]":
    """Return for each row whether it is what a metric needs."""
    import numpy as np

    match need:
        case Needs.LABELLED_1:
            return np.equal(label, 1)
        case Needs.LABELLED_0:
            return np.equal(label, 0)
        case Needs.PREDICTED_1:
            return np.equal(value, 1)
        case Needs.PREDICTED_0:
            return np.equal(value, 0)
        case Needs.ANY_1:
            return np.equal(label, 1) | np.equal(value, 1)
