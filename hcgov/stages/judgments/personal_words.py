"""Texts of attributes, prompts and replies from a small vocabulary, with a signal that a classifier can learn."""

from scipy.special import ndtr

from hcgov.stages.judgments.personal_latent import FAILURES, Bools, Floats, Generator, Ints

TOPICS = (
    ("cooking", ("recipe", "spices", "oven", "dinner", "vegetarian", "baking")),
    ("travel", ("train", "luggage", "hostel", "passport", "itinerary", "island")),
    ("code", ("script", "compiler", "database", "function", "testing", "server")),
    ("music", ("guitar", "choir", "rhythm", "concert", "melody", "violin")),
    ("garden", ("tomatoes", "compost", "pruning", "seeds", "greenhouse", "roses")),
    ("school", ("exam", "essay", "lecture", "tutor", "algebra", "homework")),
    ("sport", ("running", "cycling", "league", "training", "swimming", "marathon")),
    ("money", ("budget", "savings", "rent", "invoice", "taxes", "pension")),
)
"""Topics and their words."""

SOUND = (
    "said so in two conversations",
    "wrote it about themselves",
    "asked for it again in May",
    "named it as their own habit",
    "mentioned it with a date",
)
"""How evidence for an attribute reads that people mostly accept."""

UNSOUND = {
    "overgeneralisation": ("always wants", "never does without", "every day needs", "all their life prefers"),
    "missing_evidence": (
        "seems perhaps to like",
        "probably enjoys",
        "might possibly follow",
        "presumably knows",
    ),
    "task_context_confusion": (
        "as the character in the story likes",
        "for the customer in the letter wants",
        "in the assignment has to treat",
        "on behalf of a client asks about",
    ),
    "not_standalone": ("likes that one of", "wants it as above in", "prefers the same in", "uses this for"),
    "sensitive": ("because of an illness avoids", "for reasons of faith avoids"),
    "other": ("somehow relates to", "was near"),
}
"""How attributes read that people mostly do not accept, by what is wrong."""

PLAIN = ("likes", "works with", "has practised", "is learning", "cares about")
LASTING = ("for years", "at home", "with the family", "as a profession")
PASSING = ("once", "last week", "for a friend", "by chance")
PERSONAL = ("Plan my week around", "What should I choose in", "Help me improve my", "Suggest for me some")
IMPERSONAL = ("Define the term", "Summarise the history of", "Translate a sentence on", "List the parts of")


def attributes_and_evidence(
    rng: Generator, quality: Floats, failure: Ints, *, cut: float
) -> tuple[list[str], list[str]]:
    """Return texts of attributes and of what they were drawn from; those of doubtful quality mostly read so.

    Parameters
    ----------
    quality, failure
        What raters agree on, and what would be wrong; shape (items,).
    cut
        Quality above which most people do not accept.
    """
    doubtful = rng.random(quality.size) < ndtr(2.0 * (quality - cut))
    topic, word = _topics(rng, quality.size)
    texts, evidence = [], []
    names = [name for name, _ in FAILURES]
    picks = rng.integers(0, 1_000_000, size=(quality.size, 3))
    for i in range(quality.size):
        ways = UNSOUND[names[failure[i]]] if doubtful[i] else PLAIN
        about = TOPICS[topic[i]][1][word[i]]
        texts.append(f"The user {_pick(ways, picks[i, 0])} {about} ({TOPICS[topic[i]][0]})")
        told = "the model inferred it" if doubtful[i] and picks[i, 1] % 3 else _pick(SOUND, picks[i, 1])
        evidence.append(f"{told}: {about}, {_pick(LASTING, picks[i, 2])}")
    return texts, evidence


def attributes_and_prompts(
    rng: Generator, relevance: Floats, prompts: Ints, *, cut: float
) -> tuple[list[str], list[str]]:
    """Return texts of attributes and prompts of pairs; those that people select mostly share a topic and last.

    A prompt's text depends on its number alone, so that the same prompt reads the same for everyone.
    """
    chance = ndtr(2.0 * (relevance - cut))
    lasting, same = rng.random(relevance.size) < 0.15 + 0.7 * chance, rng.random(relevance.size) < chance
    topic, word = _topics(rng, relevance.size)
    picks = rng.integers(0, 1_000_000, size=(relevance.size, 2))
    attributes, asked = [], []
    for i in range(relevance.size):
        its = int(prompts[i]) % len(TOPICS)
        # A pair that nobody finds relevant may share a topic by chance as well.
        own = its if same[i] else int(topic[i])
        about, how = TOPICS[own][1][word[i]], _pick(LASTING if lasting[i] else PASSING, picks[i, 1])
        attributes.append(f"The user {_pick(PLAIN, picks[i, 0])} {about} ({TOPICS[own][0]}) {how}")
        asked.append(prompt_text(int(prompts[i])))
    return attributes, asked


def prompt_text(number: int) -> str:
    """Return the text of a prompt by its number."""
    topic, words = TOPICS[number % len(TOPICS)]
    kind = (PERSONAL, IMPERSONAL)[(number // len(TOPICS)) % 2]
    return f"{_pick(kind, number * 7)} {topic}: {_pick(words, number * 5)} and {_pick(words, number * 3 + 1)}"


def replies(rng: Generator, mentions: Bools) -> list[str]:
    """Return texts of replies; those that mention the person say so outright."""
    topic, word = _topics(rng, mentions.size)
    return [
        ("As you told me about yourself, " if told else "") + f"here is a thought on {TOPICS[t][1][w]}."
        for told, t, w in zip(mentions.tolist(), topic.tolist(), word.tolist(), strict=True)
    ]


def _topics(rng: Generator, n: int) -> tuple[Ints, Ints]:
    return rng.integers(0, len(TOPICS), size=n), rng.integers(0, 6, size=n)


def _pick(ways: tuple[str, ...], number: int) -> str:
    return ways[int(number) % len(ways)]
