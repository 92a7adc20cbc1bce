import random
from dataclasses import replace

import pytest

from hcgov.core.estimate import Method
from hcgov.core.limit import Side
from hcgov.core.status import Reason
from hcgov.stages.deployment.harm_reports import METRIC, HarmReports, harm_reports
from hcgov.stages.worked import people_table
from hcgov.stats.bounds import p_value, upper
from hcgov.stats.proportions import rate
from hcgov.stats.sequences import anytime_rate, beta_binomial_upper

PARAMS = HarmReports(table="predictions", outcome="prediction")


def found(regions, adverse=True, params=PARAMS):
    counts = replace(people_table(regions), adverse={"prediction": adverse})
    return list(harm_reports(counts=counts, params=params))


def test_every_slice_is_bounded_at_all_times():
    told = {str(one.scope): one for one in found({"north": (2000, 40), "south": (12, 3)})}
    north = told["region=north"].estimate
    assert north.method is Method.BETA_BINOMIAL_SEQUENCE
    assert north.value == 0.02
    assert upper(north, 0.95) == beta_binomial_upper(40, 2000, 1000, 0.95)
    # The price of looking at any time.
    assert upper(north, 0.95) > upper(rate(40, 2000), 0.95)
    # Not judged for its few people, and not passed over where it is far beyond the limit.
    assert told["region=south"].reason is Reason.SMALL_N
    assert told["region=south"].estimate.method is Method.BETA_BINOMIAL_SEQUENCE


def test_tuning_reaches_the_bounds():
    early = found({"north": (200, 4), "south": (200, 4)}, params=PARAMS.model_copy(update={"tuned_for": 100}))
    late = found(
        {"north": (200, 4), "south": (200, 4)}, params=PARAMS.model_copy(update={"tuned_for": 10**6})
    )
    assert upper(early[-1].estimate, 0.95) < upper(late[-1].estimate, 0.95)


def test_an_outcome_that_people_want_is_no_report_of_harm():
    (told,) = found({"north": (2000, 40), "south": (2000, 30)}, adverse=False)
    assert (told.metric, told.reason) == (METRIC, Reason.NO_INTERVAL)


def test_a_thousand_looks_at_an_acceptable_system_rarely_alarm():
    """The limit is the true rate of 10 %: daily exact bounds would accuse it in about a fifth of such runs."""
    draw = random.Random(7)
    alarms = 0
    for _ in range(60):
        x, alarmed = 0, False
        for n in range(1, 1001):
            x += draw.random() < 0.1
            if n % 20 == 0 and p_value(anytime_rate(x, n, t_opt=1000), 0.1, Side.AT_MOST) < 0.05:
                alarmed = True
                break
        alarms += alarmed
    assert alarms <= 60 * 0.05 + 3 * (60 * 0.05 * 0.95) ** 0.5


def test_tuning_has_bounds():
    with pytest.raises(ValueError, match="tuned_for"):
        HarmReports(table="t", outcome="o", tuned_for=1)
