"""Who rows belong to: moments summed in the engine are those of a few lines of plain Python."""

import hashlib
import math
import tempfile
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import combinations
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hcgov.core.evidence.absent import Absence
from hcgov.core.evidence.clusters import Crowd, Moments
from hcgov.core.evidence.counts import BUCKETS, NOBODY, Counts, CountsOf, Rate, SliceSums
from hcgov.core.slices import NOT_RECORDED, SliceRules
from hcgov.io.tables import answer
from hcgov.stages.rates import complement, count
from hcgov.stats.proportions import wilson_lower, wilson_upper
from tests.io.tables.making import FALSE_POSITIVE, SELECTED, Record, ask, counts, refused, table, write_csv

RATES = (SELECTED, FALSE_POSITIVE)
GROUPS = ("sex", "region")
COLUMNS = (*GROUPS, "label", "prediction", "person", "item", "weight")
SLICINGS = ((), *(c for k in (1, 2) for c in combinations(GROUPS, k)))
PERSON = {"label": "label", "prediction": "prediction", "person": "person"}
ITEM = {**PERSON, "item": "item"}

flags = st.sampled_from(["0", "1", None])
rows_ = st.lists(
    st.fixed_dictionaries(
        {
            "sex": st.sampled_from(["F", "M", None, NOT_RECORDED]),
            "region": st.sampled_from(["a", "b"]),
            "label": flags,
            "prediction": flags,
            "person": st.sampled_from(["p1", "p2", "p3", "ü", None]),
            "item": st.sampled_from(["i1", "i2", "i3", None]),
            "weight": st.sampled_from(["1", "0.5", "2.25", "1e3"]),
        }
    ),
    min_size=1,
    max_size=25,
)
quick = settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])

Key = Callable[[int, Record], object]
Slice = tuple[str, ...]


def bucket(value: str | None) -> int:
    return NOBODY if value is None else int(hashlib.md5(value.encode()).hexdigest()[:2], 16) % BUCKETS


def in_denominator(row: Record, rate: Rate) -> bool:
    return row[rate.outcome] is not None and all(row[name] == str(value) for name, value in rate.given)


def plain(
    rows: Sequence[tuple[int, Record]],
    rate: Rate,
    key: Key,
    *,
    weighted: bool = False,
    cap: int | None = None,
) -> Moments:
    """Return moments, cluster by cluster, in fractions: nothing is rounded."""
    sums: dict[object, list[Fraction]] = {}
    for at, row in rows:
        if in_denominator(row, rate):
            weight = Fraction(row["weight"] or 0) if weighted else Fraction(1)
            one = sums.setdefault(key(at, row), [Fraction(0)] * 3)
            one[0] += weight
            one[1] += weight * int(row[rate.outcome] or 0)
            one[2] += 1
    held = []
    for n, y, k in sums.values():
        share = Fraction(min(cap or int(k), int(k)), int(k))
        held.append((n * share, y * share))
    return Moments(
        clusters=len(held),
        n=float(sum(n for n, _ in held)),
        y=float(sum(y for _, y in held)),
        n2=float(sum(n * n for n, _ in held)),
        ny=float(sum(n * y for n, y in held)),
        y2=float(sum(y * y for _, y in held)),
    )


def same(found: Moments | None, expected: Moments, everyone: Moments | None = None) -> bool:
    """Whether moments are equal but for the tenth digit of those of everyone, from which the rest are taken."""
    assert found is not None
    whole = everyone or expected
    return all(
        getattr(found, name)
        == pytest.approx(getattr(expected, name), rel=1e-11, abs=1e-10 * getattr(whole, name))
        for name in ("clusters", "n", "y", "n2", "ny", "y2")
    )


