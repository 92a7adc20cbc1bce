"""Every declared group, and every crossing of declared groups, is scored or named as absent, once."""

from dataclasses import dataclass
from itertools import combinations, product

from hypothesis import given
from hypothesis import strategies as st

from hcgov.core.evidence.counts import Rate, SliceSums
from hcgov.core.slices import Slice, SliceRules
from hcgov.core.status import Reason
from hcgov.stages.accounting import MOST_ABSENT, accounted

COLUMNS = ("sex", "region", "age")
GROUPS = {"sex": ("F", "M"), "region": ("a", "b", "c"), "age": ("old", "young")}
RATE = Rate(outcome="prediction")
Person = tuple[str, ...]
RULES = SliceRules(by=COLUMNS, groups=GROUPS, cross=3)
FINEST = st.sets(st.tuples(*(st.sampled_from((*GROUPS[column], "other")) for column in COLUMNS)), min_size=1)


@dataclass(frozen=True)
class Rows:
    """One row of each kind of person that is there."""

    people: frozenset[Person]
    table: str = "predictions"
    rules: SliceRules = RULES

    def by(self, rate: Rate, columns: tuple[str, ...]) -> tuple[SliceSums, ...]:
        places = [COLUMNS.index(column) for column in columns]
        values = sorted({tuple(person[place] for place in places) for person in self.people})
        return tuple(
            SliceSums(
                slice=Slice(values=tuple(zip(columns, v, strict=True))), n=1, positives=1, missing=0, people=1
            )
            for v in values
        )


def absent(rows: Rows) -> list[Slice]:
    found = (
        one for columns in rows.rules.slicings() for one in accounted(rows, RATE, columns, "selection_gap")
    )
    return [one.scope for one in found if one.reason is Reason.ABSENT_GROUP]


def by_hand(people: set[Person]) -> list[Slice]:
    """What has no row, where each part of it has one: looked up one by one."""

    def there(values: tuple[tuple[str, str], ...]) -> bool:
        return any(
            all(person[COLUMNS.index(column)] == value for column, value in values) for person in people
        )

    found = []
    for depth in (1, 2, 3):
        for columns in combinations(COLUMNS, depth):
            for groups in product(*(GROUPS[column] for column in columns)):
                values = tuple(zip(columns, groups, strict=True))
                parts = combinations(values, depth - 1) if depth > 1 else ()
                if not there(values) and all(map(there, parts)):
                    found.append(Slice(values=values))
    return found


@given(FINEST)
def test_what_is_absent_is_named_once_where_all_its_parts_are_there(people: set[Person]) -> None:
    named = absent(Rows(frozenset(people)))
    assert len(named) <= MOST_ABSENT
    assert sorted(named) == sorted(by_hand(people))
