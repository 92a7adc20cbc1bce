"""What a record says of one control: how its verdict came about, and the smallest change that would alter it."""

from collections.abc import Iterator, Sequence

from hcgov.core.limit import Side
from hcgov.core.record import BoundV1, ControlV1, FindingV1, ReportV1
from hcgov.core.status import Reason, Verdict
from hcgov.io.render.numbers import interval, limit_text, moment, number, percent
from hcgov.io.render.plain import plain, plain_report
from hcgov.io.render.reading import rank, worst_finding
from hcgov.judgement.rejudging import limit_from
from hcgov.judgement.smallest_change import Turns

MOST = 8
"""Findings that are told one by one beside the worst."""

WIDTH = 12


def recorded_lines(report: ReportV1, control: ControlV1) -> Iterator[str]:
    """Yield what was observed, how it was compared, and what the gate made of it."""
    report, control = plain_report(report), plain_report(control)
    yield f"record {report.id} ({moment(report.created)})"
    yield _line("verdict", f"{_word(control.verdict)}{', narrow' if control.narrow else ''}")
    yield _line(
        "gate", f"{control.disposition} (enforcement {control.enforcement}, severity {control.severity})"
    )
    if control.limit is not None:
        confidence = percent(float(control.limit.confidence))
        yield _line(
            "limit", f"{limit_text(control.limit)}, decided at {confidence} confidence over all comparisons"
        )
    worst = worst_finding(control)
    if worst is not None:
        yield from _finding("worst" if worst.estimate is not None else "found", worst, control)
    others = [one for one in control.findings if one is not worst and one.verdict != Verdict.PASS]
    others.sort(key=lambda one: (one.listed, rank(one.verdict)))
    for one in others[:MOST]:
        yield from _finding("listed" if one.listed else "also", one, control)
    if len(others) > MOST:
        yield _line("", f"{len(others) - MOST} more findings that did not pass are in the record")
    passed = sum(one.verdict == Verdict.PASS and one is not worst for one in control.findings)
    if passed:
        yield _line("passed", f"{passed} other {'part' if passed == 1 else 'parts'}")
    yield from _excepted(control)


def _line(name: str, value: str) -> str:
    return f"  {name:<{WIDTH}}{value}".rstrip()


def _word(verdict: str) -> str:
    return verdict.replace("_", " ")


def _finding(name: str, finding: FindingV1, control: ControlV1) -> Iterator[str]:
    estimate = finding.estimate
    if estimate is None or estimate.value is None:
        yield _line(name, f"{_word(finding.verdict)}: {finding.message.text}")
        return
    people = "people not known" if estimate.people is None else f"{estimate.people:,} people"
    drawn = interval(estimate.low, estimate.high)
    level = "" if estimate.display_level is None else f" ({percent(estimate.display_level)} interval)"
    yield _line(name, f"{finding.about}: {_word(finding.verdict)}")
    yield _line("", f"{finding.metric} {number(estimate.value)} {drawn}{level}; n {estimate.n:,}, {people}")
    if control.limit is not None:
        for asks, bound in (("pass", finding.pass_bound), ("fail", finding.fail_bound)):
            if bound is not None:
                yield _line("", _compared(asks, bound, control))
    if finding.worst_case is not None:
        value = number(finding.worst_case.value)
        yield _line("", f"with what is not recorded at its worst, the bound that decides is {value}")
    if finding.verdict == Verdict.INCONCLUSIVE and finding.pass_bound is None:
        yield _line("", finding.message.text)


def _compared(asks: str, bound: BoundV1, control: ControlV1) -> str:
    """Return how one bound was held against the limit."""
    limit = limit_from(control)
    assert limit is not None
    at_most = limit.side is Side.AT_MOST
    sign = ("≤" if at_most else "≥") if asks == "pass" else (">" if at_most else "<")
    value, holds = "∞", False
    if bound.value is not None:
        inside = limit.holds(bound.value)
        value, holds = f"{bound.value:.4f}", inside is (asks == "pass")
    answer = "yes" if holds else "no"
    return f"to {asks}: {bound.end} bound {value} ({percent(bound.level)}) {sign} {limit.value}: {answer}"


