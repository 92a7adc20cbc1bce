"""Load a project with its policies and bind them: every authoring mistake together, nothing evaluated."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hcgov.app.names import name_mistakes
from hcgov.core.mistake import AuthoringError, Mistake
from hcgov.core.policy import Pack
from hcgov.core.status import RiskProfile
from hcgov.io.manifest import FILE, Manifest, load_manifest
from hcgov.io.plugins import load_registry
from hcgov.io.policies import load_packs, load_packs_named
from hcgov.judgement.plan import Plan, Registry, plan


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

    Raises
    ------
    AuthoringError
        With all mistakes of manifest and policies together.
    """
    try:
        manifest = load_manifest(root, file, allowed_roots)
    except AuthoringError as error:
        raise AuthoringError([*error.mistakes, *_policy_mistakes(root, file)]) from None
    packs, told = load_packs(manifest, policies)
    registry = _registry(packs, stages)
    planned = plan(packs, registry, manifest.project.system.risk_profile, stages=stages, select=select)
    if isinstance(planned, Plan):
        told += name_mistakes(planned, manifest)
    else:
        told += planned
    if told or not isinstance(planned, Plan):
        raise AuthoringError(told)
    return Loaded(manifest=manifest, packs=tuple(packs), registry=registry, plan=planned)


def _policy_mistakes(root: Path, file: str) -> list[Mistake]:
    """Return the mistakes of the policies that a broken manifest still names readably."""
    packs, told = load_packs_named(root, file)
    if not packs:
        return told
    registry = _registry(packs, ())
    # Which profile the broken manifest means is not known; mistakes do not depend on it.
    planned = plan(packs, registry, RiskProfile.HIGH)
    return told if isinstance(planned, Plan) else [*told, *planned]


def _registry(packs: Sequence[Pack], stages: Sequence[str]) -> Registry:
    """Import what these packs use, and no more."""
    controls = [control for pack in packs for control in pack.spec.controls]
    return load_registry([c.check for c in controls], [*stages, *(c.stage for c in controls)])
