"""Columns: where two of names say the same, which rows stand there more than once, and what is shown of numbers."""

import numpy as np

from hcgov.core.estimate import Estimate, Method
from hcgov.core.evidence.long import Long
from hcgov.core.measurement import Measurement
from hcgov.core.status import Reason
from hcgov.core.text import text
from hcgov.stages.judgments.arrays import Bools, Floats, codes
from hcgov.stats.crossed import Rows, distinct, ranked


def same(long: Long, one: str, other: str) -> tuple[Bools, Bools]:
    """Return where two columns of names say the same, and where both say something."""
    names = {name: place for place, name in enumerate(long.codes(other).names)}
    translated = np.array([names.get(name, -2) for name in long.codes(one).names] + [-1], dtype=np.int64)
    first, second = translated[codes(long, one)], codes(long, other)
    known = (codes(long, one) >= 0) & (second >= 0)
    return (first == second) & known, known


def repeated(long: Long, *columns: str) -> Bools:
    """Return the rows whose names in these columns another row before them has too."""
    key = np.zeros(long.rows, dtype=np.int64)
    for name in columns:
        if name in long.columns:
            column = codes(long, name).astype(np.int64)
            key = ranked(key * (int(column.max(initial=0)) + 2) + column + 1)[1]
    again = np.zeros(long.rows, dtype=np.bool_)
    if distinct(key) < long.rows:
        again[:] = True
        again[np.unique(key, return_index=True)[1]] = False
    return again


def median_shown(name: str, values: Floats, mask: Bools, rows: Rows) -> Measurement:
    """Return the median of a number over some rows, to be shown beside what is judged."""
    known = mask & np.isfinite(values)
    n = int(known.sum())
    if not n:
        return Measurement(metric=name, reason=Reason.SMALL_N, note=text("no times are recorded"), shown=True)
    estimate = Estimate(
        value=float(np.median(values[known])),
        n=n,
        n_eff=float(n),
        people=rows.where(known).distinct_people,
        method=Method.POINT,
    )
    return Measurement(metric=name, estimate=estimate, shown=True)
