"""Conditions over facts of a system, in three values: true, false, and not known.

What is not known is neither: a control whose condition cannot be told is *inconclusive*, never *not applicable*
(Kleene's strong three-valued logic; S. C. Kleene, Introduction to Metamathematics, 1952, section 64).
"""

import fnmatch
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from enum import IntEnum
from typing import TypeAlias

from hcgov.core.frozen import frozen

Plain: TypeAlias = bool | int | float | str
Value: TypeAlias = Plain | tuple[Plain, ...]
"""A fact: one plain value, or a list of them."""


class Truth(IntEnum):
    """What is known of a condition; the order makes `all` a minimum and `any` a maximum."""

    FALSE = 0
    UNKNOWN = 1
    TRUE = 2

    @staticmethod
    def of(answer: bool) -> "Truth":
        """Return the truth of an answer that is known."""
        return Truth.TRUE if answer else Truth.FALSE


@frozen
class Comparison:
    """A fact held against a value, such as ``{fact: system.users, eq: internal}``."""

    fact: str
    comparator: str
    value: Value

    def __str__(self) -> str:
        """Return for example ``system.users eq internal``."""
        return f"{self.fact} {self.comparator} {shown(self.value)}"


@frozen
class Joined:
    """Conditions under a quantifier: ``all``, ``any``, ``none`` or ``at_least`` (so many of them)."""

    quantifier: str
    parts: tuple["Condition", ...]
    least: int = 0

    def __str__(self) -> str:
        """Return for example ``all(a, b)``."""
        name = f"at_least {self.least}" if self.quantifier == "at_least" else self.quantifier
        return f"{name}({', '.join(map(str, self.parts))})"


Condition: TypeAlias = Comparison | Joined


@frozen
class Told:
    """What a condition came to, and the facts that were read: ``None`` for one that the project does not state."""

    truth: Truth
    read: Mapping[str, Value | None]
    why: str = ""


def shown(value: Value | None) -> str:
    """Return a value as people read it.

    >>> shown(("a", True)), shown(None)
    ('[a, true]', 'not stated')
    """
    if value is None:
        return "not stated"
    if isinstance(value, tuple):
        return f"[{', '.join(map(shown, value))}]"
    return str(value).lower() if isinstance(value, bool) else str(value)


def evaluate(condition: Condition, facts: Mapping[str, Value]) -> Told:
    """Evaluate a condition on what is known.

    Parameters
    ----------
    facts
        By full name, such as ``system.risk_profile``; a fact that is not among them is not known.

    >>> high = Comparison(fact="system.risk_profile", comparator="eq", value="high")
    >>> evaluate(high, {}).truth.name, evaluate(high, {"system.risk_profile": "low"}).truth.name
    ('UNKNOWN', 'FALSE')
    """
    if isinstance(condition, Comparison):
        return _compared(condition, facts)
    told = [evaluate(part, facts) for part in condition.parts]
    read = {name: value for one in told for name, value in one.read.items()}
    truth = _quantified(condition, [one.truth for one in told])
    deciding = [one.why for one in told if one.why and (truth is not Truth.UNKNOWN or one.truth is truth)]
    return Told(truth=truth, read=read, why="; ".join(dict.fromkeys(deciding)))


def _quantified(condition: Joined, truths: list[Truth]) -> Truth:
    if condition.quantifier == "all":
        return min(truths)
    if condition.quantifier == "any":
        return max(truths)
    if condition.quantifier == "none":
        return Truth(Truth.TRUE - max(truths))
    sure = sum(truth is Truth.TRUE for truth in truths)
    possible = sum(truth is not Truth.FALSE for truth in truths)
    if sure >= condition.least:
        return Truth.TRUE
    return Truth.UNKNOWN if possible >= condition.least else Truth.FALSE


def _compared(condition: Comparison, facts: Mapping[str, Value]) -> Told:
    found = facts.get(condition.fact)
    read = {condition.fact: found}
    if condition.comparator == "present":
        truth = Truth.of((found is not None) is bool(condition.value))
        return Told(truth=truth, read=read, why=f"{condition.fact} is {shown(found)}")
    if found is None:
        return Told(truth=Truth.UNKNOWN, read=read, why=f"{condition.fact} is not stated")
    answer = COMPARATORS[condition.comparator](found, condition.value)
    if answer is None:
        why = f"{condition.fact} is {shown(found)}, which cannot be compared by `{condition.comparator}`"
        return Told(truth=Truth.UNKNOWN, read=read, why=why)
    return Told(truth=Truth.of(answer), read=read, why=f"{condition.fact} is {shown(found)}")


def _number(value: Value) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return Decimal(str(value))


def _ordered(holds: Callable[[Decimal, Decimal], bool]) -> Callable[[Value, Value], bool | None]:
    def compare(found: Value, value: Value) -> bool | None:
        left, right = _number(found), _number(value)
        return None if left is None or right is None else holds(left, right)

    return compare


def _equal(found: Value, value: Value) -> bool | None:
    """Compare two values of one kind; text beside a number says nothing about either."""
    if isinstance(found, tuple) or isinstance(value, tuple):
        return None
    left, right = _number(found), _number(value)
    if left is not None and right is not None:
        return left == right
    return found == value if type(found) is type(value) else None


def _among(found: Value, value: Value) -> bool | None:
    answers = [_equal(found, one) for one in _several(value)]
    return True if True in answers else (None if None in answers else False)


def _several(value: Value) -> tuple[Plain, ...]:
    return value if isinstance(value, tuple) else (value,)


def _between(found: Value, value: Value) -> bool | None:
    number, ends = _number(found), [_number(end) for end in _several(value)]
    if number is None or len(ends) != 2 or ends[0] is None or ends[1] is None:
        return None
    return ends[0] <= number <= ends[1]


def _matches(found: Value, value: Value) -> bool | None:
    both_text = isinstance(found, str) and isinstance(value, str)
    return fnmatch.fnmatchcase(str(found), str(value)) if both_text else None


def _contains(whole: Value, part: Value) -> bool:
    have = [(type(one), one) for one in _several(whole)]
    return all((type(one), one) in have for one in _several(part))


def _negated(answer: bool | None) -> bool | None:
    return None if answer is None else not answer


COMPARATORS: dict[str, Callable[[Value, Value], bool | None]] = {
    "lt": _ordered(lambda a, b: a < b),
    "le": _ordered(lambda a, b: a <= b),
    "gt": _ordered(lambda a, b: a > b),
    "ge": _ordered(lambda a, b: a >= b),
    "eq": _equal,
    "ne": lambda found, value: _negated(_equal(found, value)),
    "between": _between,
    "in": _among,
    "not_in": lambda found, value: _negated(_among(found, value)),
    "subset": lambda found, value: _contains(value, found),
    "superset": _contains,
    "matches": _matches,
    "present": lambda found, value: bool(value),
}
"""What facts can be held by; each returns ``None`` where the two are of kinds that cannot be compared."""

QUANTIFIERS = ("all", "any", "none", "not", "at_least")


class ConditionError(ValueError):
    """A condition as written makes no sense: what is wrong at which path, and how to mend it."""

    def __init__(self, message: str, path: tuple[str | int, ...], help: str = "") -> None:  # noqa: A002 - the field of Mistake
        super().__init__(message)
        self.message, self.path, self.help = message, path, help


def comparison_facts(condition: Condition) -> Iterable[str]:
    """Yield the names of the facts that a condition reads."""
    if isinstance(condition, Comparison):
        yield condition.fact
        return
    for part in condition.parts:
        yield from comparison_facts(part)
