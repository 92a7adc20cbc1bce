"""The parts of a card that are made from the record. Text from outside is escaped for Markdown and HTML."""

from collections.abc import Iterable, Sequence

from hcgov.core.record import ControlV1, FindingV1, ReportV1
from hcgov.core.text import text
from hcgov.io.render.catalogue import SHAPES, Labels
from hcgov.io.render.excepted import exception
from hcgov.io.render.html.figures import comparison
from hcgov.io.render.model_card.body import Block, Gaps
from hcgov.io.render.numbers import bound_text, count, interval, limit_text, moment, number, percent
from hcgov.io.render.plain import markdown, markdown_sentence
from hcgov.io.render.reading import (
    ends,
    findings_of,
    ordered,
    slice_name,
    slice_values,
    small_slices,
    worst_measured,
)

ROWS = 50


def blocks(report: ReportV1, words: Labels, *, unnamed: int) -> tuple[Block, ...]:
    """Return every block but the summary, which must know what the others left open.

    ``unnamed`` groups have so few people that they are only counted.
    """
    made = (
        ("description", "Model Description", _description(report, words)),
        ("limitations", "Bias, Risks, and Limitations", _limitations(report, words, unnamed)),
        ("recommendations", "Recommendations", _recommendations(report)),
        ("testing-data", "Testing Data", _testing_data(report, words)),
        ("factors", "Factors", _factors(report)),
        ("metrics", "Metrics", _metrics(report, words)),
        ("results", "Results", _results(report, words)),
        ("decision", "Release Decision", _decision(report, words)),
    )
    return tuple(Block(name=name, heading=heading, text=text) for name, heading, text in made)


def summary(report: ReportV1, words: Labels, digest: str, left: Gaps, unset: Sequence[str]) -> Block:
    """Return the banner: the decision, what it rests on, and what the card does not say."""
    tone = {"passed": "pass", "passed_with_conditions": "waived", "failed": "fail"}.get(report.decision.value)
    shape = SHAPES[tone or "inconclusive"]
    ran = ", ".join(stage.title for stage in report.stages if stage.ran) or "none"
    total = left.filled + len(left.open)
    lines = [
        f"> {shape} **{words.decision(report)}** – {markdown_sentence(report.decision.reason)}",
        ">",
        f"> Stages that ran: {markdown(ran)}. Decided {markdown(moment(report.created))}. "
        f"Report {markdown(report.id)}, sha256 `{digest}`.",
        ">",
        f"> This card: {left.filled} of {total} parts are filled. {_open(left, unset)}",
        ">",
        "> Self-assessment by the provider's own pipeline. Not independent assurance.",
    ]
    return Block(name="summary", heading="", text="\n".join(lines))


