"""A report on a terminal: what needs attention, why, and the one line that answers. Streams are the caller's."""

import textwrap
from collections import Counter

from hcgov.core.record import ControlV1, FindingV1, ReportV1
from hcgov.core.text import text
from hcgov.io.render.attempted import attempt_text
from hcgov.io.render.catalogue import SHAPES, VERDICT_ORDER, Labels, labels
from hcgov.io.render.excepted import exception
from hcgov.io.render.numbers import bound_text, interval, limit_text, number, percent
from hcgov.io.render.plain import cells, plain, plain_report
from hcgov.io.render.reading import (
    QUIET,
    ends,
    findings_of,
    place,
    short,
    slice_name,
    small_slices,
    worst_finding,
    worst_measured,
)
from hcgov.io.render.signed import signed_text

ANSWERS = {
    "passed": "READY",
    "passed_with_conditions": "READY, WITH CONDITIONS",
    "failed": "NOT READY",
    "incomplete": "CANNOT BE DECIDED",
}

SHORT_VERDICTS = {
    "fail": "not met",
    "inconclusive": "not enough data",
    "missing": "missing evidence",
    "error": "could not be checked",
    "pending": "waiting for a person",
    "not_evaluated": "not evaluated",
    "not_applicable": "not applicable",
    "pass": "met",
}

ANSWERING = ("fail", "inconclusive", "missing", "error", "pending")
"""Verdicts that explain by themselves why a release is not ready."""

MOST = 40
"""Findings that are told one by one; what is beyond them is counted."""

_CODES = {
    "pass": "32",
    "fail": "31",
    "inconclusive": "35",
    "missing": "33",
    "error": "33",
    "pending": "36",
    "not_evaluated": "2",
    "not_applicable": "2",
    "waived": "34",
}
_TONES = {"passed": "pass", "passed_with_conditions": "waived", "failed": "fail"}
NARROWEST = 40


def render_full(report: ReportV1, *, color: bool, width: int) -> str:
    """Return the report for a person at a terminal.

    Parameters
    ----------
    report
        The record.
    color
        Whether ANSI colours are used; words and shapes say the same without them.
    width
        Cells of a line. Prose is wrapped; paths, digests and ids are not, so that they can be copied.
    """
    words = labels()
    shown = plain_report(report)
    pen = _Pen(color=color, width=max(width, NARROWEST))
    parts = [_title(shown), "", *_stages(shown, pen)]
    found = findings_of(shown)
    for control in found[:MOST]:
        parts += ["", *_finding(control, words, pen)]
    if len(found) > MOST:
        parts += ["", f"{len(found) - MOST} more in report.json"]
    parts += [
        "",
        *_departures(shown, words, pen),
        *_unsaid(shown, pen),
        *_notices(shown, words, pen),
        last_line(report, color=color),
    ]
    return "\n".join(parts) + "\n"


def render_concise(report: ReportV1) -> str:
    """Return a line for each finding, ``file:line:column: ID verdict severity about: what``, then the answer."""
    words = labels()
    shown = plain_report(report)
    lines = []
    for control in findings_of(shown):
        worst = worst_finding(control)
        about = f" {short(slice_name(worst))}:" if worst is not None and worst.slice else ""
        accepted = exception(control, words)
        lines.append(
            f"{place(control)}: {control.id} {control.verdict} {control.severity}{about} "
            f"{words.sentence(control.headline)}{f' [{accepted}]' * bool(accepted)}"
        )
    return "\n".join([*lines, last_line(report)]) + "\n"


