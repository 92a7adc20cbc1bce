"""The audit report as one HTML page: no script, no network, nothing outside the file. A pure function of the record."""

from hcgov.core.record import ControlV1, ReportV1
from hcgov.io.render.catalogue import VERDICT_MEANINGS, VERDICT_ORDER, labels
from hcgov.io.render.html.environment import style, templates
from hcgov.io.render.html.figures import comparison
from hcgov.io.render.html.view import View, view_of
from hcgov.io.render.numbers import interval, number
from hcgov.io.render.reading import ends, findings_of, short, slice_name, worst_measured


def render_html(report: ReportV1, *, lang: str = "en") -> str:
    """Return the audit report as one self-contained HTML page.

    Parameters
    ----------
    report
        The record; the page says nothing that is not in it. Equal records give equal bytes.
    lang
        Language of the page; English where there is no catalogue for it.
    """
    words = labels(lang)
    shown = view_of(report, words)
    sheet, policy = style()
    page = templates(lang).get_template("report.html.j2")
    return page.render(style=sheet, policy=policy, v=shown, **_names(shown)).strip() + "\n"


def _names(shown: View) -> dict[str, object]:
    """Return what templates call beside the view: small pure functions and lookups."""
    found = findings_of(shown.report)
    return {
        "order": VERDICT_ORDER,
        "meanings": tuple(VERDICT_MEANINGS.items()),
        "stage_titles": {stage.id: stage.title for stage in shown.report.stages},
        "carded": frozenset(card.control.id for card in shown.cards),
        "finding_count": len(found),
        "evidence_anchor": {item.id: f"{index}" for index, item in enumerate(shown.report.evidence, start=1)},
        "limited": tuple(c for c in shown.report.controls if c.limit is not None),
        "measured": _measured,
        "slice_name": slice_name,
        "comparison": comparison,
        "short": short,
        "interval": interval,
    }


def _measured(control: ControlV1) -> str:
    """Return a control's worst value with the ends of what decides it; empty where it measures nothing."""
    finding = worst_measured(control)
    if finding is None or finding.estimate is None:
        return ""
    return f"{number(finding.estimate.value)} {interval(*ends(finding))}".rstrip()
