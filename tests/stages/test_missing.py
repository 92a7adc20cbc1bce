"""People without a group and rows without an outcome decide nothing: verdicts stand at their extremes or not at all."""

from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcgov.core.estimate import Estimate
from hcgov.core.evidence.counts import Cell, Counts, Rate
from hcgov.core.finding import Finding
from hcgov.core.limit import Limit, Side
from hcgov.core.measurement import GroupCount
from hcgov.core.slices import EVERYONE, NOT_RECORDED, SliceRules
from hcgov.core.status import Reason, Verdict
from hcgov.stages.comparing import comparisons, each_alone, with_everyone_else
from hcgov.stages.evaluation.rate_gap import gap
from hcgov.stages.lacking import Gaps
from hcgov.stages.worked import SOURCE, at_least, at_most
from hcgov.stats.bounds import lower, upper
from tests.judgement.judging import judged

RATE = Rate(outcome="prediction")
GAPS = Gaps(outcomes=0.05, groups=0.20)


def _table(
    groups: dict[tuple[str | None, ...], tuple[int, int, int]], *, columns: tuple[str, ...] = ("sex",)
) -> Counts:
    """Return counts: group -> rows with the outcome, without it, and without a record of it."""
    return Counts(
        table="predictions",
        columns=columns,
        outcomes=("prediction",),
        cells=tuple(
            Cell(groups=group, flags=(flag,), n=n)
            for group, three in groups.items()
            for flag, n in zip((1, 0, None), three, strict=True)
            if n
        ),
        people_known=True,
        rules=SliceRules(by=columns, min_people=30),
        source=SOURCE,
        adverse={"prediction": True},
    )


def _compare(one: GroupCount, other: GroupCount) -> Estimate:
    return gap(one, other, adverse_higher=True)


def _judged(counts: Counts, limit: Limit, *, pairs: bool = True) -> dict[str, Finding]:
    ask = comparisons if pairs else with_everyone_else
    measured = list(ask(counts, RATE, metric="gap", compare=_compare, gaps=GAPS))
    return {finding.about: finding for finding in judged(measured, limit)}


F_M = "sex=F against sex=M"


def test_a_pass_that_the_unrecorded_could_undo_is_inconclusive() -> None:
    recorded = {("F",): (400, 600, 0), ("M",): (400, 600, 0)}
    assert _judged(_table(recorded), at_most("0.10"))[F_M].verdict is Verdict.PASS
    found = _judged(_table({**recorded, (None,): (100, 100, 0)}), at_most("0.10"))[F_M]
    assert (found.verdict, found.reason) == (Verdict.INCONCLUSIVE, Reason.MISSING_DEMOGRAPHICS)
    assert found.worst_case is not None
    assert found.worst_case.value > 0.10
    # A few people without a group cannot change it: then it stands, and says how far it could have gone.
    kept = _judged(_table({**recorded, (None,): (5, 5, 0)}), at_most("0.10"))[F_M]
    assert kept.verdict is Verdict.PASS
    assert kept.worst_case is not None
    assert kept.pass_bound is not None
    assert kept.pass_bound.value < kept.worst_case.value <= 0.10


def test_an_accusation_that_the_unrecorded_could_undo_is_inconclusive() -> None:
    recorded = {("F",): (500, 500, 0), ("M",): (330, 670, 0)}
    assert _judged(_table(recorded), at_most("0.10"))[F_M].verdict is Verdict.FAIL
    found = _judged(_table({**recorded, (None,): (80, 80, 0)}), at_most("0.10"))[F_M]
    assert (found.verdict, found.reason) == (Verdict.INCONCLUSIVE, Reason.MISSING_DEMOGRAPHICS)
    assert _judged(_table({**recorded, (None,): (4, 4, 0)}), at_most("0.10"))[F_M].verdict is Verdict.FAIL


def test_rows_without_an_outcome_may_have_had_either() -> None:
    recorded = {("F",): (400, 600, 0), ("M",): (400, 600, 0)}
    assert _judged(_table(recorded), at_most("0.06"))[F_M].verdict is Verdict.PASS
    found = _judged(_table({("F",): (400, 600, 40), ("M",): (400, 600, 40)}), at_most("0.06"))[F_M]
    assert (found.verdict, found.reason) == (Verdict.INCONCLUSIVE, Reason.MISSING_OUTCOMES)


def test_groups_and_outcomes_that_are_missing_together_are_worse_than_either() -> None:
    both = {("F",): (1000, 1000, 30), ("M",): (1000, 1000, 30), (None,): (30, 30, 30)}
    alone = [{**both, ("F",): (1000, 1000, 0), ("M",): (1000, 1000, 0), (None,): (30, 30, 0)}]
    alone.append({group: three for group, three in both.items() if group != (None,)})
    worst = [
        found.worst_case.value
        for table in (*alone, both)
        if (found := _judged(_table(table), at_most("0.15"))[F_M]).worst_case is not None
    ]
    assert len(worst) == 3
    assert worst[2] > max(worst[:2])


