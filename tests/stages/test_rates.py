"""Who is compared with whom, and what is not known stays unknown."""

from collections.abc import Mapping

from hcgov.core.evidence.counts import Cell, Counts, PeopleKey, Rate
from hcgov.core.measurement import Measurement
from hcgov.core.slices import NOT_RECORDED, SliceRules
from hcgov.core.status import Reason
from hcgov.stages.evaluation.rate_gap import RateGap, rate_gap
from hcgov.stages.worked import SOURCE

RATE = Rate(outcome="chosen")


def _measured(cells: tuple[Cell, ...], people: Mapping[PeopleKey, int] | None = None) -> list[Measurement]:
    counts = Counts(
        table="t",
        columns=("sex",),
        outcomes=("chosen",),
        cells=cells,
        people_known=True,
        rules=SliceRules(by=("sex",)),
        source=SOURCE,
        people=people,
        adverse={"chosen": False},
    )
    found = rate_gap(counts, RateGap(table="t", outcome="chosen"))
    return [one for one in found if isinstance(one, Measurement) and not one.shown]


def _halves(sizes: dict[str | None, int]) -> tuple[Cell, ...]:
    return tuple(Cell(groups=(sex,), flags=(f,), n=n // 2) for sex, n in sizes.items() for f in (0, 1))


def test_people_whose_group_is_not_recorded_are_no_group_to_compare_the_only_other_with() -> None:
    found = _measured(_halves({"F": 400, None: 4000}))
    assert {str(one.scope): one.reason for one in found} == {
        "sex=F": Reason.MISSING_DEMOGRAPHICS,
        f"sex={NOT_RECORDED}": Reason.MISSING_DEMOGRAPHICS,
    }


def test_beside_two_recorded_groups_those_not_recorded_are_compared_too() -> None:
    found = _measured(_halves({"F": 400, "M": 400, None: 400}))
    assert len(found) == 6
    assert all(one.estimate is not None for one in found)


def test_everyone_in_one_group_leaves_nobody_to_compare_with() -> None:
    (one,) = _measured(_halves({"F": 400}))
    assert one.reason is Reason.UNMATCHED_PAIRS


def test_a_constant_slice_of_rows_without_a_person_is_few_people_and_no_crash() -> None:
    known = tuple(Cell(groups=("F",), flags=(f,), n=20, bucket=b) for f in (0, 1) for b in range(40))
    nobody = Cell(groups=("M",), flags=(1,), n=50, bucket=64)
    people = {((), RATE): 900, ((("sex", "F"),), RATE): 900}
    small = {str(one.scope): one.reason for one in _measured((*known, nobody), people) if one.against is None}
    assert small == {"sex=M": Reason.FEW_PEOPLE}


def test_missing_people_are_counted_up_to_whole_rows() -> None:
    cells = (
        *(Cell(groups=("F",), flags=(f,), n=20, bucket=b) for f in (0, 1) for b in range(40)),
        *(Cell(groups=("M",), flags=(f,), n=18, bucket=b) for f, b in ((0, 1), (1, 2))),
    )
    people = {((), RATE): 929, ((("sex", "F"),), RATE): 900, ((("sex", "M"),), RATE): 29}
    (small,) = (one for one in _measured(cells, people) if one.against is None)
    assert small.labels_needed == 2  # one person more has 36 / 29 rows, and 1.24 rows are two
