"""The personalization report: three stages, people beside synthetic conversations beside judges, and remedies."""

from collections.abc import Sequence

import numpy as np

from hcgov.core.evidence.long import Long
from hcgov.core.measurement import Answered, Statement
from hcgov.core.sheet import Cell, Fact, Facts, Grid, Note, Part, Section, Sheet, Tone, Unit
from hcgov.core.text import Text, text
from hcgov.stages.judgments.personal_relevance import pairs_of
from hcgov.stages.judgments.personal_rows import StageRows, obstacle, of_people, stage_rows
from hcgov.stages.judgments.personal_selector import Retrained, retrained
from hcgov.stages.judgments.personal_through import TARGETS, way_through
from hcgov.stages.judgments.personal_verifier import Verified, verified
from hcgov.stages.judgments.sheets.personalization_attributes import extraction, relevance, selection_row
from hcgov.stages.judgments.sheets.personalization_parts import cannot, count, plain, shown
from hcgov.stages.judgments.sheets.personalization_responses import response

STAGES = {"1": text("1 extraction"), "2": text("2 relevance"), "3": text("3 response")}


def personalization_sheet(
    long: Long, *, date: str, rights: Sequence[Statement] = (), remedies: bool = True
) -> Sheet:
    """Return the whole report.

    Parameters
    ----------
    long
        A personalization table with its optional columns.
    date
        ISO day of the report.
    rights
        What the check of people's rights over stored attributes says, where it was asked.
    remedies
        Whether the two classifiers are trained, which takes some seconds on large tables.
    """
    sections = [counts(long), extraction(long), relevance(long), response(long)]
    if remedies:
        sections.append(interventions(long))
    sections += [end_to_end(long), user_rights(rights), method()]
    return Sheet(
        kind="personalization-report",
        title=text("Personalization, stage by stage: people beside models"),
        lead=_lead(long),
        sections=tuple(sections),
        date=date,
        sources=(long.source, *long.further),
    )


def _lead(long: Long) -> tuple[Note, ...]:
    notes = [
        Note(
            text=text(
                "What people say of each stage stands first. Synthetic conversations and judges stand beside it, never "
                "instead of it. Limits come from the policy; this report sets none."
            )
        )
    ]
    if long.has("rater_is_user"):
        names, codes = (
            long.codes("rater_is_user").names,
            np.frombuffer(long.codes("rater_is_user").codes, np.int32),
        )
        theirs = sum(int((codes == i).sum()) for i, name in enumerate(names) if name == "true")
        told = text(
            "{n} of {all} {all|judgment is|judgments are} by the person whom it is about; the others are by raters who "
            "had to guess what that person wants.",
            n=theirs,
            all=long.rows,
        )
        notes.append(Note(text=told, tone=Tone.PLAIN if theirs else Tone.WARNING))
    return tuple(notes)


def counts(long: Long) -> Section:
    """Return what was read: rows, users, items and raters of each stage and source."""
    head = (
        *(
            text("stage"),
            text("source"),
            text("judgments by people"),
            text("by judges"),
            text("by reward models"),
        ),
        *(text("users"), text("items"), text("people who judged"), text("not readable")),
    )
    told = [row for stage in STAGES for row in _count_rows(stage_rows(long, stage), STAGES[stage])]
    parts: list[Part] = [Grid(id="counts", title=text("What was read"), head=head, rows=tuple(told))]
    for left in long.left_out:
        why = text("{rows} {rows|row is|rows are} left out: {why}", rows=left.rows, why=left.why)
        parts.append(Note(text=why))
    about = text("Sources are never mixed. Users are the clusters of every interval.")
    return Section(id="counts", title=text("Evidence"), about=about, parts=tuple(parts))


def _count_rows(rows: StageRows, stage: Text) -> list[tuple[Cell, ...]]:
    told: list[tuple[Cell, ...]] = []
    for source, mask in ((text("human"), ~rows.synthetic), (text("synthetic"), rows.synthetic)):
        if mask.any():
            own = rows.where(mask)
            people = int(np.unique(own.people[own.people >= 0]).size)
            told.append(
                (
                    *(stage, source if rows.long.has("source") else text("not told")),
                    *(count(int(one.sum())) for one in (own.human, own.judge, own.reward)),
                    count(people, people),
                    count(np.unique(own.items).size),
                    count(np.unique(own.raters[own.human]).size),
                    count(rows.unread),
                )
            )
    return told


def interventions(long: Long) -> Section:
    """Return what both remedies change, on users whom they have not learned from."""
    about = text(
        "Both remedies are small text classifiers that run on a laptop. Every user is either learned from or tested "
        "on, never both."
    )
    first, second = of_people(stage_rows(long, "1")), of_people(stage_rows(long, "2"))
    parts = [*_verify(first), *_retrain(second)]
    return Section(id="interventions", title=text("Remedies"), about=about, parts=tuple(parts))


