import inspect
import math
import warnings
from collections.abc import Iterable

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcgov.core.evidence.absent import Absence, Absent
from hcgov.core.evidence.metrics import GroupMetric, GroupMetricOf
from hcgov.core.evidence.source import Source
from hcgov.core.slices import NOT_RECORDED, Slice, SliceRules
from hcgov.io.group_metrics import group_metric, known_metrics
from hcgov.io.group_metrics.catalogue import METRICS, Metric, Reads

SOURCE = Source(artifact="decisions", kind="table", location="d.csv", sha256="0" * 64, size=1)
COLUMNS = {"label": "y", "prediction": "p", "score": "s"}

# sex: F has 2 TP, 1 FN, 1 FP, 0 TN; M has 1 TP, 0 FN, 1 FP, 2 TN.
TABLE = pd.DataFrame(
    {
        "sex": ["F", "F", "F", "F", "M", "M", "M", "M"],
        "region": ["n", "n", "s", "s", "n", "n", "s", "s"],
        "y": [1, 1, 1, 0, 1, 0, 0, 0],
        "p": [1, 1, 0, 1, 1, 1, 0, 0],
        "s": [0.9, 0.8, 0.3, 0.7, 0.6, 0.8, 0.2, 0.1],
    }
)


def measure(
    metric: str,
    frame: pd.DataFrame = TABLE,
    by: tuple[str, ...] = ("sex",),
    cross: int = 1,
    columns: dict[str, str] = COLUMNS,
) -> GroupMetric | Absent:
    return group_metric(
        GroupMetricOf(table="decisions", metric=metric),
        frame,
        columns=columns,
        groups={"sex": "sex", "region": "region"},
        rules=SliceRules(by=by, cross=cross),
        source=SOURCE,
    )


def found(metric: str, frame: pd.DataFrame = TABLE, **how: object) -> GroupMetric:
    answer = measure(metric, frame, **how)  # type: ignore[arg-type]  # keywords of `measure`
    assert isinstance(answer, GroupMetric), answer
    return answer


def refused(metric: str, frame: pd.DataFrame = TABLE, **how: object) -> Absent:
    answer = measure(metric, frame, **how)  # type: ignore[arg-type]  # keywords of `measure`
    assert isinstance(answer, Absent)
    assert answer.artifact == "decisions"
    return answer


def values(answer: GroupMetric) -> list[float | None]:
    return [one.value for one in answer.values]


def rows(answer: GroupMetric) -> list[tuple[Slice, int, float | None]]:
    return [(one.slice, one.n, one.value) for one in answer.values]


@pytest.mark.parametrize(
    ("metric", "overall", "women", "men"),
    [
        # By hand from the confusion matrices: F (TP 2, FN 1, FP 1, TN 0), M (1, 0, 1, 2), all (3, 1, 2, 2).
        ("fairlearn.selection_rate", 5 / 8, 3 / 4, 2 / 4),
        ("mean_prediction", 5 / 8, 3 / 4, 2 / 4),
        ("true_positive_rate", 3 / 4, 2 / 3, 1.0),
        ("false_negative_rate", 1 / 4, 1 / 3, 0.0),
        ("false_positive_rate", 2 / 4, 1.0, 1 / 3),
        ("true_negative_rate", 2 / 4, 0.0, 2 / 3),
        ("sklearn.accuracy_score", 5 / 8, 2 / 4, 3 / 4),
        ("sklearn.metrics.zero_one_loss", 3 / 8, 2 / 4, 1 / 4),
        ("hamming_loss", 3 / 8, 2 / 4, 1 / 4),
        ("balanced_accuracy_score", 5 / 8, 1 / 3, 5 / 6),
        ("precision_score", 3 / 5, 2 / 3, 1 / 2),
        ("recall_score", 3 / 4, 2 / 3, 1.0),
        ("f1_score", 6 / 9, 4 / 6, 2 / 3),
        ("jaccard_score", 3 / 6, 2 / 4, 1 / 2),
        # (TP TN - FP FN) / sqrt((TP+FP)(TP+FN)(TN+FP)(TN+FN))
        ("matthews_corrcoef", 4 / math.sqrt(5 * 4 * 4 * 3), -1 / math.sqrt(3 * 3 * 1 * 1), 2 / math.sqrt(12)),
        # (po - pe) / (1 - pe): F po 1/2, pe (3*3+1*1)/16; M po 3/4, pe (1*2+3*2)/16; all po 5/8, pe 1/2.
        ("cohen_kappa_score", 1 / 4, (1 / 2 - 10 / 16) / (1 - 10 / 16), 1 / 2),
        # Pairs (label 1, label 0) that the score orders: F 2 of 3; M .6 beats .2 and .1, not .8; all
        # .9: 4, .8: 3 and a tie, .3: 2, .6: 2, of 16.
        ("roc_auc_score", 11.5 / 16, 2 / 3, 2 / 3),
        # Precision at each recalled positive: F 1, 1, 3/4 over 3; M .6 stands second, 1/2.
        ("average_precision_score", None, (1 + 1 + 3 / 4) / 3, 1 / 2),
        ("brier_score_loss", None, (0.01 + 0.04 + 0.49 + 0.49) / 4, (0.16 + 0.64 + 0.04 + 0.01) / 4),
        (
            "log_loss",
            None,
            -sum(map(math.log, (0.9, 0.8, 0.3, 0.3))) / 4,
            -sum(map(math.log, (0.6, 0.2, 0.8, 0.9))) / 4,
        ),
    ],
)
def test_values_are_those_computed_by_hand(
    metric: str, overall: float | None, women: float, men: float
) -> None:
    answer = found(metric)
    assert answer.metric.endswith(metric.rpartition(".")[2])
    assert answer.source == SOURCE
    assert [(slice_, n) for slice_, n, _ in rows(answer)] == [
        (Slice(values=(("sex", "F"),)), 4),
        (Slice(values=(("sex", "M"),)), 4),
    ]
    assert values(answer) == pytest.approx([women, men], abs=1e-12)
    if overall is not None:
        assert answer.overall.value == pytest.approx(overall, abs=1e-12)


