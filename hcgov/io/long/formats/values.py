"""Values of JSON as names, numbers, texts and labels; what is of another kind is refused with its place."""

from collections.abc import Mapping

from hcgov.core.evidence.source import Tree
from hcgov.io.long.formats.rows import NOTHING_CHOSEN, UnreadableError


def name_of(value: Tree) -> str | None:
    """Return a scalar as a name; nothing for null, empty text, and what is no scalar.

    >>> name_of(1.0), name_of(True), name_of(" "), name_of("Other")
    ('1', 'true', None, 'Other')
    """
    if isinstance(value, str):
        return value if value.strip() else None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return None


def number_of(value: Tree, where: str) -> float | None:
    """Return a number, also where it is written as text; nothing for null.

    Raises
    ------
    UnreadableError
        It is something else.
    """
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise UnreadableError("{where}: a number is expected, not {what}", where=where, what=kind_of(value))
    try:
        number = float(value)
    except (ValueError, OverflowError):
        number = float("inf")
    if number in (float("inf"), float("-inf")) or number != number:  # noqa: PLR0124 - NaN is no number
        raise UnreadableError("{where}: `{value}` is no finite number", where=where, value=str(value)[:40])
    return number


def text_of(value: Tree, where: str) -> str | None:
    """Return a text; nothing for null.

    Raises
    ------
    UnreadableError
        It is something else.
    """
    if value is None or isinstance(value, str):
        return value
    raise UnreadableError("{where}: a text is expected, not {what}", where=where, what=kind_of(value))


def object_of(value: Tree, where: str) -> dict[str, Tree]:
    """Return an object.

    Raises
    ------
    UnreadableError
        It is something else.
    """
    if isinstance(value, dict):
        return value
    raise UnreadableError("{where}: an object is expected, not {what}", where=where, what=kind_of(value))


def list_of(value: Tree, where: str) -> list[Tree]:
    """Return a list.

    Raises
    ------
    UnreadableError
        It is something else.
    """
    if isinstance(value, list):
        return value
    raise UnreadableError("{where}: a list is expected, not {what}", where=where, what=kind_of(value))


def needed(record: Mapping[str, Tree], key: str, where: str) -> Tree:
    """Return a field that a record of the format has to have.

    Raises
    ------
    UnreadableError
        It has not.
    """
    if key not in record:
        raise UnreadableError(
            "{where} has no `{key}`; is the file of this format, and whole?", where=where, key=key
        )
    return record[key]


def named(record: Mapping[str, Tree], key: str, where: str) -> str:
    """Return a field that has to be there and to name something, such as an item.

    Raises
    ------
    UnreadableError
        It is not there, or is null, empty, a list or an object.
    """
    found = name_of(needed(record, key, where))
    if found is None:
        raise UnreadableError(
            "{where}: `{key}` is {what}, but it has to name something",
            where=where,
            key=key,
            what=kind_of(record[key]),
        )
    return found


def scalar(value: Tree, where: str) -> str | None:
    """Return a label: a scalar as its name, a list of scalars as their names, and nothing for null.

    >>> scalar(["b", "a", "b"], ""), scalar([], ""), scalar(2.0, "")
    ('a|b', '(none)', '2')

    Raises
    ------
    UnreadableError
        It is an object, or a list with more than scalars.
    """
    if isinstance(value, list):
        names = {name_of(one) for one in value}
        if None in names:
            raise UnreadableError("{where}: a list of names is expected", where=where)
        return "|".join(sorted(name for name in names if name is not None)) or NOTHING_CHOSEN
    if isinstance(value, dict):
        raise UnreadableError("{where}: a label is expected, not an object", where=where)
    return name_of(value)


def kind_of(value: Tree) -> str:
    """Return the kind of a JSON value in words."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        return "text" if value.strip() else "empty text"
    return "a list" if isinstance(value, list) else "an object"
