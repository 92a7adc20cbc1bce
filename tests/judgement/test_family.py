"""The family judge: who passes, who is accused, and who stands outside."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcgov.core.estimate import Estimate, Method
from hcgov.core.evidence.counts import Cell, Counts, Rate
from hcgov.core.finding import Finding
from hcgov.core.limit import Limit, Side
from hcgov.core.measurement import GroupCount, Measurement
from hcgov.core.slices import Slice, SliceRules
from hcgov.core.status import Reason, Verdict
from hcgov.judgement.family import judge
from hcgov.stages.comparing import comparisons
from hcgov.stages.evaluation.rate_gap import gap
from hcgov.stages.lacking import Gaps
from hcgov.stages.worked import SOURCE
from hcgov.stats.differences import miettinen_nurminen
from hcgov.stats.proportions import rate
from hcgov.stats.ratios import koopman
from tests.judgement.judging import judged

TEN_POINTS = Limit(side=Side.AT_MOST, value=Decimal("0.10"))


def _counts(
    cells: dict[tuple[str, str], tuple[int, int]], *, min_people: int = 30, repeat: int = 1
) -> Counts:
    """Return counts by gender and region: (people, selected); every row ``repeat`` times under one person."""
    made = tuple(
        Cell(groups=groups, flags=(flag,), n=n * repeat)
        for groups, (people, selected) in cells.items()
        for flag, n in ((1, selected), (0, people - selected))
        if n
    )
    return Counts(
        table="t",
        columns=("gender", "region"),
        outcomes=("selected",),
        cells=made,
        people_known=True,
        rules=SliceRules(by=("gender", "region"), min_people=min_people),
        source=SOURCE,
        adverse={"selected": False},
    )


def _judged(counts: Counts, limit: Limit = TEN_POINTS) -> tuple[Finding, ...]:
    measured = comparisons(
        counts,
        Rate(outcome="selected"),
        metric="rate_gap",
        gaps=Gaps(outcomes=0.05, groups=0.20),
        compare=lambda one, other: gap(one, other, adverse_higher=False),
    )
    return judged(tuple(measured), limit)


# The planted case of the design: 498 people a cell, selection .57 except F x b .38; a region of ten people.
PLANTED = {
    ("F", "a"): (498, 284),
    ("M", "a"): (498, 284),
    ("M", "b"): (498, 284),
    ("F", "b"): (498, 189),
    ("F", "tiny"): (5, 3),
    ("M", "tiny"): (5, 3),
}


def test_the_planted_slice_is_named_and_fails_and_tiny_cells_stand_outside() -> None:
    findings = {f.about: f for f in _judged(_counts(PLANTED)) if f.depth == 2}
    failed = [about for about, f in findings.items() if f.verdict is Verdict.FAIL]
    assert failed == ["gender=F × region=b against everyone else"]
    worst = findings[failed[0]]
    assert worst.fail_bound is not None
    assert worst.fail_bound.value > 0.10
    assert worst.family == 4
    for cell in ("gender=F × region=tiny", "gender=M × region=tiny"):
        assert findings[cell].verdict is Verdict.INCONCLUSIVE
        assert findings[cell].reason is Reason.SMALL_N
        assert findings[cell].family == 0
        assert findings[cell].labels_needed == 25


def test_the_tiny_region_enters_no_pair() -> None:
    pairs = [f for f in _judged(_counts(PLANTED)) if f.depth == 1 and f.against is not None]
    assert all("tiny" not in f.about for f in pairs)
    assert {f.family for f in pairs} == {4}  # two genders and two large regions: two ordered pairs each


def test_several_slicings_of_one_depth_are_one_family() -> None:
    assert len({(f.metric, f.depth) for f in _judged(_counts(PLANTED))}) == 2


def _pair(x1: int, n1: int, x2: int, n2: int) -> Measurement:
    return Measurement(
        metric="gap",
        scope=Slice(values=(("g", f"{x1}/{n1}"),)),
        depth=1,
        estimate=miettinen_nurminen(x1, n1, x2, n2, people=n1 + n2),
    )


def test_passing_needs_no_correction_and_accusing_does() -> None:
    # One of twelve: enough on its own, not enough among twelve (Holm 1979).
    accused = _pair(225, 500, 150, 500)
    alone = judge([accused], TEN_POINTS)[0]
    assert alone.verdict is Verdict.INCONCLUSIVE
    clear = _pair(260, 500, 150, 500)
    assert judge([clear], TEN_POINTS)[0].verdict is Verdict.FAIL
    borderline = _pair(232, 500, 150, 500)
    assert judge([borderline], TEN_POINTS)[0].verdict is Verdict.FAIL
    among = judge([borderline, *(_pair(150, 500, 150, 500) for _ in range(40))], TEN_POINTS)
    assert among[0].verdict is Verdict.INCONCLUSIVE
    assert all(f.verdict is Verdict.PASS for f in among[1:])
    assert {f.pass_bound.level for f in among if f.pass_bound} == {0.95}


def test_the_step_down_goes_on_after_the_first_accused() -> None:
    worst, second = _pair(400, 500, 150, 500), _pair(240, 500, 150, 500)
    judged = judge([second, worst, *(_pair(150, 500, 150, 500) for _ in range(2))], TEN_POINTS)
    assert judged[1].fail_bound is not None
    assert judged[0].fail_bound is not None
    assert judged[1].fail_bound.level == pytest.approx(1 - 0.05 / 4)
    assert judged[0].fail_bound.level == pytest.approx(1 - 0.05 / 3)


def test_after_the_step_down_has_stopped_nobody_gets_an_easier_level() -> None:
    judged = judge(
        [_pair(400, 500, 150, 500), *(_pair(205 + i, 500, 150, 500) for i in range(3))], TEN_POINTS
    )
    levels = [f.fail_bound.level for f in judged if f.fail_bound is not None]
    assert levels == pytest.approx([1 - 0.05 / 4, *[1 - 0.05 / 3] * 3])


def test_what_a_perfect_sample_could_not_pass_is_too_small() -> None:
    floor = Limit(side=Side.AT_LEAST, value=Decimal("0.95"))
    # Clopper-Pearson: ln .05 / ln .95 = 58.4, so 58 perfect rows are too few and 59 are enough.
    small, enough = (
        judge([Measurement(metric="rate", depth=1, estimate=rate(n, n, people=n))], floor)[0]
        for n in (58, 59)
    )
    assert (small.verdict, small.reason) == (Verdict.INCONCLUSIVE, Reason.SMALL_N)
    assert enough.verdict is Verdict.PASS


def test_narrow_marks_a_pass_outside_the_tighter_limit() -> None:
    limit = Limit(side=Side.AT_MOST, value=Decimal("0.10"), narrow=Decimal("0.03"))
    wide, tight = (
        judge([_pair(1500, 5000, 1400, 5000)], limit)[0],
        judge([_pair(1400, 5000, 1400, 5000)], limit)[0],
    )
    assert (wide.verdict, wide.narrow) == (Verdict.PASS, True)
    assert (tight.verdict, tight.narrow) == (Verdict.PASS, False)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(30, 400), st.floats(0, 1), st.integers(30, 400), st.floats(0, 1)),
        min_size=1,
        max_size=6,
    )
)
def test_no_value_both_passes_and_fails_and_stricter_limits_never_help(
    pairs: list[tuple[int, float, int, float]],
) -> None:
    measured = [_pair(round(n1 * p1), n1, round(n2 * p2), n2) for n1, p1, n2, p2 in pairs]
    order = {Verdict.PASS: 0, Verdict.INCONCLUSIVE: 1, Verdict.FAIL: 2}
    previous, family, accused = None, None, set[object]()
    for value in ("0.30", "0.20", "0.10", "0.05"):
        judged = judge(measured, Limit(side=Side.AT_MOST, value=Decimal(value)))
        for finding in judged:
            if finding.pass_bound and finding.fail_bound:
                assert finding.fail_bound.value <= finding.pass_bound.value
        passed = {f.about for f in judged if f.verdict is Verdict.PASS}
        assert previous is None or passed <= previous
        previous = passed
        assert all(f.verdict in order for f in judged)
        # Nor does a stricter limit acquit anybody, as long as it leaves the same comparisons large enough.
        same = {f.estimate.statistics for f in judged if f.estimate and f.pass_bound}
        failed = {f.estimate.statistics for f in judged if f.estimate and f.verdict is Verdict.FAIL}
        assert same != family or accused <= failed
        family, accused = same, failed


def test_nothing_in_nothing_out() -> None:
    assert judge([], TEN_POINTS) == ()


def test_a_slice_too_small_for_the_limit_is_named_once() -> None:
    counts = _counts(
        {("F", "a"): (2000, 1000), ("M", "a"): (2000, 1000), ("F", "b"): (17, 8), ("M", "b"): (16, 8)}
    )
    limit = Limit(side=Side.AT_MOST, value=Decimal("0.05"))
    small = [f for f in _judged(counts, limit) if f.depth == 1 and "region=b" in f.about]
    assert [(f.about, f.reason) for f in small] == [("region=b", Reason.SMALL_N)]
    assert small[0].labels_needed is not None
    assert small[0].groups[0].n == 33


def test_an_infinite_ratio_is_judged_by_its_bound_and_counts_in_the_family() -> None:
    def pair(x1: int, x2: int, one: str, other: str) -> Measurement:
        scope, against = Slice(values=(("sex", one),)), Slice(values=(("sex", other),))
        return Measurement(
            metric="impact_ratio",
            scope=scope,
            against=against,
            depth=1,
            estimate=koopman(x1, 500, x2, 500),
            groups=tuple(
                GroupCount(slice=s, positives=x, n=500, n_eff=500.0, people=500)
                for s, x in ((scope, x1), (against, x2))
            ),
        )

    four_fifths = Limit(side=Side.AT_LEAST, value=Decimal("0.80"))
    found = judge([pair(250, 0, "M", "F"), pair(0, 250, "F", "M")], four_fifths)
    assert [(f.verdict, f.family) for f in found] == [(Verdict.PASS, 2), (Verdict.FAIL, 2)]
    assert "without bound" in str(found[0].text)


def test_a_value_without_an_interval_neither_passes_nor_fails() -> None:
    value = Estimate(value=0.01, n=900, n_eff=900.0, people=900, method=Method.POINT)
    (found,) = judge([Measurement(metric="m", estimate=value)], TEN_POINTS)
    assert (found.verdict, found.reason) == (Verdict.INCONCLUSIVE, Reason.NO_INTERVAL)


def test_two_metrics_of_one_control_share_the_error_of_accusing() -> None:
    """Both gaps of equalised odds lie at the limit at once: together they may accuse falsely in 5 % of cases."""
    one = _pair(248, 500, 172, 500)
    other = replace(_pair(150, 500, 150, 500), metric="other")
    (alone,) = judged([one], TEN_POINTS)
    shared, beside = judged([one, other], TEN_POINTS)
    deeper = judged([one, replace(other, depth=2)], TEN_POINTS)[0]
    assert [f.fail_bound.level for f in (alone, shared, deeper) if f.fail_bound] == [0.95, 0.975, 0.95]
    assert (shared.family, beside.family) == (1, 1)
    assert {f.pass_bound.level for f in (alone, shared, beside) if f.pass_bound} == {0.95}


def test_a_crossing_too_small_to_be_accused_is_not_passed_over_where_it_is_far_beyond() -> None:
    """Sixty women in region b at 10 % beside 57 %: too few for the limit to be kept, and no chance either."""
    cells = {("F", "a"): (498, 284), ("M", "a"): (498, 284), ("M", "b"): (498, 284)}
    for harmed, reason in (((60, 6), Reason.SMALL_AND_APART), ((60, 30), Reason.SMALL_N)):
        judged = _judged(_counts({**cells, ("F", "b"): harmed}), TEN_POINTS)
        (one,) = (f for f in judged if f.about.startswith("gender=F × region=b"))
        assert (one.verdict, one.reason) == (Verdict.INCONCLUSIVE, reason)
    # Below the fewest people too: what is known of them is looked at, and judged it is not.
    for harmed, reason in (((20, 0), Reason.SMALL_AND_APART), ((20, 10), Reason.SMALL_N)):
        judged = _judged(_counts({**cells, ("F", "b"): harmed}), TEN_POINTS)
        (one,) = (f for f in judged if f.about.startswith("gender=F × region=b"))
        assert (one.verdict, one.reason, one.estimate) == (Verdict.INCONCLUSIVE, reason, None)


@pytest.mark.parametrize(("people", "tiny"), [(80, 0), (80, 30), (300, 5), (300, 30), (600, 30)])
def test_who_asks_for_more_people_takes_no_harm_out_of_sight(people: int, tiny: int) -> None:
    """A crossing that only just fails is not passed over because more people are asked for."""
    cells = {("F", "a"): (900, 500), ("M", "a"): (900, 500), ("M", "b"): (900, 500)}
    # Of so few that nothing could be said of them: they do not hide those of whom something can be.
    cells |= {("F" if i % 2 else "M", f"r{i}"): (12, 7) for i in range(tiny)}

    def told(selected: int, min_people: int) -> Finding:
        judged = _judged(_counts({**cells, ("F", "b"): (people, selected)}, min_people=min_people))
        return next(f for f in judged if f.about.startswith("gender=F × region=b"))

    failing, open_ = 0, people // 2
    assert told(failing, 30).verdict is Verdict.FAIL
    while open_ - failing > 1:
        middle = (failing + open_) // 2
        if told(middle, 30).verdict is Verdict.FAIL:
            failing = middle
        else:
            open_ = middle
    for min_people in (people + 1, 800):
        found = told(failing, min_people)
        assert (found.verdict, found.reason) == (Verdict.INCONCLUSIVE, Reason.SMALL_AND_APART)


def test_a_group_of_too_few_people_is_not_passed_over_where_it_is_far_beyond() -> None:
    cells = {("F", "a"): (1000, 600), ("M", "a"): (1000, 600), ("X", "a"): (100, 10)}
    failing = {f.about: f for f in _judged(_counts(cells)) if f.depth == 1}
    assert failing["gender=X against gender=F"].verdict is Verdict.FAIL
    (told,) = (f for f in _judged(_counts(cells, min_people=101)) if f.about == "gender=X")
    assert (told.verdict, told.reason) == (Verdict.INCONCLUSIVE, Reason.SMALL_AND_APART)
    assert (told.estimate, told.labels_needed) == (None, 1)
    assert str(told.text).startswith("gender=X: 100 people in the denominator (10 of 100 with the outcome")
    assert str(told.text).endswith("so far beyond the limit ≤ 0.10 that chance alone would hardly explain it")
    even = {**cells, ("X", "a"): (100, 60)}
    (told,) = (f for f in _judged(_counts(even, min_people=101)) if f.about == "gender=X")
    assert (told.verdict, told.reason) == (Verdict.INCONCLUSIVE, Reason.SMALL_N)
