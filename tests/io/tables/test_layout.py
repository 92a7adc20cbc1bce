import codecs
import csv
import gzip
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcgov.core.artifacts import CsvDialect
from hcgov.core.evidence.absent import Absence
from hcgov.io.tables import probe
from hcgov.io.tables.layout import split_record
from tests.io.tables.making import SELECTED, ask, counts, refused, rolled_up, table

HEAD = "sex,label,prediction"
ROWS = "F,0,1\nM,0,0\nF,1,1\n"


def dialect(**options: object) -> CsvDialect:
    return CsvDialect.model_validate(options)


def by_sex(root: Path, **options: object) -> dict[tuple[str, ...], tuple[int, int, int]]:
    found = counts(root, table("t.csv", **options), by=("sex",))
    return rolled_up(found, SELECTED, ("sex",))


EXPECTED = {("F",): (2, 2, 0), ("M",): (1, 0, 0)}


@settings(deadline=None)
@given(
    st.lists(
        st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0")), min_size=1, max_size=5
    )
)
def test_a_header_is_split_as_the_standard_library_splits_it(fields: list[str]) -> None:
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(fields)
    assert split_record(out.getvalue(), ",", '"') == fields


def test_an_open_quotation_is_no_record() -> None:
    assert split_record('a,"b', ",", '"') is None
    assert split_record("a||b||'c||d'", "||", "'") == ["a", "b", "c||d"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "latin-1"])
def test_any_text_encoding_gives_the_same_counts(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "t.csv").write_bytes(f"{HEAD}\n{ROWS}Ä,1,0\n".encode(encoding))
    assert by_sex(tmp_path, csv=dialect(encoding=encoding)) == EXPECTED | {("Ä",): (1, 0, 0)}


