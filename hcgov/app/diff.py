"""Compare two runs by their records."""

from pathlib import Path

from hcgov.app.rendering import read_record
from hcgov.app.save import HOME, RUNS
from hcgov.core.mistake import AuthoringError, Mistake, did_you_mean
from hcgov.core.record import ComparedV1, ReportV1
from hcgov.io.plugins import load_registry
from hcgov.io.render.json_report import report_digest
from hcgov.judgement.run_difference import Became, RunDifference, run_difference


def compare_runs(before: str, after: str, folder: Path = Path()) -> RunDifference:
    """Compare two records, named as for :func:`find_record`.

    Raises
    ------
    AuthoringError
        Either is none; both are told.
    """
    found: list[ReportV1] = []
    told: list[Mistake] = []
    for name in (before, after):
        try:
            found.append(find_record(name, folder))
        except AuthoringError as error:
            told += error.mistakes
    if told:
        raise AuthoringError(told)
    return compare_reports(found[0], found[1])


def compare_reports(before: ReportV1, after: ReportV1) -> RunDifference:
    """Compare two records; the checks that are installed say what is stricter."""
    ids = [control.check for report in (before, after) for control in report.controls]
    checks = load_registry(ids).checks if ids else {}
    return run_difference(before, after, checks)


def find_record(name: str, project: Path) -> ReportV1:
    """Return a record by name.

    Parameters
    ----------
    name
        A report.json; a folder that holds one, such as that of a kept run; a project, of which it is the newest; or
        the id of a kept run of the project, or the beginning of it.

    Raises
    ------
    AuthoringError
        There is none, or more than one id begins so.
    """
    path = Path(name)
    if path.is_dir() and (path / "report.json").is_file():
        return read_record(path / "report.json")
    if path.exists():
        return read_record(path)
    runs = project / HOME / RUNS
    kept = sorted(one.name for one in runs.iterdir() if one.is_dir()) if runs.is_dir() else []
    if name in kept:
        return read_record(runs / name / "report.json")
    begun = [id_ for id_ in kept if name and id_.startswith(name)]
    if len(begun) == 1:
        return read_record(runs / begun[0] / "report.json")
    message = (
        f"{len(begun)} kept runs begin with `{name}`"
        if begun
        else f"there is no record `{name}` and no kept run of that id"
    )
    help_ = f"write more of it: {', '.join(begun[:3])}" if begun else did_you_mean(name, kept)
    raise AuthoringError([Mistake(code="HCG-U001", message=message, help=help_ or "run `hcgov check` first")])


def summary_of(found: RunDifference) -> ComparedV1:
    """Return what is kept of a comparison in the later record."""
    worse = {one.control for one in found.moved if one.change.relation.may_loosen}

    def ids(*became: Became) -> tuple[str, ...]:
        return tuple(one.control for one in found.became(*became))

    return ComparedV1(
        id=found.before.id,
        created=found.before.created,
        sha256=report_digest(found.before),
        decision=found.before.decision.value,
        newly_failing=ids(Became.NEWLY_FAILING),
        newly_undecided=ids(Became.NEWLY_UNDECIDED),
        fixed=ids(Became.FIXED),
        newly_passing=ids(Became.NEWLY_PASSING),
        no_longer_judged=ids(Became.NO_LONGER_JUDGED, Became.NOT_RUN),
        new=tuple(one.control for one in found.controls if one.new or one.became is Became.NEW),
        removed=ids(Became.REMOVED),
        looser=tuple(sorted(worse)),
    )
