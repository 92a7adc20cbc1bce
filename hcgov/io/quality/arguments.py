"""What can be said against an expectation's arguments before it runs."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from hcgov.core.evidence.source import Tree
from hcgov.core.mistake import did_you_mean
from hcgov.core.patterns import fault_of_pattern
from hcgov.core.text import text
from hcgov.io.quality.conditions import fault_in
from hcgov.io.quality.suite import Wanted

MAY_BE_MISSING = frozenset({"expect_column_to_exist"})
"""Expectations that are about a column's being there: that it is not is their answer, not an error."""

NEEDS_A_DATABASE = frozenset(
    {
        "unexpected_rows_expectation",
        "expect_query_results_to_match_comparison",
        "expect_table_row_count_to_equal_other_table",
    }
)
_REFERENCES = ("$ref", "$dynamicRef", "$recursiveRef")


def fault_of(wanted: Wanted, known: Collection[str], columns: Collection[str]) -> str:
    """Return the first thing that keeps an expectation from being run, as a sentence, or an empty string.

    Parameters
    ----------
    known
        Types that the installed Great Expectations knows.
    columns
        Columns of the table.
    """
    return (
        _fault_of_type(wanted, known)
        or missing_column(wanted, columns)
        or fault_in(wanted.arguments, columns)
        or _fault_of_values(wanted.arguments)
        or fault_of_patterns(wanted)
    )


def _fault_of_type(wanted: Wanted, known: Collection[str]) -> str:
    if not wanted.type:
        return str(
            text("the entry has no `type`; write for example `type: expect_column_values_to_be_unique`")
        )
    if wanted.type not in known:
        return str(
            text(
                "Great Expectations knows no expectation `{type}`; {nearest}",
                type=wanted.type,
                nearest=did_you_mean(wanted.type, known),
            )
        )
    if wanted.type in NEEDS_A_DATABASE:
        return str(
            text("`{type}` runs SQL in a database, and this table is read from a file", type=wanted.type)
        )
    return ""


def missing_column(wanted: Wanted, columns: Collection[str]) -> str:
    """Return the sentence about the first column that the table does not have, or an empty string."""
    if wanted.type in MAY_BE_MISSING:
        return ""
    for column in wanted.columns:
        if column in columns:
            continue
        twins = [name for name in columns if re.fullmatch(rf"{re.escape(column)} \(\d+\)", name)]
        if len(twins) > 1:
            return str(
                text(
                    "column `{column}` stands more than once in the table; say which by its position under "
                    "`columns:`, or here: {twins}",
                    column=column,
                    twins=" or ".join(f"`{name}`" for name in twins),
                )
            )
        return str(
            text(
                "the table has no column `{column}`; {nearest}",
                column=column,
                nearest=did_you_mean(column, columns),
            )
        )
    return ""


def _fault_of_values(arguments: dict[str, Tree]) -> str:
    for key, value in _entries(arguments):
        if key in _REFERENCES and not (isinstance(value, str) and value.startswith("#")):
            return str(
                text("the JSON schema refers to another document; put the whole schema into the suite")
            )
        if key == "$PARAMETER":
            return str(
                text("the expectation takes a value from the run (`$PARAMETER`); write the value itself")
            )
    return ""


def fault_of_patterns(wanted: Wanted) -> str:
    """Return the sentence about the first regular expression that cannot be read, or an empty string."""
    for pattern in (wanted.arguments.get("regex"), *_list(wanted.arguments.get("regex_list"))):
        if isinstance(pattern, str) and (fault := fault_of_pattern(pattern)):
            return str(
                text(
                    "`{pattern}` is not a regular expression: {fault}; mend it in entry {place} of the suite",
                    pattern=pattern,
                    fault=fault,
                    place=wanted.place,
                )
            )
    return ""


def _entries(tree: Tree) -> Iterator[tuple[str, Tree]]:
    """Yield every key with its value, at any depth."""
    waiting: list[Tree] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            yield from node.items()
            waiting.extend(node.values())
        elif isinstance(node, list):
            waiting.extend(node)


def _list(value: Tree) -> list[Tree]:
    return value if isinstance(value, list) else []


def refusal(wanted: Wanted, errors: Iterable[Mapping[str, object]], accepted: Collection[str]) -> str:
    """Turn the errors of the expectation's own model into one sentence.

    Parameters
    ----------
    errors
        Errors as pydantic tells them: ``loc`` and ``msg``; the values that were given are not among them.
    accepted
        Arguments that the expectation has.
    """
    said: dict[str, str] = {}
    for error in errors:
        location = error.get("loc")
        argument = str(location[0]) if isinstance(location, tuple) and location else "__root__"
        said.setdefault(argument, str(error.get("msg", "")))
    unknown = [a for a in said if a != "__root__" and a not in accepted]
    if unknown:
        return str(
            text(
                "`{type}` has no argument `{argument}`; {nearest}",
                type=wanted.type,
                argument=unknown[0],
                nearest=did_you_mean(unknown[0], accepted),
            )
        )
    # What the whole expectation lacks is often only what a wrong argument left out.
    named = {a: message for a, message in said.items() if a != "__root__"} or said
    faults = "; ".join(m if a == "__root__" else f"`{a}`: {m}" for a, m in named.items())
    return str(
        text(
            "Great Expectations refuses the arguments of `{type}`: {faults}", type=wanted.type, faults=faults
        )
    )