def last_line(report: ReportV1, *, color: bool = False) -> str:
    """Return the one line that answers, such as ``NOT READY  1 not met · 21 met``."""
    decision = report.decision.value
    pen = _Pen(color=color, width=NARROWEST)
    answer = pen.tone(_TONES.get(decision, "inconclusive"), ANSWERS[decision], bold=True)
    waived = Counter(control.disposition for control in report.controls)["waived"]
    ran = [stage.title for stage in report.stages if stage.ran]
    parts = [
        f"{n} {SHORT_VERDICTS[verdict]}"
        for verdict in VERDICT_ORDER
        if (n := report.decision.counts.get(verdict, 0))
    ]
    if waived:
        parts.insert(len(parts) - 1, f"{waived} exception{'s' * (waived != 1)}")
    tally = " · ".join(parts) or "no control was checked"
    scope = ""
    if ran and len(ran) < len(report.stages):
        scope = f"  (only {', '.join(ran).lower()})"
    stopped = "  (interrupted)" if report.decision.interrupted else ""
    return f"{answer}  {tally}{scope}{stopped}{_explained(report)}"


def _explained(report: ReportV1) -> str:
    """Say what the numbers alone leave open: an answer that none of them explains."""
    counts, decision = report.decision.counts, report.decision
    telling = any(counts.get(verdict) for verdict in ANSWERING)
    if decision.value == "passed" and telling:
        return "  (advice only: does not block)"
    ready = decision.value in ("passed", "passed_with_conditions")
    if ready or telling or not any(counts.values()) or decision.interrupted:
        return ""
    return f"  ({plain(decision.reason)})"


class _Pen:
    """Writes with or without colour, within a width."""

    def __init__(self, *, color: bool, width: int) -> None:
        self.color = color
        self.width = width

    def tone(self, kind: str, text: str, *, bold: bool = False) -> str:
        if not self.color:
            return text
        return f"\x1b[{'1;' * bold}{_CODES.get(kind, '0')}m{text}\x1b[0m"

    def faint(self, text: str) -> str:
        return f"\x1b[2m{text}\x1b[0m" if self.color else text

    def wrapped(self, text: str, first: str, rest: str) -> list[str]:
        """Wrap prose after a label; wide characters make the lines shorter."""
        room = max(self.width - cells(first), 20)
        average = cells(text) / max(len(text), 1)
        lines = textwrap.wrap(
            text, width=max(int(room / max(average, 1.0)), 10), break_long_words=False, break_on_hyphens=False
        )
        return [f"{first if not index else rest}{line}" for index, line in enumerate(lines or [""])]


def _title(report: ReportV1) -> str:
    ran = ", ".join(stage.id for stage in report.stages if stage.ran) or "none"
    packs = ", ".join(f"{pack.id}@{pack.version}" for pack in report.packs) or "none"
    return (
        f"{report.tool.name} {report.tool.version} · {report.system.name} {report.system.version} · "
        f"stages {ran} · policy {packs} ({text('{n} {n|control|controls}', n=len(report.controls))})"
    )


def _stages(report: ReportV1, pen: _Pen) -> list[str]:
    widest = max((cells(stage.title) for stage in report.stages), default=0)
    lines = []
    for stage in report.stages:
        name = stage.title + " " * (widest - cells(stage.title))
        if not stage.ran:
            lines.append(pen.faint(f"  {name}  did not run"))
            continue
        told = [
            pen.tone(verdict, f"{n} {SHORT_VERDICTS[verdict]}")
            for verdict in VERDICT_ORDER
            if (n := stage.counts.get(verdict, 0))
        ]
        lines.append(f"  {name}  {' · '.join(told) or 'no control'}")
    return lines


