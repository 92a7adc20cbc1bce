"""Attempts share the error of passing: their levels stay within it, and a later attempt is never easier."""

import math
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcgov.core.finding import Finding
from hcgov.core.limit import Limit, Side
from hcgov.core.measurement import GroupCount, Measurement
from hcgov.core.slices import Slice
from hcgov.core.status import Enforcement, Verdict, dispose
from hcgov.judgement.attempts import spent_limit
from hcgov.judgement.family import judge
from hcgov.stats.bounds import upper
from hcgov.stats.differences import miettinen_nurminen
from hcgov.stats.proportions import rate

AT_MOST = Limit(side=Side.AT_MOST, value=Decimal("0.10"))


def gaps(cells: list[tuple[int, int]]) -> tuple[Measurement, ...]:
    """Return the gap of each of several slices to the first."""
    (x0, n0), *others = cells
    made = []
    for number, (x, n) in enumerate(others):
        own = Slice(values=(("group", f"g{number}"),))
        estimate = miettinen_nurminen(x, n, x0, n0)
        groups = (GroupCount(slice=own, positives=x, n=n, n_eff=n, people=n),)
        made.append(Measurement(metric="gap", scope=own, depth=1, estimate=estimate, groups=groups))
    return tuple(made)


def at_attempt(measured: tuple[Measurement, ...], limit: Limit, attempt: int) -> dict[str, Finding]:
    return {finding.about: finding for finding in judge(measured, spent_limit(limit, attempt))}


@pytest.mark.parametrize(("attempt", "level"), [(1, 0.030396), (2, 0.007599), (3, 0.003377)])
def test_levels_are_those_of_the_spending_rule(attempt: int, level: float) -> None:
    """Statistics: alpha 0.05 spent as 6 alpha / (pi k)^2."""
    assert 1 - spent_limit(AT_MOST, attempt).pass_level == pytest.approx(level, abs=1e-6)


@given(
    confidence=st.decimals("0.51", "0.999999", places=6),
    attempts=st.sets(st.integers(1, 10_000), min_size=1, max_size=300),
)
def test_levels_of_any_attempts_stay_within_the_error_that_the_policy_allows(
    confidence: Decimal, attempts: set[int]
) -> None:
    limit = replace(AT_MOST, confidence=confidence)
    spent = math.fsum(1.0 - spent_limit(limit, k).pass_level for k in attempts)
    assert spent <= float(1 - confidence) * (1 + 1e-9)


def test_at_any_attempt_a_bound_can_still_be_computed() -> None:
    limit = spent_limit(replace(AT_MOST, confidence=Decimal("0.999999")), 10**9)
    assert float(limit.confidence) < limit.pass_level < 1.0
    assert math.isfinite(upper(miettinen_nurminen(20, 400, 20, 400), limit.pass_level))


CELLS = st.lists(
    st.integers(1, 600).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=2, max_size=6
)


@settings(max_examples=60, deadline=None)
@given(CELLS, st.integers(1, 50), st.integers(1, 50), st.sampled_from(["0.02", "0.10", "0.30"]))
def test_a_later_attempt_is_never_easier(
    cells: list[tuple[int, int]], one: int, other: int, value: str
) -> None:
    limit = replace(AT_MOST, value=Decimal(value))
    measured = gaps(cells)
    before, after = at_attempt(measured, limit, min(one, other)), at_attempt(measured, limit, max(one, other))
    assert before.keys() == after.keys()
    for about, finding in before.items():
        later = after[about]
        for enforcement in Enforcement:
            assert dispose(later.verdict, enforcement) >= dispose(finding.verdict, enforcement)
        # Who is accused does not depend on how often others were tried before.
        assert (finding.verdict is Verdict.FAIL) == (later.verdict is Verdict.FAIL)
        assert (finding.fail_bound, finding.family, finding.groups) == (
            later.fail_bound,
            later.family,
            later.groups,
        )


def test_passing_by_a_hair_takes_more_at_the_second_attempt() -> None:
    own = Slice(values=(("group", "a"),))
    close = Measurement(
        metric="rate",
        scope=own,
        depth=1,
        estimate=rate(27, 400),
        groups=(GroupCount(slice=own, positives=27, n=400, n_eff=400, people=400),),
    )
    first, second = (judge([close], spent_limit(AT_MOST, k))[0] for k in (1, 2))
    assert (first.verdict, second.verdict) == (Verdict.PASS, Verdict.INCONCLUSIVE)
    assert second.labels_needed
    assert second.pass_bound is not None
    assert second.pass_bound.level == pytest.approx(0.992401, abs=1e-6)
    assert second.fail_bound is not None
    assert second.fail_bound.level == 0.95


def test_trying_until_it_passes_stays_within_the_error() -> None:
    """A system exactly at the limit, 400 new answers an attempt; Clopper-Pearson at a fixed level would pass often."""

    def passing(level: float) -> float:
        most = max(x for x in range(400) if upper(rate(x, 400), level) <= 0.10)
        return math.fsum(math.comb(400, x) * 0.1**x * 0.9 ** (400 - x) for x in range(most + 1))

    fixed = 1 - (1 - passing(0.95)) ** 20
    spent = 1 - math.prod(1 - passing(spent_limit(AT_MOST, k).pass_level) for k in range(1, 21))
    assert fixed > 0.5
    assert spent <= 0.05
