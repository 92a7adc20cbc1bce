"""Load a project with its policies and bind them: every authoring mistake together, nothing evaluated."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from hcgov.app.engines import usage_mistakes
from hcgov.app.names import name_mistakes
from hcgov.app.signatures import trust_mistakes
from hcgov.core.frozen import frozen
from hcgov.core.mistake import AuthoringError, Mistake, did_you_mean
from hcgov.core.policy import Pack
from hcgov.core.status import RiskProfile
from hcgov.io.manifest import FILE, Manifest, read_manifest
from hcgov.io.plugins import load_registry
from hcgov.io.policies import load_packs, load_packs_named
from hcgov.io.policies.lock import lock_mistakes, read_lock
from hcgov.judgement.loosening import loosening_mistakes
from hcgov.judgement.plan import Plan, Registry, plan_known
from hcgov.judgement.situations import facts_of

NOT_WRITTEN = ("HCG-C005", "HCG-P005", "HCG-P006")
"""Mistakes of leaving something out of a control: a misspelt key of the pack would explain them."""


@frozen
class Loaded:
    """A project that can be checked: manifest, packs, what is installed, the plan, and the controls that are locked."""

    manifest: Manifest
    packs: tuple[Pack, ...]
    registry: Registry
    plan: Plan
    locked: frozenset[str] = frozenset()


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
    day: str = "",
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
    day
        ISO date in UTC, for controls that take effect on a day; empty: all are in effect.

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
    locked, wrong = _locked(root, packs[: len(packs) - len(policies)], sound=not found)
    found += wrong
    registry = _registry(packs, stages)
    facts = {} if manifest is None else facts_of(manifest.project.system)
    planned, unbound = plan_known(
        packs, registry, profile, stages=stages, select=select, facts=facts, day=day
    )
    unbound = (*unbound, *(one for pack in packs for one in loosening_mistakes(pack, registry.checks)))
    if found:
        unbound = tuple(one for one in unbound if one.code not in NOT_WRITTEN)
    unbound = (*unbound, *_misspelt(select, packs))
    unnamed = name_mistakes(planned, manifest, whole=not told) if manifest is not None else []
    if manifest is not None and not told:
        unnamed += trust_mistakes(planned, manifest)
    if told or found or unbound or unnamed or manifest is None:
        raise AuthoringError([*told, *found, *unbound, *unnamed])
    return Loaded(manifest=manifest, packs=tuple(packs), registry=registry, plan=planned, locked=locked)


def _locked(root: Path, packs: Sequence[Pack], *, sound: bool) -> tuple[frozenset[str], list[Mistake]]:
    """Return the controls that a lock pins, and where the packs in use are not the locked ones.

    Packs that whoever runs the check adds to those of the manifest only add controls, and are not locked.
    """
    lock, parsed, told = read_lock(root)
    if lock is None or parsed is None or not sound:
        return frozenset(), told
    return frozenset(lock.controls), [*told, *lock_mistakes(lock, parsed, packs)]


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
    floors = [floor.check for pack in packs for floor in pack.floors]
    return load_registry([*(c.check for c in controls), *floors], [*stages, *(c.stage for c in controls)])