def _finding(control: ControlV1, words: Labels, pen: _Pen) -> list[str]:
    shape = SHAPES.get(control.verdict, "?")
    head = f"{shape} {control.id}  {words.verdict(control.verdict)} · {control.severity}"
    lines = [pen.tone(control.verdict, head, bold=True), *pen.wrapped(control.title, "  ", "  ")]
    rows = [("found", words.sentence(control.headline))]
    if accepted := exception(control, words):
        rows.append(("waiver", accepted))
    value = _value(control)
    if value:
        rows.append(("value", value))
    if tried := attempt_text(control):
        rows.append(("attempt", tried))
    small = sorted(small_slices(control))
    if small:
        rows.append(("too few", _few(control, small)))
    if signatures := signed_text(control):
        rows.append(("signed", signatures))
    needed = _needed(control)
    if needed:
        rows.append(("decide", needed))
    rows += [("why", control.why), ("fix", control.fix)]
    raw = [("policy", place(control)), ("evidence", ", ".join(control.evidence) or "none")]
    raw.append(("more", f"hcgov explain {control.id}"))
    for label, line in rows:
        lines += pen.wrapped(line, f"   ├ {label:<9}", "   │ " + " " * 9)
    for index, (label, line) in enumerate(raw):
        lines.append(pen.faint(f"   {'└' if index == len(raw) - 1 else '├'} {label:<9}{line}"))
    return lines


def _value(control: ControlV1) -> str:
    worst = worst_measured(control)
    if worst is None or worst.estimate is None:
        return ""
    parts = [f"{number(worst.estimate.value)} {interval(*ends(worst))}".rstrip()]
    if control.limit is not None:
        parts.append(f"limit {limit_text(control.limit)}")
    parts.append(f"n = {worst.estimate.n:,}")
    bounds = [
        f"{bound_text(bound)} at {percent(bound.level)}"
        for bound in (worst.pass_bound, worst.fail_bound)
        if bound is not None
    ]
    return "   ".join(parts) + (f"   ({', '.join(bounds)})" if bounds else "")


def _few(control: ControlV1, small: list[str]) -> str:
    named, sizes = small[:8], dict[str, int]()
    for finding in (*control.findings, *control.shown):
        if (name := slice_name(finding)) in named:
            sizes.setdefault(name, _size(finding))
    told = [f"{name} (n = {sizes.get(name, 0):,})" for name in named]
    more = f" and {len(small) - 8} more" if len(small) > 8 else ""
    return ", ".join(told) + more


def _size(finding: FindingV1) -> int:
    return (
        finding.groups[0].n if finding.groups else finding.estimate.n if finding.estimate is not None else 0
    )


def _unsaid(report: ReportV1, pen: _Pen) -> list[str]:
    """Name the slices of which a control that is met says nothing: green must not read as good for everyone."""
    lines: list[str] = []
    for control in report.controls:
        open_ = [f for f in control.findings if f.verdict == "inconclusive" and f.slice]
        if control.verdict != "pass" or not open_:
            continue
        named = sorted({slice_name(finding) for finding in open_})
        told = f"undecided, and not held against it: {_few(control, named)}"
        lines += pen.wrapped(told, f"{control.id}  met; ", "  ")
    return [*lines, ""] if lines else []


def _needed(control: ControlV1) -> str:
    open_ = [f for f in control.findings if f.labels_needed and f.verdict not in QUIET]
    if control.verdict != "inconclusive" or not open_:
        return ""
    most = max(open_, key=lambda finding: finding.labels_needed or 0)
    return str(
        text(
            "about {n} more {n|row|rows} on {about} would decide it, if the value stays",
            n=f"{most.labels_needed:,}",
            about=most.about,
        )
    )


def _departures(report: ReportV1, words: Labels, pen: _Pen) -> list[str]:
    """Say where the controls are not those that were inherited."""
    lines: list[str] = []
    for departure in report.departures[:MOST]:
        lines += pen.wrapped(words.sentence(departure), "  - ", "    ")
    if len(report.departures) > MOST:
        lines.append(f"  {len(report.departures) - MOST} more in report.json")
    return ["Rules that were changed", *lines, ""] if lines else []


def _notices(report: ReportV1, words: Labels, pen: _Pen) -> list[str]:
    lines: list[str] = []
    for notice in report.notices[:MOST]:
        lines += pen.wrapped(words.sentence(notice.message), f"{notice.code}  ", "  ")
    return [*lines, ""] if lines else []
