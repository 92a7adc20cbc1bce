"""Policy packs: read, inherited, resolved; shipped ones by name, installed ones by name, own ones by path."""

from collections.abc import Sequence
from pathlib import Path

from hcgov.core.mistake import AuthoringError, Mistake, Position
from hcgov.core.policy import Pack, Site, WrittenPack
from hcgov.io.manifest import MOST_BYTES, Manifest, read_limited
from hcgov.io.policies.locating import Place, installed, locate, shipped
from hcgov.io.policies.reading import Reading, read_written
from hcgov.io.yaml import parse
from hcgov.judgement.resolving import resolve

__all__ = [
    "RESERVED",
    "installed",
    "load_pack",
    "load_packs",
    "load_packs_named",
    "packs_named",
    "read_pack",
    "shipped",
]

RESERVED = "HC-"
"""How the ids of shipped controls begin."""


def load_packs(manifest: Manifest, extra: tuple[str, ...] = ()) -> tuple[list[Pack], list[Mistake]]:
    """Read and resolve every pack that the manifest (or the command line) names, in order.

    Returns
    -------
    The packs that could be read, and the mistakes of those that could not.
    """
    named = [(name, manifest.where("policies", i)) for i, name in enumerate(manifest.project.policies)]
    return _load([*named, *((name, None) for name in extra)], manifest.root)


def load_packs_named(root: Path, file: str, extra: tuple[str, ...] = ()) -> tuple[list[Pack], list[Mistake]]:
    """Read the packs that a manifest names, even where the rest of the manifest is wrong."""
    try:
        data = parse(read_limited(root / file, file), file, max_bytes=MOST_BYTES).data
    except AuthoringError:
        data = None
    listed = data.get("policies") if isinstance(data, dict) else None
    named = [n for n in listed if isinstance(n, str)] if isinstance(listed, list) else []
    return _load([(name, None) for name in (*named, *extra)], root)


def packs_named(names: Sequence[str], folder: Path) -> tuple[list[Pack], list[Mistake]]:
    """Read and resolve packs by name or by path from a folder; what they extend stays beside or below them."""
    packs: list[Pack] = []
    told: list[Mistake] = []
    for name in names:
        path = Path(name)
        by_path = path.exists() or (folder / path).exists()
        base = (folder / path).parent if by_path else folder
        found, mistakes = _load([(path.name if by_path else name, None)], base.resolve())
        packs += found
        told += mistakes
    return packs, told


def _load(named: Sequence[tuple[str, Position | None]], root: Path) -> tuple[list[Pack], list[Mistake]]:
    base = Place(name="", path=root, shown="", inside=root, own=True)
    reading = Reading()
    packs: list[Pack] = []
    for name, where in named:
        try:
            place = locate(name, base, where)
        except AuthoringError as error:
            reading.told += error.mistakes
            continue
        written = read_written(place, reading, where)
        if written is None:
            continue
        pack, told = resolve(written)
        reading.told += told
        packs.append(pack)
    reading.told += _impostors(reading)
    reading.told += [
        told for pack in packs for told in _reserved_in_the_end(pack) if told not in reading.told
    ]
    return packs, reading.told


def _impostors(reading: Reading) -> list[Mistake]:
    """Refuse packs and controls of a project that would read like shipped ones in the report."""
    told = []
    for pack in reading.read.values():
        if pack is None or pack.source.file.startswith("hcgov:"):
            continue
        if pack.head.metadata.id in shipped():
            told.append(
                Mistake(
                    code="HCG-C015",
                    message=f"`{pack.head.metadata.id}` is the id of a policy pack that comes with hcgov",
                    where=pack.places.value("metadata", "id"),
                    help="give your pack an id of its own, such as org.example.own",
                )
            )
        told += _reserved(pack)
    return told


def _reserved(pack: WrittenPack) -> list[Mistake]:
    """Refuse ids in an own pack that read like controls of the shipped ones."""
    return [
        _reads_like_shipped(id_, written.site)
        for written in pack.controls
        if isinstance(id_ := written.tree.get("id"), str) and id_.upper().startswith(RESERVED)
    ]


def _reserved_in_the_end(pack: Pack) -> list[Mistake]:
    """Refuse ids that read so only once the parameters stand in them."""
    ours = {source.metadata.id for source in pack.sources if source.file.startswith("hcgov:")}
    return [
        _reads_like_shipped(spec.id, history.site)
        for spec, history in zip(pack.spec.controls, pack.history, strict=True)
        if history.pack not in ours and spec.id.upper().startswith(RESERVED)
    ]


def _reads_like_shipped(id_: str, site: Site) -> Mistake:
    return Mistake(
        code="HCG-C016",
        message=f"`{id_}` reads like a control of the shipped packs, whose ids begin with {RESERVED}",
        where=site.key("id"),
        help="begin it with letters of your own, such as ACME-",
    )


def load_pack(name: str, path: Path, shown: str) -> Pack:
    """Read and resolve one pack.

    Raises
    ------
    AuthoringError
        With every mistake found in it.
    """
    pack, told = read_pack(name, path, shown)
    if told or pack is None:
        raise AuthoringError(told)
    return pack


def read_pack(name: str, path: Path, shown: str) -> tuple[Pack | None, list[Mistake]]:
    """Read and resolve a pack as far as it can be understood, so that mistakes beyond the first are told with it.

    Returns
    -------
    The pack without the keys, or else the controls, that are wrong (``None`` where nothing can be made of it),
    and every mistake.
    """
    inside = path if path.is_dir() else path.parent
    reading = Reading()
    place = Place(name=name, path=path, shown=shown, inside=inside, own=not shown.startswith("hcgov:"))
    written = read_written(place, reading)
    if written is None:
        return None, reading.told
    pack, told = resolve(written)
    return pack, [*reading.told, *told]
