"""What is stricter: two controls compared field by field.

The relation is a partial order over what was written: one control is at least as strict as another where none of its
fields is looser, and none cannot be compared. Overrides, floors, ratchets, ``policy diff`` and mutation ask here.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from pydantic import BaseModel

from hcgov.core.control import ControlSpec, EnforcementByProfile, EvidenceDemand, LimitSpec, NarrowSpec
from hcgov.core.demands import Demand, compare_condition, compare_effective, compare_evidence
from hcgov.core.direction import Stricter
from hcgov.core.limit import Side
from hcgov.core.parameters import compare_parameters, compare_values
from hcgov.core.relation import Change, Path, Relation, change
from hcgov.core.status import Enforcement, RiskProfile, Severity


def compare(
    old: ControlSpec | None,
    new: ControlSpec | None,
    *,
    params: type[BaseModel] | None,
    major: int | None = None,
) -> tuple[Change, ...]:
    """Return every field in which two controls differ, and what the change does.

    Parameters
    ----------
    old, new
        ``None`` where there is no such control, or it is disabled.
    params
        The parameter model of the check, which declares directions; ``None`` where the check is not installed:
        any change of a parameter is then incomparable.
    major
        Major version that is meant where a control names none: that of the installed check.

    Returns
    -------
    tuple of Change
        In the order of the control's fields; empty where nothing differs. What only looks different, such as a
        default that is written out, is no change.
    """
    if old is None or new is None:
        return () if old is new else (_presence(old, new),)
    changes: list[Change] = []
    for name, field in ControlSpec.model_fields.items():
        if name == "with_":
            same_check = old.check.partition("@")[0] == new.check.partition("@")[0]
            changes += compare_parameters(old.with_, new.with_, params if same_check else None)
        elif name == "check":
            changes += _check(old, new, major)
        elif name in _FIELDS:
            changes += _FIELDS[name](old, new)
        elif getattr(old, name) != getattr(new, name):
            # Nothing is known of what this field does, so it may well loosen.
            path = (field.alias or name,)
            changes.append(change(path, Relation.INCOMPARABLE, getattr(old, name), getattr(new, name)))
    return tuple(_where_small_ones_are_listed(one, old, new) for one in changes)


def stricter_or_equal(
    old: ControlSpec | None,
    new: ControlSpec | None,
    *,
    params: type[BaseModel] | None,
    major: int | None = None,
) -> bool:
    """Whether ``new`` asks for all that ``old`` asks for: no change loosens, and none cannot be compared."""
    return not any(one.relation.may_loosen for one in compare(old, new, params=params, major=major))


def compare_bound(old: Decimal, new: Decimal, side: Side) -> Relation:
    """Compare two limits on one side.

    >>> compare_bound(Decimal("0.10"), Decimal("0.08"), Side.AT_MOST).value
    'tighten'
    """
    return compare_values(old, new, Stricter.LOWER if side is Side.AT_MOST else Stricter.HIGHER)


def _presence(old: ControlSpec | None, new: ControlSpec | None) -> Change:
    return change(
        (),
        Relation.LOOSEN if new is None else Relation.TIGHTEN,
        None if old is None else old.id,
        None if new is None else new.id,
        "the control is gone or disabled" if new is None else "the control is new",
    )


def _check(old: ControlSpec, new: ControlSpec, major: int | None) -> Iterator[Change]:
    installed = "" if major is None else str(major)
    before, after = (
        (name, number or installed) for name, _, number in (s.check.partition("@") for s in (old, new))
    )
    if before != after:
        yield change(("check",), Relation.INCOMPARABLE, old.check, new.check)


def _where_small_ones_are_listed(one: Change, old: ControlSpec, new: ControlSpec) -> Change:
    """Mark that more people asked for take slices out of judgement, where slices too small are only listed."""
    listed = old.small_slices == new.small_slices == "list"
    if listed and one.path[-2:] == ("slices", "min_people"):
        note = "with `small_slices: list`, slices with fewer people are not judged"
        return replace(one, relation=Relation.INCOMPARABLE, note=note)
    return one


# What a control is about, and what only tells of it


def _different(name: str) -> Callable[[ControlSpec, ControlSpec], Iterator[Change]]:
    """Compare a field another value of which makes another control."""

    def found(old: ControlSpec, new: ControlSpec) -> Iterator[Change]:
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            yield change((name,), Relation.INCOMPARABLE, before, after)

    return found


def _told(name: str) -> Callable[[ControlSpec, ControlSpec], Iterator[Change]]:
    """Compare a field that judges nothing."""

    def found(old: ControlSpec, new: ControlSpec) -> Iterator[Change]:
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            yield change((name,), Relation.NEUTRAL, before, after)

    return found


def _supports(old: ControlSpec, new: ControlSpec) -> Iterator[Change]:
    if set(old.supports) != set(new.supports):
        gone = [clause for clause in old.supports if clause not in new.supports]
        note = f"no longer supports {', '.join(gone)}" if gone else ""
        yield change(("supports",), Relation.NEUTRAL, old.supports, new.supports, note)


# What judges


def _ranked(name: str, *order: str) -> Callable[[ControlSpec, ControlSpec], Iterator[Change]]:
    """Compare a field whose values stand in an order, from the loosest to the strictest."""

    def found(old: ControlSpec, new: ControlSpec) -> Iterator[Change]:
        before, after = getattr(old, name), getattr(new, name)
        yield from _moved((name,), order.index(before), order.index(after), before, after)

    return found


def _moved(path: Path, low: int, high: int, old: object, new: object) -> Iterator[Change]:
    """Yield a change along an order, in which what comes later is stricter."""
    if low != high:
        yield change(path, Relation.TIGHTEN if high > low else Relation.LOOSEN, old, new)


_FIRMNESS = tuple(Enforcement)


def _enforcement(old: ControlSpec, new: ControlSpec) -> Iterator[Change]:
    before, after = old.enforcement, new.enforcement
    if isinstance(before, Enforcement) and isinstance(after, Enforcement):
        yield from _moved(("enforcement",), _FIRMNESS.index(before), _FIRMNESS.index(after), before, after)
        return
    for profile in reversed(RiskProfile):
        was, is_ = _at(before, profile), _at(after, profile)
        path = ("enforcement", profile.value)
        yield from _moved(path, _FIRMNESS.index(was), _FIRMNESS.index(is_), was, is_)


def _at(given: Enforcement | EnforcementByProfile, profile: RiskProfile) -> Enforcement:
    return given.at(profile) if isinstance(given, EnforcementByProfile) else given


def _limit(old: ControlSpec, new: ControlSpec) -> Iterator[Change]:
    yield from _bounds("limit", old.limit, new.limit)
    if old.limit is None or new.limit is None:
        return
    before, after = old.limit, new.limit
    if before.decide_on != after.decide_on:
        path = ("limit", "decide_on")
        yield change(path, Relation.INCOMPARABLE, before.decide_on, after.decide_on)
    if before.confidence != after.confidence:
        found = compare_values(before.confidence, after.confidence, Stricter.HIGHER)
        yield change(("limit", "confidence"), found, before.confidence, after.confidence)


def _narrow(old: ControlSpec, new: ControlSpec) -> Iterator[Change]:
    yield from _bounds("narrow", old.narrow, new.narrow)


def _bounds(
    name: str, old: LimitSpec | NarrowSpec | None, new: LimitSpec | NarrowSpec | None
) -> Iterator[Change]:
    """Compare two limits: on one side by their value; on two sides not at all."""
    before, after = _sides(old), _sides(new)
    if before == after:
        return
    if before.keys() != after.keys():
        missing = Relation.TIGHTEN if not before else Relation.LOOSEN if not after else Relation.INCOMPARABLE
        yield change((name,), missing, _written(before), _written(after))
        return
    for side, value in before.items():
        if after[side] != value:
            yield change((name, side), compare_bound(value, after[side], Side(side)), value, after[side])


def _sides(given: LimitSpec | NarrowSpec | None) -> dict[str, Decimal]:
    if given is None:
        return {}
    both = {"at_most": given.at_most, "at_least": given.at_least}
    return {side: value for side, value in both.items() if value is not None}


def _written(sides: Mapping[str, Decimal]) -> str | None:
    return ", ".join(f"{side}: {value}" for side, value in sides.items()) or None


# When it judges, and by what evidence


def _applies_when(old: ControlSpec, new: ControlSpec) -> Iterator[Change]:
    before, after = old.applies_when, new.applies_when
    if before != after:
        yield change(("applies_when",), compare_condition(_all_of(before), _all_of(after)), before, after)


def _all_of(condition: object) -> list[object]:
    """Return the parts of a condition that must all hold."""
    if condition is None:
        return []
    if isinstance(condition, dict) and condition.keys() == {"all"}:
        return [part for inner in condition["all"] for part in _all_of(inner)]
    return [condition]


def _evidence(old: ControlSpec, new: ControlSpec) -> Iterator[Change]:
    if old.evidence != new.evidence:
        found = compare_evidence(_demands(old.evidence), _demands(new.evidence))
        yield change(("evidence",), found, old.evidence, new.evidence)


def _demands(given: tuple[EvidenceDemand, ...]) -> list[Demand]:
    return [Demand(signed_by=frozenset(one.signed_by), max_age=one.oldest()) for one in given]


def _effective_from(old: ControlSpec, new: ControlSpec) -> Iterator[Change]:
    before, after = old.effective_from, new.effective_from
    if before != after:
        found = compare_effective(_day(before), _day(after))
        yield change(("effective_from",), found, before, after)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


_FIELDS: Mapping[str, Callable[[ControlSpec, ControlSpec], Iterator[Change]]] = {
    "id": _different("id"),
    "title": _told("title"),
    "stage": _different("stage"),
    "limit": _limit,
    "narrow": _narrow,
    "severity": _ranked("severity", *Severity),
    "enforcement": _enforcement,
    "safety": _ranked("safety", "standard", "strict"),
    "small_slices": _ranked("small_slices", "list", "judge"),
    "small_slices_reason": _told("small_slices_reason"),
    "attempts": _ranked("attempts", "show", "spend"),
    "attempts_reason": _told("attempts_reason"),
    "why": _told("why"),
    "fix": _told("fix"),
    "source": _told("source"),
    "supports": _supports,
    "applies_when": _applies_when,
    "evidence": _evidence,
    "effective_from": _effective_from,
}
"""How each field is compared; one that is not here is incomparable where it differs."""
