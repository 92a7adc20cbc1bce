"""The engine: every planned control meets its evidence. Total: a crash in a check becomes a finding."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from hcgov.core.check import AnyEvidence, Check, Example, Judged, Params, Request
from hcgov.core.collecting import uncollected
from hcgov.core.evidence.absent import Absent
from hcgov.core.evidence.counts import Counts
from hcgov.core.evidence.metrics import Estimated, Estimates, EstimatesOf, GroupMetric
from hcgov.core.evidence.scores import Scores
from hcgov.core.evidence.signatures import Signatures, Signed
from hcgov.core.finding import Finding
from hcgov.core.frozen import frozen
from hcgov.core.limit import Limit, Side
from hcgov.core.measurement import Answered, Measurement, Observation, Statement
from hcgov.core.occasion import Occasion
from hcgov.core.slices import EVERYONE, SliceRules
from hcgov.core.status import Reason, Verdict
from hcgov.core.text import Text, text
from hcgov.judgement.coverage import covered, listed, reported
from hcgov.judgement.judging import judge_all
from hcgov.judgement.plan import Plan, Planned
from hcgov.judgement.saying import as_shown
from hcgov.judgement.signatures import signed_for, unsigned
from hcgov.stats import many
from hcgov.stats.many import Steps

_VERDICTS = {
    Answered.MET: Verdict.PASS,
    Answered.NOT_MET: Verdict.FAIL,
    Answered.CANNOT_TELL: Verdict.INCONCLUSIVE,
    Answered.PENDING: Verdict.PENDING,
    Answered.MISSING: Verdict.MISSING,
    Answered.ERROR: Verdict.ERROR,
    Answered.NOT_APPLICABLE: Verdict.NOT_APPLICABLE,
}

_PRECEDENCE = (
    Verdict.FAIL,
    Verdict.ERROR,
    Verdict.MISSING,
    Verdict.PENDING,
    Verdict.INCONCLUSIVE,
    Verdict.PASS,
    Verdict.NOT_APPLICABLE,
    Verdict.NOT_EVALUATED,
)
"""Which finding gives a control its verdict; its disposition is joined over all findings."""


@frozen
class Assessed:
    """A control with its findings.

    Parameters
    ----------
    verdict, narrow
        Of the control, from its findings.
    findings, shown
        Judged findings, and values that only inform.
    worst
        The finding that is worst by the bound that decided, where there is one.
    coverage
        Smallest share of people in conclusive crossings; ``None`` where nothing was crossed.
    crash
        Where the check crashed: what an engineer needs to see, never shown by default.
    signed
        Signatures that count, of those the control asks for.
    """

    control: Planned
    verdict: Verdict
    narrow: bool
    findings: tuple[Finding, ...]
    shown: tuple[Finding, ...] = ()
    worst: Finding | None = None
    coverage: float | None = None
    crash: BaseException | None = None
    signed: tuple[Signed, ...] = ()


NO_SIGNATURES = Signatures()


@uncollected()
def assess(
    plan: Plan,
    evidence: Mapping[Request, AnyEvidence],
    occasion: Occasion,
    signatures: Signatures = NO_SIGNATURES,
) -> tuple[Assessed, ...]:
    """Assess every planned control; those that read this run's estimates come last.

    Parameters
    ----------
    evidence
        The answer to every request of the plan except :class:`EstimatesOf`, which is answered here.
    signatures
        Who signed what the controls read, where they ask for it.
    """
    later = [c for c in plan.controls if any(isinstance(r, EstimatesOf) for r in c.requests.values())]
    first = [control for control in plan.controls if control not in later]
    found = many.side_by_side(_assessing(one, evidence, occasion, signatures) for one in first)
    done = {control.spec.id: assessed for control, assessed in zip(first, found, strict=True)}
    for control in later:
        known = dict(evidence)
        for request in control.requests.values():
            if isinstance(request, EstimatesOf):
                known[request] = _estimates(request, done.values())
        done[control.spec.id] = assess_one(control, known, occasion, signatures)
    return tuple(done[control.spec.id] for control in plan.controls)


def assess_one(
    control: Planned,
    evidence: Mapping[Request, AnyEvidence],
    occasion: Occasion,
    signatures: Signatures = NO_SIGNATURES,
) -> Assessed:
    """Assess one control against its evidence: what is not signed as it asks is not measured."""
    return many.alone(_assessing(control, evidence, occasion, signatures))


def _assessing(
    control: Planned, evidence: Mapping[Request, AnyEvidence], occasion: Occasion, signatures: Signatures
) -> Steps[Assessed]:
    signed = signed_for(control, signatures, occasion.date) if control.spec.evidence else ()
    assessed = yield from _assessed(control, evidence, occasion, signatures)
    return replace(assessed, signed=signed) if signed else assessed


def _assessed(
    control: Planned, evidence: Mapping[Request, AnyEvidence], occasion: Occasion, signatures: Signatures
) -> Steps[Assessed]:
    if control.aside is not None:
        return _single(control, control.aside.verdict, control.aside.text, control.aside.reason)
    if control.check is None or control.params is None:
        return _single(control, Verdict.ERROR, control.broken or text("the check is not installed"))
    given = {name: evidence.get(request) for name, request in control.requests.items()}
    absent = {name: found for name, found in given.items() if found is None or isinstance(found, Absent)}
    named = {found.artifact for found in absent.values() if isinstance(found, Absent)}
    lacking = tuple(unsigned(control, signatures, occasion.date, named))
    if absent or lacking:
        return _absent(control, absent, lacking)
    if control.check.takes_occasion:
        given["occasion"] = occasion  # type: ignore[assignment]  # the one argument that is not evidence
    try:
        observations = tuple(control.check.measure(**given, params=control.params))
        return (yield from conclude(control, observations, given))
    except (Exception, SystemExit) as crash:  # noqa: BLE001 - a crash is a finding of that control, and the others go on
        sentence = text(
            "the check `{check}` crashed: {kind}", check=control.check.id, kind=type(crash).__name__
        )
        return replace(_single(control, Verdict.ERROR, sentence), crash=crash)


def conclude(
    control: Planned, observations: Sequence[Observation], evidence: Mapping[str, object]
) -> Steps[Assessed]:
    """Turn a check's observations into findings and the control's verdict.

    Raises
    ------
    TypeError
        The check yields something that is no observation: it must not get lost beside one that is met.
    """
    kinds = (Measurement, Statement)  # of a tuple it is told in half the time that a union takes
    strange = next((o for o in observations if not isinstance(o, kinds)), None)
    if strange is not None:
        raise TypeError(f"a check yields measurements and statements, not {type(strange).__name__}")
    measured = _to_judge(observations)
    if measured and control.limit is None:
        return _single(
            control, Verdict.ERROR, text("the check measured values, but the control has no limit")
        )
    judged = () if control.limit is None else (yield from judge_all(measured, control.limit))
    statements = tuple(_stated(o, control) for o in observations if isinstance(o, Statement))
    shown = tuple(as_shown(o) for o in observations if isinstance(o, Measurement) and o.shown)
    only_shows = control.check is not None and control.check.judged is Judged.SHOWN
    if only_shows and shown and not (judged or statements):
        told = text("values are shown; without an interval they do not decide")
        return replace(_single(control, Verdict.NOT_EVALUATED, told), shown=shown)
    findings = (*statements, *listed(judged, control.spec, observations), *reported(observations))
    coverage, below = covered(findings, _rules(evidence))
    if below is not None:
        findings = (*findings, below)
    if not findings:
        return replace(_single(control, Verdict.ERROR, text("the check found nothing to say")), shown=shown)
    return Assessed(
        control=control,
        verdict=joined(f.verdict for f in findings if not f.listed),
        narrow=any(f.narrow for f in findings),
        findings=findings,
        shown=shown,
        worst=_worst(findings, control.limit),
        coverage=coverage,
    )


def _to_judge(observations: Sequence[Observation]) -> list[Measurement]:
    return [
        o
        for o in observations
        if isinstance(o, Measurement) and not o.shown and o.reason is not Reason.REPORTED
    ]


def joined(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the verdict that speaks for several; nothing at all is inconclusive, never a pass."""
    different: list[Verdict] = []
    for verdict in verdicts:
        if verdict not in different:
            different.append(verdict)
    return min(different, key=_PRECEDENCE.index, default=Verdict.INCONCLUSIVE)


