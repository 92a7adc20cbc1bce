"""Who is compared with whom, and what is not known stays unknown."""

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from hcgov.core.evidence.clusters import Crowd
from hcgov.core.evidence.counts import Cell, Counts, PeopleKey, Rate, SliceSums
from hcgov.core.measurement import Measurement
from hcgov.core.slices import NOT_RECORDED, Slice, SliceRules
from hcgov.core.status import Reason
from hcgov.stages.comparing import comparisons
from hcgov.stages.evaluation.rate_gap import RateGap, rate_gap
from hcgov.stages.lacking import Gaps
from hcgov.stages.rates import complement, count, count_rest
from hcgov.stages.worked import SOURCE
from hcgov.stats.clusters import moments
from hcgov.stats.differences import miettinen_nurminen

RATE = Rate(outcome="chosen")


def _measured(cells: tuple[Cell, ...], crowds: Mapping[PeopleKey, Crowd] | None = None) -> list[Measurement]:
    counts = Counts(
        table="t",
        columns=("sex",),
        outcomes=("chosen",),
        cells=cells,
        people_known=True,
        rules=SliceRules(by=("sex",)),
        source=SOURCE,
        crowds=crowds,
        adverse={"chosen": False},
    )
    found = rate_gap(counts, RateGap(table="t", outcome="chosen"))
    return [one for one in found if isinstance(one, Measurement) and not one.shown]


def _crowd(sums: list[tuple[int, int]], nobody: int = 0) -> Crowd:
    found = moments(sums)
    people = found.clusters - (nobody > 0)
    return Crowd(people=people, rows=int(found.n), nobody=nobody, by_person=found)


