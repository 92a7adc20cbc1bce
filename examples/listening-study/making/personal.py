"""What the assistant believes of people, when it uses it, and whether that makes its answers better for them."""

from making.common import Row, Strengths, chance, even, language

GOOD = ("two rooms", "two children", "likes letters", "works nights", "has a dog")
BAD = ("always complains", "always moves", "always late")
SENSITIVE = "seems to be ill"
PROMPTS = 40


def personalization(
    f: Strengths, *, users: int = 120, believed: int = 900, pairs: int = 4, answers: int = 3
) -> list[Row]:
    """Return the judgments of all three stages.

    Strengths: ``wrong`` (attributes from people's conversations that are not accepted), ``made_up`` (those from
    synthetic ones), ``sensitive``, ``greedy`` (attributes that the selector uses beside those people use), ``blind``
    (those that it misses), ``worse`` (responses that people find worse), ``intrusive``, ``flatters`` (worse responses
    that the judge calls better), ``deaf`` (noise of the reward model), ``unlearnable`` (wrong attributes that no word
    betrays).
    """
    rows: list[Row] = []
    for user in range(believed):
        rows += [_extracted(f, user, source, believed) for source in ("human", "synthetic")]
    for user in range(users):
        for k in range(pairs):
            rows += _relevant(f, user, k, users)
        for k in range(answers):
            rows += _answered(f, user, k, users)
    return rows


def _row(stage: int, item: str, user: str, rater: str, kind: str, label: object, **more: object) -> Row:
    blank = dict.fromkeys(("source", "score", "failure", "intrusive", "prompt_id", "attribute"), "")
    return {
        "stage": stage,
        "item": item,
        "user": user,
        "rater": rater,
        "kind": kind,
        "label": label,
        **blank,
        **more,
    }


def _extracted(f: Strengths, user: int, source: str, users: int) -> Row:
    rate = f.get("wrong", 0.12) if source == "human" else f.get("made_up", 0.12)
    # The same places are drawn in both sources, so that the released rates are equal.
    wrong = even(user, "wrong") < rate
    sensitive = source == "human" and chance("sensitive", user) < f.get("sensitive", 0.0)
    text = GOOD[user % 5]
    if wrong and chance("unlearnable", user) >= f.get("unlearnable", 0.0):
        text = BAD[user % 3]
    label = "accept" if not (wrong or sensitive) else "reject" if user % 2 else "uncertain"
    return _row(
        1,
        f"A{source[0]}{user}",
        f"{source[0].upper()}{user:03d}",
        f"P{user % 10:02d}",
        "human",
        label,
        source=source,
        failure="sensitive" if sensitive else "overgeneralisation" if wrong else "",
        attribute="" if source == "synthetic" else SENSITIVE if sensitive else text,
        language=language(user, users),
    )


def _relevant(f: Strengths, user: int, k: int, users: int) -> list[Row]:
    prompt = (user * 4 + k * 11) % PROMPTS
    wanted = (user + k) % 4 == 0 or chance("wanted", user, k) < 0.1
    used = (
        not chance("blind", user, k) < f.get("blind", 0.06)
        if wanted
        else chance("greedy", user, k) < f.get("greedy", 0.02)
    )
    base: dict[str, object] = {
        "prompt_id": f"Q{prompt:02d}",
        "source": "human",
        "language": language(user, users),
    }
    item, who = f"R{user:03d}-{k}", f"H{user:03d}"
    rows = [
        _row(2, item, who, f"P{(user + number * 5) % 10:02d}", "human", "yes" if wanted else "no", **base)
        for number in range(2)
    ]
    rows.append(_row(2, item, who, "selector", "judge", "yes" if used else "no", **base))
    return rows


def _answered(f: Strengths, user: int, k: int, users: int) -> list[Row]:
    u = chance("better", user, k)
    worse = u < f.get("worse", 0.06)
    value = 2 if worse else 3 if u < f.get("worse", 0.06) + 0.3 else 4
    intrusive = chance("intrusive", user, k) < f.get("intrusive", 0.02)
    base: dict[str, object] = {
        "source": "human",
        "prompt_id": f"Q{(user + k) % 4}",
        "language": language(user, users),
    }
    item, who = f"S{user:03d}-{k}", f"H{user:03d}"
    rows = []
    tastes = [chance("taste", user, k, number) for number in range(3)]
    own, second, said = (max(1, min(5, value + (v < 0.2) - (v > 0.85))) for v in tastes)
    for number, rating in enumerate((own, second)):
        rows.append(
            _row(
                3,
                item,
                who,
                f"P{(user + number * 5) % 10:02d}",
                "human",
                rating,
                intrusive="true" if intrusive else "false",
                **base,
            )
        )
    if said < 4 and chance("flatters", user, k) < f.get("flatters", 0.02):
        said = 4
    rows.append(_row(3, item, who, "judge", "judge", said, **base))
    score = value + f.get("deaf", 0.3) * (chance("reward", user, k) - 0.5) * 2
    rows.append(
        _row(3, item, who, "reward", "reward", max(1, min(5, round(score))), score=f"{score:.2f}", **base)
    )
    return rows
