"""Strict controls: thin ratios decide nothing, and nothing else changes but the confidence."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from hcgov.core.limit import Limit, Side
from hcgov.core.measurement import GroupCount, Measurement
from hcgov.core.slices import Slice
from hcgov.core.status import Reason, Verdict
from hcgov.judgement.family import judge
from hcgov.judgement.thin_ratios import without_thin_ratios
from hcgov.stages.evaluation.impact_ratio import ImpactRatio, impact_ratio
from hcgov.stages.evaluation.rate_gap import RateGap, rate_gap
from hcgov.stages.worked import people_table
from hcgov.stats.ratios import koopman
from tests.judgement.judging import judged

RATIO = Limit(side=Side.AT_LEAST, value=Decimal("0.80"), confidence=Decimal("0.965"))
STRICT = replace(RATIO, ratio_n_eff=50)
REGIONS = {"a": (400, 380), "b": (400, 378), "c": (49, 48)}
"""Region c has enough people for any control, and too few for a strict ratio."""


def _ratios(regions: dict[str, tuple[int, int]]) -> tuple[Measurement, ...]:
    observed = impact_ratio(people_table(regions), ImpactRatio(table="t", outcome="prediction"))
    return tuple(o for o in observed if isinstance(o, Measurement) and not o.shown)


def _of(name: str) -> Slice:
    return Slice(values=(("region", name),))


def test_a_slice_too_thin_for_a_strict_ratio_is_named_once_and_enters_no_pair() -> None:
    loose = judged(_ratios(REGIONS), RATIO)
    assert {f.verdict for f in loose} == {Verdict.PASS}
    told = judged(_ratios(REGIONS), STRICT)
    thin = [f for f in told if f.verdict is not Verdict.PASS]
    assert [(f.scope, f.against, f.verdict, f.reason, f.labels_needed) for f in thin] == [
        (_of("c"), None, Verdict.INCONCLUSIVE, Reason.SMALL_N, 1)
    ]
    assert thin[0].groups[0].n == 49
    assert {f.family for f in told if f.verdict is Verdict.PASS} == {2}
    assert "49 independent observations" in str(thin[0].text)


def test_fifty_are_enough() -> None:
    told = judged(_ratios(REGIONS | {"c": (50, 49)}), STRICT)
    assert {f.verdict for f in told} == {Verdict.PASS}


def test_a_thin_slice_is_not_accused_either() -> None:
    apart = _ratios({"a": (400, 380), "b": (40, 4)})
    assert Verdict.FAIL in {f.verdict for f in judged(apart, RATIO)}
    assert {f.verdict for f in judged(apart, STRICT)} == {Verdict.INCONCLUSIVE}


def test_people_who_repeat_count_for_what_they_are_worth() -> None:
    one, other = (
        GroupCount(slice=_of(g), positives=190, n=200, n_eff=n, people=40)
        for g, n in (("a", 40.0), ("b", 160.0))
    )
    pair = Measurement(
        metric="impact_ratio",
        scope=one.slice,
        against=other.slice,
        depth=1,
        groups=(one, other),
        estimate=koopman(190, 200, 190, 200, n_eff1=40.0, n_eff2=160.0),
    )
    told = judge([pair], STRICT)
    assert [(f.scope, f.verdict, f.labels_needed) for f in told] == [(_of("a"), Verdict.INCONCLUSIVE, 50)]


def test_thin_everyone_else_leaves_the_slice_with_a_reason() -> None:
    rest = GroupCount(slice=Slice(rest_of=True), positives=30, n=45, n_eff=45.0, people=45)
    one = GroupCount(slice=_of("a"), positives=300, n=400, n_eff=400.0, people=400)
    pair = Measurement(
        metric="impact_ratio",
        scope=one.slice,
        against=rest.slice,
        depth=1,
        groups=(one, rest),
        estimate=koopman(300, 400, 30, 45),
    )
    (finding,) = judge([pair], STRICT)
    assert (finding.scope, finding.against, finding.reason) == (one.slice, rest.slice, Reason.SMALL_N)
    assert (finding.labels_needed, finding.family) == (5, 0)


def test_a_comparison_whose_sides_are_not_described_is_held_as_well() -> None:
    bare = Measurement(metric="ratio", depth=1, estimate=koopman(30, 40, 30, 400))
    (finding,) = judge([bare], STRICT)
    assert (finding.verdict, finding.reason, finding.labels_needed) == (
        Verdict.INCONCLUSIVE,
        Reason.SMALL_N,
        None,
    )


def test_only_ratios_are_asked_for_more() -> None:
    observed = rate_gap(people_table(REGIONS), RateGap(table="t", outcome="prediction"))
    gaps = [o for o in observed if isinstance(o, Measurement) and not o.shown]
    assert without_thin_ratios(gaps, STRICT) == tuple(gaps)
    assert without_thin_ratios(_ratios(REGIONS), RATIO) == _ratios(REGIONS)


@given(st.lists(st.tuples(st.integers(35, 400), st.floats(0, 1)), min_size=2, max_size=5))
def test_strictness_only_tightens(drawn: list[tuple[int, float]]) -> None:
    """What strict passes, standard passes; what strict cannot resolve may be anything."""
    regions = {f"r{i}": (n, round(share * n)) for i, (n, share) in enumerate(drawn)}
    standard = {
        f.about: f.verdict for f in judged(_ratios(regions), replace(RATIO, confidence=Decimal("0.95")))
    }
    for finding in judged(_ratios(regions), STRICT):
        if finding.verdict is Verdict.PASS:
            assert standard[finding.about] is Verdict.PASS
