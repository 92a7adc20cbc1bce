"""The section on groups of opinion: the evidence for them, and a card for each."""

from collections.abc import Iterator

import numpy as np

from hcgov.core.evidence.long import Long
from hcgov.core.sheet import Fact, Facts, Grid, Note, Part, Section, Tone, Unit, Value
from hcgov.core.text import Text, text
from hcgov.stages.judgments.comparison_notes import obstacle
from hcgov.stages.judgments.comparisons import Choices, choices
from hcgov.stages.judgments.opinion_groups import (
    Card,
    about_models,
    cards,
    groups_of_opinion,
    kinds_of_people,
)
from hcgov.stages.judgments.sheets.preference_models import cannot_tell
from hcgov.stats.preferences.clusters import Clustering
from hcgov.stats.preferences.mixture import Mixture


def cluster_section(long: Long, dimension: str = "") -> Section:
    """Return groups of opinion as cards: how large, what they prefer, and who is in them."""
    found = choices(long, dimension)
    title = text("Groups of opinion")
    about = text(
        "People who choose alike, found from their choices alone. A group counts only where it comes back when people "
        "are drawn again, where chance never makes groups as distinct, and where it tells choices that it was not "
        "found on."
    )
    stopped = obstacle(found, long, models=False)
    if stopped is not None:
        return cannot_tell("clusters", title, about, stopped[1])
    models = about_models(found)
    clustering = groups_of_opinion(found, models=models, least_answers=5)
    kinds = kinds_of_people(found)
    parts: list[Part] = list(_evidence(clustering, kinds))
    if clustering is not None and clustering.k > 1:
        for place, card in enumerate(
            cards(long, found, clustering.people, clustering.labels, models=models), start=1
        ):
            parts += _card(card, f"cluster-{place}", text("Group {n}", n=place))
    if kinds is not None and kinds.k > 1:
        for place, card in enumerate(cards(long, found, kinds.people, kinds.labels, models=True), start=1):
            parts += _card(card, f"kind-{place}", text("Kind {n} by strengths of models", n=place))
        parts.append(_kinds(found, kinds))
    if len(parts) > 2:
        warning = text(
            "Groups of opinion are not demographic groups. A share above that of everyone says who is more often in a "
            "group, never what a person of some group thinks."
        )
        parts.insert(0, Note(text=warning, tone=Tone.WARNING))
    return Section(id="clusters", title=title, about=about, parts=tuple(parts))


def _evidence(clustering: Clustering | None, kinds: Mixture | None) -> Iterator[Part]:
    if clustering is None:
        told = text("Too few people answered about the same things for groups of opinion to be looked for.")
        yield Note(text=told, tone=Tone.CANNOT_TELL)
    else:
        yield Note(
            text=text(
                "{k} {k|group|groups} of opinion among {n} {n|person|people}.",
                k=clustering.k,
                n=clustering.people.size,
            )
            if clustering.k > 1
            else text(
                "No evidence of groups of opinion among {n} {n|person|people}.", n=clustering.people.size
            )
        )
        held_out = clustering.p_held_out
        yield Facts(
            facts=(
                Fact(
                    name=text("groups proposed"),
                    value=Value(value=float(clustering.proposed), unit=Unit.COUNT),
                ),
                Fact(name=text("silhouette"), value=Value(value=clustering.silhouette)),
                Fact(name=text("stability (adjusted Rand)"), value=Value(value=clustering.stability)),
                Fact(name=text("p against permuted items"), value=Value(value=clustering.p)),
                Fact(
                    name=text("p on items held out"),
                    value=Value(value=held_out, why=None if held_out is not None else text("too few items")),
                ),
                Fact(name=text("p of no valley between groups"), value=Value(value=clustering.p_between)),
                Fact(name=text("alike to who answered what"), value=Value(value=clustering.masked)),
                Fact(
                    name=text("people with too few answers"),
                    value=Value(value=float(clustering.left_out), unit=Unit.COUNT),
                ),
            )
        )
    if kinds is not None:
        yield Note(
            text=text("{k} kinds of people by strengths of models.", k=kinds.k)
            if kinds.k > 1
            else text("One set of strengths tells the choices of held-out people as well as several.")
        )


def _card(card: Card, name: str, title: Text) -> Iterator[Part]:
    yield Facts(
        facts=(
            Fact(
                name=title,
                value=text("{n} {n|person|people}, {share} of all", n=card.size, share=f"{card.share:.0%}"),
            ),
        )
    )
    if card.prefers:
        yield Grid(
            id=f"{name}-prefers",
            title=text("What sets it apart"),
            head=(text("pair"), text("this group"), text("the others")),
            rows=tuple(
                (text("{item}", item=item), Value(value=here), Value(value=there))
                for item, here, there in card.prefers
            ),
            note=text("Mean choice from -1 (all the second) to 1 (all the first)."),
        )
    for column, shares in card.mix:
        yield Grid(
            id=f"{name}-{column}",
            title=text("Who is in it, by {column}", column=column),
            head=(text("{column}", column=column), text("in this group"), text("among everyone placed")),
            rows=tuple(
                (
                    text("{group}", group=group),
                    Value(value=here, unit=Unit.SHARE),
                    Value(value=all_, unit=Unit.SHARE),
                )
                for group, here, all_ in shares
            ),
        )


def _kinds(found: Choices, kinds: Mixture) -> Grid:
    order = [int(code) for code in np.argsort(-(kinds.shares @ kinds.theta), kind="stable")]
    return Grid(
        id="kinds-strengths",
        title=text("Strength of each model to each kind"),
        head=(text("model"), *(text("kind {n}", n=i + 1) for i in range(kinds.k))),
        rows=tuple(
            (
                text("{name}", name=found.names[code]),
                *(Value(value=float(kinds.theta[kind, code])) for kind in range(kinds.k)),
            )
            for code in order
        ),
        note=text("Shrunken towards 0; within a column only differences mean something."),
    )
