"""People without a group may be of any group: shares stand at both extremes, or not at all."""

import pytest

from hcgov.core.evidence.counts import Shares
from hcgov.core.measurement import Measurement
from hcgov.core.status import Reason, Verdict
from hcgov.stages.data.representation import Representation, representation
from hcgov.stages.specimens import record, source
from hcgov.stages.worked import at_least
from tests.judgement.judging import judged

TARGET = record(
    "population_target",
    {"column": "region", "groups": {"north": 0.5, "south": 0.5}, "source": "Census 2021"},
)


@pytest.mark.parametrize(
    ("south", "unrecorded", "verdict"),
    [
        (850, 0, Verdict.PASS),
        (850, 20, Verdict.PASS),
        (850, 200, Verdict.INCONCLUSIVE),
        (500, 0, Verdict.FAIL),
        (500, 20, Verdict.FAIL),
        (500, 200, Verdict.INCONCLUSIVE),
    ],
)
def test_a_share_stands_only_where_the_unrecorded_cannot_change_it(
    south: int, unrecorded: int, verdict: Verdict
) -> None:
    counted = Shares(
        table="training_data",
        column="region",
        groups=(("north", 1000), ("south", south), (None, unrecorded)),
        people_known=True,
        source=source("training_data", "table"),
    )
    told = representation(shares=counted, target=TARGET, params=Representation(column="region"))
    measured = [m for m in told if isinstance(m, Measurement) and not m.shown]
    found = {f.about: f for f in judged(measured, at_least("0.80"))}["region=south"]
    assert found.verdict is verdict
    if verdict is Verdict.INCONCLUSIVE:
        assert found.reason is Reason.MISSING_DEMOGRAPHICS
