"""A metric without each bucket of people, against the library on the rows that are left."""

import hashlib
import warnings

import duckdb
import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import f1_score, roc_auc_score

from hcgov.core.evidence.absent import Absence, Absent
from hcgov.core.evidence.metrics import MAX_WORK, GroupMetric, GroupMetricOf
from hcgov.core.evidence.source import Source
from hcgov.core.slices import SliceRules
from hcgov.io.group_metrics import group_metric
from hcgov.io.tables import sql

SOURCE = Source(artifact="decisions", kind="table", location="d.csv", sha256="0" * 64, size=1)


def drawn(n: int = 600) -> pd.DataFrame:
    rng = np.random.default_rng(12)
    label = rng.integers(0, 2, n)
    score = np.round(rng.beta(1 + label, 2), 3)
    return pd.DataFrame(
        {
            "sex": rng.choice(["F", "M"], n),
            "label": label,
            "prediction": (score > 0.4).astype(int),
            "score": score,
            "person": [f"p{i}" for i in rng.integers(0, 150, n)],
        }
    )


def measured(
    frame: pd.DataFrame, metric: str, *, rest: bool = False, max_work: int = MAX_WORK, **how: object
) -> GroupMetric | Absent:
    columns = {name: name for name in frame.columns if name != "sex"}
    request = GroupMetricOf(table="decisions", metric=metric, rest=rest, max_work=max_work)
    return group_metric(
        request,
        frame,
        columns=columns,
        groups={"sex": "sex"},
        rules=SliceRules(by=("sex",)),
        source=SOURCE,
        **how,  # type: ignore[arg-type]  # passed on as given
    )


def bucket(person: str) -> int:
    return hashlib.md5(person.encode(), usedforsecurity=False).digest()[0] % 32


@pytest.mark.parametrize("metric", ["f1_score", "roc_auc_score"])
def test_each_replicate_is_the_library_on_the_people_left(metric: str) -> None:
    frame = drawn()
    found = measured(frame, metric, rest=True)
    assert isinstance(found, GroupMetric)
    function, second = (f1_score, "prediction") if metric == "f1_score" else (roc_auc_score, "score")
    own = frame["person"].map(bucket)
    for inside, outside in zip(found.values, found.rest, strict=True):
        chosen = frame["sex"] == dict(inside.slice.values)["sex"]
        for value, rows in ((inside, chosen), (outside, ~chosen)):
            part = frame[rows]
            assert value.value == pytest.approx(function(part["label"], part[second]), abs=1e-12)
            assert value.people == part["person"].nunique()
            assert [b for b, _ in value.replicates] == sorted(own[rows].unique())
            for b, without in value.replicates:
                left = frame[rows & (own != b)]
                assert without == pytest.approx(function(left["label"], left[second]), abs=1e-12)


def test_the_smallest_part_is_counted_in_people() -> None:
    frame = drawn()
    found = measured(frame, "precision_score")
    assert isinstance(found, GroupMetric)
    for value in found.values:
        part = frame[(frame["sex"] == dict(value.slice.values)["sex"]) & (frame["prediction"] == 1)]
        assert value.fewest == part["person"].nunique()


def test_a_bucket_without_which_the_metric_is_undefined_is_told() -> None:
    frame = drawn(200).assign(prediction=0)
    frame.loc[0, ["sex", "prediction"]] = ["F", 1]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = measured(frame, "precision_score")
    assert isinstance(found, GroupMetric)
    (women,) = [value for value in found.values if dict(value.slice.values)["sex"] == "F"]
    assert women.value is not None
    assert [without for b, without in women.replicates if b == bucket(frame["person"][0])] == [None]


def test_buckets_are_those_of_the_engine() -> None:
    people = [f"person {i}" for i in range(300)] + ["é", "中"]
    with duckdb.connect() as connection:
        rows = connection.execute(
            f"SELECT ({sql.bucket('p')}) % 32 FROM (SELECT UNNEST(?) AS p)",
            [people],
        ).fetchall()
    assert [row[0] for row in rows] == [bucket(person) for person in people]


def test_rows_that_are_people_are_divided_by_their_number() -> None:
    frame = drawn().drop(columns="person")
    found, again = (measured(frame, "f1_score", each_row=True) for _ in range(2))
    assert found == again
    assert isinstance(found, GroupMetric)
    assert found.people_known
    assert found.overall.people == len(frame)
    own = pd.Series([bucket(str(i)) for i in range(len(frame))])
    b, without = found.overall.replicates[3]
    left = frame[own != b]
    assert without == pytest.approx(f1_score(left["label"], left["prediction"]), abs=1e-12)


def test_people_that_a_row_counts_are_divided_one_by_one() -> None:
    frame = drawn().drop(columns="person")
    counted = frame.groupby(["sex", "label", "prediction"]).size().reset_index(name="count").assign(score=0.5)
    found = measured(counted, "f1_score", each_row=True)
    assert isinstance(found, GroupMetric)
    assert found.overall.people == len(frame)
    assert len(found.overall.replicates) == 32
    assert len({without for _, without in found.overall.replicates}) > 20


def test_without_people_there_are_no_replicates() -> None:
    found = measured(drawn().drop(columns="person"), "f1_score")
    assert isinstance(found, GroupMetric)
    assert (found.people_known, found.overall.people, found.overall.replicates) == (False, None, ())


def test_rows_that_name_nobody_are_one_cluster_and_no_person() -> None:
    frame = drawn()
    frame.loc[:39, "person"] = None
    found = measured(frame, "f1_score")
    assert isinstance(found, GroupMetric)
    assert found.nobody == 40
    assert found.overall.people == frame["person"].nunique()
    assert found.overall.replicates[-1][0] == 32


def test_the_work_is_told_before_it_is_begun() -> None:
    told: list[str] = []
    found = measured(drawn(), "roc_auc_score", max_work=10_000, progress=told.append)
    assert isinstance(found, Absent)
    assert found.reason is Absence.TOO_LARGE
    assert "raise `max_work`" in str(found.detail)
    assert told == []
    measured(drawn(), "roc_auc_score", progress=told.append)
    assert told == ["sex"]


def test_counts_of_more_people_than_work_is_allowed_are_refused() -> None:
    frame = drawn(10).drop(columns="person").assign(count=10**12)
    found = measured(frame, "f1_score", each_row=True)
    assert isinstance(found, Absent)
    assert found.reason is Absence.TOO_LARGE
