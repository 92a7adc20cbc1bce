"""Every version of a prompt is kept with its text, its descent and its test."""

from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import Field

from hcgov.core.check import Example, Judged, Params, check
from hcgov.core.direction import Stricter
from hcgov.core.evidence.documents import Record, RecordOf
from hcgov.core.evidence.source import Tree
from hcgov.core.measurement import Answered, Statement
from hcgov.core.status import Verdict
from hcgov.core.text import Text, text
from hcgov.stages.judgments.oversight_registry import (
    PromptVersion,
    digest,
    lineage_faults,
    text_faults,
    versions,
)
from hcgov.stages.records import where
from hcgov.stages.specimens import OTHER, record, worked


class PromptRegistry(Params):
    """Parameters of the registry of prompts."""

    artifact: str = Field(default="prompt_registry", description="Record that lists the versions.")
    need_current: Annotated[bool, Stricter.TRUE] = Field(
        default=True, description="Whether the record has to say which version is in use."
    )


def examples() -> tuple[Example[PromptRegistry], ...]:
    """Return a registry, and each way in which one can be wrong."""

    def entry(name: str, said: str, **more: str) -> dict[str, Tree]:
        return {"id": name, "text": said, "sha256": digest(said), "regression_set": OTHER, **more}

    first = entry("v1", "Answer in one sentence.")
    second = entry("v2", "Answer in one sentence, in plain words.", parent="v1", change="plain words")

    def registry(*entries: Mapping[str, Tree], current: str = "v2") -> Record:
        return record("prompt_registry", {"current": current, "prompts": [dict(one) for one in entries]})

    return worked(
        PromptRegistry(),
        "record",
        {
            "two versions": (registry(first, second), Verdict.PASS),
            "a text was changed in place": (registry(first, {**second, "text": "Be brief."}), Verdict.FAIL),
            "the parent is not listed": (registry(second), Verdict.FAIL),
            "two versions have one id": (registry(first, first, second), Verdict.FAIL),
            "they descend from each other": (
                registry({**first, "parent": "v2", "change": "back"}, second),
                Verdict.FAIL,
            ),
            "it was tested on another set": (
                registry(first, {**second, "regression_set": "x"}),
                Verdict.FAIL,
            ),
            "it was not tested": (registry(first, {**second, "regression_set": ""}), Verdict.FAIL),
            "the one in use is not listed": (registry(first, second, current="v3"), Verdict.FAIL),
            "a text is not kept": (registry(first, {**second, "text": ""}), Verdict.INCONCLUSIVE),
            "nothing is listed": (record("prompt_registry", {"prompts": []}), Verdict.FAIL),
        },
    )


@check(
    asks=lambda p: {"record": RecordOf(artifact=p.artifact)},
    params=PromptRegistry,
    examples=examples,
    judged=Judged.BY_STATEMENT,
    supports=(
        "nist-ai-rmf:MANAGE 4.2",
        "nist-ai-rmf:MEASURE 2.1",
        "eu-ai-act:Art.17(1)",
        "eu-ai-act:Art.12(1)-(2)",
        "iso-42001:A.6.2.3",
    ),
)
def prompt_registry(record: Record, params: PromptRegistry) -> Iterator[Statement]:
    """Say of each version whether its digest is that of its text, whose child it is, and what it was tested on.

    Instructions to a machine, and to people who label, are changed in a minute and decide over everyone from then on;
    where old versions are not kept nobody can tell what changed for whom. A version that is tested on another set than
    its parent cannot be compared with it. Source: controls of prompt regression are this project's default, after
    Sculley et al. 2015, Hidden Technical Debt in Machine Learning Systems, NeurIPS 28 (configuration debt).
    """
    parsed, faults = versions(record)
    yield from faults
    found = [one for one in parsed if one is not None]
    if not found or len(found) < len(parsed):
        return
    by_id = {one.id: one for one in found}
    broken = dict(lineage_faults(found))
    for place, one in enumerate(found):
        yield from _version(record, place, one, by_id, broken)
    yield from _current(record, params, by_id)


def _version(
    record: Record,
    place: int,
    one: PromptVersion,
    by_id: Mapping[str, PromptVersion],
    broken: Mapping[int, Text],
) -> Iterator[Statement]:
    at = where(record, ("prompts", place))
    about = f"prompts[{place + 1}]"
    said = [(Answered.NOT_MET, broken[place])] if place in broken else []
    parent = None if place in broken else by_id.get(one.parent)
    said += list(text_faults(one, parent))
    if not said:
        said = [(Answered.MET, text("`{id}` is kept with its text, descent and test", id=one.id))]
    for number, (answer, told) in enumerate(said):
        yield Statement(
            about=about if not number else f"{about} ({number + 1})", answer=answer, text=told, where=at
        )


def _current(
    record: Record, params: PromptRegistry, by_id: Mapping[str, PromptVersion]
) -> Iterator[Statement]:
    data = record.data if isinstance(record.data, dict) else {}
    current = data.get("current")
    at = where(record, ("current",))
    if isinstance(current, str) and current in by_id:
        answer, told = Answered.MET, text("`{id}` is in use", id=current)
    elif current is not None:
        answer, told = Answered.NOT_MET, text("`current` names `{id}`, which is not listed", id=current)
    elif params.need_current:
        answer, told = Answered.NOT_MET, text("`current` does not say which version is in use")
    else:
        return
    yield Statement(about="current", answer=answer, text=told, where=at)
