"""What differs between two policies, field by field, and the version step that it asks for."""

from collections.abc import Iterator, Mapping, Sequence
from enum import IntEnum, StrEnum

from hcgov.core.check import Check, Params
from hcgov.core.control import ControlSpec
from hcgov.core.frozen import frozen
from hcgov.core.policy import Pack
from hcgov.core.relation import Change, Relation, change, relation
from hcgov.core.strictness import compare
from hcgov.judgement.policy_parts import Part, parts_of

Checks = Mapping[str, Check[Params]]


class Kind(StrEnum):
    """What became of a control."""

    CHANGED = "changed"
    NEW = "new"
    REMOVED = "removed"
    RENAMED = "renamed"
    DISABLED = "disabled"
    ENABLED = "enabled"


@frozen
class ControlDifference:
    """What became of one control.

    Parameters
    ----------
    control
        Its id, the new one where it was renamed.
    changes
        Every field that differs; empty for one that was renamed and asks for the same.
    was
        The id that it had, where it was renamed.
    """

    control: str
    kind: Kind
    changes: tuple[Change, ...] = ()
    was: str = ""
    note: str = ""

    @property
    def relation(self) -> Relation:
        """What all changes together do."""
        return joined(one.relation for one in self.changes)


class Step(IntEnum):
    """Which part of a version is counted up."""

    NONE = 0
    PATCH = 1
    MINOR = 2
    MAJOR = 3


@frozen
class VersionStep:
    """The step that the changes of a pack ask of its version, and the step that was made.

    ``reasons`` are the changes that ask for it; ``back`` says that the new version is the lower one.
    """

    pack: str
    old: str
    new: str
    asked: Step
    made: Step
    reasons: tuple[str, ...] = ()
    back: bool = False

    @property
    def enough(self) -> bool:
        """Whether the version was counted up at least as far as it had to be."""
        return not self.back and self.made >= self.asked


@frozen
class PolicyDifference:
    """Everything that differs between two policies."""

    controls: tuple[ControlDifference, ...] = ()
    parts: tuple[Part, ...] = ()
    versions: tuple[VersionStep, ...] = ()
    new_packs: tuple[str, ...] = ()
    removed_packs: tuple[str, ...] = ()

    @property
    def may_loosen(self) -> bool:
        """Whether anything asks for less, or cannot be compared."""
        relations = (*(one.relation for one in self.controls), *(one.change.relation for one in self.parts))
        fields = (change.relation for one in self.controls for change in one.changes)
        return any(one.may_loosen for one in (*relations, *fields))


def joined(relations: Iterator[Relation]) -> Relation:
    """Return what several changes do together: what loosens here and tightens there cannot be compared.

    >>> joined(iter([Relation.NEUTRAL, Relation.TIGHTEN])).value
    'tighten'
    """
    found = set(relations)
    tightens = bool(found & {Relation.TIGHTEN, Relation.INCOMPARABLE})
    loosens = any(one.may_loosen for one in found)
    return relation(new_implies_old=not loosens, old_implies_new=not tightens)


def difference(old: Sequence[Pack], new: Sequence[Pack], checks: Checks) -> PolicyDifference:
    """Compare two policies.

    Parameters
    ----------
    old, new
        Resolved packs; two single ones are compared whatever their ids, several are paired by id.
    checks
        Installed checks, which declare what is stricter; parameters of others cannot be compared.
    """
    pairs, gone, added = _paired(old, new)
    return PolicyDifference(
        controls=tuple(_controls(old, new, checks)),
        parts=tuple(part for one, other in pairs for part in parts_of(one, other)),
        versions=tuple(_version(one, other, checks) for one, other in pairs),
        new_packs=tuple(pack.spec.metadata.id for pack in added),
        removed_packs=tuple(pack.spec.metadata.id for pack in gone),
    )


def _paired(
    old: Sequence[Pack], new: Sequence[Pack]
) -> tuple[list[tuple[Pack, Pack]], list[Pack], list[Pack]]:
    if len(old) == len(new) == 1:
        return [(old[0], new[0])], [], []
    before = {pack.spec.metadata.id: pack for pack in old}
    after = {pack.spec.metadata.id: pack for pack in new}
    pairs = [(before[id_], pack) for id_, pack in after.items() if id_ in before]
    gone = [pack for id_, pack in before.items() if id_ not in after]
    return pairs, gone, [pack for id_, pack in after.items() if id_ not in before]


@frozen
class _Stands:
    """A control as it stands in a policy."""

    spec: ControlSpec
    disabled: bool

    @property
    def active(self) -> ControlSpec | None:
        return None if self.disabled else self.spec


