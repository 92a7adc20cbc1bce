"""A short Markdown summary of a report, for an MLflow run's note and for CI."""

from hcgov.core.record import ComparedV1, ControlV1, ReportV1
from hcgov.io.render.catalogue import SHAPES, Labels, labels
from hcgov.io.render.excepted import exception
from hcgov.io.render.json_report import report_digest
from hcgov.io.render.numbers import interval, limit_text, moment, number
from hcgov.io.render.plain import markdown, markdown_sentence, plain_report
from hcgov.io.render.reading import counts, ends, findings_of, worst_measured
from hcgov.io.render.since import since

LONGEST_SUMMARY = 4_000
"""Characters; an MLflow note that is longer may be refused."""

ROWS = 20
_HEAD = "| Result | Control | What must hold | Value | Limit |\n| --- | --- | --- | --- | --- |"


def render_markdown(report: ReportV1) -> str:
    """Return the decision, the counts, up to 20 controls that need attention, and what identifies the report.

    It has at most 4,000 characters: rows that do not fit are counted in its last line.
    """
    words = labels()
    shown = plain_report(report)
    head = _clipped(_head(shown, words), LONGEST_SUMMARY // 3)
    foot = _foot(shown, report_digest(report))
    found = findings_of(shown)
    room = LONGEST_SUMMARY - len(head) - len(foot) - len(_HEAD) - 60
    rows: list[str] = []
    for control in found[:ROWS]:
        row = _row(control, words)
        if len(row) + 1 > room:
            break
        room -= len(row) + 1
        rows.append(row)
    parts = [head]
    if rows:
        parts.append("\n".join([_HEAD, *rows]))
    if len(found) > len(rows):
        parts.append(f"{len(found) - len(rows)} more in report.json.")
    return "\n\n".join([*parts, foot]) + "\n"


def _head(report: ReportV1, words: Labels) -> str:
    tally = " · ".join(f"{words.verdict(verdict)} {n}" for verdict, n in counts(report) if n) or "No control"
    not_run = ", ".join(stage.title for stage in report.stages if not stage.ran)
    lines = [
        f"**{words.decision(report)}** – {_clipped(markdown(report.system.name), 120)} "
        f"{_clipped(markdown(report.system.version), 60)}",
        tally,
        _clipped(markdown_sentence(report.decision.reason), 600),
    ]
    if report.departures:
        told = "; ".join(words.sentence(one) for one in report.departures)
        lines.append(f"Rules that were changed: {_clipped(markdown(told), 600)}.")
    if report.compared_with is not None:
        lines.append(_since(report.compared_with))
    if not_run:
        lines.append(f"Stages that did not run: {_clipped(markdown(not_run), 200)}.")
    return "\n\n".join(lines)


def _since(compared: ComparedV1) -> str:
    became = "; ".join(f"{heading.lower()}: {', '.join(ids)}" for heading, ids in since(compared))
    before = f"{compared.id} ({moment(compared.created)}, {compared.decision.replace('_', ' ')})"
    told = f"Since {before}: {became or 'nothing'}"
    return f"{_clipped(markdown(told), 400)}."


def _row(control: ControlV1, words: Labels) -> str:
    worst = worst_measured(control)
    value = ""
    if worst is not None and worst.estimate is not None:
        value = markdown(f"{number(worst.estimate.value)} {interval(*ends(worst))}".rstrip())
    accepted = exception(control, words, public=True)
    cells = (
        f"{SHAPES.get(control.verdict, '?')} {words.verdict(control.verdict)}"
        + (f" ({_clipped(markdown(accepted), 160)})" if accepted else ""),
        _clipped(markdown(control.id), 80),
        _clipped(markdown(control.title), 160),
        value or "–",
        markdown(limit_text(control.limit)) or "–",
    )
    return f"| {' | '.join(cells)} |"


def _foot(report: ReportV1, digest: str) -> str:
    return (
        f"Report {_clipped(markdown(report.id), 80)}, {_clipped(markdown(moment(report.created)), 60)}, "
        f"sha256 `{digest}`. Self-assessment; not independent assurance."
    )


def _clipped(escaped: str, longest: int) -> str:
    """Cut escaped text, never within an escape or an entity."""
    if len(escaped) <= longest:
        return escaped
    cut = escaped[: longest - 1]
    entity = cut.rfind("&")
    if entity != -1 and ";" not in cut[entity:]:
        cut = cut[:entity]
    odd = (len(cut) - len(cut.rstrip("\\"))) % 2
    cut = cut[: len(cut) - odd]
    # An odd backtick would open code that swallows what follows.
    return (cut if cut.replace("\\`", "").count("`") % 2 == 0 else cut + "`") + "…"
