"""Resolve a pack: inherit, set parameters, override, disable. Pure, deterministic, in the order that is written.

Whether a change asks for less is not told here but where the checks are known (`loosening.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from pydantic import ValidationError

from hcgov.core.control import ControlSpec
from hcgov.core.evidence.source import Tree
from hcgov.core.frozen import frozen
from hcgov.core.mistake import Mistake, Position, did_you_mean
from hcgov.core.policy import (
    Disabled,
    Extend,
    Floor,
    History,
    Pack,
    PackSource,
    PackSpec,
    Path,
    Site,
    Step,
    Written,
    WrittenPack,
)
from hcgov.core.validation import mistakes_from
from hcgov.judgement.conflicts import contradicting_facts, set_twice
from hcgov.judgement.pack_parameters import given_values, own_values, substituted
from hcgov.judgement.setting import cannot_be_set, with_value
from hcgov.judgement.situations import named_conditions, with_conditions

MOST_NEAREST = 20
"""For so many unknown controls of a pack the nearest is looked for: of thousands, all of them are wrong alike."""


@frozen
class _Draft:
    """A control on its way."""

    tree: dict[str, Tree]
    history: History
    origin: PackSource


@dataclass(kw_only=True)
class _Made:
    """What a pack comes to: drafts by id in order, with the conditions that may be spoken of by name.

    ``through`` tells by which of its `extends` a control came, ``unknown`` how many that are not there were named.
    """

    drafts: dict[str, _Draft] = field(default_factory=dict)
    facts: dict[str, Tree] = field(default_factory=dict)
    sources: dict[str, PackSource] = field(default_factory=dict)
    through: dict[str, str] = field(default_factory=dict)
    floors: dict[str, Floor] = field(default_factory=dict)
    unknown: int = 0


def resolve(pack: WrittenPack) -> tuple[Pack, list[Mistake]]:
    """Resolve a pack with everything it extends.

    Returns
    -------
    The resolved pack without the controls that make no sense, and every mistake.
    """
    told: list[Mistake] = []
    made = _made(pack, {}, told)
    specs: list[ControlSpec] = []
    history: list[History] = []
    for draft in made.drafts.values():
        spec = _understood(draft, told)
        if spec is not None:
            specs.append(spec)
            history.append(draft.history)
    resolved = PackSpec.model_construct(
        **{name: getattr(pack.head, name) for name in type(pack.head).model_fields}, controls=tuple(specs)
    )
    return (
        Pack(
            spec=resolved,
            name=pack.source.name,
            file=pack.source.file,
            sha256=pack.source.sha256,
            places=pack.places,
            history=tuple(history),
            sources=tuple(made.sources.values()),
            floors=tuple(made.floors.values()),
        ),
        told,
    )


def _understood(draft: _Draft, told: list[Mistake]) -> ControlSpec | None:
    history = draft.history
    try:
        return ControlSpec.model_validate(draft.tree)
    except ValidationError as error:
        told += mistakes_from(
            error,
            ControlSpec,
            key=lambda path: history.key(*path),
            value=lambda path: history.value(*path),
            what=_named(draft.tree),
        )
        return None


def _named(tree: Mapping[str, Tree]) -> str:
    id_ = tree.get("id")
    return f"control `{id_}`" if isinstance(id_, str) else "a control"


def _made(pack: WrittenPack, given: Mapping[str, Tree], told: list[Mistake]) -> _Made:
    made = _Made()
    made.sources[pack.source.sha256] = pack.source
    made.floors |= {floor.model_dump_json(): floor for floor in pack.head.floors}
    for number, (extend, parent) in enumerate(zip(pack.head.extends, pack.parents, strict=True)):
        _inherit(made, pack, number, extend, parent, told)
    own_facts = named_conditions(pack, made.facts, told)
    made.facts |= own_facts
    values = own_values(pack.head, given)
    for written in pack.controls:
        _add(made, pack, written, values, told)
    for number in range(len(pack.head.overrides)):
        _override(made, pack, number, values, told)
    told += set_twice(pack)
    for number, disabled in enumerate(pack.head.disabled):
        _disable(made, pack, number, disabled, told)
    return made


def _inherit(
    made: _Made, pack: WrittenPack, number: int, extend: Extend, parent: WrittenPack, told: list[Mistake]
) -> None:
    at: Path = ("extends", number)
    given, wrong = given_values(extend, parent.head, pack.places, at)
    told += wrong
    there = _made(parent, given, told)
    if given:
        there = _set(there, _made(parent, {}, []), pack, extend, pack.places.key(*at, "with"))
    made.sources |= {sha: source for sha, source in there.sources.items() if sha not in made.sources}
    told += contradicting_facts(made.facts, there.facts, pack.places.value(*at, "pack"))
    made.facts |= there.facts
    made.floors |= there.floors
    for id_, draft in there.drafts.items():
        known = made.drafts.get(id_)
        if known is None:
            made.drafts[id_] = draft
            made.through[id_] = extend.pack
        elif known.origin.sha256 != draft.origin.sha256 or known.tree != draft.tree:
            told.append(
                Mistake(
                    code="HCG-R001",
                    message=f"`{id_}` comes through `{made.through[id_]}` and, in another form, "
                    f"through `{extend.pack}`",
                    where=pack.places.value(*at, "pack"),
                    help="extend one of the two, or give both packs one version of the pack that they share",
                )
            )


def _set(there: _Made, before: _Made, pack: WrittenPack, extend: Extend, where: Position | None) -> _Made:
    """Note in the history of each control what the values of parameters changed in it."""
    for id_, draft in there.drafts.items():
        old = before.drafts[id_].tree
        if old == draft.tree:
            continue
        step = Step(
            pack=pack.head.metadata.id,
            paths=tuple(_differing(old, draft.tree)),
            before=old,
            after=draft.tree,
            where=where,
            reason=f"parameters of `{extend.pack}` were set",
            loosen=extend.loosen,
        )
        history = replace(draft.history, steps=(*draft.history.steps, step))
        there.drafts[id_] = replace(draft, history=history)
    return there


def _differing(old: Tree, new: Tree, at: Path = ()) -> list[Path]:
    if isinstance(old, dict) and isinstance(new, dict):
        keys = dict.fromkeys((*old, *new))
        return [path for key in keys for path in _differing(old.get(key), new.get(key), (*at, key))]
    return [] if old == new else [at]


def _add(
    made: _Made, pack: WrittenPack, written: Written, values: Mapping[str, Tree], told: list[Mistake]
) -> None:
    tree, wrong = substituted(written.tree, values, written.site.value)
    told += wrong
    tree, wrong = with_conditions(tree, made.facts, written.site.value)
    told += wrong
    history = History(pack=pack.head.metadata.id, site=written.site)
    id_ = tree.get("id")
    if not isinstance(id_, str) or id_ in made.drafts:
        # That it has no id, or that of another, is told later; neither may hide the other control until then.
        id_ = f"\0{len(made.drafts)}"
    made.drafts[id_] = _Draft(tree=tree, history=history, origin=pack.source)


def _override(
    made: _Made, pack: WrittenPack, number: int, values: Mapping[str, Tree], told: list[Mistake]
) -> None:
    override = pack.head.overrides[number]
    site = Site(places=pack.places, at=("overrides", number))
    draft = made.drafts.get(override.control)
    if draft is None:
        told += _no_such(override.control, made, pack, site.value("control"))
        return
    if draft.history.pack == pack.head.metadata.id:
        told.append(
            Mistake(
                code="HCG-R003",
                message=f"`{override.control}` is this pack's own control, so there is nothing to override",
                where=site.value("control"),
                help="change the control itself",
            )
        )
        return
    after = dict(draft.tree)
    moved = dict(draft.history.moved)
    paths: list[Path] = []
    for dotted, value in override.set.items():
        where = Site(places=pack.places, at=("overrides", number, "set", dotted))
        path = tuple(dotted.split("."))
        wrong = cannot_be_set(path, after, where.key())
        if wrong is not None:
            told.append(wrong)
            continue
        new, mistakes = substituted({"value": _tree(value)}, values, lambda *at, w=where: w.value(*at[1:]))
        told += mistakes
        after = with_value(after, path, new["value"])
        moved[path] = where
        paths.append(path)
    after, wrong_conditions = with_conditions(after, made.facts, lambda *at: _moved(moved, draft, at))
    told += wrong_conditions
    step = Step(
        pack=pack.head.metadata.id,
        paths=tuple(paths),
        before=draft.tree,
        after=after,
        where=site.key("set"),
        reason=override.reason,
        loosen=override.loosen,
    )
    history = replace(draft.history, moved=moved, steps=(*draft.history.steps, step))
    made.drafts[override.control] = replace(draft, tree=after, history=history)


def _moved(moved: Mapping[Path, Site], draft: _Draft, at: Path) -> Position | None:
    return replace(draft.history, moved=moved).value(*at)


def _tree(value: object) -> Tree:
    """Take over a value that came out of a parsed file, and so is a tree."""
    return value  # type: ignore[return-value]  # pydantic hands on what was parsed


def _disable(made: _Made, pack: WrittenPack, number: int, disabled: Disabled, told: list[Mistake]) -> None:
    where = pack.places.value("disabled", number, "control")
    draft = made.drafts.get(disabled.control)
    if draft is None:
        told += _no_such(disabled.control, made, pack, where)
        return
    if draft.history.disabled is not None and draft.history.disabled_by == pack.head.metadata.id:
        told.append(
            Mistake(
                code="HCG-R007",
                message=f"`{disabled.control}` is disabled twice",
                where=where,
                help="keep one",
            )
        )
        return
    history = replace(draft.history, disabled=disabled, disabled_by=pack.head.metadata.id, disabled_at=where)
    made.drafts[disabled.control] = replace(draft, history=history)


def _no_such(control: str, made: _Made, pack: WrittenPack, where: Position | None) -> list[Mistake]:
    if not pack.whole:  # it may well stand in the pack that could not be read
        return []
    made.unknown += 1
    near = did_you_mean(control, made.drafts) if made.unknown <= MOST_NEAREST else ""
    help_ = near or "`hcgov policy resolve` lists those that are inherited"
    message = f"there is no control `{control}` to change"
    return [Mistake(code="HCG-R002", message=message, where=where, help=help_)]
