"""What of a report may be published: no count of 1 to 10 people, no value that gives one away, no name of so few.

A report is read inside the organisation and shows all counts; a card is published. Which slices are left out is
decided by :mod:`hcgov.core.suppression`: small ones, those that they could be found from by subtraction, and those
whose counts differ by 1 to 10 from what was published before. What counts remain are rounded to five.
"""

import re
from collections.abc import Iterator, Mapping

from hcgov.core.frozen import frozen
from hcgov.core.record import ControlV1, EstimateV1, FindingV1, GroupV1, ReportV1, SentenceV1
from hcgov.core.suppression import Key, changed_little, few, rounded, suppressed
from hcgov.core.text import filled
from hcgov.io.render.catalogue import N_
from hcgov.io.render.reading import SMALL, slice_name, worst_finding

HIDDEN = N_("The numbers are suppressed to protect people.")

_OF_PEOPLE = frozenset(
    {"people", "positives", "negatives", "n", "total", "rows", "missing", "nobody", "counted", "unrecorded"}
)
"""Names of values of sentences that count people or their rows."""

_SHARE = "clopper_pearson_over_target"
_COUNT = re.compile(r"[0-9][0-9,]*")


@frozen
class Published:
    """A report fit for publication.

    Parameters
    ----------
    unnamed
        How many groups are so small that not even their names are published.
    hidden
        How many slices show no numbers.
    """

    report: ReportV1
    unnamed: int
    hidden: int = 0


def published(report: ReportV1, before: ReportV1 | None = None) -> Published:
    """Return the report with small counts, what reveals them, and names of very small groups taken out.

    Parameters
    ----------
    before
        The record whose card was published before: what would tell by its difference is left out too, and what
        was left out then stays so.
    """
    hidden = _suppressed(report, before)
    unnamed = {
        slice_name(finding)
        for control in report.controls
        for finding in (*control.findings, *control.shown)
        if finding.slice and _unnameable(finding)
    }
    everyone = () in hidden
    evidence = tuple(
        item.model_copy(
            update={"rows": None if item.rows is None or everyone or few(item.rows) else rounded(item.rows)}
        )
        for item in report.evidence
    )
    names = frozenset(_name(key) for key in hidden)
    controls = tuple(_control(control, names) for control in report.controls)
    return Published(
        report=report.model_copy(update={"controls": controls, "evidence": evidence}),
        unnamed=len(unnamed),
        hidden=len(hidden),
    )


def _suppressed(report: ReportV1, before: ReportV1 | None) -> frozenset[Key]:
    """Return the slices of which no numbers are published."""
    tables = _tables(report)
    if before is None:
        return suppressed(tables.values())
    earlier = _tables(before)
    gone = suppressed(earlier.values())
    told = {
        key
        for name, table in tables.items()
        for key in changed_little(table, {k: c for k, c in earlier.get(name, {}).items() if k not in gone})
    }
    return suppressed(tables.values(), gone | told)


def _tables(report: ReportV1) -> dict[tuple[str, str], dict[Key, tuple[float, ...]]]:
    """Return the counts of every control and metric by slice."""
    tables: dict[tuple[str, str], dict[Key, tuple[float, ...]]] = {}
    for control in report.controls:
        for finding in (*control.shown, *control.findings):
            table = tables.setdefault((control.id, finding.metric), {})
            for key, counts in _cells(finding):
                table.setdefault(key, counts)
    return tables


def _cells(finding: FindingV1) -> Iterator[tuple[Key, tuple[float, ...]]]:
    if not finding.groups or finding.groups[0].slice != _name(tuple(finding.slice.items())):
        return
    key, group = tuple(sorted(finding.slice.items())), finding.groups[0]
    if finding.estimate is not None and finding.estimate.method == _SHARE:
        yield (), (float(group.n),)
        yield key, (group.positives,)
    else:
        yield key, _counts(group)


def _counts(group: GroupV1) -> tuple[float, ...]:
    """Return the people of a group, those with the outcome and those without; where people repeat, about so many."""
    people = group.n if group.people is None else min(group.people, group.n)
    share = group.positives / group.n if group.n else 0.0
    return float(people), people * share, people * (1 - share)