def _single(control: Planned, verdict: Verdict, sentence: Text, reason: Reason | None = None) -> Assessed:
    finding = Finding(
        about=control.spec.title, metric=control.spec.check, verdict=verdict, text=sentence, reason=reason
    )
    return Assessed(control=control, verdict=verdict, narrow=False, findings=(finding,))


def _absent(
    control: Planned, absent: Mapping[str, AnyEvidence | None], lacking: tuple[Finding, ...]
) -> Assessed:
    """Name everything that is absent; what a person must still write is pending, the rest is missing."""
    findings = (*(_missing(name, found, control) for name, found in absent.items()), *lacking)
    return Assessed(
        control=control, verdict=joined(f.verdict for f in findings), narrow=False, findings=findings
    )


def _missing(name: str, found: AnyEvidence | None, control: Planned) -> Finding:
    if not isinstance(found, Absent):
        nothing = text("nothing was read")
        return Finding(about=name, metric=control.spec.check, verdict=Verdict.MISSING, text=nothing)
    awaited = control.check is not None and control.check.awaits(control.requests[name], found)
    verdict = Verdict.PENDING if awaited else Verdict.MISSING
    return Finding(about=found.artifact, metric=control.spec.check, verdict=verdict, text=found.detail)


def _stated(statement: Statement, control: Planned) -> Finding:
    return Finding(
        about=statement.about,
        metric=control.spec.check.partition("@")[0],
        verdict=_VERDICTS[statement.answer],
        text=statement.text,
        reason=statement.reason,
        where=statement.where,
    )


