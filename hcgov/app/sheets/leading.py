"""What every sheet about judgments says first: what was read, and what was left out of every number."""

from collections.abc import Iterator, Sequence

from hcgov.core.evidence.long import NOT_A_VALUE, LeftOut, Long
from hcgov.core.long_tables import PERSON
from hcgov.core.sheet import Note, Section, Sheet, Tone
from hcgov.core.text import Text, text

_WHY = {
    "withdrawn": text("their consent was revoked").template,
    "discarded": text("they were discarded").template,
    "draft": text("they were not submitted").template,
    "not_asked_for": text("the mapping takes other rows only").template,
    "no_annotator": text("nobody is named who gave them").template,
}


def sheet_of(kind: str, title: Text, long: Long, sections: Sequence[Section], date: str) -> Sheet:
    """Return a sheet about one table."""
    sources = dict.fromkeys((long.source, *long.further))
    return Sheet(
        kind=kind,
        title=title,
        lead=tuple(lead(long)),
        sections=tuple(sections),
        date=date,
        sources=tuple(sources),
    )


def lead(long: Long) -> Iterator[Note]:
    """Yield how many judgments there are, whose, and which are left out and why."""
    yield _whose(long)
    for left in long.left_out:
        yield Note(text=not_counted(left))
    for note in long.notes:
        yield Note(text=note)
    wanted = [column for column in long.rules.columns if column not in long.groups]
    if wanted:
        yield Note(
            text=text(
                "Nothing is known of people by {columns}: no column says it", columns=", ".join(wanted)
            ),
            tone=Tone.WARNING,
        )


def _whose(long: Long) -> Note:
    """Return how many judgments there are and whose; of raters that are models it is said."""
    raw = text(
        "Every number below rests on what each of them said; nothing was reduced to a majority or a mean before it was "
        "counted."
    )
    if long.has("rater", "rater_kind"):
        people, models = (_raters(long, human) for human in (True, False))
        return Note(text=_told(long, people, models, raw))
    person = PERSON[long.kind]
    if long.has(person, "label_source"):
        people, models = (_choosers(long, judge) for judge in (False, True))
        return Note(text=_told(long, people, models, raw))
    if long.has(person):
        people = len(set(long.codes(person).codes) - {NOT_A_VALUE})
        return Note(
            text=text(
                "{rows} {rows|judgment|judgments} by {people} {people|person|people}. {raw}",
                rows=long.rows,
                people=people,
                raw=raw,
            )
        )
    told = text(
        "{rows} {rows|judgment|judgments}. The file does not say who judged, so that rows cannot be told from people, "
        "and no number below says anything about people.",
        rows=long.rows,
    )
    return Note(text=told, tone=Tone.WARNING)


def _told(long: Long, people: int, models: int, raw: Text) -> Text:
    return text(
        "{rows} {rows|judgment|judgments} by {people} {people|person|people} and {models} {models|model|models}. {raw}",
        rows=long.rows,
        people=people,
        models=models,
        raw=raw,
    )


def _choosers(long: Long, judge: bool) -> int:
    """Return how many people, or how many judge models, chose."""
    sources, who = long.codes("label_source"), long.codes(PERSON[long.kind])
    judges = {i for i, name in enumerate(sources.names) if name == "judge"}
    pairs = zip(who.codes, sources.codes, strict=True)
    return len({one for one, source in pairs if one >= 0 and (source in judges) is judge})


def _raters(long: Long, human: bool) -> int:
    """Return how many people, or how many models, judged."""
    kinds, raters = long.codes("rater_kind"), long.codes("rater")
    wanted = [kind == "human" for kind in kinds.names]
    pairs = {
        rater
        for rater, kind in zip(raters.codes, kinds.codes, strict=True)
        if rater >= 0 and kind >= 0 and wanted[kind] is human
    }
    return len(pairs)


def not_counted(left: LeftOut) -> Text:
    """Return how many judgments are in no number, and why."""
    why = text(_WHY.get(left.why, "{why}"), why=left.why)
    if left.people:
        return text(
            "{rows} {rows|judgment|judgments} of {people} {people|person|people} {rows|is|are} in no number: {why}",
            rows=left.rows,
            people=left.people,
            why=why,
        )
    return text("{rows} {rows|judgment|judgments} {rows|is|are} in no number: {why}", rows=left.rows, why=why)
