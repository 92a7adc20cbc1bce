"""Load a project with its policies and bind them: every authoring mistake together, nothing evaluated."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from hcgov.app.engines import usage_mistakes
from hcgov.app.names import name_mistakes
from hcgov.core.mistake import AuthoringError, Mistake, did_you_mean
from hcgov.core.policy import Pack
from hcgov.core.status import RiskProfile
from hcgov.io.manifest import FILE, Manifest, read_manifest
from hcgov.io.plugins import load_registry
from hcgov.io.policies import load_packs, load_packs_named
from hcgov.judgement.plan import Plan, Registry, plan_known

NOT_WRITTEN = ("HCG-C005", "HCG-P005", "HCG-P006")
"""Mistakes of leaving something out of a control: a misspelt key of the pack would explain them."""


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """A project that can be checked: manifest, packs, what is installed, and the plan."""

    manifest: Manifest
    packs: tuple[Pack, ...]
    registry: Registry
    plan: Plan


def load_project(
    root: Path,
    *,
    stages: Sequence[str] = (),
    select: Sequence[str] = (),
    policies: tuple[str, ...] = (),
    file: str = FILE,
    allowed_roots: tuple[Path, ...] = (),
    frames: Mapping[str, object] | None = None,
    memory: str = "",
    fresh: bool = False,
) -> Loaded:
    """Load a project and plan it.

    Parameters
    ----------
    stages
        Stages to judge; empty means all.
    select
        Ids of the controls to judge, or beginnings of them; empty means all.
    policies
        Further packs, by name or path.
    allowed_roots
        Folders outside the project that artifacts may be in.
    frames
        Tables in memory, by the artifact that each is read in place of.
    memory
        Most memory of the embedded table engine, such as ``2GB``.
    fresh
        Whether nothing is taken from the counts of earlier checks.

    Raises
    ------
    AuthoringError
        With all mistakes of manifest and policies together.
    """
    manifest, told = read_manifest(root, file, allowed_roots)
    told += usage_mistakes(manifest, frames or {}, memory)
    if manifest is not None:
        manifest = replace(manifest, frames=frames or {}, memory=memory, fresh=fresh)
    if manifest is None:
        packs, found = load_packs_named(root, file, policies)
        # Which profile the broken manifest means is not known; mistakes do not depend on it.
        profile = RiskProfile.HIGH
    else:
        packs, found = load_packs(manifest, policies)
        profile = manifest.project.system.risk_profile
    registry = _registry(packs, stages)
    planned, unbound = plan_known(packs, registry, profile, stages=stages, select=select)
    if found:
        unbound = tuple(one for one in unbound if one.code not in NOT_WRITTEN)
    unbound = (*unbound, *_misspelt(select, packs))
    unnamed = name_mistakes(planned, manifest, whole=not told) if manifest is not None else []
    if told or found or unbound or unnamed or manifest is None:
        raise AuthoringError([*told, *found, *unbound, *unnamed])
    return Loaded(manifest=manifest, packs=tuple(packs), registry=registry, plan=planned)


def _misspelt(select: Sequence[str], packs: Sequence[Pack]) -> list[Mistake]:
    """Tell what was selected beside others and is no control: the rest must not pass in its stead.

    A selection without any control stays what it is, a check of nothing, which is incomplete.
    """
    ids = [control.id for pack in packs for control in pack.spec.controls]
    lost = [name for name in select if not any(id_.startswith(name) for id_ in ids)]
    if len(lost) == len(select):
        return []
    return [
        Mistake(
            code="HCG-U001",
            message=f"`--select {name}` names no control of these policies",
            help=did_you_mean(name, ids),
        )
        for name in lost
    ]


def _registry(packs: Sequence[Pack], stages: Sequence[str]) -> Registry:
    """Import what these packs use, and no more."""
    controls = [control for pack in packs for control in pack.spec.controls]
    return load_registry([c.check for c in controls], [*stages, *(c.stage for c in controls)])
