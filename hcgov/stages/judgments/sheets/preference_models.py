"""Sections on what people prefer: outcomes, strengths and places of models, and where groups lie apart."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from hcgov.core.estimate import Estimate
from hcgov.core.evidence.long import Long
from hcgov.core.frozen import frozen
from hcgov.core.sheet import Bars, Cell, Fact, Facts, Grid, Note, Part, Section, Tone, Unit, Value
from hcgov.core.text import Text, text
from hcgov.stages.judgments.comparison_notes import obstacle, why
from hcgov.stages.judgments.comparisons import OUTCOMES, Choices, choices
from hcgov.stages.judgments.preference_gaps import large_groups, pairs
from hcgov.stages.judgments.preference_slices import group_codes, groups_of
from hcgov.stages.judgments.values import value_of
from hcgov.stats.clusters import FEWEST
from hcgov.stats.crossed import crossed_share
from hcgov.stats.means import student
from hcgov.stats.preferences.davidson import davidson
from hcgov.stats.preferences.held_out import COIN, HeldOut, held_out_loss
from hcgov.stats.preferences.heterogeneity import Disagreement, disagreement, group_test
from hcgov.stats.preferences.simultaneous import Rank, chance, errors, standing
from hcgov.stats.preferences.strengths import Strengths, Unfit

MOST_CONTESTED = 20
MOST_MODELS = 200


def outcome_section(long: Long, dimension: str = "") -> Section:
    """Return how often each of the five outcomes was chosen, by everyone and by each group."""
    found = choices(long, dimension)
    used = found.counted & (found.choice >= 0) & (found.people >= 0)
    scopes = [(text("everyone"), np.flatnonzero(used))]
    for column in long.groups:
        scopes += [
            (text("{slice}", slice=group.slice), group.rows)
            for group in groups_of(long, column, found.people, used)
            if group.people >= FEWEST
        ]
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            who,
            Value(value=float(at.size), unit=Unit.COUNT),
            *(
                value_of(crossed_share(found.choice[at] == place, found.clusters(at)), Unit.SHARE)
                for place in range(len(OUTCOMES))
            ),
        )
        for who, at in scopes
    )
    head = (
        text("who"),
        text("judgments"),
        *(text("{outcome}", outcome=name.replace("_", " ")) for name in OUTCOMES),
    )
    grid = Grid(id="outcomes", title=text("What people chose"), head=head, rows=rows)
    return Section(
        id="outcomes",
        title=text("What people chose"),
        about=text(
            "Shares with 95 % intervals, in which the judgments of one person are not taken for those of several. "
            "That both were bad is no tie. Groups of fewer than {least} {least|person|people} are not shown.",
            least=FEWEST,
        ),
        parts=(grid,),
    )


def strength_section(long: Long, dimension: str = "") -> Section:
    """Return strengths of models with intervals and the places that are settled."""
    found = choices(long, dimension)
    title = text("Which models people prefer")
    about = text(
        "Strengths from all comparisons, with ties, on the logit scale: 0 is the mean of all, and a model that is 1 "
        "above another is preferred in 73 % of decided comparisons. A place such as 2 to 4 means that no better and no "
        "worse one is excluded. Strengths average over everyone, and can hide a group that wants the opposite."
    )
    stopped = obstacle(found, long, models=True)
    if stopped is not None or len(found.names) > MOST_MODELS:
        told = stopped[1] if stopped is not None else text("there are too many models to be told apart")
        return cannot_tell("strengths", title, about, told)
    strengths = davidson(found.contests())
    if isinstance(strengths, Unfit):
        return cannot_tell("strengths", title, about, why(strengths, found))
    return Section(id="strengths", title=title, about=about, parts=tuple(_strengths(found, strengths)))


def _strengths(found: Choices, strengths: Strengths) -> Iterator[Part]:
    known = strengths.people >= FEWEST and strengths.df >= FEWEST - 1
    places = standing(strengths) if known else None
    spread = errors(strengths) if known else None
    order = [int(code) for code in np.argsort(-strengths.theta, kind="stable")]

    def value(code: int) -> Value:
        theta = float(strengths.theta[code])
        if spread is None:
            return Value(value=theta, n=strengths.n, people=strengths.people)
        se = float(spread[code])
        return value_of(student(theta, se, strengths.df, n=strengths.n, people=strengths.people))

    named = [(text("{name}", name=found.names[code]), code) for code in order]
    yield Bars(
        id="strengths",
        title=text("Strength of each model"),
        rows=tuple((name, value(code)) for name, code in named),
        mark=0.0,
        mark_name=text("mean of all models"),
    )
    yield Grid(
        id="places",
        title=text("Places"),
        head=(text("model"), text("strength"), text("place"), text("preferred to the mean model")),
        rows=tuple(
            (
                name,
                value(code),
                _place(None if places is None else places.ranks[code]),
                Value(value=chance(float(strengths.theta[code])), unit=Unit.SHARE),
            )
            for name, code in named
        ),
        note=text(
            "Places follow from the intervals of all differences, which hold together with 95 % probability."
        ),
    )
    if places is None:
        told = text(
            "{n} {n|person|people} judged: with fewer than {least} {least|person|people} (or shared "
            "prompts) no interval is given.",
            n=strengths.people,
            least=FEWEST,
        )
        yield Note(text=told, tone=Tone.CANNOT_TELL)
    yield _facts(strengths, held_out_loss(found.contests()))


def _facts(strengths: Strengths, held_out: HeldOut | None) -> Facts:
    facts = [
        Fact(name=text("judgments"), value=Value(value=float(strengths.n), unit=Unit.COUNT)),
        Fact(name=text("people"), value=Value(value=float(strengths.people), unit=Unit.COUNT)),
        Fact(
            name=text("deviance against one strength for every pair"),
            value=text(
                "{d} on {df} {df|degree|degrees} of freedom",
                d=f"{strengths.deviance:.1f}",
                df=strengths.df_residual,
            ),
        ),
    ]
    if held_out is not None and held_out.loss.value is not None:
        name = text("log-loss on people who were held out, where a coin has {coin}", coin=f"{COIN:.3f}")
        facts.append(Fact(name=name, value=value_of(held_out.loss)))
    return Facts(facts=tuple(facts))


def _place(rank: Rank | None) -> Text:
    if rank is None:
        return text("not settled")
    return (
        text("{best}", best=rank.best)
        if rank.best == rank.worst
        else text("{a} to {b}", a=rank.best, b=rank.worst)
    )


def heterogeneity_section(long: Long, dimension: str = "") -> Section:
    """Return whether groups of people want different things, and about which pairs they are divided most."""
    found = choices(long, dimension)
    title = text("Where groups lie apart")
    about = text(
        "How often each group prefers the first of a pair, ties counting one half. A pair is contested where groups of "
        "at least {least} {least|person|people} lie on different sides of one half, or the further "
        "apart the more. Disagreement is no "
        "error: it says for whom one answer for all would be wrong.",
        least=long.rules.min_people,
    )
    models = bool(found.names)
    stopped = obstacle(found, long, models=models)
    if stopped is not None:
        return cannot_tell("heterogeneity", title, about, stopped[1])
    columns = [column for column in long.groups if (group_codes(long, column) >= 0).any()]
    if not columns:
        told = text("nobody's group is recorded: who disagrees with whom is not known")
        return cannot_tell("heterogeneity", title, about, told)
    parts: list[Part] = []
    for column in columns:
        parts += _tests(long, found, column)
        parts.append(_contested(long, found, column, models=models))
    return Section(id="heterogeneity", title=title, about=about, parts=tuple(parts))


@frozen
class _Contest:
    """A pair, how often each group prefers its first side, and how far choices lie apart."""

    name: str
    shares: Mapping[str, Estimate]
    spread: Disagreement | None

    @property
    def gap(self) -> float:
        values = [share.value or 0.0 for share in self.shares.values()]
        return max(values) - min(values)

    def cells(self, names: Sequence[str]) -> tuple[Cell, ...]:
        few = text("too few people")
        between = None if self.spread is None else self.spread.between
        return (
            text("{pair}", pair=self.name),
            *(value_of(self.shares.get(name), Unit.SHARE, why=few) for name in names),
            Value(value=self.gap, unit=Unit.POINTS),
            Value(value=None if self.spread is None else self.spread.polarisation),
            Value(
                value=between, unit=Unit.SHARE, why=None if between is not None else text("all chose alike")
            ),
        )


def _tests(long: Long, found: Choices, column: str) -> Iterator[Part]:
    if not found.names:
        return
    test = group_test(found.contests(), group_codes(long, column)[found.between_models])
    if test is None or test.p is None:
        told = text("{column}: fewer than two groups of two people judged", column=column)
        yield Note(text=told, tone=Tone.CANNOT_TELL)
        return
    differ = test.p < 0.05
    yield Note(
        text=text(
            "{column}: strengths of each group's own {verb} the choices better than common ones (permutation of groups "
            "between people: p = {p}).",
            column=column,
            verb="tell" if differ else "do not tell",
            p=f"{test.p:.3f}",
        ),
        tone=Tone.WARNING if differ else Tone.PLAIN,
    )


def _contested(long: Long, found: Choices, column: str, *, models: bool) -> Grid:
    known = group_codes(long, column)
    rows = []
    for pair in pairs(long, found, models=models):
        groups = [g for g in large_groups(long, found, column, pair) if g.people >= long.rules.min_people]
        if len(groups) > 1:
            shares = {
                g.slice.values[0][1]: crossed_share(pair.outcome[g.rows], found.clusters(g.rows))
                for g in groups
            }
            signs = np.rint(2.0 * pair.outcome[pair.rows] - 1.0).astype(np.int64)
            rows.append(_Contest(name=pair.name, shares=shares, spread=disagreement(signs, known[pair.rows])))
    rows = sorted(rows, key=lambda one: -one.gap)[:MOST_CONTESTED]
    names = list(dict.fromkeys(name for row in rows for name in row.shares))
    return Grid(
        id=f"contested-{column}",
        title=text("Most contested by {column}", column=column),
        head=(
            text("pair"),
            *(text("{name}", name=name) for name in names),
            text("gap"),
            text("polarisation"),
            text("between groups"),
        ),
        rows=tuple(row.cells(names) for row in rows),
        note=text(
            "Polarisation: variance of choices as a share of the largest possible. Between groups: part of that "
            "variance which groups account for, chance taken off."
        ),
    )


def cannot_tell(name: str, title: Text, about: Text, told: Text) -> Section:
    """Return a section that says why there is nothing to show."""
    return Section(id=name, title=title, about=about, parts=(Note(text=told, tone=Tone.CANNOT_TELL),))
