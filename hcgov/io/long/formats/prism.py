"""PRISM: the survey of its participants, and utterances with their scores, as JSON Lines.

Layout: ``survey.jsonl`` and ``utterances.jsonl`` (Kirk et al. 2024, https://doi.org/10.57967/hf/2113). A survey
becomes an ``annotators`` table; its free-text self-descriptions are not read. Of utterances, the responses of one
interaction (up to four models, scored from 1 to 100 by the same person) become all their pairs: the higher score is
preferred, equal scores are a tie, the distance is the strength, and the interaction is the ranking that implies the
pairs, so that they are one cluster. Where a response stood on the screen is not said.
"""

from collections.abc import Iterator
from itertools import combinations

from hcgov.core.evidence.source import Tree
from hcgov.core.frozen import frozen
from hcgov.core.long_tables import LongKind
from hcgov.io.long.formats.describing import described
from hcgov.io.long.formats.documents import Record, peeked, records
from hcgov.io.long.formats.gathering import Gathered
from hcgov.io.long.formats.rows import Options, Rows, UnreadableError
from hcgov.io.long.formats.sniffing import Seen, Shape
from hcgov.io.long.formats.values import name_of, named, number_of, text_of

FORMAT = "prism"
KINDS = (LongKind.PREFERENCES, LongKind.ANNOTATORS)
SUFFIXES = (".jsonl", ".json")

MOST_RESPONSES = 100
"""Most responses of one interaction, whose pairs grow with the square; PRISM itself has up to four."""

_UTTERANCE = ("interaction_id", "user_id", "model_response", "score")
_SURVEY = ("user_id", "consent")
_PLAIN = (
    "age",
    "gender",
    "employment_status",
    "education",
    "marital_status",
    "english_proficiency",
    "study_locale",
    "lm_familiarity",
    "included_in_US_REP",
    "included_in_UK_REP",
    "included_in_balanced_subset",
)
_NESTED = {
    "ethnicity": ("simplified", "categorised"),
    "religion": ("simplified", "categorised"),
    "location": ("birth_country", "birth_region", "reside_country", "reside_region", "special_region"),
}
_INTERACTION = ("conversation_type", "turn")
_COLUMNS = (
    "prompt_id",
    "choice",
    "annotator",
    "prompt",
    "response_a",
    "response_b",
    "model_a",
    "model_b",
    "strength",
    "ranking",
    "dimension",
)


@frozen
class _Response:
    """One scored response."""

    text: str | None
    model: str | None
    score: float | None


def read(data: bytes, options: Options) -> Rows:
    """Read a survey or utterances; see the module for the layouts.

    Raises
    ------
    UnreadableError
        It cannot be read, or has another layout.
    """
    first, found = peeked(records(data))
    if all(key in first for key in _UTTERANCE):
        return _preferences(found, options)
    if all(key in first for key in _SURVEY) and "interaction_id" not in first:
        return _annotators(found, options)
    raise UnreadableError(
        "the first record is neither of a PRISM survey (`user_id`, `consent`) nor of its utterances (`{keys}`)",
        keys="`, `".join(_UTTERANCE),
    )


def fits(seen: Seen) -> bool:
    """Whether a file looks like one of the two."""
    utterances, survey = seen.has(*_UTTERANCE), seen.has(*_SURVEY, "study_locale")
    return seen.shape is Shape.JSON and (utterances or survey)


def _annotators(found: Iterator[Record], options: Options) -> Rows:
    gathered = Gathered(LongKind.ANNOTATORS, ("annotator", "consent"), options.columns)
    for where, record in found:
        attributes: dict[str, Tree] = {key: record[key] for key in _PLAIN if key in record}
        for key, parts in _NESTED.items():
            inside = record.get(key)
            if isinstance(inside, dict):
                attributes |= {f"{key}.{part}": inside[part] for part in parts if part in inside}
        groups, consent = described(attributes)
        agreed = str(record.get("consent", "")).casefold().startswith("yes")
        gathered.add(
            (named(record, "user_id", where), consent or ("given" if agreed else None)), groups, record
        )
    return gathered.finished("participants")


def _preferences(found: Iterator[Record], options: Options) -> Rows:
    gathered = Gathered(LongKind.PREFERENCES, _COLUMNS, options.columns)
    gathered.note("the strength is the distance of two scores on PRISM's scale from 1 to 100")
    interactions: dict[str, list[tuple[str, dict[str, Tree]]]] = {}
    for where, record in found:
        interactions.setdefault(named(record, "interaction_id", where), []).append((where, record))
    for interaction, entries in interactions.items():
        where, record = entries[0]
        who = name_of(record.get("user_id"))
        if any(name_of(one.get("user_id")) != who for _, one in entries):
            raise UnreadableError("{where}: its interaction belongs to several people", where=where)
        responses = [_response(one, at) for at, one in sorted(entries, key=_within)]
        if len(responses) > MOST_RESPONSES:
            raise UnreadableError(
                "{where}: its interaction has {n} responses; at most {most} are known to be rated together",
                where=where,
                n=len(responses),
                most=MOST_RESPONSES,
            )
        scored = [one for one in responses if one.score is not None]
        gathered.drop("no_score", len(responses) - len(scored))
        gathered.drop("single_response", int(len(scored) == 1))
        prompt = text_of(record.get("user_prompt"), where)
        groups = {key: name_of(record.get(key)) for key in _INTERACTION if key in record}
        for a, b in combinations(scored, 2):
            choice, strength = _preferred(a.score or 0.0, b.score or 0.0)
            pair = (interaction, choice, who, prompt, a.text, b.text, a.model, b.model)
            gathered.add((*pair, strength, interaction, options.dimension or None), groups, record)
    return gathered.finished("pairs of scored responses")


def _response(record: dict[str, Tree], where: str) -> _Response:
    return _Response(
        text=text_of(record.get("model_response"), where),
        model=name_of(record.get("model_name")),
        score=number_of(record.get("score"), f"{where}, `score`"),
    )


def _within(entry: tuple[str, dict[str, Tree]]) -> float:
    return number_of(entry[1].get("within_turn_id"), f"{entry[0]}, `within_turn_id`") or 0.0


def _preferred(a: float, b: float) -> tuple[str, float | None]:
    return ("tie", None) if a == b else ("a" if a > b else "b", abs(a - b))
