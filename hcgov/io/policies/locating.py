"""Where a pack stands: shipped with hcgov, installed by another package, or a file or folder of the project."""

import re
from collections.abc import Iterable
from pathlib import Path

from hcgov.core.frozen import frozen
from hcgov.core.mistake import AuthoringError, Mistake, Position, did_you_mean
from hcgov.io.data import data_path

GROUP = "hcgov.policies"
"""Entry points of packages that carry packs: the pack's name -> ``package`` or ``package:folder/in/it``."""

HEAD = "pack.yaml"
"""The file of a pack in a folder that says who it is."""

_MAJOR = re.compile(r"(?P<name>[^@]+)@(?P<major>[0-9]+)\Z")


@frozen
class Place:
    """A pack's place.

    Parameters
    ----------
    name
        As it is spoken of: a shipped or installed name, or a path from the project.
    path
        The file, or the folder of a pack in several.
    shown
        The path as shown to people.
    inside
        Folder that its own ``extends`` may not lead out of.
    own
        Whether it belongs to the project, and to nobody else.
    major
        Major version that was asked for, if any.
    """

    name: str
    path: Path
    shown: str
    inside: Path
    own: bool
    major: int | None = None


def shipped() -> dict[str, Path]:
    """Return the packs that come with hcgov, by name."""
    return {path.stem: path for path in sorted(data_path("policies").glob("*.yaml"))}


def installed() -> dict[str, Path]:
    """Return the packs of other installed packages, by name; nothing of those packages is run."""
    return {name: path for name, (path, _) in _installed().items()}


def _installed() -> dict[str, tuple[Path, Path]]:
    """Return the path of each installed pack, with the folder of the package that it may not lead out of."""
    from importlib.metadata import entry_points

    found = {}
    for entry in entry_points(group=GROUP):
        package, _, inner = entry.value.partition(":")
        where = _folder_of(package.strip())
        if where is not None:
            found[entry.name] = (where / inner.strip() if inner else where, where)
    return found


def _folder_of(package: str) -> Path | None:
    """Return the folder of a package without importing it; a package inside another is found below its folder."""
    from importlib.util import find_spec

    top, *below = package.split(".")
    try:
        spec = find_spec(top)
    except (ImportError, ValueError):
        return None
    folders = list(spec.submodule_search_locations or ()) if spec is not None else []
    return Path(folders[0]).joinpath(*below) if folders else None


def locate(name: str, base: Place, where: Position | None) -> Place:
    """Return the place of a pack that a manifest or another pack names.

    Parameters
    ----------
    base
        The file or folder that names it: paths are read from there, and may not lead outside ``base.inside``.

    Raises
    ------
    AuthoringError
        There is no such pack, or the path leads outside.
    """
    bare, major = name, None
    if (versioned := _MAJOR.match(name)) is not None:
        bare, major = versioned["name"], int(versioned["major"])
    known = shipped()
    if bare in known:
        shown = f"hcgov:{known[bare].name}"
        path = known[bare]
        return Place(name=bare, path=path, shown=shown, inside=path.parent, own=False, major=major)
    folder = base.path if base.path.is_dir() else base.path.parent
    if bare.endswith((".yaml", ".yml")) or "/" in bare or (folder / bare).is_dir():
        return _own(bare, major, folder, base, where)
    others = _installed()
    if bare in others:
        path, package = others[bare]
        if not leads_inside(path, package):
            raise _refused(
                "HCG-C012", f"policy `{bare}` is outside the package that names it", where, "mend the package"
            )
        inside = path if path.is_dir() else path.parent
        return Place(name=bare, path=path, shown=f"{bare}:{path.name}", inside=inside, own=False, major=major)
    raise _refused(
        "HCG-C013",
        f"there is no policy pack `{bare}`",
        where,
        did_you_mean(bare, [*known, *others])
        + "; an own pack is named by the path of its file, ending in .yaml, or of its folder",
    )


def _own(bare: str, major: int | None, folder: Path, base: Place, where: Position | None) -> Place:
    if not leads_inside(folder / bare, base.inside):
        whose = "the project" if base.own else "the package"
        raise _refused("HCG-C012", f"policy `{bare}` is outside {whose}", where, "copy it into the project")
    path = (folder / bare).resolve()
    shown = path.relative_to(base.inside.resolve()).as_posix()
    prefix = "" if base.own else f"{base.shown.partition(':')[0]}:"
    name = f"{prefix}{shown}"
    return Place(name=name, path=path, shown=name, inside=base.inside, own=base.own, major=major)


def leads_inside(path: Path, folder: Path) -> bool:
    """Whether a path stays within a folder, links followed; one that leads nowhere, such as a loop, does not."""
    try:
        return path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError, ValueError):
        return False


def _refused(code: str, message: str, where: Position | None, help_: str) -> AuthoringError:
    return AuthoringError([Mistake(code=code, message=message, where=where, help=help_)])


def stands_in_folder(path: Path) -> bool:
    """Whether a path is the folder of a pack in several files; a folder that is named like a file is none."""
    return path.is_dir() and path.suffix not in (".yaml", ".yml")


def parts_of(folder: Path) -> Iterable[Path]:
    """Return the further files of a pack in a folder, in the order of their names."""
    return sorted(path for path in folder.glob("*.yaml") if path.name != HEAD)
