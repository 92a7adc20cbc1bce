import pytest

from hcgov.io.tables import flags, sql
from hcgov.io.tables.live.dialect import identifier, translated
from hcgov.io.tables.schema import Family


def test_rows_are_ordered_by_whoever_reads_them() -> None:
    assert translated("SELECT a FROM t ORDER BY 1 LIMIT 3", "postgres") == "SELECT a FROM t LIMIT 3"


def test_every_query_in_a_query_has_a_name() -> None:
    assert translated("SELECT 1 AS a FROM (SELECT 2 AS b)", "postgres").endswith("AS query0")


@pytest.mark.parametrize("dialect", ["postgres", "spark"])
def test_a_cast_that_may_fail_is_guarded(dialect: str) -> None:
    for kind in ("DOUBLE", "HUGEINT"):
        found = translated(f"SELECT TRY_CAST(a AS {kind}) AS x FROM t", dialect)
        assert found.startswith("SELECT CASE WHEN CAST((a) AS ")
        assert "INT128" not in found
    assert "TRY_CAST" not in translated("SELECT TRY_CAST(a AS DOUBLE) AS x FROM t", "postgres")


def test_java_writes_the_groups_of_a_replacement_with_a_dollar() -> None:
    statement = r"SELECT REGEXP_REPLACE(a, '^(.)x$', '\1') AS b FROM t"
    assert "'$1'" in translated(statement, "spark")
    assert r"'\1'" in translated(statement, "postgres")


def test_digests_are_of_utf_8() -> None:
    assert "MD5(CONVERT_TO((a), 'UTF8'))" in translated(f"SELECT {sql.bucket('a')} AS b FROM t", "postgres")


@pytest.mark.parametrize("family", [Family.FLOAT, Family.DOUBLE])
def test_floating_point_numbers_are_written_by_one_rule(family: Family) -> None:
    for dialect in ("postgres", "spark"):
        assert "'infinity', 'inf'" in translated(f"SELECT {flags.as_text('a', family)} AS b FROM t", dialect)


def test_any_name_is_an_identifier() -> None:
    assert identifier('a"; DROP TABLE t') == '"a""; DROP TABLE t"'
    assert translated(f"SELECT {identifier('a`b')} AS c FROM t", "spark") == "SELECT `a``b` AS c FROM t"
