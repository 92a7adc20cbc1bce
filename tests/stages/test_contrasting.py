"""Who is judged, who is compared with whom, and who is only named, for metrics with an error of their own."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from hcgov.core.limit import Limit, Side
from hcgov.core.measurement import GroupCount, Measurement
from hcgov.core.slices import EVERYONE, NOT_RECORDED, Slice, SliceRules
from hcgov.core.status import Reason, Verdict
from hcgov.stages.contrasting import comparisons, each_alone
from hcgov.stages.lacking import Gaps
from hcgov.stages.measuring import Found, Valued
from hcgov.stages.rates import REST
from hcgov.stages.worked import SOURCE
from hcgov.stats.shares import difference, share
from tests.judgement.judging import judged


def valued(
    who: Slice, value: float | None, n: int = 400, *, fewest: int | None = None, missing: int = 0
) -> Valued:
    return Valued(
        group=GroupCount(slice=who, positives=n // 2, n=n, n_eff=float(n), people=n),
        missing=missing,
        fewest=n // 2 if fewest is None else fewest,
        estimate=None if value is None else share(value, float(n), n=n, people=n),
    )


def column(values: Mapping[str, float | None], name: str = "region", **of: int) -> tuple[Valued, ...]:
    return tuple(valued(Slice(values=((name, v),)), value, **of) for v, value in sorted(values.items()))


def found(slices: Sequence[Valued], rules: SliceRules | None = None, **changes: object) -> Found:
    n = sum(one.group.n for one in slices)
    own = Found(
        metric="auc",
        table="predictions",
        of="`score`",
        people_known=True,
        nobody=0,
        rules=rules or SliceRules(by=("region",)),
        source=SOURCE,
        gaps=Gaps(outcomes=0.05, groups=0.20),
        overall=valued(EVERYONE, 0.8, n),
        by=lambda columns: tuple(one for one in slices if one.group.slice.columns == columns),
        rest=lambda one: valued(REST, 0.8, n - one.group.n),
    )
    return replace(own, **changes)  # type: ignore[arg-type]  # as named


def alone(of: Found) -> list[Measurement]:
    return list(each_alone(of))


def compared(of: Found, *, pairs: bool = True) -> list[Measurement]:
    def gap(one: Valued, other: Valued) -> object:
        assert one.estimate is not None
        assert other.estimate is not None
        return difference(other.estimate, one.estimate)

    return list(comparisons(of, gap, pairs=pairs))  # type: ignore[arg-type]  # an estimate


def reasons(measured: Sequence[Measurement]) -> list[tuple[str, Reason | None]]:
    return [(str(one.scope), one.reason) for one in measured]


def test_every_slice_is_judged_alone() -> None:
    measured = alone(found(column({"north": 0.8, "south": 0.7})))
    assert reasons(measured) == [("region=north", None), ("region=south", None)]


def test_a_slice_with_few_people_on_one_side_is_named_with_what_it_needs() -> None:
    (one,) = alone(found(column({"north": 0.8}, n=300, fewest=10)))
    assert (one.reason, one.estimate, one.labels_needed) == (Reason.SMALL_N, None, 600)
    assert "10 people" in str(one.note)


def test_a_slice_without_anybody_on_one_side_needs_nobody_knows_how_many() -> None:
    (one,) = alone(found(column({"north": None}, fewest=0)))
    assert (one.reason, one.labels_needed) == (Reason.SMALL_N, None)


def test_an_undefined_value_is_named() -> None:
    (one,) = alone(found(column({"north": None})))
    assert one.reason is Reason.NO_INTERVAL
    assert "undefined" in str(one.note)


def test_a_slice_that_misses_much_is_not_judged() -> None:
    (one,) = alone(found(column({"north": 0.8}, missing=300)))
    assert one.reason is Reason.MISSING_OUTCOMES


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"overall": valued(EVERYONE, 0.8, 400, missing=100)}, Reason.MISSING_OUTCOMES),
        ({"overall": valued(EVERYONE, None, 0, missing=100)}, Reason.MISSING_OUTCOMES),
        ({"people_known": False}, Reason.FEW_PEOPLE),
        ({"nobody": 100}, Reason.FEW_PEOPLE),
    ],
)
def test_an_obstacle_stops_everything(changes: dict[str, object], reason: Reason) -> None:
    own = found(column({"north": 0.8, "south": 0.8}), **changes)
    assert reasons(alone(own)) == reasons(compared(own)) == [("everyone", reason)]


def test_few_groups_are_compared_in_all_pairs_and_many_with_the_rest() -> None:
    few = compared(found(column({"a": 0.8, "b": 0.7, "c": 0.6})))
    assert len(few) == 6
    many = compared(found(column({f"r{i}": 0.8 for i in range(9)})))
    assert [one.against for one in many] == [REST] * 9
    assert [one.against for one in compared(found(column({"a": 0.8, "b": 0.7})), pairs=False)] == [REST] * 2


def test_the_slice_that_is_worse_off_has_the_gap() -> None:
    gaps = {
        str(one.scope): one.estimate.value
        for one in compared(found(column({"a": 0.9, "b": 0.7})))
        if one.estimate
    }
    assert gaps == {"region=a": pytest.approx(-0.2), "region=b": pytest.approx(0.2)}


def test_nobody_is_compared_with_nobody() -> None:
    assert reasons(compared(found(column({"a": 0.9})))) == [("region=a", Reason.UNMATCHED_PAIRS)]
    measured = compared(found(column({"a": 0.9, NOT_RECORDED: 0.9})))
    assert {one.reason for one in measured} == {Reason.MISSING_DEMOGRAPHICS}


def test_a_column_that_holds_nothing_is_no_slice() -> None:
    measured = alone(found(column({NOT_RECORDED: 0.9})))
    assert {one.reason for one in measured} == {Reason.MISSING_DEMOGRAPHICS}


def test_a_rest_that_is_too_small_is_told_of_the_slice() -> None:
    own = found(column({"a": 0.9, "b": 0.8}), rest=lambda one: valued(REST, 0.8, 20))
    measured = compared(own, pairs=False)
    assert [(str(one.scope), one.against, one.reason) for one in measured] == [
        ("region=a", REST, Reason.SMALL_N),
        ("region=b", REST, Reason.SMALL_N),
    ]


def test_reported_columns_are_shown_and_never_decide() -> None:
    slices = (*column({"a": 0.9, "b": 0.8}), *column({"x": 0.9, "y": 0.2}, "age"))
    own = found(slices, SliceRules(by=("region",), report=("age",)))
    for measured in (alone(own), compared(own)):
        told = {one.reason for one in measured if one.scope.columns == ("age",)}
        assert told == {Reason.REPORTED}


def test_declared_groups_without_rows_are_named() -> None:
    rules = SliceRules(by=("region",), groups={"region": ("a", "b", "c")})
    absent = [one for one in alone(found(column({"a": 0.9, "b": 0.8}), rules)) if one.reason]
    assert reasons(absent) == [("region=c", Reason.ABSENT_GROUP)]


def test_crossings_of_declared_groups_without_rows_are_named() -> None:
    rules = SliceRules(by=("region", "sex"), groups={"region": ("a", "b"), "sex": ("F", "M")})
    crossed = tuple(
        valued(Slice(values=(("region", region), ("sex", sex))), 0.9, 200)
        for region, sex in ("aF", "aM", "bM")
    )
    slices = (*column({"a": 0.9, "b": 0.9}), *column({"F": 0.9, "M": 0.9}, "sex"), *crossed)
    for measured in (alone(found(slices, rules)), compared(found(slices, rules))):
        (absent,) = [one for one in measured if one.reason]
        assert (str(absent.scope), absent.depth) == ("region=b × sex=F", 2)
        assert absent.reason is Reason.ABSENT_GROUP


@pytest.mark.parametrize("measure", [alone, compared])
@pytest.mark.parametrize(("fewest", "known"), [(29, False), (30, True), (99, True)])
def test_who_asks_for_more_people_does_not_make_what_is_known_unknown(
    measure: Callable[[Found], list[Measurement]], fewest: int, known: bool
) -> None:
    rules = SliceRules(by=("region",), min_people=100)
    slices = (*column({"north": 0.8, "west": 0.8}), *column({"south": 0.2}, fewest=fewest))
    (south,) = (m for m in measure(found(slices, rules)) if str(m.scope) == "region=south")
    assert (south.reason, south.estimate is not None) == (Reason.SMALL_N, known)
    limit = Limit(side=Side.AT_LEAST, value=Decimal("0.5"))
    if measure is compared:
        limit = Limit(side=Side.AT_MOST, value=Decimal("0.1"))
    (told,) = judged([south], limit)
    expected = Reason.SMALL_AND_APART if known else Reason.SMALL_N
    assert (told.verdict, told.reason, told.estimate) == (Verdict.INCONCLUSIVE, expected, None)
