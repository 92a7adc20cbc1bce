"""Sections about an export: what became of every judgment, whose are left, and whom a reward model would serve."""

from hcgov.core.sheet import Bars, Cell, Fact, Facts, Grid, Note, Part, Section, Tone, Unit, Value
from hcgov.core.text import text
from hcgov.stages.judgments.export_manifest import FATES_TOLD, groups_of
from hcgov.stages.judgments.pairs import words_of
from hcgov.stages.judgments.recipes import Export
from hcgov.stages.judgments.rewards import Effect, effects
from hcgov.stages.judgments.values import value_of
from hcgov.stats.preferences.parity import parity
from hcgov.stats.preferences.reward import Rule

RULES = {
    Rule.POOLED: text("Every judgment counts once"),
    Rule.MAJORITY: text("What most said of a pair"),
    Rule.BALANCED: text("Every group counts the same"),
    Rule.WORST: text("Groups that are served worst count more"),
}


def sections(found: Export, files: dict[str, tuple[str, int]] | None = None) -> tuple[Section, ...]:
    """Return the sections of an export; ``files`` holds SHA-256 and rows of what was written."""
    told = (_became(found, files or {}), _left(found))
    columns = sorted(found.long.groups)
    return (*told, *(_rewards(found, column) for column in columns))


def _became(found: Export, files: dict[str, tuple[str, int]]) -> Section:
    parts: list[Part] = []
    if found.refused is not None:
        parts.append(Note(text=found.refused[1], tone=Tone.CANNOT_TELL))
    rows: list[tuple[Cell, ...]] = [
        (text(FATES_TOLD[name]), Value(value=float(n), unit=Unit.COUNT))
        for name, n in found.left_out().items()
        if n
    ]
    parts.append(
        Grid(
            id="fates",
            title=text("What became of the judgments"),
            head=(text("They"), text("Judgments")),
            rows=tuple(rows),
        )
    )
    if files:
        written: list[tuple[Cell, ...]] = [
            (text("{name}", name=name), Value(value=float(n), unit=Unit.COUNT), text("{sha}", sha=sha))
            for name, (sha, n) in files.items()
        ]
        head = (text("File"), text("Rows"), text("SHA-256"))
        parts.append(Grid(id="files", title=text("Files"), head=head, rows=tuple(written)))
    if found.recipe.balance and not found.recipe.resample:
        warning = text("Weights stand in a column that most trainers pass over; resample to make them count")
        parts.append(Note(text=warning, tone=Tone.WARNING))
    return Section(
        id="became",
        title=text("From judgments to training data"),
        about=text(
            "Every judgment is accounted for: what went into the files, and why the others did not. Rows whose "
            "annotator or prompt is on the other side of the split are left out, so that nothing leaks."
        ),
        parts=tuple(parts),
    )


def _left(found: Export) -> Section:
    parts = [part for column in sorted(found.long.groups) for part in _survival(found, column)]
    if not parts:
        parts.append(Note(text=text("Of the annotators' groups nothing is known"), tone=Tone.CANNOT_TELL))
    return Section(
        id="left",
        title=text("Whose judgments are left"),
        about=text(
            "Dropping ties, taking majorities and setting contested pairs apart are rules about texts; together they "
            "decide whose judgments a model learns from."
        ),
        parts=tuple(parts),
    )


def _survival(found: Export, column: str) -> tuple[Part, ...]:
    groups = groups_of(found, column)
    result = parity(
        {name: one["before"] for name, one in groups.items()},
        {name: one["after"] for name, one in groups.items()},
    )
    rows: list[tuple[Cell, ...]] = [
        (
            text("{name}", name=name),
            *(
                Value(value=float(one[key]), unit=Unit.COUNT, people=one["people"])
                for key in ("before", "after", "flipped")
            ),
            Value(value=result.survival.get(name), unit=Unit.SHARE, n=one["before"], people=one["people"]),
        )
        for name, one in groups.items()
    ]
    head = (text("Group"), text("Judgments before"), text("After"), text("Overruled"), text("Left"))
    grid = Grid(
        id=f"left-{column}",
        title=text("Who is left, by {column}", column=column),
        head=head,
        rows=tuple(rows),
    )
    ratio = Value(value=result.ratio, why=None if result.ratio is not None else text("fewer than two groups"))
    return grid, Facts(facts=(Fact(name=text("Smallest share that is left by the largest"), value=ratio),))


def _rewards(found: Export, column: str) -> Section:
    texts = found.texts
    told = effects(found.long, texts, words_of(texts), column, seed=found.recipe.seed)
    parts: list[Part] = [_bars(one, column) for one in told if one.groups]
    if not parts:
        few = text("no group by {column} has enough people", column=column)
        parts.append(Note(text=few, tone=Tone.CANNOT_TELL))
    return Section(
        id=f"rewards-{column}",
        title=text("Whom a reward model would agree with, by {column}", column=column),
        about=text(
            "A tiny model of word counts is trained under each rule, and tested on people and prompts that it has not "
            "seen. It is no reward model to use; it shows what a rule does to each group before a real one is trained."
        ),
        parts=tuple(parts),
    )


def _bars(one: Effect, column: str) -> Bars:
    rows = [(text("Everyone"), value_of(one.overall, Unit.SHARE))]
    rows += [
        (text("{name}", name=name), value_of(estimate, Unit.SHARE)) for name, estimate in one.groups.items()
    ]
    return Bars(
        id=f"rewards-{column}-{one.rule.value.replace('_', '-')}",
        title=RULES[one.rule],
        rows=tuple(rows),
        mark=0.5,
        mark_name=text("a coin"),
    )
