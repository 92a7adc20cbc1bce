"""Tables near the limits: the same rows with columns of their own for each control, in which one fault is planted.

A column is named after its control and the side of the limit, such as ``hitl_02_inside``; further columns that the
fault changes bear their own name behind it.
"""

from collections.abc import Callable

from making import choices, events, judging, labels, personal
from making.common import Row, Strengths
from making.strengths import NEAR

Maker = Callable[[Strengths], list[Row]]


def _stage(number: int) -> Maker:
    def made(f: Strengths) -> list[Row]:
        return [row for row in personal.personalization(f) if row["stage"] == number]

    return made


def _beside(name: str, first: str, second: str) -> Maker:
    return lambda f: judging.beside(f, name, first, second, users=200)


def _lengths(f: Strengths) -> list[Row]:
    """Return choices whose answers are told by their number of words alone."""

    def counted(row: Row, name: str) -> str:
        return " ".join("x" for _ in str(row[name]).split())

    names = ("response_a", "response_b")
    return [{**row, **{name: counted(row, name) for name in names}} for row in choices.preferences(f)]


_PERSON = ("item", "user", "rater", "kind", "language")
MADE: dict[str, tuple[Maker, tuple[str, ...], tuple[str, ...]]] = {
    "annotations": (
        lambda f: labels.annotations({"all_gold": 1.0, **f}),
        ("item", "annotator", "gold", "suggestion", "shown", "place"),
        ("label", "seconds"),
    ),
    "reviews": (
        lambda f: labels.reviews(f, people=100, each=16),
        ("item", "annotator", "suggestion", "truth", "seeded"),
        ("label", "before"),
    ),
    "statements": (labels.statements, ("item", "annotator"), ("label",)),
    "preferences": (
        _lengths,
        ("prompt_id", "annotator", "side", "model_a", "model_b", "round", "day", "response_a", "response_b"),
        ("choice", "reward_a", "reward_b"),
    ),
    "candidates": (choices.candidates, ("prompt_id", "annotator", "choice", "response_a"), ("response_b",)),
    "judge_feedback": (choices.judge_feedback, ("prompt_id", "annotator", "by"), ("choice",)),
    "evaluations": (
        judging.evaluations,
        (*_PERSON, "system", "family", "mentions", "of", "again", "wave", "probe"),
        ("score", "probability"),
    ),
    "judge_pairs": (judging.judge_pairs, (*_PERSON, "order"), ("score",)),
    "prompt_evaluations": (_beside("prompt", "new", "old"), (*_PERSON, "system"), ("score",)),
    "selection_evaluations": (_beside("selection", "active", "random"), (*_PERSON, "system"), ("score",)),
    "handover_evaluations": (_beside("handover", "model", "people"), (*_PERSON, "system"), ("score",)),
    "source_evaluations": (judging.source_evaluations, (*_PERSON, "source"), ("score",)),
    "extraction": (_stage(1), (*_PERSON, "stage", "source"), ("label", "failure", "attribute")),
    "relevance": (_stage(2), (*_PERSON, "stage", "prompt_id"), ("label",)),
    "responses": (_stage(3), (*_PERSON, "stage", "intrusive"), ("label", "score")),
    "feedback": (events.feedback, ("event", "user", "signal", "at", "drawn", "language"), ("audit",)),
}
"""How each table is made, the columns that it always has, and those that a fault may change."""


COLUMNS = {
    "HC-HITL-04": ("label", "seconds"),
    "HC-HITL-45": ("before",),
    "HC-JUDGE-06": ("probability",),
    "HC-PERS-03": ("label", "failure"),
    "HC-PERS-09": ("score",),
    "HC-PERS-10": ("attribute",),
    "HC-PREF-18": ("reward_a", "reward_b"),
}
"""What the fault of a control changes, where it is not the first column of its table that may change."""


def near() -> dict[str, list[Row]]:
    """Return every table near the limits."""
    return {name: _table(name) for name in NEAR} | {"repeated": choices.repeated({})}


def column_of(control: str, side: str, column: str, first: str) -> str:
    """Return the name of a column of one control."""
    name = f"{control.removeprefix('HC-').lower().replace('-', '_')}_{side}"
    return name if column == first else f"{name}_{column}"


def _table(name: str) -> list[Row]:
    maker, always, may = MADE[name]
    plain = maker({})
    rows: list[Row] = [{column: row[column] for column in always} for row in plain]
    own = {control: COLUMNS.get(control, may[:1]) for control in NEAR[name]}
    for column in (c for c in may if any(c not in columns for columns in own.values())):
        for row, one in zip(rows, plain, strict=True):
            row[column] = one[column]
    for control, sides in NEAR[name].items():
        for side, f in sides.items():
            for column in own[control]:
                told = column_of(control, side, column, own[control][0])
                for row, one in zip(rows, maker(f), strict=True):
                    row[told] = one[column]
    return rows
