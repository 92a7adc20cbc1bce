"""Worked examples of feedback: events of a system in use, what people said of them, and what audits found."""

from collections.abc import Mapping

from hcgov.core.evidence.long import Long
from hcgov.core.frozen import frozen
from hcgov.core.long_tables import LongKind
from hcgov.core.slices import SliceRules
from hcgov.stages.judgments.oversight import RULES, long_table

DAY = 86_400.0
NOVEMBER_21 = 1_795_219_200.0
"""2026-11-21, the day of worked examples, in seconds since 1970."""


@frozen
class Use:
    """Events of one region.

    Parameters
    ----------
    users, each
        Users and the events of each, in the order of time, the last one on ``last_day`` days before the check.
    audited
        Every so many-th event is drawn for audit; 0 for none.
    bad, bad_later
        Share of audited events that are bad, in the first half and in the second (as in the first if left out).
    answered, negative
        Share of events with a signal, and of negative ones among them.
    last_day
        Days between the last event and the check.
    found
        Whether audits that were drawn were done.
    """

    users: int
    each: int = 10
    audited: int = 10
    bad: float = 0.04
    bad_later: float | None = None
    answered: float = 0.2
    negative: float = 0.1
    last_day: int = 1
    found: bool = True


def events(groups: Mapping[str | None, Use], *, rules: SliceRules = RULES) -> Long:
    """Return feedback on the events of each region."""
    rows: list[dict[str, str | float | None]] = []
    regions: list[str | None] = []
    for region, use in groups.items():
        total = use.users * use.each
        for i in range(total):
            rows.append(_event(region, i, total, use))
            regions.append(region)
    names = ("event", "user", "signal", "at", "sampled_for_audit", "audit_label")
    return long_table(
        "feedback",
        LongKind.FEEDBACK,
        {name: [row[name] for row in rows] for name in names},
        groups={"region": regions},
        rules=rules,
    )


def _event(region: str | None, i: int, total: int, use: Use) -> dict[str, str | float | None]:
    audit = bool(use.audited) and i % use.audited == 0
    later = use.bad if use.bad_later is None else use.bad_later
    label = "bad" if _every(i // max(use.audited, 1), later if 2 * i >= total else use.bad) else "good"
    silent = not _every(i, use.answered)
    negative = _every(int(i * use.answered), use.negative)
    return {
        "event": f"{region}-{i}",
        # Audits come by turns to all users, not to every tenth of them.
        "user": f"{region}-{(i + i // max(use.audited, 1)) % use.users}",
        "signal": "none" if silent else "down" if negative else "up",
        "at": NOVEMBER_21 - DAY * use.last_day - 600.0 * (total - 1 - i),
        "sampled_for_audit": "true" if audit else "false",
        "audit_label": label if audit and use.found else None,
    }


def _every(place: int, share: float) -> bool:
    return int((place + 1) * share) > int(place * share)
