from pydantic import BaseModel, Field, ValidationError

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
