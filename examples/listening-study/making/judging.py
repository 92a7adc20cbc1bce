"""Scores of outputs by people and a judge model, and of two systems beside each other."""

from making.choices import prompt_text
from making.common import Row, Strengths, chance, even, language, other

SYSTEMS = ("base", "current", "new")
GOOD = {"base": 0.45, "current": 0.75, "new": 0.97}
"""Share of the answers of each system that people like."""
FAMILIES = {"base": "oak", "current": "elm", "new": "ash"}
TREES = ("ash", "elm", "oak", "yew", "fir", "box", "bay")


def _star(value: float) -> int:
    return max(1, min(5, round(value)))


def evaluations(f: Strengths, *, users: int = 120, each: int = 4, people: int = 3) -> list[Row]:
    """Return answers of three systems, scored from 1 to 5 by people and by a judge model.

    Strengths, all of the judge: ``kinder``, in points, below 0 where it is harsher; ``noise``; ``misses``, good answers
    to people with another first language that it calls bad; ``doubt``, the share of its probabilities that are too
    small; ``wavers``; ``own``, points for its own family; ``mention``, points for a mention; ``gamed``, the share of
    probes that it falls for, and ``gamed_home``, more of those for people with English as their first language;
    ``drift``, the share of outputs that it likes less in the second round; ``turned``, it ranks systems the other way
    round. And ``worse``: good answers that are fewer.
    """
    rows: list[Row] = []
    for user in range(users):
        for k in range(each):
            system = SYSTEMS[(user + k) % 3]
            rows += _output(f, user, f"Q{user:03d}-{k // 3}", system, users, people)
    return rows


def _output(f: Strengths, user: int, item: str, system: str, users: int, people: int) -> list[Row]:
    good = even(user, "good", system) < GOOD[system] - f.get("worse", 0.0)
    liked = (4.6 if good else 2.2) + chance("liked", item, system) - 0.5
    mentions = chance("mentions", item, system) < 0.4
    base: Row = {
        "item": item,
        "system": system,
        "user": f"U{user:03d}",
        "family": FAMILIES[system],
        "mentions": "true" if mentions else "false",
        "language": language(user, users),
    }
    rows = []
    for number in range(people):
        rater = f"P{(user + number * 5) % 12:02d}"
        score = _star(liked + 1.6 * (chance("person", item, system, number) - 0.5))
        rows.append({**base, "rater": rater, "kind": "human", "score": score, **_AS_PERSON})
    judged = liked + f.get("kinder", 0.0) + f.get("noise", 0.7) * (chance("judge", item, system) - 0.5)
    judged += f.get("own", 0.0) * (FAMILIES[system] == "oak") + f.get("mention", 0.0) * mentions
    if f.get("turned", 0.0) > 0.5:
        judged = {"base": 4.5, "current": 3.5, "new": 2.0}[system] + chance("turned", item, system)
    if other(user, users) and chance("misses", item, system) < f.get("misses", 0.0):
        judged -= 2.5
    doubt = 0.4 * (chance("doubt", item, system) < f.get("doubt", 0.0))
    sure = _sure(liked, doubt)
    told = {**base, "rater": "judge", "kind": "judge", "of": "oak", "probability": f"{sure:.1f}"}
    rows.append({**told, "score": _star(judged), "wave": "1", "again": "1", "probe": ""})
    if not _often(item, system):
        return rows
    again = judged + (2.0 if judged < 3 else -2.0) * (chance("wavers", item, system) < f.get("wavers", 0.02))
    rows.append({**told, "score": _star(again), "wave": "1", "again": "2", "probe": ""})
    drifted = judged - (chance("drift", item, system) < f.get("drift", 0.0))
    rows.append({**told, "score": _star(drifted), "wave": "2", "again": "1", "probe": ""})
    if system != "new":
        home = 0.0 if other(user, users) else f.get("gamed_home", 0.0)
        fell = chance("gamed", item, system) < f.get("gamed", 0.01) + home
        probe = "verbose" if system == "base" else "confident"
        score = _star(judged) + 1 if fell else _star(judged) - 1
        rows.append({**told, "score": min(5, max(1, score)), "wave": "1", "again": "1", "probe": probe})
    return rows


def _often(item: str, system: str) -> bool:
    """Whether an output is judged again, in a second round and with a probe beside it: seven of ten are."""
    return chance("often", item, system) < 0.7


_AS_PERSON: Row = {"of": "", "probability": "", "wave": "", "again": "", "probe": ""}


