import pytest
from pydantic import BaseModel, Field, ValidationError

from hcgov.core.control import Identifier
from hcgov.core.mistake import Mistake, Position
from hcgov.core.validation import mistakes_from


class Entry(BaseModel):
    name: str = Field(min_length=3)


class Pack(BaseModel):
    entries: tuple[Entry, ...] = Field(min_length=1)


def told(data: object) -> list[str]:
    try:
        Pack.model_validate(data)
    except ValidationError as error:
        return [m.message for m in mistakes_from(error, Pack, key=lambda _: None, value=lambda _: None)]
    return []


def test_a_list_is_not_called_short_because_its_entries_are_wrong() -> None:
    assert told({"entries": [{"name": "x"}]}) == [
        "`entries.0.name`: string should have at least 3 characters"
    ]
    assert told({"entries": []}) == ["`entries`: it is empty"]
    assert told({"entries": [{"name": "long enough"}]}) == []


class Named(BaseModel):
    id: Identifier = "id"
    parts: dict[Identifier, int] = Field(default_factory=dict)


def refused(data: object) -> Mistake:
    with pytest.raises(ValidationError) as raised:
        Named.model_validate(data)
    (mistake,) = mistakes_from(
        raised.value,
        Named,
        key=lambda path: Position(file=f"key {path}", line=1, column=1),
        value=lambda path: Position(file=f"value {path}", line=1, column=1),
    )
    return mistake


def test_an_id_with_a_letter_drawn_like_a_latin_one_is_refused_with_what_it_looks_like() -> None:
    mistake = refused({"id": "HC-\N{CYRILLIC CAPITAL LETTER IE}VL-01"})
    assert "U+0415 CYRILLIC CAPITAL LETTER IE) looks like `E` and is another letter" in mistake.message
    assert mistake.help == "write `HC-EVL-01`"
    assert mistake.where is not None
    assert mistake.where.file == "value ('id',)"


def test_the_name_of_an_entry_is_refused_at_its_own_place() -> None:
    mistake = refused({"parts": {"gr\N{LATIN SMALL LETTER O WITH DIAERESIS}sse": 1}})
    assert (
        mistake.message == "`parts.grösse`: `ö` (U+00F6 LATIN SMALL LETTER O WITH DIAERESIS) is not allowed"
    )
    assert mistake.help.startswith("use the letters a-z")
    assert mistake.where is not None
    assert mistake.where.file == "key ('parts', 'grösse')"
