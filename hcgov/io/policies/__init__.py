"""Policy packs: shipped ones by name, a project's own by path."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

from hcgov.core.control import ControlSpec
from hcgov.core.evidence.source import Tree
from hcgov.core.mistake import AuthoringError, Mistake, Position, did_you_mean
from hcgov.core.policy import LATER_CONTROL_KEYS, LATER_PACK_KEYS, Pack, PackSpec
from hcgov.io.data import data_path
from hcgov.io.manifest import MOST_BYTES, Manifest, not_yet, place, read_limited, understood
from hcgov.io.parsed import Parsed
from hcgov.io.parsed import Path as At
from hcgov.io.yaml import parse

RESERVED = "HC-"
"""How the ids of shipped controls begin."""


def shipped() -> dict[str, Path]:
    """Return the packs that come with hcgov, by name."""
    return {path.stem: path for path in sorted(data_path("policies").glob("*.yaml"))}


def load_packs(manifest: Manifest, extra: tuple[str, ...] = ()) -> tuple[list[Pack], list[Mistake]]:
    """Read every pack that the manifest (or the command line) names, in order.

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


def _load(named: Sequence[tuple[str, Position | None]], root: Path) -> tuple[list[Pack], list[Mistake]]:
    packs: list[Pack] = []
    told: list[Mistake] = []
    for name, where in named:
        try:
            pack, mistakes = read_pack(*_locate(name, root, where))
        except AuthoringError as error:
            told += error.mistakes
            continue
        told += mistakes
        if pack is not None and name not in shipped() and pack.spec.metadata.id in shipped():
            told.append(_taken(pack))
        if pack is not None and name not in shipped():
            told += _reserved(pack)
        packs += [pack] if pack is not None else []
    return packs, told


def _taken(pack: Pack) -> Mistake:
    """Refuse an own pack that would read like a shipped one in the report."""
    return Mistake(
        code="HCG-C015",
        message=f"`{pack.spec.metadata.id}` is the id of a policy pack that comes with hcgov",
        where=pack.value_at("metadata", "id"),
        help="give your pack an id of its own, such as org.example.own",
    )


def _reserved(pack: Pack) -> list[Mistake]:
    """Refuse ids in an own pack that read like controls of the shipped ones."""
    return [
        Mistake(
            code="HCG-C016",
            message=f"`{spec.id}` reads like a control of the shipped packs, whose ids begin with {RESERVED}",
            where=pack.where("controls", index, "id"),
            help="begin it with letters of your own, such as ACME-",
        )
        for index, spec in enumerate(pack.spec.controls)
        if spec.id.upper().startswith(RESERVED)
    ]


def _locate(name: str, root: Path, where: Position | None) -> tuple[str, Path, str]:
    """Return a pack's name, its path, and the path as shown to people."""
    known = shipped()
    if name in known:
        return name, known[name], f"hcgov:{known[name].name}"
    path = (root / name).resolve()
    if name.endswith((".yaml", ".yml")):
        if not path.is_relative_to(root.resolve()):
            raise AuthoringError(
                [
                    Mistake(
                        code="HCG-C012",
                        message=f"policy `{name}` is outside the project",
                        where=where,
                        help="copy it into the project",
                    )
                ]
            )
        return name, path, name
    raise AuthoringError(
        [
            Mistake(
                code="HCG-C013",
                message=f"there is no policy pack `{name}`",
                where=where,
                help=did_you_mean(name, known) + "; an own pack is named by its path, ending in .yaml",
            )
        ]
    )


def load_pack(name: str, path: Path, shown: str) -> Pack:
    """Read one pack.

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
    """Read a pack as far as it can be understood, so that mistakes beyond the first are told with it.

    Returns
    -------
    The pack without the keys, or else the controls, that are wrong (``None`` where nothing can be made of it),
    and every mistake.

    Raises
    ------
    AuthoringError
        The file cannot be read at all.
    """
    data = read_limited(path, shown)
    parsed = parse(data, shown, max_bytes=MOST_BYTES)
    told = _later_control_keys(parsed)
    parsed = _without_later(parsed)
    spec, mistakes = understood(PackSpec, parsed, LATER_PACK_KEYS, what="the policy pack")
    if spec is None:
        parsed = _sound_controls(parsed)
        spec, _ = understood(PackSpec, parsed, LATER_PACK_KEYS, what="the policy pack")
    told += mistakes
    if spec is None:
        return None, told
    pack = Pack(
        spec=spec,
        name=name,
        file=shown,
        sha256=hashlib.sha256(data).hexdigest(),
        data=data,
        positions=parsed.positions,
        values=parsed.values,
    )
    return pack, told


def _sound_controls(parsed: Parsed) -> Parsed:
    """Return the document with those controls only that can be read, their places numbered anew."""
    sound = [(i, control) for i, control in _controls(parsed) if _readable(control)]
    numbers = {old: new for new, (old, _) in enumerate(sound)}

    def renumbered(places: dict[At, Position]) -> dict[At, Position]:
        moved = {}
        for path, where in places.items():
            if path[:1] != ("controls",) or len(path) == 1:
                moved[path] = where
            elif path[1] in numbers:
                moved[("controls", numbers[int(path[1])], *path[2:])] = where
        return moved

    document = parsed.data if isinstance(parsed.data, dict) else {}
    return Parsed(
        data={**document, "controls": [control for _, control in sound]},
        positions=renumbered(parsed.positions),
        values=renumbered(parsed.values),
    )


def _readable(control: dict[str, Tree]) -> bool:
    try:
        ControlSpec.model_validate(control)
    except ValidationError:  # its mistakes were told with those of the whole pack
        return False
    return True


def _controls(parsed: Parsed) -> list[tuple[int, dict[str, Tree]]]:
    data = parsed.data if isinstance(parsed.data, dict) else {}
    controls = data.get("controls")
    if not isinstance(controls, list):
        return []
    return [(i, dict(control)) for i, control in enumerate(controls) if isinstance(control, dict)]


def _later_control_keys(parsed: Parsed) -> list[Mistake]:
    return [
        not_yet(key, place(parsed.positions, ("controls", i, key)))
        for i, control in _controls(parsed)
        for key in LATER_CONTROL_KEYS
        if key in control
    ]


def _without_later(parsed: Parsed) -> Parsed:
    """Return the document without keys that were already told, so that each mistake is told once."""
    if not isinstance(parsed.data, dict) or not isinstance(parsed.data.get("controls"), list):
        return parsed
    controls = [
        {k: v for k, v in control.items() if k not in LATER_CONTROL_KEYS}
        if isinstance(control, dict)
        else control
        for control in parsed.data["controls"]  # type: ignore[union-attr]  # a list, as just asked
    ]
    return Parsed(
        data={**parsed.data, "controls": controls}, positions=parsed.positions, values=parsed.values
    )