def counted(rows: Sequence[Record], **options: object) -> Counts:
    cap = options.pop("cap", None)
    with tempfile.TemporaryDirectory() as made:
        root = Path(made)
        write_csv(root / "t.csv", rows, COLUMNS)
        request = CountsOf(table="t", rates=RATES, max_rows_per_person=cap)  # type: ignore[arg-type]  # passed on
        found = answer("t", table("t.csv", **options), root, [request], SliceRules(by=GROUPS), {})[request]
    assert isinstance(found, Counts), found
    return found


def sides(
    found: Counts, rows: Sequence[Record]
) -> Iterator[tuple[Rate, SliceSums, list[tuple[int, Record]]]]:
    """Yield every slice with its rows, and everyone else with theirs."""
    for rate in RATES:
        overall = found.overall(rate)
        for columns in SLICINGS:
            for sums in found.by(rate, columns):
                own = tuple(value for _, value in sums.slice.values)
                inside, outside = [], []
                for at, row in enumerate(rows):
                    same_ = tuple(row[c] or NOT_RECORDED for c in columns) == own
                    (inside if same_ else outside).append((at, row))
                yield rate, sums, inside
                if columns:
                    yield rate, complement(sums, overall), outside


def people(rows: Sequence[tuple[int, Record]], rate: Rate) -> int:
    return len({row["person"] for _, row in rows if in_denominator(row, rate)} - {None})


def nobodys(rows: Sequence[tuple[int, Record]], rate: Rate) -> int:
    return sum(in_denominator(row, rate) and row["person"] is None for _, row in rows)


def _item(_: int, row: Record) -> object:
    return bucket(row["item"])


def _row(at: int, _: Record) -> object:
    return at


def crowd_of(sums: SliceSums) -> Crowd:
    assert sums.crowd is not None
    return sums.crowd


def repeated(rows: Sequence[Record]) -> bool:
    named = [row["person"] for row in rows]
    return None in named or len(set(named)) < len(named)


@quick
@given(rows=rows_, weighted=st.booleans(), cap=st.sampled_from([None, None, 1, 2]))
def test_people_on_both_sides_are_counted_exactly(
    rows: list[Record], weighted: bool, cap: int | None
) -> None:
    found = counted(rows, roles={**PERSON, **({"weight": "weight"} if weighted else {})}, cap=cap)
    for rate, sums, held in sides(found, rows):
        expected, everyone = (
            plain(some, rate, lambda _, row: row["person"], weighted=weighted, cap=cap)
            for some in (held, list(enumerate(rows)))
        )
        assert sums.people == people(held, rate)
        if not repeated(rows) and not weighted:
            assert sums.crowd is None
            continue
        assert same(crowd_of(sums).by_person, expected, everyone)
        assert crowd_of(sums).by_item is None
        if repeated(rows):
            assert crowd_of(sums).nobody == nobodys(held, rate)
            assert crowd_of(sums).rows == (
                expected.n if not weighted else plain(held, rate, lambda _, row: row["person"], cap=cap).n
            )


@quick
@given(rows=rows_, weighted=st.booleans())
def test_people_and_items_are_hashed_into_buckets(rows: list[Record], weighted: bool) -> None:
    found = counted(rows, roles={**ITEM, **({"weight": "weight"} if weighted else {})})
    if not repeated(rows):
        return
    for rate, sums, held in sides(found, rows):
        crowd = crowd_of(sums)
        keys: tuple[Key, ...] = (
            lambda _, row: bucket(row["person"]),
            lambda _, row: bucket(row["item"]),
            lambda _, row: (bucket(row["person"]), bucket(row["item"])),
        )
        for side, key in zip((crowd.by_person, crowd.by_item, crowd.by_both), keys, strict=True):
            everyone = plain(list(enumerate(rows)), rate, key, weighted=weighted)
            assert same(side, plain(held, rate, key, weighted=weighted), everyone)
        assert (sums.people, crowd.nobody) == (people(held, rate), nobodys(held, rate))
        assert crowd.rows == sums.n