def test_a_byte_order_mark_belongs_to_no_column(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(codecs.BOM_UTF8 + f"{HEAD}\n{ROWS}".encode())
    assert by_sex(tmp_path) == EXPECTED
    (tmp_path / "t.csv").write_bytes(codecs.BOM_UTF16_LE + f"{HEAD}\n{ROWS}".encode("utf-16-le"))
    assert by_sex(tmp_path, csv=dialect(encoding="utf-16-le")) == EXPECTED


@pytest.mark.parametrize(
    ("content", "encoding", "byte"),
    [
        (HEAD.encode() + b"\nF,0,1\n\xe9,0,1\n", "utf-8", 27),
        (codecs.BOM_UTF8 + HEAD.encode() + b"\n\xe9,0,1\n", "utf-8", 24),
        (HEAD.encode() + b"\n" + "é,0,1\n".encode(), "ascii", 21),
        (b"se\xff,label,prediction\n", "utf-8", 2),
        ("ab,c\n".encode("utf-16") + b"x", "utf-16", 12),
        (HEAD.encode() + b"\n" + b"F,0,1\n" * 400_000 + b"\xe9,0,1\n", "utf-8", 2_400_021),
    ],
)
def test_a_wrong_encoding_is_told_with_the_first_byte(
    tmp_path: Path, content: bytes, encoding: str, byte: int
) -> None:
    (tmp_path / "t.csv").write_bytes(content)
    found = ask(tmp_path, table("t.csv", csv=dialect(encoding=encoding)), by=("sex",))
    assert f"byte {byte} of `t.csv` is not {encoding}" in refused(found, Absence.WRONG_ENCODING)


@pytest.mark.parametrize("encoding", ["utf-9", "rot13", "base64"])
def test_what_is_no_text_encoding_is_refused(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "t.csv").write_text(f"{HEAD}\n{ROWS}")
    found = probe("t", table("t.csv", csv=dialect(encoding=encoding)), tmp_path)
    assert "no encoding called" in refused(found, Absence.WRONG_ENCODING)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_system_are_read(tmp_path: Path, end: str) -> None:
    (tmp_path / "t.csv").write_bytes(f"{HEAD}\n{ROWS}".replace("\n", end).encode())
    assert by_sex(tmp_path) == EXPECTED


def test_line_breaks_in_quotes_are_part_of_the_value(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(b'sex,label,prediction\r\n"two\nlines",0,1\r\n')
    assert by_sex(tmp_path) == {("two\nlines",): (1, 1, 0)}


@pytest.mark.parametrize(
    ("before", "skip"),
    [
        ("|1x3 Cross validator\n", 1),
        ('# a,"b" c\n', 1),
        ('# say "hi\n', 1),
        ('"\n""\n# "\n', 3),
        ("\n\n", 0),
        ("x\n\n", 1),
    ],
)
def test_lines_above_the_header_take_no_row_with_them(tmp_path: Path, before: str, skip: int) -> None:
    (tmp_path / "t.csv").write_text(f"{before}{HEAD}\n{ROWS}")
    assert by_sex(tmp_path, csv=dialect(skip=skip)) == EXPECTED
    (tmp_path / "t.csv").write_text(f"{before}{ROWS}")
    names = ("sex", "label", "prediction")
    assert by_sex(tmp_path, csv=dialect(skip=skip, header=False, names=names)) == EXPECTED


def test_a_header_over_two_lines_takes_no_row_with_it(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text('"se\nx",label,prediction\n' + ROWS)
    schema = probe("t", table("t.csv"), tmp_path)
    assert schema.columns == ("se\nx", "label", "prediction")
    found = counts(
        tmp_path, table("t.csv", roles={"prediction": "prediction", "groups": {"sex": "se\nx"}}), by=("sex",)
    )
    assert rolled_up(found, SELECTED, ("sex",)) == EXPECTED


def test_delimiter_quote_blanks_and_null_values_are_as_declared(tmp_path: Path) -> None:
    options = dialect(delimiter="||", quote="'", strip=True, null_values=("?", "NA"))
    (tmp_path / "t.csv").write_text("sex||label ||prediction\n'F'||0||1\n ? ||0||1\n\tNA||0||0\n")
    assert by_sex(tmp_path, csv=options) == {("F",): (1, 1, 0), ("(not recorded)",): (2, 1, 0)}


def test_without_null_values_an_empty_text_is_a_value(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(f"{HEAD}\n,0,1\nF,0,1\n")
    assert by_sex(tmp_path, csv=dialect(null_values=())) == {("",): (1, 1, 0), ("F",): (1, 1, 0)}
    assert by_sex(tmp_path) == {("(not recorded)",): (1, 1, 0), ("F",): (1, 1, 0)}


def test_without_a_quote_quotes_are_letters(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(f'{HEAD}\n"F,0,1\n')
    assert by_sex(tmp_path, csv=dialect(quote="")) == {('"F',): (1, 1, 0)}


def test_blank_lines_are_no_rows(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(f"{HEAD}\n\nF,0,1\n\n\n")
    assert counts(tmp_path, table("t.csv")).source.rows == 1
    (tmp_path / "t.csv").write_text("prediction\n1\n\n0\n\n")
    assert counts(tmp_path, table("t.csv")).source.rows == 2


def test_names_must_fit_the_first_row(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(ROWS)
    found = probe("t", table("t.csv", csv=dialect(header=False, names=("sex", "label"))), tmp_path)
    assert "has 3 columns in its first row, but `names` lists 2" in refused(found, Absence.UNREADABLE)
    schema = probe("t", table("t.csv", csv=dialect(header=False)), tmp_path)
    assert schema.columns == ("column0", "column1", "column2")


def test_a_file_that_ends_before_its_rows_has_no_header(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("# nothing\n")
    assert "no header or first row" in refused(
        probe("t", table("t.csv", csv=dialect(skip=3)), tmp_path), Absence.UNREADABLE
    )
    (tmp_path / "t.csv").write_text("x" * 3_000_000)
    assert "no header or first row" in refused(probe("t", table("t.csv"), tmp_path), Absence.UNREADABLE)


@pytest.mark.parametrize("quoted", ["", '# a "comment"\n'])
@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("F,0", "line 5 of `t.csv` has 2 fields where 3 are expected"),
        ("Erika Mustermann,0,1,2", "line 5 of `t.csv` has 4 fields where 3 are expected"),
        ('"Erika" M,0,1', "line 5 of `t.csv` has a quote that is not closed rightly"),
    ],
)
def test_a_broken_row_is_told_by_its_line_and_never_quoted(
    tmp_path: Path, row: str, says: str, quoted: str
) -> None:
    (tmp_path / "t.csv").write_text(
        f"{quoted or '# plain'.ljust(9) + chr(10)}{HEAD}\nF,0,1\nM,0,1\n{row}\nF,1,1\n"
    )
    sentence = refused(ask(tmp_path, table("t.csv", csv=dialect(skip=1)), by=("sex",)), Absence.UNREADABLE)
    assert says in sentence
    assert "Erika" not in sentence


def test_mixed_line_ends_are_refused_not_guessed(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(b"sex,label,prediction\nF,0,1\r\nM,0,1\nF,0,0\r\n")
    assert "line ends" in refused(ask(tmp_path, table("t.csv")), Absence.UNREADABLE)


def test_a_gzipped_file_is_read_and_a_cut_one_refused(tmp_path: Path) -> None:
    packed = gzip.compress(f"{HEAD}\n{ROWS * 2000}".encode())
    (tmp_path / "t.csv.gz").write_bytes(packed)
    assert counts(tmp_path, table("t.csv.gz"), by=("sex",)).source.rows == 6000
    (tmp_path / "t.csv.gz").write_bytes(packed[:-20])
    assert refused(ask(tmp_path, table("t.csv.gz"), by=("sex",)), Absence.UNREADABLE)
    (tmp_path / "t.csv.gz").write_bytes(b"not gzip at all")
    assert refused(probe("t", table("t.csv.gz"), tmp_path), Absence.UNREADABLE)