def test_worst_bound_against_everyone_else_is_that_of_every_assignment() -> None:
    # Enumerated: each of the unrecorded belongs to the slice or to everyone else.
    table = _table({("F",): (20, 25, 0), ("M",): (30, 35, 0), (None,): (4, 5, 0)})
    found = _judged(table, at_most("0.60"), pairs=False)["sex=F against everyone else"]
    worst = max(
        upper(
            _compare(_group(20 + up, 45 + up + down), _group(30 + 4 - up, 65 + 9 - up - down)),
            0.95,
        )
        for up, down in product(range(5), range(6))
    )
    assert found.verdict is Verdict.PASS
    assert found.worst_case is not None
    assert found.worst_case.value == pytest.approx(worst, abs=1e-12)


def _group(positives: int, n: int) -> GroupCount:
    return GroupCount(slice=EVERYONE, positives=positives, n=n, n_eff=float(n), people=n)


def test_only_who_agrees_in_what_is_recorded_may_belong_to_a_crossing() -> None:
    cells = {(sex, region): (400, 600, 0) for sex in "FM" for region in "ab"}
    sizes = {}
    for who in (("F", None), (None, "a"), (None, None), ("M", None)):
        table = _table({**cells, who: (20, 20, 0)}, columns=("sex", "region"))
        found = _judged(table, at_most("0.10"), pairs=False)["sex=F × region=a against everyone else"]
        assert found.worst_case is not None or who == ("M", None)
        sizes[who] = found.worst_case
    assert sizes["M", None] is None


def test_a_slices_own_rate_is_held_with_the_unrecorded_in_it() -> None:
    def verdict(unrecorded: int) -> Verdict:
        table = _table({("F",): (880, 120, 0), ("M",): (900, 100, 0), (None,): (unrecorded, unrecorded, 0)})
        found = judged(list(each_alone(table, RATE, metric="rate", gaps=GAPS)), at_least("0.80"))
        return next(f.verdict for f in found if f.about == "sex=F")

    assert (verdict(0), verdict(20), verdict(120)) == (Verdict.PASS, Verdict.PASS, Verdict.INCONCLUSIVE)


def test_the_unrecorded_are_compared_as_they_are() -> None:
    table = _table({("F",): (400, 600, 0), ("M",): (400, 600, 0), (None,): (150, 50, 0)})
    found = _judged(table, at_most("0.10"))[f"sex={NOT_RECORDED} against sex=M"]
    assert found.verdict is Verdict.FAIL
    assert found.worst_case is None


def test_a_pass_near_its_narrow_limit_at_worst_is_narrow() -> None:
    recorded = {("F",): (400, 600, 0), ("M",): (400, 600, 0), (None,): (8, 8, 0)}
    limit = Limit(side=Side.AT_MOST, value=Decimal("0.10"), narrow=Decimal("0.04"))
    found = _judged(_table(recorded), limit)[F_M]
    assert found.verdict is Verdict.PASS
    assert found.narrow
    whole = _judged(_table({("F",): (400, 600, 0), ("M",): (400, 600, 0)}), limit)[F_M]
    assert not whole.narrow


def test_nothing_is_computed_where_everything_is_recorded() -> None:
    table = _table({("F",): (400, 600, 0), ("M",): (400, 600, 0)})
    measured = comparisons(table, RATE, metric="gap", compare=_compare, gaps=GAPS)
    assert all(not m.extremes for m in measured)


def test_more_that_is_missing_never_decides_what_less_left_open() -> None:
    recorded = {("F",): (450, 550, 0), ("M",): (400, 600, 0)}
    decided = [
        _judged(_table({**recorded, (None,): (k, k, 0)}), at_most("0.20"))[F_M].verdict is Verdict.PASS
        for k in range(0, 200, 10)
    ]
    assert decided[0]
    assert not decided[-1]
    assert decided == sorted(decided, reverse=True)


PARTS = st.tuples(*[st.integers(0, 60)] * 4)


@settings(max_examples=150, deadline=None)
@given(
    women=PARTS,
    men=PARTS,
    hidden=st.tuples(*[st.integers(0, 12)] * 4),
    pairs=st.booleans(),
    at=st.sampled_from(["0.10", "0.20", "0.35"]),
)
def test_whatever_is_hidden_no_verdict_contradicts_the_whole_truth(
    women: tuple[int, ...], men: tuple[int, ...], hidden: tuple[int, ...], pairs: bool, at: str
) -> None:
    # Recorded people; then some whose sex was hidden, which the truth knows.
    seen = {"F": (40 + women[0], 40 + women[1]), "M": (40 + men[0], 40 + men[1])}
    truth = {
        "F": (seen["F"][0] + hidden[0], seen["F"][1] + hidden[1]),
        "M": (seen["M"][0] + hidden[2], seen["M"][1] + hidden[3]),
    }
    table = _table(
        {
            **{(sex,): (*two, 0) for sex, two in seen.items()},
            (None,): (hidden[0] + hidden[2], hidden[1] + hidden[3], 0),
        }
    )
    limit = at_most(at)
    about = "sex=F against sex=M" if pairs else "sex=F against everyone else"
    found = _judged(table, limit, pairs=pairs).get(about)
    if found is None:  # too small for the limit whatever it says
        return
    whole = _compare(*(_group(x, x + y) for x, y in (truth["F"], truth["M"])))
    if found.verdict is Verdict.PASS:
        assert limit.holds(upper(whole, 0.95) - 1e-9)
    if found.verdict is Verdict.FAIL and found.fail_bound is not None:
        assert not limit.holds(lower(whole, found.fail_bound.level) + 1e-9)