def _verify(rows: StageRows) -> list[Part]:
    why = obstacle(rows, min_raters=2)
    found = why or verified(rows)
    if not isinstance(found, Verified):
        return [Note(text=found[1], tone=Tone.CANNOT_TELL)]
    head = (
        text("flags attributes"),
        text("precision"),
        text("recall"),
        text("F1"),
        text("F2: misses weigh more"),
    )
    told: tuple[tuple[Cell, ...], ...] = tuple(
        (
            text("{name}", name=way.name),
            *(plain(one) for one in (way.found.precision, way.found.recall, way.found.f(), way.found.f(2.0))),
        )
        for way in found.ways
    )
    facts = (
        Fact(name=text("accepted before"), value=shown(found.before, Unit.SHARE)),
        Fact(
            name=text("accepted after flagged attributes are taken out"), value=shown(found.after, Unit.SHARE)
        ),
        Fact(name=text("gain, same users"), value=shown(found.gain, Unit.POINTS)),
        Fact(name=text("good attributes that are lost"), value=shown(found.lost, Unit.SHARE)),
    )
    title = text("Verify and refine (stage 1): finding attributes that most people do not accept")
    return [Facts(facts=facts), Grid(id="verify", title=title, head=head, rows=told)]


def _retrain(rows: StageRows) -> list[Part]:
    why = obstacle(rows, min_raters=2)
    found = why or retrained(pairs_of(rows))
    if not isinstance(found, Retrained):
        return [Note(text=found[1], tone=Tone.CANNOT_TELL)]
    head = (
        *(text("selected by"), text("selection rate"), text("people's rate"), text("over-selection")),
        *(text("F1"), text("precision"), text("recall"), text("accuracy"), text("prevalence"), text("pairs")),
    )
    title = text("Relevance classifier (stage 2) instead of the best judge")
    told = (selection_row(found.before), selection_row(found.after))
    gain = Fact(name=text("F1 after minus before, same pairs"), value=shown(found.gain))
    return [Facts(facts=(gain,)), Grid(id="relevance-classifier", title=title, head=head, rows=told)]


def end_to_end(long: Long) -> Section:
    """Return the product of the stages' rates and the stage that holds it back."""
    title = text("All stages in a row")
    about = text(
        "How likely something is extracted well, then relevant where it is selected, then helps. The stage that holds "
        "the product back is the one whose rise to its target would raise it most; targets are {one}, {two} and "
        "{three}.",
        one=TARGETS["extraction"],
        two=TARGETS["relevance"],
        three=TARGETS["response"],
    )
    found = way_through(long)
    if isinstance(found, tuple):
        return cannot("end-to-end", title, about, found)
    names = {"extraction": STAGES["1"], "relevance": STAGES["2"], "response": STAGES["3"]}
    gains = dict(found.gains)
    told = tuple(
        (names[name], shown(rate, Unit.SHARE), plain(gains[name], Unit.POINTS)) for name, rate in found.rates
    )
    head = (text("stage"), text("rate, given the stages before"), text("gain of the product at its target"))
    facts = [Fact(name=text("product of the three"), value=shown(found.product, Unit.SHARE))]
    held = text("none: all are at their targets") if found.binding is None else names[found.binding]
    facts.append(Fact(name=text("stage that holds it back"), value=held))
    grid = Grid(id="stages", title=text("Rates"), head=head, rows=told)
    return Section(id="end-to-end", title=title, about=about, parts=(Facts(facts=tuple(facts)), grid))


def user_rights(statements: Sequence[Statement]) -> Section:
    """Return what is known of people's rights over stored attributes."""
    words = {Answered.MET: text("yes"), Answered.NOT_MET: text("no"), Answered.MISSING: text("too old")}
    parts: tuple[Part, ...] = (
        Note(text=text("No record of the attribute store was given."), tone=Tone.CANNOT_TELL),
    )
    if statements:
        told = tuple(
            (text("{right}", right=one.about), words.get(one.answer, text("cannot tell")), one.text)
            for one in statements
        )
        head = (text("right"), text("holds"), text("what was found"))
        parts = (Grid(id="rights", title=text("Rights"), head=head, rows=told),)
    about = text(
        "Whether people can see, correct, delete and pause what is stored about them, as tested by someone."
    )
    return Section(id="user-rights", title=text("Rights over stored attributes"), about=about, parts=parts)


def method() -> Section:
    """Return how the numbers came to be, for whoever studies further."""
    told = (
        text(
            "Every row is one rater's judgment; majorities are derived and never stored. Intervals are two-sided "
            "at 95 %. Shares have Clopper-Pearson bounds on the number of independent judgments that the rows are "
            "worth, users being the clusters; differences of sources have Miettinen and Nurminen's bounds on "
            "these."
        ),
        text(
            "Kappa is Cohen's, averaged over pairs of raters. Over-selection is the selection rate of a model "
            "over that of people on the same pairs; its logarithm is jackknifed over users and prompts. F1 is "
            "against most people; pairs that split people evenly are left out."
        ),
        text(
            "Rank correlations are Spearman's with people's mean. One further person reaches r k / sqrt(k + k (k "
            "- 1) r) with the mean of k people who agree by r; what they have in common reaches sqrt(k r / (1 + "
            "(k - 1) r))."
        ),
        text(
            "Classifiers are logistic on TF-IDF with five folds of whole users; thresholds are set among the "
            "users learned from. The product of stages is jackknifed over the users of all stages together."
        ),
        text(
            "Judges' and synthetic figures stand beside people's and decide nothing. Raters who are not the user "
            "guess what the user wants. Raters are taken as they are: who else might have judged is in no "
            "interval."
        ),
        text(
            "The table itself, with pseudonyms in place of users and raters and without texts, is what a further "
            "study needs; its columns are those of the personalization table."
        ),
    )
    about = text("For whoever repeats or continues this study.")
    parts = tuple(Note(text=sentence) for sentence in told)
    return Section(id="method", title=text("Method"), about=about, parts=parts)
