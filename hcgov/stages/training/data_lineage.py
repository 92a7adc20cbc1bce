"""The data that the run was trained on are the data that were checked."""

from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import Field

from hcgov.core.check import Example, Judged, Params, Request, check
from hcgov.core.direction import Stricter
from hcgov.core.evidence.documents import Digest, DigestOf, Run, RunInput, RunOf
from hcgov.core.measurement import Answered, Statement
from hcgov.core.status import Verdict
from hcgov.core.text import Text, text
from hcgov.stages.specimens import ONE, OTHER, digest, source

ELSEWHERE = frozenset({"eval", "evaluation", "test", "testing", "val", "validation", "holdout"})
"""Contexts of run inputs that a model was not trained on."""


class DataLineage(Params):
    """Parameters of the data lineage."""

    run: str = Field(default="training_run", description="Training run artifact.")
    data: str = Field(default="training_data", description="Artifact that the run must have been trained on.")
    also: Annotated[tuple[str, ...], Stricter.SUBSET] = Field(
        default=(),
        description="Further artifacts that it may have been trained on, because they are checked too.",
    )


def asks(params: DataLineage) -> Mapping[str, Request]:
    """Ask for the run, and for the digests of everything it may have been trained on."""
    also: dict[str, Request] = {f"also {name}": DigestOf(artifact=name) for name in params.also}
    return {**also, "run": RunOf(artifact=params.run), "data": DigestOf(artifact=params.data)}


def examples() -> tuple[Example[DataLineage], ...]:
    """Return a run on these data, one on others, and one that says not which."""

    def run(*inputs: RunInput) -> Run:
        return Run(
            run_id="r1",
            status="FINISHED",
            params={},
            tags={},
            metrics={},
            inputs=inputs,
            source=source("training_run", "run"),
        )

    def used(sha256: str, context: str = "training") -> RunInput:
        return RunInput(name="tickets", digest=sha256[:36], sha256=sha256, context=context)

    cases = (
        ("trained on these data", run(used(ONE)), Verdict.PASS),
        ("trained on other data", run(used(OTHER)), Verdict.FAIL),
        ("these data were only for evaluation", run(used(OTHER), used(ONE, "evaluation")), Verdict.FAIL),
        ("trained on unchecked data as well", run(used(ONE), used(OTHER)), Verdict.FAIL),
        ("no input is recorded", run(), Verdict.INCONCLUSIVE),
        ("the input has no full digest", run(used("")), Verdict.INCONCLUSIVE),
    )
    return tuple(
        Example(
            title=title,
            params=DataLineage(),
            evidence={"run": evidence, "data": digest("training_data")},
            expect=expect,
        )
        for title, evidence, expect in cases
    )


@check(
    asks=asks,
    params=DataLineage,
    examples=examples,
    judged=Judged.BY_STATEMENT,
    supports=(
        "nist-ai-rmf:MANAGE 3.2",
        "eu-ai-act:Annex IV.2(d)",
        "iso-42001:A.7.5",
        "iso-42001:A.6.2.3",
    ),
)
def data_lineage(run: Run, data: Digest, params: DataLineage, **also: Digest) -> Iterator[Statement]:
    """Compare the SHA-256 of the run's training inputs with that of the data evidence.

    Everything that was found out about the data protects people only if it is these data that the model
    learnt from. MLflow's own digests hold 36 characters, so the `hcgov.sha256` input tag is compared.
    Source: Ziems et al. 2026, arXiv 2605.06901, section 3.2.
    """
    trained = [one for one in run.inputs if one.context.strip().casefold() not in ELSEWHERE]
    known = {digest.sha256.casefold(): name for name, digest in {params.data: data, **also}.items()}
    used = {one.sha256.strip().casefold() for one in trained}
    answer, found = _compare(used - {""}, len(trained), data.sha256.casefold(), params.data)
    yield Statement(about=f"training input {params.data}", answer=answer, text=found)
    for number, one in enumerate(trained, start=1):
        digest = one.sha256.strip().casefold()
        if digest not in known and answer is Answered.MET:
            yield _unchecked(number, digest)


def _unchecked(number: int, digest: str) -> Statement:
    """Say that the model learnt from something else beside the data that were checked."""
    about = f"training input {number}"
    if not digest:
        told = text("training input {number} of the run has no SHA-256 to compare", number=number)
        return Statement(about=about, answer=Answered.CANNOT_TELL, text=told)
    told = text("the run was also trained on {sha}, which was not checked", sha=digest[:12])
    return Statement(about=about, answer=Answered.NOT_MET, text=told)


def _compare(digests: set[str], inputs: int, wanted: str, name: str) -> tuple[Answered, Text]:
    if not digests:
        return Answered.CANNOT_TELL, text(
            "the run records {n} training {n|input|inputs}, and none with a SHA-256 to compare", n=inputs
        )
    if wanted in digests:
        return Answered.MET, text("the run was trained on `{name}`, {sha}", name=name, sha=wanted[:12])
    return Answered.NOT_MET, text(
        "the run was trained on {theirs}, and `{name}` is {ours}",
        theirs=", ".join(digest[:12] for digest in sorted(digests)),
        name=name,
        ours=wanted[:12],
    )
