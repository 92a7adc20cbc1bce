"""One reward for everyone does not override what a group of people prefers."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from hcgov.core.check import Example, check
from hcgov.core.direction import Neither, Stricter
from hcgov.core.estimate import Estimate, Method
from hcgov.core.evidence.long import Long
from hcgov.core.limit import limits
from hcgov.core.measurement import Measurement
from hcgov.core.status import Reason, Verdict
from hcgov.core.text import text
from hcgov.stages.judgments.comparison_notes import obstacle, told
from hcgov.stages.judgments.comparisons import Choices, PreferenceParams, asked, choices
from hcgov.stages.judgments.preference_gaps import METRIC, gaps, pairs
from hcgov.stages.judgments.preference_slices import group_codes, unknown_groups
from hcgov.stages.judgments.preference_worked import judged, mixed
from hcgov.stages.worked import at_most
from hcgov.stats.preferences.heterogeneity import choice_test, group_test


class PoolingSupported(PreferenceParams):
    """Parameters of the gap between groups."""

    by: Annotated[Literal["models", "prompts"], Stricter.IDENTITY] = Field(
        default="models",
        description="What groups may disagree about: pairs of models, or each prompt's responses.",
    )
    draws: Annotated[int, Neither("more draws only make the p-value that is shown more exact")] = Field(
        default=199, ge=19, le=99_999, description="Permutations of groups between people."
    )


def examples() -> tuple[Example[PoolingSupported], ...]:
    """Two regions compare two models."""

    def table(people: int, north: int, south: int) -> Long:
        wins = {"north": north, "south": south}
        return judged(people, 20, lambda region, who, one: "a" if mixed(who, one) < wins[region] else "b")

    told_ = (
        ("both regions prefer alike", table(400, 62, 60), Verdict.PASS),
        ("what the north prefers, the south rejects", table(400, 75, 35), Verdict.FAIL),
        ("a dozen people in each region", table(24, 60, 60), Verdict.INCONCLUSIVE),
        ("one person", table(1, 60, 60), Verdict.INCONCLUSIVE),
    )
    return tuple(
        Example(
            title=title,
            params=PoolingSupported(draws=19),
            evidence={"long": evidence},
            expect=verdict,
            limit=at_most("0.10"),
        )
        for title, evidence, verdict in told_
    )


@check(
    asks=lambda params: {"long": asked(params)},
    params=PoolingSupported,
    examples=examples,
    limit=limits(METRIC, at_most="[0, 1)"),
    supports=("nist-ai-rmf:MEASURE 2.11", "eu-ai-act:Art.10(2)(f)", "nist-ai-600-1:2.6", "iso-42001:A.7.4"),
)
def pooling_supported(long: Long, params: PoolingSupported) -> Iterator[Measurement]:
    """Difference in [-1, 1] between how often two groups prefer the same side of a pair; the largest is judged.

    A single reward follows the larger group wherever groups want different things, and the smaller one is served
    against its will. Above the limit the answer is to train on groups apart, or on soft labels. Ties count one half.
    Whether groups differ at all is shown beside it, by permuting groups between people. Source: Miettinen & Nurminen
    1985; Chakraborty et al. 2024, arXiv 2402.08925; Siththaranjan et al. 2023, arXiv 2312.08358.
    """
    models = params.by == "models"
    found = choices(long, params.dimension)
    stopped = obstacle(found, long, models=models)
    if stopped is not None:
        yield Measurement(metric=METRIC, depth=1, reason=stopped[0], note=stopped[1])
        return
    used = found.between_models if models else found.compared
    yield from unknown_groups(long, METRIC, used)
    every = list(pairs(long, found, models=models))
    for column in long.rules.by:
        if column not in long.groups:
            continue
        known = group_codes(long, column)
        if len({int(code) for code in known[used] if code >= 0}) < 2:
            note = text("fewer than two groups of {column} judged: there is nobody to compare", column=column)
            yield Measurement(metric=METRIC, depth=1, reason=Reason.UNMATCHED_PAIRS, note=note)
            continue
        yield from gaps(long, found, column, every)
        yield from _tested(long, found, column, params)
    yield from told(found)


def _tested(long: Long, found: Choices, column: str, params: PoolingSupported) -> Iterator[Measurement]:
    """Yield the p-value of group membership telling preferences, to be shown."""
    known = group_codes(long, column)
    if params.by == "models":
        test = group_test(found.contests(), known[found.between_models], draws=params.draws)
    else:
        used = found.compared
        test = choice_test(
            found.sign[used], found.people[used], found.items[used], known[used], draws=params.draws
        )
    if test is None or test.p is None:
        return
    people = found.rows.where(found.compared).distinct_people
    yield Measurement(
        metric=f"heterogeneity_p_{column}",
        estimate=Estimate(
            value=test.p, n=int(found.compared.sum()), n_eff=float(people), people=people, method=Method.POINT
        ),
        note=text(
            "{draws} permutations of {column} between people; as if rows were people it would be {naive}",
            draws=test.draws,
            column=column,
            naive=f"{test.p_rows:.2g}",
        ),
        shown=True,
    )