def _name(slice_: tuple[tuple[str, str], ...]) -> str:
    return " × ".join(f"{column}={value}" for column, value in slice_) or "everyone"


def _tells(group: GroupV1, hidden: frozenset[str]) -> bool:
    """Whether a rate of this group would tell of 1 to 10 people, with the outcome or without it, or of others."""
    return group.slice in hidden or any(map(few, _counts(group)))


def _unnameable(finding: FindingV1) -> bool:
    return bool(finding.groups) and few(
        finding.groups[0].n if finding.groups[0].people is None else finding.groups[0].people
    )


def _control(control: ControlV1, hidden: frozenset[str]) -> ControlV1:
    worst = worst_finding(control)
    secret = worst is not None and any(_tells(group, hidden) for group in worst.groups)
    return control.model_copy(
        update={
            "findings": tuple(_judged(f, hidden) for f in control.findings),
            "shown": tuple(_shown(f, hidden) for f in control.shown if not _left_out(f, hidden)),
            "headline": SentenceV1(text=HIDDEN, template=HIDDEN) if secret else _told(control.headline),
            "worst": "" if secret else control.worst,
        }
    )


def _left_out(finding: FindingV1, hidden: frozenset[str]) -> bool:
    """Whether not even the line may stand: the name of very few, or a total from which they could be found."""
    return _unnameable(finding) if finding.slice else "everyone" in hidden and bool(finding.groups)


def _told(sentence: SentenceV1) -> SentenceV1:
    """Return a sentence with its counts of people rounded; without its numbers where one of them is small."""
    counts = {
        name: int(value.replace(",", ""))
        for name, value in sentence.values.items()
        if name in _OF_PEOPLE and _COUNT.fullmatch(value)
    }
    if any(map(few, counts.values())):
        return SentenceV1(text=HIDDEN, template=HIDDEN)
    if all(rounded(count) == count for count in counts.values()):
        return sentence
    values: Mapping[str, str] = {**sentence.values, **{name: str(rounded(n)) for name, n in counts.items()}}
    return SentenceV1(text=filled(sentence.template, values), template=sentence.template, values=dict(values))


def _judged(finding: FindingV1, hidden: frozenset[str]) -> FindingV1:
    if not any(_tells(group, hidden) for group in finding.groups):
        kept = {"groups": (), "estimate": _rounded(finding.estimate), "message": _told(finding.message)}
        return finding.model_copy(update=kept)
    nameless = _unnameable(finding)
    return finding.model_copy(
        update={
            "about": "a group that is not named" if nameless else slice_name(finding),
            "slice": {} if nameless else finding.slice,
            "against": "" if nameless else finding.against,
            "message": SentenceV1(text=HIDDEN, template=HIDDEN),
            "reason": finding.reason if finding.reason in SMALL else "suppressed",
            "estimate": None,
            "groups": (),
            "pass_bound": None,
            "fail_bound": None,
            "worst_case": None,
            "labels_needed": None,
        }
    )


def _shown(finding: FindingV1, hidden: frozenset[str]) -> FindingV1:
    if not any(_tells(group, hidden) for group in finding.groups):
        return finding.model_copy(update={"groups": (), "estimate": _rounded(finding.estimate)})
    # Not even the size: beside a total and the sizes of others it would tell that of whoever is not named.
    nothing: dict[str, float | dict[str, float] | None] = {
        "value": None,
        "low": None,
        "high": None,
        "n": 0,
        "n_eff": 0.0,
        "people": None,
        "statistics": {},
    }
    empty = None if finding.estimate is None else finding.estimate.model_copy(update=nothing)
    return finding.model_copy(update={"groups": (), "estimate": empty, "reason": "suppressed"})


def _rounded(estimate: EstimateV1 | None) -> EstimateV1 | None:
    if estimate is None:
        return None
    return estimate.model_copy(
        update={
            "n": rounded(estimate.n),
            "n_eff": float(rounded(estimate.n_eff)),
            "people": None if estimate.people is None else rounded(estimate.people),
            "statistics": {},
        }
    )
