"""All three stages in a row: rates given the stages before, their product, and the stage that holds it back."""

from collections.abc import Mapping

import numpy as np

from hcgov.core.evidence.long import Long
from hcgov.core.status import Reason
from hcgov.core.text import text
from hcgov.stages.judgments.personal_extraction import accepted
from hcgov.stages.judgments.personal_relevance import Pairs, pairs_of, selected
from hcgov.stages.judgments.personal_rows import Why, of_people, stage_rows
from hcgov.stats.personal.through import Stage, Through, through

TARGETS: Mapping[str, float] = {"extraction": 0.80, "relevance": 0.70, "response": 0.50}
"""Rates that each stage is meant to have, where nobody says others."""


def way_through(long: Long, *, selector: str = "", targets: Mapping[str, float] = TARGETS) -> Through | Why:
    """Return the product of the stages' rates over people's own conversations.

    Parameters
    ----------
    selector
        The judge whose selection is passed on to responses; the one with the highest F1 if empty.
    targets
        By stage.
    """
    first, second, third = (of_people(stage_rows(long, stage)) for stage in ("1", "2", "3"))
    pairs = pairs_of(second)
    name = selector or _best(pairs)
    if name not in pairs.judged:
        return Reason.UNMATCHED_PAIRS, text("no model's selection is in the table, so the stages do not join")
    extracted, answered = first.where(first.human), third.where(third.human)
    chosen = (pairs.judged[name] == 1.0) & np.isfinite(pairs.wanted)
    stages = (
        Stage(
            name="extraction",
            people=extracted.people,
            good=accepted(extracted).astype(np.float64),
            counts=np.ones(extracted.people.size),
            target=targets["extraction"],
        ),
        Stage(
            name="relevance",
            people=pairs.people[chosen],
            good=pairs.wanted[chosen],
            counts=np.ones(int(chosen.sum())),
            target=targets["relevance"],
        ),
        Stage(
            name="response",
            people=answered.people,
            good=(answered.value > 3.0).astype(np.float64),
            counts=np.ones(answered.people.size),
            target=targets["response"],
        ),
    )
    found = through(stages)
    if found is None:
        return Reason.SMALL_N, text("a stage has no judgment by people, so the stages do not join")
    return found


def _best(pairs: Pairs) -> str:
    """Return the judge with the highest F1; empty where there is none."""
    found = {name: selected(pairs, name, answer) for name, answer in pairs.judged.items()}
    known = {
        name: one.f1.value or 0.0 for name, one in found.items() if one is not None and one.f1 is not None
    }
    return max(known, key=known.__getitem__, default="")
