"""What of a report is logged to MLflow, under which names: a pure function of the record.

Names and limits: ``names.py``. Groups of people are named in artifacts only, never in a tag, a metric or a
note, and nothing says who ran the check. A value that is not a finite number is not logged at all.
"""

import math
from collections import Counter
from datetime import UTC, datetime

from hcgov.core.frozen import frozen
from hcgov.core.record import ControlV1, EvidenceV1, FindingV1, ReportV1
from hcgov.io.tracking.names import (
    DATASET_DIGEST,
    DATASET_NAME,
    INPUT_TAG_VALUE,
    NOTE,
    PARAM_VALUE,
    RUN_TAG_VALUE,
    clean,
    label,
    slug,
)
from hcgov.io.tracking.uri import redact

_COUNTED = {
    "pass": "pass",
    "fail": "fail",
    "inconclusive": "inconclusive",
    "missing": "missing",
    "pending": "pending",
    "error": "error",
    "not_applicable": "na",
    "not_evaluated": "not_evaluated",
}
_TAKEN = {"gate", "count", "coverage"}
_BLOCKING_SHOWN = 20
_MARKDOWN = str.maketrans({c: f"\\{c}" for c in "\\`*_[]<>|#!~"})


@frozen
class TrackedDataset:
    """A data set that the check used: MLflow's digest holds 36 characters, so the full one is a tag."""

    name: str
    digest: str
    context: str
    source: str
    tags: dict[str, str]


@frozen
class TrackedRun:
    """A run as it is logged.

    Parameters
    ----------
    started
        Milliseconds since the epoch, from the record; ``None`` where the record's time cannot be read.
    status
        ``FINISHED``, or ``KILLED`` for a check that was interrupted.
    """

    name: str
    status: str
    started: int | None
    tags: dict[str, str]
    params: dict[str, str]
    metrics: dict[str, float]
    datasets: tuple[TrackedDataset, ...]
    note: str


def mapping(report: ReportV1, report_sha256: str) -> TrackedRun:
    """Map a report to a run.

    Parameters
    ----------
    report
        The record.
    report_sha256
        SHA-256 of the bytes of ``report.json``, lower-case hex.
    """
    note = _note(report)
    return TrackedRun(
        name=f"hcgov-{_stage(report)}-{label(report.system.name)}-{report_sha256[:8]}",
        status="KILLED" if report.decision.interrupted else "FINISHED",
        started=_milliseconds(report.created),
        tags={**_tags(report, report_sha256), "mlflow.note.content": note},
        params=_params(report),
        metrics=_metrics(report),
        datasets=_datasets(report),
        note=note,
    )


def _stage(report: ReportV1) -> str:
    """Name the one stage that ran; a check of several stages is one of the release."""
    ran = [stage.id for stage in report.stages if stage.ran]
    return label(ran[0], 40) if len(ran) == 1 else "release"


def _tags(report: ReportV1, report_sha256: str) -> dict[str, str]:
    packs = report.packs
    waived = sum(control.waiver is not None for control in report.controls)
    accepted = [control.id for control in report.controls if control.disposition == "waived"]
    tags = {
        "hcgov.schema": report.schema_,
        "hcgov.stage": ",".join(label(stage.id, 40) for stage in report.stages if stage.ran),
        "hcgov.verdict": report.decision.value,
        "hcgov.policy.id": ",".join(pack.id for pack in packs),
        "hcgov.policy.version": ",".join(pack.version for pack in packs),
        "hcgov.policy.sha256": ",".join(pack.sha256 for pack in packs),
        "hcgov.subject.name": report.system.name,
        "hcgov.subject.version": report.system.version,
        "hcgov.subject.sha256": report.subject.sha256,
        "hcgov.subject.run_id": _training_run(report),
        "hcgov.report.sha256": report_sha256,
        "hcgov.report.path": "hcgov/report.json",
        "hcgov.blocking": ",".join(report.decision.blocking[:_BLOCKING_SHOWN]),
        "hcgov.waivers": str(waived) if waived else "",
        "hcgov.waived": ",".join(accepted[:_BLOCKING_SHOWN]),
    }
    cleaned = {key: clean(value, RUN_TAG_VALUE) for key, value in tags.items()}
    return {key: value for key, value in cleaned.items() if value}


def _training_run(report: ReportV1) -> str:
    """Return the id of the training run that the evidence names, if it names exactly one by id."""
    named = {
        item.location.removeprefix("runs:/").partition("/")[0]
        for item in report.evidence
        if item.kind == "run" and item.location.startswith("runs:/") and not item.absent
    }
    return named.pop() if len(named) == 1 else ""


def _params(report: ReportV1) -> dict[str, str]:
    """Return what cannot change within a run; MLflow refuses a parameter that is written anew."""
    params = {
        "hcgov/version": report.tool.version,
        "hcgov/occasion": report.occasion,
        "hcgov/risk_profile": report.system.risk_profile,
    }
    cleaned = {key: clean(value, PARAM_VALUE) for key, value in params.items()}
    return {key: value for key, value in cleaned.items() if value}


def _metrics(report: ReportV1) -> dict[str, float]:
    decision, controls = report.decision, report.controls
    verdicts = Counter(control.verdict for control in controls)
    found: dict[str, float | None] = {
        "hcgov/gate/passed": float(decision.value in ("passed", "passed_with_conditions")),
        "hcgov/count/waived": float(sum(control.disposition == "waived" for control in controls)),
        "hcgov/coverage/evaluated_ratio": _evaluated(verdicts),
    }
    for verdict, name in _COUNTED.items():
        found[f"hcgov/count/{name}"] = float(verdicts[verdict])
    used = set(_TAKEN)
    for control in controls:
        part = _distinct(control.id, used)
        for name, value in _of_control(control).items():
            found[f"hcgov/{part}/{name}"] = value
    return {name: value for name, value in found.items() if value is not None and math.isfinite(value)}


