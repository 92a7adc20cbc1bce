"""Read a pack as it is written, with everything it extends; what its parts mean is not told here."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from pydantic import ValidationError

from hcgov.core.control import ControlSpec
from hcgov.core.evidence.source import Tree
from hcgov.core.mistake import AuthoringError, Mistake, Position, did_you_mean
from hcgov.core.policy import Extend, PackHead, PackSource, Places, Site, Written, WrittenPack
from hcgov.core.policy import Path as Path_
from hcgov.core.validation import mistakes_from
from hcgov.io.manifest import MOST_BYTES, read_limited, understood
from hcgov.io.parsed import Parsed, nearest_place
from hcgov.io.policies.locating import HEAD, Place, leads_inside, locate, parts_of, stands_in_folder
from hcgov.io.yaml import parse
from hcgov.judgement.pack_parameters import parameter_mistakes

DEEPEST = 16
"""Most packs between a project and the one that extends nothing."""

PART_KEYS = ("hcgov", "kind", "controls")
BESIDE = ("PolicyCases",)
"""Kinds of files that may stand in a pack's folder and are no part of it."""


@dataclass(kw_only=True)
class Reading:
    """Packs read so far, by path, and what is wrong in them; each file is read once however many extend it."""

    told: list[Mistake] = field(default_factory=list)
    read: dict[Path, WrittenPack | None] = field(default_factory=dict)


def read_written(at: Place, reading: Reading, asked: Position | None = None) -> WrittenPack | None:
    """Read a pack with everything it extends; ``None`` where nothing can be made of it."""
    return _read(at, reading, (), asked)


def _read(
    at: Place, reading: Reading, below: tuple[Place, ...], asked: Position | None
) -> WrittenPack | None:
    path = at.path.resolve()
    if any(path == other.path.resolve() for other in below):
        reading.told.append(_circle([*below, at], path, asked))
        return None
    if len(below) > DEEPEST:
        message = f"more than {DEEPEST} packs extend one another"
        reading.told.append(Mistake(code="HCG-R014", message=message, where=asked, help="extend fewer packs"))
        return None
    if path not in reading.read:
        reading.read[path] = _read_new(at, reading, below)
    pack = reading.read[path]
    if pack is not None:
        _version(pack, at, asked, reading.told)
    return pack


def _circle(chain: list[Place], path: Path, asked: Position | None) -> Mistake:
    start = next(number for number, place_ in enumerate(chain) if place_.path.resolve() == path)
    names = " -> ".join(place_.shown for place_ in chain[start:])
    return Mistake(
        code="HCG-R014",
        message=f"packs extend one another in a circle: {names}",
        where=asked,
        help="take one of these `extends` away",
    )


def _version(pack: WrittenPack, at: Place, asked: Position | None, told: list[Mistake]) -> None:
    version = pack.head.metadata.version
    if at.major is not None and int(version.partition(".")[0]) != at.major:
        told.append(
            Mistake(
                code="HCG-R015",
                message=f"`{at.name}` is installed as version {version}, not {at.major}",
                where=asked,
                help=f"write `{at.name}@{version.partition('.')[0]}` after reading what changed (`hcgov policy diff`)",
            )
        )


def _read_new(at: Place, reading: Reading, below: tuple[Place, ...]) -> WrittenPack | None:
    try:
        # Case files stand beside a pack and ask for nothing: they may change without changing what was locked.
        files = [(name, data, parsed) for name, data, parsed in _files(at) if not _beside(parsed)]
    except AuthoringError as error:
        reading.told += error.mistakes
        return None
    (_, _, parsed), *parts = files
    head = _head(parsed, reading.told)
    controls = [*_controls(parsed, required=not _extends(parsed) and not parts, told=reading.told)]
    for _, _, part in parts:
        controls += _part(part, reading.told)
    if head is None:
        _told_of_controls(controls, reading.told)
        return None
    places = _places(parsed)
    reading.told += parameter_mistakes(head, places)
    found = _parents(head, places, reading, (*below, at))
    return WrittenPack(
        head=head.model_copy(update={"extends": tuple(extend for extend, _ in found)}),
        source=PackSource(
            metadata=head.metadata,
            name=at.name,
            file=at.shown,
            sha256=_digest(files),
            files={name: data for name, data, _ in files},
        ),
        places=places,
        controls=tuple(controls),
        parents=tuple(parent for _, parent in found),
        whole=len(found) == len(head.extends),
    )


def _files(at: Place) -> Iterable[tuple[str, bytes, Parsed]]:
    """Yield the files of a pack, the head first: name, bytes, and what stands in it."""
    if not stands_in_folder(at.path):
        data = read_limited(at.path, at.shown)
        yield at.path.name, data, parse(data, at.shown, max_bytes=MOST_BYTES)
        return
    for path in (at.path / HEAD, *parts_of(at.path)):
        shown = f"{at.shown}/{path.name}"
        if not leads_inside(path, at.inside):
            raise AuthoringError([_outside(at, shown)])
        data = read_limited(path, shown)
        yield path.name, data, parse(data, shown, max_bytes=MOST_BYTES)


