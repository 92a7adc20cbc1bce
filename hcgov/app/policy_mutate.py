"""Test the cases of packs: each mutant of a control has to be told from it by one of its cases."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from hcgov.app.policy_cases import Prepared, by_control, problems, with_control
from hcgov.app.policy_test import Ran, Step, UnderTest, lacking, packs_under_test, run_cases
from hcgov.core.cases import CaseResult, CaseRun, Equivalent, Gap, MutantResult
from hcgov.core.control import ControlSpec
from hcgov.core.mistake import Position
from hcgov.judgement.mutation import Mutant, mutants, own_controls


def mutate_packs(targets: Sequence[str], folder: Path, today: date, progress: Step) -> CaseRun:
    """Run the cases of packs against every mutant of their controls; parameters and errors as for testing."""
    under, notes = packs_under_test(targets, folder)
    told: list[CaseResult] = []
    found: list[MutantResult] = []
    gaps: list[Gap] = []
    for one in under:
        with TemporaryDirectory(prefix="hcgov-cases-") as temporary:
            ran = run_cases(one, Path(temporary), today, progress)
            wrong = [result for result in ran.results if not result.passed]
            told += wrong
            if wrong or not ran.results:
                # What is wrong before anything is changed would tell every mutant from its control.
                gaps += [] if ran.results else lacking(one)
                continue
            results = list(_mutated(ran, progress))
        found += results
        gaps += _unused(one, results)
    return CaseRun(cases=tuple(told), mutants=tuple(found), gaps=tuple(gaps), notes=notes)


def _mutated(ran: Ran, progress: Step) -> Iterator[MutantResult]:
    pack, cases = ran.under.pack, by_control(ran.prepared)
    known = {(one.control, one.mutant): one for _, _, one in _equivalents(ran.under)}
    for index in own_controls(pack):
        spec = pack.spec.controls[index]
        for mutant in mutants(pack, index, ran.under.registry.checks):
            progress(f"{spec.id} {mutant.change}")
            by = _killer(mutant, spec, cases.get(spec.id, []))
            equivalent = (spec.id, mutant.change) in known
            yield MutantResult(
                pack=pack.spec.metadata.id,
                control=spec.id,
                change=mutant.change,
                where=_where(ran.under, index, mutant),
                outcome="killed" if by is not None else "equivalent" if equivalent else "survived",
                by="" if by is None else by.case.name,
                hint=mutant.hint,
            )


def _where(under: UnderTest, index: int, mutant: Mutant) -> Position | None:
    return (
        under.pack.value_at("controls", index, *mutant.at)
        if mutant.at
        else under.pack.where("controls", index)
    )


def _killer(mutant: Mutant, original: ControlSpec, cases: list[Prepared]) -> Prepared | None:
    """Return the first case that tells a mutant from its control by what is decided."""
    for one in cases:
        if mutant.dropped:
            return one
        spec = next(control for control in one.pack.spec.controls if control.id == mutant.control)
        changed = mutant.of(spec) if mutant.fits(original, spec) else None
        if changed is None:
            continue
        pack = with_control(one.pack, mutant.control, changed)
        if problems(one, pack, lambda _: None, words=False):
            return one
    return None


def _equivalents(under: UnderTest) -> Iterator[tuple[Position | None, str, Equivalent]]:
    for file in under.files:
        for number, entry in enumerate(file.spec.equivalent):
            yield file.where("equivalent", number), file.shown, entry


def _unused(under: UnderTest, results: Sequence[MutantResult]) -> Iterator[Gap]:
    """Yield entries under `equivalent` that no mutant needs: it is told apart, there is none, or it stands twice."""
    outcomes = {(result.control, result.change): result for result in results}
    times = Counter((entry.control, entry.mutant) for _, _, entry in _equivalents(under))
    for where, _, entry in _equivalents(under):
        result = outcomes.get((entry.control, entry.mutant))
        named = f"`equivalent` {entry.control} `{entry.mutant}`"
        pack = under.pack.spec.metadata.id
        if result is None:
            yield Gap(pack=pack, message=f"{named}: there is no such mutant", where=where)
        elif result.outcome == "killed":
            message = f"{named}: it is not needed, as the case `{result.by}` tells it apart"
            yield Gap(pack=pack, message=message, where=where)
        elif times[entry.control, entry.mutant] > 1:
            yield Gap(pack=pack, message=f"{named}: it stands there twice", where=where)
