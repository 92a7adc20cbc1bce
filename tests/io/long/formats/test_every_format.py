"""What holds for every format: rows under canonical names, or a sentence; never a traceback, never half a file."""

import gzip
import json
import subprocess
import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcgov.core.long_tables import COLUMNS, Holds
from hcgov.io.long.formats import FORMATS, candidates, load, sniff
from hcgov.io.long.formats.rows import Options, Rows, UnreadableError

from .samples import EACH, SAMPLES, TRL, lines

JSON_SAMPLES = [(name, data) for name, file, data in EACH if not file.endswith((".csv", ".eval"))]
POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n"
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 10**18),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(["", " ", "A>B", "1", "\0", "\u202e", "x" * 99]),
    st.builds(list),
    st.builds(dict),
    st.just([None]),
    st.just({"a": [1]}),
)


def lawful(rows: Rows) -> None:
    """Every column is canonical, as long as the table, and holds what its meaning allows."""
    known = COLUMNS[rows.kind]
    assert rows.rows > 0
    for name, values in rows.columns.items():
        column = known[name]
        assert len(values) == rows.rows
        for value in values:
            if column.holds in (Holds.NAME, Holds.TEXT):
                assert value is None or isinstance(value, str), (name, value)
            if column.values:
                assert value is None or value in column.values, (name, value)
            if column.holds is Holds.NUMBER:
                assert value is None or float(value) == float(value)
    for values in rows.groups.values():
        assert len(values) == rows.rows
        assert all(value is None or isinstance(value, str) for value in values)
    assert all(count > 0 for count in rows.dropped.values())


def read_or_refuse(name: str, data: bytes) -> Rows | None:
    try:
        rows = FORMATS[name](data, Options())
    except UnreadableError as error:
        told = str(error)
    else:
        lawful(rows)
        return rows
    assert len(told.split()) > 2, "a sentence"
    return None


def test_every_format_has_a_sample_and_a_module_that_says_what_it_is():
    assert set(FORMATS) == set(SAMPLES)
    for name in FORMATS:
        module = load(name)
        assert name == module.FORMAT
        assert module.KINDS
        assert all(suffix.startswith(".") for suffix in module.SUFFIXES)


@pytest.mark.parametrize(("name", "file", "data"), EACH)
def test_a_sample_reads_and_is_recognised_as_its_format_only(name, file, data):
    rows = FORMATS[name](data, Options())
    lawful(rows)
    assert rows.kind in load(name).KINDS
    assert candidates(data, file) == (name,)
    assert sniff(data, file) == name


@pytest.mark.parametrize(("name", "file", "data"), [one for one in EACH if not one[1].endswith(".eval")])
def test_a_byte_order_mark_and_gzip_change_nothing(name, file, data):
    plain = FORMATS[name](data, Options())
    assert FORMATS[name](b"\xef\xbb\xbf" + data, Options()) == plain
    assert FORMATS[name](gzip.compress(data), Options()) == plain
    assert sniff(gzip.compress(data), file) == name


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" \n",
        POINTER,
        b"\xff\xfe{\0}\0",
        b"{",
        b"[]",
        b"{}",
        b"null",
        b"3",
        b'"x"',
        b"[[]]",
        b"[1]",
        b"a,b\n1",
    ],
)
def test_what_is_no_such_file_is_refused_with_a_sentence(name, data):
    with pytest.raises(UnreadableError, match=r"\w+ \w+"):
        FORMATS[name](data, Options())


@pytest.mark.parametrize("name", FORMATS)
def test_a_pointer_is_told_by_name(name):
    if name != "inspect":
        with pytest.raises(UnreadableError, match="git lfs pull"):
            FORMATS[name](gzip.compress(POINTER), Options())


