from hcgov.core.evidence.documents import Run, RunInput
from hcgov.core.measurement import Answered
from hcgov.stages.specimens import ONE, OTHER, digest, source
from hcgov.stages.training.data_lineage import DataLineage, asks, data_lineage


def run(*inputs):
    return Run(
        run_id="r",
        status="FINISHED",
        params={},
        tags={},
        metrics={},
        inputs=inputs,
        source=source("run", "run"),
    )


def statements(*inputs):
    return tuple(data_lineage(run=run(*inputs), data=digest("training_data", ONE), params=DataLineage()))


def told(*inputs):
    (statement,) = statements(*inputs)
    return statement


def used(sha256, context="training", shown=""):
    return RunInput(name="d", digest=shown or sha256[:36], sha256=sha256, context=context)


def test_a_model_that_learnt_from_unchecked_data_as_well_is_not_met():
    said = [(one.about, one.answer) for one in statements(used(OTHER), used(ONE))]
    assert said == [("training input training_data", Answered.MET), ("training input 1", Answered.NOT_MET)]
    nameless = [one.answer for one in statements(used(ONE), used(""))]
    assert nameless == [Answered.MET, Answered.CANNOT_TELL]


def test_further_data_that_are_checked_too_may_be_named():
    evidence = {"run": run(used(ONE), used(OTHER)), "data": digest("training_data")}
    params = DataLineage(also=("more",))
    assert set(asks(params)) == {"run", "data", "also more"}
    said = tuple(data_lineage(**evidence, params=params, **{"also more": digest("more", OTHER)}))
    assert [one.answer for one in said] == [Answered.MET]


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
