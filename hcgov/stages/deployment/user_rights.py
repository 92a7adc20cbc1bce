"""People can see, correct, delete and pause what is stored about them, and confirm what is sensitive."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from hcgov.core.check import Example, Judged, Params, check
from hcgov.core.direction import Stricter
from hcgov.core.evidence.documents import Record, RecordOf
from hcgov.core.evidence.source import Tree
from hcgov.core.measurement import Answered, Statement
from hcgov.core.occasion import Occasion
from hcgov.core.status import Verdict
from hcgov.core.text import Text, text
from hcgov.stages.days import age
from hcgov.stages.records import Written, read, where
from hcgov.stages.specimens import record, worked

RIGHTS = {
    "show": "see what is stored about them",
    "correct": "correct what is wrong",
    "delete": "delete it, so that no answer uses it any more",
    "pause": "pause personalization without losing what is stored",
}
"""What people can do with stored attributes."""

CONFIRMATION = "sensitive_confirmed"


class UserRights(Params):
    """Parameters of people's rights over stored attributes."""

    artifact: str = Field(default="attribute_store", description="Record of the store of attributes.")
    max_age_days: Annotated[int, Stricter.LOWER] = Field(
        default=180,
        ge=1,
        le=36_500,
        description="Oldest test that still counts, in days.",
    )


class _Right(Written):
    available: bool
    tested: str | None = None
    result: Literal["passed", "failed"] | None = None
    by: str | None = None
    how: str | None = None


class _Store(Written):
    kind: Literal["AttributeStore"] = "AttributeStore"
    infers_sensitive: bool
    show: object = None
    correct: object = None
    delete: object = None
    pause: object = None
    sensitive_confirmed: object = None


def examples() -> tuple[Example[UserRights], ...]:
    """All rights tested, one that is missing, one that failed, one never tested, and tests that are too old."""

    def store(**changed: Tree) -> Record:
        good: Tree = {"available": True, "tested": "2026-10-02", "result": "passed", "by": "A. Person"}
        fields: dict[str, Tree] = {"kind": "AttributeStore", "infers_sensitive": True}
        fields |= dict.fromkeys((*RIGHTS, CONFIRMATION), good)
        return record("attribute_store", fields | changed)

    old: Tree = {"available": True, "tested": "2024-10-02", "result": "passed"}
    return worked(
        UserRights(),
        "store",
        {
            "all rights are tested": (store(), Verdict.PASS),
            "nothing sensitive is inferred": (
                store(infers_sensitive=False, sensitive_confirmed=None),
                Verdict.PASS,
            ),
            "nobody can pause": (store(pause={"available": False}), Verdict.FAIL),
            "deleting was tested and failed": (
                store(delete={"available": True, "tested": "2026-10-02", "result": "failed"}),
                Verdict.FAIL,
            ),
            "sensitive attributes are not confirmed": (store(sensitive_confirmed=None), Verdict.FAIL),
            "correcting was never tested": (store(correct={"available": True}), Verdict.INCONCLUSIVE),
            "the test is too old": (store(show=old), Verdict.MISSING),
        },
    )


@check(
    asks=lambda p: {"store": RecordOf(artifact=p.artifact)},
    params=UserRights,
    examples=examples,
    judged=Judged.BY_STATEMENT,
    supports=(
        "nist-ai-rmf:MANAGE 4.1",
        "nist-ai-rmf:MEASURE 2.10",
        "nist-ai-rmf:MEASURE 3.3",
        "nist-ai-600-1:2.4",
        "iso-42001:A.8.2",
    ),
)
def user_rights(store: Record, params: UserRights, occasion: Occasion) -> Iterator[Statement]:
    """Say of each right whether it is there and a test of it, by someone and on a day, has passed.

    What a system believes about people is theirs to know, to mend and to end; what it infers about health, faith or
    orientation is used only once they confirm it. A button that nobody has tried is no right. Source: Regulation (EU)
    2016/679, Art. 15 to 18 and 9; Ziems et al. 2026, arXiv 2605.06901, section 6.
    """
    parsed, faults = read(store, store.data, _Store)
    yield from faults
    if parsed is None:
        return
    for name, can in RIGHTS.items():
        yield from _right(store, name, getattr(parsed, name), can, params, occasion)
    if not parsed.infers_sensitive:
        yield Statement(
            about=CONFIRMATION,
            answer=Answered.MET,
            text=text("nothing sensitive is inferred, as the record says"),
            where=where(store, ("infers_sensitive",)),
        )
        return
    confirmed = "have sensitive attributes used only after they confirm them"
    yield from _right(store, CONFIRMATION, parsed.sensitive_confirmed, confirmed, params, occasion)


def _right(
    store: Record, name: str, value: object, can: str, params: UserRights, occasion: Occasion
) -> Iterator[Statement]:
    if value is None:
        told = text("the record does not say whether people can {can}", can=can)
        yield Statement(about=name, answer=Answered.NOT_MET, text=told, where=where(store, ()))
        return
    data = store.data.get(name) if isinstance(store.data, dict) else None
    right, faults = read(store, data, _Right, (name,))
    yield from faults
    if right is not None:
        answer, told = _judged(right, can, params, occasion)
        yield Statement(about=name, answer=answer, text=told, where=where(store, (name,)))


def _judged(right: _Right, can: str, params: UserRights, occasion: Occasion) -> tuple[Answered, Text]:
    if not right.available:
        return Answered.NOT_MET, text("people cannot {can}", can=can)
    if right.tested is None or right.result is None:
        return Answered.CANNOT_TELL, text("nobody has tested whether people can {can}", can=can)
    if right.result == "failed":
        return Answered.NOT_MET, text("on {day} people could not {can}", day=right.tested, can=can)
    days = age(right.tested, occasion.date)
    if days is None or days < 0:
        return Answered.NOT_MET, text("`{day}` is no day on which a test can have been", day=right.tested)
    if days > params.max_age_days:
        return Answered.MISSING, text(
            "the last test whether people can {can} is {days} {days|day|days} old; at most {most} count",
            can=can,
            days=days,
            most=params.max_age_days,
        )
    return Answered.MET, text("on {day} a test showed that people can {can}", day=right.tested, can=can)