@quick
@given(rows=rows_, weighted=st.booleans())
def test_rows_that_are_people_belong_to_items_or_weigh(rows: list[Record], weighted: bool) -> None:
    roles = {"label": "label", "prediction": "prediction", "item": "item"}
    roles |= {"weight": "weight"} if weighted else {}
    found = counted(rows, roles=roles, unit="person")
    for rate, sums, held in sides(found, rows):
        crowd = crowd_of(sums)
        assert sums.people == sums.n
        whole = list(enumerate(rows))
        for side, key in ((crowd.by_item, _item), *(((crowd.by_person, _row),) if weighted else ())):
            assert same(
                side,
                plain(held, rate, key, weighted=weighted),
                plain(whole, rate, key, weighted=weighted),
            )
        assert (crowd.by_person is None) is not weighted


@settings(quick, max_examples=4)
@given(rows=rows_, salt=st.text(st.characters(codec="ascii", categories=("L", "N")), min_size=1, max_size=3))
def test_into_which_buckets_people_fall_changes_no_rate(rows: list[Record], salt: str) -> None:
    renamed = [{**row, "person": row["person"] and salt + row["person"]} for row in rows]
    for one, other in zip(
        sides(counted(rows, roles=ITEM), rows), sides(counted(renamed, roles=ITEM), renamed), strict=True
    ):
        assert (one[1].n, one[1].positives, one[1].people) == (
            other[1].n,
            other[1].positives,
            other[1].people,
        )
        for crowd in (one[1].crowd, other[1].crowd):
            for side in () if crowd is None else (crowd.by_person, crowd.by_item, crowd.by_both):
                assert side is None or (side.n, side.y) == (one[1].n, one[1].positives)


def write(root: Path, header: str, *rows: str) -> None:
    (root / "t.csv").write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")


@pytest.mark.parametrize("weight", ["0", "-1", "nan", "inf", "-inf", "", "heavy", "1e101", "1e-101"])
def test_a_weight_that_is_none_is_refused_with_its_rows(tmp_path: Path, weight: str) -> None:
    write(tmp_path, "prediction,w", "1,1", f"1,{weight}", f"0,{weight}")
    it = table("t.csv", roles={"prediction": "prediction", "weight": "w"}, unit="person")
    assert "2 rows of `t.csv` have no weight above 0 in `w`" in refused(ask(tmp_path, it), Absence.UNREADABLE)


def test_weighted_rates_count_rows_and_weigh_them(tmp_path: Path) -> None:
    write(tmp_path, "prediction,w", "1,1", "0,1", "0,2", "1,4")
    it = table("t.csv", roles={"prediction": "prediction", "weight": "w"}, unit="person")
    overall = counts(tmp_path, it).overall(SELECTED)
    group = count(overall, overall)
    assert (group.n, group.people) == (4, 4)
    assert group.positives == pytest.approx(4 * 5 / 8)
    # Kish: weights 1, 1, 2 and 4 are worth 2.90909 rows (statistics of the sample, before the outcome speaks).
    found = crowd_of(overall).by_person
    assert found is not None
    assert found.n**2 / found.n2 == pytest.approx(2.90909, abs=5e-6)


def test_weights_of_counted_units_are_those_of_so_many_people(tmp_path: Path) -> None:
    write(tmp_path, "prediction,w,n", "1,1.5,3", "0,2,1")
    roles = {"prediction": "prediction", "weight": "w"}
    it = table("t.csv", roles=roles, count={"column": "n", "unit": "person"})
    found = crowd_of(counts(tmp_path, it).overall(SELECTED)).by_person
    assert found == Moments(clusters=4, n=6.5, y=4.5, n2=3 * 2.25 + 4, ny=3 * 2.25, y2=3 * 2.25)