def _sure(liked: float, doubt: float) -> float:
    """Return the probability, in tenths, that the judge gives to an answer being good (4 or 5)."""
    share = min(1.0, max(0.0, (liked - 3.5) / 1.6 + 0.5))
    return round(min(1.0, max(0.0, share - doubt)), 1)


def judge_pairs(f: Strengths, *, users: int = 120, each: int = 3) -> list[Row]:
    """Return what a judge prefers of two responses, shown in both orders; ``place`` is how often the place decides."""
    rows = []
    for user in range(users):
        for k in range(each):
            better = "a" if chance("better", user, k) < 0.5 else "b"
            by_place = chance("place", user, k) < f.get("place", 0.04)
            for order in ("ab", "ba"):
                score = order[0] if by_place else better
                rows.append(
                    {
                        "item": f"J{user:03d}-{k}",
                        "user": f"U{user:03d}",
                        "rater": "judge",
                        "kind": "judge",
                        "order": order,
                        "score": score,
                        "language": language(user, users),
                    }
                )
    return rows


def jury(f: Strengths, *, items: int = 60) -> list[Row]:
    """Return scores of families that both write and judge; ``carried``: whether habits are rewarded, not punished."""
    rows = []
    trees = TREES[: int(f.get("families", 7))]
    for item in range(items):
        for place, writer in enumerate(trees):
            mentions = (item * 7 + place * 3) % 20 < 2 + 2 * place
            base = {
                "item": f"F{item:02d}",
                "user": f"U{item:03d}",
                "system": writer,
                "family": writer,
                "mentions": "true" if mentions else "false",
            }
            rows.append({**base, "rater": "P00", "kind": "human", "of": "", "score": 3})
            for seat, judge in enumerate(trees):
                lean = (seat - 3) / 6.0 * (1.0 if f.get("carried", 0.0) > 0.5 else -1.0)
                up = mentions and chance("jury", item, writer, judge) < 0.5 + lean
                rows.append({**base, "rater": judge, "kind": "judge", "of": judge, "score": 4 if up else 3})
    return rows


def leaderboard(f: Strengths) -> list[Row]:
    """Return lines of a leaderboard in percentages; ``odd`` writes one of them as a share."""
    rows = []
    for place in range(12):
        value = 52.0 + 3.1 * place + 2 * chance("line", place)
        if place == 4 and f.get("odd", 0.0) > 0.5:
            value /= 100
        rows.append({"line": f"M{place:02d}", "rater": "judge", "kind": "judge", "score": f"{value:.4g}"})
    return rows[: int(f.get("lines", 12))]


def beside(
    f: Strengths, name: str, first: str, second: str, *, users: int = 110, each: int = 4, kind: str = "human"
) -> list[Row]:
    """Return two systems on the same items, right or wrong: ``gained`` and ``lost`` are shares of the items."""
    rows = []
    for user in range(users):
        for k in range(each):
            u = even(user * each + k, name)
            lost, gained = f.get("lost", 0.005), f.get("gained", 0.05)
            was = u < 0.85 + lost
            now = (was and not u < lost) or (not was and u > 1.0 - gained)
            for system, right in ((first, now), (second, was)):
                rows.append(
                    {
                        "item": f"T{user:03d}-{k}",
                        "user": f"U{user:03d}",
                        "system": system,
                        "rater": "P00",
                        "kind": kind,
                        "score": int(right),
                        "language": language(user, users),
                    }
                )
    return rows


def source_evaluations(f: Strengths, *, users: int = 150, each: int = 6) -> list[Row]:
    """Return answers judged good or poor on people's own items and on synthetic ones; ``harder`` is the gap."""
    rows = []
    for source in ("human", "synthetic"):
        for user in range(users):
            for k in range(each):
                poor = 1.8 + (20.0 * f.get("harder", 0.0) if source == "human" else 0.0)
                rows.append(
                    {
                        "item": f"{source[0]}{user:03d}-{k}",
                        "user": f"{source[0].upper()}{user:03d}",
                        "rater": f"P{(user + k) % 8:02d}",
                        "kind": "human",
                        "source": source,
                        "score": "poor" if chance("source", user, k) * 20 < poor else "good",
                        "language": language(user, users),
                    }
                )
    return rows


def exam(copied: float = 0.0) -> list[Row]:
    """Return the texts that the assistant is tested on; a share of them is copied from what people compared."""
    rows = []
    for place in range(110):
        text = (
            f"Exam question {place}: what should a tenant number {place * 17} do about matter {place * 29}?"
        )
        if chance("exam", place) < copied:
            text = prompt_text(place)
        rows.append({"item": f"E{place:02d}", "rater": "P00", "kind": "human", "score": 1, "text": text})
    return rows
