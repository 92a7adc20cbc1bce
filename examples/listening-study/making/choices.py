"""Choices between two answers, by people of both groups, in two rounds."""

from making.common import Row, Strengths, chance, even, other

MODELS = ("base", "current", "new")
PAIRS = (("new", "current"), ("current", "base"), ("new", "base"))
WINS = {("new", "current"): 0.75, ("current", "base"): 0.75, ("new", "base"): 0.88}
PROMPTS = 60
TOPICS = ("broken boiler", "late deposit", "damp bedroom", "rent rise", "noise at night", "moving out")
WHAT = (
    "Ring the office",
    "Write to the landlord",
    "Keep every receipt",
    "Take photographs",
    "Ask for a visit",
    "Wait a week",
)
WHY = (
    "so that it is on record",
    "as the law allows",
    "before winter comes",
    "to keep the peace",
    "at no cost",
    "and note the day",
)


def prompt_text(prompt: int) -> str:
    """Return the text of a prompt; all are different."""
    return f"{TOPICS[prompt % 6].capitalize()}, flat {prompt + 1}: whom do I tell?"


def response(model: str, prompt: int) -> str:
    """Return a made-up answer of a model to a prompt."""
    place = MODELS.index(model)
    what, why = WHAT[(prompt + 2 * place) % 6], WHY[(prompt // 6 + place * 2) % 6]
    return f"{what} {why}, see {prompt * 7 + place}."


def candidates(f: Strengths) -> list[Row]:
    """Return a choice for each prompt; ``same`` is the share of prompts whose two answers differ in a comma only."""
    rows = []
    for prompt in range(150):
        a = response("new", prompt)
        b = (
            a.replace(", see", "; see")
            if even(prompt, "same") < f.get("same", 0.0)
            else response("base", prompt)
        )
        rows.append(
            {
                "prompt_id": f"H{prompt:03d}",
                "annotator": f"A{prompt:03d}",
                "choice": "a",
                "response_a": a,
                "response_b": b,
            }
        )
    return rows


def repeated(f: Strengths) -> list[Row]:
    """Return 120 choices; ``doubled`` of them say again what the same person said."""
    rows = []
    for place in range(120):
        said = place - 1 if place and place <= int(f.get("doubled", 0.0)) else place
        first = 0 if said != place else place
        rows.append(
            {
                "prompt_id": f"H{first:02d}",
                "annotator": f"A{first:03d}",
                "choice": "a",
                "response_a": f"Ask number {first * 13} about matter {first * 7}.",
                "response_b": f"Wait for letter {first * 17} of week {first * 3}.",
            }
        )
    return rows


def preferences(f: Strengths, *, people: int = 100, each: int = 16, again: int = 60) -> list[Row]:
    """Return choices; the first ``again`` people answer two of their pairs in the second round, too.

    Strengths: ``left`` (choices that go left whatever stands there), ``longer``, ``both_bad``, ``turned`` (people who
    contradict themselves), ``apart`` (how often people with another first language prefer the other way round),
    ``moved`` (change in the second round), ``same`` (prompts whose answers are the same), ``doubled`` rows,
    ``reward_slips`` and ``reward_other`` (more of them for people with another first language), ``sides`` (people of
    two opposite opinions), ``close`` (how near models are to each other).
    """
    rows: list[Row] = []
    met: dict[tuple[object, ...], int] = {}
    for person in range(people):
        for k in range(each):
            number = person * each + k
            pair, wave = PAIRS[(number // PROMPTS + number) % 3], 1 + (2 * k >= each)
            cell = (pair, wave, other(person, people))
            met[cell] = met.get(cell, -1) + 1
            rows.append(_choice(f, person, people, pair, number, (wave, met[cell])))
    for person in range(min(again, people)):
        for k in range(2):
            first = rows[person * each + k]
            chosen = str(first["choice"])
            if chosen in "ab" and chance("turned", person, k) < f.get("turned", 0.02):
                chosen = "b" if chosen == "a" else "a"
            rows.append(
                {
                    **first,
                    "choice": chosen,
                    "round": "r2",
                    "side": "left" if chance("again", person, k) < 0.5 else "right",
                }
            )
    for place in range(int(f.get("doubled", 0.0))):
        rows.append(dict(rows[place * 3]))
    return rows


def _choice(
    f: Strengths,
    person: int,
    people: int,
    pair: tuple[str, str],
    number: int,
    at: tuple[int, int],
) -> Row:
    """Return a person's choice between two models, in a round and at a place among those of the person's group."""
    (wave, place), prompt = at, number % PROMPTS
    first, second = pair if chance("swap", number) < 0.5 else pair[::-1]
    better = pair[0]
    share = WINS[pair] - f.get("close", 0.0)
    if wave == 2:
        share -= f.get("moved", 0.0)
    wins = even(place, "won", pair, wave, other(person, people)) < share
    if other(person, people) and chance("apart", number) < f.get("apart", 0.0):
        wins = not wins
    if person % 2 and chance("sides", person) < 2.0 and f.get("sides", 0.0) > 0.5:
        wins = not wins
    chosen = better if wins else pair[1]
    a, b = response(first, prompt), response(second, prompt)
    if chance("alike", prompt) < f.get("same", 0.0):
        b = a.replace(", see", "; see")
    choice = "a" if chosen == first else "b"
    left = "left" if chance("side", number) < 0.5 else "right"
    if chance("left", number) < f.get("left", 0.0):
        choice = "a" if left == "left" else "b"
    if chance("longer", number) < f.get("longer", 0.0):
        choice = "a" if len(a.split()) > len(b.split()) else "b"
    rewarded = choice
    slips = f.get("reward_slips", 0.05) + (f.get("reward_other", 0.0) if other(person, people) else 0.0)
    if even(place, "reward", pair, wave) < slips:
        rewarded = "b" if choice == "a" else "a"
    u = chance("outcome", number)
    bad = f.get("both_bad", 0.03)
    if u < bad:
        choice = "both_bad"
    elif u < bad + 0.03:
        choice = "tie"
    if f.get("empty", 0.0) and number % 50 == 0:
        b = a
    return {
        "prompt_id": f"H{prompt:02d}",
        "annotator": f"A{person:03d}",
        "choice": choice,
        "side": left,
        "model_a": first,
        "model_b": second,
        "reward_a": 1 if rewarded == "a" else 0,
        "reward_b": 1 if rewarded == "b" else 0,
        "round": f"r{wave}",
        "day": f"2026-{9 + wave:02d}-{3 + number % 14:02d}",
        "prompt": prompt_text(prompt),
        "response_a": a,
        "response_b": b,
    }


def judge_feedback(f: Strengths, *, pairs: int = 300) -> list[Row]:
    """Return choices of three people and of a judge between the same answers; ``odd`` is how often the judge errs."""
    rows = []
    for pair in range(pairs):
        better = chance("feedback", pair) < 0.5
        for number in range(4):
            source = "judge" if number == 3 else "human"
            slips = f.get("odd", 0.04) if number == 3 else 0.1
            picks = better if chance("slip", pair, number) >= slips else not better
            rows.append(
                {
                    "prompt_id": f"K{pair:03d}",
                    "annotator": "judge" if number == 3 else f"A{(pair * 7 + number * 31) % 100:03d}",
                    "by": source,
                    "choice": "a" if picks else "b",
                }
            )
    return rows