def _excepted(control: ControlV1) -> Iterator[str]:
    if control.waiver is not None:
        one = control.waiver
        yield _line(
            "waiver", f"{one.id} of {one.owner}, until {one.expires} ({_word(one.state)}): {one.reason}"
        )
    else:
        yield _line("waiver", "none used")
    if control.attempt > 1:
        yield _line("attempt", f"{control.attempt} at the same labels; each takes more confidence to pass")
    if control.baseline:
        yield _line("baseline", f"{control.baseline} to the file of known failures")
    if control.upcoming:
        yield _line("upcoming", f"advisory until {control.upcoming}, from which it is enforced as written")
    if control.disabled:
        yield _line("disabled", control.headline.text)


def change_lines(report: ReportV1, control: ControlV1, found: Turns) -> Iterator[str]:
    """Yield the smallest changes that would alter the verdict, or what has to be supplied."""
    report, control = plain_report(report), plain_report(control)
    yield "smallest change that would alter the verdict"
    told = [*_turns(control, found), *_supply(report, control), *_state(control)]
    yield from told or [_line("", found.why or "no limit that makes sense would")]


def _turns(control: ControlV1, found: Turns) -> Iterator[str]:
    limit = control.limit
    if limit is None or not found.turns:
        return
    for turn in found.turns:
        way = "looser" if turn.looser else "tighter"
        yield _line(
            way, f"{limit.side}: {turn.value} makes it {_word(turn.verdict)}; {turn.before} does not yet"
        )
    limit_now = limit_from(control)
    if limit_now is not None and limit_now.spent is not None:
        yield _line("", "told for this attempt: another check of the same labels takes more to pass")
    if found.unknown:
        names = ", ".join(plain(name) for name in found.unknown[:3])
        more = f" and {len(found.unknown) - 3} more" if len(found.unknown) > 3 else ""
        yield _line(
            "", f"the record does not hold all about {names}{more}: they may turn it sooner, or hold it back"
        )


def _supply(report: ReportV1, control: ControlV1) -> Iterator[str]:
    undecided = [one for one in control.findings if one.verdict == Verdict.INCONCLUSIVE and not one.listed]
    needed = [(one.labels_needed, one.about) for one in undecided if one.labels_needed is not None]
    if needed and control.verdict == Verdict.INCONCLUSIVE:
        most, about = max(needed)
        yield _line("labels", f"about {most:,} further rows for {about}, if its value stays as it is")
    absent = {entry.id: entry for entry in report.evidence if entry.absent}
    for id_ in control.evidence:
        if id_ in absent:
            entry = absent[id_]
            detail = "" if entry.detail is None else f": {entry.detail.text}"
            yield _line("supply", f"`{entry.artifact}` ({entry.location or 'not declared'}){detail}")
    if control.verdict in (Verdict.MISSING, Verdict.PENDING) and not absent.keys() & set(control.evidence):
        awaited = [one for one in control.findings if one.verdict == control.verdict]
        yield from (_line("supply", one.message.text) for one in awaited[:MOST])


def _state(control: ControlV1) -> Iterator[str]:
    """Yield what to mend where no limit decides."""
    if any(one.reason == Reason.UNKNOWN_FACT for one in control.findings):
        yield _line("state", f"the fact under `system: facts:`; {control.headline.text}")
    if control.verdict == Verdict.NOT_APPLICABLE:
        yield _line("state", f"another fact; {control.headline.text}")
    if control.disabled:
        yield _line("enable", "take the entry under `disabled:` away")
    if control.verdict == Verdict.FAIL:
        stated: Sequence[FindingV1] = [
            one for one in control.findings if one.verdict == Verdict.FAIL and one.fail_bound is None
        ]
        yield from (_line("mend", one.message.text) for one in stated[:MOST])
    if control.verdict == Verdict.ERROR:
        yield _line("mend", control.headline.text)
