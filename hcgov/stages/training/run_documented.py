"""The training run is documented: finished, with base model, objective, seed and code version."""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import Field

from hcgov.core.check import Example, Judged, Params, check
from hcgov.core.direction import Stricter
from hcgov.core.evidence.documents import Run, RunOf
from hcgov.core.measurement import Answered, Statement
from hcgov.core.mistake import did_you_mean
from hcgov.core.status import Verdict
from hcgov.core.text import text
from hcgov.stages.prose import placeholder
from hcgov.stages.specimens import source, worked

COMMIT = re.compile(r"[0-9a-fA-F]{7,64}")
UNDER_WAY = frozenset({"RUNNING", "SCHEDULED"})


class RunDocumented(Params):
    """Parameters of a documented run."""

    run: str = Field(default="training_run", description="Training run artifact.")
    required: Annotated[tuple[str, ...], Stricter.SUPERSET] = Field(
        default=("base_model", "objective", "seed"),
        min_length=1,
        description="Parameters that the run must have logged, with a value that says something.",
    )
    commit_tags: Annotated[tuple[str, ...], Stricter.SUBSET] = Field(
        default=("mlflow.source.git.commit", "code_commit"),
        min_length=1,
        description="Tags of which one must hold the commit of the code.",
    )


def examples() -> tuple[Example[RunDocumented], ...]:
    """Return a documented run, one without a seed, and one that has not ended."""
    logged = {"base_model": "logistic regression", "objective": "log loss", "seed": "7"}

    def run(params: Mapping[str, str], status: str = "FINISHED") -> Run:
        return Run(
            run_id="r1",
            status=status,
            params=dict(params),
            tags={"code_commit": "42c967d"},
            metrics={},
            inputs=(),
            source=source("training_run", "run"),
        )

    no_seed = {key: value for key, value in logged.items() if key != "seed"}
    return worked(
        RunDocumented(),
        "run",
        {
            "all is logged": (run(logged), Verdict.PASS),
            "the seed is not logged": (run(no_seed), Verdict.FAIL),
            "it failed": (run(logged, "FAILED"), Verdict.FAIL),
            "it has not ended": (run(logged, "RUNNING"), Verdict.MISSING),
            "the store does not say how it ended": (run(logged, ""), Verdict.INCONCLUSIVE),
        },
    )


@check(
    asks=lambda p: {"run": RunOf(artifact=p.run)},
    params=RunDocumented,
    examples=examples,
    judged=Judged.BY_STATEMENT,
    supports=(
        "nist-ai-rmf:MAP 2.1",
        "nist-ai-rmf:MANAGE 3.2",
        "eu-ai-act:Annex IV.2(b)",
        "iso-42001:A.6.2.3",
    ),
)
def run_documented(run: Run, params: RunDocumented) -> Iterator[Statement]:
    """Say whether the run ended well, what it logged of what is asked for, and whether its code is known.

    Without base model, objective, seed and commit nobody can repeat the run, and so nobody outside can
    question it. Source: Ziems et al. 2026, arXiv 2605.06901, section 3.2.
    """
    yield _status(run)
    for name in params.required:
        value = run.params.get(name)
        if value is None:
            answer = Answered.NOT_MET
            found = text("the run logged no `{name}`; {hint}", name=name, hint=did_you_mean(name, run.params))
        elif placeholder(value):
            answer, found = Answered.NOT_MET, text("`{name}` is empty or a placeholder", name=name)
        else:
            answer, found = Answered.MET, text("`{name}` is logged", name=name)
        yield Statement(about=f"parameter {name}", answer=answer, text=found)
    yield _commit(run, params.commit_tags)


def _status(run: Run) -> Statement:
    if run.status == "FINISHED":
        answer, found = Answered.MET, text("the run finished")
    elif run.status in UNDER_WAY:
        answer, found = Answered.MISSING, text("the run has not ended: {status}", status=run.status)
    elif placeholder(run.status):
        answer, found = Answered.CANNOT_TELL, text("the store does not say how the run ended")
    else:
        answer, found = Answered.NOT_MET, text("the run did not finish: {status}", status=run.status)
    return Statement(about="status", answer=answer, text=found)


def _commit(run: Run, tags: tuple[str, ...]) -> Statement:
    known = [run.tags[tag].strip() for tag in tags if run.tags.get(tag, "").strip()]
    if not known:
        answer, found = (
            Answered.NOT_MET,
            text("no tag names the code: set one of {tags}", tags=", ".join(tags)),
        )
    elif not all(COMMIT.fullmatch(commit) for commit in known):
        answer, found = Answered.NOT_MET, text("a tag that names the code holds no commit id")
    else:
        answer, found = Answered.MET, text("the code is known: {commit}", commit=known[0][:12])
    return Statement(about="code commit", answer=answer, text=found)
