"""Halves of a table hold each person once, with all rows."""

from hashlib import md5
from pathlib import Path

from hcgov.core.evidence.absent import Absence, Absent
from hcgov.core.evidence.counts import Counts, CountsOf
from hcgov.core.project import Table
from hcgov.core.slices import SliceRules
from hcgov.io.tables import answer
from tests.io.tables.making import SELECTED, write

RULES = SliceRules(by=("sex",))
ROWS = [
    {"who": f"p{i // 3}" if i % 50 else None, "sex": "FM"[i % 2], "prediction": str(i % 5 % 2)}
    for i in range(3000)
]
COLUMNS = ("who", "sex", "prediction")


def _ask(root: Path, kind: str, **options: object) -> tuple[Counts | Absent, ...]:
    it = Table.model_validate(
        {
            "kind": "table",
            "path": write(root, kind, ROWS, COLUMNS),
            "roles": {"prediction": "prediction", "person": "who"},
            **options,
        }
    )
    asked = [CountsOf(table="t", rates=(SELECTED,), half=half) for half in ("a", "b", None)]
    found = answer("t", it, root, asked, RULES, {})
    answers = [found[one] for one in asked]
    assert all(isinstance(one, Counts | Absent) for one in answers)
    return tuple(one for one in answers if isinstance(one, Counts | Absent))


def test_halves_divide_people_and_not_their_rows(tmp_path: Path) -> None:
    for kind in ("csv", "parquet"):
        a, b, everyone = _ask(tmp_path, kind)
        assert isinstance(a, Counts)
        assert isinstance(b, Counts)
        assert isinstance(everyone, Counts)
        named = {row["who"] for row in ROWS if row["who"] is not None}
        digit = {
            who: int(md5(who.encode(), usedforsecurity=False).hexdigest()[2], 16) for who in named if who
        }
        people = [sum(place % 2 == parity for place in digit.values()) for parity in (0, 1)]
        assert [a.overall(SELECTED).people, b.overall(SELECTED).people] == people
        assert sum(people) == everyone.overall(SELECTED).people == len(named)
        assert min(people) > 450
        nobody = sum(row["who"] is None for row in ROWS)
        assert a.rows + b.rows == everyone.rows - nobody
        rows = sum(row["who"] is not None and digit[row["who"]] % 2 == 0 for row in ROWS)
        assert a.rows == rows
        assert a.source.rows == len(ROWS)


def test_a_table_that_names_no_person_cannot_be_divided(tmp_path: Path) -> None:
    a, _, everyone = _ask(tmp_path, "csv", roles={"prediction": "prediction"}, unit="person")
    assert isinstance(everyone, Counts)
    assert isinstance(a, Absent)
    assert a.reason is Absence.UNREADABLE
    assert "roles: person:" in str(a.detail)
