"""The planted case: one crossing is harmed, two are tiny, and rows written ten times make no verdict firmer.

2,002 people: women and men in regions a and b, 498 a cell, and a region of ten people in two cells. 57 % are
selected everywhere but among women in b, where 38 % are.
"""

from collections.abc import Sequence
from decimal import Decimal
from itertools import groupby
from pathlib import Path

import pytest

from hcgov.core.evidence.counts import Counts, CountsOf
from hcgov.core.finding import Finding
from hcgov.core.limit import Limit, Side
from hcgov.core.measurement import Measurement
from hcgov.core.slices import SliceRules
from hcgov.core.status import Reason, Verdict
from hcgov.io.tables import answer
from hcgov.judgement.family import judge
from hcgov.stages.evaluation.rate_gap import RateGap, asks, rate_gap
from tests.io.tables.making import table

CELLS = {
    ("F", "a"): (498, 284),
    ("F", "b"): (498, 189),
    ("M", "a"): (498, 284),
    ("M", "b"): (498, 284),
    ("F", "c"): (5, 3),
    ("M", "c"): (5, 3),
}
RULES = SliceRules(by=("sex", "region"), cross=2)
LIMIT = Limit(side=Side.AT_MOST, value=Decimal("0.10"))
FIRMNESS = {Verdict.PASS: 1, Verdict.FAIL: 1, Verdict.INCONCLUSIVE: 0}


def findings(folder: Path, times: int) -> tuple[Finding, ...]:
    rows = [
        f"{sex}{region}{i},{sex},{region},{int(i < positives)}\n"
        for (sex, region), (people, positives) in CELLS.items()
        for i in range(people)
        for _ in range(times)
    ]
    path = folder / f"t{times}.csv"
    path.write_text("person,sex,region,prediction\n" + "".join(rows))
    params = RateGap(table="t", outcome="prediction")
    (request,) = asks(params).values()
    assert isinstance(request, CountsOf)
    it = table(
        path.name,
        roles={"prediction": "prediction", "person": "person"},
        outcomes={"prediction": {"adverse": "lower"}},
    )
    counts = answer("t", it, folder, [request], RULES, {})[request]
    assert isinstance(counts, Counts), counts
    measured = [m for m in rate_gap(counts, params) if isinstance(m, Measurement) and not m.shown]
    measured.sort(key=lambda m: m.depth)
    return tuple(f for _, family in groupby(measured, lambda m: m.depth) for f in judge(list(family), LIMIT))


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> tuple[Finding, ...]:
    return findings(tmp_path_factory.mktemp("once"), 1)


@pytest.fixture(scope="module")
def ten_times(tmp_path_factory: pytest.TempPathFactory) -> tuple[Finding, ...]:
    return findings(tmp_path_factory.mktemp("ten"), 10)


def crossings(found: Sequence[Finding]) -> dict[str, Finding]:
    return {str(f.scope): f for f in found if f.depth == 2}


def test_the_harmed_crossing_is_named_with_its_interval(once: tuple[Finding, ...]) -> None:
    harmed = crossings(once)["sex=F × region=b"]
    assert harmed.verdict is Verdict.FAIL
    assert harmed.estimate is not None
    assert harmed.estimate.value == pytest.approx((284 * 3 + 6) / 1504 - 189 / 498, abs=1e-12)
    assert harmed.fail_bound is not None
    assert harmed.fail_bound.end == "lower"
    assert Decimal("0.10") < Decimal(harmed.fail_bound.value) < Decimal("0.19")
    # Four crossings that can be told, each against everyone else: the tiny ones stand outside the family.
    assert harmed.family == 4
    assert [str(f.scope) for f in once if f.verdict is Verdict.FAIL] == ["sex=F × region=b"]


def test_tiny_crossings_are_named_and_decide_nothing(once: tuple[Finding, ...]) -> None:
    for name in ("sex=F × region=c", "sex=M × region=c"):
        tiny = crossings(once)[name]
        assert (tiny.verdict, tiny.family) == (Verdict.INCONCLUSIVE, 0)
        assert tiny.reason in (Reason.SMALL_N, Reason.FEW_PEOPLE)
        assert "5 people in the denominator (3 of 5 with the outcome, 2 without); 30 are needed" in str(
            tiny.text
        )
        assert tiny.labels_needed


def test_rows_written_ten_times_make_no_verdict_firmer(
    once: tuple[Finding, ...], ten_times: tuple[Finding, ...]
) -> None:
    assert [f.about for f in once] == [f.about for f in ten_times]
    for plain, repeated in zip(once, ten_times, strict=True):
        assert repeated.verdict is plain.verdict or FIRMNESS[repeated.verdict] < FIRMNESS[plain.verdict]
        for one, other in zip(plain.groups, repeated.groups, strict=True):
            assert (other.n, other.people) == (10 * one.n, one.people)
            assert other.n_eff <= one.n_eff
    assert crossings(ten_times)["sex=F × region=b"].verdict is Verdict.FAIL
