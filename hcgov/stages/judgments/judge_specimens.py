"""Small tables of evaluations for worked examples: people and judges whose errors are planted."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from hcgov.core.evidence.long import Codes, Long, Numbers, coded, numbered
from hcgov.core.long_tables import LongKind, Scale
from hcgov.core.slices import SliceRules
from hcgov.stages.specimens import source

JUDGE = "judge-1"
Row = Mapping[str, str | float | None]
_NUMBERS = {"probability", "words"}


def table(
    rows: Sequence[Row],
    *,
    scale: Scale = Scale.NOMINAL,
    ends: tuple[float, float] | None = None,
    groups: Sequence[str] = (),
    min_people: int = 30,
) -> Long:
    """Return a table of evaluations from its rows.

    Parameters
    ----------
    rows
        Column to value; a column that a row does not have is not recorded there.
    scale, ends
        What scores are, and between which numbers.
    groups
        Which of the columns are groups.
    min_people
        Fewest people of a group.
    """
    names = dict.fromkeys(name for row in rows for name in row)
    columns: dict[str, Codes | Numbers] = {}
    for name in names:
        values = [row.get(name) for row in rows]
        if name in _NUMBERS:
            columns[name] = numbered([None if v is None else float(v) for v in values])
        else:
            columns[name] = coded([None if v is None else str(v) for v in values])
    return Long(
        table="evaluations",
        kind=LongKind.EVALUATIONS,
        rows=len(rows),
        columns={name: column for name, column in columns.items() if name not in groups},
        groups={name: found for name in groups if isinstance(found := columns[name], Codes)},
        scale=scale,
        low=None if ends is None else ends[0],
        high=None if ends is None else ends[1],
        rules=SliceRules(by=tuple(groups), min_people=min_people),
        source=source("evaluations", "evaluations"),
    )


def labelled(
    *,
    people_right: float = 0.9,
    judge_right: float = 0.95,
    lean: float = 0.0,
    items: int = 200,
    people: int = 40,
    each: int = 4,
    labelled_share: float = 1.0,
    prevalence: float = 0.5,
    group: Mapping[str, float] | None = None,
    seed: int = 7,
) -> tuple[Row, ...]:
    """Return labels 0 and 1 by people and a judge.

    Parameters
    ----------
    people_right, judge_right
        Probability that a person, or the judge, finds the truth.
    lean
        Probability that the judge then says 1 whatever it found.
    items, people, each
        Items, people, and people for each item.
    labelled_share
        Share of the items, drawn at random, that people label.
    prevalence
        Share of items with truth 1.
    group
        Name of each group of items to the probability that the judge is right on it.
    seed
        Of the random numbers: the same seed gives the same rows.
    """
    draw = np.random.default_rng(seed)
    names = list(group) if group else [""]
    rows: list[Row] = []
    for item in range(items):
        of = names[item % len(names)]
        truth = int(draw.random() < prevalence)
        own: dict[str, str | float | None] = {"item": f"i{item}"}
        if of:
            own["topic"] = of
        drawn = draw.random() < labelled_share
        if labelled_share < 1.0:
            own["calibration"] = str(drawn).lower()
        right = group[of] if group else judge_right
        found = truth if draw.random() < right else 1 - truth
        found = 1 if draw.random() < lean else found
        rows.append({**own, "rater": JUDGE, "rater_kind": "judge", "score": str(found)})
        for k in range(each if drawn else 0):
            said = truth if draw.random() < people_right else 1 - truth
            who = (item * each + k + item // people) % people
            rows.append({**own, "rater": f"p{who}", "rater_kind": "human", "score": str(said)})
    return tuple(rows)


def scored(
    *,
    shift: float = 0.0,
    noise: float = 0.6,
    items: int = 120,
    people: int = 40,
    each: int = 4,
    systems: Sequence[str] = ("",),
    seed: int = 7,
) -> tuple[Row, ...]:
    """Return scores from 1 to 5 by people and a judge, who scores ``shift`` higher.

    Parameters
    ----------
    shift, noise
        What the judge adds, and the standard deviation of its error.
    items, people, each, seed
        As for :func:`labelled`.
    systems
        Each makes an output for each item; the later, the better.
    """
    draw = np.random.default_rng(seed)
    rows: list[Row] = []
    for item, system in _outputs(items, systems):
        quality = 3.0 + draw.normal() * 0.8 + 0.5 * (systems.index(system) - (len(systems) - 1) / 2.0)
        own: dict[str, str | float | None] = {"item": f"i{item}"}
        if system:
            own["system"] = system
        rows.append(
            {
                **own,
                "rater": JUDGE,
                "rater_kind": "judge",
                "score": _score(quality + shift + noise * draw.normal()),
            }
        )
        for k in range(each):
            who = (item * each + k + item // people) % people
            said = _score(quality + 0.7 * draw.normal())
            rows.append({**own, "rater": f"p{who}", "rater_kind": "human", "score": said})
    return tuple(rows)


def scale_table(rows: Sequence[Row], *, groups: Sequence[str] = ()) -> Long:
    """Return a table of scores from 1 to 5."""
    return table(rows, scale=Scale.ORDINAL, ends=(1.0, 5.0), groups=groups)


def _outputs(items: int, systems: Sequence[str]) -> Iterator[tuple[int, str]]:
    return ((item, system) for item in range(items) for system in systems)


def _score(value: float) -> str:
    return str(min(max(round(value), 1), 5))
