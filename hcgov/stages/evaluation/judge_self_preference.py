"""A judge does not favour outputs of its own model family."""

from collections.abc import Iterator, Mapping

from hcgov.core.check import Example, Request, check
from hcgov.core.estimate import Estimate
from hcgov.core.evidence.long import Long
from hcgov.core.limit import limits
from hcgov.core.measurement import Measurement
from hcgov.core.status import Reason, Verdict
from hcgov.core.text import text
from hcgov.stages.judgments.arrays import codes
from hcgov.stages.judgments.judge_params import JudgeScoreParams
from hcgov.stages.judgments.judge_ratings import Mask, Refused, in_unit
from hcgov.stages.judgments.judge_slices import beside_people, unknown_of
from hcgov.stages.judgments.judge_specimens import Row, scale_table, scored
from hcgov.stages.judgments.judging import Matched
from hcgov.stages.worked import at_most
from hcgov.stats.crossed import distinct
from hcgov.stats.judges.gaps import difference_in_gaps

METRIC = "self_preference"


class JudgeSelfPreference(JudgeScoreParams):
    """Parameters of the preference of a judge for its own family."""


def asks(params: JudgeSelfPreference) -> Mapping[str, Request]:
    """Ask for the scores, and the families of outputs and judge."""
    return {"long": params.request(("family", "rater_family"))}


def examples() -> tuple[Example[JudgeSelfPreference], ...]:
    """Return a judge without favourites, one with, few items, and a judge that saw its own family only."""

    def families(bonus: int, items: int, other: str = "beech") -> Long:
        rows: list[Row] = []
        for row in scored(systems=("s1", "s2"), items=items):
            family = "oak" if row["system"] == "s1" else other
            score = int(str(row["score"]))
            if row["rater_kind"] == "judge" and family == "oak":
                score = min(score + bonus, 5)
            rater = "oak" if row["rater_kind"] == "judge" else None
            rows.append({**row, "score": str(score), "family": family, "rater_family": rater})
        return scale_table(rows)

    cases = {
        "no favourites": (families(0, 250), Verdict.PASS),
        "a point for its own": (families(1, 120), Verdict.FAIL),
        "few items": (families(0, 4), Verdict.INCONCLUSIVE),
        "only its own": (families(0, 60, "oak"), Verdict.INCONCLUSIVE),
    }
    return tuple(
        Example(
            title=title,
            params=JudgeSelfPreference(),
            evidence={"long": long},
            expect=expect,
            limit=at_most("0.06"),
        )
        for title, (long, expect) in cases.items()
    )


@check(
    asks=asks,
    params=JudgeSelfPreference,
    examples=examples,
    limit=limits(METRIC, at_most="[0, 1000)"),
    supports=("nist-ai-rmf:MEASURE 2.5", "nist-ai-rmf:MEASURE 2.11"),
)
def judge_self_preference(long: Long, params: JudgeSelfPreference) -> Iterator[Measurement]:
    """Mean of judge minus person on outputs of the judge's own family, minus that on outputs of others.

    Who sells both model and judge would win by it. What people prefer, too, is no bias and cancels, and so does a judge
    that is kinder throughout. Source: Panickssery, Bowman & Feng 2024, arXiv:2404.13076; Miller 2024,
    arXiv:2411.00640, for paired differences.
    """

    def value(found: Matched, mask: Mask) -> Mapping[str, Estimate] | Refused:
        one = self_preference_of(found, mask, params.unit)
        return one if isinstance(one, Refused) else {METRIC: one}

    yield from beside_people(long, params, (METRIC,), value)


def self_preference_of(found: Matched, mask: Mask, unit: str = "score") -> Estimate | Refused:
    """Return how much a judge favours its own family, over some of its matched rows, or why it is not known."""
    refused = found.trouble(mask)
    if refused is not None:
        return refused
    ratings = found.from_
    long = ratings.long
    names, theirs = long.codes("family").names, long.codes("rater_family").names
    own = codes(long, "rater_family")[ratings.at[ratings.of(found.judge)]]
    own = own[own >= 0]
    if distinct(own) != 1:
        told = text("the family of `{judge}` is not recorded, or is several", judge=found.judge)
        return Refused(reason=Reason.MISSING_OUTCOMES, text=told)
    family = codes(long, "family")[found.at]
    name = theirs[int(own[0])]
    of_own = family == (names.index(name) if name in names else -2)
    if untold := unknown_of("family", family >= 0, mask):
        return untold
    known = mask & (family >= 0)
    if not (known & of_own).any() or not (known & ~of_own).any():
        told = text(
            "`{judge}` judged outputs of {which} only, so there is nothing to compare with",
            judge=found.judge,
            which="its own family" if (known & of_own).any() else "other families",
        )
        return Refused(reason=Reason.UNMATCHED_PAIRS, text=told)
    in_units = in_unit(ratings, (found.judge_score - found.score)[known], unit)
    if isinstance(in_units, Refused):
        return in_units
    return difference_in_gaps(in_units[0], of_own[known], found.rows.where(known), reach=in_units[1])
