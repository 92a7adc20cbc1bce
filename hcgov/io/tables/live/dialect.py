r"""Statements of the embedded engine in the dialect of another; what translation alone gets wrong is mended here.

A text that one engine reads as a number and another does not, or a number that is written differently, would
give other groups and other persons. So there is one canonical text, that of the embedded engine:

- true and false; whole numbers as they are;
- floating-point numbers by their shortest digits: plain from 1e-4 up to below 1e16 and always with a point
  (``7.0``), beyond that as ``1e+16`` and ``1e-05``; ``inf`` and ``-inf``; no negative zero;
- a text is a number only where it is written like one: digits with at most one point, an exponent, blanks around.
"""

import re
from collections.abc import Mapping
from typing import cast

import sqlglot
from sqlglot import exp

OURS = "duckdb"
"""The dialect that statements are written in."""

NUMBER = r"^[ \t]*[+-]?([0-9]{1,200}(\.[0-9]{0,200})?|\.[0-9]{1,200})([eE][+-]?[0-9]{1,2})?[ \t]*$"
"""What is read as a number: no engine's own words for it, and nothing that could overflow a cast."""

BYTEWISE = "C"
"""Our name of the collation in which texts are equal only letter by letter."""
_BYTEWISE = {"postgres": '"C"'}
"""The same where it has to be said; elsewhere texts are compared so."""

_X = "x_"
"""The value that a template is about."""
_TEXT = f"CAST({_X} AS VARCHAR)"
_FLOATING = (exp.DataType.Type.DOUBLE, exp.DataType.Type.FLOAT)
_TEXTUAL = (exp.DataType.Type.VARCHAR, exp.DataType.Type.TEXT)
_LARGEST = "1e38"
"""Whole numbers below this fit every engine's widest type."""

# Java writes an exponent below 1e-3 and from 1e7 on, and what is infinite as a word that ends in y.
_FLOAT_TEXT: Mapping[str, str] = {
    "postgres": f"""CASE WHEN {_X} = 0 THEN '0.0'
        WHEN ABS({_X}) >= 0.0001 AND ABS({_X}) < 1e16 THEN
            CASE WHEN CAST(CAST(CAST({_X} AS TEXT) AS NUMERIC) AS TEXT) LIKE '%.%'
            THEN CAST(CAST(CAST({_X} AS TEXT) AS NUMERIC) AS TEXT)
            ELSE CAST(CAST(CAST({_X} AS TEXT) AS NUMERIC) AS TEXT) || '.0' END
        ELSE REPLACE(LOWER(CAST({_X} AS TEXT)), 'infinity', 'inf') END""",
    "spark": f"""CASE WHEN {_X} = 0 THEN '0.0'
        WHEN CAST({_X} AS STRING) RLIKE 'E(-([5-9]|[0-9][0-9]+)|1[6-9]|[2-9][0-9]|[0-9][0-9][0-9])$|y$' THEN
            REPLACE(LOWER(REGEXP_REPLACE(REGEXP_REPLACE(REGEXP_REPLACE(CAST({_X} AS STRING),
                '([.]0)?E', 'e'), 'e([0-9])', 'e+$1'), 'e([+-])([0-9])$', 'e$10$2')), 'infinity', 'inf')
        ELSE REGEXP_REPLACE(REGEXP_REPLACE(
            CAST(TRY_CAST(CAST({_X} AS STRING) AS DECIMAL(38, 21)) AS STRING), '0+$', ''), '[.]$', '.0') END""",
}
_INFINITE = "CAST('Infinity' AS DOUBLE PRECISION), CAST('-Infinity' AS DOUBLE PRECISION)"
_MD5 = f"MD5(CONVERT_TO({_X}, 'UTF8'))"
"""Of bytes, so that the encoding of the database does not matter."""
_FUNCTIONS: Mapping[tuple[str, str], tuple[str, str]] = {
    ("postgres", "ISFINITE"): (f"({_X} NOT IN ({_INFINITE}, CAST('NaN' AS DOUBLE PRECISION)))", "postgres"),
    ("postgres", "IS_INF"): (f"({_X} IN ({_INFINITE}))", "postgres"),
    ("postgres", "MD5"): (_MD5, "postgres"),
    ("postgres", "STRLEN"): (f"OCTET_LENGTH(CONVERT_TO({_X}, 'UTF8'))", "postgres"),
    ("spark", "STRLEN"): (f"OCTET_LENGTH({_X})", "spark"),
    ("spark", "ISFINITE"): (f"({_X} NOT IN ({_INFINITE}, CAST('NaN' AS DOUBLE PRECISION)))", "postgres"),
    ("spark", "IS_INF"): (f"({_X} IN ({_INFINITE}))", "postgres"),
}
"""What stands for a function of ours, and in which dialect it is written here."""


