"""What differs between two packs beside their controls: parameters, named conditions, and floors of clauses."""

import json
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from hcgov.core.direction import Stricter
from hcgov.core.frozen import frozen
from hcgov.core.parameters import compare_values
from hcgov.core.policy import Floor, Pack, Parameter
from hcgov.core.relation import Change, Relation, change
from hcgov.core.strictness import compare_bound

T = TypeVar("T")


@frozen
class Part:
    """One part of a pack that differs.

    ``kind`` is ``parameter``, ``fact`` or ``floor``; the path of the change begins with the part's name.
    """

    kind: str
    pack: str
    change: Change
    adds: bool = False

    @property
    def told(self) -> str:
        """Return what it is in a few words."""
        return f"{self.kind} {self.change.field} {'new' if self.adds else self.change.relation.value}"


def parts_of(old: Pack, new: Pack) -> Iterator[Part]:
    """Yield what differs in parameters, named conditions and floors."""
    pack = new.spec.metadata.id
    yield from _parts("parameter", pack, old.spec.parameters, new.spec.parameters, _parameter)
    yield from _parts("fact", pack, old.spec.facts, new.spec.facts, _fact)
    yield from _parts("floor", pack, _floors(old), _floors(new), _floor)


def _parts(
    kind: str,
    pack: str,
    old: Mapping[str, T],
    new: Mapping[str, T],
    compared: Callable[[str, T, T], Iterator[Change]],
) -> Iterator[Part]:
    for name, after in new.items():
        if name not in old:
            # A parameter or condition more asks for nothing by itself; a floor more does.
            does = Relation.TIGHTEN if kind == "floor" else Relation.NEUTRAL
            yield Part(kind=kind, pack=pack, change=change((name,), does, None, _shown(after)), adds=True)
        else:
            yield from (Part(kind=kind, pack=pack, change=one) for one in compared(name, old[name], after))
    for name, before in old.items():
        if name not in new:
            does = Relation.LOOSEN if kind == "floor" else Relation.INCOMPARABLE
            note = "" if kind == "floor" else "packs that name it can no longer be resolved"
            yield Part(kind=kind, pack=pack, change=change((name,), does, _shown(before), None, note))


def _shown(value: object) -> object:
    if isinstance(value, Parameter):
        return value.default
    if isinstance(value, Floor):
        return _limit(value)
    return json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, dict | list) else value


def _parameter(name: str, old: Parameter, new: Parameter) -> Iterator[Change]:
    for field in ("type", "stricter"):
        before, after = getattr(old, field), getattr(new, field)
        if before != after:
            yield change((name, field), Relation.INCOMPARABLE, before, after)
    direction = {"lower": Stricter.LOWER, "higher": Stricter.HIGHER}.get(new.stricter)
    if _plain(old.default) != _plain(new.default):
        does = compare_values(_plain(old.default), _plain(new.default), direction)
        yield change((name, "default"), does, old.default, new.default)
    for field, narrows in (("minimum", Stricter.HIGHER), ("maximum", Stricter.LOWER)):
        before, after = getattr(old, field), getattr(new, field)
        if before != after:
            does = (
                compare_values(before, after, narrows)
                if before is not None and after is not None
                else Relation.TIGHTEN
                if before is None
                else Relation.LOOSEN
            )
            yield change((name, field), does, before, after)
    if old.note != new.note:
        yield change((name, "note"), Relation.NEUTRAL, old.note, new.note)


def _plain(value: object) -> object:
    """Return a number as a decimal, however it was written; anything else as it is."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return value
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return value


def _fact(name: str, old: object, new: object) -> Iterator[Change]:
    if old != new:
        note = "controls that apply by it are told one by one"
        yield change((name,), Relation.INCOMPARABLE, _shown(old), _shown(new), note)


def _floors(pack: Pack) -> dict[str, Floor]:
    return {f"{floor.clause} {floor.check.partition('@')[0]}": floor for floor in pack.floors}


def _floor(name: str, old: Floor, new: Floor) -> Iterator[Change]:
    (side, value), (other, bound) = old.least, new.least
    if (side, value) != (other, bound):
        does = compare_bound(value, bound, side) if side is other else Relation.INCOMPARABLE
        yield change((name, "limit"), does, _limit(old), _limit(new))
    before, after = old.limit.confidence, new.limit.confidence
    if before != after:
        does = compare_values(before, after, Stricter.HIGHER)
        yield change((name, "limit", "confidence"), does, before, after)
    if old.reason != new.reason:
        yield change((name, "reason"), Relation.NEUTRAL, old.reason, new.reason)


def _limit(floor: Floor) -> str:
    side, value = floor.least
    return f"{side.value}: {value}"