def test_every_slicing_is_there_and_crossings_follow() -> None:
    answer = found("accuracy_score", by=("sex", "region"), cross=2)
    assert [str(slice_) for slice_, _, _ in rows(answer)] == [
        "sex=F",
        "sex=M",
        "region=n",
        "region=s",
        "sex=F × region=n",
        "sex=F × region=s",
        "sex=M × region=n",
        "sex=M × region=s",
    ]
    assert values(answer) == [0.5, 0.75, 0.75, 0.5, 1.0, 0.0, 0.5, 1.0]


def test_without_slices_only_everyone_is_measured() -> None:
    answer = found("accuracy_score", by=())
    assert (answer.overall.value, answer.values) == (5 / 8, ())


def test_a_crossing_without_rows_is_not_invented() -> None:
    answer = found("accuracy_score", TABLE.iloc[2:], by=("sex", "region"), cross=2)
    assert "sex=F × region=n" not in {str(slice_) for slice_, _, _ in rows(answer)}
    assert len(answer.values) == 7


def test_people_whose_group_is_not_recorded_are_a_group() -> None:
    frame = TABLE.assign(sex=["F", None, np.nan, "F", "M", "M", None, "M"])
    answer = found("accuracy_score", frame)
    assert [(dict(slice_.values)["sex"], n) for slice_, n, _ in rows(answer)] == [
        (NOT_RECORDED, 3),
        ("F", 2),
        ("M", 3),
    ]
    assert values(answer) == pytest.approx([2 / 3, 1 / 2, 2 / 3])


def test_rows_without_label_or_prediction_are_in_no_denominator() -> None:
    frame = TABLE.assign(y=[None, 1, 1, 0, None, None, None, None])
    answer = found("accuracy_score", frame)
    assert [(n, value) for _, n, value in rows(answer)] == [(3, pytest.approx(1 / 3)), (0, None)]
    assert answer.overall.value == pytest.approx(1 / 3)


def test_a_metric_of_predictions_needs_no_labels() -> None:
    answer = found("selection_rate", TABLE.drop(columns="y"), columns={"prediction": "p"})
    assert values(answer) == [0.75, 0.5]


def test_nothing_recorded_gives_no_value() -> None:
    answer = found("accuracy_score", TABLE.assign(p=np.nan))
    assert answer.overall.value is None
    assert [(n, value) for _, n, value in rows(answer)] == [(0, None), (0, None)]


# What is undefined is not 0.


def one_class(label: Iterable[int], prediction: Iterable[int]) -> pd.DataFrame:
    """A slice of the given rows, beside one in which everything is defined."""
    odd = pd.DataFrame({"y": list(label), "p": list(prediction)}).assign(sex="A", region="n")
    return pd.concat([odd.assign(s=odd["p"] * 0.5 + 0.2), TABLE], ignore_index=True)


