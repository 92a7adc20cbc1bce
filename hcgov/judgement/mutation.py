"""Mutants of a control: what a slip of the pen, or a quiet loosening, would have made of it.

Each differs in one thing from its control. Cases that are any good tell them apart; one that no case tells apart shows
what the cases leave open.
"""

from collections.abc import Iterator, Mapping

from pydantic import ValidationError

from hcgov.core.check import Check, Judged, Params
from hcgov.core.control import ControlSpec, EnforcementByProfile
from hcgov.core.evidence.source import Tree
from hcgov.core.frozen import frozen
from hcgov.core.policy import History, Pack, Path, Step
from hcgov.core.relation import Relation
from hcgov.core.status import Enforcement, RiskProfile, Severity
from hcgov.core.strictness import compare
from hcgov.judgement.condition_mutation import condition_mutants
from hcgov.judgement.limits import limit_of
from hcgov.judgement.mutation_edits import Edit, Flip, days_around, named, value_at, with_edits, written
from hcgov.judgement.parameter_mutation import limit_flips, number_flips, parameter_flips


@frozen
class Mutant:
    """A control with one thing changed.

    Parameters
    ----------
    edits
        Paths with their new values; ``None`` takes the key away.
    at
        Where the thing stands in the control.
    change
        What differs, such as ``limit.at_most: 0.10 -> 0.11``.
    hint
        What case would tell it from its control.
    dropped
        The control is not there.
    """

    control: str
    edits: tuple[Edit, ...] = ()
    at: Path = ()
    change: str
    hint: str
    dropped: bool = False

    def of(self, spec: ControlSpec) -> ControlSpec | None:
        """Return the mutant of a control; ``None`` where it makes no sense there."""
        try:
            return ControlSpec.model_validate(with_edits(written(spec), self.edits))
        except ValidationError:
            return None

    def fits(self, original: ControlSpec, other: ControlSpec) -> bool:
        """Whether what is changed of a control is written alike in another form of it, as parameters make one."""
        one, two = written(original), written(other)
        return all(value_at(one, path) == value_at(two, path) for path, _ in self.edits)


def mutants(pack: Pack, index: int, checks: Mapping[str, Check[Params]]) -> tuple[Mutant, ...]:
    """Return the mutants of one control of a resolved pack, each of them valid and none twice.

    What only tells of a control, and what makes it the one it is, is left alone: no case could tell a title.
    """
    spec, history = pack.spec.controls[index], pack.history[index]
    check = checks.get(spec.check.partition("@")[0])
    made = [
        Mutant(
            control=spec.id,
            change="the control is dropped",
            hint="any case of the control",
            dropped=True,
        )
    ]
    if history.disabled is not None:
        hint = "a case that expects `not_evaluated`"
        made.append(Mutant(control=spec.id, change="the control is not disabled", hint=hint))
        return tuple(made)
    seen = [written(spec)]
    for flip in _flips(spec, history, pack.spec.metadata.id, check):
        edits = flip.edits
        mutant = Mutant(control=spec.id, edits=edits, at=flip.at, change=flip.change, hint=flip.hint)
        changed = mutant.of(spec)
        if changed is None or written(changed) in seen or not _differs(spec, changed, check):
            continue
        seen.append(written(changed))
        made.append(mutant)
    return tuple(made)


def _differs(spec: ControlSpec, changed: ControlSpec, check: Check[Params] | None) -> bool:
    """Whether a change could be written, and changes anything that judges."""
    if check is None:
        return True
    try:
        params = check.params.model_validate(changed.with_)
    except ValidationError:
        return False
    if limit_of(changed, check, params, lambda *_: None)[1]:
        return False
    changes = compare(spec, changed, params=check.params, major=check.major)
    return any(one.relation is not Relation.NEUTRAL for one in changes)


def _flips(spec: ControlSpec, history: History, pack: str, check: Check[Params] | None) -> Iterator[Flip]:
    tree = written(spec)
    yield from _reverted(tree, history, pack)
    yield from limit_flips(tree)
    if check is not None:
        yield from number_flips(spec, check)
        yield from parameter_flips(tree, check.params)
        if check.judged is Judged.BY_LIMIT:
            yield from _small_slices(spec)
    yield from _enforcement(tree)
    yield from _severity(spec, tree)
    yield from _conditions(tree)
    yield from _effective(spec)
    yield from _evidence(tree)
    if spec.safety == "strict":
        yield Flip.to(tree, ("safety",), "standard", "a case that only the stricter confidence leaves open")


def _reverted(tree: dict[str, Tree], history: History, pack: str) -> Iterator[Flip]:
    """Take back what this pack changed in an inherited control, one path at a time."""
    for step in (step for step in history.steps if step.pack == pack):
        for path in step.paths:
            yield Flip.to(tree, path, value_at(step.before, path), _REVERTED, f"{named(path)}: as inherited")


