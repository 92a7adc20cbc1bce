"""A chart that says when the rate of a stream has risen: Bernoulli CUSUM with a chosen rate of false alarms."""

import math
from collections.abc import Iterable, Iterator

from hcgov.core.frozen import frozen

_FINEST = 2000
_COARSEST_ERROR = 0.01
_MOST_STATES = 4000


@frozen
class Chart:
    """A CUSUM of log-likelihood ratios of a rate ``p1`` against a baseline ``p0`` < ``p1``.

    Parameters
    ----------
    p0, p1
        The baseline and the rate to be found quickly, in (0, 1).
    threshold
        The alarm is raised when the sum reaches it; positive.
    false_alarm_run
        Mean number of observations until a false alarm at the baseline, from below.
    """

    p0: float
    p1: float
    threshold: float
    false_alarm_run: float

    def path(self, events: Iterable[bool]) -> Iterator[float]:
        """Yield the statistic after each observation: max(0, the one before + log-likelihood ratio)."""
        up, down = _steps(self.p0, self.p1)
        now = 0.0
        for event in events:
            now = max(0.0, now + (up if event else -down))
            yield now

    def first_alarm(self, events: Iterable[bool]) -> int | None:
        """Return the number of observations until the first alarm, ``None`` if there is none."""
        for seen, now in enumerate(self.path(events), start=1):
            if now >= self.threshold:
                return seen
        return None


def chart(p0: float, p1: float, *, false_alarm_run: float) -> Chart:
    """Return the chart whose mean run until a false alarm is at least ``false_alarm_run``.

    Parameters
    ----------
    p0, p1
        Baseline and risen rate, 0 < p0 < p1 < 1. For a fall, chart the opposite event.
    false_alarm_run
        Observations between false alarms, on average, at the baseline; in [1, 1e9].

    Raises
    ------
    ValueError
        An argument is out of range, or both rates lie so close that the chain would be too long.

    Notes
    -----
    Page 1954 (Biometrika 41:100); Reynolds and Stoumbos 1999 (Journal of Quality Technology 31:87) for rates.
    The run length is that of a Markov chain (Brook and Evans 1972, Biometrika 59:539) on a lattice, to which
    the steps are rounded up, by at most 1 % of a step: the chain stands at least as high as the chart, so the
    chart's own run is at least the one calculated.
    """
    if not 0.0 < p0 < p1 < 1.0:
        raise ValueError(f"the risen rate lies above the baseline, both in (0, 1): {p0}, {p1}")
    if not 1.0 <= false_alarm_run <= 1e9:
        raise ValueError(f"a mean run until a false alarm lies in [1, 1e9], not {false_alarm_run}")
    up, down, width = _lattice(*_steps(p0, p1))
    low, high = 0, 1
    while (run := _mean_run(p0, up, down, high)) < false_alarm_run:
        low, high = high, 2 * high
        if high > _MOST_STATES:
            raise ValueError(f"rates {p0} and {p1} lie too close for a run of {false_alarm_run:g}")
    while high - low > 1:
        middle = (low + high) // 2
        found = _mean_run(p0, up, down, middle)
        if found < false_alarm_run:
            low = middle
        else:
            high, run = middle, found
    return Chart(p0=p0, p1=p1, threshold=high * width, false_alarm_run=run)


def _steps(p0: float, p1: float) -> tuple[float, float]:
    """Return by how much an event raises the sum, and by how much its absence lowers it."""
    return math.log(p1 / p0), math.log1p(-p0) - math.log1p(-p1)


def _lattice(up: float, down: float) -> tuple[int, int, float]:
    """Return both steps in whole lattice widths, and the width: down exactly, up rounded up."""
    for count in range(1, _FINEST):
        width = down / count
        rounded = math.ceil(up / width - 1e-9)
        if rounded * width - up <= _COARSEST_ERROR * up:
            break
    return rounded, count, width


def _mean_run(p: float, up: int, down: int, height: int) -> float:
    """Return the mean run from 0 until the chain reaches ``height``.

    It solves run(s) = 1 + p run(s + up) + (1 - p) run(max(0, s - down)) with run = 0 from ``height`` on, by
    elimination within the band; the matrix is diagonally dominant, so no pivot has to be sought.
    """
    rows = [{s: 1.0} for s in range(height)]
    right = [1.0] * height
    for s, row in enumerate(rows):
        if s + up < height:
            row[s + up] = row.get(s + up, 0.0) - p
        below = max(0, s - down)
        row[below] = row.get(below, 0.0) - (1.0 - p)
    for pivot in range(height - 1, 0, -1):  # from above: what is left is the equation of state 0
        row = rows[pivot]
        diagonal = row.pop(pivot)
        for s in range(max(0, pivot - up), pivot):
            factor = rows[s].pop(pivot, 0.0) / diagonal
            if factor:
                right[s] -= factor * right[pivot]
                for column, value in row.items():
                    rows[s][column] = rows[s].get(column, 0.0) - factor * value
    return right[0] / rows[0][0]
