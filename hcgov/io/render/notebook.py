"""A report as a table for notebooks: HTML without styles or scripts of its own, as it stands in somebody's page."""

from html import escape

from hcgov.core.record import ControlV1, ReportV1
from hcgov.io.render.catalogue import SHAPES, Labels, labels
from hcgov.io.render.excepted import exception
from hcgov.io.render.plain import plain_report
from hcgov.io.render.reading import counts, ordered


def render_notebook(report: ReportV1) -> str:
    """Return the decision, the counts, and every control with its verdict and the sentence that gives the reason."""
    words = labels()
    shown = plain_report(report)
    tally = " · ".join(f"{words.verdict(verdict)} {n}" for verdict, n in counts(shown) if n) or words.say(
        "No control"
    )
    head = "".join(
        f'<th scope="col" style="text-align:left">{escape(words.say(name))}</th>'
        for name in ("Result", "Control", "What must hold", "What was found")
    )
    rows = "".join(_row(control, words) for control in ordered(shown.controls))
    system = f"{shown.system.name} {shown.system.version}"
    return (
        f"<div><p><strong>{escape(words.decision(shown))}</strong> – {escape(system)}<br>{escape(tally)}<br>"
        f"{escape(shown.decision.reason)}</p>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _row(control: ControlV1, words: Labels) -> str:
    result = f"{SHAPES.get(control.verdict, '?')} {words.verdict(control.verdict)}"
    accepted = exception(control, words)
    cells = (
        f"{result} ({accepted})" if accepted else result,
        control.id,
        control.title,
        words.sentence(control.headline),
    )
    return "<tr>" + "".join(f'<td style="text-align:left">{escape(cell)}</td>' for cell in cells) + "</tr>"
