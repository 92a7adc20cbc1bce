"""The card as a page: Markdown with HTML switched off, sanitised, under the same theme and policy as the report."""

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from hcgov.core.record import ReportV1
from hcgov.io.render.catalogue import DECISION_TONES, Labels, labels
from hcgov.io.render.html.environment import style, templates
from hcgov.io.render.html.view import view_of
from hcgov.io.render.json_report import report_digest
from hcgov.io.render.model_card.front_matter import split
from hcgov.io.render.model_card.publish import published
from hcgov.io.render.plain import plain

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_FENCE = re.compile(r"^<!-- hcgov:(?:begin|end) [a-z][a-z-]* -->[ \t]*$", re.MULTILINE)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_RESULTS_END = re.compile(r"^<!-- hcgov:end results -->[ \t]*$", re.MULTILINE)
LONGEST_CARD = 2_000_000

TAGS = {
    "a", "blockquote", "br", "code", "del", "div", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p",
    "pre", "s", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul", "caption",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href"},
    "div": {"class", "role", "tabindex", "aria-label"},
    "ol": {"start"},
    "th": {"scope"},
}


def render_model_card_html(
    report: ReportV1, card_markdown: str, *, published_before: ReportV1 | None = None
) -> str:
    """Return a model card as one self-contained page, with the report's interval plots beside its results.

    Parameters
    ----------
    report
        The record that the card was made from.
    card_markdown
        The card, as :func:`render_model_card` returned it; front matter and HTML in it are not shown.
    published_before
        As the card was made with.
    """
    words = labels()
    # The plots are published with the card, so they show no more than its tables do.
    shown = replace(view_of(published(report, published_before).report, words), digest=report_digest(report))
    _, body = split(card_markdown[:LONGEST_CARD].replace("\r\n", "\n"))
    before, results_end, after = _around_results(body)
    sheet, policy = style()
    return (
        templates("en")
        .get_template("card.html.j2")
        .render(
            style=sheet,
            policy=policy,
            v=shown,
            tone=DECISION_TONES.get(report.decision.value, "inconclusive"),
            before=_rendered(before, words, titled=False),
            after=_rendered(after, words, titled=True),
            with_plots=results_end,
        )
        .strip()
        + "\n"
    )


def _around_results(body: str) -> tuple[str, bool, str]:
    found = _RESULTS_END.search(body)
    return (body[: found.end()], True, body[found.end() :]) if found else (body, False, "")


def _rendered(text: str, words: Labels, *, titled: bool) -> Markup:
    """Return sanitised HTML; ``titled`` says that the page has its title already."""
    import nh3

    parser = _parser()
    # Comments are a card's instructions to its author; with HTML off they would be shown as text.
    lines = _COMMENT.sub("", _FENCE.sub("", text)).split("\n")
    tokens = parser.parse("\n".join(plain(line, longest=100_000) for line in lines))
    _mend(tokens, titled=titled)
    html = _with_regions(parser.renderer.render(tokens, parser.options, {}), words, "b" if titled else "a")
    clean = nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
        strip_comments=True,
    )
    return Markup(clean)  # noqa: S704 - sanitised just above


def _with_regions(html: str, words: Labels, part: str) -> str:
    """Wrap each table in a region that scrolls by keyboard; text cannot hold a tag here, so these are the tables."""
    pieces = html.split("<table>")
    opened = "".join(
        '<div class="scroll" role="region" tabindex="0" '
        f'aria-label="{escape(words.say("Table"))} {part}{number}"><table>{piece}'
        for number, piece in enumerate(pieces[1:], start=1)
    )
    return pieces[0] + opened.replace("</table>", "</table></div>")


def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    # An image would be loaded from elsewhere; its words stand in its place.
    parser.add_render_rule("image", lambda _, tokens, index, *__: str(escape(tokens[index].content)))
    return parser


def _mend(tokens: "list[Token]", *, titled: bool) -> None:
    """Keep one title a page and no jump of levels; give tables the marks that screen readers need."""
    deepest = 1 if titled else 0
    for index, token in enumerate(tokens):
        if token.type == "heading_open":
            level = min(int(token.tag[1]), deepest + 1)
            level = max(level, 2) if deepest else 1
            deepest = level
            token.tag = tokens[index + 2].tag = f"h{level}"
        elif token.type == "th_open":
            # Alignment would come as an inline style, which the page's policy refuses.
            token.attrs = {"scope": "col"}
        elif token.type == "td_open":
            token.attrs = {}
