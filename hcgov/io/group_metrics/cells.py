"""What a metric reads of each row, checked: label, prediction or score, weight, person and bucket."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from hcgov.core.evidence.absent import Absence
from hcgov.core.slices import NOT_RECORDED
from hcgov.core.text import Text, text
from hcgov.io.group_metrics.catalogue import Metric, Reads
from hcgov.stats.jackknife import GROUPS

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    Numbers: TypeAlias = NDArray[np.float64]
    Places: TypeAlias = NDArray[np.int64]

NOBODY = GROUPS
"""The bucket of rows that name no person; they are one cluster, and no person."""


class Refused(Exception):  # noqa: N818 - it never leaves this package: it becomes Absent
    """The values of the table do not suit the metric."""

    def __init__(self, reason: Absence, detail: Text) -> None:
        self.reason, self.detail = reason, detail
        super().__init__(str(detail))


def cells_of(
    metric: Metric, frame: "pd.DataFrame", read: Mapping[str, str], *, each_row: bool, most: int
) -> "pd.DataFrame":
    """Return what the metric reads of each row of a table.

    Parameters
    ----------
    read
        ``label``, ``prediction``, ``score``, ``count``, ``person`` -> column, as far as there are such columns.
    each_row
        Whether each row, or each unit that a row counts, is a different person; where there is a column of
        persons, that is believed instead.
    most
        Most rows to make of a table of counts.

    Returns
    -------
    pandas.DataFrame
        ``label``, ``value``, ``weight``, whether both are ``recorded``, ``person`` (a number from 0, -1 for
        nobody) and ``bucket`` of the person; the index is the row's place in ``frame``. A row that counts for
        several people stands once for each.

    Raises
    ------
    Refused
        Values that do not suit the metric.
    """
    import numpy as np
    import pandas as pd

    if metric.reads is Reads.LABEL_AND_SCORE:
        value = _scores(metric, frame[read["score"]], read["score"])
    else:
        value = _flags(frame[read["prediction"]], read["prediction"])
    # MetricFrame wants labels even for a metric of predictions alone, which does not look at them.
    label = value if metric.reads is Reads.PREDICTION else _flags(frame[read["label"]], read["label"])
    weight = _counts(frame[read["count"]], read["count"]) if "count" in read else 1
    cells = pd.DataFrame({"label": label, "value": value, "weight": weight}).reset_index(drop=True)
    cells["recorded"] = cells["label"].notna() & cells["value"].notna()
    if "person" in read:
        persons, names = pd.factorize(frame[read["person"]])
        bucket = np.array([*_buckets([str(name) for name in names]), NOBODY], dtype=np.int64)
        return cells.assign(person=persons, bucket=bucket[persons])
    if each_row:
        cells = _one_row_a_person(cells, most)
        return cells.assign(
            person=np.arange(len(cells)), bucket=np.array(_buckets(range(len(cells))), dtype=np.int64)
        )
    return cells.assign(person=-1, bucket=NOBODY)


def _buckets(who: Sequence[object]) -> list[int]:
    """Return the bucket of each person, by the first two hexadecimal digits of MD5, as in the engine."""
    return [hashlib.md5(str(one).encode(), usedforsecurity=False).digest()[0] % GROUPS for one in who]


def _one_row_a_person(cells: "pd.DataFrame", most: int) -> "pd.DataFrame":
    total = int(cells["weight"].sum())
    if total == len(cells) and bool((cells["weight"] == 1).all()):
        return cells
    if total > most:
        raise Refused(
            Absence.TOO_LARGE,
            text(
                "the counts stand for {people} people, more than {most}; raise `max_work`",
                people=f"{total:,}",
                most=f"{most:,}",
            ),
        )
    return cells.loc[cells.index.repeat(cells["weight"].astype("int64"))].assign(weight=1.0)


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


def coded(column: "pd.Series[str]") -> tuple["Places", tuple[str, ...]]:
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
