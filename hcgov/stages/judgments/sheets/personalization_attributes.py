"""Stages 1 and 2 of the personalization report: what is learned about people, and what of it is used."""

from collections.abc import Mapping

import numpy as np

from hcgov.core.estimate import Estimate
from hcgov.core.evidence.long import Long
from hcgov.core.sheet import Bars, Cell, Fact, Facts, Grid, Heat, Note, Part, Section, Tone, Unit
from hcgov.core.text import text
from hcgov.stages.judgments.personal_extraction import failing, gap_of, problematic, share_of, taxonomy
from hcgov.stages.judgments.personal_relevance import Pairs, Selected, pairs_of, selected, votes_of
from hcgov.stages.judgments.personal_rows import StageRows, obstacle, of_people, stage_rows
from hcgov.stages.judgments.personal_selector import retrieved
from hcgov.stages.judgments.sheets.personalization_parts import (
    cannot,
    count,
    groups,
    plain,
    raters_grid,
    shown,
)
from hcgov.stats.personal.kappas import mean_kappas, pairwise_kappas

_FAILURES = {
    "overgeneralisation": text("overgeneralisation: true once, taken for always"),
    "missing_evidence": text("missing evidence"),
    "task_context_confusion": text("task taken for the person"),
    "not_standalone": text("not understandable alone"),
    "sensitive": text("sensitive or unwanted"),
    "other": text("other"),
}


def extraction(long: Long) -> Section:
    """Return stage 1: attributes drawn from conversations."""
    title = text("Stage 1: attributes drawn from conversations")
    about = text(
        "Whether people accept what a model concludes about a user. Uncertain and rejected attributes count as "
        "problems. What holds on synthetic conversations need not hold on people's own."
    )
    rows = stage_rows(long, "1")
    why = obstacle(rows, min_raters=2)
    if why is not None:
        return cannot("extraction", title, about, why)
    bad, human = problematic(rows), rows.where(rows.human)
    parts: list[Part] = [
        Facts(facts=_extraction_facts(human)),
        raters_grid("extraction-raters", text("Share of judgments with a problem"), rows, bad),
    ]
    parts += _taxonomies(human)
    own = human.where(~human.synthetic)
    parts += groups("extraction", text("Problems in people's conversations"), own, problematic(own))
    return Section(id="extraction", title=title, about=about, parts=tuple(parts))


def _extraction_facts(human: StageRows) -> tuple[Fact, ...]:
    everything, own = np.ones(human.index.size, dtype=np.bool_), ~human.synthetic
    gap = gap_of(problematic(human), human)(everything)
    facts = [
        Fact(
            name=text("problem rate, people's minus synthetic conversations"),
            value=shown(gap.estimate, Unit.POINTS) if gap.estimate else gap.note or text("unknown"),
        )
    ]
    for name, mask in (("people's", own), ("synthetic", ~own)):
        agreement = _agreement(human.where(mask))
        if agreement is not None:
            what = text("agreement of people on {source} conversations (mean kappa)", source=name)
            facts.append(Fact(name=what, value=shown(agreement)))
    if human.long.has("failure") and own.any():
        told = share_of(failing(human, "sensitive"), human)(own)
        facts.append(Fact(name=text("sensitive inferences"), value=shown(told.estimate, Unit.SHARE)))
    return tuple(facts)


def _agreement(human: StageRows) -> Estimate | None:
    if not human.index.size:
        return None
    pairs = pairs_of(human)
    votes, kinds, _ = votes_of(pairs, outcome=(human.value > 0).astype(np.float64))
    return mean_kappas(votes, kinds, pairs.people).get(("human", "human"))


def _taxonomies(human: StageRows) -> list[Part]:
    if not human.long.has("failure"):
        return [Note(text=text("The table does not say what is wrong with attributes."))]
    parts: list[Part] = []
    for id_, source, mask in (
        ("human", "people's", ~human.synthetic),
        ("synthetic", "synthetic", human.synthetic),
    ):
        found = taxonomy(human.where(mask))
        if found:
            rows = tuple((_FAILURES[kind], shown(estimate, Unit.SHARE)) for kind, estimate in found)
            title = text("What is wrong, of the problems in {source} conversations", source=source)
            parts.append(Bars(id=f"taxonomy-{id_}", title=title, rows=rows))
    return parts