def _halves(sizes: dict[str | None, int]) -> tuple[Cell, ...]:
    return tuple(Cell(groups=(sex,), flags=(f,), n=n // 2) for sex, n in sizes.items() for f in (0, 1))


def test_people_whose_group_is_not_recorded_are_no_group_to_compare_the_only_other_with() -> None:
    found = _measured(_halves({"F": 400, None: 4000}))
    assert {str(one.scope): one.reason for one in found} == {
        "sex=F": Reason.MISSING_DEMOGRAPHICS,
        f"sex={NOT_RECORDED}": Reason.MISSING_DEMOGRAPHICS,
    }


def test_beside_two_recorded_groups_those_not_recorded_are_compared_too() -> None:
    found = _measured(_halves({"F": 400, "M": 400, None: 150}))
    assert len(found) == 6
    assert all(one.estimate is not None for one in found)


def test_everyone_in_one_group_leaves_nobody_to_compare_with() -> None:
    (one,) = _measured(_halves({"F": 400}))
    assert one.reason is Reason.UNMATCHED_PAIRS


def test_a_constant_slice_of_rows_without_a_person_is_few_people_and_no_crash() -> None:
    known = tuple(Cell(groups=("F",), flags=(f,), n=800) for f in (0, 1))
    nobody = Cell(groups=("M",), flags=(1,), n=50)
    women = [(2, 1)] * 800
    crowds = {
        ((), RATE): _crowd([*women, (50, 50)], nobody=50),
        ((("sex", "F"),), RATE): _crowd(women),
        ((("sex", "M"),), RATE): _crowd([(50, 50)], nobody=50),
    }
    small = {str(one.scope): one.reason for one in _measured((*known, nobody), crowds) if one.against is None}
    assert small == {"sex=M": Reason.FEW_PEOPLE}


def test_missing_people_are_counted_up_to_whole_rows() -> None:
    cells = tuple(Cell(groups=(s,), flags=(f,), n=n) for s, n in (("F", 800), ("M", 18)) for f in (0, 1))
    women, men = [(2, 1)] * 800, [(1, 0)] * 11 + [(1, 1)] * 11 + [(2, 1)] * 7
    crowds = {
        ((), RATE): _crowd([*women, *men]),
        ((("sex", "F"),), RATE): _crowd(women),
        ((("sex", "M"),), RATE): _crowd(men),
    }
    (small,) = (one for one in _measured(cells, crowds) if one.against is None)
    assert small.labels_needed == 2  # one person more has 36 / 29 rows, and 1.24 rows are two


def _table(cells: dict[str | None, tuple[int, int, int]]) -> Counts:
    """Return counts by region: (rows with the outcome, rows without, rows where it is not recorded)."""
    made = tuple(
        Cell(groups=(region,), flags=(flag,), n=n)
        for region, three in cells.items()
        for flag, n in zip((1, 0, None), three, strict=True)
        if n
    )
    return Counts(
        table="t",
        columns=("region",),
        outcomes=("chosen",),
        cells=made,
        people_known=True,
        rules=SliceRules(by=("region",), min_people=30),
        source=SOURCE,
        adverse={"chosen": False},
    )


def _reasons(counts: Counts) -> dict[str, Reason | None]:
    measured = comparisons(
        counts,
        Rate(outcome="chosen"),
        metric="m",
        gaps=Gaps(outcomes=0.05, groups=0.20),
        compare=lambda one, other: miettinen_nurminen(one.positives, one.n, other.positives, other.n),
    )
    return {str(m.scope): m.reason for m in measured}


def test_people_whose_group_nobody_wrote_down_keep_a_column_from_passing() -> None:
    few, many = {"a": (500, 500, 0), "b": (500, 500, 0)}, {"a": (30, 30, 0), "b": (30, 30, 0)}
    unknown = "region=(not recorded)"
    assert _reasons(_table({**few, None: (100, 100, 0)}))[unknown] is None
    assert _reasons(_table({**many, None: (1500, 1500, 0)}))[unknown] is None
    told = [
        m
        for m in comparisons(
            _table({**many, None: (1500, 1500, 0)}),
            Rate(outcome="chosen"),
            metric="m",
            gaps=Gaps(outcomes=0.05, groups=0.20),
            compare=lambda one, other: miettinen_nurminen(one.positives, one.n, other.positives, other.n),
        )
        if m.reason is Reason.MISSING_DEMOGRAPHICS
    ]
    assert ["3000 of 3120" in str(m.note) for m in told] == [True]


def test_a_slice_whose_outcomes_are_mostly_missing_is_not_judged() -> None:
    counts = _table({"a": (2000, 2000, 0), "b": (2000, 2000, 0), "c": (60, 60, 80)})
    assert _reasons(counts)["region=c"] is Reason.MISSING_OUTCOMES
    assert _reasons(counts)["region=a"] is None


def test_rows_that_name_no_person_keep_a_table_from_being_judged() -> None:
    def measured(nobody: int) -> list[Measurement]:
        known = [Cell(groups=(s,), flags=(f,), n=400) for s in "FM" for f in (0, 1)]
        people, nameless = [(2, 1)] * 400, [(nobody, nobody)]
        crowds = {
            ((), RATE): _crowd([*people, *people, *nameless], nobody=nobody),
            ((("sex", "F"),), RATE): _crowd([*people, *nameless], nobody=nobody),
            ((("sex", "M"),), RATE): _crowd(people),
        }
        return _measured((*known, Cell(groups=("F",), flags=(1,), n=nobody)), crowds)

    assert {one.reason for one in measured(60)} == {None}
    (told,) = measured(200)
    assert told.reason is Reason.FEW_PEOPLE
    assert "200 of 1800 rows name no person" in str(told.note)


_CROWD = _crowd([(2, 1), (1, 0), (3, 3)])


@given(
    own=st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9)),
    others=st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9)),
    known=st.tuples(st.booleans(), st.booleans()),
    crowds=st.sampled_from([(None, None), (_CROWD, None), (None, _CROWD)]),
)
def test_everyone_else_counts_as_their_sums_do(
    own: tuple[int, int, int],
    others: tuple[int, int, int],
    known: tuple[bool, bool],
    crowds: tuple[Crowd | None, Crowd | None],
) -> None:
    def sums(parts: list[tuple[int, int, int]], known: bool, crowd: Crowd | None) -> SliceSums:
        positives, negatives, missing = (sum(column) for column in zip(*parts, strict=True))
        n = positives + negatives
        people = n if known else None
        return SliceSums(slice=Slice(), n=n, positives=positives, missing=missing, people=people, crowd=crowd)

    one, everyone = sums([own], known[0], crowds[0]), sums([own, others], known[1], crowds[1])
    told = count(complement(one, everyone), everyone)
    assert repr(count_rest(one, everyone)) == repr(told)
