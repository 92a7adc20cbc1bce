"""Feedback beside audits: how many answered, what they said, and how far that lies from a random sample; on numpy."""

from collections.abc import Iterator, Sequence

import numpy as np

from hcgov.core.estimate import Estimate, Method
from hcgov.core.evidence.long import Long
from hcgov.core.measurement import Measurement
from hcgov.core.text import text
from hcgov.stages.judgments.arrays import Bools, codes
from hcgov.stages.judgments.oversight import JudgedParams
from hcgov.stages.judgments.oversight_audits import Audits
from hcgov.stages.judgments.oversight_measuring import Metric, by_slice
from hcgov.stats.crossed import Rows, crossed_share, of_sums
from hcgov.stats.oversight.feedback import Responses


def signals(long: Long, negative: Sequence[str]) -> tuple[Bools, Bools]:
    """Return which events have any signal, and which a negative one, each of shape (rows,)."""
    names, given = long.codes("signal").names, codes(long, "signal")
    silent = [i for i, name in enumerate(names) if name == "none"]
    return (given >= 0) & ~np.isin(given, silent), np.isin(
        given, [i for i, n in enumerate(names) if n in negative]
    )


def bad_rate(long: Long, found: Audits, params: JudgedParams, name: str) -> Iterator[Measurement]:
    """Yield the share of bad outputs among audited ones, by slice."""
    share = Metric(
        name=name,
        of="audited events",
        rows=found.rows,
        used=found.done,
        value=lambda mask: crossed_share(found.bad[mask], found.rows.where(mask)),
        events=found.bad,
        units="users",
        lacking=found.drawn & ~found.done,
        most_lacking=params.max_missing,
    )
    yield from by_slice(long, share, params)


def beside(long: Long, found: Audits, params: JudgedParams, negative: Sequence[str]) -> Iterator[Measurement]:
    """Yield what is shown beside audits: response rate, negative feedback, its extremes, and self-selection."""
    answered, bad = signals(long, negative)
    everything = np.ones(long.rows, dtype=np.bool_)
    rates = (
        ("response_rate", "events", everything, answered),
        ("negative_feedback_rate", "events with feedback", answered, bad),
    )
    for name, of, used, events in rates:
        share = Metric(
            name=name,
            of=of,
            rows=found.rows,
            used=used,
            value=lambda mask, events=events: crossed_share(events[mask], found.rows.where(mask)),  # type: ignore[misc]  # bound at once
            events=events,
            units="users",
        )
        yield from by_slice(long, share, params, shown=True)
    told = Responses(shown=long.rows, answered=int(answered.sum()), negative=int((bad & answered).sum()))
    low, high = told.worst_case()
    note = text(
        "if all who are silent were content {low} of the outputs would be bad, if none were {high}",
        low=f"{low:.1%}",
        high=f"{high:.1%}",
    )
    for name, value in (("bad_if_silent_content", low), ("bad_if_silent_discontent", high)):
        point = Estimate(
            value=value,
            n=long.rows,
            n_eff=float(long.rows),
            people=found.rows.distinct_people,
            method=Method.POINT,
        )
        yield Measurement(metric=name, estimate=point, note=note, shown=True)
    if found.done.any() and answered.any():
        apart = self_selection(answered, bad, found.done, found.bad, found.rows)
        yield Measurement(metric="feedback_minus_audit", estimate=apart, shown=True)


def self_selection(answered: Bools, negative: Bools, done: Bools, bad: Bools, rows: Rows) -> Estimate:
    """Return the share of negative feedback minus that of bad audits, in [-1, 1]; users are clusters (jackknife)."""
    terms = np.stack([negative & answered, answered, bad & done, done], axis=1).astype(np.float64)
    return of_sums(
        terms, rows, lambda s: s[..., 0] / s[..., 1] - s[..., 2] / s[..., 3], low=-1.0, high=1.0, aim=0.0
    )