def _beside(parsed: Parsed) -> bool:
    return isinstance(parsed.data, dict) and parsed.data.get("kind") in BESIDE


def _outside(at: Place, shown: str) -> Mistake:
    whose = "the project" if at.own else "the package"
    message = f"`{shown}` is a link that leads outside {whose}"
    return Mistake(
        code="HCG-C012",
        message=message,
        where=Position(file=shown, line=1, column=1),
        help="copy the file there",
    )


def _digest(files: list[tuple[str, bytes, Parsed]]) -> str:
    """Return the SHA-256 of the one file; of several, that of their sorted lines as for any folder."""
    if len(files) == 1:
        return hashlib.sha256(files[0][1]).hexdigest()
    lines = sorted(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data, _ in files)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _places(parsed: Parsed) -> Places:
    return Places(positions=parsed.positions, values=parsed.values)


def _head(parsed: Parsed, told: list[Mistake]) -> PackHead | None:
    data = parsed.data
    bare = (
        {key: value for key, value in data.items() if key != "controls"} if isinstance(data, dict) else data
    )
    head, mistakes = understood(PackHead, replace(parsed, data=bare), (), what="the policy pack")
    told += mistakes
    return head


def _extends(parsed: Parsed) -> bool:
    return isinstance(parsed.data, dict) and bool(parsed.data.get("extends"))


def _controls(parsed: Parsed, *, required: bool, told: list[Mistake]) -> list[Written]:
    """Return the controls of a file; the list must be there where nothing else makes up the pack."""
    data = parsed.data
    if not isinstance(data, dict):  # told with the head
        return []
    if "controls" not in data:
        if required:
            where = nearest_place(parsed.positions, ())
            message = "`controls` is missing in the policy pack"
            told.append(Mistake(code="HCG-C005", message=message, where=where, help="add `controls:`"))
        return []
    found = data["controls"]
    if not isinstance(found, list):
        message = "`controls` is a list of controls"
        where = parsed.values.get(("controls",))
        told.append(Mistake(code="HCG-C006", message=message, where=where, help="begin each with `- id:`"))
        return []
    if required and not found:
        where = parsed.values.get(("controls",))
        told.append(Mistake(code="HCG-C006", message="`controls`: it is empty", where=where))
    places, written = _places(parsed), []
    for number, tree in enumerate(found):
        at = ("controls", number)
        if isinstance(tree, dict):
            written.append(Written(tree=tree, site=Site(places=places, at=at)))
            continue
        message = "a mapping of keys is needed here"
        told.append(Mistake(code="HCG-C006", message=message, where=parsed.values.get(at)))
    return written


def _part(parsed: Parsed, told: list[Mistake]) -> list[Written]:
    """Return the controls of a further file of a pack in a folder."""
    data = parsed.data
    if not isinstance(data, dict) or data.get("kind") != "PolicyControls" or not _language(data):
        told.append(
            Mistake(
                code="HCG-R016",
                message="this file stands in the folder of a pack, and is no part of one",
                where=nearest_place(parsed.positions, ()),
                help="begin it with `hcgov: 1` and `kind: PolicyControls`, or put it elsewhere",
            )
        )
        return []
    for key in data:
        if key not in PART_KEYS:
            told.append(
                Mistake(
                    code="HCG-C004",
                    message=f"unknown key `{key}` in a file of further controls",
                    where=nearest_place(parsed.positions, (key,)),
                    help=did_you_mean(key, PART_KEYS) + f"; all else belongs into {HEAD}",
                )
            )
    return _controls(parsed, required=True, told=told)


def _language(data: Mapping[str, Tree]) -> bool:
    major = data.get("hcgov")
    return major == 1 and isinstance(major, int) and not isinstance(major, bool)


def _told_of_controls(controls: list[Written], told: list[Mistake]) -> None:
    """Tell what is wrong in controls of a pack of which nothing else can be made."""
    for written in controls:
        try:
            ControlSpec.model_validate(written.tree)
        except ValidationError as error:
            site = written.site
            told += mistakes_from(error, ControlSpec, key=partial(_key, site), value=partial(_value, site))


def _key(site: Site, path: Path_) -> Position | None:
    return site.key(*path)


def _value(site: Site, path: Path_) -> Position | None:
    return site.value(*path)


def _parents(
    head: PackHead, places: Places, reading: Reading, chain: tuple[Place, ...]
) -> list[tuple[Extend, WrittenPack]]:
    """Return the packs that could be read of those that a pack extends, each with its entry."""
    found: list[tuple[Extend, WrittenPack]] = []
    for number, extend in enumerate(head.extends):
        where = places.value("extends", number, "pack")
        try:
            at = locate(extend.pack, chain[-1], where)
        except AuthoringError as error:
            reading.told += error.mistakes
            continue
        parent = _read(at, reading, chain, where)
        if parent is None:
            continue
        if any(parent is other for _, other in found):
            message = f"`{extend.pack}` is extended twice"
            reading.told.append(Mistake(code="HCG-R017", message=message, where=where, help="keep one entry"))
            continue
        found.append((extend, parent))
    return found
