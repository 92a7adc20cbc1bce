"""What a column of a file becomes, and what it may not hold."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcgov.core.evidence.long import Codes, Numbers, Texts
from hcgov.core.long_tables import COLUMNS, Holds, LongColumn, LongKind
from hcgov.io.long.encoding import NotSuchAValueError, as_text, encode, encode_names

NAME = LongColumn(holds=Holds.NAME, about="")
CHOICE = COLUMNS[LongKind.PREFERENCES]["choice"]


def names(given_: list[str | float | bool | None], **kwargs: object) -> list[str | None]:
    column = encode_names("label", as_text(given_), **{"values": {}, **kwargs})  # type: ignore[arg-type]
    return [None if code < 0 else column.names[code] for code in column.codes]


@given(st.lists(st.none() | st.text(max_size=5), min_size=1))
def test_every_value_is_kept_as_it_is(values: list[str | None]) -> None:
    assert names(list(values)) == values


def test_names_that_are_numbers_stand_in_their_order() -> None:
    column = encode("label", NAME, as_text(["10", "9", None, "1"]), values={})
    assert isinstance(column, Codes)
    assert column.names == ("1", "9", "10")


def test_whole_numbers_read_the_same_from_every_format() -> None:
    assert names([1.0, 2, "3"]) == ["1", "2", "3"]


def test_values_are_mapped_and_null_means_not_recorded() -> None:
    assert names(["1", "0", "9"], values={"1": "yes", "0": "no", "9": None}) == ["yes", "no", None]


def test_prefer_not_to_say_other_and_not_recorded_stay_apart() -> None:
    assert names(["prefer not to say", "other", None, "expired"]) == [
        "prefer not to say",
        "other",
        None,
        "expired",
    ]


def test_closed_values_are_found_whatever_their_capitals() -> None:
    column = encode("choice", CHOICE, as_text(["A", "b", "Tie"]), values={})
    assert isinstance(column, Codes)
    assert [column.names[code] for code in column.codes] == ["a", "b", "tie"]


def test_a_value_that_a_closed_column_does_not_have_is_refused_with_the_nearest() -> None:
    with pytest.raises(NotSuchAValueError, match=r"`both_bat`.*did you mean `both_bad`"):
        encode("choice", CHOICE, as_text(["both_bat"]), values={})


def test_a_declared_order_is_closed() -> None:
    with pytest.raises(NotSuchAValueError, match="`medium`"):
        encode("label", NAME, as_text(["low", "medium"]), values={}, order=("low", "high"))


@pytest.mark.parametrize("wrong", ["twelve", "1_000", "inf", "nan", ""])
def test_what_is_no_number_is_refused(wrong: str) -> None:
    with pytest.raises(NotSuchAValueError, match="no number"):
        encode("seconds", LongColumn(holds=Holds.NUMBER, about=""), as_text([wrong]), values={})


def test_numbers_that_are_not_recorded_are_nan_inside() -> None:
    column = encode("seconds", LongColumn(holds=Holds.NUMBER, about=""), as_text(["1.5", None]), values={})
    assert isinstance(column, Numbers)
    assert column.values[0] == 1.5
    assert math.isnan(column.values[1])


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("1970-01-02", 86400.0),
        ("1970-01-01T01:00:00+01:00", 0.0),
        ("1700000000", 1.7e9),
        ("1700000000000", 1.7e9),
    ],
)
def test_moments(written: str, seconds: float) -> None:
    column = encode("at", LongColumn(holds=Holds.MOMENT, about=""), as_text([written]), values={})
    assert isinstance(column, Numbers)
    assert column.values[0] == seconds


def test_flags_take_the_usual_words_and_refuse_others() -> None:
    flag = LongColumn(holds=Holds.FLAG, about="")
    column = encode("is_gold", flag, as_text([True, "no", "1", None]), values={})
    assert isinstance(column, Codes)
    assert [None if c < 0 else column.names[c] for c in column.codes] == ["true", "false", "true", None]
    with pytest.raises(NotSuchAValueError, match="perhaps"):
        encode("is_gold", flag, as_text(["perhaps"]), values={})


def test_texts_are_no_part_of_what_is_printed() -> None:
    column = encode("prompt", LongColumn(holds=Holds.TEXT, about=""), as_text(["a secret"]), values={})
    assert isinstance(column, Texts)
    assert "secret" not in repr(column)


@given(st.lists(st.none() | st.sampled_from("abc"), min_size=3), st.integers(0, 2))
def test_a_part_of_a_column_is_encoded_as_by_itself(values: list[str | None], start: int) -> None:
    part = as_text(list(values)).slice(start)
    column = encode_names("label", part, values={})
    assert [None if code < 0 else column.names[code] for code in column.codes] == values[start:]