@pytest.mark.parametrize(("name", "file", "data"), EACH)
def test_no_cut_of_a_file_crashes_or_reads_as_more_than_the_whole(name, file, data):
    whole = FORMATS[name](data, Options()).rows
    for cut in range(0, len(data), max(1, len(data) // 60)):
        rows = read_or_refuse(name, data[:cut])
        assert rows is None or rows.rows <= whole


@pytest.mark.parametrize(("name", "data"), JSON_SAMPLES)
@given(choices=st.data())
@settings(max_examples=60, deadline=None)
def test_no_value_of_another_kind_crashes(name, data, choices):
    entries = [json.loads(line) for line in data.splitlines()] if _is_lines(data) else json.loads(data)
    holder, key = choices.draw(st.sampled_from(_places(entries)))
    if choices.draw(st.booleans()) and isinstance(holder, dict):
        del holder[key]
    else:
        holder[key] = choices.draw(SCALARS)
    read_or_refuse(name, json.dumps(entries).encode())


@pytest.mark.parametrize("name", FORMATS)
@given(data=st.binary(max_size=60))
@settings(max_examples=30, deadline=None)
def test_no_bytes_crash(name, data):
    read_or_refuse(name, data)
    sniff(data, "x.eval")


@pytest.mark.parametrize(("name", "data"), JSON_SAMPLES)
def test_a_key_that_stands_twice_is_refused(name, data):
    doubled = data.replace(b"{", b'{"twice": 1, "twice": 2, ', 1)
    with pytest.raises(UnreadableError, match="twice"):
        FORMATS[name](doubled, Options())


@pytest.mark.parametrize(("name", "file", "data"), EACH)
def test_an_override_that_no_record_has_is_refused_and_one_that_they_have_is_read(name, file, data):
    rows = FORMATS[name](data, Options())
    with pytest.raises(UnreadableError, match="no record has a field `stray`"):
        FORMATS[name](data, Options(columns={next(iter(COLUMNS[rows.kind])): "stray"}))


def test_an_override_goes_before_what_the_format_says():
    data = lines({**TRL, "who": "w9", "prompt_id": "p"}, {**TRL, "prompt_id": "p"})
    rows = FORMATS["trl"](data, Options(columns={"annotator": "who"}))
    assert rows.columns["annotator"] == ["w9", None]
    assert rows.columns["prompt_id"] == ["p", "p"]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["trl", "hh-rlhf", "argilla", "prism", "arena", "judgebench", "lm-eval"])
def test_a_hundred_thousand_lines_take_a_few_seconds(name):
    record = json.dumps(_first(SAMPLES[name][0][1]))
    data = "\n".join([record] * 100_000).encode()
    started = time.process_time()
    assert FORMATS[name](data, Options()).rows >= 100_000
    assert time.process_time() - started < 10


def test_nothing_is_chosen_between_two_formats():
    both = {"model_a": "a", "model_b": "b", "winner": "tie", "prompt": "p", "chosen": "c", "rejected": "r"}
    data = json.dumps([both]).encode()
    assert set(candidates(data)) == {"arena", "trl"}
    assert sniff(data) is None
    assert sniff(b"[]") is None
    assert sniff(b"") is None
    assert sniff(b"[" * 100_000) is None


def test_only_the_format_that_is_read_is_imported():
    code = (
        "import sys, hcgov.io.long.formats as f; assert 'trl' in f.FORMATS; f.FORMATS['dices'];"
        "mine = [m for m in sys.modules if m.startswith('hcgov.io.long.formats.')];"
        "assert 'hcgov.io.long.formats.dices' in mine and 'hcgov.io.long.formats.trl' not in mine;"
        "assert 'numpy' not in sys.modules and 'pyarrow' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def _first(data: bytes):
    found = json.loads(data.splitlines()[0]) if _is_lines(data) else json.loads(data)
    return found[0] if isinstance(found, list) else found


def _is_lines(data: bytes) -> bool:
    try:
        return isinstance(json.loads(data.splitlines()[0]), dict)
    except ValueError:
        return False


def _places(entries):
    """Every place of a document, as its holder and key."""
    found, open_ = [], [entries]
    while open_:
        one = open_.pop()
        for key in one if isinstance(one, dict) else range(len(one)):
            found.append((one, key))
            if isinstance(one[key], list | dict):
                open_.append(one[key])
    return found