def test_a_cap_makes_one_voice_of_a_person_with_many_rows(tmp_path: Path) -> None:
    write(tmp_path, "person,prediction", *["loud,1"] * 60, *(f"p{i},{i % 2}" for i in range(60)))
    it = table("t.csv", roles={"prediction": "prediction", "person": "person"})
    shares = []
    for cap in (None, 1):
        request = CountsOf(table="t", rates=(SELECTED,), max_rows_per_person=cap)
        found = answer("t", it, tmp_path, [request], SliceRules(), {})[request]
        assert isinstance(found, Counts)
        overall = found.overall(SELECTED)
        group = count(overall, overall)
        assert (group.n, group.people) == (120, 61)
        shares.append(group.positives / group.n)
        assert group.n_eff <= (120 if cap is None else 61)
    assert shares == pytest.approx([90 / 120, 31 / 61])


def test_a_cap_beside_items_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "person,item,prediction", "a,x,1", "a,y,0")
    it = table("t.csv", roles={"prediction": "prediction", "person": "person", "item": "item"})
    capped = CountsOf(table="t", rates=(SELECTED,), max_rows_per_person=1)
    free = CountsOf(table="t", rates=(SELECTED,))
    found = answer("t", it, tmp_path, [capped, free], SliceRules(), {})
    assert "`max_rows_per_person` cannot be asked of `t`" in refused(found[capped], Absence.UNREADABLE)
    assert isinstance(found[free], Counts)


def test_counts_too_large_to_square_are_refused(tmp_path: Path) -> None:
    write(tmp_path, "item,prediction,n", f"x,1,{10**12}", f"y,0,{10**12 + 1}")
    roles = {"prediction": "prediction", "item": "item"}
    it = table("t.csv", roles=roles, count={"column": "n", "unit": "person"})
    found = crowd_of(counts(tmp_path, it).overall(SELECTED)).by_item
    assert found is not None
    assert found.n2 == 10**24 + (10**12 + 1) ** 2
    write(tmp_path, "item,prediction,n", f"x,1,{10**18}", "y,0,1")
    assert "10^18" in refused(ask(tmp_path, it), Absence.TOO_LARGE)


def test_a_column_of_items_that_is_not_there_is_told(tmp_path: Path) -> None:
    write(tmp_path, "person,item,prediction", "a,x,1", "a,y,0")
    it = table("t.csv", roles={"prediction": "prediction", "person": "person", "item": "itme"})
    assert "did you mean `item`?" in refused(ask(tmp_path, it), Absence.UNREADABLE)


def coverage(draws: int, seed: int) -> float:
    """Return how often the 95 % interval of a slice covers its rate, from rows through the engine's buckets."""
    random, held = Random(seed), 0
    people, items, spread, cut = 60, 80, 0.8, -0.2
    truth = 0.5 * math.erfc(cut / math.sqrt(2.0 * (2.0 * spread**2 + 1.0)))
    with tempfile.TemporaryDirectory() as made:
        root = Path(made)
        it = table("t.csv", roles={"prediction": "prediction", "person": "person", "item": "item"})
        for _ in range(draws):
            of_person = [random.gauss(0, spread) for _ in range(people)]
            of_item = [random.gauss(0, spread) for _ in range(items)]
            pairs = [(p, i) for p in range(people) for i in random.sample(range(items), 20)]
            tag = random.getrandbits(32)
            write(
                root,
                "person,item,prediction",
                *(
                    f"p{tag}-{p},i{tag}-{i},{int(of_person[p] + of_item[i] + random.gauss(0, 1) > cut)}"
                    for p, i in pairs
                ),
            )
            overall = counts(root, it).overall(SELECTED)
            group = count(overall, overall)
            x = group.positives / group.n * group.n_eff
            held += wilson_lower(x, group.n_eff, 0.975) <= truth <= wilson_upper(x, group.n_eff, 0.975)
    return held / draws


@pytest.mark.slow
def test_coverage_through_the_engine() -> None:
    assert 0.93 <= coverage(1500, seed=7) <= 0.975
