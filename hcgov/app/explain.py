"""Explain a control, a check, a stage or an error code, and list what there is; works offline."""

import textwrap
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from hcgov.core.check import Check, Params
from hcgov.core.control import ControlSpec
from hcgov.core.direction import Stricter, declarations
from hcgov.core.frozen import frozen
from hcgov.core.limit import LimitRange
from hcgov.core.mistake import AuthoringError, Mistake, did_you_mean
from hcgov.core.policy import Pack
from hcgov.io.manifest import FILE
from hcgov.io.plugins import load_registry
from hcgov.io.policies import load_pack, load_packs_named, shipped
from hcgov.judgement.plan import Registry

WIDTH = 96


@frozen
class Rule:
    """One line of the list of rules."""

    kind: str
    id: str
    stage: str
    title: str
    pack: str = ""

    def as_json(self) -> dict[str, str]:
        """Return the rule as plain values."""
        return asdict(self)


def list_rules(stage: str = "") -> tuple[Rule, ...]:
    """List checks and shipped controls by stage.

    Raises
    ------
    AuthoringError
        There is no such stage.
    """
    registry = load_registry()
    if stage and stage not in registry.stages:
        raise AuthoringError(
            [
                Mistake(
                    code="HCG-P001",
                    message=f"unknown stage `{stage}`",
                    help=did_you_mean(stage, registry.stages),
                )
            ]
        )
    found = []
    for name in registry.stages:
        if stage in ("", name):
            found += [
                Rule(kind="check", id=f"{c.id}@{c.major}", stage=name, title=c.title)
                for c in registry.checks.values()
                if c.stage == name
            ]
            found += [
                Rule(kind="control", id=spec.id, stage=name, title=spec.title, pack=pack.spec.metadata.id)
                for pack in _packs(None)
                for spec in pack.spec.controls
                if spec.stage == name
            ]
    return tuple(found)


def _packs(project: Path | None) -> list[Pack]:
    own = load_packs_named(project, FILE)[0] if project is not None else []
    names = {pack.name for pack in own}
    return [*own, *(load_pack(n, p, f"hcgov:{p.name}") for n, p in shipped().items() if n not in names)]


def explain_id(id_: str, project: Path) -> str:
    """Return what an id means, as text for a terminal.

    Raises
    ------
    AuthoringError
        Nothing has this id; the nearest is named.
    """
    from hcgov.app.codes import CODES, REASONS

    registry = load_registry()
    packs = _packs(project)
    wanted = id_.casefold()
    for pack in packs:
        for spec in pack.spec.controls:
            if spec.id.casefold() == wanted:
                return "\n".join(_control(spec, pack, registry))
    name = id_.partition("@")[0]
    if name in registry.checks:
        return "\n".join(_check(registry.checks[name]))
    if id_.upper() in CODES:
        return f"{id_.upper()}\n\n{textwrap.fill(CODES[id_.upper()], WIDTH)}"
    if id_.lower() in REASONS:
        return f"reason {id_.lower()}\n\n{textwrap.fill(REASONS[id_.lower()], WIDTH)}"
    if id_ in registry.stages:
        stage = registry.stages[id_]
        return f"stage {stage.id}: {stage.title}\n\n`hcgov rules --stage {stage.id}` lists its checks and controls."
    known = [
        *(s.id for p in packs for s in p.spec.controls),
        *registry.checks,
        *CODES,
        *REASONS,
        *registry.stages,
    ]
    raise AuthoringError(
        [Mistake(code="HCG-U001", message=f"nothing is called `{id_}`", help=did_you_mean(id_, known))]
    )


def _control(spec: ControlSpec, pack: Pack, registry: Registry) -> Iterator[str]:
    yield f"{spec.id}  {spec.title}"
    metadata = pack.spec.metadata
    yield f"control of {metadata.id}@{metadata.version}, stage {spec.stage}, severity {spec.severity}"
    yield ""
    yield from _field("why", spec.why)
    yield from _field("to mend", spec.fix)
    limit = spec.limit_value()
    if limit is not None:
        yield from _field(
            "limit",
            f"{limit}, by the one-sided {100 * float(limit.confidence):g}% bound; source: {spec.source}",
        )
        yield from _field(
            "attempts",
            "those at the same labels share the error of passing (`hcgov explain HCG-L103`)"
            if spec.attempts == "spend"
            else f"only counted: {spec.attempts_reason}",
        )
        if limit.ratio_n_eff:
            yield from _field(
                "strict", f"a ratio needs {limit.ratio_n_eff} independent observations on either side"
            )
    if isinstance(spec.enforcement, str):
        yield from _field("enforced", str(spec.enforcement))
    else:
        given = spec.enforcement.model_dump(by_alias=True, exclude_none=True)
        yield from _field("enforced", ", ".join(f"{profile}: {how}" for profile, how in given.items()))
    if spec.supports:
        yield from _field("supports", ", ".join(spec.supports))
    check = registry.checks.get(spec.check.partition("@")[0])
    if check is not None:
        yield ""
        yield from _check(check)


def _check(check: Check[Params]) -> Iterator[str]:
    yield f"check {check.id}@{check.major}: {check.title}"
    yield ""
    yield textwrap.fill(" ".join(check.about.split()), WIDTH)
    yield ""
    yield "parameters"
    for one in declarations(check.params):
        told = ["required" if one.field.is_required() else "optional"]
        if one.numeric:
            told.append(str(one.range))
        if one.direction is not None and one.direction is not Stricter.IDENTITY:
            told.append(f"stricter: {one.direction}")
        yield from _field(one.name, f"{one.field.description or ''} ({'; '.join(told)})")
    if isinstance(check.limit, LimitRange):
        yield from _field("limit", str(check.limit))
    yield "examples"
    for example in check.examples():
        yield f"  {example.title}: {example.expect}"


def _field(name: str, value: str) -> Iterator[str]:
    # Ids are not broken, so that they can be copied and searched for.
    yield textwrap.fill(
        value,
        WIDTH,
        initial_indent=f"  {name:<11} ",
        subsequent_indent=" " * 14,
        break_on_hyphens=False,
        break_long_words=False,
    )
