import json

import pytest

from hcgov.core.evidence.absent import Absence, Absent
from hcgov.core.evidence.documents import Run, RunInput
from hcgov.core.evidence.source import Source
from hcgov.io.tracking.runs import canonical, parse_exported_run

SOURCE = Source(artifact="training", kind="run", location="run.yaml", sha256="f" * 64, size=1)
RUN = {
    "schema": "hcgov.run/1",
    "run_id": "abc",
    "status": "finished",
    "start_time": "2026-11-21T08:00:00Z",
    "params": {"lr": 0.1, "seed": 7, "peft": True, "base": "x"},
    "tags": {"objective": "support"},
    "metrics": {"loss": 1, "ppl": None},
    "inputs": [{"name": "train", "digest": "a" * 32, "sha256": "a" * 64, "context": "training"}],
}


def test_an_exported_run_is_understood():
    assert parse_exported_run(RUN, SOURCE) == Run(
        run_id="abc",
        status="FINISHED",
        params={"lr": "0.1", "seed": "7", "peft": "True", "base": "x"},
        tags={"objective": "support"},
        metrics={"loss": 1.0},
        inputs=(RunInput(name="train", digest="a" * 32, sha256="a" * 64, context="training"),),
        source=SOURCE,
    )


def test_a_run_needs_no_more_than_its_id_and_status():
    run = parse_exported_run({"run_id": "abc", "status": "FINISHED"}, SOURCE)
    assert isinstance(run, Run)
    assert (run.params, run.metrics, run.inputs) == ({}, {}, ())


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"run_id": ""}, "run_id"),
        ({"run_id": None}, "run_id"),
        ({"status": 3}, "status"),
        ({"parms": {}}, "parms"),
        ({"metrics": {"loss": "low"}}, "metrics.loss"),
        ({"metrics": {"loss": float("nan")}}, "metrics.loss"),
        ({"inputs": [{"name": "train", "sha256": "abc"}]}, "inputs.0.sha256"),
        ({"inputs": {"name": "train"}}, "inputs"),
        ({"schema": "hcgov.run/2"}, "schema"),
    ],
)
def test_what_is_wrong_is_named_without_its_value(change, named):
    absent = parse_exported_run(RUN | change, SOURCE)
    assert isinstance(absent, Absent)
    assert (absent.reason, absent.artifact) == (Absence.WRONG_KIND, "training")
    assert f"`run.yaml` is no exported run: {named}" in str(absent.detail)
    assert "low" not in str(absent.detail)


@pytest.mark.parametrize("tree", [None, [], "run", 3])
def test_a_document_that_is_no_object_is_no_run(tree):
    absent = parse_exported_run(tree, SOURCE)
    assert isinstance(absent, Absent)
    assert absent.reason is Absence.WRONG_KIND


def test_the_canonical_form_does_not_depend_on_order_or_blanks():
    shuffled = json.loads(json.dumps(dict(reversed(RUN.items())), indent=3))
    assert canonical(shuffled) == canonical(RUN)
    assert canonical({"b": "é", "a": [1, None]}) == '{"a":[1,null],"b":"é"}'.encode()
