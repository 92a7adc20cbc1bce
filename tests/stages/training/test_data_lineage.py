from hcgov.core.evidence.documents import Run, RunInput
from hcgov.core.measurement import Answered
from hcgov.stages.specimens import ONE, OTHER, digest, source
from hcgov.stages.training.data_lineage import DataLineage, data_lineage


def told(*inputs):
    run = Run(
        run_id="r",
        status="FINISHED",
        params={},
        tags={},
        metrics={},
        inputs=inputs,
        source=source("run", "run"),
    )
    (statement,) = data_lineage(run=run, data=digest("training_data", ONE), params=DataLineage())
    return statement


def used(sha256, context="training", shown=""):
    return RunInput(name="d", digest=shown or sha256[:36], sha256=sha256, context=context)


def test_one_of_several_inputs_is_enough():
    assert told(used(OTHER), used(ONE)).answer is Answered.MET


def test_case_and_blanks_do_not_matter_but_every_digit_does():
    assert told(used(f" {ONE.upper()} ", context="")).answer is Answered.MET
    assert told(used("2" + ONE[1:])).answer is Answered.NOT_MET
    assert told(used(ONE[:36])).answer is Answered.NOT_MET


def test_a_short_digest_of_the_store_alone_cannot_tell():
    assert told(used("", shown=ONE[:36])).answer is Answered.CANNOT_TELL


def test_data_that_were_only_evaluated_on_were_not_trained_on():
    for context in ("evaluation", "Eval", "validation", "test"):
        assert told(used(ONE, context)).answer is Answered.CANNOT_TELL
        assert told(used(ONE, context), used(OTHER)).answer is Answered.NOT_MET


def test_a_difference_names_both_digests():
    found = str(told(used(OTHER)).text)
    assert OTHER[:12] in found
    assert ONE[:12] in found
