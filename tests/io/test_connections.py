from pathlib import Path

import pytest

from hcgov.core.mistake import AuthoringError
from hcgov.io.connections import holds_password
from hcgov.io.manifest import load_manifest

BASE = """\
hcgov: 1
system: {{name: S, version: "1", risk_profile: low}}
policies: [hc-core]
connections:
  warehouse:
{connection}
artifacts:
  decisions:
    kind: table
{table}
"""
GOOD = "    {kind: sqlalchemy, url: postgresql://ann@db/audit}"
TABLE = "    connection: warehouse\n    relation: audit.decisions"


def mistakes(root: Path, connection: str = GOOD, table: str = TABLE) -> list[tuple[str, int, str, str]]:
    """Return code, line, message and quoted source of every mistake."""
    (root / "hcgov.yaml").write_text(BASE.format(connection=connection, table=table))
    try:
        load_manifest(root)
    except AuthoringError as error:
        return [
            (
                m.code,
                m.where.line if m.where else 0,
                f"{m.message}; {m.help}",
                m.where.source if m.where else "",
            )
            for m in error.mistakes
        ]
    return []


@pytest.mark.parametrize(
    "connection",
    [
        GOOD,
        "    {kind: sqlalchemy, url_env: WAREHOUSE_URL, statement_seconds: 60}",
        "    {kind: spark, master: 'local[2]', options: {spark.sql.shuffle.partitions: 8}}",
        "    {kind: spark, options_env: {spark.hadoop.fs.s3a.secret.key: S3_KEY}}",
    ],
)
def test_a_connection_may_be(tmp_path: Path, connection: str) -> None:
    assert mistakes(tmp_path, connection) == []


@pytest.mark.parametrize(
    "connection",
    [
        "    {kind: sqlalchemy, url: 'postgresql://ann:very-secret@db/audit'}",
        "    {kind: sqlalchemy, url: 'postgresql://db/audit?password=very-secret'}",
        "    {kind: spark, options: {spark.hadoop.fs.s3a.secret.key: very-secret}}",
        "    {kind: sqlalchemy, url: postgresql://db/audit, options: {password: very-secret}}",
        "    {kind: sqlalchemy, url: 'postgresql://ann:very-secret and blank@db/audit'}",
        "    {kind: sqlalchemy, url: 'mssql+pyodbc://?odbc_connect=UID%3Dann%3BPWD%3Dvery-secret'}",
        "    {kind: sqlalchemy, url: 'duckdb:///md:x?motherduck_token=very-secret'}",
        "    {kind: sqlalchemy, url: mssql://db/audit, options: {pwd: very-secret}}",
        "    {kind: sqlalchemy, url: postgresql://db/audit, options: {dsn: 'host=db password=very-secret'}}",
        "    {kind: spark, options: {spark.jars.repositories: 'https://ann:very-secret@repo/'}}",
    ],
)
def test_a_credential_in_the_file_is_a_mistake_that_does_not_repeat_it(
    tmp_path: Path, connection: str
) -> None:
    ((code, line, message, source),) = mistakes(tmp_path, connection)
    assert (code, line) == ("HCG-C021", 6)
    assert "very-secret" not in message + source
    assert "_env" in message


def test_a_credential_in_the_path_of_a_table_is_a_mistake_that_does_not_repeat_it(tmp_path: Path) -> None:
    for path in ("s3a://key:very-secret@bucket/t", "https://store/t?se=1&sig=very-secret"):
        table = f"    connection: warehouse\n    path: {path}"
        ((code, line, message, source),) = mistakes(tmp_path, "    {kind: spark}", table)
        assert (code, line) == ("HCG-C021", 11)
        assert "very-secret" not in message + source


def test_no_other_mistake_on_the_line_repeats_a_credential(tmp_path: Path) -> None:
    found = mistakes(
        tmp_path, "    {kind: sqlalchemy, urll: 1, url: 'postgresql://ann:very-secret@db/audit'}"
    )
    assert found
    assert "very-secret" not in repr(found)
    assert "very-secret" not in repr(mistakes(tmp_path, "    {url: 'p://a:very-secret@db', x: [}"))


@pytest.mark.parametrize(
    ("connection", "table", "code", "words"),
    [
        ("    {kind: sqlalchemy}", TABLE, "HCG-C020", "either `url` or `url_env`"),
        ("    {kind: sqlalchemy, url: p://d, url_env: X}", TABLE, "HCG-C020", "either `url` or `url_env`"),
        ("    {kind: sparkk}", TABLE, "HCG-C006", "did you mean `spark`"),
        ("    {kind: spark, url: x}", TABLE, "HCG-C004", "unknown key `url`"),
        (GOOD, "    relation: a.b\n    path: t.csv", "HCG-C022", "no `connection`"),
        (GOOD, "    connection: warehouse", "HCG-C022", "either a `relation`"),
        (GOOD, TABLE + "\n    path: t.parquet", "HCG-C022", "either a `relation`"),
        (GOOD, "    connection: warehouse\n    path: t.parquet", "HCG-C022", "only Spark reads files"),
        (GOOD, TABLE.replace("warehouse", "warehose"), "HCG-C023", "did you mean `warehouse`"),
        (GOOD, TABLE + f"\n    sha256: '{'0' * 64}'", "HCG-C024", "no digest that could be pinned"),
        ("    {kind: sqlalchemy, url: 'sqlite:////etc/other.db'}", TABLE, "HCG-C014", "file of this machine"),
        ("    {kind: sqlalchemy, url: 'DuckDB:///../other.db'}", TABLE, "HCG-C014", "file of this machine"),
        ("    {kind: spark, options: {spark.jars: x.jar}}", TABLE, "HCG-C025", "run code"),
        ("    {kind: spark, options: {spark.pyspark.python: /tmp/x}}", TABLE, "HCG-C025", "run code"),
        ("    {kind: spark, options: {spark.sql.extensions: x.Y}}", TABLE, "HCG-C025", "run code"),
        ("    {kind: spark}", "    connection: warehouse\n    path: ../t", "HCG-C014", "outside the project"),
        ("    {kind: spark}", "    connection: warehouse\n    path: file:///etc", "HCG-C014", "`file:`"),
    ],
)
def test_what_contradicts_itself_is_told(
    tmp_path: Path, connection: str, table: str, code: str, words: str
) -> None:
    found = mistakes(tmp_path, connection, table)
    assert [one[0] for one in found] == [code], found
    assert words in found[0][2]
    assert found[0][1] > 0


def test_passwords_are_seen_wherever_a_url_can_hold_one() -> None:
    for url in ("p://u:x@h/d", "p+q://:x@h", "p://h/d?user=a&password=x", "jdbc:p://h;password=x"):
        assert holds_password(url)
    for url in ("p://u@h:5432/d", "p://h/d?sslmode=require", "p:///d", "p://h/d?passfile=/run/pass"):
        assert not holds_password(url)
