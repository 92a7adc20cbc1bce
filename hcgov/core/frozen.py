"""Frozen records that are cheap to define and cheap to make.

The standard library writes and compiles half a dozen functions for each frozen dataclass when its module is imported:
nearly a millisecond a class, and a check imports some four hundred. Here a class is given closures that are compiled
already, which takes a fortieth of that. Nothing else differs: fields are given by name and cannot be assigned, equal
records have equal hashes, and :func:`dataclasses.replace` and its like work.
"""

from collections.abc import Callable, Iterable
from dataclasses import MISSING, FrozenInstanceError, dataclass, field, fields
from operator import attrgetter
from reprlib import recursive_repr
from typing import NoReturn, TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
def frozen(cls: type[T]) -> type[T]:
    """Make a class a keyword-only dataclass whose instances are frozen.

    >>> @frozen
    ... class Point:
    ...     x: int
    ...     y: int = 0
    >>> point = Point(x=1)
    >>> point
    Point(x=1, y=0)
    >>> point.x = 2
    Traceback (most recent call last):
    dataclasses.FrozenInstanceError: cannot assign to field 'x'
    """
    made = _defined(cls)
    _fill(made)
    made.__setattr__ = made.__delattr__ = _refuse  # type: ignore[method-assign]  # it never returns
    return made


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
def compact(cls: type[T]) -> type[T]:
    """Make a class a frozen dataclass with slots, for what a run makes by the thousand; it cannot be inherited from.

    Its ``__init__`` is the standard library's, the fastest there is. An instance is made like one that is not frozen
    and turns into the frozen form as the last step of its making. A class that declares ``of`` is given a function
    that takes every field by position, in the order of the class, and does the same in less than half the time.

    >>> from typing import ClassVar
    >>> @compact
    ... class Point:
    ...     x: int
    ...     y: int = 0
    ...     of: ClassVar[Callable[[int, int], "Point"]]
    >>> Point(x=1)
    Point(x=1, y=0)
    >>> Point.of(1, 2)
    Point(x=1, y=2)
    """

    def settle(self: T) -> None:
        self.__class__ = settled

    cls.__post_init__ = settle  # type: ignore[attr-defined]  # what the generated __init__ ends with
    made = _defined(cls, init=True, slots=True)
    settled = _settled(made)
    made.__init_subclass__ = _final  # type: ignore[method-assign]  # else instances lose their class
    if "of" in cls.__annotations__ and all(one.name != "of" for one in fields(made)):  # type: ignore[arg-type]  # a dataclass
        made.of = staticmethod(_by_position(made, settled))  # type: ignore[attr-defined]  # declared by the class
    return made


def _defined(cls: type[T], *, init: bool = False, slots: bool = False) -> type[T]:
    """Return the class with its fields known, compared, hashed and shown as a dataclass's are."""
    if not cls.__doc__:
        cls.__doc__ = (
            cls.__name__
        )  # else the standard library writes a signature, which costs more than all the rest
    # Of a class with an equality of its own, Python says that it has no hash; a dataclass has one all the same.
    own = {name for name, value in vars(cls).items() if value is not None}
    made: type[T] = dataclass(kw_only=True, init=init, repr=False, eq=False, match_args=False, slots=slots)(
        cls
    )
    parts = fields(made)  # type: ignore[arg-type]  # a dataclass by now
    shown = tuple(one.name for one in parts if one.repr)
    compared = _getter(one.name for one in parts if one.compare)
    hashed = _getter(one.name for one in parts if (one.compare if one.hash is None else one.hash))

    def equal(self: object, other: object) -> object:
        if self.__class__ is not other.__class__:
            return NotImplemented
        return compared(self) == compared(other)

    def digest(self: object) -> int:
        return hash(hashed(self))

    @recursive_repr()
    def told(self: object) -> str:
        return f"{type(self).__qualname__}({', '.join(f'{name}={getattr(self, name)!r}' for name in shown)})"

    for name, method in (("__eq__", equal), ("__hash__", digest), ("__repr__", told)):
        if name not in own:
            setattr(made, name, method)
    return made


