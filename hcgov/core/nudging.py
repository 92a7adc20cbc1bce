"""A number moved by one unit of its last digit: the smallest change that a person could have written."""

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation

from pydantic import BaseModel, ValidationError

from hcgov.core.control import ControlSpec, LimitSpec, NarrowSpec
from hcgov.core.direction import declarations
from hcgov.core.frozen import frozen
from hcgov.core.limit import LimitRange, Side
from hcgov.core.relation import Path, Relation
from hcgov.core.span import Span
from hcgov.core.strictness import compare

CONFIDENCE = Span.of("(0.5, 0.999999]")
"""What a limit's confidence may be."""


def unit(value: Decimal) -> Decimal:
    """Return one unit of the last digit as written; never more than 1.

    >>> unit(Decimal("0.10"))
    Decimal('0.01')
    >>> unit(Decimal(30))
    Decimal('1')
    """
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int):
        raise ValueError(f"{value} is no finite number")
    return Decimal(1).scaleb(min(exponent, 0))


def nudge(value: Decimal, *, up: bool, within: Span) -> Decimal | None:
    """Return a number moved by one unit, or ``None`` where that leaves its hard range.

    >>> nudge(Decimal("0.10"), up=False, within=Span.of("[0, 1)"))
    Decimal('0.09')
    >>> nudge(Decimal("0.9"), up=True, within=Span.of("[0, 1)")) is None
    True
    """
    moved = value + unit(value) if up else value - unit(value)
    return moved if within.holds(moved) else None


@frozen
class Nudge:
    """A control in which one number was moved by one unit.

    Parameters
    ----------
    path
        Where the number stands, by the keys as they are written.
    relation
        What the move does to the control.
    spec
        The control with the number moved; it is valid.
    """

    path: Path
    old: Decimal
    new: Decimal
    relation: Relation
    spec: ControlSpec


def nudges(spec: ControlSpec, *, params: type[BaseModel], limits: LimitRange | None) -> Iterator[Nudge]:
    """Yield a control with each of its written numbers moved by one unit, down and up, within its hard range.

    Parameters
    ----------
    params
        The parameter model of its check. Numbers that are left to a default are not moved.
    limits
        The limits that decide anything; ``None`` where the check does not say.
    """
    for path, value, within in _numbers(spec, params, limits):
        for up in (False, True):
            moved = nudge(value, up=up, within=within)
            changed = None if moved is None else _with(spec, path, moved)
            if moved is None or changed is None or not _fits(changed, params):
                continue
            for one in compare(spec, changed, params=params):
                yield Nudge(path=path, old=value, new=moved, relation=one.relation, spec=changed)


def _numbers(
    spec: ControlSpec, params: type[BaseModel], limits: LimitRange | None
) -> Iterator[tuple[Path, Decimal, Span]]:
    for key, given in (("limit", spec.limit), ("narrow", spec.narrow)):
        for side in Side:
            value = _side(given, side)
            if value is not None:
                yield (key, side.value), value, (limits.on(side) if limits else None) or Span()
    if spec.limit is not None and "confidence" in spec.limit.model_fields_set:
        yield ("limit", "confidence"), spec.limit.confidence, CONFIDENCE
    for one in declarations(params):
        value = _number(_at(spec.with_, one.path)) if one.numeric else None
        if value is not None:
            yield ("with", *one.path), value, one.range


def _side(given: LimitSpec | NarrowSpec | None, side: Side) -> Decimal | None:
    if given is None:
        return None
    return given.at_most if side is Side.AT_MOST else given.at_least


def _at(given: object, path: tuple[str, ...]) -> object:
    for key in path:
        given = given.get(key) if isinstance(given, Mapping) else None
    return given


def _number(written: object) -> Decimal | None:
    if isinstance(written, bool) or not isinstance(written, int | float | str):
        return None
    try:
        value = Decimal(str(written))
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def _with(spec: ControlSpec, path: Path, value: Decimal) -> ControlSpec:
    """Return a control with another number in one place, written as it would be in a file."""
    written = spec.model_dump(by_alias=True, exclude_unset=True, mode="python")
    here = written
    for key in path[:-1]:
        here[str(key)] = dict(here[str(key)])
        here = here[str(key)]
    whole = value == value.to_integral_value() and path[0] == "with" and unit(value) == 1
    here[str(path[-1])] = int(value) if whole else str(value)
    return ControlSpec.model_validate(written)


def _fits(spec: ControlSpec, params: type[BaseModel]) -> bool:
    try:
        params.model_validate(spec.with_)
        spec.limit_value()
    except (ValidationError, ValueError):
        return False
    return True
