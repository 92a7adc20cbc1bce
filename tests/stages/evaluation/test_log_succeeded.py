from dataclasses import replace

import pytest

from hcgov.core.measurement import Answered
from hcgov.stages.evaluation.log_succeeded import LogSucceeded, examples, log_succeeded

LOG = examples()[0].evidence["log"]


def answers(**changed):
    return [s.answer for s in log_succeeded(log=replace(LOG, **changed), params=LogSucceeded())]


@pytest.mark.parametrize("status", ["cancelled", "error", "started", "", "Success"])
def test_a_log_that_did_not_succeed_is_no_evidence_whatever_it_scored(status):
    assert answers(status=status) == [Answered.MISSING]


@pytest.mark.parametrize(
    ("samples", "completed", "expected"),
    [
        (100, 100, Answered.MET),
        (100, 99, Answered.NOT_MET),
        (99, 100, Answered.NOT_MET),
        (0, 0, Answered.CANNOT_TELL),
        (100, 0, Answered.CANNOT_TELL),
    ],
)
def test_every_sample_must_be_completed(samples, completed, expected):
    assert answers(samples=samples, completed=completed)[1] is expected


def test_one_undefined_score_among_others_cannot_be_told():
    assert answers(scores=(("acc", 0.0), ("f1", None)))[2:] == [Answered.MET, Answered.CANNOT_TELL]
    assert answers(scores=())[2:] == [Answered.CANNOT_TELL]
