"""Small audits of personalization for the worked examples of checks."""

from collections.abc import Sequence
from functools import cache

import numpy as np

from hcgov.core.evidence.long import Long, coded
from hcgov.core.long_tables import LongKind
from hcgov.stages.judgments.personal_fixture import Row, long_of
from hcgov.stages.specimens import source as source_of

PEOPLE = ("ada", "ben", "eve")


@cache
def extraction(
    human: float | None,
    synthetic: float | None,
    *,
    users: int = 60,
    each: int = 20,
    raters: int = 3,
    sensitive: float = 0.0,
) -> Long:
    """Return stage 1 with a share of attributes that are rejected in people's and in synthetic conversations."""
    rng, rows = np.random.default_rng(1), list[Row]()
    for source, share in (("human", human), ("synthetic", synthetic)):
        if share is None:
            continue
        for i in range(users * each):
            bad, grave = bool(rng.random() < share), bool(rng.random() < sensitive)
            failure = "sensitive" if grave else "overgeneralisation" if bad else None
            own: Row = {
                "stage": "1",
                "item": f"{source}-{i}",
                "user": f"{source}-{i % users}",
                "source": source,
                "failure": failure,
                "attribute": "The user always wants tea" if bad and i % 7 else "The user likes tea",
            }
            rows += _judged(
                own,
                "reject" if failure else "accept",
                (rng.random(raters) < 0.05).tolist(),
                ("reject", "accept"),
            )
    return _long(rows)


def _judged(own: Row, label: str, slips: Sequence[bool], labels: tuple[str, str]) -> list[Row]:
    """Return the rows of people who mostly say the same, one slip aside."""
    other = labels[1] if label == labels[0] else labels[0]
    found: list[Row] = []
    for k, slip in enumerate(slips):
        given = other if slip and not own.get("failure") else label
        wrong = {"failure": "other"} if given == "reject" and not own.get("failure") else {}
        found.append({**own, **wrong, "rater": PEOPLE[k], "rater_kind": "human", "label": given})
    return found


@cache
def relevance(
    *, more: float, missed: float = 0.05, users: int = 60, each: int = 20, wanted: float = 0.25
) -> Long:
    """Return stage 2: people want a share of pairs, a judge misses some of them and selects a share of the others."""
    rng, rows = np.random.default_rng(2), list[Row]()
    for i in range(users * each):
        right = bool(rng.random() < wanted)
        own: Row = {
            "stage": "2",
            "item": f"pair-{i}",
            "user": f"user-{i % users}",
            "prompt_id": f"prompt-{i % 37}",
            "attribute": "The user likes tea at home" if right and i % 9 else "The user once saw a train",
            "prompt": "What should I drink?",
        }
        rows += _judged(own, "yes" if right else "no", (rng.random(3) < 0.03).tolist(), ("yes", "no"))
        chosen = rng.random() >= missed if right else rng.random() < more
        rows.append({**own, "rater": "judge", "rater_kind": "judge", "label": "yes" if chosen else "no"})
    return _long(rows)


@cache
def response(
    shares: tuple[float, float, float],
    *,
    flatters: float = 0.0,
    reward: float = 0.0,
    users: int = 60,
    each: int = 10,
    raters: int = 3,
    intrusive: float = 0.0,
) -> Long:
    """Return stage 3: people find a share of responses worse, no different and better.

    ``flatters`` is the share of responses that a judge rates two points above what one of the people said;
    ``reward`` is how much of what people agree on a reward model sees, from 0 to 1.
    """
    rng, rows = np.random.default_rng(3), list[Row]()
    cuts = np.cumsum(shares)
    for i in range(users * each):
        level = rng.random()
        own: Row = {
            "stage": "3",
            "item": f"reply-{i}",
            "user": f"user-{i % users}",
            "system": f"model {i % 2 + 1}",
        }
        said = []
        for k in range(raters):
            # Half of the time people see what all of them see.
            at = level if rng.random() < 0.5 else rng.random()
            said.append(int(2 + np.searchsorted(cuts[:2], at)))
            bothered = "true" if rng.random() < intrusive else "false"
            mine: Row = {"rater": PEOPLE[k], "rater_kind": "human", "intrusive": bothered}
            rows.append({**own, **mine, "label": str(said[-1])})
        rating = min((said or [3])[0] + (2 if rng.random() < flatters else 0), 5)
        rows.append({**own, "rater": "judge", "rater_kind": "judge", "label": str(rating)})
        score = round(reward * level + (1.0 - reward) * float(rng.random()), 4)
        rows.append({**own, "rater": "scorer", "rater_kind": "reward", "label": str(score)})
    return _long(rows)


def _long(rows: Sequence[Row]) -> Long:
    names = dict.fromkeys(name for row in rows for name in row)
    return long_of({name: tuple([row.get(name) for row in rows]) for name in names})


@cache
def flagged_at_random() -> Long:
    """Return stage 1 with the predictions of a verifier that flags attributes at random."""
    rng, rows = np.random.default_rng(4), list[Row]()
    for i in range(1200):
        own: Row = {"stage": "1", "item": f"human-{i}", "user": f"user-{i % 60}", "source": "human"}
        rows += _judged(own, "reject" if rng.random() < 0.3 else "accept", [False] * 3, ("reject", "accept"))
        guess = "reject" if rng.random() < 0.3 else "accept"
        rows.append({**own, "rater": "guess", "rater_kind": "judge", "label": guess})
    return _long(rows)


@cache
def both_sources(
    human: float | None,
    synthetic: float | None,
    *,
    users: int = 60,
    each: int = 20,
    words: tuple[str, str] = ("bad", "good"),
) -> Long:
    """Return an evaluations table whose items are good with a chance that depends on where they come from."""
    rng, rows = np.random.default_rng(5), list[tuple[str, ...]]()
    for source, share in (("human", human), ("synthetic", synthetic)):
        for i in range(0 if share is None else users * each):
            good = rng.random() < (share or 0.0)
            for rater in PEOPLE[:2]:
                user = f"{source}-{i % users}"
                rows.append((f"{source}-{i}", rater, "human", words[int(good)], source, user))
    names = ("item", "rater", "rater_kind", "score", "source", "user")
    return Long(
        table="evaluations",
        kind=LongKind.EVALUATIONS,
        rows=len(rows),
        columns={name: coded([row[k] for row in rows]) for k, name in enumerate(names)},
        source=source_of("evaluations", "evaluations"),
    )
