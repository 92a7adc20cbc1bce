"""Labels of letters about housing, reviews of a machine's suggestions, and statements people agreed with or not."""

from making.common import Row, Strengths, chance, language, other

LABELS = ("yes", "no")
STATEMENTS = ("repairs", "heating", "letters", "deposits", "noise", "viewing")


def annotators(people: int, expired: float = 0.0) -> list[Row]:
    """Return the people who labelled, reviewed and chose; the consent of a share of them has expired."""
    return [
        {
            "annotator": f"A{person:03d}",
            "consent": "expired" if chance("consent", person) < expired else "given",
            "language": language(person, people),
            "home": "house" if person % 5 < 2 else "flat",
        }
        for person in range(people)
    ]


def _asked(item: int, people: int, each: int) -> list[int]:
    """Return who judges an item: people of both groups, in turns."""
    groups = [[p for p in range(people) if other(p, people) is what] for what in (False, True)]
    several = (each - each // 2, each // 2)
    return [
        group[(item * n + k) % len(group)] for group, n in zip(groups, several, strict=True) for k in range(n)
    ]


def _flipped(label: str) -> str:
    return LABELS[1 - LABELS.index(label)]


def annotations(f: Strengths, *, people: int = 100, items: int = 300, each: int = 5) -> list[Row]:
    """Return labels: whether a letter is urgent.

    Strengths: ``slips`` of everyone; ``gold_slips`` on known items; ``otherwise``, the share of items that people with
    another first language see the other way round; ``severe``, how often they call more letters urgent; ``tired``,
    slips at the end of a sitting; ``pull`` and ``push`` of suggestions that are seen and kept back; ``careless`` and
    ``untimed`` people; ``busiest``, the share of items that one person judges; ``alone``, items that one person judges;
    ``pay`` for an answer; ``random``, the share of items drawn at random; ``all_gold``, every item is known.
    """
    rows: list[Row] = []
    answered = [0] * people
    for item in range(items):
        truth = LABELS[chance("truth", item) < 0.5]
        gold = item % 3 == 0 or f.get("all_gold", 0.0) > 0.5
        suggestion = truth if chance("advice", item) >= f.get("wrong_advice", 0.02) else _flipped(truth)
        asked = _asked(item, people, each)
        if chance("busiest", item) < f.get("busiest", 0.0) and 0 not in asked:
            asked[0] = 0
        if chance("alone", item) < f.get("alone", 0.0):
            asked = asked[:1]
        for person in asked:
            place = answered[person]
            answered[person] += 1
            rows.append(
                {
                    "item": f"L{item:03d}",
                    "annotator": f"A{person:03d}",
                    **_answer(f, item, person, place % 15, truth, suggestion, gold=gold, people=people),
                    "gold": truth if gold else "",
                    "suggestion": suggestion,
                    "stream": "random" if chance("stream", item) < f.get("random", 0.25) else "active",
                }
            )
    return rows


def _answer(
    f: Strengths, item: int, person: int, place: int, truth: str, suggestion: str, *, gold: bool, people: int
) -> Row:
    label = truth
    shown = chance("shown", item, person) < 0.5
    slips = (
        f.get("slips", 0.03) + (f.get("gold_slips", 0.0) if gold else 0.0) + f.get("tired", 0.0) * place / 14
    )
    if chance("slips", item, person) < slips:
        label = _flipped(label)
    if other(person, people):
        if chance("otherwise", item) < f.get("otherwise", 0.0):
            label = _flipped(label)
        if label == "no" and chance("severe", item, person) < f.get("severe", 0.0):
            label = "yes"
    if shown and chance("pull", item, person) < f.get("pull", 0.0):
        label = suggestion
    if not shown and chance("push", item, person) < f.get("push", 0.0):
        label = _flipped(suggestion)
    seconds = f"{30 + 25 * chance('seconds', item, person):.1f}"
    if chance("careless", person) < f.get("careless", 0.0):
        label, seconds = "no", "0.9"
    if chance("untimed", person) < f.get("untimed", 0.0):
        seconds = ""
    return {
        "label": label,
        "shown": "true" if shown else "false",
        "seconds": seconds,
        "pay": f"{f.get('pay', 0.13):.2f}",
        "place": place,
    }


def reviews(f: Strengths, *, people: int = 80, each: int = 20) -> list[Row]:
    """Return reviews of what a machine suggested, first without and then with the suggestion.

    Strengths: ``undone`` (right suggestions that are overridden), ``passed`` (wrong ones that are accepted),
    ``stamped`` (seeded errors that are accepted), ``before`` (share of right answers before), ``harm_other`` (added to
    what people with another first language undo).
    """
    rows = []
    for person in range(people):
        for k in range(each):
            number = person * each + k
            item = (person * 7 + k * 3) % 200
            truth = LABELS[(item * 7919) % 2]
            seeded = k % 4 == 3
            right = not seeded and k % 4 != 2
            suggestion = truth if right else _flipped(truth)
            u = chance("review", number)
            if right:
                label = _flipped(truth) if u < f.get("undone", 0.02) else truth
            else:
                label = suggestion if u < f.get("stamped" if seeded else "passed", 0.06) else truth
            before = truth if chance("before", number) < f.get("before", 0.85) else _flipped(truth)
            rows.append(
                {
                    "item": f"R{item:03d}-{k % 4}",
                    "annotator": f"A{person:03d}",
                    "label": label,
                    "suggestion": suggestion,
                    "truth": truth,
                    "before": before,
                    "seeded": "true" if seeded else "false",
                }
            )
    return rows


def statements(f: Strengths, *, people: int = 100) -> list[Row]:
    """Return who agrees with what is called common ground.

    Strengths: ``dissent`` of people with another first language about one statement, and how many more are ``silent``.
    """
    rows = []
    for person in range(people):
        for name in STATEMENTS:
            against = f.get("dissent", 0.06) if other(person, people) and name == "viewing" else 0.06
            u = chance("statement", name, person)
            says = "pass" if u > 0.97 - f.get("silent", 0.0) else "disagree" if u < against else "agree"
            rows.append({"item": name, "annotator": f"A{person:03d}", "label": says})
    return rows
