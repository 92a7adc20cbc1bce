"""Stage 3 of the personalization report: whether people are better served."""

import numpy as np

from hcgov.core.estimate import Estimate
from hcgov.core.evidence.long import Long
from hcgov.core.sheet import Bars, Cell, Fact, Facts, Grid, Note, Part, Section, Tone, Unit, Value
from hcgov.core.text import Text, text
from hcgov.stages.judgments.personal_extraction import share_of
from hcgov.stages.judgments.personal_response import (
    Ranked,
    Replies,
    harmed,
    mention_shift,
    net_win,
    no_better,
    ranked,
    replies_of,
    shift,
)
from hcgov.stages.judgments.personal_rows import Bools, StageRows, obstacle, of_people, stage_rows
from hcgov.stages.judgments.sheets.personalization_parts import (
    cannot,
    count,
    groups,
    raters_grid,
    shown,
)
from hcgov.stats.crossed import Rows, crossed_mean


def response(long: Long) -> Section:
    """Return stage 3: personalised responses beside generic ones."""
    title = text("Stage 3: personalised beside generic responses")
    about = text(
        "Ratings from 1 to 5, where 3 is no difference and more is better for the personalised response. People's "
        "ratings say whether it helps; judges' say what judges think."
    )
    rows = of_people(stage_rows(long, "3"))
    why = obstacle(rows, min_raters=2)
    if why is not None:
        return cannot("response", title, about, why)
    replies, human = replies_of(rows), rows.where(rows.human)
    found = ranked(replies)
    raters = rows.where(~rows.reward)
    parts: list[Part] = [
        Facts(facts=_facts(human)),
        raters_grid("response-raters", text("Share that is no better"), raters, no_better(raters)),
        _ratings(replies, found),
        _inflation(replies),
        _ranks(found),
        *_reward(found),
    ]
    if long.has("system"):
        parts.append(_generators(human))
    if long.has("mentions"):
        parts.append(_mentions(rows))
    parts += groups("response", text("No better, by people"), human, no_better(human))
    return Section(id="response", title=title, about=about, parts=tuple(parts))


def _facts(human: StageRows) -> tuple[Fact, ...]:
    everyone = np.ones(human.index.size, dtype=np.bool_)
    shares = (
        (text("no better than generic"), no_better(human)),
        (text("better"), np.asarray(human.value > 3.0)),
        (text("no different"), np.asarray(human.value == 3.0)),
        (text("worse"), np.asarray(human.value < 3.0)),
        (text("worse or intrusive"), harmed(human)),
    )
    facts = [
        Fact(name=name, value=shown(share_of(y, human)(everyone).estimate, Unit.SHARE)) for name, y in shares
    ]
    net = net_win(human)(everyone).estimate
    return (*facts, Fact(name=text("net win: better minus worse"), value=shown(net, Unit.POINTS)))


def _ratings(replies: Replies, found: Ranked) -> Grid:
    rows = replies.rows
    told: list[tuple[Cell, ...]] = [
        (
            text("people"),
            shown(_mean(rows, rows.human)),
            text("–"),
            shown(found.between_people),
            count(int(rows.human.sum())),
        )
    ]
    ranks = dict(found.judges)
    for name in rows.judges:
        own = rows.named(name) & rows.judge
        told.append(
            (
                text("{name}", name=name),
                shown(_mean(rows, own)),
                shown(_all(replies, own, "rating")),
                shown(ranks.get(name)),
                count(int(own.sum())),
            )
        )
    return Grid(
        id="ratings",
        title=text("Ratings and ranks"),
        head=(
            text("rater"),
            text("mean rating"),
            text("minus people, same responses"),
            text("rank correlation with people's mean"),
            text("ratings"),
        ),
        rows=tuple(told),
        note=text("For people, the rank correlation is the mean over pairs of people."),
    )


def _mean(rows: StageRows, which: Bools) -> Estimate:
    return crossed_mean(rows.value[which], Rows(people=rows.people[which]), low=1.0, high=5.0)


def _all(replies: Replies, which: Bools, scale: str) -> Estimate | None:
    everything = np.ones(replies.rows.index.size, dtype=np.bool_)
    return shift(replies, which, "rating" if scale == "rating" else "net_win")(everything).estimate


def _inflation(replies: Replies) -> Bars:
    rows = replies.rows
    told = [
        (
            text("{name}", name=name),
            shown(_all(replies, rows.named(name) & rows.judge, "net_win"), Unit.POINTS),
        )
        for name in rows.judges
    ]
    return Bars(
        id="inflation",
        title=text("Judge's net win minus people's, same responses"),
        rows=tuple(told),
        mark=0.0,
        mark_name=text("as people"),
    )


def _ranks(found: Ranked) -> Bars:
    told: list[tuple[Text, Value]] = [
        (text("two people, one with another"), shown(found.between_people)),
        (text("ceiling: one further person"), shown(found.one_person)),
        (text("ceiling: what people have in common"), shown(found.perfect)),
    ]
    told += [(text("{name}", name=name), shown(one)) for name, one in (*found.judges, *found.rewards)]
    mark = None if found.one_person is None else found.one_person.value
    return Bars(
        id="ranks",
        title=text("Rank correlation with people's mean rating, and what anything could reach"),
        rows=tuple(told),
        mark=mark,
        mark_name=None if mark is None else text("one further person"),
    )


def _reward(found: Ranked) -> list[Part]:
    if not found.rewards:
        return []
    one = found.reward_minus_person
    if one is None or one.value is None:
        told = text("Whether a reward model ranks as people do cannot be told.")
        return [Note(text=told, tone=Tone.CANNOT_TELL)]
    facts = (
        Fact(name=text("best reward model minus one further person"), value=shown(one)),
        Fact(name=text("best reward model minus best judge"), value=shown(found.reward_minus_judge)),
    )
    value = shown(one)
    if value.low is not None and value.low >= 0.0:
        return [Facts(facts=facts)]
    told = text(
        "Not usable as a gate: no reward model is shown to rank responses as well as one further person would."
    )
    return [Facts(facts=facts), Note(text=told, tone=Tone.WARNING)]


def _generators(human: StageRows) -> Grid:
    names, codes = human.long.codes("system").names, human.column("system")
    told: list[tuple[Cell, ...]] = []
    for code in np.unique(codes[codes >= 0]).tolist():
        own = codes == code
        told.append(
            (
                text("{name}", name=names[code]),
                shown(_mean(human, own)),
                shown(share_of(no_better(human), human)(own).estimate, Unit.SHARE),
                shown(net_win(human)(own).estimate, Unit.POINTS),
                count(int(own.sum())),
            )
        )
    return Grid(
        id="generators",
        title=text("By what wrote the responses, by people"),
        head=(text("system"), text("mean rating"), text("no better"), text("net win"), text("ratings")),
        rows=tuple(told),
    )


def _mentions(rows: StageRows) -> Bars:
    told = [(text("people"), shown(mention_shift(rows, rows.human)))]
    told += [
        (text("{name}", name=name), shown(mention_shift(rows, rows.named(name) & rows.judge)))
        for name in rows.judges
    ]
    return Bars(
        id="mentions",
        title=text("Mean rating with minus without an outright mention of the person"),
        rows=tuple(told),
        mark=0.0,
        mark_name=text("makes no difference"),
    )
