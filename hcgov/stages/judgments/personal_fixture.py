"""A calibrated synthetic table of a three-stage audit of personalization: from a seed to rows, nothing else.

Nobody's data: users, attributes, prompts and replies are made up. What the judgments reproduce is published (Zhang et
al. 2026, arXiv 2606.06614, partly as reported by secondary sources): stage by stage see
:mod:`hcgov.stages.judgments.personal_latent`. The public release itself is read by a mapping file.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

import numpy as np
from scipy.special import ndtri

from hcgov.core.evidence.long import Column, Long, Texts, coded, numbered
from hcgov.core.evidence.source import Source
from hcgov.core.frozen import frozen
from hcgov.core.long_tables import COLUMNS, Holds, LongKind
from hcgov.core.slices import SliceRules
from hcgov.stages.judgments.personal_latent import (
    FAILURES,
    HUMANS,
    JUDGES,
    PROBLEM_RATES,
    answered,
    extracted,
    paired,
)
from hcgov.stages.judgments.personal_words import attributes_and_evidence, attributes_and_prompts, replies

Value: TypeAlias = str | float | None
Row: TypeAlias = dict[str, Value]
Cells: TypeAlias = Mapping[str, tuple[Value, ...]]

LABELS = ("accept", "uncertain", "reject")

FIXTURE_COLUMNS = (
    *("stage", "item", "user", "rater", "rater_kind", "label", "source", "system", "score", "failure"),
    *("prompt_id", "attribute", "prompt", "evidence", "response", "mentions", "intrusive", "rater_is_user"),
    "region",
)
"""Columns in the order in which they are written; ``region`` is a group of people, the others are canonical."""

_REGIONS = ("north", "south")


@frozen
class Sizes:
    """How much is drawn; the defaults are the published sizes.

    Parameters
    ----------
    users
        People with conversations of their own, and as many personas of the synthetic source.
    attributes
        Attributes of stage 1, of each source.
    pairs, responses
        Items of stages 2 and 3, of people only.
    """

    users: int = 50
    attributes: int = 1983
    pairs: int = 3973
    responses: int = 367


def personalization_columns(seed: int, sizes: Sizes | None = None) -> Cells:
    """Return every column of the table, all of the same length and in the order of :data:`FIXTURE_COLUMNS`.

    Parameters
    ----------
    seed
        The same seed gives the same table, on every machine with the same numpy.
    sizes
        How much is drawn; the published sizes if left out.
    """
    return _columns(personalization_rows(seed, sizes))


def personalization_rows(seed: int, sizes: Sizes | None = None) -> list[Row]:
    """Return the table row by row, each with the columns that it has a value for."""
    size, rng = sizes or Sizes(), np.random.default_rng(seed)
    rows: list[Row] = []
    for source in PROBLEM_RATES:
        rows += _first(rng, size, source)
    rows += _second(rng, size)
    rows += _third(rng, size)
    return rows


def personalization_long(seed: int, sizes: Sizes | None = None, *, rules: SliceRules | None = None) -> Long:
    """Return the table as evidence."""
    return long_of(_columns(personalization_rows(seed, sizes)), rules=rules)


def long_of(columns: Cells, *, rules: SliceRules | None = None, groups: Sequence[str] = ("region",)) -> Long:
    """Return columns of a personalization table as evidence; ``groups`` are slices of people."""
    known = COLUMNS[LongKind.PERSONALIZATION]
    rows = len(next(iter(columns.values()), ()))
    return Long(
        table="personalization",
        kind=LongKind.PERSONALIZATION,
        rows=rows,
        columns={name: _column(known[name].holds, v) for name, v in columns.items() if name in known},
        groups={name: coded([_text(one) for one in columns[name]]) for name in groups if name in columns},
        rules=rules or SliceRules(),
        source=Source(
            artifact="personalization",
            kind="personalization",
            location="personalization.csv",
            sha256="0" * 64,
            size=1,
            rows=rows,
        ),
    )


def _columns(rows: Sequence[Row]) -> Cells:
    return {name: tuple([row.get(name) for row in rows]) for name in FIXTURE_COLUMNS}


def _column(holds: Holds, values: Sequence[Value]) -> Column:
    if holds in (Holds.NUMBER, Holds.MOMENT):
        return numbered([None if one is None else float(one) for one in values])
    if holds is Holds.TEXT:
        return Texts(values=tuple([_text(one) for one in values]))
    return coded([_text(one) for one in values])


def _text(value: Value) -> str | None:
    return None if value is None else str(value)


def _first(rng: np.random.Generator, size: Sizes, source: str) -> Iterable[Row]:
    """Yield stage 1 of one source: three people and one judge for every attribute."""
    rate = PROBLEM_RATES[source]
    drawn = extracted(rng, size.attributes, size.users, problems=rate)
    cut = float(ndtri(1.0 - rate))
    texts, evidence = attributes_and_evidence(rng, drawn.quality, drawn.failure, cut=cut)
    for i, user in enumerate(drawn.users.tolist()):
        shared: Row = {
            "stage": "1",
            "item": f"{source}-attribute-{i:05d}",
            "user": _user(user, source),
            "source": source,
            "attribute": texts[i],
            "evidence": evidence[i],
            "region": _region(user),
        }
        judged = [(*one, "human") for one in zip(HUMANS, drawn.labels[i].tolist(), strict=True)]
        for rater, label, kind in (*judged, (JUDGES[0], int(drawn.judge[i]), "judge")):
            wrong = FAILURES[drawn.failure[i]][0] if label and kind == "human" else None
            yield {**shared, **_by(rater, kind), "label": LABELS[label], "failure": wrong}


def _second(rng: np.random.Generator, size: Sizes) -> Iterable[Row]:
    """Yield stage 2: three people and five judges for every pair of an attribute and a prompt."""
    drawn = paired(rng, size.pairs, size.users)
    attributes, prompts = attributes_and_prompts(rng, drawn.relevance, drawn.prompts, cut=float(ndtri(0.80)))
    for i, user in enumerate(drawn.users.tolist()):
        shared: Row = {
            "stage": "2",
            "item": f"pair-{i:05d}",
            "user": _user(user, "human"),
            "source": "human",
            "prompt_id": f"prompt-{int(drawn.prompts[i]):03d}",
            "attribute": attributes[i],
            "prompt": prompts[i],
            "region": _region(user),
        }
        for raters, votes, kind in ((HUMANS, drawn.humans, "human"), (JUDGES, drawn.judges, "judge")):
            for rater, yes in zip(raters, votes[i].tolist(), strict=True):
                yield {**shared, **_by(rater, kind), "label": "yes" if yes else "no"}


def _third(rng: np.random.Generator, size: Sizes) -> Iterable[Row]:
    """Yield stage 3: three people, five judges and a reward model for every reply."""
    drawn = answered(rng, size.responses, size.users)
    told = replies(rng, drawn.mentions)
    for i, user in enumerate(drawn.users.tolist()):
        shared: Row = {
            "stage": "3",
            "item": f"reply-{i:05d}",
            "user": _user(user, "human"),
            "source": "human",
            "system": f"generator {int(drawn.generators[i]) + 1}",
            "response": told[i],
            "mentions": _flag(bool(drawn.mentions[i])),
            "region": _region(user),
        }
        for k, rater in enumerate(HUMANS):
            own = {"label": str(int(drawn.humans[i, k])), "intrusive": _flag(bool(drawn.intrusive[i, k]))}
            yield {**shared, **_by(rater, "human"), **own}
        for k, rater in enumerate(JUDGES):
            yield {**shared, **_by(rater, "judge"), "label": str(int(drawn.judges[i, k]))}
        score = round(float(drawn.reward[i]), 4)
        yield {**shared, **_by("reward model", "reward"), "label": str(score), "score": score}


def _by(rater: str, kind: str) -> Row:
    return {"rater": rater, "rater_kind": kind, "rater_is_user": "false"}


def _user(number: int, source: str) -> str:
    return f"{'user' if source == 'human' else 'persona'}-{number:03d}"


def _region(number: int) -> str:
    return _REGIONS[number % len(_REGIONS)]


def _flag(true: bool) -> str:
    return "true" if true else "false"
