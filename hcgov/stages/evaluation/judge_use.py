"""A judge is used only for what judges may be used for."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import Field

from hcgov.core.check import Example, Judged, Request, check
from hcgov.core.direction import Stricter
from hcgov.core.evidence.long import Long
from hcgov.core.measurement import Answered, Statement
from hcgov.core.status import Reason, Verdict
from hcgov.core.text import text
from hcgov.stages.judgments.judge_params import JudgeParams
from hcgov.stages.judgments.judge_ratings import Refused
from hcgov.stages.judgments.judge_slices import each_judge
from hcgov.stages.judgments.judge_specimens import labelled, table
from hcgov.stats.crossed import distinct

Allowed = Literal["compliance", "ranking"]


class JudgeUse(JudgeParams):
    """Parameters of what a judge is used for."""

    used_for: Annotated[Literal["compliance", "ranking", "per_user_benefit"], Stricter.IDENTITY] = Field(
        default="compliance",
        description="What the project uses it for: whether a stated rule is kept, which system is better, or whether "
        "an output is better for this user.",
    )
    allowed_for: Annotated[tuple[Allowed, ...], Stricter.SUBSET] = Field(
        default=("compliance", "ranking"),
        description="What judges may be used for; whether something is better for a user only users can say.",
    )
    min_overlap: Annotated[int, Stricter.HIGHER] = Field(
        default=200, ge=30, le=1_000_000, description="Fewest items that people judged, too."
    )


def asks(params: JudgeUse) -> Mapping[str, Request]:
    """Ask for the judgments by people and judges."""
    return {"long": params.request()}


def examples() -> tuple[Example[JudgeUse], ...]:
    """Return a judge of rules, one that is asked for users, one beyond its use, and one without people beside it."""
    rows = labelled(items=240)
    cases = {
        "for rules": (JudgeUse(), rows, Verdict.PASS),
        "instead of users": (JudgeUse(used_for="per_user_benefit"), rows, Verdict.FAIL),
        "for more than is allowed": (
            JudgeUse(used_for="ranking", allowed_for=("compliance",)),
            rows,
            Verdict.FAIL,
        ),
        "few items by people": (JudgeUse(), rows[:60], Verdict.INCONCLUSIVE),
        "another judge": (JudgeUse(judge="judge-2"), rows, Verdict.INCONCLUSIVE),
    }
    return tuple(
        Example(title=title, params=params, evidence={"long": table(given)}, expect=expect)
        for title, (params, given, expect) in cases.items()
    )


@check(
    asks=asks,
    params=JudgeUse,
    examples=examples,
    judged=Judged.BY_STATEMENT,
    supports=("nist-ai-rmf:MEASURE 2.5", "nist-ai-rmf:MAP 2.3", "eu-ai-act:Art.14(1)-(4)"),
)
def judge_use(long: Long, params: JudgeUse) -> Iterator[Statement]:
    """Compare what a judge is used for with what judges may be used for, and count the items people judged beside it.

    Judges hold up on questions that can be checked, and on which system is better; whether a response is better for
    this very user they do not know, and agreement with one another is no evidence that they do. So that use is never
    allowed. Source: arXiv:2606.06614; Calderon, Reichart & Dror 2025, arXiv:2501.10970.
    """
    for one in each_judge(long, params):
        who = f"`{one.name}`" if one.name else "the judge"
        about = f"judge {one.name}"
        if params.used_for not in params.allowed_for:
            yield Statement(
                about=about,
                answer=Answered.NOT_MET,
                text=text(
                    "{who} is used for {use}; judges may be used for {allowed}",
                    who=who,
                    use=params.used_for,
                    allowed=", ".join(params.allowed_for) or "nothing",
                ),
            )
        elif isinstance(one.found, Refused):
            yield Statement(
                about=about, answer=Answered.CANNOT_TELL, reason=one.found.reason, text=one.found.text
            )
        else:
            items = distinct(one.found.unit)
            enough = items >= params.min_overlap
            yield Statement(
                about=about,
                answer=Answered.MET if enough else Answered.CANNOT_TELL,
                reason=None if enough else Reason.SMALL_N,
                text=text(
                    "{who} is used for {use}, which is allowed; people judged {items} of its items, and {needed} are "
                    "needed",
                    who=who,
                    use=params.used_for,
                    items=items,
                    needed=params.min_overlap,
                ),
            )
