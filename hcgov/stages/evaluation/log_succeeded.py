"""The evaluation ended well, ran on every sample and gave scores."""

from collections.abc import Iterator

from pydantic import Field

from hcgov.core.check import Example, Judged, Params, check
from hcgov.core.evidence.documents import EvalLog, EvalLogOf
from hcgov.core.measurement import Answered, Statement
from hcgov.core.status import Verdict
from hcgov.core.text import Text, text
from hcgov.stages.specimens import source, worked


class LogSucceeded(Params):
    """Parameters of an evaluation log."""

    log: str = Field(default="evaluation_log", description="Inspect evaluation log.")


def examples() -> tuple[Example[LogSucceeded], ...]:
    """Return a log that ended well, one that left samples out, a cancelled one, and one without scores."""

    def log(
        status: str = "success",
        completed: int = 100,
        scores: tuple[tuple[str, float | None], ...] = (("acc", 0.8),),
    ) -> EvalLog:
        return EvalLog(
            task="arithmetic",
            model="m",
            status=status,
            samples=100,
            completed=completed,
            scores=scores,
            source=source("evaluation_log", "inspect_log"),
        )

    return worked(
        LogSucceeded(),
        "log",
        {
            "ended well": (log(), Verdict.PASS),
            "ten samples are left out": (log(completed=90), Verdict.FAIL),
            "cancelled": (log("cancelled", completed=40), Verdict.MISSING),
            "no score": (log(scores=()), Verdict.INCONCLUSIVE),
            "the score is undefined": (log(scores=(("acc", None),)), Verdict.INCONCLUSIVE),
        },
    )


@check(
    asks=lambda p: {"log": EvalLogOf(artifact=p.log)},
    params=LogSucceeded,
    examples=examples,
    judged=Judged.BY_STATEMENT,
    supports=("nist-ai-rmf:MEASURE 2.1", "eu-ai-act:Art.9(6)", "iso-42001:A.6.2.4"),
)
def log_succeeded(log: EvalLog, params: LogSucceeded) -> Iterator[Statement]:
    """Say how the evaluation ended, how many samples it completed, and which scores are undefined.

    A log that was cancelled may still carry an accuracy, of the samples that happened to come first; samples
    that are left out are often those a system fails on. Source: Inspect, eval log format, field `status`.
    """
    if log.status != "success":
        yield Statement(
            about="status",
            answer=Answered.MISSING,
            text=text(
                "the log says `{status}`: a log that did not succeed is not evidence", status=log.status
            ),
        )
        return
    yield Statement(about="status", answer=Answered.MET, text=text("the log says `success`"))
    answer, found = _samples(log)
    yield Statement(about="samples", answer=answer, text=found)
    if not log.scores:
        yield Statement(about="scores", answer=Answered.CANNOT_TELL, text=text("the log holds no score"))
    for number, (name, value) in enumerate(log.scores, start=1):
        yield Statement(
            about=f"score {number} {name}",
            answer=Answered.CANNOT_TELL if value is None else Answered.MET,
            text=text("`{name}` is undefined", name=name)
            if value is None
            else text("`{name}` is a number", name=name),
        )


def _samples(log: EvalLog) -> tuple[Answered, Text]:
    if log.samples <= 0 or log.completed <= 0:
        return Answered.CANNOT_TELL, text("the log completed no sample, so it holds of nothing")
    return (
        Answered.MET if log.completed == log.samples else Answered.NOT_MET,
        text(
            "{completed} of {samples} {samples|sample|samples} completed",
            completed=log.completed,
            samples=log.samples,
        ),
    )
