"""The plan: policies bound to the installed checks. Every authoring mistake is told here, before any data is read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pydantic import ValidationError

from hcgov.core.check import Check, Judged, Params, Request
from hcgov.core.control import ControlSpec, EnforcementByProfile
from hcgov.core.evidence.metrics import EstimatesOf
from hcgov.core.limit import Limit
from hcgov.core.mistake import Mistake, Position, did_you_mean
from hcgov.core.policy import Pack
from hcgov.core.stage import Stage
from hcgov.core.status import Enforcement, RiskProfile
from hcgov.core.text import Text, text
from hcgov.core.validation import mistakes_from


@dataclass(frozen=True, kw_only=True)
class Registry:
    """What is installed: stages, checks by id, and stage packs that could not be imported with the reason."""

    stages: Mapping[str, Stage]
    checks: Mapping[str, Check[Params]]
    broken: Mapping[str, Text]


@dataclass(frozen=True, kw_only=True)
class Planned:
    """A control that will run.

    Parameters
    ----------
    spec, pack
        The control as written, and where.
    check, params
        ``None`` where the check's pack could not be imported or the check crashed; then ``broken`` says why.
    requests
        What the check wants to know, by argument name.
    supporting
        It runs because a selected control reads its estimates, and is not judged itself.
    """

    spec: ControlSpec
    pack: Pack
    index: int
    enforcement: Enforcement
    limit: Limit | None = None
    check: Check[Params] | None = None
    params: Params | None = None
    requests: Mapping[str, Request]
    broken: Text | None = None
    supporting: bool = False

    def where(self, *path: str | int) -> Position | None:
        """Return the place of a part of the control."""
        return self.pack.where("controls", self.index, *path)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The controls to run, in the order of stages and packs, and the stages they stand in.

    ``left_out`` are the ids of controls of these stages that were not selected by name.
    """

    controls: tuple[Planned, ...]
    stages: tuple[Stage, ...]
    not_run: tuple[Stage, ...]
    left_out: tuple[str, ...] = ()

    @property
    def selected(self) -> tuple[Planned, ...]:
        """The controls that are judged."""
        return tuple(control for control in self.controls if not control.supporting)


def plan(
    packs: Sequence[Pack],
    registry: Registry,
    profile: RiskProfile,
    *,
    stages: Sequence[str] = (),
    select: Sequence[str] = (),
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
    """
    made, mistakes = plan_known(packs, registry, profile, stages=stages, select=select)
    return mistakes or made


def plan_known(
    packs: Sequence[Pack],
    registry: Registry,
    profile: RiskProfile,
    *,
    stages: Sequence[str] = (),
    select: Sequence[str] = (),
) -> tuple[Plan, tuple[Mistake, ...]]:
    """Plan what can be bound, and return all mistakes beside it; parameters as for :func:`plan`.

    With any mistake the plan is good for finding further ones, and for nothing else.
    """
    mistakes: list[Mistake] = [
        _unknown_stage(name, registry) for name in stages if name not in registry.stages
    ]
    seen: dict[str, Planned] = {}
    for pack in packs:
        for index, spec in enumerate(pack.spec.controls):
            planned, told = _bind(spec, index, pack, registry, profile)
            mistakes += told
            if spec.id in seen:
                first = seen[spec.id].where("id") or "another pack"
                mistakes.append(
                    Mistake(
                        code="HCG-P002",
                        message=f"two controls have the id `{spec.id}`",
                        where=pack.where("controls", index, "id"),
                        help=f"the other one is at {first}",
                    )
                )
            seen.setdefault(spec.id, planned)
    known = tuple(control for control in seen.values() if control.spec.stage in registry.stages)
    return _select(known, _ordered(registry.stages), stages, tuple(select)), tuple(mistakes)


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
    ids = {c.spec.stage for c in selected} if select and selected else {s.id for s in order}
    chosen = tuple(s for s in order if s.id in ids and (not stages or s.id in stages))
    wanted = {r.stage for c in selected for r in c.requests.values() if isinstance(r, EstimatesOf)}
    supporting = [
        replace(c, supporting=True)
        for c in controls
        if c not in selected and ("" in wanted or c.spec.stage in wanted) and _measures(c)
    ]
    place = {stage.id: number for number, stage in enumerate(order)}
    return Plan(
        controls=tuple(sorted((*selected, *supporting), key=lambda c: place.get(c.spec.stage, len(order)))),
        stages=chosen,
        not_run=tuple(stage for stage in order if stage not in chosen),
        left_out=tuple(c.spec.id for c in in_stages if c not in selected),
    )


def _measures(control: Planned) -> bool:
    return control.check is not None and control.check.judged is not Judged.BY_STATEMENT


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
    limit, told_limit = _limit(spec, bare, check)
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


def _limit(spec: ControlSpec, control: Planned, check: Check[Params]) -> tuple[Limit | None, list[Mistake]]:
    try:
        limit = spec.limit_value()
    except ValueError as error:
        place = control.where("narrow" if "narrow" in str(error) else "limit")
        return None, [Mistake(code="HCG-P005", message=f"{spec.id}: {error}", where=place)]
    if check.judged is Judged.BY_LIMIT and limit is None:
        told = Mistake(
            code="HCG-P006",
            message=f"{spec.id}: `{check.id}` needs a `limit`",
            where=control.where("check"),
            help='add for example `limit: {at_most: "0.10"}`',
        )
        return None, [told]
    if check.judged is not Judged.BY_LIMIT and limit is not None:
        why = "only shows values" if check.judged is Judged.SHOWN else "is not judged by a number"
        told = Mistake(
            code="HCG-P007",
            message=f"{spec.id}: `{check.id}` {why}, so a limit would never be used",
            where=control.where("limit"),
            help="remove `limit`",
        )
        return None, [told]
    return limit, []


def _unknown_stage(name: str, registry: Registry, where: Position | None = None) -> Mistake:
    return Mistake(
        code="HCG-P001",
        message=f"unknown stage `{name}`",
        where=where,
        help=did_you_mean(name, registry.stages),
    )
