"""The canonical long tables: their columns, what each holds, and which of them no row can do without."""

from collections.abc import Mapping
from enum import StrEnum

from hcgov.core.frozen import frozen


class LongKind(StrEnum):
    """Which long table it is."""

    ANNOTATIONS = "annotations"
    ANNOTATORS = "annotators"
    PREFERENCES = "preferences"
    EVALUATIONS = "evaluations"
    PERSONALIZATION = "personalization"
    FEEDBACK = "feedback"


class Holds(StrEnum):
    """What a column holds."""

    NAME = "name"
    NUMBER = "number"
    MOMENT = "moment"
    FLAG = "flag"
    """``true`` or ``false``, as names."""
    TEXT = "text"


class Scale(StrEnum):
    """What can be done with values: compared, ordered, subtracted, divided."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    INTERVAL = "interval"
    RATIO = "ratio"


@frozen
class LongColumn:
    """One canonical column.

    Parameters
    ----------
    holds, about
        What is in it, in a type and in a sentence.
    required
        Whether a table of the kind is none without it.
    values
        The only values it may have, where they are closed.
    """

    holds: Holds
    about: str
    required: bool = False
    values: tuple[str, ...] = ()


def _name(about: str, *, required: bool = False, values: tuple[str, ...] = ()) -> LongColumn:
    return LongColumn(holds=Holds.NAME, about=about, required=required, values=values)


def _of(holds: Holds, about: str) -> LongColumn:
    return LongColumn(holds=holds, about=about)


_ANNOTATIONS: Mapping[str, LongColumn] = {
    "item": _name("What was judged.", required=True),
    "annotator": _name("Who judged it.", required=True),
    "label": _name("The value that was given.", required=True),
    "question": _name("Which question, where a table holds several."),
    "status": _name("How far it got.", values=("submitted", "discarded", "draft")),
    "consent": _name("Consent of the annotator.", values=("given", "expired", "revoked", "unknown")),
    "seconds": _of(Holds.NUMBER, "Time that the answer took, in seconds."),
    "submitted_at": _of(Holds.MOMENT, "When it was submitted."),
    "session": _name("Which sitting of the annotator it belongs to."),
    "position": _of(Holds.NUMBER, "How many answers the annotator gave before it, in the sitting."),
    "is_gold": _of(Holds.FLAG, "Whether the item has a known answer, to check attention."),
    "gold_label": _name("That known answer."),
    "truth": _name("What a third party established to be right."),
    "suggestion": _name("What a machine suggested."),
    "suggestion_agent": _name("Which machine."),
    "suggestion_score": _of(Holds.NUMBER, "How sure the machine was of its suggestion; higher is surer."),
    "suggestion_shown": _of(Holds.FLAG, "Whether the annotator saw the suggestion."),
    "before": _name("What the annotator answered before seeing the suggestion."),
    "guideline": _name("Version of the guideline."),
    "words": _of(Holds.NUMBER, "Length of the item in words."),
    "text": _of(Holds.TEXT, "Free text that the annotator wrote."),
    "pay": _of(Holds.NUMBER, "Pay for this answer, in the currency of the pay floor."),
    "stream": _name(
        "How the item was chosen for labelling.", values=("random", "active", "audit", "training")
    ),
    "wave": _name("Round of collection."),
}

_ANNOTATORS: Mapping[str, LongColumn] = {
    "annotator": _name("Who.", required=True),
    "consent": _name("Consent of the annotator.", values=("given", "expired", "revoked", "unknown")),
    "consent_version": _name("Version of the consent form."),
    "pay_per_hour": _of(Holds.NUMBER, "Pay per hour, in the currency of the pay floor."),
    "recruited_via": _name("Where they were recruited."),
    "weight": _of(Holds.NUMBER, "Weight of the person, above 0."),
}

_PREFERENCES: Mapping[str, LongColumn] = {
    "prompt_id": _name("Which prompt.", required=True),
    "choice": _name("Which was preferred.", required=True, values=("a", "b", "tie", "both_bad", "skip")),
    "annotator": _name("Who chose; without it rows are not known to be different people's."),
    "prompt": _of(Holds.TEXT, "The prompt."),
    "response_a": _of(Holds.TEXT, "One response."),
    "response_b": _of(Holds.TEXT, "The other response."),
    "model_a": _name("What made response a."),
    "model_b": _name("What made response b."),
    "strength": _of(Holds.NUMBER, "How strong the preference is, from 1."),
    "position_of_a": _name("Where response a stood.", values=("left", "right")),
    "weight": _of(Holds.NUMBER, "Weight of the annotator, above 0 and the same in all their rows."),
    "ranking": _name("Which ranking the pair is implied by: its pairs are one cluster."),
    "dimension": _name("In which respect, such as politeness."),
    "label_source": _name("Who chose.", values=("human", "judge")),
    "consent": _name("Consent of the annotator.", values=("given", "expired", "revoked", "unknown")),
    "seconds": _of(Holds.NUMBER, "Time that the choice took, in seconds."),
    "submitted_at": _of(Holds.MOMENT, "When it was submitted."),
    "reward_a": _of(Holds.NUMBER, "Score of a reward model for response a."),
    "reward_b": _of(Holds.NUMBER, "Score of a reward model for response b."),
    "wave": _name("Round of collection."),
    "language": _name("Language of the prompt."),
    "reason": _of(Holds.TEXT, "Free text that the annotator wrote."),
}

_EVALUATIONS: Mapping[str, LongColumn] = {
    "item": _name("What was judged.", required=True),
    "rater": _name("Who judged: a person or a judge model.", required=True),
    "rater_kind": _name("Which of the two.", required=True, values=("human", "judge")),
    "score": _name("The value that was given: a name, or a number on a scale.", required=True),
    "system": _name("Whose output was judged."),
    "source": _name("Where the item comes from.", values=("human", "synthetic")),
    "user": _name("Person whom the item belongs to: the cluster."),
    "repetition": _name("Which repetition of the same judgment."),
    "order": _name("In which order a pair was shown.", values=("ab", "ba")),
    "probability": _of(Holds.NUMBER, "Probability that the judge gave to its answer being 1."),
    "family": _name("Model family of the system that made the item."),
    "rater_family": _name("Model family of the judge."),
    "mentions": _of(Holds.FLAG, "Whether the response says outright what it knows of the user."),
    "words": _of(Holds.NUMBER, "Length of what was judged, in words."),
    "question": _name("Which question, where a table holds several."),
    "probe": _name(
        "Kind of output made to game the judge, such as `verbose` or `confident`; none for others."
    ),
    "consent": _name("Consent of the rater.", values=("given", "expired", "revoked", "unknown")),
    "calibration": _of(Holds.FLAG, "Whether the item was drawn at random to be labelled by people."),
    "text": _of(Holds.TEXT, "What was judged."),
    "wave": _name(
        "Round in which it was judged, such as a version of the judge; rounds are ordered by name."
    ),
}

_PERSONALIZATION: Mapping[str, LongColumn] = {
    "stage": _name(
        "Which stage: 1 extraction, 2 relevance, 3 response.", required=True, values=("1", "2", "3")
    ),
    "item": _name("Attribute, pair of attribute and prompt, or pair of responses.", required=True),
    "user": _name("Person whom it is about: the cluster.", required=True),
    "rater": _name("Who judged.", required=True),
    "rater_kind": _name(
        "Person, judge model, or a model's score.", required=True, values=("human", "judge", "reward")
    ),
    "label": _name(
        "Stage 1: accept, uncertain or reject. Stage 2: yes or no. Stage 3: a rating from 1 to 5, where 3 is "
        "no difference.",
        required=True,
    ),
    "source": _name("Where the conversation comes from.", values=("human", "synthetic")),
    "system": _name("What extracted, chose or wrote."),
    "score": _of(Holds.NUMBER, "Score of a model, where it gives one."),
    "failure": _name(
        "Stage 1: what is wrong.",
        values=(
            "overgeneralisation",
            "missing_evidence",
            "task_context_confusion",
            "not_standalone",
            "sensitive",
            "other",
        ),
    ),
    "prompt_id": _name("Stages 2 and 3: which prompt."),
    "attribute": _of(Holds.TEXT, "Text of the attribute."),
    "prompt": _of(Holds.TEXT, "Text of the prompt."),
    "evidence": _of(Holds.TEXT, "What the attribute was drawn from."),
    "response": _of(Holds.TEXT, "Stage 3: the personalised response."),
    "mentions": _of(Holds.FLAG, "Stage 3: whether the response says outright what it knows of the user."),
    "intrusive": _of(Holds.FLAG, "Stage 3: whether the person found it intrusive."),
    "rater_is_user": _of(Holds.FLAG, "Whether the rater is the person whom it is about."),
    "split": _name("Which part of the data.", values=("train", "test")),
    "consent": _name("Consent of the user.", values=("given", "expired", "revoked", "unknown")),
}

_FEEDBACK: Mapping[str, LongColumn] = {
    "event": _name("Which event.", required=True),
    "user": _name("Who, by pseudonym.", required=True),
    "signal": _name(
        "What they did.",
        required=True,
        values=("up", "down", "report", "edit", "regenerate", "reject", "accept", "none"),
    ),
    "at": _of(Holds.MOMENT, "When."),
    "system": _name("Version of the system."),
    "sampled_for_audit": _of(Holds.FLAG, "Whether it was drawn at random to be audited."),
    "audit_label": _name("What the audit found.", values=("good", "bad", "unsure")),
    "edit_distance": _of(Holds.NUMBER, "How much of the output was changed, from 0 to 1."),
    "reason": _name("Reason that was chosen from a list."),
}

COLUMNS: Mapping[LongKind, Mapping[str, LongColumn]] = {
    LongKind.ANNOTATIONS: _ANNOTATIONS,
    LongKind.ANNOTATORS: _ANNOTATORS,
    LongKind.PREFERENCES: _PREFERENCES,
    LongKind.EVALUATIONS: _EVALUATIONS,
    LongKind.PERSONALIZATION: _PERSONALIZATION,
    LongKind.FEEDBACK: _FEEDBACK,
}
"""The columns of every long table, by canonical name."""

PERSON: Mapping[LongKind, str] = {
    LongKind.ANNOTATIONS: "annotator",
    LongKind.ANNOTATORS: "annotator",
    LongKind.PREFERENCES: "annotator",
    LongKind.EVALUATIONS: "rater",
    LongKind.PERSONALIZATION: "user",
    LongKind.FEEDBACK: "user",
}
"""Column of the person whom consent, demographics and clusters belong to."""
