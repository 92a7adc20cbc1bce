"""A sheet as one HTML page: no script, no network, every value escaped, under the report's theme and policy."""

from itertools import count as counting

from hcgov import __version__
from hcgov.core.frozen import frozen
from hcgov.core.sheet import Bars, Cell, Facts, Grid, Heat, Note, Part, Section, Sheet, Tone, Value
from hcgov.io.render.catalogue import Labels, labels
from hcgov.io.render.html.environment import style, templates
from hcgov.io.render.plain import plain
from hcgov.io.render.sheets.plots import Drawn, Map, drawn, heat_map
from hcgov.io.render.sheets.writing import NONE, amount, begun, counts, interval, written

MOST_ROWS = 200
KINDS = {
    "annotation-report": "Annotation report",
    "preference-profile": "Preference profile",
    "preference-plan": "Sampling plan",
    "preference-aggregation": "Aggregation receipt",
    "preference-clusters": "Opinion groups",
    "preference-export": "Training export",
    "judge-card": "Judge card",
    "personalization-report": "Personalization report",
}
"""What a sheet is, by its kind."""


@frozen
class _Tool:
    name: str
    version: str


@frozen
class _Made:
    tool: _Tool


@frozen
class ShownCell:
    """A cell as the template shows it."""

    text: str
    interval: str = ""
    counts: str = ""
    why: str = ""
    number: bool = False


@frozen
class ShownPart:
    """A part as the template shows it; which fields it has depends on ``kind``."""

    kind: str
    ident: str = ""
    title: str = ""
    text: str = ""
    tone: str = ""
    note: str = ""
    summary: str = ""
    facts: tuple[tuple[str, ShownCell], ...] = ()
    head: tuple[str, ...] = ()
    rows: tuple[tuple[ShownCell, ...], ...] = ()
    more: bool = False
    figure: Drawn | None = None
    map: Map | None = None


@frozen
class _ShownSection:
    id: str
    title: str
    about: str
    parts: tuple[ShownPart, ...]


@frozen
class _ShownSource:
    artifact: str
    location: str
    rows: int | None
    sha256: str


@frozen
class _View:
    report: _Made
    eyebrow: str
    title: str
    lead: tuple[ShownPart, ...]
    sections: tuple[_ShownSection, ...]
    sources: tuple[_ShownSource, ...]
    date: str


def render_sheet_html(sheet: Sheet, *, lang: str = "en") -> str:
    """Return a sheet as one self-contained HTML page; equal sheets give equal bytes."""
    words = labels(lang)
    look, policy = style()
    numbers = counting(1)
    shown = _View(
        report=_Made(tool=_Tool(name="hcgov", version=__version__)),
        eyebrow=words.say(KINDS.get(sheet.kind, "Sheet")),
        title=words.text(sheet.title),
        lead=tuple(_note(one, words) for one in sheet.lead),
        sections=tuple(_section(section, words, numbers) for section in sheet.sections),
        sources=tuple(
            _ShownSource(artifact=plain(s.artifact), location=plain(s.location), rows=s.rows, sha256=s.sha256)
            for s in sheet.sources
        ),
        date=sheet.date,
    )
    return (
        templates(lang).get_template("sheet.html.j2").render(style=look, policy=policy, v=shown).strip()
        + "\n"
    )


def _section(section: Section, words: Labels, numbers: "counting[int]") -> _ShownSection:
    return _ShownSection(
        id=section.id,
        title=words.text(section.title),
        about=words.text(section.about),
        parts=tuple(_part(part, f"p{next(numbers)}", words) for part in section.parts),
    )


def _part(part: Part, ident: str, words: Labels) -> ShownPart:
    match part:
        case Facts():
            facts = tuple((words.text(fact.name), _cell(fact.value, words)) for fact in part.facts)
            return ShownPart(kind="facts", facts=facts)
        case Grid():
            return ShownPart(
                kind="table",
                ident=ident,
                title=words.text(part.title),
                head=tuple(words.text(one) for one in part.head),
                rows=tuple(tuple(_cell(cell, words) for cell in row) for row in part.rows[:MOST_ROWS]),
                more=len(part.rows) > MOST_ROWS,
                note="" if part.note is None else words.text(part.note),
            )
        case Bars():
            told = "; ".join(f"{words.text(name)}: {written(value, words)}" for name, value in part.rows)
            return ShownPart(
                kind="bars",
                ident=ident,
                title=words.text(part.title),
                summary=told,
                figure=drawn(part, ident, words),
            )
        case Heat():
            return ShownPart(
                kind="matrix",
                ident=ident,
                title=words.text(part.title),
                summary=_told(part, words),
                map=heat_map(part, words),
            )
        case Note():
            return _note(part, words)


def _told(heat: Heat, words: Labels) -> str:
    return "; ".join(
        f"{words.text(row)} – {words.text(column)}: {NONE if value is None else f'{value:.2f}'}"
        for row, values in zip(heat.rows, heat.values, strict=True)
        for column, value in zip(heat.columns, values, strict=True)
    )


def _note(note: Note, words: Labels) -> ShownPart:
    tone = {Tone.WARNING: "warning", Tone.CANNOT_TELL: "open"}.get(note.tone, "plain")
    return ShownPart(kind="note", text=begun(words.text(note.text)), tone=tone)


def _cell(cell: Cell, words: Labels) -> ShownCell:
    if not isinstance(cell, Value):
        return ShownCell(text=words.text(cell))
    if cell.value is None:
        return ShownCell(text=NONE, why="" if cell.why is None else words.text(cell.why), number=True)
    return ShownCell(
        text=amount(cell.value, cell.unit), interval=interval(cell), counts=counts(cell), number=True
    )