def relevance(long: Long) -> Section:
    """Return stage 2: which attributes matter for a prompt."""
    title = text("Stage 2: attributes that matter for a prompt")
    about = text(
        "What people would use for a prompt beside what models select. A factor of 2 means that a model uses what it "
        "knows twice as often as people would. High agreement between judges is not agreement with people."
    )
    rows = of_people(stage_rows(long, "2"))
    why = obstacle(rows, min_raters=2)
    if why is not None:
        return cannot("relevance", title, about, why)
    pairs = pairs_of(rows)
    votes, kinds, names = votes_of(pairs)
    means = mean_kappas(votes, kinds, pairs.people)
    judged = [selected(pairs, name, answer) for name, answer in pairs.judged.items()]
    figures = [one for one in (*judged, *retrieved(pairs)) if one is not None]
    labels = tuple(text("{name}", name=name) for name in names)
    parts: list[Part] = [
        Facts(facts=_kappa_facts(means, pairs)),
        Heat(
            id="kappas",
            title=text("Agreement beyond chance (Cohen's kappa) of every two raters"),
            rows=labels,
            columns=labels,
            values=pairwise_kappas(votes).values,
        ),
        _selections(figures),
        raters_grid("relevance-raters", text("Share of pairs found relevant"), rows, rows.value == 1.0),
    ]
    if not long.has("prompt_id"):
        told = text("The table does not tell prompts apart: intervals have users as clusters only.")
        parts.append(Note(text=told, tone=Tone.WARNING))
    parts += groups(
        "relevance",
        text("Pairs that people find relevant"),
        rows.where(rows.human),
        rows.value[rows.human] == 1.0,
    )
    return Section(id="relevance", title=title, about=about, parts=tuple(parts))


def _kappa_facts(means: Mapping[tuple[str, str], Estimate | None], pairs: Pairs) -> tuple[Fact, ...]:
    names = {
        ("human", "human"): text("mean kappa between people"),
        ("judge", "judge"): text("mean kappa between judges"),
        ("human", "judge"): text("mean kappa between people and judges"),
    }
    facts = [Fact(name=name, value=shown(means[pair])) for pair, name in names.items() if pair in means]
    known = pairs.majority[np.isfinite(pairs.majority)]
    split = int(np.isfinite(pairs.wanted).sum()) - known.size
    prevalence = float(known.mean()) if known.size else None
    facts.append(Fact(name=text("pairs that most people find relevant"), value=plain(prevalence, Unit.SHARE)))
    facts.append(Fact(name=text("pairs that split people evenly, left out of F1"), value=count(split)))
    return tuple(facts)


def _selections(figures: list[Selected]) -> Grid:
    head = (
        *(text("selected by"), text("selection rate"), text("people's rate"), text("over-selection")),
        *(text("F1"), text("precision"), text("recall"), text("accuracy"), text("prevalence"), text("pairs")),
    )
    note = text(
        "BM25 and TF-IDF, and scores given in the table such as similarities of embeddings, are cut at the rate at "
        "which other users' raters select. F1, precision, recall and accuracy are against most people."
    )
    return Grid(
        id="selection",
        title=text("Selection beside people's"),
        head=head,
        rows=tuple(selection_row(one) for one in figures),
        note=note,
    )


def selection_row(one: Selected) -> tuple[Cell, ...]:
    """Return the figures of a way to select as cells."""
    return (
        text("{name}", name=one.name),
        plain(one.selection, Unit.SHARE),
        plain(one.wanted, Unit.SHARE),
        shown(one.over),
        shown(one.f1),
        shown(one.precision),
        shown(one.recall),
        plain(one.accuracy),
        plain(one.prevalence, Unit.SHARE),
        count(one.n),
    )