def _open(left: Gaps, unset: Sequence[str]) -> str:
    missing = [*left.open, *(f"front matter `{key}`" for key in unset)]
    if not missing:
        return "Nothing is left open."
    shown = "; ".join(name if "`" in name else markdown(name) for name in missing[:30])
    more = f"; and {len(missing) - 30} more" if len(missing) > 30 else ""
    return f"Not provided: {shown}{more}."


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table; cells must be escaped already."""
    lines = [f"| {' | '.join(head)} |", f"|{'|'.join(' --- ' for _ in head)}|"]
    lines += [f"| {' | '.join(cell or ' ' for cell in row)} |" for row in rows]
    return "\n".join(lines)


def _description(report: ReportV1, words: Labels) -> str:
    system = report.system
    subject = f"`{report.subject.sha256}`" if report.subject.sha256 else "Not provided"
    facts = {"license": "License", "language": "Language(s) (NLP)"}
    lines = [
        *([markdown(system.description), ""] if system.description else []),
        f"- **Name and version:** {markdown(system.name)} {markdown(system.version)}",
        f"- **Developed by:** {markdown(system.owner) or 'Not provided'}",
        f"- **Risk profile:** {words.risk_profile(system.risk_profile)}",
        *(
            f"- **{label}:** {markdown(str(system.facts[key])) if key in system.facts else 'Not provided'}"
            for key, label in facts.items()
        ),
        f"- **Subject (SHA-256):** {subject}",
    ]
    return "\n".join(lines)


def _limitations(report: ReportV1, words: Labels, unnamed: int) -> str:
    found = findings_of(report)
    lines = [
        f"- {SHAPES.get(control.verdict, '?')} **{markdown(control.title)}** "
        f"({markdown(control.id)}, {words.verdict(control.verdict)}): "
        f"{markdown_sentence(words.sentence(control.headline))}{_excepted(control, words)}"
        for control in found[:ROWS]
    ]
    small: dict[str, list[str]] = {}
    for control in report.controls:
        for name in small_slices(control):
            small.setdefault(name, []).append(control.id)
    lines += [
        f"- {SHAPES['inconclusive']} {markdown(name)}: too few people to tell ({', '.join(map(markdown, ids))})."
        for name, ids in sorted(small.items())[:ROWS]
    ]
    lines += [f"- {markdown_sentence(words.sentence(sentence))}" for sentence in report.limits[:ROWS]]
    if unnamed:
        lines.append(
            f"- {SHAPES['inconclusive']} Groups with at most 10 people somewhere in the results: {unnamed}. "
            "They are not named there, and their numbers are not shown."
        )
    if len(small) > ROWS:
        more = text("{n} more {n|group|groups} with too few people", n=len(small) - ROWS)
        lines.append(f"- {more}, in report.json.")
    if len(found) > ROWS:
        lines.append(f"- {text('{n} more {n|finding|findings}', n=len(found) - ROWS)} in report.json.")
    return "\n".join(lines) or "No control needs attention. This says nothing about what no control asks."


def _excepted(control: ControlV1, words: Labels) -> str:
    accepted = exception(control, words, public=True)
    return f" ({markdown(accepted)})" if accepted else ""


def _recommendations(report: ReportV1) -> str:
    found = findings_of(report)
    lines = [f"- {markdown(control.id)}: {markdown_sentence(control.fix)}" for control in found[:ROWS]]
    return "\n".join(lines) or "None from the controls."


def _testing_data(report: ReportV1, words: Labels) -> str:
    rows = [
        (
            markdown(item.id),
            markdown(item.artifact),
            markdown(item.location),
            count(item.rows),
            f"`{item.sha256}`"
            if item.sha256
            else markdown_sentence(words.sentence(item.detail) or item.absent) or "–",
        )
        for item in report.evidence[:ROWS]
        if item.kind == "table"
    ]
    if not rows:
        return "No table was read as evidence."
    return table(("Evidence", "Artifact", "Where", "Rows", "SHA-256"), rows)


def _factors(report: ReportV1) -> str:
    groups: dict[str, set[str]] = {}
    for control in report.controls:
        for finding in (*control.findings, *control.shown):
            for column, value in finding.slice.items():
                groups.setdefault(column, set()).add(value)
    if not groups:
        return "No results are broken down by group."
    return "\n".join(
        f"- {markdown(column)}: {', '.join(markdown(value) for value in sorted(values)[:ROWS])}"
        for column, values in sorted(groups.items())
    )


def _metrics(report: ReportV1, words: Labels) -> str:
    rows = [
        (
            markdown(control.id),
            markdown(words.metric(worst.metric)),
            markdown(limit_text(control.limit)),
            percent(control.limit.spent or float(control.limit.confidence)),
            markdown(words.method(worst.estimate.method)),
        )
        for control in report.controls
        if control.limit is not None
        and (worst := worst_measured(control)) is not None
        and worst.estimate is not None
    ]
    if not rows:
        return "No control has a numeric limit and a value."
    note = (
        "A limit is met when the whole range of a value is on its right side, and not met when the whole range, "
        "corrected for the number of comparisons, is on its wrong side."
    )
    return f"{note}\n\n" + table(("Control", "Metric", "Limit", "Confidence", "Bounds"), rows[:ROWS])


def _results(report: ReportV1, words: Labels) -> str:
    measured = [(c, w) for c in ordered(report.controls) if (w := worst_measured(c)) is not None]
    if not measured:
        return "No value was measured."
    parts = ["Worst value of each control:", _worst_table(measured, words)]
    for control, _ in measured:
        values = slice_values(control)
        if values:
            parts += [
                f"{markdown(words.metric(values[0].metric))} by group ({markdown(control.id)}):",
                _slices_table(values, words),
            ]
        if len(values) > ROWS:
            parts.append(f"{len(values) - ROWS} more in report.json.")
    return "\n\n".join(parts)


def _worst_table(measured: Sequence[tuple[ControlV1, FindingV1]], words: Labels) -> str:
    rows = [
        (
            markdown(control.id),
            f"{SHAPES.get(control.verdict, '?')} {words.verdict(control.verdict)}",
            markdown(words.metric(worst.metric)),
            markdown(comparison(worst)),
            number(worst.estimate.value if worst.estimate is not None else None),
            markdown(interval(*ends(worst))),
            markdown(limit_text(control.limit)),
            markdown(
                " and ".join(filter(None, (bound_text(worst.pass_bound), bound_text(worst.fail_bound))))
            ),
        )
        for control, worst in measured[:ROWS]
    ]
    return table(("Control", "Result", "Metric", "Group", "Value", "Range", "Limit", "Bounds"), rows)


def _slices_table(values: Sequence[FindingV1], words: Labels) -> str:
    rows = [
        (
            markdown(slice_name(finding)),
            number(finding.estimate.value),
            markdown(interval(finding.estimate.low, finding.estimate.high)),
            count(finding.estimate.n or None),
            count(finding.estimate.people),
            words.reason(finding.reason) if finding.reason else "",
        )
        for finding in values[:ROWS]
        if finding.estimate is not None
    ]
    return table(("Group", "Value", "Range", "n", "People", "Remark"), rows)


def _decision(report: ReportV1, words: Labels) -> str:
    rows = [
        (
            markdown(control.id),
            markdown(control.title),
            f"{SHAPES.get(control.verdict, '?')} {words.verdict(control.verdict)}",
            words.disposition(control.disposition) + _excepted(control, words),
            words.enforcement(control.enforcement),
        )
        for control in ordered(report.controls)[: 4 * ROWS]
    ]
    packs = ", ".join(f"{markdown(pack.id)} {markdown(pack.version)}" for pack in report.packs) or "none"
    lead = f"{words.decision(report)}, under the policy {packs}."
    if not rows:
        return f"{lead}\n\nNo control was evaluated."
    left = len(report.controls) - len(rows)
    more = f"\n\n{left} more in report.json." if left > 0 else ""
    return (
        f"{lead}\n\n" + table(("Control", "What must hold", "Result", "Effect", "Enforcement"), rows) + more
    )
