"""The run itself: an ephemeral context of Great Expectations over a frame in memory."""

import builtins
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from hcgov.core.frozen import frozen
from hcgov.core.text import text
from hcgov.io.quality.arguments import fault_of, refusal
from hcgov.io.quality.quiet import load, quiet
from hcgov.io.quality.suite import Wanted

if TYPE_CHECKING:
    import pandas as pd

COUNTS_ONLY: dict[str, object] = {
    "result_format": "BASIC",
    "partial_unexpected_count": 0,
    "include_unexpected_rows": False,
}
"""BASIC carries the counts that BOOLEAN_ONLY leaves out; without a partial list it carries no values."""

_COUNTED_NULLS = "expect_column_values_to_not_be_null"
_QUANTILES = "expect_column_quantile_values_to_be_between"
_EXCEPTION = re.compile(r"^([A-Z]\w*(?:Error|Exception))\b", re.MULTILINE)


class Outcome(Protocol):
    """What is used of a validation result of Great Expectations."""

    success: bool | None
    result: Mapping[str, object]
    exception_info: Mapping[str, object] | None


class _Configured(Protocol):
    meta: Mapping[str, object]


class _Placed(Outcome, Protocol):
    expectation_config: _Configured


class _Results(Protocol):
    results: Iterable[_Placed]


class _Batch(Protocol):
    def validate(self, expect: object, *, result_format: Mapping[str, object]) -> _Results: ...


@frozen
class Prepared:
    """An expectation that can be run, with the entry of the suite it was built from."""

    wanted: Wanted
    expectation: object


@frozen
class Answer:
    """What the library said about one expectation.

    Parameters
    ----------
    success
        ``None`` where it was not computed.
    result
        Counts and aggregates, as the library gives them.
    crash
        Name of the Python exception where it was not computed; empty where there is none to name.
    rows, recorded
        Rows of the expectation's domain, and those of them whose column holds a value; ``None`` unless the
        expectation is about one column and counts nothing itself.
    held
        Type of the column's values, for the sentence about a crash.
    """

    success: bool | None
    result: Mapping[str, object]
    crash: str = ""
    rows: int | None = None
    recorded: int | None = None
    held: str = ""


class Run:
    """Expectations over one table.

    Parameters
    ----------
    frame
        The table, or those of its columns that the expectations need.
    columns
        All columns of the table; those of the frame if left out.
    """

    def __init__(self, frame: "pd.DataFrame", columns: Collection[str] | None = None) -> None:
        self._frame = frame
        self._columns = [str(column) for column in frame.columns] if columns is None else columns

    def prepare(self, wanted: Wanted) -> Prepared | str:
        """Build an expectation, or return the sentence that says why it cannot be run."""
        load()
        from great_expectations.expectations import registry

        fault = fault_of(wanted, registry.list_registered_expectation_implementations(), self._columns)
        return fault or _built(wanted)

    def answers(self, prepared: Sequence[Prepared]) -> list[Answer]:
        """Run expectations; the answers stand in the same order."""
        if not prepared:
            return []
        with quiet():
            batch = _batch_of(self._frame)
            outcomes: dict[int, Outcome | str] = {}
            for several in _that_go_together(prepared):
                places = [found.wanted.place for found in several]
                outcomes |= zip(places, _validated(batch, several), strict=True)
            return [self._answer(found.wanted, outcomes[found.wanted.place], batch) for found in prepared]

    def _answer(self, wanted: Wanted, outcome: Outcome | str, batch: _Batch) -> Answer:
        if isinstance(outcome, str):
            return Answer(success=None, result={}, crash=outcome, held=self._held(wanted))
        crash = _crash_of(outcome)
        answer = Answer(
            success=None if crash is not None or outcome.success is None else bool(outcome.success),
            result={} if crash is not None else outcome.result,
            crash=crash or "",
            held=self._held(wanted),
        )
        if "element_count" in answer.result or wanted.column not in self._columns:
            return answer
        rows, recorded = self._domain(wanted, batch)
        return replace(answer, rows=rows, recorded=recorded)

    def _held(self, wanted: Wanted) -> str:
        return str(self._frame[wanted.column].dtype) if wanted.column in self._columns else ""

    def _domain(self, wanted: Wanted, batch: _Batch) -> tuple[int | None, int | None]:
        """Count the rows that an expectation is about, and those of them whose column holds a value."""
        condition = {k: v for k, v in wanted.arguments.items() if k in ("row_condition", "condition_parser")}
        if not condition.get("row_condition"):
            return len(self._frame), int(self._frame[wanted.column].notna().sum())
        # Only the library knows its own conditions, so it is asked to count the nulls under this one.
        probe = _built(replace(wanted, type=_COUNTED_NULLS, arguments={"column": wanted.column, **condition}))
        if isinstance(probe, str):
            return None, None
        (outcome,) = _validated(batch, [probe])
        if isinstance(outcome, str) or _crash_of(outcome) is not None:
            return None, None
        rows, nulls = (outcome.result.get(key) for key in ("element_count", "unexpected_count"))
        return (rows, rows - nulls) if isinstance(rows, int) and isinstance(nulls, int) else (None, None)


