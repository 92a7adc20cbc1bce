"""Small tables of preferences for the worked examples of checks."""

from collections.abc import Callable, Sequence

from hcgov.core.evidence.long import Long, coded
from hcgov.core.evidence.source import Source
from hcgov.core.long_tables import LongKind
from hcgov.core.slices import SliceRules

SOURCE = Source(
    artifact="preferences", kind="preferences", location="preferences.csv", sha256="0" * 64, size=1, rows=1
)
RULES = SliceRules(by=("region",), cross=1, min_people=30)
REGIONS = ("north", "south")

Row = tuple[str, str, str, str, str, str]
"""Person, region, prompt, model a, model b, choice."""


def preferences(rows: Sequence[Row], *, rules: SliceRules = RULES) -> Long:
    """Return a table of preferences."""
    person, region, prompt, a, b, choice = zip(*rows, strict=True)
    return Long(
        table="preferences",
        kind=LongKind.PREFERENCES,
        rows=len(rows),
        columns={
            "prompt_id": coded(prompt),
            "annotator": coded(person),
            "choice": coded(choice),
            "model_a": coded(a),
            "model_b": coded(b),
        },
        groups={"region": coded([one or None for one in region])},
        randomised=True,
        rules=rules,
        source=SOURCE,
    )


def judged(
    people: int,
    prompts: int,
    choose: Callable[[str, int, int], str],
    *,
    models: tuple[str, str] = ("new", "old"),
) -> Long:
    """Return what people of two regions chose: ``choose`` is told region, person and prompt, and says a, b or tie."""
    return preferences(
        [
            (f"p{who}", REGIONS[who % 2], f"q{one}", *models, choose(REGIONS[who % 2], who // 2, one))
            for who in range(people)
            for one in range(prompts)
        ]
    )


def mixed(who: int, one: int) -> int:
    """Return a number from 0 to 99 that goes with neither the person nor the prompt."""
    return (who * 37 + one * 61 + (who * one) % 17 * 23) % 100