_REVERTED = "a case on which the inherited control and the changed one disagree"


def _small_slices(spec: ControlSpec) -> Iterator[Flip]:
    hint = "a case in which a declared slice is too small to judge, and all others keep the limit"
    other: Tree = "judge" if spec.small_slices == "list" else "list"
    edits: list[Edit] = [(("small_slices",), other)]
    if other == "list":
        edits.append((("small_slices_reason",), "mutated"))
    change = f"small_slices: {spec.small_slices} -> {other}"
    yield Flip(edits=tuple(edits), at=("small_slices",), change=change, hint=hint)


def _enforcement(tree: dict[str, Tree]) -> Iterator[Flip]:
    firmness = [str(one) for one in Enforcement]
    found = tree.get("enforcement")
    given: dict[Path, Tree] = {("enforcement",): found}
    if isinstance(found, dict):
        given = {("enforcement", name): value for name, value in found.items()}
        if all(str(profile) in found for profile in RiskProfile):
            given.pop(("enforcement", "else"), None)
    for path, value in given.items():
        rank = firmness.index(str(value))
        if rank:
            to_advice = "a failing case with `disposition: blocked` at this risk profile"
            waived = "a failing case that a waiver accepts, with `disposition: blocked` at this risk profile"
            yield Flip.to(tree, path, firmness[rank - 1], to_advice if rank == 1 else waived)


def _severity(spec: ControlSpec, tree: dict[str, Tree]) -> Iterator[Flip]:
    """Lower the severity, by which the term of a waiver is bounded, where there can be any waiver."""
    order, given = tuple(Severity), spec.enforcement
    found: set[object] = {given}
    if isinstance(given, EnforcementByProfile):
        found = {given.at(profile) for profile in RiskProfile}
    rank = order.index(spec.severity)
    if rank and Enforcement.OVERRIDABLE in found:
        hint = "a failing case whose `waiver` is accepted for the `longest` term, with `disposition: waived`"
        yield Flip.to(tree, ("severity",), str(order[rank - 1]), hint)


def _conditions(tree: dict[str, Tree]) -> Iterator[Flip]:
    found = tree.get("applies_when")
    if found is None:
        return
    yield Flip.to(
        tree, ("applies_when",), None, "a case that expects `not_applicable`", "applies_when: dropped"
    )
    for at, changed, words, hint in condition_mutants(found):
        path = ("applies_when", *at)
        yield Flip(
            edits=((("applies_when",), changed),), at=path, change=f"{named(path)}: {words}", hint=hint
        )


def _effective(spec: ControlSpec) -> Iterator[Flip]:
    if spec.effective_from is None:
        return
    tree, path = written(spec), ("effective_from",)
    yield Flip.to(tree, path, None, "a failing case on an earlier day, with `disposition: warned`")
    before, after = days_around(spec.effective_from)
    yield Flip.to(tree, path, before, "a failing case on the day before, with `disposition: warned`")
    yield Flip.to(tree, path, after, "a failing case on that very day, with its disposition")


def _evidence(tree: dict[str, Tree]) -> Iterator[Flip]:
    demands = tree.get("evidence")
    if not isinstance(demands, list):
        return
    for number, demand in enumerate(demands):
        rest: Tree = [*demands[:number], *demands[number + 1 :]]
        change = f"evidence: without entry {number + 1}"
        yield Flip.to(tree, ("evidence",), rest, "a case whose evidence is not signed so", change)
        if not isinstance(demand, dict):
            continue
        roles, oldest = demand.get("signed_by"), demand.get("max_age")
        if isinstance(roles, list):
            for role in roles:
                fewer: Tree = [one for one in roles if one != role]
                yield _demanded(demands, number, "signed_by", fewer, f"without {role}")
        if isinstance(oldest, str):
            days = int(oldest[1:-1])
            yield _demanded(demands, number, "max_age", None, "dropped")
            for moved in (days - 1, days + 1):
                yield _demanded(demands, number, "max_age", f"P{moved}D", f"{oldest} -> P{moved}D")


def _demanded(demands: list[Tree], number: int, key: str, value: Tree, words: str) -> Flip:
    changed: Tree = [
        with_edits(one, (((key,), value),)) if place == number and isinstance(one, dict) else one
        for place, one in enumerate(demands)
    ]
    path: Path = ("evidence", number, key)
    hint = f"a case that this part of `{key}` decides"
    return Flip(edits=((("evidence",), changed),), at=path, change=f"{named(path)}: {words}", hint=hint)


def own_controls(pack: Pack) -> tuple[int, ...]:
    """Return the controls that a pack wrote, changed or disabled, by number; others are tested where they come from."""
    own = pack.spec.metadata.id

    def touched(history: History) -> bool:
        steps: tuple[Step, ...] = history.steps
        return own in (history.pack, history.disabled_by, *(step.pack for step in steps))

    return tuple(index for index, history in enumerate(pack.history) if touched(history))
