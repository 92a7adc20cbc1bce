"""The model card: a Hugging Face README.md whose numbers come from the record and whose prose comes from people."""

from hcgov.core.record import ReportV1
from hcgov.io.render.catalogue import labels
from hcgov.io.render.json_report import report_digest
from hcgov.io.render.model_card.blocks import blocks, summary
from hcgov.io.render.model_card.body import UnreadableCard, fill, gaps, skeleton
from hcgov.io.render.model_card.front_matter import joined, merged, split
from hcgov.io.render.model_card.page import render_model_card_html
from hcgov.io.render.model_card.publish import published
from hcgov.io.render.plain import plain_report

__all__ = ["UnreadableCard", "render_model_card", "render_model_card_html"]


def render_model_card(
    report: ReportV1, *, prose: str | None = None, published_before: ReportV1 | None = None
) -> str:
    """Return a model card (README.md) in the format of the Hugging Face hub.

    A card is published, so counts of 1 to 10 people, and what would tell them, are left out (see ``publish``).

    Parameters
    ----------
    report
        The record; everything between ``<!-- hcgov:begin NAME -->`` and ``<!-- hcgov:end NAME -->`` is made from it.
    prose
        The text of an existing card. What stands outside our blocks is kept, and so are the front matter's own
        keys; in ``model-index`` only results that name a control of ours are replaced. Without it a card with
        every heading is made, in which what nobody wrote yet says ``Not provided``.
    published_before
        The record whose card was published before; what the difference of both would tell is left out.

    Raises
    ------
    AuthoringError
        The front matter of ``prose`` is not YAML that we accept; the mistakes have their places.
    UnreadableCard
        A block of ours begins and never ends (or the like), so that it is unclear what people wrote.
    """
    earlier = None if published_before is None else plain_report(published_before)
    public = published(plain_report(report), earlier)
    shown = public.report
    words = labels()
    text = "" if prose is None else prose.removeprefix("\ufeff")
    windows = "\r\n" in text
    header, body = split(text.replace("\r\n", "\n").replace("\r", "\n"))
    body = body if body.strip() else skeleton(shown)
    body = fill(body, blocks(shown, words, unnamed=public.unnamed))
    front, unset = merged(header, shown)
    told = summary(shown, words, report_digest(report), gaps(body), unset)
    card = joined(front, fill(body, [told]))
    return card.replace("\n", "\r\n") if windows else card
