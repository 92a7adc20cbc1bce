"""Policies by themselves: validate, resolve, lock. No project is checked here."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from hcgov.core.check import Check, Params
from hcgov.core.evidence.source import Tree
from hcgov.core.frozen import frozen
from hcgov.core.mistake import AuthoringError, Mistake
from hcgov.core.policy import Pack
from hcgov.core.relation import Relation
from hcgov.core.status import RiskProfile
from hcgov.io.files import write_atomically
from hcgov.io.manifest import FILE as MANIFEST
from hcgov.io.manifest import read_manifest
from hcgov.io.plugins import load_registry
from hcgov.io.policies import load_packs, packs_named
from hcgov.io.policies.lock import FILE as LOCK
from hcgov.io.policies.lock import written_lock
from hcgov.io.policies.writing import written
from hcgov.judgement.loosening import changes_of, loosening_mistakes
from hcgov.judgement.plan import Registry, plan_known


@frozen
class Sound:
    """Packs without a mistake, and what is installed for them."""

    packs: tuple[Pack, ...]
    registry: Registry


def read_policies(targets: Sequence[str], folder: Path) -> Sound:
    """Read, resolve and bind packs.

    Parameters
    ----------
    targets
        Names, files or folders of packs, or folders of projects; with none, the project in ``folder``, else a pack
        that stands there.

    Raises
    ------
    AuthoringError
        With every mistake of all of them together.
    """
    packs: list[Pack] = []
    told: list[Mistake] = []
    for target in targets or (".",):
        found, mistakes = _packs_of(target, folder)
        packs += found
        told += mistakes
    return Sound(packs=tuple(packs), registry=_bound(packs, told))


def _packs_of(target: str, folder: Path) -> tuple[list[Pack], list[Mistake]]:
    path = folder / target
    if (path / MANIFEST).is_file():
        manifest, told = read_manifest(path)
        if manifest is None:
            return [], told
        packs, mistakes = load_packs(manifest)
        return packs, [*told, *mistakes]
    return packs_named([target], folder)


def _bound(packs: Sequence[Pack], told: list[Mistake]) -> Registry:
    controls = [control for pack in packs for control in pack.spec.controls]
    floors = [floor.check for pack in packs for floor in pack.floors]
    registry = load_registry([*(c.check for c in controls), *floors], [c.stage for c in controls])
    _, unbound = plan_known(packs, registry, RiskProfile.HIGH)
    told += unbound
    told += (one for pack in packs for one in loosening_mistakes(pack, registry.checks))
    if told:
        raise AuthoringError(told)
    return registry


def resolved_text(sound: Sound, *, origins: bool) -> str:
    """Return every resolved control as YAML.

    Parameters
    ----------
    origins
        Say beside each value where it was written, and by which pack with which reason it was changed.
    """
    return "".join(
        control_text(sound, pack, index, origins=origins)
        for pack in sound.packs
        for index in range(len(pack.spec.controls))
    )


def control_text(sound: Sound, pack: Pack, index: int, *, origins: bool) -> str:
    """Return one resolved control as YAML; parameters as for :func:`resolved_text`."""
    tree: Tree = pack.spec.controls[index].model_dump(mode="json", by_alias=True, exclude_unset=True)
    notes = _origins(pack, index, tree, sound.registry.checks) if origins else {}
    return _with_state(pack, index) + written([tree], notes)


def _with_state(pack: Pack, index: int) -> str:
    history = pack.history[index]
    lines = [f"# of {history.pack}"]
    if history.disabled is not None:
        entry = history.disabled
        who = f"{history.disabled_by} at {history.disabled_at}"
        lines.append(f"# disabled by {who}: {entry.reason} (approved by {entry.approved_by})")
    return "".join(f"{line}\n" for line in lines)


def _origins(
    pack: Pack, index: int, tree: Tree, checks: Mapping[str, Check[Params]]
) -> dict[tuple[str | int, ...], str]:
    history = pack.history[index]
    notes = {(0, *path): str(history.value(*path)) for path in _leaves(tree)}
    for step in history.steps:
        effects = {change.path: change.relation for change in changes_of(step, checks)}
        for path in step.paths:
            relation = effects.get(path) or next(
                (e for at, e in effects.items() if at[: len(path)] == path), Relation.NEUTRAL
            )
            leave = (
                ""
                if step.loosen is None
                else f", leave given by {step.loosen.approved_by}: {step.loosen.reason}"
            )
            note = f"{step.where} {step.pack}: {step.reason} ({relation.value}{leave})"
            for leaf in _leaves(tree):
                if leaf[: len(path)] == path:
                    notes[0, *leaf] = note
    return notes


def _leaves(tree: Tree, at: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    if isinstance(tree, dict):
        return [leaf for key, value in tree.items() for leaf in _leaves(value, (*at, key))]
    return [at]


def write_lock(folder: Path) -> Path:
    """Write the lock of a project's packs beside its manifest.

    Raises
    ------
    AuthoringError
        The packs hold mistakes; the old lock stays as it is.
    """
    sound = read_policies([str(folder)], Path())
    path = folder / LOCK
    write_atomically(path, written_lock(sound.packs).encode())
    return path
