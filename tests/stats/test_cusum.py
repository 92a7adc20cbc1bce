"""The Bernoulli CUSUM: its false alarms by simulation, its laws, and a step by hand."""

import math
import random
from itertools import islice

import pytest

from hcgov.stats.cusum import Chart, chart


def bernoulli(draw, rate):
    while True:
        yield draw.random() < rate


def run_length(found: Chart, draw, rate):
    # Drawing each observation of the chart itself, with its steps, keeps this fast enough to repeat.
    up, down = math.log(found.p1 / found.p0), math.log((1 - found.p0) / (1 - found.p1))
    now, seen = 0.0, 0
    while now < found.threshold:
        seen += 1
        now = max(0.0, now + up) if draw.random() < rate else max(0.0, now - down)
    return seen


@pytest.mark.parametrize(("p0", "p1", "wanted"), [(0.05, 0.10, 500), (0.5, 0.6, 400), (0.9, 0.97, 300)])
def test_false_alarms_are_as_rare_as_asked(p0, p1, wanted):
    found = chart(p0, p1, false_alarm_run=wanted)
    assert wanted <= found.false_alarm_run < 1.25 * wanted
    draw = random.Random(1954)
    runs = [run_length(found, draw, p0) for _ in range(1500)]
    mean = sum(runs) / len(runs)
    error = math.sqrt(sum((run - mean) ** 2 for run in runs)) / len(runs)
    assert mean >= found.false_alarm_run - 3 * error
    # The lattice is fine enough not to be wasteful.
    assert mean <= 1.25 * found.false_alarm_run + 3 * error


def test_a_risen_rate_is_found_much_sooner():
    found = chart(0.05, 0.10, false_alarm_run=2000)
    draw = random.Random(2)
    risen = sum(run_length(found, draw, 0.10) for _ in range(300)) / 300
    assert risen < 250


def test_the_first_alarm_is_where_the_path_reaches_the_threshold():
    found = chart(0.05, 0.10, false_alarm_run=500)
    events = list(islice(bernoulli(random.Random(3), 0.15), 2000))
    path = list(found.path(events))
    at = found.first_alarm(events)
    assert at is not None
    assert path[at - 1] >= found.threshold > max(path[: at - 1])
    assert min(path) >= 0.0
    assert found.first_alarm([False] * 100) is None
    assert found.first_alarm([]) is None


def test_a_path_by_hand():
    found = Chart(p0=0.1, p1=0.2, threshold=2.0, false_alarm_run=1.0)
    up, down = math.log(2), math.log(0.9 / 0.8)
    assert list(found.path([False, True, False, True])) == pytest.approx([0, up, up - down, 2 * up - down])


def test_smallest_chart_by_hand():
    """Alarm at the first event: the run is geometric."""
    found = chart(0.25, 0.5, false_alarm_run=4)
    assert found.false_alarm_run == pytest.approx(4.0)
    assert found.first_alarm([False, False, True]) == 3


def test_rarer_alarms_need_higher_thresholds():
    found = [chart(0.05, 0.1, false_alarm_run=run) for run in (1, 10, 100, 1000)]
    assert [c.threshold for c in found] == sorted(c.threshold for c in found)


@pytest.mark.parametrize("rates", [(0.1, 0.1), (0.2, 0.1), (0.0, 0.1), (0.1, 1.0), (math.nan, 0.5)])
def test_impossible_rates(rates):
    with pytest.raises(ValueError, match="risen rate"):
        chart(*rates, false_alarm_run=100)


def test_impossible_runs():
    for run in (0.5, 1e10, math.nan):
        with pytest.raises(ValueError, match="mean run"):
            chart(0.1, 0.2, false_alarm_run=run)
    with pytest.raises(ValueError, match="too close"):
        chart(0.3, 0.3001, false_alarm_run=1e9)