def _standing(packs: Sequence[Pack]) -> dict[str, _Stands]:
    found: dict[str, _Stands] = {}
    for pack in packs:
        for index, spec in enumerate(pack.spec.controls):
            off = index < len(pack.history) and pack.history[index].disabled is not None
            found.setdefault(spec.id, _Stands(spec=spec, disabled=off))
    return found


def _controls(old: Sequence[Pack], new: Sequence[Pack], checks: Checks) -> Iterator[ControlDifference]:
    before, after = _standing(old), _standing(new)
    gone = {id_: one for id_, one in before.items() if id_ not in after}
    for id_, one in after.items():
        if id_ in before:
            yield from _changed(before[id_], one, checks)
            continue
        was = next((name for name, other in gone.items() if _same_but_for_the_id(other, one, checks)), "")
        if was:
            del gone[was]
            note = "it asks for the same; waivers and baselines name the id that it had"
            yield ControlDifference(control=id_, kind=Kind.RENAMED, was=was, note=note)
        else:
            yield _single(Kind.NEW, None, one)
    for one in gone.values():
        yield _single(Kind.REMOVED, one, None)


def _changed(old: _Stands, new: _Stands, checks: Checks) -> Iterator[ControlDifference]:
    if old.disabled != new.disabled:
        kind = Kind.DISABLED if new.disabled else Kind.ENABLED
        yield _single(kind, old, new)
        return
    changes = _compared(old.spec, new.spec, checks)
    if changes and new.disabled:
        # What is switched off asks for nothing, whatever is written in it.
        changes = tuple(change(one.path, Relation.NEUTRAL, one.old, one.new) for one in changes)
    if changes:
        note = "disabled in both" if new.disabled else ""
        yield ControlDifference(control=new.spec.id, kind=Kind.CHANGED, changes=changes, note=note)


def _single(kind: Kind, old: _Stands | None, new: _Stands | None) -> ControlDifference:
    """Tell of a control that is there, and in force, on one side only."""
    stands = new or old
    assert stands is not None
    changes = compare(None if old is None else old.active, None if new is None else new.active, params=None)
    note = "" if changes else "it was disabled" if new is None else "it is disabled"
    return ControlDifference(control=stands.spec.id, kind=kind, changes=changes, note=note)


def _compared(old: ControlSpec, new: ControlSpec, checks: Checks) -> tuple[Change, ...]:
    check = checks.get(new.check.partition("@")[0])
    return compare(
        old,
        new,
        params=None if check is None else check.params,
        major=None if check is None else check.major,
    )


def _same_but_for_the_id(old: _Stands, new: _Stands, checks: Checks) -> bool:
    renamed = old.spec.model_copy(update={"id": new.spec.id})
    return old.disabled == new.disabled and not _compared(renamed, new.spec, checks)


def _version(old: Pack, new: Pack, checks: Checks) -> VersionStep:
    asked = [
        *((step, why) for one in _controls([old], [new], checks) for step, why in [_asked(one)]),
        *((_asked_by_part(part), part.told) for part in parts_of(old, new)),
    ]
    most = max((step for step, _ in asked), default=Step.NONE)
    if most is Step.NONE and old.sha256 != new.sha256:
        asked, most = [(Step.PATCH, "the files differ, and what is asked does not")], Step.PATCH
    before, after = (_numbers(pack.spec.metadata.version) for pack in (old, new))
    changed = [
        step for step, a, b in zip((Step.MAJOR, Step.MINOR, Step.PATCH), before, after, strict=True) if a != b
    ]
    return VersionStep(
        pack=new.spec.metadata.id,
        old=old.spec.metadata.version,
        new=new.spec.metadata.version,
        asked=most,
        made=changed[0] if changed and after > before else Step.NONE,
        reasons=tuple(dict.fromkeys(why for step, why in asked if step is most and why)),
        back=after < before,
    )


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def _asked(one: ControlDifference) -> tuple[Step, str]:
    """Return the step that a control asks for: MAJOR where it is gone, renamed or may ask for less."""
    if one.kind in (Kind.REMOVED, Kind.RENAMED):
        return Step.MAJOR, f"{one.was or one.control} {one.kind.value}"
    if any(change.relation.may_loosen for change in one.changes):
        return (
            Step.MAJOR,
            f"{one.control} {'disabled' if one.kind is Kind.DISABLED else 'loosened or not comparable'}",
        )
    if one.kind in (Kind.NEW, Kind.ENABLED) or one.relation is Relation.TIGHTEN:
        return Step.MINOR, f"{one.control} {'tightened' if one.kind is Kind.CHANGED else one.kind.value}"
    return Step.PATCH, f"wording of {one.control}"


def _asked_by_part(part: Part) -> Step:
    if part.change.relation.may_loosen:
        return Step.MAJOR
    return Step.MINOR if part.adds or part.change.relation is Relation.TIGHTEN else Step.PATCH
