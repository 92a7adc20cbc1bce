"""The purpose is stated: what for, which decisions, for whom, for whom not, and what else was considered."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from hcgov.core.check import Example, Judged, Params, check
from hcgov.core.direction import Stricter
from hcgov.core.evidence.documents import Record, RecordOf
from hcgov.core.evidence.source import Tree
from hcgov.core.measurement import Answered, Statement
from hcgov.core.status import Verdict
from hcgov.core.text import Text, text
from hcgov.stages.prose import folded, words
from hcgov.stages.records import Written, listed, read, unwritten, where
from hcgov.stages.specimens import record, worked

EVERYONE = frozenset(
    {
        "all", "all of them", "all people", "all users", "any user", "anybody", "anyone", "customers",
        "end users", "everybody", "everyone", "general public", "people", "public", "the general public",
        "the public", "users",
    }
)  # fmt: skip
"""Names of served populations that name nobody in particular."""

TEXTS = {
    "purpose": "what the system is for, and who gains from it",
    "alternative": "which way without a model was considered, and why it was not taken",
}
LISTS = {
    "decisions": "name the decisions about people that it makes or shapes",
    "served": "name the populations it is built for",
    "excluded": "name the populations it is not built for",
    "unknown": "name the populations for whom nobody knows how it works",
    "out_of_scope": "name the uses that are out of scope",
}
NEVER_NONE = ("decisions", "served", "out_of_scope")


class PurposeStated(Params):
    """Parameters of the statement of purpose."""

    artifact: str = Field(default="purpose", description="Record with the statement of purpose.")
    min_words: Annotated[int, Stricter.HIGHER] = Field(
        default=8,
        ge=1,
        le=10_000,
        description="Fewest different words of the purpose and of the alternative.",
    )
    reason_characters: Annotated[int, Stricter.HIGHER] = Field(
        default=20,
        ge=1,
        le=100_000,
        description="Fewest characters of the reason beside `none`.",
    )


class _Purpose(Written):
    kind: Literal["Purpose"] = "Purpose"
    purpose: object = None
    alternative: object = None
    decisions: object = None
    served: object = None
    excluded: object = None
    unknown: object = None
    out_of_scope: object = None


def examples() -> tuple[Example[PurposeStated], ...]:
    """Return a full statement, one for everyone, and one that still waits to be written."""

    def stated(served: Tree, alternative: str) -> Record:
        fields: dict[str, Tree] = {
            "kind": "Purpose",
            "purpose": "Draft replies that agents check and send, so that callers wait less for an answer.",
            "decisions": ["Which reply a caller receives"],
            "served": served,
            "excluded": ["Callers who write in languages other than English"],
            "unknown": {"none": "All served groups took part in the field trial."},
            "out_of_scope": ["Closing a complaint without a person"],
            "alternative": alternative,
        }
        return record("purpose", fields)

    reasoned = "Reply templates kept by the team were tried for a month and left half of the questions open."
    return worked(
        PurposeStated(),
        "purpose",
        {
            "all is stated": (stated(["Agents in their first year"], reasoned), Verdict.PASS),
            "it serves everyone": (stated(["Everyone"], reasoned), Verdict.FAIL),
            "the alternative still waits to be written": (
                stated(["Agents in their first year"], "TBD"),
                Verdict.PENDING,
            ),
        },
    )


@check(
    asks=lambda p: {"purpose": RecordOf(artifact=p.artifact)},
    params=PurposeStated,
    examples=examples,
    judged=Judged.BY_STATEMENT,
    supports=(
        "nist-ai-rmf:MAP 1.1",
        "nist-ai-rmf:MAP 3.3",
        "nist-ai-rmf:MANAGE 2.1",
        "eu-ai-act:Art.13(3)(b)",
        "iso-42001:A.9.4",
    ),
)
def purpose_stated(purpose: Record, params: PurposeStated) -> Iterator[Statement]:
    """Say for each part of the statement whether it is there and says something of its own.

    A system for "everyone" is built for a presumed default person; naming who is served, who is not and whom
    nobody asked is what later slices are chosen from. Source: Ziems et al. 2026, arXiv 2605.06901, section
    2.2.4; for the alternative NIST AI RMF 1.0, MANAGE 2.1.
    """
    _, faults = read(purpose, purpose.data, _Purpose, placeholders=False)
    yield from faults
    data = purpose.data if isinstance(purpose.data, dict) else {}
    for name, hint in TEXTS.items():
        yield from _text(purpose, data, name, hint, params.min_words)
    for name, hint in LISTS.items():
        yield from _list(purpose, data.get(name), name, hint, params.reason_characters)


def _said(purpose: Record, name: str, answer: Answered, found: Text) -> Statement:
    return Statement(about=name, answer=answer, text=found, where=where(purpose, (name,)))


def _text(
    purpose: Record, data: dict[str, Tree], name: str, hint: str, min_words: int
) -> Iterator[Statement]:
    value = data.get(name)
    if not isinstance(value, str) or not value.strip():
        found = text("`{name}` is missing or empty: say {hint}", name=name, hint=hint)
        yield _said(purpose, name, Answered.NOT_MET, found)
        return
    pending = tuple(unwritten(purpose, value, (name,)))
    if pending:
        yield from pending
        return
    same = [key for key in TEXTS if key != name and folded(str(data.get(key, ""))) == folded(value)]
    if same:
        found = text("`{name}` only repeats `{other}`: say {hint}", name=name, other=same[0], hint=hint)
        yield _said(purpose, name, Answered.NOT_MET, found)
        return
    count = words(value)
    found = text(
        "`{name}` has {n} different {n|word|words} (at least {least})", name=name, n=count, least=min_words
    )
    yield _said(purpose, name, Answered.MET if count >= min_words else Answered.NOT_MET, found)


def _list(purpose: Record, value: Tree, name: str, hint: str, reason_characters: int) -> Iterator[Statement]:
    if name in NEVER_NONE and not isinstance(value, list):
        value = None
    entries, said = listed(purpose, value, (name,), hint=hint, reason_characters=reason_characters)
    yield from said
    if not entries:
        return
    pending = tuple(unwritten(purpose, entries, (name,)))
    if pending:
        yield from pending
        return
    if not all(isinstance(entry, str) and entry.strip() for entry in entries):
        found = text("`{name}` holds an entry that is empty or no text", name=name)
        yield _said(purpose, name, Answered.NOT_MET, found)
    elif name == "served" and any(folded(str(entry)) in EVERYONE for entry in entries):
        found = text("`served` names nobody in particular: {hint}, one by one", hint=hint)
        yield _said(purpose, name, Answered.NOT_MET, found)
    else:
        yield _said(purpose, name, Answered.MET, text("`{name}`: {n} named", name=name, n=len(entries)))
