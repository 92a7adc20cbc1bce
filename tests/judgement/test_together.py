"""Many comparisons are judged on numpy, few in plain Python: nobody can tell from the findings."""

import subprocess
import sys
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcgov.core.estimate import Estimate, Method
from hcgov.core.limit import Limit, Side
from hcgov.core.measurement import GroupCount, Measurement
from hcgov.core.slices import Slice
from hcgov.core.status import Reason, Verdict
from hcgov.judgement.family import judge, judge_families
from hcgov.stats import many
from hcgov.stats.differences import miettinen_nurminen
from hcgov.stats.means import student
from hcgov.stats.proportions import rate
from hcgov.stats.ratios import koopman

REST = Slice(rest_of=True)


def measurement(place: int, n1: int, p1: float, n2: int, p2: float, kind: str) -> Measurement:
    """Return a measurement of a slice against everyone else, by any method, or one that cannot be judged."""
    x1, x2 = round(n1 * p1), round(n2 * p2)
    scope = Slice(values=(("group", str(place)),))
    groups = (
        GroupCount(slice=scope, positives=x1, n=n1, n_eff=n1 / 1.3, people=n1),
        GroupCount(slice=REST, positives=x2, n=n2, n_eff=n2 / 1.1, people=n2),
    )
    estimates: dict[str, Estimate | None] = {
        "difference": miettinen_nurminen(x1, n1, x2, n2, n_eff1=n1 / 1.3, n_eff2=n2 / 1.1, people=n1 + n2),
        "ratio": koopman(x1, n1, x2, n2, n_eff1=n1 / 1.3, n_eff2=n2 / 1.1, people=n1 + n2),
        "rate": rate(x1, n1, n_eff=n1 / 1.3, people=n1),
        "mean": student(p1, 0.3 / n1**0.5, n1 - 1, n=n1, people=n1, low=0.0, high=1.0),
        "point": Estimate(value=p1, n=n1, n_eff=float(n1), people=n1, method=Method.POINT),
        "nothing": None,
    }
    reason = Reason.FEW_PEOPLE if kind == "nothing" else None
    return Measurement(
        metric="m",
        scope=scope,
        against=REST,
        depth=1,
        estimate=estimates[kind],
        groups=groups if kind in ("difference", "ratio") else groups[:1],
        reason=reason,
    )


families = st.lists(
    st.lists(
        st.tuples(
            st.integers(1, 900),
            st.floats(0, 1),
            st.integers(1, 9000),
            st.floats(0, 1),
            st.sampled_from(
                ["difference", "difference", "ratio", "ratio", "rate", "mean", "point", "nothing"]
            ),
        ),
        max_size=6,
    ),
    min_size=1,
    max_size=3,
)
limits = st.builds(
    Limit,
    side=st.sampled_from(Side),
    value=st.sampled_from([Decimal("0.05"), Decimal("0.10"), Decimal("0.80"), Decimal("1.25")]),
    confidence=st.sampled_from([Decimal("0.95"), Decimal("0.965"), Decimal("0.7")]),
    narrow=st.none(),
)


@settings(max_examples=60, deadline=None)
@given(families, limits, st.integers(1, 3))
def test_findings_are_equal_to_the_last_bit(drawn: list[list[tuple]], limit: Limit, sharing: int) -> None:  # type: ignore[type-arg]  # as drawn: the arguments of `measurement`
    made = [([measurement(i, *one) for i, one in enumerate(family)], sharing) for family in drawn]
    together = many.alone(judge_families(made, limit), together=True)
    assert together == many.alone(judge_families(made, limit), together=False)
    # Nor does it matter which families are judged beside each other.
    assert together == tuple(judge(family, limit, sharing=sharing) for family, _ in made)


@settings(max_examples=30, deadline=None)
@given(families, limits)
def test_a_verdict_follows_its_bounds(drawn: list[list[tuple]], limit: Limit) -> None:  # type: ignore[type-arg]  # as drawn: the arguments of `measurement`
    made = [([measurement(i, *one) for i, one in enumerate(family)], 1) for family in drawn]
    for finding in (f for family in many.alone(judge_families(made, limit), together=True) for f in family):
        if finding.pass_bound is None or finding.fail_bound is None:
            assert finding.verdict is Verdict.INCONCLUSIVE
            continue
        passes, fails = limit.holds(finding.pass_bound.value), not limit.holds(finding.fail_bound.value)
        assert not (passes and fails)
        assert passes == (finding.verdict is Verdict.PASS)
        assert fails or finding.verdict is not Verdict.FAIL
        assert finding.fail_bound.level >= finding.pass_bound.level - 1e-12


@settings(max_examples=30, deadline=None)
@given(families)
def test_a_wider_limit_never_takes_a_pass_away(drawn: list[list[tuple]]) -> None:  # type: ignore[type-arg]  # as drawn: the arguments of `measurement`
    made = [([measurement(i, *one) for i, one in enumerate(family)], 1) for family in drawn]
    passed: set[tuple[int, str]] = set()
    for value in ("0.02", "0.10", "0.30", "0.90"):
        limit = Limit(side=Side.AT_MOST, value=Decimal(value))
        now = {
            (place, finding.about)
            for place, family in enumerate(many.alone(judge_families(made, limit), together=True))
            for finding in family
            if finding.verdict is Verdict.PASS
        }
        assert passed <= now
        passed = now


def test_few_comparisons_load_no_numpy() -> None:
    code = (
        "import sys; from tests.judgement.test_together import *; "
        "names = [n for n in sys.modules if n.split('.')[0] == 'numpy']; [sys.modules.pop(n) for n in names]; "
        "made = [measurement(i, 300, 0.3, 3000, 0.3, 'difference') for i in range(200)]; "
        "judge(made, Limit(side=Side.AT_MOST, value=Decimal('0.10'))); "
        "assert not any(n.split('.')[0] == 'numpy' for n in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)


def test_the_number_of_comparisons_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    assert many.pays(many.WORTH_LOADING)
    monkeypatch.setitem(sys.modules, "numpy", sys)
    assert many.pays(many.WORTH_USING)
    assert not many.pays(many.WORTH_USING - 1)
    monkeypatch.delitem(sys.modules, "numpy")
    assert not many.pays(many.WORTH_LOADING - 1)
