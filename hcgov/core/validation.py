"""From pydantic's errors to authoring mistakes with places, fixes and nearest names."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError

from hcgov.core.confusables import in_latin, named
from hcgov.core.mistake import Mistake, Position, did_you_mean

Path = tuple[str | int, ...]
Where = Callable[[Path], Position | None]


def mistakes_from(
    error: ValidationError,
    model: type[BaseModel],
    *,
    key: Where,
    value: Where,
    prefix: Path = (),
    what: str = "",
) -> list[Mistake]:
    """Turn every error of a validation into a mistake.

    Parameters
    ----------
    error, model
        What failed, and the model it was held against.
    key, value
        From a path to the place of its key or of its value; they get ``prefix`` plus the error's own path.
    what
        How the thing is called in messages, such as ``control HC-EVL-01``.
    """
    told = []
    items = error.errors(include_url=False, include_context=True)
    for item in items:
        if _only_follows(item, items):
            continue
        path, names = _plain_path(model, item["loc"])
        place = (*prefix, *path)
        if item["type"] == "extra_forbidden":
            last = str(path[-1]) if path else ""
            told.append(
                Mistake(
                    code="HCG-C004",
                    message=f"unknown key `{last}`{_in(what)}",
                    where=key(place),
                    help=did_you_mean(last, names),
                )
            )
        elif item["type"] in ("missing", "union_tag_not_found"):
            if item["type"] == "union_tag_not_found":
                place = (*place, str(item["ctx"]["discriminator"]).strip("'"))
            last = str(place[-1]) if place else ""
            told.append(
                Mistake(
                    code="HCG-C005",
                    message=f"`{last}` is missing{_in(what)}",
                    where=key(place[:-1]),
                    help=f"add `{last}:`",
                )
            )
        elif item["type"] == "union_tag_invalid":
            told.append(_unknown_tag(item, path, value, prefix))
        else:
            of_key = path[-1:] == ("[key]",)
            if of_key:
                path, place = path[:-1], place[:-1]
            name = ".".join(str(part) for part in path) or what
            told.append(
                Mistake(
                    code="HCG-C006",
                    message=f"`{name}`: {_readable(item)}" if name else _readable(item),
                    where=key(place) if of_key else value(place),
                    help=_expected(item),
                )
            )
    return told


def _only_follows(item: Any, items: Iterable[Any]) -> bool:
    """Whether a list is too short only because entries in it are wrong, which is told of each of them."""
    depth = len(item["loc"])
    return item["type"] == "too_short" and any(
        len(other["loc"]) > depth and other["loc"][:depth] == item["loc"] for other in items
    )


def _unknown_tag(item: Any, path: Path, value: Where, prefix: Path) -> Mistake:
    """Tell a value such as ``kind: tabel``, by which the rest of the mapping would be understood."""
    context = item["ctx"]
    key = str(context["discriminator"]).strip("'")
    tag = str(context["tag"])
    tags = [expected.strip(" '") for expected in str(context["expected_tags"]).split(",")]
    return Mistake(
        code="HCG-C006",
        message=f"`{'.'.join(str(part) for part in (*path, key))}`: there is no {key} `{tag}`",
        where=value((*prefix, *path, key)),
        help=did_you_mean(tag, tags),
    )


def paths_of(error: ValidationError, model: type[BaseModel]) -> list[Path]:
    """Return where in the file each error of a validation stands."""
    return [_plain_path(model, item["loc"])[0] for item in error.errors(include_url=False)]


def _in(what: str) -> str:
    return f" in {what}" if what else ""


def _readable(item: Any) -> str:
    if item["type"] in ("model_type", "model_attributes_type", "dict_type"):
        return "a mapping of keys is needed here"  # the library's own words name a class of ours
    if item["type"] in ("string_too_short", "too_short") and not item["input"]:
        return "it is empty"
    if item["type"] == "finite_number":
        return "a finite number of ordinary size is needed"
    foreign = _beyond_ascii(item)
    if foreign:
        letter = f"`{foreign}` ({named(foreign)})"
        looks = in_latin(foreign)
        return (
            f"{letter} looks like `{looks}` and is another letter"
            if looks.isascii()
            else f"{letter} is not allowed"
        )
    message = str(item["msg"]).removeprefix("Value error, ")
    return message[:1].lower() + message[1:]


def _beyond_ascii(item: Any) -> str:
    """Return the first character beyond ASCII of a text that does not match its pattern, or nothing."""
    if item["type"] != "string_pattern_mismatch":
        return ""
    return next((c for c in str(item["input"]) if not c.isascii()), "")


def _expected(item: Any) -> str:
    if _beyond_ascii(item):
        latin = in_latin(str(item["input"]))
        plain = (
            re.fullmatch(str(item["ctx"]["pattern"]).removeprefix("^").removesuffix("$"), latin) is not None
        )
        return f"write `{latin}`" if plain else "use the letters a-z and A-Z, digits, `.`, `_` and `-`"
    if item["type"] in ("literal_error", "enum"):
        expected = str(item.get("ctx", {}).get("expected", "")).replace(" or ", ", ").replace("'", "")
        return did_you_mean(str(item["input"]), [part.strip() for part in expected.split(",")])
    return ""


def _plain_path(model: type[BaseModel], loc: tuple[str | int, ...]) -> tuple[Path, list[str]]:
    """Drop what pydantic adds to a path (union tags); return it with the names known at its last step."""
    models: list[type[BaseModel]] = [model]
    path: list[str | int] = []
    known: list[str] = []
    named = False  # the next step is a name that a person chose, which may well read like a tag
    for part in loc:
        if named:
            path.append(part)
            named = False
            continue
        if isinstance(part, str) and models and part not in _names(models) and _is_tag(models, part):
            models = [m for m in models if part in _tags(m)] or models
            continue
        path.append(part)
        known = _names(models)
        if isinstance(part, str):
            named = any(_is_mapping(owner, part) for owner in models)
            models = [m for owner in models for m in _models_at(owner, part)] or models
    return tuple(path), known


def _names(models: list[type[BaseModel]]) -> list[str]:
    return [field.alias or name for model in models for name, field in model.model_fields.items()]


def _tags(model: type[BaseModel]) -> tuple[str, ...]:
    kind = model.model_fields.get("kind")
    literal = tuple(str(a) for a in get_args(kind.annotation)) if kind is not None else ()
    return (*literal, model.__name__)


def _is_tag(models: list[type[BaseModel]], part: str) -> bool:
    return any(part in _tags(model) for model in models)


def _is_mapping(owner: type[BaseModel], name: str) -> bool:
    return any(
        get_origin(field.annotation) is dict
        for field_name, field in owner.model_fields.items()
        if name in (field_name, field.alias)
    )


def _models_at(owner: type[BaseModel], name: str) -> Iterator[type[BaseModel]]:
    for field_name, field in owner.model_fields.items():
        if name in (field_name, field.alias):
            yield from _models_in(field.annotation)


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models_in(inner)
