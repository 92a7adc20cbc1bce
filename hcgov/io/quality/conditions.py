"""Row conditions: which rows an expectation is about.

Great Expectations hands a condition written as text to ``DataFrame.query``, which calls any method it names.
A suite is a file like any other, so only comparisons of columns with values are let through.
"""

import ast
import re
from collections.abc import Collection

from hcgov.core.evidence.source import Tree
from hcgov.core.mistake import did_you_mean
from hcgov.core.text import text

_QUOTED_NAME = re.compile(r"`([^`'\"]*)`")
_NAMED_COLUMN = re.compile(r"""col\(\s*["']([^"']*)["']\s*\)""")
_OWN_GRAMMAR = ("great_expectations", "great_expectations__experimental__")
_HARMLESS = (
    ast.Expression, ast.BoolOp, ast.And, ast.Or, ast.UnaryOp, ast.Not, ast.Invert, ast.USub, ast.UAdd,
    ast.BinOp, ast.BitAnd, ast.BitOr, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Mod, ast.Compare, ast.Eq,
    ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn, ast.Name, ast.Load, ast.Constant,
    ast.List, ast.Tuple,
)  # fmt: skip


def fault_in(arguments: dict[str, Tree], columns: Collection[str]) -> str:
    """Return why the row condition among ``arguments`` is refused, or an empty string."""
    condition = arguments.get("row_condition")
    if condition is None:
        return ""
    if isinstance(condition, str) and arguments.get("condition_parser") in _OWN_GRAMMAR:
        return _unknown(_NAMED_COLUMN.findall(condition), columns)
    if isinstance(condition, str):
        return _fault_in_query(condition, columns)
    if isinstance(condition, dict):
        return _fault_in_tree(condition, columns)
    return str(text("`row_condition` must be text or a condition as Great Expectations writes it"))


def _fault_in_tree(condition: dict[str, Tree], columns: Collection[str]) -> str:
    passed_on = condition.get("pass_through_filter")
    if isinstance(passed_on, str):
        return _fault_in_query(passed_on, columns)
    column = condition.get("column")
    name = column.get("name") if isinstance(column, dict) else column
    fault = _unknown([name], columns) if isinstance(name, str) else ""
    parts = condition.get("conditions")
    for part in parts if isinstance(parts, list) else []:
        fault = fault or (_fault_in_tree(part, columns) if isinstance(part, dict) else "")
    return fault


def _fault_in_query(query: str, columns: Collection[str]) -> str:
    quoted = _QUOTED_NAME.findall(query)
    plain = _QUOTED_NAME.sub("column", query)
    refused = str(
        text(
            "the row condition may only compare columns with values, joined by `and`, `or` and `not`:"
            " methods, functions and `@` are refused"
        )
    )
    try:
        tree = ast.parse(plain.strip(), mode="eval")
    except (SyntaxError, ValueError, MemoryError, RecursionError):  # whatever it is, it is no comparison
        return refused
    nodes = tuple(ast.walk(tree))
    if not all(isinstance(node, _HARMLESS) for node in nodes):
        return refused
    # The stand-in for a quoted name is harmless whether or not a column is called so.
    named = {node.id for node in nodes if isinstance(node, ast.Name)} - {"column", "True", "False", "None"}
    return _unknown([*quoted, *sorted(named)], columns)


def _unknown(names: list[str], columns: Collection[str]) -> str:
    for name in names:
        if name not in columns:
            return str(
                text(
                    "the row condition names the column `{column}`, which the table does not have; {nearest}",
                    column=name,
                    nearest=did_you_mean(name, columns),
                )
            )
    return ""
