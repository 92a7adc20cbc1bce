"""What became of the controls of one run in a later one. Two records are read, and nothing else."""

from collections.abc import Iterator, Mapping
from enum import StrEnum

from pydantic import ValidationError

from hcgov.core.check import Check, Params
from hcgov.core.control import ControlSpec
from hcgov.core.frozen import frozen
from hcgov.core.record import ControlV1, ReportV1
from hcgov.core.relation import Change
from hcgov.core.status import Verdict
from hcgov.core.strictness import compare
from hcgov.core.text import Text, text
from hcgov.judgement.value_difference import Delta, deltas

UNDECIDED = (Verdict.INCONCLUSIVE, Verdict.MISSING, Verdict.PENDING, Verdict.ERROR)
ASIDE = (Verdict.NOT_APPLICABLE, Verdict.NOT_EVALUATED)

Checks = Mapping[str, Check[Params]]


class Became(StrEnum):
    """What became of a control from one run to the next."""

    NEWLY_FAILING = "newly_failing"
    NEWLY_UNDECIDED = "newly_undecided"
    FIXED = "fixed"
    NEWLY_PASSING = "newly_passing"
    NO_LONGER_JUDGED = "no_longer_judged"
    NOT_RUN = "not_run"
    REMOVED = "removed"
    NEW = "new"
    SAME = "same"


WORSE = (Became.NEWLY_FAILING, Became.NEWLY_UNDECIDED)


@frozen
class Turned:
    """A control in both runs: its verdicts, empty where a run has none, and what became of it.

    ``new`` says that the earlier run does not have it.
    """

    control: str
    title: str
    before: str
    after: str
    became: Became
    new: bool = False


@frozen
class Moved:
    """A limit, parameter or other part of a control that was otherwise in the earlier run."""

    control: str
    change: Change


@frozen
class RunDifference:
    """Everything that is otherwise in the later of two runs.

    ``notes`` say how far the two can be compared, ``cautions`` how the intervals of differences are to be read.
    """

    before: ReportV1
    after: ReportV1
    controls: tuple[Turned, ...]
    moved: tuple[Moved, ...]
    deltas: tuple[Delta, ...]
    notes: tuple[Text, ...] = ()
    cautions: tuple[Text, ...] = ()

    def became(self, *what: Became) -> tuple[Turned, ...]:
        """Return the controls of which this became."""
        return tuple(one for one in self.controls if one.became in what)

    @property
    def worsened(self) -> bool:
        """Whether a control newly fails, or is newly undecided."""
        return bool(self.became(*WORSE))


def run_difference(before: ReportV1, after: ReportV1, checks: Checks) -> RunDifference:
    """Compare two records.

    Parameters
    ----------
    before, after
        The earlier and the later record.
    checks
        Installed checks, which declare what is stricter.
    """
    earlier = {control.id: control for control in before.controls}
    later = {control.id: control for control in after.controls}
    both = [(earlier[id_], control) for id_, control in later.items() if id_ in earlier]
    found = deltas(before, after, both)
    return RunDifference(
        before=before,
        after=after,
        controls=tuple(_turned(before, after, earlier, later)),
        moved=tuple(
            Moved(control=new.id, change=one) for old, new in both for one in _changes(old, new, checks)
        ),
        deltas=found,
        notes=tuple(_notes(before, after)),
        cautions=tuple(_cautions(found)),
    )


def _turned(
    before: ReportV1, after: ReportV1, earlier: Mapping[str, ControlV1], later: Mapping[str, ControlV1]
) -> Iterator[Turned]:
    ran_before, ran_after = _ran(before), _ran(after)
    for id_, control in later.items():
        old = earlier.get(id_)
        was = "" if old is None else old.verdict
        became = _became(was, control.verdict)
        new = old is None and control.stage in ran_before
        if old is None and became is Became.SAME:
            became = Became.NEW
        yield Turned(
            control=id_, title=control.title, before=was, after=control.verdict, became=became, new=new
        )
    for id_, control in earlier.items():
        if id_ not in later:
            gone = Became.REMOVED if control.stage in ran_after else Became.NOT_RUN
            yield Turned(control=id_, title=control.title, before=control.verdict, after="", became=gone)


def _ran(report: ReportV1) -> set[str]:
    return {stage.id for stage in report.stages if stage.ran}


def _became(before: str, after: str) -> Became:
    """Return what a verdict became; a control that is new fails newly where it fails."""
    if after == Verdict.FAIL:
        return Became.SAME if before == Verdict.FAIL else Became.NEWLY_FAILING
    if after in UNDECIDED:
        return Became.SAME if before in UNDECIDED else Became.NEWLY_UNDECIDED
    if not before:
        return Became.NEW
    if after in ASIDE:
        return Became.SAME if before in ASIDE else Became.NO_LONGER_JUDGED
    if before == Verdict.FAIL:
        return Became.FIXED
    return Became.SAME if before == after else Became.NEWLY_PASSING


def _changes(old: ControlV1, new: ControlV1, checks: Checks) -> tuple[Change, ...]:
    one, other = _spec(old), _spec(new)
    if one is None or other is None:
        return ()
    check = checks.get(new.check.partition("@")[0])
    return compare(
        None if old.disabled else one,
        None if new.disabled else other,
        params=None if check is None else check.params,
        major=None if check is None else check.major,
    )


def _spec(control: ControlV1) -> ControlSpec | None:
    """Return a control as it was judged; ``None`` where its record holds what this version does not know."""
    limit = control.limit
    written = {
        "id": control.id,
        "title": control.title,
        "stage": control.stage,
        "check": control.check,
        "with": control.params,
        "limit": None if limit is None else {limit.side: limit.value, "confidence": limit.confidence},
        "narrow": None if limit is None or limit.narrow is None else {limit.side: limit.narrow},
        "severity": control.severity,
        "enforcement": control.enforcement,
        "safety": control.safety,
        "small_slices": control.small_slices,
        "small_slices_reason": control.small_slices_reason,
        "why": control.why,
        "fix": control.fix,
        "source": control.source,
        "supports": control.supports,
    }
    try:
        return ControlSpec.model_validate(written)
    except ValidationError:
        return None


def _notes(before: ReportV1, after: ReportV1) -> Iterator[Text]:
    if before.system.name != after.system.name:
        yield text(
            "the records are of two systems, {one} and {other}",
            one=before.system.name,
            other=after.system.name,
        )
    if before.created > after.created:
        yield text("the first record is the later one")
    for report, name in ((before, "earlier"), (after, "later")):
        if report.decision.interrupted:
            yield text("the {name} run was interrupted", name=name)
    packs = {pack.id: pack for pack in before.packs}
    for pack in after.packs:
        old = packs.get(pack.id)
        if old is not None and old.sha256 != pack.sha256:
            yield text(
                "the policy {pack} is another: version {old} then, {new} now",
                pack=pack.id,
                old=old.version,
                new=pack.version,
            )


def _cautions(found: tuple[Delta, ...]) -> Iterator[Text]:
    intervals = [one for one in found if one.interval is not None]
    if intervals:
        yield text(
            "intervals of differences hold where the two runs are about different people; records name nobody, so "
            "that cannot be seen here"
        )
        yield text(
            "{n} {n|interval|intervals} at 95 %, not corrected for their number: about one in twenty leaves out 0 "
            "by chance",
            n=len(intervals),
        )
    if any(one.people == "perhaps" for one in intervals):
        yield text(
            "where both runs count the same number of people they may be the same people; the interval does not "
            "hold then"
        )
