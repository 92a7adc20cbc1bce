"""Histograms of scores from the engine, against numpy on the same rows."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcgov.core.evidence.absent import Absence, Absent
from hcgov.core.evidence.counts import NOBODY
from hcgov.core.evidence.scores import UNIT, Scores, ScoresOf
from hcgov.core.project import Roles, Table
from hcgov.core.slices import SliceChoice, SliceRules
from hcgov.io.tables import Caps, answer
from tests.io.tables.making import refused

ROLES = Roles(label="y", score="s")
Row = tuple[str | None, int | None, float | None, str | None]


def ask(
    folder: Path,
    rows: pd.DataFrame | str,
    *,
    bins: int = 10,
    person: bool = False,
    by: tuple[str, ...] = ("g",),
    kind: str = "parquet",
    caps: Caps | None = None,
    **options: object,
) -> Scores | Absent:
    path = folder / f"t.{kind}"
    if isinstance(rows, str):
        path.write_text(rows)
    else:
        rows.to_parquet(path) if kind == "parquet" else rows.to_csv(path, index=False)
    roles = ROLES.model_copy(update={"person": "who" if person else None})
    unit = "row" if person else "person"
    options = {"unit": unit, **options}
    table = Table.model_validate({"kind": "table", "path": path.name, "roles": roles, **options})
    request = ScoresOf(table="t", bins=bins, slices=SliceChoice(by=by) if by else SliceChoice())
    found = answer("t", table, folder, [request], SliceRules(), {}, caps=caps)[request]
    assert isinstance(found, Scores | Absent)
    return found


def scores(folder: Path, rows: pd.DataFrame | str, **options: object) -> Scores:
    found = ask(folder, rows, **options)  # type: ignore[arg-type]  # passed on as given
    assert isinstance(found, Scores), found
    return found


def drawn(seed: int, n: int, *, low: float = 0.0, high: float = 1.0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "g": rng.choice(["a", "b", "c"], n),
            "h": rng.choice(["x", "y"], n),
            "y": rng.integers(0, 2, n),
            "s": rng.uniform(low, high, n),
            "who": rng.choice([f"p{i}" for i in range(n // 3 + 1)], n),
        }
    )
    frame.loc[rng.random(n) < 0.03, "s"] = None
    return frame


def plain(frame: pd.DataFrame, found: Scores) -> dict[str, tuple[list[int], list[int], int]]:
    """Bin with numpy: group -> rows with label 1, rows with label 0, missing."""
    scale = found.bins / (found.high - found.low)
    told = {}
    for group, part in frame.groupby("g"):
        known = part.dropna(subset=["y", "s"])
        at = np.minimum(np.floor((known["s"] - found.low) * scale + 1e-9).astype(int), found.bins - 1)
        ones, zeros = (np.bincount(at[known["y"] == label], minlength=found.bins) for label in (1, 0))
        told[str(group)] = (ones.tolist(), zeros.tolist(), len(part) - len(known))
    return told


@pytest.mark.parametrize(("low", "high"), [(0.0, 1.0), (-3.5, 12.0)])
@pytest.mark.parametrize("person", [False, True])
@pytest.mark.parametrize("kind", ["parquet", "csv"])
def test_the_bins_are_those_that_numpy_counts(
    tmp_path: Path, low: float, high: float, person: bool, kind: str
) -> None:
    frame = drawn(7, 3_000, low=low, high=high)
    found = scores(tmp_path, frame, bins=100, person=person, kind=kind)
    own = {
        dict(one.slice.values)["g"]: (list(one.rows.positives), list(one.rows.negatives), one.missing)
        for one in found.by(("g",))
    }
    assert own == plain(frame, found)
    if low == 0.0:
        assert (found.low, found.high, found.outside) == (0.0, 1.0, 0)
    else:
        recorded = frame["s"].dropna()
        assert (found.low, found.high) == (recorded.min(), recorded.max())
        assert found.outside == int(((recorded < 0) | (recorded > 1)).sum())


def test_everyone_is_the_sum_of_the_slices_and_of_the_buckets(tmp_path: Path) -> None:
    found = scores(tmp_path, drawn(3, 900), person=True, by=("g", "h"))
    overall = found.overall()
    for by in found.rules.every_slicing():
        parts = found.by(by)
        assert sum(one.rows.n for one in parts) == overall.rows.n
        assert sum(one.missing for one in parts) == overall.missing
        for one in parts:
            together = [sum(column) for column in zip(*(r.positives for _, r in one.clusters), strict=True)]
            assert tuple(together) == one.rows.positives
    assert len(overall.clusters) <= 32


def test_sums_of_scores_are_whole_billionths(tmp_path: Path) -> None:
    frame = drawn(5, 500)
    found = scores(tmp_path, frame)
    exact = sum(round(score * UNIT) for score in frame["s"].dropna().tolist())
    rows = found.overall().rows
    assert sum(rows.positive_totals) + sum(rows.negative_totals) == pytest.approx(exact, abs=1)


def test_distinct_people_are_counted_by_label(tmp_path: Path) -> None:
    frame = drawn(11, 600)
    found = scores(tmp_path, frame, person=True)
    known = frame.dropna(subset=["s"])
    for one in (found.overall(), *found.by(("g",))):
        assert one.people is not None
        part = known if not one.slice.values else known[known["g"] == dict(one.slice.values)["g"]]
        assert one.people.people == part["who"].nunique()
        assert one.people.positives == part[part["y"] == 1]["who"].nunique()
        assert one.people.negatives == part[part["y"] == 0]["who"].nunique()


def test_people_who_are_not_named_are_one_cluster(tmp_path: Path) -> None:
    frame = drawn(2, 300)
    frame.loc[:9, "who"] = None
    found = scores(tmp_path, frame, person=True)
    assert dict(found.overall().clusters)[NOBODY].n == int(frame.loc[:9, "s"].notna().sum())


@settings(max_examples=15, deadline=None)
@given(
    values=st.lists(
        st.tuples(st.sampled_from("ab"), st.integers(0, 1), st.integers(0, 100)), min_size=1, max_size=30
    )
)
def test_scores_rounded_to_a_bin_lose_nothing(
    tmp_path_factory: pytest.TempPathFactory, values: list[tuple[str, int, int]]
) -> None:
    frame = pd.DataFrame([(g, y, round(s / 100, 2)) for g, y, s in values], columns=["g", "y", "s"])
    found = scores(tmp_path_factory.mktemp("t"), frame, bins=100)
    # The last bin is closed: 0.99 and 1 share it, all others stand alone.
    assert all(found.exact[:99])
    assert found.exact[99] == (len({s for _, _, s in values} & {99, 100}) < 2)


def test_a_score_of_few_values_is_exact_on_any_range(tmp_path: Path) -> None:
    frame = pd.DataFrame({"g": "a", "y": [0, 1] * 50, "s": [*range(1, 11)] * 10})
    found = scores(tmp_path, frame, bins=100)
    assert all(found.exact)
    assert (found.low, found.high, found.outside) == (1.0, 10.0, 90)
    assert (
        sum(
            1
            for p, n in zip(found.overall().rows.positives, found.overall().rows.negatives, strict=True)
            if p + n
        )
        == 10
    )


@pytest.mark.parametrize(
    ("lines", "rows"), [(["a,1,high", "a,0,0.2"], 1), (["a,1,inf", "a,0,-inf", "a,1,0.5"], 2)]
)
def test_scores_that_are_no_numbers_are_refused_with_their_number(
    tmp_path: Path, lines: list[str], rows: int
) -> None:
    found = ask(tmp_path, "g,y,s\n" + "\n".join(lines) + "\n", kind="csv")
    said = refused(found, Absence.WRONG_KIND)
    assert said.startswith(f"{rows} row{'s' if rows > 1 else ''} of")
    assert "high" not in said


def test_nan_and_empty_scores_are_missing(tmp_path: Path) -> None:
    found = scores(tmp_path, "g,y,s\na,1,NaN\na,0,\na,,0.5\na,1,0.5\n", kind="csv")
    overall = found.overall()
    assert (overall.rows.n, overall.missing) == (1, 3)


def test_a_label_that_is_no_outcome_is_refused(tmp_path: Path) -> None:
    found = ask(tmp_path, "g,y,s\na,2,0.5\na,1,0.4\n", kind="csv")
    assert "non-binary" in refused(found, Absence.UNREADABLE)


def test_too_many_cells_are_refused_with_a_way_out(tmp_path: Path) -> None:
    found = ask(tmp_path, drawn(1, 400), bins=50, caps=Caps(cells=20))
    assert "fewer `bins`" in refused(found, Absence.TOO_MANY_GROUPS)


def test_a_column_of_identifiers_is_refused(tmp_path: Path) -> None:
    found = ask(tmp_path, drawn(1, 400).assign(g=[str(i) for i in range(400)]), caps=Caps(values=50))
    assert "400 different values" in refused(found, Absence.TOO_MANY_GROUPS)


def test_a_table_of_counts_counts_its_units(tmp_path: Path) -> None:
    lines = "g,y,s,k\na,1,0.9,3\na,0,0.1,5\nb,1,0.2,0\nb,0,0.2,2\n"
    count = {"column": "k", "unit": "person"}
    found = scores(tmp_path, lines, kind="csv", count=count, unit="row")
    assert [(one.rows.events, one.rows.n) for one in found.by(("g",))] == [(3, 8), (0, 2)]
    assert "count" in refused(
        ask(tmp_path, lines.replace(",3", ",-3"), kind="csv", count=count, unit="row"), Absence.UNREADABLE
    )
