"""Test packs by their cases: each does what it expects, and every control has the cases that it needs."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from hcgov.app.policy import read_policies
from hcgov.app.policy_cases import Prepared, prepare, problems
from hcgov.core.cases import CaseResult, CaseRun, Gap
from hcgov.core.check import Judged
from hcgov.core.frozen import frozen
from hcgov.core.policy import Pack
from hcgov.core.status import Verdict
from hcgov.io.manifest import FILE as MANIFEST
from hcgov.io.policies.cases import CaseFile, place_of, read_cases, with_parameters
from hcgov.io.policies.locating import Place
from hcgov.judgement.mutation import own_controls
from hcgov.judgement.plan import Registry

Step = Callable[[str], None]


@frozen
class UnderTest:
    """A pack with its case files."""

    pack: Pack
    place: Place
    registry: Registry
    files: tuple[CaseFile, ...]


@frozen
class Ran:
    """A pack whose cases ran: results in their order, and the cases whose projects could be made."""

    under: UnderTest
    results: tuple[CaseResult, ...]
    prepared: tuple[Prepared, ...] = field(repr=False, default=())


def packs_under_test(targets: Sequence[str], folder: Path) -> tuple[tuple[UnderTest, ...], tuple[str, ...]]:
    """Read packs with their case files, and say which packs of projects are left to whoever ships them.

    Parameters
    ----------
    targets
        As for :func:`hcgov.app.policy.read_policies`.

    Raises
    ------
    AuthoringError
        With the mistakes of packs, or of their case files.
    """
    found: list[UnderTest] = []
    notes: list[str] = []
    for target in targets or (".",):
        path = folder / target
        project = (path / MANIFEST).is_file()
        root = path if project else path.parent if path.exists() else folder
        sound = read_policies([target], folder)
        places = [place_of(pack, root.resolve()) for pack in sound.packs]
        own = [place for place in places if place.own] or places
        for pack, place in zip(sound.packs, places, strict=True):
            if project and place not in own:
                notes.append(
                    f"{place.name}: not the project's own; `hcgov policy test {place.name}` tests it"
                )
                continue
            files = read_cases(pack, place)
            found.append(UnderTest(pack=pack, place=place, registry=sound.registry, files=files))
    return tuple(found), tuple(notes)


def run_packs(targets: Sequence[str], folder: Path, today: date, progress: Step) -> CaseRun:
    """Run every case of packs.

    Parameters
    ----------
    today
        Day of cases that name none.
    progress
        Told which case runs.

    Raises
    ------
    AuthoringError
        Packs or case files hold mistakes; nothing was run.
    """
    under, notes = packs_under_test(targets, folder)
    results: list[CaseResult] = []
    gaps: list[Gap] = []
    for one in under:
        with TemporaryDirectory(prefix="hcgov-cases-") as temporary:
            results += run_cases(one, Path(temporary), today, progress).results
        gaps += lacking(one)
    return CaseRun(cases=tuple(results), gaps=tuple(gaps), notes=notes)


def run_cases(under: UnderTest, temporary: Path, today: date, progress: Step) -> Ran:
    """Run every case of a pack; the projects of the cases stay in the folder for whoever judges them again."""
    results: list[CaseResult] = []
    prepared: list[Prepared] = []
    for file in under.files:
        for number, case in enumerate(file.spec.cases):
            progress(str(case))
            told = _run(under, file, number, temporary / str(len(results)), today)
            if isinstance(told, Prepared):
                prepared.append(told)
            results.append(
                CaseResult(
                    pack=under.pack.spec.metadata.id,
                    control=case.control,
                    name=case.name,
                    where=file.where("cases", number),
                    problems=problems(told, told.pack, _silent) if isinstance(told, Prepared) else told,
                )
            )
    return Ran(under=under, results=tuple(results), prepared=tuple(prepared))


def _silent(_: str) -> None:
    """Tell nothing of what is read for one case."""


def _run(
    under: UnderTest, file: CaseFile, number: int, folder: Path, today: date
) -> Prepared | tuple[str, ...]:
    case, pack = file.spec.cases[number], under.pack
    if case.params:
        pack, told = with_parameters(under.place, case.params)
        if told:
            return tuple(f"`params`: {one.message}" for one in told)
    return prepare(case, number, file, pack, under.registry, folder, today)


def lacking(under: UnderTest) -> Iterator[Gap]:
    """Yield the kinds of cases that controls lack; controls that are inherited unchanged need none here."""
    pack, cases = under.pack, [case for file in under.files for case in file.spec.cases]
    own = pack.spec.metadata.id
    if not cases:
        yield Gap(pack=own, message=f"{own} has no cases; write them into `{_where(under.place)}`")
        return
    for index in own_controls(pack):
        spec = pack.spec.controls[index]
        expected = {case.expect for case in cases if case.control == spec.id}
        for kind, verdicts in _needed(pack, index, under.registry).items():
            if not expected & set(verdicts):
                words = " or ".join(f"`{one}`" for one in verdicts)
                yield Gap(
                    pack=own,
                    message=f"{spec.id} has no {kind} case: none expects {words}",
                    where=pack.where("controls", index, "id"),
                )


def _where(place: Place) -> str:
    folder = place.path.is_dir()
    return (
        f"{place.shown}/controls.cases.yaml" if folder else f"{place.shown.removesuffix('.yaml')}.cases.yaml"
    )


def _needed(pack: Pack, index: int, registry: Registry) -> Mapping[str, tuple[Verdict, ...]]:
    spec = pack.spec.controls[index]
    if pack.history[index].disabled is not None:
        return {"disabled": (Verdict.NOT_EVALUATED,)}
    check = registry.checks.get(spec.check.partition("@")[0])
    absent = (Verdict.MISSING, Verdict.PENDING)
    needed: dict[str, tuple[Verdict, ...]] = {
        "passing": (Verdict.PASS,),
        "failing": (Verdict.FAIL,),
        "missing-evidence": absent,
    }
    if check is not None and check.judged is Judged.SHOWN:
        needed = {"shown": (Verdict.NOT_EVALUATED,), "missing-evidence": absent}
    if spec.applies_when is not None:
        needed["not-applicable"] = (Verdict.NOT_APPLICABLE,)
    return needed