@pytest.mark.parametrize(
    ("metric", "label", "prediction"),
    [
        ("true_positive_rate", (0, 0), (0, 1)),
        ("false_negative_rate", (0, 0), (0, 1)),
        ("recall_score", (0, 0), (0, 1)),
        ("false_positive_rate", (1, 1), (0, 1)),
        ("true_negative_rate", (1, 1), (0, 1)),
        ("precision_score", (0, 1), (0, 0)),
        ("f1_score", (0, 0), (0, 0)),
        ("jaccard_score", (0, 0), (0, 0)),
        ("balanced_accuracy_score", (1, 1), (0, 1)),
        ("matthews_corrcoef", (1, 1), (0, 1)),
        ("matthews_corrcoef", (0, 1), (1, 1)),
        ("matthews_corrcoef", (0, 1), (0, 0)),
        ("cohen_kappa_score", (1, 1), (1, 1)),
        ("roc_auc_score", (1, 1), (0, 1)),
        ("average_precision_score", (0, 0), (0, 1)),
    ],
)
def test_an_undefined_value_is_none(metric: str, label: tuple[int, ...], prediction: tuple[int, ...]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        answer = found(metric, one_class(label, prediction))
    odd, women, _ = values(answer)
    assert odd is None
    assert women is not None


@pytest.mark.parametrize(
    ("metric", "label", "prediction", "value"),
    [
        ("true_positive_rate", (1, 1), (0, 0), 0.0),
        ("true_positive_rate", (1, 1), (1, 1), 1.0),
        ("false_positive_rate", (0, 0), (0, 0), 0.0),
        ("false_positive_rate", (0, 0), (1, 1), 1.0),
        ("false_negative_rate", (1, 1), (1, 1), 0.0),
        ("true_negative_rate", (0, 0), (1, 1), 0.0),
        ("precision_score", (0, 0), (1, 1), 0.0),
        ("recall_score", (1, 1), (0, 0), 0.0),
        ("f1_score", (0, 1), (1, 0), 0.0),
        ("jaccard_score", (0, 0), (1, 1), 0.0),
        ("selection_rate", (0, 0), (0, 0), 0.0),
        ("accuracy_score", (0, 0), (0, 0), 1.0),
        ("brier_score_loss", (1, 1), (0, 0), 0.64),
        ("brier_score_loss", (0, 0), (0, 0), 0.04),
        ("log_loss", (1, 1), (0, 0), -math.log(0.2)),
        ("log_loss", (0, 0), (0, 0), -math.log(0.8)),
    ],
)
def test_a_true_zero_of_one_class_stays_a_value(
    metric: str, label: tuple[int, ...], prediction: tuple[int, ...], value: float
) -> None:
    assert values(found(metric, one_class(label, prediction)))[0] == pytest.approx(value)


# Against the libraries themselves, row by row.


@settings(max_examples=12, deadline=None)
@given(
    drawn=st.lists(
        st.tuples(
            st.sampled_from("ab"), st.integers(0, 1), st.integers(0, 1), st.sampled_from([0.1, 0.4, 0.8])
        ),
        min_size=1,
        max_size=40,
    ),
    metric=st.sampled_from(METRICS),
)
def test_merging_rows_changes_no_value(drawn: list[tuple[str, int, int, float]], metric: Metric) -> None:
    import fairlearn.metrics
    import sklearn.metrics

    frame = pd.DataFrame(drawn, columns=["sex", "y", "p", "s"]).assign(region="n")
    module = fairlearn.metrics if metric.library == "fairlearn" else sklearn.metrics
    second = "s" if metric.reads is Reads.LABEL_AND_SCORE else "p"
    for slice_, n, value in rows(found(metric.name, frame)):
        part = frame[frame["sex"] == dict(slice_.values)["sex"]]
        assert n == len(part)
        if value is None:
            continue
        options = {"labels": [0, 1]} if metric.labels else {"pos_label": 1} if metric.positive else {}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            expected = getattr(module, metric.function)(part["y"], part[second], **options)
        assert value == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    "metric",
    ["selection_rate", "false_positive_rate", "f1_score", "cohen_kappa_score", "roc_auc_score", "log_loss"],
)
def test_a_table_of_counts_gives_the_values_of_its_rows(metric: str) -> None:
    counted = TABLE.assign(k=[3, 1, 2, 0, 5, 1, 4, 2])
    repeated = TABLE.loc[TABLE.index.repeat(counted["k"])]
    answer = found(metric, counted, columns={**COLUMNS, "count": "k"})
    expected = found(metric, repeated)
    assert [n for _, n, _ in rows(answer)] == [n for _, n, _ in rows(expected)] == [6, 12]
    assert [value for *_, value in rows(answer)] == pytest.approx(values(expected), nan_ok=False)


