"""What packs made of inherited controls: asking for more is free, asking for less takes leave, and floors hold."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from pydantic import BaseModel, ValidationError

from hcgov.core.check import Check, Params
from hcgov.core.control import ControlSpec
from hcgov.core.evidence.source import Tree
from hcgov.core.frozen import frozen
from hcgov.core.limit import Limit
from hcgov.core.mistake import Mistake, did_you_mean
from hcgov.core.policy import Floor, Pack, Step
from hcgov.core.relation import Change
from hcgov.core.strictness import compare, compare_bound


@frozen
class Loosened:
    """A part of an inherited control that asks for less than it did."""

    control: str
    home: str
    step: Step
    change: Change


def changes_of(step: Step, checks: Mapping[str, Check[Params]]) -> tuple[Change, ...]:
    """Return what a step changed, and whether that asks for more or for less; nothing where a side makes no sense."""
    before, after = _spec(step.before), _spec(step.after)
    if before is None or after is None:  # told where the control is read
        return ()
    check = checks.get(before.check.partition("@")[0])
    model: type[BaseModel] | None = None if check is None else check.params
    return compare(before, after, params=model, major=None if check is None else check.major)


def _spec(tree: Mapping[str, Tree]) -> ControlSpec | None:
    try:
        return ControlSpec.model_validate(tree)
    except ValidationError:
        return None


def loosened(pack: Pack, checks: Mapping[str, Check[Params]]) -> Iterator[Loosened]:
    """Yield every part of the controls of a pack that a step made looser, or changed beyond comparing."""
    for index, (spec, history) in enumerate(zip(pack.spec.controls, pack.history, strict=False)):
        for step in history.steps:
            for change in changes_of(step, checks):
                if change.relation.may_loosen:
                    yield Loosened(control=spec.id, home=pack.home(index), step=step, change=change)


def loosening_mistakes(pack: Pack, checks: Mapping[str, Check[Params]]) -> Iterator[Mistake]:
    """Tell every loosening for which nobody gave leave."""
    for found in loosened(pack, checks):
        if found.step.loosen is None:
            change = found.change
            moved = f"from {change.old or 'nothing'} to {change.new or 'nothing'}"
            note = f" ({change.note})" if change.note else ""
            less = f"asks for less than `{found.home}` does{note}"
            yield Mistake(
                code="HCG-R018",
                message=f"`{found.control}`: `{change.field}` {moved} {less}",
                where=found.step.where,
                help="add `loosen: {reason: …, approved_by: …}`, which every report prints, or ask for no less",
            )


@frozen
class Broken:
    """A clause that a control no longer supports, because its limit lies beyond the clause's floor.

    ``limit`` is that of the control and ``least`` the least that the clause asks for, as people read them.
    """

    control: str
    clause: str
    floor: Floor
    limit: str
    least: str


def broken_floors(packs: Sequence[Pack]) -> tuple[Broken, ...]:
    """Return the clauses that controls claim to support although they ask for less than the clause's floor."""
    floors: dict[str, list[Floor]] = {}
    for floor in (floor for pack in packs for floor in pack.floors):
        floors.setdefault(floor.clause, []).append(floor)
    return tuple(
        broken
        for pack in packs
        for spec in pack.spec.controls
        for clause in dict.fromkeys(spec.supports)
        for floor in floors.get(clause, ())
        if _same_check(spec, floor) and (broken := _broken(spec, floor)) is not None
    )


def floor_mistakes(
    pack: Pack, checks: Mapping[str, Check[Params]], broken: Collection[str]
) -> Iterator[Mistake]:
    """Tell floors for a check that there is not: they would bound nothing.

    Parameters
    ----------
    broken
        Packages of checks that could not be imported; what they hold is not known.
    """
    own = {floor: number for number, floor in enumerate(pack.spec.floors)}
    for floor in pack.floors:
        name = floor.check.partition("@")[0]
        if name not in checks and name.partition(".")[0] not in broken:
            yield Mistake(
                code="HCG-P003",
                message=f"the floor of `{floor.clause}` is for an unknown check, `{name}`",
                where=pack.places.value("floors", own[floor], "check") if floor in own else None,
                help=did_you_mean(name, checks),
            )


def _same_check(spec: ControlSpec, floor: Floor) -> bool:
    return spec.check.partition("@")[0] == floor.check.partition("@")[0]


def _broken(spec: ControlSpec, floor: Floor) -> Broken | None:
    """Return how a control asks for less than a floor; a limit on the other side, or none, does."""
    own, (side, value) = _limit(spec), floor.least
    surer = own is not None and own.confidence < floor.limit.confidence
    beyond = own is None or own.side is not side or compare_bound(value, own.value, side).may_loosen
    if not (surer or beyond):
        return None
    limit = "no limit" if own is None else str(own)
    least = str(Limit(side=side, value=value))
    if own is not None and surer:
        limit, least = (
            f"{text_} at a confidence of {level}"
            for text_, level in ((limit, own.confidence), (least, floor.limit.confidence))
        )
    return Broken(control=spec.id, clause=floor.clause, floor=floor, limit=limit, least=least)


def _limit(spec: ControlSpec) -> Limit | None:
    try:
        return spec.limit_value()
    except ValueError:  # told where the control is read
        return None
