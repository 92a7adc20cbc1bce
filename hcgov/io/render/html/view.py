"""What the page shows, worked out before any template runs: anchors, cards, result blocks, first-screen lists."""

import re
from collections import Counter

from hcgov.core.frozen import frozen
from hcgov.core.record import ControlV1, EvidenceV1, FindingV1, ReportV1, SignedV1, StageV1
from hcgov.io.render.catalogue import DECISION_TONES, Labels
from hcgov.io.render.html.figures import Figure, figures
from hcgov.io.render.html.plots import bar
from hcgov.io.render.json_report import report_digest
from hcgov.io.render.plain import plain_report
from hcgov.io.render.reading import (
    QUIET,
    blocking,
    clauses,
    counts,
    findings_of,
    ordered,
    rank,
    slice_values,
    worst_finding,
)
from hcgov.io.render.since import since

ROWS = 50
"""Rows of one table; what is beyond them is named by number and stands in report.json."""

MATRIX_ROWS = 200
"""The control matrix is the one table whose point is to be complete; only a very large policy is cut."""

_ANCHOR = re.compile(r"[A-Za-z][\w.-]{0,63}", re.ASCII)


@frozen
class Card:
    """One finding card: a control that needs attention, with the finding that stands for it."""

    number: int
    control: ControlV1
    worst: FindingV1 | None
    others: tuple[FindingV1, ...]
    evidence: tuple[EvidenceV1, ...]


@frozen
class Block:
    """The results of one control: values by slice, judged comparisons, plots, and statements."""

    control: ControlV1
    slices: tuple[FindingV1, ...]
    judged: tuple[FindingV1, ...]
    statements: tuple[FindingV1, ...]
    figures: tuple[Figure, ...]

    @property
    def metrics(self) -> tuple[str, ...]:
        """The metrics among the values by slice; a table of several names them."""
        return tuple(dict.fromkeys(finding.metric for finding in self.slices))

    @property
    def judged_metrics(self) -> tuple[str, ...]:
        """The metrics among what a limit judges."""
        return tuple(dict.fromkeys(finding.metric for finding in self.judged))


@frozen
class ResultsPart:
    """One part of the results chapter."""

    key: str
    blocks: tuple[Block, ...]


@frozen
class View:
    """Everything the templates read; ``report`` is the neutralised copy, ``digest`` that of the record itself."""

    report: ReportV1
    digest: str
    tone: str
    counts: tuple[tuple[str, int], ...]
    total: int
    segments: tuple[tuple[str, float, float, int], ...]
    blocking: tuple[ControlV1, ...]
    waived: tuple[ControlV1, ...]
    listed: tuple[ControlV1, ...]
    narrow: tuple[ControlV1, ...]
    not_run: tuple[StageV1, ...]
    ran: tuple[StageV1, ...]
    unevaluated: tuple[ControlV1, ...]
    inapplicable: tuple[ControlV1, ...]
    absent: tuple[EvidenceV1, ...]
    controls: tuple[ControlV1, ...]
    clauses: tuple[tuple[str, tuple[ControlV1, ...]], ...]
    cards: tuple[Card, ...]
    results: tuple[ResultsPart, ...]
    methods: tuple[str, ...]
    anchors: dict[str, str]
    since: tuple[tuple[str, tuple[str, ...]], ...]
    signed: dict[str, tuple[SignedV1, ...]]
    rows: int = ROWS
    matrix_rows: int = MATRIX_ROWS


def view_of(report: ReportV1, words: Labels) -> View:
    """Work out what the page shows."""
    shown = plain_report(report)
    controls = ordered(shown.controls)
    counted = counts(shown)
    return View(
        report=shown,
        digest=report_digest(report),
        tone=DECISION_TONES.get(shown.decision.value, "inconclusive"),
        counts=counted,
        total=sum(n for _, n in counted),
        segments=bar(counted),
        blocking=blocking(shown),
        waived=tuple(c for c in controls if c.disposition == "waived"),
        listed=tuple(c for c in controls if c.small_slices == "list"),
        narrow=tuple(c for c in controls if c.narrow),
        not_run=tuple(s for s in shown.stages if not s.ran),
        ran=tuple(s for s in shown.stages if s.ran),
        unevaluated=tuple(c for c in controls if c.verdict == "not_evaluated"),
        inapplicable=tuple(c for c in controls if c.verdict == "not_applicable"),
        absent=tuple(e for e in shown.evidence if e.absent),
        controls=controls,
        clauses=clauses(shown),
        cards=_cards(shown),
        results=_results(shown, words),
        methods=_methods(shown),
        anchors=_anchors(shown),
        since=tuple(since(shown.compared_with)),
        signed=_signed(shown),
    )


def _signed(report: ReportV1) -> dict[str, tuple[SignedV1, ...]]:
    """Return the signatures that count by artifact, each once however many controls ask for it."""
    found: dict[str, dict[SignedV1, None]] = {}
    for one in (one for control in report.controls for one in control.signed):
        found.setdefault(one.artifact, {})[one] = None
    return {artifact: tuple(signatures) for artifact, signatures in found.items()}


def _anchors(report: ReportV1) -> dict[str, str]:
    """Give each control an id for links: its own where that is fit for one and used once, else its number."""
    uses = Counter(control.id for control in report.controls)
    fit = {name for name, n in uses.items() if n == 1 and _ANCHOR.fullmatch(name)}
    return {
        control.id: control.id if control.id in fit else f"n{index}"
        for index, control in enumerate(report.controls, start=1)
    }


def _cards(report: ReportV1) -> tuple[Card, ...]:
    evidence = {item.id: item for item in report.evidence}
    return tuple(
        Card(
            number=number,
            control=control,
            worst=(named := worst_finding(control)),
            others=tuple(
                sorted(
                    (f for f in control.findings if f is not named and f.verdict not in QUIET),
                    key=lambda f: rank(f.verdict),
                )
            ),
            evidence=tuple(evidence[name] for name in control.evidence if name in evidence),
        )
        for number, control in enumerate(findings_of(report)[:ROWS], start=1)
    )


def _results(report: ReportV1, words: Labels) -> tuple[ResultsPart, ...]:
    parts: dict[str, list[Block]] = {"data": [], "measured": [], "statements": []}
    for index, control in enumerate(report.controls, start=1):
        block = _block(control, f"p{index}", words)
        if not (block.slices or block.judged or block.statements):
            continue
        measured = bool(block.slices or block.judged)
        key = "data" if control.stage == "data" else "measured" if measured else "statements"
        parts[key].append(block)
    return tuple(ResultsPart(key=key, blocks=tuple(blocks)) for key, blocks in parts.items())


def _block(control: ControlV1, prefix: str, words: Labels) -> Block:
    judged = tuple(
        sorted(
            (f for f in control.findings if f.estimate is not None or f.slice), key=lambda f: rank(f.verdict)
        )
    )
    slices = slice_values(control)
    return Block(
        control=control,
        slices=slices,
        judged=judged,
        statements=tuple(f for f in control.findings if f.estimate is None and not f.slice),
        figures=figures(control, slices, judged, prefix, words),
    )


def _methods(report: ReportV1) -> tuple[str, ...]:
    used = {
        method
        for control in report.controls
        for finding in (*control.findings, *control.shown)
        if finding.estimate is not None
        for method in (finding.estimate.method, finding.estimate.display_method)
        if method
    }
    return tuple(sorted(used))