def test_a_group_that_is_counted_nowhere_is_no_slice() -> None:
    counted = TABLE.assign(k=[1, 1, 1, 1, 0, 0, 0, 0])
    answer = found("accuracy_score", counted, columns={**COLUMNS, "count": "k"})
    assert [(str(slice_), n) for slice_, n, _ in rows(answer)] == [("sex=F", 4)]


# What is refused.


def test_an_unknown_metric_names_the_nearest() -> None:
    answer = refused("sklearn.f1_scor")
    assert answer.reason is Absence.NO_RESULT
    assert "did you mean `f1_score`?" in str(answer.detail)


@pytest.mark.parametrize(
    "metric",
    ["os.system", "sklearn.metrics.make_scorer", "fairlearn.demographic_parity_difference", "__class__", ""],
)
def test_only_listed_metrics_are_looked_up(metric: str) -> None:
    assert refused(metric).reason is Absence.NO_RESULT


@pytest.mark.parametrize(
    ("frame", "metric", "said"),
    [
        (TABLE.assign(y=TABLE["y"] + 1), "accuracy_score", "must hold 0, 1 or nothing"),
        (TABLE.assign(p=TABLE["s"]), "selection_rate", "must hold 0, 1 or nothing"),
        (TABLE.assign(y="secret"), "accuracy_score", "values that are no numbers"),
        (TABLE.assign(s=np.inf), "roc_auc_score", "infinite"),
        (TABLE.assign(s=TABLE["s"] * 2), "log_loss", "scores from 0 to 1"),
        (TABLE.assign(s=TABLE["s"] * 2), "brier_score_loss", "scores from 0 to 1"),
    ],
)
def test_values_that_do_not_suit_the_metric_are_refused(frame: pd.DataFrame, metric: str, said: str) -> None:
    answer = refused(metric, frame)
    assert answer.reason is Absence.WRONG_KIND
    assert said in str(answer.detail)
    assert "secret" not in str(answer.detail)


@pytest.mark.parametrize("count", [-1, 0.5, None])
def test_counts_that_are_none_are_refused(count: float | None) -> None:
    answer = refused("accuracy_score", TABLE.assign(k=[count] + [1] * 7), columns={**COLUMNS, "count": "k"})
    assert (answer.reason, "whole numbers" in str(answer.detail)) == (Absence.WRONG_KIND, True)


def test_what_is_missing_is_named() -> None:
    no_role = refused("roc_auc_score", columns={"label": "y", "prediction": "p"})
    assert "no outcome or role `score`" in str(no_role.detail)
    no_group = refused("accuracy_score", by=("sxe",))
    assert "no group `sxe`; did you mean `sex`?" in str(no_group.detail)
    no_column = refused(
        "accuracy_score", TABLE.rename(columns={"y": "yy"}), columns={"label": "y", "prediction": "p"}
    )
    assert "no column `y`" in str(no_column.detail)
    assert refused("accuracy_score", TABLE.iloc[:0]).reason is Absence.EMPTY_TABLE


def test_a_column_that_identifies_people_is_refused() -> None:
    n = 10_001
    frame = pd.DataFrame({"sex": np.arange(n).astype(str), "region": "n", "y": 1, "p": 1})
    answer = refused("accuracy_score", frame, columns={"label": "y", "prediction": "p"})
    assert answer.reason is Absence.TOO_MANY_GROUPS


def test_values_of_one_name_are_one_group() -> None:
    frame = TABLE.assign(sex=[1, "1", 1, "1", None, None, NOT_RECORDED, NOT_RECORDED])
    answer = found("accuracy_score", frame)
    assert [(dict(slice_.values)["sex"], n) for slice_, n, _ in rows(answer)] == [
        (NOT_RECORDED, 4),
        ("1", 4),
    ]


# The catalogue agrees with the libraries installed.


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_a_listed_metric_takes_what_it_is_said_to_take(metric: Metric) -> None:
    import fairlearn.metrics
    import sklearn.metrics

    module = fairlearn.metrics if metric.library == "fairlearn" else sklearn.metrics
    taken = inspect.signature(getattr(module, metric.function)).parameters
    assert "sample_weight" in taken
    assert ("zero_division" in taken) or not metric.undefined_is_nan
    assert ("labels" in taken) or not metric.labels
    assert ("pos_label" in taken) or not metric.positive


def test_names_are_distinct() -> None:
    assert len(known_metrics()) == len(METRICS) == len({metric.function for metric in METRICS})
