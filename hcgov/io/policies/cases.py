"""Case files of policy packs: where they stand, and what is written in them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from pathlib import Path

from hcgov.core.cases import PolicyCases
from hcgov.core.frozen import frozen
from hcgov.core.mistake import AuthoringError, Mistake, Position, did_you_mean
from hcgov.core.policy import Extend, Loosen, Pack, PackHead, PackMetadata, WrittenPack
from hcgov.io.data import data_path
from hcgov.io.manifest import FILE as MANIFEST
from hcgov.io.manifest import MOST_BYTES, read_limited, understood
from hcgov.io.parsed import Parsed, nearest_place
from hcgov.io.policies.locating import Place, installed, shipped, stands_in_folder
from hcgov.io.policies.reading import Reading, read_written
from hcgov.io.yaml import parse
from hcgov.judgement.resolving import resolve

SUFFIX = ".cases.yaml"


@frozen
class CaseFile:
    """A case file that was read; ``base`` is the folder of the project that cases start from, if any."""

    spec: PolicyCases
    shown: str
    base: Path | None
    parsed: Parsed = field(repr=False)

    def where(self, *path: str | int) -> Position | None:
        """Return the place of a path, or of its nearest ancestor that has one."""
        return nearest_place(self.parsed.positions, path)


def place_of(pack: Pack, root: Path) -> Place:
    """Return where a pack stands that was read from a folder, or by name."""
    owner, _, rest = pack.file.partition(":")
    if rest and owner == "hcgov":
        path = shipped()[pack.name]
    elif rest and owner in installed():
        path = installed()[owner]
    else:
        path = root / pack.file
        return Place(name=pack.name, path=path, shown=pack.file, inside=root, own=True)
    inside = path if path.is_dir() else path.parent
    return Place(name=pack.name, path=path, shown=pack.file, inside=inside, own=False)


def case_paths(pack: Path) -> list[Path]:
    """Return the case files of a pack.

    Beside the file ``NAME.yaml`` stand ``NAME.cases.yaml``, ``cases/NAME.cases.yaml`` and the files of
    ``cases/NAME/``; in the folder of a pack all its case files and those of its folder ``cases``.
    """
    if stands_in_folder(pack):
        folders = (pack, pack / "cases")
        return [path for folder in folders for path in sorted(folder.glob(f"*{SUFFIX}"))]
    beside, name = pack.parent, pack.stem
    single = (beside / f"{name}{SUFFIX}", beside / "cases" / f"{name}{SUFFIX}")
    return [
        *(path for path in single if path.is_file()),
        *sorted((beside / "cases" / name).glob(f"*{SUFFIX}")),
    ]


def read_cases(pack: Pack, place: Place) -> tuple[CaseFile, ...]:
    """Read every case file of a pack.

    Raises
    ------
    AuthoringError
        With every mistake in all of them.
    """
    prefix = "" if place.own else f"{place.shown.partition(':')[0]}:"
    files: list[CaseFile] = []
    told: list[Mistake] = []
    for path in case_paths(place.path):
        inside = path.is_relative_to(place.inside)
        shown = f"{prefix}{path.relative_to(place.inside).as_posix() if inside else path.name}"
        try:
            file, mistakes = _read(path, shown, pack)
        except AuthoringError as error:
            told += error.mistakes
            continue
        told += mistakes
        if file is not None:
            files.append(file)
    told += _twice(files)
    if told:
        raise AuthoringError(told)
    return tuple(files)


def _read(path: Path, shown: str, pack: Pack) -> tuple[CaseFile | None, list[Mistake]]:
    parsed = parse(read_limited(path, shown), shown, max_bytes=MOST_BYTES)
    spec, told = understood(PolicyCases, parsed, (), what="the case file")
    if spec is None or told:
        return None, told
    base = _base(spec.base, path)
    file = CaseFile(spec=spec, shown=shown, base=base, parsed=parsed)
    if spec.base and base is None:
        examples = [found.name for found in data_path("examples").glob("*/") if (found / MANIFEST).is_file()]
        told.append(
            Mistake(
                code="HCG-T002",
                message=f"there is no project `{spec.base}` to start from",
                where=file.parsed.values.get(("base",)),
                help=did_you_mean(spec.base, examples)
                + f"; or name a folder beside this file that holds {MANIFEST}",
            )
        )
    return file, [*told, *_misnamed(file, pack)]


def _base(name: str, path: Path) -> Path | None:
    """Return the folder of a base: beside the case file or below it, or an example that comes with hcgov."""
    if not name:
        return None
    beside = path.parent.resolve()
    for home in (beside, data_path("examples").resolve()):
        found = (home / name).resolve()
        if found != home and found.is_relative_to(home) and (found / MANIFEST).is_file():
            return found
    return None


def _misnamed(file: CaseFile, pack: Pack) -> Iterator[Mistake]:
    """Yield names in a case file that the pack does not have."""
    own = pack.spec.metadata.id
    if file.spec.pack != own:
        yield Mistake(
            code="HCG-T001",
            message=f"these are cases of `{file.spec.pack}`, and stand beside the pack `{own}`",
            where=file.parsed.values.get(("pack",)),
            help=f"write `pack: {own}`, or put the file beside its pack",
        )
    known = [control.id for control in pack.spec.controls]
    named = [("cases", number, case.control) for number, case in enumerate(file.spec.cases)]
    named += [("equivalent", number, entry.control) for number, entry in enumerate(file.spec.equivalent)]
    for key, number, control in named:
        if control not in known:
            yield Mistake(
                code="HCG-T003",
                message=f"`{own}` has no control `{control}`",
                where=file.parsed.values.get((key, number, "control")),
                help=did_you_mean(control, known),
            )


def _twice(files: Iterable[CaseFile]) -> Iterator[Mistake]:
    all_cases = [(file, number, case) for file in files for number, case in enumerate(file.spec.cases)]
    times = Counter(str(case) for _, _, case in all_cases)
    for file, number, case in all_cases:
        if times[str(case)] > 1:
            yield Mistake(
                code="HCG-T004",
                message=f"two cases are called `{case}`",
                where=file.parsed.values.get(("cases", number, "name")),
                help="give each case of a control a name of its own",
            )


def with_parameters(place: Place, values: Mapping[str, object]) -> tuple[Pack, list[Mistake]]:
    """Return a pack as a project gets it that sets its parameters, and what is wrong with the values."""
    reading = Reading()
    parent = read_written(place, reading)
    if parent is None:
        raise AuthoringError(reading.told)
    leave = Loosen(reason="a case of its tests", approved_by="the case")
    head = PackHead(
        hcgov=1,
        kind="PolicyPack",
        metadata=PackMetadata(id="case", version="1.0.0", title="A case", owner="the case"),
        extends=(Extend.model_validate({"pack": place.name, "with": dict(values), "loosen": leave}),),
    )
    return resolve(WrittenPack(head=head, source=parent.source, parents=(parent,)))