def translated(statement: str, dialect: str) -> str:
    """Return a statement of ours in another dialect.

    Parameters
    ----------
    statement
        SQL for the embedded engine.
    dialect
        As sqlglot calls it, such as ``postgres``.

    Returns
    -------
    str
        The same without its order of rows: text is ordered by each engine's own rules.
    """
    tree = _parsed(statement, OURS)
    tree.set("order", None)
    for number, query in enumerate(list(tree.find_all(exp.Subquery))):
        if (
            isinstance(query.parent, exp.From | exp.Join) and not query.alias
        ):  # PostgreSQL before 16 asks for one
            query.set("alias", exp.TableAlias(this=exp.to_identifier(f"query{number}")))
    for node in reversed(list(tree.walk())):  # from the leaves: what is inside is mended first
        mended = _mended(cast(exp.Expression, node), dialect)
        if mended is not node:
            if node is tree:
                tree = mended
            node.replace(mended)
    return tree.sql(dialect=dialect)


def identifier(name: str) -> str:
    """Return any name as an identifier of our own dialect."""
    return exp.to_identifier(name, quoted=True).sql(dialect=OURS)


def _mended(node: exp.Expression, dialect: str) -> exp.Expression:
    if isinstance(node, exp.Func) and (own := _FUNCTIONS.get((dialect, _called(node)))) is not None:
        value = node.expressions[0] if isinstance(node, exp.Anonymous) else node.this
        return _filled(own[0], value, own[1])
    if isinstance(node, exp.Collate):
        return _collated(node, dialect)
    if isinstance(node, exp.TryCast):
        return _try_cast(node, dialect)
    if isinstance(node, exp.Cast) and dialect in _FLOAT_TEXT and (value := _floating(node)) is not None:
        return _filled(_FLOAT_TEXT[dialect], value, dialect)
    if isinstance(node, exp.RegexpReplace) and dialect == "spark":
        replacement = node.args["replacement"]
        # Java writes groups of a replacement with a dollar.
        replacement.set("this", re.sub(r"\\(\d)", r"$\1", replacement.this))
    return node


def _collated(node: exp.Collate, dialect: str) -> exp.Expression:
    """Say that texts are compared letter by letter, whatever the collation of their column says."""
    if dialect not in _BYTEWISE:
        return cast(exp.Expression, node.this)
    return _filled(f"({_X} COLLATE {_BYTEWISE[dialect]})", node.this, dialect)


def _called(function: exp.Func) -> str:
    return str(function.this).upper() if isinstance(function, exp.Anonymous) else function.sql_name()


def _floating(node: exp.Cast) -> exp.Expression | None:
    """Return the number of a cast from a floating-point number to text, as :func:`flags.as_text` writes it."""
    inner = node.this
    if node.to.this not in _TEXTUAL or not isinstance(inner, exp.Add) or not isinstance(inner.this, exp.Cast):
        return None
    return cast(exp.Expression, inner.this) if inner.this.to.this in _FLOATING else None


def _try_cast(node: exp.TryCast, dialect: str) -> exp.Expression:
    """Guard a cast by what a number looks like: some engines know no cast that may fail, others read more."""
    safely = "TRY_CAST" if dialect == "spark" else "CAST"
    if node.to.this in _FLOATING:
        kind = "DOUBLE" if node.to.this is exp.DataType.Type.DOUBLE else "FLOAT"
        template = f"CASE WHEN REGEXP_MATCHES({_TEXT}, '{NUMBER}') THEN {safely}(TRIM({_TEXT}) AS {kind}) END"
    else:
        number = (
            f"TRY_CAST(TRIM({_TEXT}) AS DECIMAL(38, 0))"
            if dialect == "spark"
            else f"ROUND(CAST({_TEXT} AS DECIMAL(1000, 500)))"
        )
        small = f"ABS(CAST(TRIM({_TEXT}) AS DOUBLE)) < {_LARGEST}"
        template = (
            f"CASE WHEN REGEXP_MATCHES({_TEXT}, '{NUMBER}') THEN CASE WHEN {small} THEN {number} END END"
        )
    return _filled(template, node.this, OURS)


def _filled(template: str, value: exp.Expression, dialect: str) -> exp.Expression:
    """Return a template with a value in its place."""
    tree = _parsed(template, dialect)
    return tree.transform(
        lambda node: exp.paren(value.copy()) if isinstance(node, exp.Column) and node.name == _X else node
    )


def _parsed(text: str, dialect: str) -> exp.Expression:
    return cast(exp.Expression, sqlglot.parse_one(text, read=dialect))
