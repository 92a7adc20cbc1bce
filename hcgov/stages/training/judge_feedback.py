"""Preferences that a judge gave in people's place agree with people."""

from array import array
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from hcgov.core.check import Example, Params, Request, check
from hcgov.core.direction import Stricter
from hcgov.core.estimate import Estimate
from hcgov.core.evidence.long import Codes, Long, LongOf
from hcgov.core.limit import limits
from hcgov.core.long_tables import LongKind
from hcgov.core.measurement import Answered, Measurement, Statement
from hcgov.core.slices import EVERYONE, Slice
from hcgov.core.status import Reason, Verdict
from hcgov.core.text import text
from hcgov.stages.judgments.arrays import as_array, codes
from hcgov.stages.judgments.judge_ratings import Mask, Refused, combined, ratings
from hcgov.stages.judgments.judge_slices import refusal, sliced
from hcgov.stages.judgments.judge_specimens import labelled, table
from hcgov.stages.judgments.judge_trust import ceiling_of
from hcgov.stages.judgments.judging import Matched, match
from hcgov.stages.worked import at_most

METRIC = "ai_feedback_deficit"
PAIR = ("prompt_id", "model_a", "model_b", "dimension", "ranking")
EVERYTHING = 1.0


class JudgeFeedback(Params):
    """Parameters of preferences by a judge."""

    table: str = Field(default="preferences", description="Artifact with one row a preference.")
    min_overlap: Annotated[int, Stricter.HIGHER] = Field(
        default=200, ge=30, le=1_000_000, description="Fewest pairs that people chose between, too."
    )


def asks(params: JudgeFeedback) -> Mapping[str, Request]:
    """Ask for the choices, who chose, and what tells pairs apart."""
    request = LongOf(
        table=params.table,
        kind=LongKind.PREFERENCES,
        needs=("prompt_id", "choice", "label_source"),
        may=("annotator", *PAIR[1:]),
    )
    return {"long": request}


def examples() -> tuple[Example[JudgeFeedback], ...]:
    """Return a judge that chooses as people do, one that does not, few pairs in common, and unknown sources."""

    def preferences(judge_right: float, items: int, *, unknown: bool = False) -> Long:
        rows = labelled(judge_right=judge_right, items=items)
        own = table(
            [
                {
                    "prompt_id": row["item"],
                    "annotator": row["rater"],
                    "label_source": None if unknown and k % 3 == 0 else row["rater_kind"],
                    "choice": "ab"[int(str(row["score"]))],
                }
                for k, row in enumerate(rows)
            ]
        )
        return replace(own, table="preferences", kind=LongKind.PREFERENCES)

    cases = {
        "as people do": (preferences(0.97, 500), Verdict.PASS),
        "otherwise": (preferences(0.65, 500), Verdict.FAIL),
        "few pairs": (preferences(0.95, 60), Verdict.INCONCLUSIVE),
        "nobody says who chose": (preferences(0.95, 300, unknown=True), Verdict.INCONCLUSIVE),
    }
    return tuple(
        Example(title=t, params=JudgeFeedback(), evidence={"long": long}, expect=e, limit=at_most("0.05"))
        for t, (long, e) in cases.items()
    )


@check(
    asks=asks,
    params=JudgeFeedback,
    examples=examples,
    limit=limits(METRIC, at_most="[-1, 1)"),
    supports=("nist-ai-rmf:MAP 2.3", "nist-ai-rmf:MEASURE 2.13", "eu-ai-act:Art.10(2)(d)"),
)
def judge_feedback(long: Long, params: JudgeFeedback) -> Iterator[Measurement | Statement]:
    """Agreement of people with one another minus that of the judge with them, on pairs that both chose between.

    Preferences by a judge move power from many people to whoever made the judge and wrote its instructions; that they
    are a judge's is recorded row by row, and on a part of the pairs people chose, too. Source: Gwet 2008,
    doi:10.1348/000711006X126600; Lee et al. 2023, RLAIF, arXiv:2309.00267.
    """
    source, names = codes(long, "label_source"), long.codes("label_source").names
    unknown = int((source < 0).sum())
    if unknown:
        told = text("{n} of {all} {all|row|rows} {n|does|do} not say who chose", n=unknown, all=long.rows)
        yield refusal(METRIC, Refused(reason=Reason.MISSING_OUTCOMES, text=told), EVERYONE, n=unknown)
    of_judge = np.isin(source, [k for k, name in enumerate(names) if name == "judge"])
    if not long.rows:
        told = text("`{table}` holds no preferences", table=long.table)
        yield refusal(METRIC, Refused(reason=Reason.SMALL_N, text=told), EVERYONE)
        return
    if not of_judge.any():
        told = text("none of the {n} preferences is a judge's", n=long.rows)
        yield Statement(about="preferences by a judge", answer=Answered.MET, text=told)
        return
    share = float(of_judge.mean())
    note = text("{share} of the preferences are a judge's", share=f"{share:.1%}")
    yield Measurement(metric="ai_share", shown=True, note=note)
    found = ratings(_as_evaluations(long))
    for name in found.judges:
        beside = match(found, name, most_unmatched=EVERYTHING)
        scope = Slice(values=(("judge", name),)) if len(found.judges) > 1 else EVERYONE
        enough = None if isinstance(beside, Refused) else _few(beside, params.min_overlap)
        if isinstance(beside, Refused) or enough is not None:
            refused = beside if isinstance(beside, Refused) else enough
            assert refused is not None
            yield refusal(METRIC, refused, scope)
            continue

        def value(mask: Mask, beside: Matched = beside) -> Mapping[str, Estimate] | Refused:
            one = ceiling_of(beside, mask)
            return one if isinstance(one, Refused) else {METRIC: one.deficit}

        yield from sliced(long, beside.at, beside.rows.people, (METRIC,), value, scope.values)


def _few(beside: Matched, needed: int) -> Refused | None:
    if beside.items >= needed:
        return None
    told = text(
        "people chose between {n} of the judge's pairs, and {needed} are needed",
        n=beside.items,
        needed=needed,
    )
    return Refused(reason=Reason.SMALL_N, text=told)


def _as_evaluations(long: Long) -> Long:
    """Return preferences as evaluations: a pair is an item, a choice its score."""
    pair = combined(*(codes(long, name).astype(np.int64) for name in PAIR if long.has(name)))
    source = long.codes("label_source")
    who = long.columns.get("annotator")
    if not isinstance(who, Codes):
        who = source  # everyone of a kind is one rater: people are then not known to be different
    else:
        # A judge that is not named is one rater all the same.
        given = as_array(who).copy()
        judge = np.isin(as_array(source), [k for k, name in enumerate(source.names) if name == "judge"])
        given[judge & (given < 0)] = len(who.names)
        who = Codes(codes=_array(given), names=(*who.names, "judge"))
    columns = {
        "item": Codes(codes=_array(pair), names=()),
        "rater": who,
        "rater_kind": source,
        "score": long.codes("choice"),
    }
    return replace(long, kind=LongKind.EVALUATIONS, columns=columns)


def _array(values: NDArray[np.signedinteger[Any]]) -> "array[int]":
    found = array("i")
    found.frombytes(values.astype(np.int32).tobytes())
    return found
