"""Compare two policies: packs, projects, or what is checked out with what stands at a git ref."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from hcgov.app.judgments import with_mappings
from hcgov.core.frozen import frozen
from hcgov.core.mistake import AuthoringError, Mistake
from hcgov.core.policy import Pack
from hcgov.core.project import Project
from hcgov.io.manifest import FILE as MANIFEST
from hcgov.io.manifest import MOST_BYTES, read_manifest
from hcgov.io.plugins import load_registry
from hcgov.io.policies import load_packs, packs_named
from hcgov.judgement.policy_difference import PolicyDifference, difference
from hcgov.judgement.project_difference import ProjectChange, project_changes

OF_SHIPPED = ("HCG-C015", "HCG-C016")
"""Mistakes of packs that read like shipped ones: they matter where something is judged, not where it is compared."""

MOST_FILES = 2_000
"""YAML files below a folder that are read from a commit; a project with more is not laid out for review."""


@frozen
class Compared:
    """Two policies by the names they were given, what differs, and what the projects state otherwise."""

    old: str
    new: str
    difference: PolicyDifference
    project: tuple[ProjectChange, ...] = ()

    @property
    def may_loosen(self) -> bool:
        """Whether anything asks for less, or cannot be compared."""
        return self.difference.may_loosen or any(one.change.relation.may_loosen for one in self.project)


@frozen
class _Side:
    packs: list[Pack]
    project: Project | None = None


def compare_policies(targets: Sequence[str], folder: Path, base: str = "") -> Compared:
    """Compare two policies, the older first.

    Parameters
    ----------
    targets
        Names, files or folders of packs, or folders of projects: two, or one (by default the folder) with ``base``.
    base
        Branch, tag or commit with which the one target is compared as it is checked out.

    Raises
    ------
    AuthoringError
        Not one or two were given, there is no such ref, or either policy holds mistakes: all of them together.
    """
    if base and len(targets) <= 1:
        target = targets[0] if targets else "."
        with _at_ref(folder / target, base) as there:
            old, told = _side(str(there), folder)
        told = [_at(mistake, base) for mistake in told]
        names = f"{target} at {base}", f"{target} as checked out"
    elif not base and len(targets) == 2:
        old, told = _side(targets[0], folder)
        target, names = targets[1], (targets[0], targets[1])
    else:
        raise _usage(
            "two policies are compared, or one with what it was at `--base REF`",
            "write `hcgov policy diff OLD NEW`, or `hcgov policy diff my-assistant --base origin/main`",
        )
    new, wrong = _side(target, folder)
    if told or wrong:
        raise AuthoringError([*told, *wrong])
    changes = (
        ()
        if old.project is None or new.project is None
        else project_changes(old.project, new.project, [*old.packs, *new.packs])
    )
    controls = [control for pack in (*old.packs, *new.packs) for control in pack.spec.controls]
    checks = load_registry([one.check for one in controls], [one.stage for one in controls]).checks
    return Compared(
        old=names[0],
        new=names[1],
        difference=difference(old.packs, new.packs, checks),
        project=tuple(changes),
    )


def _usage(message: str, help_: str) -> AuthoringError:
    return AuthoringError([Mistake(code="HCG-U001", message=message, help=help_)])


def _at(mistake: Mistake, ref: str) -> Mistake:
    """Return a mistake that says at which ref its file holds it."""
    where = mistake.where
    return mistake if where is None else replace(mistake, where=replace(where, file=f"{where.file} at {ref}"))


def _side(target: str, folder: Path) -> tuple[_Side, list[Mistake]]:
    side, told = _read(target, folder)
    return side, [mistake for mistake in told if mistake.code not in OF_SHIPPED]


def _read(target: str, folder: Path) -> tuple[_Side, list[Mistake]]:
    path = folder / target
    if (path / MANIFEST).is_file():
        manifest, told = read_manifest(path)
        if manifest is None:
            return _Side(packs=[]), told
        packs, mistakes = load_packs(manifest)
        return _Side(packs=packs, project=with_mappings(manifest)), [*told, *mistakes]
    packs, told = packs_named([str(path.resolve()) if path.exists() else target], folder)
    return _Side(packs=packs), told


@contextmanager
def _at_ref(target: Path, ref: str) -> Iterator[Path]:
    """Lay out the YAML files of a project or pack as they stand at a ref, and return where the target is there."""
    from hcgov.io.git import at_ref

    inside = target if (target / MANIFEST).is_file() else target.resolve().parent
    if not target.exists():
        raise _usage(
            f"`{target}` is no project and no pack in a folder here, so it has no earlier form",
            "name the folder of a project, or the file or folder of a pack",
        )
    there = at_ref(inside, ref, option="--base")
    wanted = [name for name in there.files() if name.endswith((".yaml", ".yml"))]
    if len(wanted) > MOST_FILES:
        raise _usage(
            f"below `{inside}` there are {len(wanted):,} YAML files at {ref}, and at most {MOST_FILES:,} are read",
            "put the policies into a folder of their own",
        )
    with tempfile.TemporaryDirectory(prefix="hcgov-") as made:
        root = Path(made)
        for name in wanted:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            try:
                (root / name).write_bytes(there.read(name, MOST_BYTES))
            except OSError as error:
                raise _usage(f"`{name}` at {ref}: {error.strerror or error}", "name another ref") from error
        found = root if inside == target else root / target.resolve().name
        if not found.exists() or (found == root and not (root / MANIFEST).is_file()):
            raise _usage(f"there is no `{target}` at {ref}", "name a ref at which it was there")
        yield found