def _getter(names: Iterable[str]) -> Callable[[object], object]:
    """Return what takes the values of these fields from an instance."""
    known = tuple(names)
    get = attrgetter(*known) if known else lambda _: ()
    # Of one name it gives the value itself; in a tuple, what is the same object is equal, even if it is not a number.
    return get if len(known) != 1 else lambda one: (get(one),)


def _fill(made: type[T]) -> None:
    """Give a class its ``__init__``."""
    parts = fields(made)  # type: ignore[arg-type]  # a dataclass
    names = frozenset(one.name for one in parts)
    defaults = {one.name: one.default for one in parts if one.default is not MISSING}
    factories = {one.name: one.default_factory for one in parts if one.default_factory is not MISSING}
    finishes = hasattr(made, "__post_init__")
    if not all(one.init for one in parts):
        raise TypeError(f"{made.__qualname__}: every field of a frozen record is given or has a default")

    def complete(values: dict[str, object]) -> dict[str, object]:
        fresh = {name: make() for name, make in factories.items() if name not in values}
        whole = {**defaults, **fresh, **values}
        if whole.keys() == names:
            return whole
        missing = names - whole.keys()
        wrong, words = (missing, "is missing") if missing else (whole.keys() - names, "got an unexpected")
        told = ", ".join(repr(name) for name in sorted(wrong))
        raise TypeError(f"{made.__qualname__}.__init__() {words} keyword argument: {told}")

    def init(self: T, /, **values: object) -> None:
        self.__dict__.update(values if values.keys() == names else complete(values))
        if finishes:
            self.__post_init__()  # type: ignore[attr-defined]  # of the class, or of an heir

    init.__qualname__ = f"{made.__qualname__}.__init__"
    made.__init__ = init  # type: ignore[method-assign, assignment]  # of a class, which is what it is called on


def _settled(made: type[T]) -> type[T]:
    """Return the class that instances end in: the same fields and name, and no assignment."""

    def remake(self: T, **values: object) -> None:
        # Whoever has an instance only, as `replace` does, calls this class: back to the one that can be filled.
        become(self, made)
        made.__init__(self, **values)

    def parts(self: T) -> tuple[Callable[..., T], tuple[type[T], dict[str, object]]]:
        return _again, (made, {one.name: getattr(self, one.name) for one in fields(made)})  # type: ignore[arg-type]  # a dataclass

    become = object.__dict__["__class__"].__set__
    same = {"__slots__": (), "__module__": made.__module__, "__qualname__": made.__qualname__}
    kept = {"__setattr__": _refuse, "__delattr__": _refuse, "__init__": remake, "__reduce__": parts}
    return type(made.__name__, (made,), {**same, **kept, "__doc__": made.__doc__})


def _by_position(made: type[T], settled: type[T]) -> Callable[..., T]:
    """Return what makes a record of its fields by position; it is compiled when it is first called."""

    def first(*values: object) -> T:
        names = [one.name for one in fields(made)]  # type: ignore[arg-type]  # a dataclass
        filled = [f"    _made.{name} = {name}" for name in names]
        source = [f"def of({', '.join(names)}):", "    _made = _new(_made_as)", *filled]
        scope: dict[str, Callable[..., T]] = {"_new": object.__new__, "_made_as": made, "_settled": settled}
        exec("\n".join([*source, "    _made.__class__ = _settled", "    return _made"]), scope)  # noqa: S102 - names of fields
        made.of = staticmethod(scope["of"])  # type: ignore[attr-defined]  # from now on it is called at once
        return scope["of"](*values)

    return first


def _again(made: Callable[..., T], values: dict[str, object]) -> T:
    """Make a record from its parts, for copies and pickles."""
    return made(**values)


def _refuse(self: object, name: str, value: object = None) -> NoReturn:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _final(**_: object) -> NoReturn:
    raise TypeError("a frozen record cannot be inherited from: its instances would be those of its base")
