"""``hcgov policy test`` and ``hcgov policy mutate``: do the cases hold, and do they hold the policy."""

import sys
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hcgov.cli.failing import Leave, guarded, printable
from hcgov.cli.progress import Progress

if TYPE_CHECKING:
    from hcgov.core.cases import CaseResult, CaseRun, MutantResult

Targets = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[PACK]...",
        help="Names, files or folders of packs, or folders of projects; the project here if none is given.",
    ),
]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="One line for each, also where all is well.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress on stderr.")]


class CaseFormat(StrEnum):
    """How results are printed."""

    TEXT = "text"
    JSON = "json"
    JUNIT = "junit"


Format = Annotated[CaseFormat, typer.Option("--output-format", help="How to print results.")]


@guarded
def run_cases(
    packs: Targets = None,
    verbose: Verbose = False,
    quiet: Quiet = False,
    output_format: Format = CaseFormat.TEXT,
) -> None:
    """Run the cases of policy packs: exit 1 where one does not hold or a control lacks one, 2 for mistakes."""
    from hcgov.app.policy_test import run_packs

    progress = Progress(sys.stderr, enabled=not quiet)
    tested = run_packs(packs or [], Path(), datetime.now(UTC).date(), progress.step)
    progress.done()
    _print(tested, output_format, verbose=verbose)
    raise Leave(0 if tested.passed else 1)


@guarded
def run_mutants(
    packs: Targets = None,
    verbose: Verbose = False,
    quiet: Quiet = False,
    output_format: Format = CaseFormat.TEXT,
) -> None:
    """Change policy packs in every way a slip could; exit 1 where no case notices, 2 for mistakes."""
    from hcgov.app.policy_mutate import mutate_packs

    progress = Progress(sys.stderr, enabled=not quiet)
    tested = mutate_packs(packs or [], Path(), datetime.now(UTC).date(), progress.step)
    progress.done()
    _print(tested, output_format, verbose=verbose)
    raise Leave(0 if tested.passed else 1)


def _print(tested: "CaseRun", output_format: CaseFormat, *, verbose: bool) -> None:
    if output_format is CaseFormat.TEXT:
        for line in _lines(tested, verbose=verbose):
            typer.echo(line)
        return
    from hcgov.io.render.case_results import as_json, as_junit

    typer.echo((as_json if output_format is CaseFormat.JSON else as_junit)(tested), nl=False)


def _lines(tested: "CaseRun", *, verbose: bool) -> list[str]:
    lines = [line for case in tested.cases for line in _of_case(case, verbose=verbose)]
    lines += [line for mutant in tested.mutants for line in _of_mutant(mutant, verbose=verbose)]
    lines += [f"{gap.where}: {gap.message}" if gap.where else gap.message for gap in tested.gaps]
    lines += tested.notes
    lines.append(_summary(tested))
    return [printable(line) for line in lines]


def _of_case(case: "CaseResult", *, verbose: bool) -> list[str]:
    if case.passed:
        return [f"ok    {case.control}: {case.name}"] if verbose else []
    return [
        f"FAIL  {case.control}: {case.name} ({case.where})",
        *(f"      {problem}" for problem in case.problems),
    ]


def _of_mutant(mutant: "MutantResult", *, verbose: bool) -> list[str]:
    named = f"{mutant.control} {mutant.change}"
    if mutant.outcome == "survived":
        return [f"SURVIVED  {named} ({mutant.where})", f"          would tell it: {mutant.hint}"]
    if not verbose:
        return []
    by = f" by `{mutant.by}`" if mutant.by else ""
    return [f"{mutant.outcome:<10}{named}{by}"]


def _summary(tested: "CaseRun") -> str:
    failed = sum(not case.passed for case in tested.cases)
    parts = []
    if tested.mutants:
        outcomes = [mutant.outcome for mutant in tested.mutants]
        told = ", ".join(
            f"{outcomes.count(word)} {word}"
            for word in ("killed", "equivalent", "survived")
            if word in outcomes
        )
        parts.append(f"{_many(len(tested.mutants), 'mutant')}: {told}")
    elif tested.cases and failed == len(tested.cases):
        parts.append(f"{_many(failed, 'case')} failed")
    else:
        parts.append(f"{_many(len(tested.cases), 'case')}, {failed} failed")
    if tested.gaps:
        parts.append(_many(len(tested.gaps), "gap"))
    return f"{'passed' if tested.passed else 'FAILED'}: {'; '.join(parts)}"


def _many(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"
