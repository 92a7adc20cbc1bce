from dataclasses import replace

import pytest

from hcgov.core.measurement import Answered
from hcgov.stages.training.run_documented import RunDocumented, examples, run_documented

RUN = examples()[0].evidence["run"]


def answers(**changed):
    found = run_documented(run=replace(RUN, **changed), params=RunDocumented())
    return {s.about: s.answer for s in found}


@pytest.mark.parametrize("name", ["base_model", "objective", "seed"])
def test_each_parameter_must_be_logged_with_a_value(name):
    for value in ("", "TBD", "unknown"):
        found = answers(params={**RUN.params, name: value})
        assert found.pop(f"parameter {name}") is Answered.NOT_MET
        assert set(found.values()) == {Answered.MET}
    left = {key: value for key, value in RUN.params.items() if key != name}
    assert answers(params=left)[f"parameter {name}"] is Answered.NOT_MET


def test_a_seed_of_nought_is_a_seed():
    assert answers(params={**RUN.params, "seed": "0"})["parameter seed"] is Answered.MET


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("FINISHED", Answered.MET),
        ("FAILED", Answered.NOT_MET),
        ("KILLED", Answered.NOT_MET),
        ("RUNNING", Answered.MISSING),
        ("SCHEDULED", Answered.MISSING),
        ("", Answered.CANNOT_TELL),
        ("finished", Answered.NOT_MET),
    ],
)
def test_only_a_finished_run_will_do(status, expected):
    assert answers(status=status)["status"] is expected


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"mlflow.source.git.commit": "a" * 40}, Answered.MET),
        ({"code_commit": "42C967D"}, Answered.MET),
        ({"code_commit": ""}, Answered.NOT_MET),
        ({"code_commit": "main"}, Answered.NOT_MET),
        ({"code_commit": "abc123"}, Answered.NOT_MET),
        ({"code_commit": "a" * 40, "mlflow.source.git.commit": "dirty"}, Answered.NOT_MET),
        ({"commit": "a" * 40}, Answered.NOT_MET),
        ({}, Answered.NOT_MET),
    ],
)
def test_the_code_is_known_by_a_commit_id(tags, expected):
    assert answers(tags=tags)["code commit"] is expected
