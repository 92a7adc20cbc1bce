"""The metrics that may be asked for by name: nothing is imported because a file names it."""

from enum import StrEnum

from hcgov.core.frozen import frozen
from hcgov.core.mistake import did_you_mean


class Reads(StrEnum):
    """The roles that a metric reads."""

    PREDICTION = "prediction"
    LABEL_AND_PREDICTION = "label and prediction"
    LABEL_AND_SCORE = "label and score"


class Needs(StrEnum):
    """What a slice must hold for a metric to be defined there.

    The libraries return 0 in these cases (or the mean over the one class there is), which reads like a
    measured value.
    """

    LABELLED_1 = "a row whose label is 1"
    LABELLED_0 = "a row whose label is 0"
    PREDICTED_1 = "a row whose prediction is 1"
    PREDICTED_0 = "a row whose prediction is 0"
    ANY_1 = "a row whose label or prediction is 1"


@frozen
class Metric:
    """A metric of a library.

    Parameters
    ----------
    library, function
        ``fairlearn`` or ``sklearn``, and the name in that library's ``metrics``.
    needs
        All of these must hold in a slice; elsewhere the metric is undefined.
    undefined_is_nan
        Whether the function takes ``zero_division`` and NaN for it.
    labels
        Name of the argument that takes both classes, for functions that cannot tell them from one class.
    positive
        Whether the function takes ``pos_label`` and must be told that it is 1.
    probability
        Whether scores must lie from 0 to 1.
    low, high
        Range of its values; ``None`` where it has no end.
    higher_is_better
        Whether people are better served where it is higher; ``None`` where that depends on the outcome.
    """

    library: str
    function: str
    reads: Reads = Reads.LABEL_AND_PREDICTION
    needs: frozenset[Needs] = frozenset()
    undefined_is_nan: bool = False
    labels: bool = False
    positive: bool = False
    probability: bool = False
    low: float = 0.0
    high: float | None = 1.0
    higher_is_better: bool | None = True

    @property
    def name(self) -> str:
        """Return for example ``sklearn.f1_score``."""
        return f"{self.library}.{self.function}"


_POSITIVES = frozenset({Needs.LABELLED_1})
_NEGATIVES = frozenset({Needs.LABELLED_0})
_BOTH = _POSITIVES | _NEGATIVES
_SCORE = Reads.LABEL_AND_SCORE

METRICS = (
    Metric(library="fairlearn", function="selection_rate", reads=Reads.PREDICTION, higher_is_better=None),
    Metric(library="fairlearn", function="mean_prediction", reads=Reads.PREDICTION, higher_is_better=None),
    Metric(library="fairlearn", function="true_positive_rate", needs=_POSITIVES, higher_is_better=None),
    Metric(library="fairlearn", function="false_negative_rate", needs=_POSITIVES, higher_is_better=None),
    Metric(library="fairlearn", function="true_negative_rate", needs=_NEGATIVES, higher_is_better=None),
    Metric(library="fairlearn", function="false_positive_rate", needs=_NEGATIVES, higher_is_better=None),
    Metric(library="sklearn", function="accuracy_score"),
    Metric(library="sklearn", function="balanced_accuracy_score", needs=_BOTH),
    Metric(library="sklearn", function="cohen_kappa_score", low=-1.0),
    Metric(library="sklearn", function="f1_score", needs=frozenset({Needs.ANY_1}), undefined_is_nan=True),
    Metric(library="sklearn", function="hamming_loss", higher_is_better=False),
    Metric(library="sklearn", function="jaccard_score", needs=frozenset({Needs.ANY_1})),
    Metric(
        library="sklearn",
        function="matthews_corrcoef",
        needs=_BOTH | {Needs.PREDICTED_1, Needs.PREDICTED_0},
        low=-1.0,
    ),
    Metric(
        library="sklearn",
        function="precision_score",
        needs=frozenset({Needs.PREDICTED_1}),
        undefined_is_nan=True,
    ),
    Metric(library="sklearn", function="recall_score", needs=_POSITIVES, undefined_is_nan=True),
    Metric(library="sklearn", function="zero_one_loss", higher_is_better=False),
    Metric(library="sklearn", function="average_precision_score", reads=_SCORE, needs=_POSITIVES),
    Metric(
        library="sklearn",
        function="brier_score_loss",
        reads=_SCORE,
        positive=True,
        probability=True,
        higher_is_better=False,
    ),
    Metric(
        library="sklearn",
        function="log_loss",
        reads=_SCORE,
        labels=True,
        probability=True,
        high=None,
        higher_is_better=False,
    ),
    Metric(library="sklearn", function="roc_auc_score", reads=_SCORE, needs=_BOTH),
)
"""Metrics of one slice; those that compare slices are controls of their own, with intervals."""

_BY_NAME = {name: metric for metric in METRICS for name in (metric.name, metric.function)}


def known_metrics() -> tuple[str, ...]:
    """Return the full name of every metric, sorted.

    >>> "sklearn.f1_score" in known_metrics()
    True
    """
    return tuple(sorted(metric.name for metric in METRICS))


def find(name: str) -> Metric | None:
    """Return a metric by full or bare name; ``sklearn.metrics.f1_score`` is understood too.

    >>> find("f1_score") is find("sklearn.metrics.f1_score")
    True
    """
    return _BY_NAME.get(name.replace(".metrics.", ".", 1))


def suggestion(name: str) -> str:
    """Return a line that helps a person whose metric is not known."""
    _, _, bare = name.rpartition(".")
    return did_you_mean(bare if bare != name else name, (metric.function for metric in METRICS))


def reads(metric: Metric, *, label: str, prediction: str) -> dict[str, str]:
    """Return what a metric reads: the part it plays -> outcome or role of the table."""
    if metric.reads is Reads.PREDICTION:
        return {"prediction": prediction}
    if metric.reads is Reads.LABEL_AND_SCORE:
        return {"label": label, "score": SCORE}
    return {"label": label, "prediction": prediction}


SCORE = "score"
"""The role of scores, which a request does not name."""
