"""Evidence that other tools compute: expectations, metrics of fairlearn, and the estimates of this run."""

from hcgov.core.evidence.source import Source
from hcgov.core.frozen import frozen
from hcgov.core.slices import Slice, SliceChoice, SliceRules


@frozen
class ExpectationsOf:
    """Ask Great Expectations to run a suite on a table.

    ``suite`` names an artifact of kind ``expectation_suite``; ``inline`` is the suite as JSON text, where
    the control carries it.
    """

    table: str
    suite: str | None = None
    inline: str | None = None


@frozen
class ExpectationResult:
    """One expectation's result.

    Parameters
    ----------
    name
        Expectation type and column, for example ``expect_column_values_to_not_be_null(age)``.
    success
        ``None`` where the expectation could not be computed; ``error`` then says why.
    evaluated, unexpected
        Values looked at (nulls apart) and those against the expectation, where the expectation counts them.
    vacuous
        True where nothing was looked at: an empty table or an all-null column.
    unbreakable
        True where no data at all could break it: ``mostly`` is 0, or it is a range without ends.
    out_of_reach
        True where it was not computed because the rows of the table stay in the engine of a connection.
    """

    name: str
    column: str | None
    success: bool | None
    evaluated: int | None = None
    unexpected: int | None = None
    observed: str = ""
    error: str = ""
    vacuous: bool = False
    unbreakable: bool = False
    out_of_reach: bool = False


@frozen
class Expectations:
    """The results of a suite; values of the data are never kept.

    ``aggregated`` is true where the table holds counts: its rows were tested, not the people behind them.
    """

    suite: str
    results: tuple[ExpectationResult, ...]
    rows: int
    source: Source
    aggregated: bool = False


MAX_WORK = 1_000_000_000
"""Rows that a metric may be computed over, counted each time they are used again."""


@frozen
class GroupMetricOf:
    """Ask for a metric of fairlearn or scikit-learn by slice, also without each bucket of people.

    Parameters
    ----------
    metric
        By name, as the catalogue of metrics has it.
    rest
        Whether to compute it for everyone outside each slice too.
    max_work
        Most rows to compute over, counted each time they are used again; more is refused.
    """

    table: str
    metric: str
    label: str = "label"
    prediction: str = "prediction"
    slices: SliceChoice = SliceChoice()
    rest: bool = False
    max_work: int = MAX_WORK


@frozen
class GroupValue:
    """A metric of one slice, or of everyone outside it.

    Parameters
    ----------
    slice
        Who.
    n, positives
        Rows in which all that the metric reads is recorded, and those of them whose label (or prediction, for a
        metric of predictions alone) is 1.
    missing
        Rows in which something is not recorded.
    people
        Distinct people in those ``n`` rows; ``None`` where unknown.
    fewest
        Distinct people in the smallest part that the metric needs, such as the positives of a recall.
    value
        Finite; ``None`` where the metric is undefined.
    replicates
        ``(bucket, value without it)`` for each bucket of people that is in the slice; the value is ``None``
        where the metric is undefined without the bucket. Empty where people are unknown.
    """

    slice: Slice
    n: int
    value: float | None
    positives: int = 0
    missing: int = 0
    people: int | None = None
    fewest: int | None = None
    replicates: tuple[tuple[int, float | None], ...] = ()


@frozen
class GroupMetric:
    """A metric by slice.

    Parameters
    ----------
    low, high
        Range of the metric; ``high`` is ``None`` where it has no end.
    higher_is_better
        Whether people are better served where it is higher; ``None`` where that depends on the outcome.
    values
        Every slice with any row, ordered by slicing and slice.
    rest
        Everyone outside each slice of ``values``, in their order; empty where it was not asked for.
    nobody
        Rows that name no person, where people repeat.
    rules
        The slices of this control, as resolved from project and control.
    """

    table: str
    metric: str
    low: float
    high: float | None
    higher_is_better: bool | None
    overall: GroupValue
    values: tuple[GroupValue, ...]
    rest: tuple[GroupValue, ...] = ()
    people_known: bool
    nobody: int = 0
    rules: SliceRules
    source: Source


@frozen
class EstimatesOf:
    """Ask for what the measured controls of this run found (they run, but are not judged, if not selected).

    ``stage`` narrows it to the controls of one stage; empty means all.
    """

    stage: str = ""


@frozen
class Estimated:
    """One value of this run: the control, metric and slice it belongs to."""

    control: str
    metric: str
    slice: Slice
    against: Slice | None
    value: float
    worst: bool


@frozen
class Estimates:
    """The values that this run estimated; ``ran`` names the controls that were asked, with values or without."""

    values: tuple[Estimated, ...]
    ran: tuple[str, ...] = ()