def _evaluated(verdicts: Counter[str]) -> float | None:
    """Return the share of applicable controls that passed or failed; undefined where none applies."""
    applicable = verdicts.total() - verdicts["not_applicable"]
    return (verdicts["pass"] + verdicts["fail"]) / applicable if applicable else None


def _distinct(control: str, used: set[str]) -> str:
    """Name a control's part of a metric's name; neither a reserved word nor another control's part."""
    part, attempt = slug(control), 2
    # Some stores keep a metric in a file of its name, and file names may not differ in case alone.
    while part.casefold() in used:
        part, attempt = f"{slug(control)}-{attempt}", attempt + 1
    used.add(part.casefold())
    return part


def _of_control(control: ControlV1) -> dict[str, float | None]:
    """Return a control's values: those of the finding that decides it."""
    limit = _number(control.limit.value) if control.limit is not None else None
    found: dict[str, float | None] = {"threshold": limit}
    finding = _deciding(control)
    if finding is None or finding.estimate is None:
        return found
    estimate = finding.estimate
    return found | {
        "value": estimate.value,
        "ci_low": estimate.low,
        "ci_high": estimate.high,
        "n": float(estimate.n),
        "margin": _margin(control, finding),
        "worst_group_value": _group_value(finding),
    }


def _deciding(control: ControlV1) -> FindingV1 | None:
    """Return the finding that decides: the control's verdict, its named worst part, the smallest margin."""
    measured = [f for f in control.findings if f.estimate is not None and f.estimate.value is not None]

    def order(finding: FindingV1) -> tuple[bool, bool, bool, float]:
        margin = _margin(control, finding)
        return (
            finding.verdict != control.verdict,
            finding.about != control.worst,
            not finding.primary,
            math.inf if margin is None or math.isnan(margin) else margin,
        )

    return min(measured, key=order, default=None)


def _margin(control: ControlV1, finding: FindingV1) -> float | None:
    """Return how far the bound that decides PASS lies inside the limit: negative where it does not pass."""
    bound = finding.pass_bound.value if finding.pass_bound is not None else None
    limit = _number(control.limit.value) if control.limit is not None else None
    if bound is None or limit is None or control.limit is None:
        return None
    return limit - bound if control.limit.side == "at_most" else bound - limit


def _group_value(finding: FindingV1) -> float | None:
    """Return the share in the group that the deciding finding is about, without naming the group."""
    about = " × ".join(f"{column}={value}" for column, value in finding.slice.items())
    for group in finding.groups:
        if about and group.slice == about and group.n > 0:
            return group.positives / group.n
    return None


def _number(written: str) -> float | None:
    try:
        return float(written)
    except ValueError:
        return None


def _datasets(report: ReportV1) -> tuple[TrackedDataset, ...]:
    """Return the tables that were read; other evidence stands in the report's own index."""
    tables = [item for item in report.evidence if item.kind == "table" and item.sha256 and not item.absent]
    seen: dict[tuple[str, str], TrackedDataset] = {}
    for item in tables:
        dataset = _dataset(item)
        seen.setdefault((dataset.name, dataset.digest), dataset)
    return tuple(seen.values())


def _dataset(item: EvidenceV1) -> TrackedDataset:
    role = slug(item.artifact)
    return TrackedDataset(
        name=slug(item.artifact, DATASET_NAME),
        digest=slug(item.sha256[:DATASET_DIGEST], DATASET_DIGEST),
        context=f"hcgov.{role}",
        source=clean(redact(item.location), INPUT_TAG_VALUE),
        tags={"hcgov.sha256": clean(item.sha256, INPUT_TAG_VALUE), "hcgov.role": role},
    )


def _milliseconds(created: str) -> int | None:
    try:
        moment = datetime.fromisoformat(created)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        stamp = int(moment.timestamp() * 1000)
    except (ValueError, OverflowError):
        return None
    return stamp if stamp >= 0 else None


def _note(report: ReportV1) -> str:
    """Write the Markdown that MLflow shows on the run's page."""
    decision, system = report.decision, report.system
    counts = Counter(control.verdict for control in report.controls)
    told = ", ".join(
        f"{counts[verdict]} {verdict.replace('_', ' ')}" for verdict in _COUNTED if counts[verdict]
    )
    lines = [
        f"**{decision.value.replace('_', ' ')}**: {_quoted(system.name, 200)} {_quoted(system.version, 100)}",
        "",
        f"Controls: {told or 'none'}.",
    ]
    titles = {control.id: control.title for control in report.controls}
    if decision.blocking:
        lines += ["", "In the way of a release:", ""]
        lines += [
            f"- {_quoted(name, 80)}: {_quoted(titles.get(name, ''), 120)}".rstrip(": ")
            for name in decision.blocking[:_BLOCKING_SHOWN]
        ]
        more = len(decision.blocking) - _BLOCKING_SHOWN
        lines += [f"- and {more} more"] if more > 0 else []
    lines += ["", "The full report is the artifact `hcgov/report.html`, the record `hcgov/report.json`."]
    return clean("\n".join(lines), NOTE)


def _quoted(value: str, limit: int) -> str:
    """Return text on one line that Markdown leaves as it is."""
    return " ".join(clean(value, limit).split()).translate(_MARKDOWN)
