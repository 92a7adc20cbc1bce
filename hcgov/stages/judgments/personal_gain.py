"""Measurements of what the two remedies change."""

from collections.abc import Iterator

from hcgov.core.estimate import Estimate
from hcgov.core.measurement import Measurement
from hcgov.core.slices import Slice
from hcgov.core.status import Reason
from hcgov.core.text import text
from hcgov.stages.judgments.personal_relevance import pairs_of
from hcgov.stages.judgments.personal_rows import StageRows
from hcgov.stages.judgments.personal_selector import Retrained, retrained
from hcgov.stages.judgments.personal_slices import nothing
from hcgov.stages.judgments.personal_verifier import Verified, verified


def verify_gain(rows: StageRows, metric: str, predictions: str, beta: float) -> Iterator[Measurement]:
    """Yield acceptance before and after, what is lost, and the gain, which is judged."""
    found = verified(rows, predictions=predictions, beta=beta)
    if not isinstance(found, Verified):
        yield nothing(metric, found)
        return
    yield Measurement(metric="acceptance_before", estimate=found.before, shown=True)
    yield Measurement(metric="acceptance_after", estimate=found.after, shown=True)
    if found.lost is not None:
        yield Measurement(metric="good_attributes_lost", estimate=found.lost, shown=True)
    yield _judged(rows, metric, found.gain)


def relevance_gain(rows: StageRows, metric: str, predictions: str, baseline: str) -> Iterator[Measurement]:
    """Yield F1 and over-selection before and after, and the gain, which is judged."""
    found = retrained(pairs_of(rows), predictions=predictions, baseline=baseline)
    if not isinstance(found, Retrained):
        yield nothing(metric, found)
        return
    for one in (found.before, found.after):
        scope = Slice(values=(("rater", one.name),))
        for name, estimate in (("f1", one.f1), ("over_selection", one.over)):
            if estimate is not None:
                yield Measurement(metric=name, scope=scope, depth=1, estimate=estimate, shown=True)
    yield _judged(rows, metric, found.gain)


def _judged(rows: StageRows, metric: str, gain: Estimate) -> Measurement:
    least, people = rows.long.rules.min_people, gain.people or 0
    if people >= least:
        return Measurement(metric=metric, estimate=gain)
    note = text("{n} {n|person|people}; {least} are needed", n=people, least=least)
    return Measurement(metric=metric, reason=Reason.FEW_PEOPLE, note=note)
