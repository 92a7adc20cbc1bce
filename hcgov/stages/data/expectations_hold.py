"""The data meet every expectation of the quality suite."""

import json
from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import Field, JsonValue, field_validator, model_validator

from hcgov.core.check import Example, Judged, Params, Request, check
from hcgov.core.direction import Stricter
from hcgov.core.evidence.metrics import ExpectationResult, Expectations, ExpectationsOf
from hcgov.core.measurement import Answered, Statement
from hcgov.core.patterns import fault_of_pattern
from hcgov.core.status import Verdict
from hcgov.core.text import Text, text
from hcgov.stages.specimens import source, worked


class InlineExpectation(Params):
    """One expectation, written into the control."""

    type: str = Field(
        pattern=r"^expect_[a-z_]+$", description="Great Expectations type, such as `expect_column_to_exist`."
    )
    kwargs: Annotated[dict[str, JsonValue], Stricter.IDENTITY] = Field(
        default_factory=dict, description="Its arguments, such as `column` and `mostly`."
    )

    @field_validator("kwargs")
    @classmethod
    def _readable(cls, arguments: dict[str, JsonValue]) -> dict[str, JsonValue]:
        several = arguments.get("regex_list")
        for pattern in (arguments.get("regex"), *(several if isinstance(several, list) else ())):
            if isinstance(pattern, str) and (fault := fault_of_pattern(pattern)):
                raise ValueError(f"`{pattern}` is not a regular expression: {fault}")
        return arguments


class ExpectationsHold(Params):
    """Parameters of the quality suite."""

    table: str = Field(default="training_data", description="Table artifact that is tested.")
    suite: str | None = Field(default=None, description="Expectation suite artifact.")
    inline: Annotated[tuple[InlineExpectation, ...], Stricter.SUPERSET] = Field(
        default=(), description="Expectations written here, instead of a suite file."
    )

    @model_validator(mode="after")
    def _one_suite(self) -> "ExpectationsHold":
        if (self.suite is None) == (not self.inline):
            raise ValueError("give exactly one of `suite` and `inline`")
        return self


def asks(params: ExpectationsHold) -> Mapping[str, Request]:
    """Ask for the results of the suite."""
    inline = None
    if params.inline:
        expectations = [expectation.model_dump(mode="json") for expectation in params.inline]
        inline = json.dumps({"name": "inline", "expectations": expectations}, sort_keys=True)
    return {"results": ExpectationsOf(table=params.table, suite=params.suite, inline=inline)}


def examples() -> tuple[Example[ExpectationsHold], ...]:
    """Return results that hold, some that do not, some that could not be computed, and vacuous ones."""
    name = "expect_column_values_to_not_be_null(age)"

    def results(*told: ExpectationResult) -> Expectations:
        return Expectations(
            suite="quality_suite", results=told, rows=1000, source=source("training_data", "table")
        )

    def one(
        success: bool | None, *, unexpected: int = 0, evaluated: int = 1000, error: str = ""
    ) -> Expectations:
        return results(
            ExpectationResult(
                name=name,
                column="age",
                success=success,
                evaluated=evaluated,
                unexpected=unexpected,
                error=error,
                vacuous=evaluated == 0,
            )
        )

    return worked(
        ExpectationsHold(suite="quality_suite"),
        "results",
        {
            "no age is missing": (one(True), Verdict.PASS),
            "seven ages are missing": (one(False, unexpected=7), Verdict.FAIL),
            "the column is not there": (
                one(None, evaluated=0, error="the table has no column `age`"),
                Verdict.ERROR,
            ),
            "nothing was looked at": (one(True, evaluated=0), Verdict.INCONCLUSIVE),
            "the suite is empty": (results(), Verdict.INCONCLUSIVE),
        },
    )


@check(
    asks=asks,
    params=ExpectationsHold,
    examples=examples,
    judged=Judged.BY_STATEMENT,
    supports=("nist-ai-rmf:MAP 2.3", "eu-ai-act:Art.10(3)-(4)", "iso-42001:A.7.4"),
)
def expectations_hold(results: Expectations, params: ExpectationsHold) -> Iterator[Statement]:
    """Say for each expectation whether it holds, with counts and never with values.

    Errors in data fall on those whose records are hardest to write: missing, doubled and garbled values are
    decisions about people later. An expectation that looked at nothing holds of nothing, and is not held to
    be met. Source: Great Expectations 1.x; limits are those of the suite's authors. What is a function of
    counts and aggregates is answered from one scan, as the library means it; `hcgov rules` says which it is.
    """
    if not results.results:
        yield Statement(
            about="the suite", answer=Answered.CANNOT_TELL, text=text("the suite holds no expectation")
        )
    seen: dict[str, int] = {}
    for result in results.results:
        seen[result.name] = seen.get(result.name, 0) + 1
        again = f" #{seen[result.name]}" if seen[result.name] > 1 else ""
        answer, found = _judge(result)
        if results.aggregated:
            found = text(
                "{found}; rows of an aggregated table were tested, not the people they count", found=found
            )
        yield Statement(about=f"{result.name}{again}", answer=answer, text=found)


def _judge(result: ExpectationResult) -> tuple[Answered, Text]:
    if result.success is None:
        why = result.error or "no reason was given"
        if result.out_of_reach:
            return Answered.CANNOT_TELL, text("{name} was not computed: {why}", name=result.name, why=why)
        return Answered.ERROR, text("{name} could not be computed: {why}", name=result.name, why=why)
    if result.success and (result.vacuous or result.evaluated == 0):
        return Answered.CANNOT_TELL, text(
            "{name} looked at nothing, so it holds of nothing", name=result.name
        )
    if result.success and result.unbreakable:
        return Answered.CANNOT_TELL, text(
            "{name} holds whatever the data are, because `mostly` is 0 or its range has no end; say what is expected",
            name=result.name,
        )
    answer = Answered.MET if result.success else Answered.NOT_MET
    word = "holds" if result.success else "does not hold"
    if result.evaluated is None or result.unexpected is None:
        return answer, text("{name} {word}", name=result.name, word=word)
    return answer, text(
        "{name} {word}: {unexpected} of {evaluated} {evaluated|value|values} {unexpected|is|are} against it",
        name=result.name,
        word=word,
        unexpected=result.unexpected,
        evaluated=result.evaluated,
    )