def _rules(evidence: Mapping[str, object]) -> SliceRules | None:
    kinds = Counts | Scores | GroupMetric
    return next((found.rules for found in evidence.values() if isinstance(found, kinds)), None)


def _worst(findings: Sequence[Finding], limit: Limit | None) -> Finding | None:
    """Return the finding worst by the bound that decides: FAIL's where any failed, else PASS's."""
    if limit is None:
        return None
    broken = Verdict.FAIL
    failed = [f for f in findings if f.verdict is broken and f.fail_bound is not None]
    decided = failed or [f for f in findings if f.pass_bound is not None]
    sign = 1.0 if limit.side is Side.AT_MOST else -1.0

    def badness(finding: Finding) -> float:
        bound = finding.fail_bound if failed else finding.pass_bound
        return sign * (bound.value if bound is not None else float("-inf"))

    return max(decided, key=badness, default=None)


def _estimates(request: EstimatesOf, assessed: Iterable[Assessed]) -> Estimates:
    own = [a for a in assessed if request.stage in ("", a.control.spec.stage)]
    values = tuple(
        Estimated(
            control=a.control.spec.id,
            metric=f.metric,
            slice=f.scope or EVERYONE,
            against=f.against,
            value=f.estimate.value,
            worst=a.worst is f,
        )
        for a in own
        for f in (*a.findings, *a.shown)
        if f.estimate is not None and f.estimate.value is not None
    )
    return Estimates(values=values, ran=tuple(a.control.spec.id for a in own))


def assess_example(check: Check[Params], example: Example[Params]) -> Verdict:
    """Return the verdict of a check's worked example, judged as a control would be."""
    observations = tuple(
        check.measure(
            **example.evidence,
            params=example.params,
            **({"occasion": example.occasion} if check.takes_occasion else {}),
        )
    )
    measured = _to_judge(observations)
    if check.judged is Judged.SHOWN:
        return Verdict.NOT_EVALUATED
    findings = many.alone(judge_all(measured, example.limit)) if example.limit is not None else ()
    stated = [_VERDICTS[o.answer] for o in observations if isinstance(o, Statement)]
    crossings_listed = [f.verdict for f in findings if f.primary or f.verdict is Verdict.FAIL]
    return joined((*stated, *crossings_listed))
