"""Parameters compared by the directions that their check declares."""

from collections.abc import Callable, Collection, Iterator, Mapping
from decimal import Decimal

from pydantic import BaseModel, ValidationError

from hcgov.core.direction import Direction, LeftOut, Ordered, Stricter, declaration, nested_model
from hcgov.core.frozen import frozen
from hcgov.core.relation import Change, Path, Relation, change, relation
from hcgov.core.span import Span

Number = int | float | Decimal
ANY = Span()


def compare_parameters(
    old: Mapping[str, object],
    new: Mapping[str, object],
    params: type[BaseModel] | None,
    path: Path = ("with",),
) -> tuple[Change, ...]:
    """Compare what two controls write under ``with``, by the directions that the check declares.

    Where the check is not known, or either does not fit it, nothing is known of what differs.
    """
    if params is not None:
        try:
            return compare_models(params.model_validate(old), params.model_validate(new), path)
        except ValidationError:
            pass
    keys = dict.fromkeys((*old, *new))
    return tuple(
        change((*path, key), Relation.INCOMPARABLE, old.get(key), new.get(key))
        for key in keys
        if (key in old) != (key in new) or old.get(key) != new.get(key)
    )


def compare_models(old: BaseModel, new: BaseModel, path: Path = ()) -> tuple[Change, ...]:
    """Compare two of one model whose fields declare directions, nested models too.

    Raises
    ------
    TypeError
        They are of two models.
    """
    if type(old) is not type(new):
        raise TypeError("only parameters of one model are compared")
    changes: list[Change] = []
    for name, field in type(old).model_fields.items():
        before, after = getattr(old, name), getattr(new, name)
        place = (*path, field.alias or name)
        if nested_model(field) is not None:
            changes += compare_models(before, after, place)
        elif before != after:
            told = declaration(field, ())
            found = compare_values(before, after, told.direction, left_out=told.left_out, within=told.range)
            changes.append(change(place, found, before, after))
    return tuple(changes)


def compare_values(
    old: object,
    new: object,
    direction: Direction | None,
    *,
    left_out: LeftOut | None = None,
    within: Span = ANY,
) -> Relation:
    """Say what changing one value to another does; equal values are neutral.

    Parameters
    ----------
    old, new
        ``None`` where the value is left out.
    direction
        ``None`` where none is declared: values that differ are then incomparable.
    left_out
        What leaving it out means; ``None`` where that is not said.
    within
        The hard range of a number.

    >>> compare_values(0.08, 0.05, Stricter.LOWER).value
    'tighten'
    """
    if old == new:
        return Relation.NEUTRAL
    if old is None or new is None:
        order = _Absent(direction=direction, left_out=left_out, within=within)
        return relation(new_implies_old=order.implies(new, old), old_implies_new=order.implies(old, new))
    return relation(
        new_implies_old=_implies(new, old, direction), old_implies_new=_implies(old, new, direction)
    )


def _implies(one: object, other: object, direction: Direction | None) -> bool:
    """Whether a value asks for all that another asks for."""
    if isinstance(direction, Ordered):
        return direction.values.index(str(one)) >= direction.values.index(str(other))
    return isinstance(direction, Stricter) and _IMPLIES[direction](one, other)


@frozen
class _Absent:
    """How a value that is left out stands to one that is written."""

    direction: Direction | None
    left_out: LeftOut | None
    within: Span

    def implies(self, one: object, other: object) -> bool:
        """Whether one of two values, of which one is ``None``, asks for all that the other asks for."""
        if not isinstance(self.direction, Stricter | Ordered) or self.direction is Stricter.IDENTITY:
            return False
        if self.left_out is LeftOut.LOOSEST:
            return other is None
        if self.left_out is LeftOut.INHERITED:
            # The project's own value lies in the hard range, and so between its loosest and its strictest end.
            return self._is_end(other, strict=False) if one is None else self._is_end(one, strict=True)
        return False

    def _is_end(self, value: object, *, strict: bool) -> bool:
        """Whether a value is the strictest, or the loosest, that may be written."""
        if self.direction not in (Stricter.HIGHER, Stricter.LOWER):
            return False
        if (self.direction is Stricter.HIGHER) == strict:
            return not self.within.high_open and value == self.within.high
        return not self.within.low_open and value == self.within.low


def _at_least(one: object, other: object) -> bool:
    return isinstance(one, Number) and isinstance(other, Number) and one >= other


def _holds_all(one: object, other: object) -> bool:
    return set(_entries(other)) <= set(_entries(one))


def _each_asked(one: object, other: object) -> bool:
    """Whether each list of ways, any of which will do, has one in ``one`` that leaves no other way."""
    asked = [set(_entries(ways)) for ways in _collection(one)]
    return all(any(ways <= set(_entries(known)) for ways in asked) for known in _collection(other))


_IMPLIES: Mapping[Stricter, Callable[[object, object], bool]] = {
    Stricter.HIGHER: _at_least,
    Stricter.LOWER: lambda one, other: _at_least(other, one),
    Stricter.TRUE: lambda one, other: bool(one) or not bool(other),
    Stricter.FALSE: lambda one, other: bool(other) or not bool(one),
    Stricter.SUPERSET: _holds_all,
    Stricter.SUBSET: lambda one, other: _holds_all(other, one),
    Stricter.EACH_OF_ANY: _each_asked,
    Stricter.IDENTITY: lambda one, other: one == other,
}


def _collection(value: object) -> Collection[object]:
    return value if isinstance(value, Collection) else ()


def _entries(value: object) -> Iterator[str]:
    """Yield entries in a form that can be told apart, whatever they are."""
    for entry in _collection(value):
        yield entry.model_dump_json() if isinstance(entry, BaseModel) else repr(entry)
