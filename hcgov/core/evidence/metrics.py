"""Evidence that other tools compute: expectations, metrics of fairlearn, and the estimates of this run."""

from dataclasses import dataclass

from hcgov.core.evidence.source import Source
from hcgov.core.slices import Slice, SliceChoice


@dataclass(frozen=True, kw_only=True)
class ExpectationsOf:
    """Ask Great Expectations to run a suite on a table.

    ``suite`` names an artifact of kind ``expectation_suite``; ``inline`` is the suite as JSON text, where
    the control carries it.
    """

    table: str
    suite: str | None = None
    inline: str | None = None


@dataclass(frozen=True, kw_only=True)
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
    """

    name: str
    column: str | None
    success: bool | None
    evaluated: int | None = None
    unexpected: int | None = None
    observed: str = ""
    error: str = ""
    vacuous: bool = False


@dataclass(frozen=True, kw_only=True)
class Expectations:
    """The results of a suite; values of the data are never kept.

    ``aggregated`` is true where the table holds counts: its rows were tested, not the people behind them.
    """

    suite: str
    results: tuple[ExpectationResult, ...]
    rows: int
    source: Source
    aggregated: bool = False


@dataclass(frozen=True, kw_only=True)
class GroupMetricOf:
    """Ask fairlearn's MetricFrame for a metric by slice: point values, no interval."""

    table: str
    metric: str
    label: str = "label"
    prediction: str = "prediction"
    slices: SliceChoice = SliceChoice()


@dataclass(frozen=True, kw_only=True)
class GroupMetric:
    """Point values of a metric by slice; a value that is not a finite number is ``None``."""

    metric: str
    overall: float | None
    values: tuple[tuple[Slice, int, float | None], ...]
    source: Source


@dataclass(frozen=True, kw_only=True)
class EstimatesOf:
    """Ask for what the measured controls of this run found (they run, but are not judged, if not selected).

    ``stage`` narrows it to the controls of one stage; empty means all.
    """

    stage: str = ""


@dataclass(frozen=True, kw_only=True)
class Estimated:
    """One value of this run: the control, metric and slice it belongs to."""

    control: str
    metric: str
    slice: Slice
    against: Slice | None
    value: float
    worst: bool


@dataclass(frozen=True, kw_only=True)
class Estimates:
    """The values that this run estimated; ``ran`` names the controls that were asked, with values or without."""

    values: tuple[Estimated, ...]
    ran: tuple[str, ...] = ()