def _built(wanted: Wanted) -> Prepared | str:
    from great_expectations.compatibility.pydantic import ValidationError
    from great_expectations.exceptions import GreatExpectationsError
    from great_expectations.expectations import registry

    implementation = registry.get_expectation_impl(wanted.type)
    try:
        with quiet():
            built = implementation(**wanted.arguments, meta={"place": wanted.place})
    except ValidationError as error:
        return refusal(wanted, error.errors(), list(implementation.__fields__))
    except (GreatExpectationsError, TypeError, ValueError, KeyError, AttributeError) as error:
        # Some expectations fail on a wrong argument outside their model; the message may quote anything.
        return str(
            text(
                "Great Expectations refuses the arguments of `{type}` ({error}); see its documentation",
                type=wanted.type,
                error=type(error).__name__,
            )
        )
    return Prepared(wanted=wanted, expectation=built)


def _batch_of(frame: "pd.DataFrame") -> _Batch:
    import great_expectations as gx
    from great_expectations.data_context.types import base

    # The default of an ephemeral context makes a temporary folder for pages that nobody reads.
    stores = base.InMemoryStoreBackendDefaults(init_temp_docs_sites=False)
    config = base.DataContextConfig(store_backend_defaults=stores, analytics_enabled=False)
    context = gx.get_context(mode="ephemeral", project_config=config)
    asset = context.data_sources.add_pandas("memory").add_dataframe_asset("table")
    batch: _Batch = asset.add_batch_definition_whole_dataframe("whole").get_batch({"dataframe": frame})
    return batch


def _that_go_together(prepared: Sequence[Prepared]) -> list[list[Prepared]]:
    """Part expectations that would get each other's answers.

    The library takes two sets of quantiles of one column for one metric, so that the second expectation is
    held against the first one's quantiles: ``ExpectColumnQuantileValuesToBeBetween`` names its quantiles
    after the metric's id is computed.
    """
    runs: list[list[Prepared]] = [[]]
    for found in prepared:
        alike = (one.wanted.columns for one in prepared if one.wanted.type == _QUANTILES)
        if found.wanted.type != _QUANTILES or sum(columns == found.wanted.columns for columns in alike) < 2:
            runs[0].append(found)
        else:
            runs.append([found])
    return [run for run in runs if run]


def _validated(batch: _Batch, prepared: Sequence[Prepared]) -> list[Outcome | str]:
    """Run expectations together, so that they share what they count; a crash becomes the exception's name."""
    try:
        return list(_validated_together(batch, prepared))
    except Exception as error:  # noqa: BLE001 - whatever an expectation raises outside its metrics; told as its error
        if len(prepared) == 1:
            return [type(error).__name__ if hasattr(builtins, type(error).__name__) else ""]
    return [outcome for found in prepared for outcome in _validated(batch, [found])]


def _validated_together(batch: _Batch, prepared: Sequence[Prepared]) -> list[Outcome]:
    from great_expectations import ExpectationSuite

    suite = ExpectationSuite(name="suite", expectations=[found.expectation for found in prepared])
    results = batch.validate(suite, result_format=COUNTS_ONLY).results
    by_place = {result.expectation_config.meta["place"]: result for result in results}
    return [by_place[found.wanted.place] for found in prepared]


def _crash_of(outcome: Outcome) -> str | None:
    """Return the name of the exception that an outcome hides, ``""`` for one without a name, else ``None``.

    The library reports a crash as ``success=False`` with an empty result. Only the exception's name is
    taken: its message may quote the data.
    """
    info = outcome.exception_info or {}
    raised = [info, *(part for part in info.values() if isinstance(part, Mapping))]
    for part in raised:
        if part.get("raised_exception"):
            names = _EXCEPTION.findall(str(part.get("exception_traceback") or ""))
            return next((name for name in names if hasattr(builtins, name)), "")
    return None
