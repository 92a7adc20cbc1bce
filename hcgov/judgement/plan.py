"""The plan: policies bound to the installed checks. Every authoring mistake is told here, before any data is read."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pydantic import ValidationError

from hcgov.core.check import Check, Judged, Params
from hcgov.core.condition import Value
from hcgov.core.control import ControlSpec, EnforcementByProfile
from hcgov.core.evidence.metrics import EstimatesOf
from hcgov.core.mistake import Mistake, Position, did_you_mean
from hcgov.core.policy import Pack
from hcgov.core.stage import Stage
from hcgov.core.status import RiskProfile
from hcgov.core.text import text
from hcgov.core.validation import mistakes_from
from hcgov.judgement.limits import limit_of
from hcgov.judgement.loosening import broken_floors, floor_mistakes
from hcgov.judgement.planned import Plan, Planned, Registry
from hcgov.judgement.situations import situated

__all__ = ["Plan", "Planned", "Registry", "plan", "plan_known"]


def plan(
    packs: Sequence[Pack],
    registry: Registry,
    profile: RiskProfile,
    *,
    stages: Sequence[str] = (),
    select: Sequence[str] = (),
    facts: Mapping[str, Value] | None = None,
    day: str = "",
) -> Plan | tuple[Mistake, ...]:
    """Bind every control of every pack to its check, or return all mistakes.

    Parameters
    ----------
    packs
        In the order of the manifest.
    stages
        Ids of the stages to judge; empty means all. Mistakes are told for all controls all the same.
    select
        Ids, or beginnings of ids, of the controls to judge; empty means all. Selecting none is no mistake: the
        decision is incomplete then.
    facts
        What the project states of its system, by full name; controls may apply by them.
    day
        ISO date (UTC) for controls that take effect on a day; empty: all are in effect.
    """
    made, mistakes = plan_known(packs, registry, profile, stages=stages, select=select, facts=facts, day=day)
    return mistakes or made


def plan_known(
    packs: Sequence[Pack],
    registry: Registry,
    profile: RiskProfile,
    *,
    stages: Sequence[str] = (),
    select: Sequence[str] = (),
    facts: Mapping[str, Value] | None = None,
    day: str = "",
) -> tuple[Plan, tuple[Mistake, ...]]:
    """Plan what can be bound, and return all mistakes beside it; parameters as for :func:`plan`.

    With any mistake the plan is good for finding further ones, and for nothing else.
    """
    mistakes: list[Mistake] = [
        _unknown_stage(name, registry) for name in stages if name not in registry.stages
    ]
    seen: dict[str, Planned] = {}
    withdrawn = _withdrawn(packs)
    for pack in packs:
        mistakes += floor_mistakes(pack, registry.checks, registry.broken)
        for index, spec in enumerate(pack.spec.controls):
            planned, told = _bind(spec, index, pack, registry, profile)
            planned = replace(situated(planned, facts or {}, day), withdrawn=withdrawn.get(spec.id, ()))
            mistakes += told
            if spec.id in seen:
                first = seen[spec.id].where("id") or "another pack"
                mistakes.append(
                    Mistake(
                        code="HCG-P002",
                        message=f"two controls have the id `{spec.id}`",
                        where=pack.where("controls", index, "id"),
                        help=f"the other one is at {first}" + _to_change(pack, index, seen[spec.id]),
                    )
                )
            seen.setdefault(spec.id, planned)
    known = tuple(control for control in seen.values() if control.spec.stage in registry.stages)
    return _select(known, _ordered(registry.stages), stages, tuple(select)), tuple(mistakes)


def _withdrawn(packs: Sequence[Pack]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for broken in broken_floors(packs):
        found[broken.control] = (*found.get(broken.control, ()), broken.clause)
    return found


def _to_change(pack: Pack, index: int, first: Planned) -> str:
    inherited = pack is first.pack and pack.home(index) != pack.home(first.index)
    return "; to change an inherited control, write it under `overrides`" if inherited else ""


def _ordered(stages: Mapping[str, Stage]) -> list[Stage]:
    """Order stages so that each comes after those it follows; ties by the order of installation."""
    left, done = dict(stages), []
    while left:
        ready = [s for s in left.values() if not any(before in left for before in s.after)] or list(
            left.values()
        )
        done.append(ready[0])
        del left[ready[0].id]
    return done


def _select(
    controls: tuple[Planned, ...], order: Sequence[Stage], stages: Sequence[str], select: tuple[str, ...]
) -> Plan:
    """Choose the controls to judge, and those whose estimates they read."""
    in_stages = [c for c in controls if not stages or c.spec.stage in stages]
    selected = [c for c in in_stages if not select or c.spec.id.startswith(select)]
    judged = {c.spec.id for c in selected}
    ids = {c.spec.stage for c in selected} if select and selected else {s.id for s in order}
    chosen = tuple(s for s in order if s.id in ids and (not stages or s.id in stages))
    wanted = {r.stage for c in selected for r in c.requests.values() if isinstance(r, EstimatesOf)}
    supporting = [
        replace(c, supporting=True)
        for c in controls
        if c.spec.id not in judged and ("" in wanted or c.spec.stage in wanted) and _measures(c)
    ]
    place = {stage.id: number for number, stage in enumerate(order)}
    return Plan(
        controls=tuple(sorted((*selected, *supporting), key=lambda c: place.get(c.spec.stage, len(order)))),
        stages=chosen,
        not_run=tuple(stage for stage in order if stage not in chosen),
        left_out=tuple(c.spec.id for c in in_stages if c.spec.id not in judged),
    )


def _measures(control: Planned) -> bool:
    return (
        control.aside is None
        and control.check is not None
        and control.check.judged is not Judged.BY_STATEMENT
    )


def _bind(
    spec: ControlSpec, index: int, pack: Pack, registry: Registry, profile: RiskProfile
) -> tuple[Planned, list[Mistake]]:
    given = spec.enforcement
    enforcement = given.at(profile) if isinstance(given, EnforcementByProfile) else given
    bare = Planned(spec=spec, pack=pack, index=index, enforcement=enforcement, requests={})
    mistakes = []
    # A stage may belong to a pack that could not be imported; its controls then end as errors.
    if spec.stage not in registry.stages and not registry.broken:
        mistakes.append(_unknown_stage(spec.stage, registry, bare.where("stage")))
    name, _, major = spec.check.partition("@")
    owner = name.partition(".")[0]
    if owner in registry.broken:
        broken = text(
            "the pack `{pack}` could not be imported: {reason}", pack=owner, reason=registry.broken[owner]
        )
        return replace(bare, broken=broken), mistakes
    check = registry.checks.get(name)
    if check is None:
        help_ = did_you_mean(name, registry.checks)
        mistakes.append(
            Mistake(code="HCG-P003", message=f"unknown check `{name}`", where=bare.where("check"), help=help_)
        )
        return bare, mistakes
    if major and int(major) != check.major:
        mistakes.append(
            Mistake(
                code="HCG-P004",
                message=f"`{name}` is installed as version {check.major}, not {major}",
                where=bare.where("check"),
                help=f"write `{name}@{check.major}` after reading what changed",
            )
        )
    params, told = _params(spec, bare, check)
    limit, told_limit = limit_of(spec, check, params, bare.where)
    mistakes += told + told_limit
    if params is None:
        return bare, mistakes
    try:
        requests = check.asks(params)
    except (Exception, SystemExit) as crash:  # noqa: BLE001 - as a crash while measuring: this control's finding
        broken = text(
            "the check `{check}` crashed before it asked for anything: {kind}",
            check=check.id,
            kind=type(crash).__name__,
        )
        return replace(bare, broken=broken), mistakes
    return replace(bare, check=check, params=params, limit=limit, requests=requests), mistakes


def _params(spec: ControlSpec, control: Planned, check: Check[Params]) -> tuple[Params | None, list[Mistake]]:
    try:
        return check.params.model_validate(spec.with_), []
    except ValidationError as error:
        told = mistakes_from(
            error,
            check.params,
            key=lambda path: control.where(*path),
            value=lambda path: control.pack.value_at("controls", control.index, *path),
            prefix=("with",),
            what=f"the parameters of `{check.id}`",
        )
        return None, told


def _unknown_stage(name: str, registry: Registry, where: Position | None = None) -> Mistake:
    return Mistake(
        code="HCG-P001",
        message=f"unknown stage `{name}`",
        where=where,
        help=did_you_mean(name, registry.stages),
    )
