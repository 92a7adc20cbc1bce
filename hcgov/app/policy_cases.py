"""Cases of a pack, run: the project of each is made and read once, and any form of the pack judged on it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

from hcgov.app.gather import Gathered, gather
from hcgov.app.names import name_mistakes
from hcgov.core.acceptance import Occasioned
from hcgov.core.cases import Case
from hcgov.core.control import ControlSpec
from hcgov.core.evidence.absent import Absence, Absent
from hcgov.core.evidence.metrics import EstimatesOf
from hcgov.core.evidence.signatures import SignatureOf, Signatures, Signed
from hcgov.core.finding import Finding
from hcgov.core.mistake import Position
from hcgov.core.occasion import Occasion
from hcgov.core.policy import Pack
from hcgov.core.status import Disposition, RiskProfile, Verdict
from hcgov.core.terms import LONGEST, Waiver
from hcgov.core.text import text
from hcgov.core.waiver import WaiverSpec
from hcgov.io.manifest import Manifest
from hcgov.io.policies.case_project import NoProjectError, project_of
from hcgov.io.policies.cases import CaseFile
from hcgov.judgement.decision import Decided, release
from hcgov.judgement.engine import assess
from hcgov.judgement.exceptions import Waiving, waivable
from hcgov.judgement.plan import Plan, Registry, plan_known
from hcgov.judgement.signatures import asked_of
from hcgov.judgement.situations import facts_of

_SUBJECT = "0" * 64
"""Digest that stands for what is released where a case asks for a waiver."""


@dataclass(kw_only=True)
class Prepared:
    """A case with its project made: evidence grows as forms of the pack ask for it.

    ``pack`` is the pack as this case sees it, with its parameters set.
    """

    case: Case
    where: Position | None
    pack: Pack
    manifest: Manifest
    gathered: Gathered
    registry: Registry
    day: str
    signed: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def prepare(
    case: Case, number: int, file: CaseFile, pack: Pack, registry: Registry, folder: Path, today: date
) -> Prepared | tuple[str, ...]:
    """Make the project of a case, or return why it cannot be made."""
    try:
        manifest = project_of(case, file, folder)
    except NoProjectError as error:
        return error.reasons
    return Prepared(
        case=case,
        where=file.where("cases", number),
        pack=pack,
        manifest=manifest,
        gathered=Gathered(),
        registry=registry,
        day=case.date or file.spec.date or today.isoformat(),
        signed={**file.spec.signed, **case.signed},
    )


def problems(
    prepared: Prepared, pack: Pack, progress: Callable[[str], None], *, words: bool = True
) -> tuple[str, ...]:
    """Return everything in which a form of the pack does not do what a case expects.

    Parameters
    ----------
    words
        Whether what is said counts too; for mutants only what is decided does.
    """
    case = prepared.case
    own = prepared.manifest.project.system.risk_profile
    wanted = {own if at == "own" else RiskProfile(at): told for at, told in case.disposition.items()}
    decided, told = judged(prepared, pack, own, progress)
    if decided is None:
        return told
    found = _unlike(case, decided, words=words)
    for profile, disposition in wanted.items():
        at = decided if profile is own else judged(prepared, pack, profile, progress)[0]
        if at is not None and at.disposition is not disposition:
            found.append(f"at risk profile {profile} it is {at.disposition.word}, not {disposition.word}")
        elif (
            disposition is Disposition.WAIVED and case.waiver is not None and case.waiver.longest is not None
        ):
            longer = judged(prepared, pack, profile, progress, longer=1)[0]
            if longer is not None and longer.disposition is disposition:
                found.append(f"a waiver of {case.waiver.longest + 1} days is accepted too")
    return tuple(found)


def judged(
    prepared: Prepared, pack: Pack, profile: RiskProfile, progress: Callable[[str], None], *, longer: int = 0
) -> tuple[Decided | None, tuple[str, ...]]:
    """Return what a form of the pack decides on a case, or why it cannot be judged.

    Parameters
    ----------
    longer
        Days that the waiver of the case is longer than it says.
    """
    case, manifest = prepared.case, prepared.manifest
    facts = facts_of(manifest.project.system)
    plan, _ = plan_known(
        [pack], prepared.registry, profile, select=(case.control,), facts=facts, day=prepared.day
    )
    told = _gather(prepared, plan, progress)
    if told:
        return None, told
    occasion = Occasion(date=prepared.day, actor="")
    assessed = assess(plan, prepared.gathered.evidence, occasion, _signatures(prepared, plan))
    waiving = _waiving(case, plan, prepared.day, longer)
    for decided in release(plan, assessed, waiving).controls:
        if decided.assessed.control.spec.id == case.control:
            return decided, ()
    return None, ("the control is not there",)


def _gather(prepared: Prepared, plan: Plan, progress: Callable[[str], None]) -> tuple[str, ...]:
    """Read what was not read yet; return what is wrong between the policy and the project."""
    requests = {request for control in plan.controls for request in control.requests.values()}
    asked = {request for request in requests if not isinstance(request, EstimatesOf)}
    if asked <= prepared.gathered.evidence.keys():
        return ()
    mistakes = name_mistakes(plan, prepared.manifest)
    if mistakes:
        return tuple(f"hcgov.yaml of the case: {one.message}" for one in mistakes)
    found = gather(plan, prepared.manifest, progress, "")
    if found.interrupted:
        raise KeyboardInterrupt
    for request, evidence in found.evidence.items():
        prepared.gathered.evidence.setdefault(request, evidence)
    return ()


def _signatures(prepared: Prepared, plan: Plan) -> Signatures:
    """Return the signatures that a case says there are; what it does not name, nobody signed."""
    project = prepared.manifest.project
    answers: dict[SignatureOf, Signed | Absent] = {}
    for request in (
        one for control in plan.controls for one in asked_of(control, project.subject, project.describing)
    ):
        day = prepared.signed.get(request.artifact, {}).get(request.role)
        if day is None:
            why = text("nobody signed it as {role}", role=request.role)
            answers[request] = Absent(reason=Absence.NOT_SIGNED, artifact=request.artifact, detail=why)
        else:
            on = date.fromisoformat(day)
            answers[request] = Signed(artifact=request.artifact, role=request.role, key_id=_SUBJECT, on=on)
    return Signatures(answers=answers, subject=project.subject, describing=project.describing)


def _unlike(case: Case, decided: Decided, *, words: bool) -> list[str]:
    verdict = decided.assessed.verdict
    findings = [one for one in decided.assessed.findings if not one.listed]
    said = "; ".join(dict.fromkeys(str(one.text) for one in findings if one.verdict is verdict))
    found: list[str] = []
    if verdict is not case.expect:
        found.append(f"it is {verdict}, not {case.expect}: {said}")
    allowed = {Verdict.PASS, case.expect, verdict, *case.also}
    for one in findings:
        if one.verdict not in allowed:
            found.append(f"a further finding is {one.verdict}: {one.text}")
    there = {one.verdict for one in findings}
    found += [f"`also: {one}`, and no finding is {one}" for one in case.also if one not in there]
    return [*found, *_unsaid(case, decided.assessed.findings, words=words)]


def _unsaid(case: Case, findings: tuple[Finding, ...], *, words: bool) -> list[str]:
    found: list[str] = []
    sentences = [str(one.text) for one in findings]
    if words and case.says and not any(case.says in sentence for sentence in sentences):
        found.append(f"no finding says `{case.says}`, but: {'; '.join(sentences)}")
    if case.reason is not None and all(one.reason is not case.reason for one in findings):
        codes = {str(one.reason) for one in findings if one.reason is not None}
        found.append(f"no finding has the reason {case.reason}, but: {', '.join(sorted(codes)) or 'none'}")
    if case.slice:
        named = [one.about for one in findings if one.verdict is case.expect]
        wanted = case.slice.items()
        if not any(
            one.verdict is case.expect and one.scope is not None and dict(one.scope.values).items() == wanted
            for one in findings
        ):
            who = " × ".join(f"{column}={value}" for column, value in wanted)
            found.append(
                f"no finding that is {case.expect} is about {who}, but: {', '.join(named) or 'none'}"
            )
    return found


def _waiving(case: Case, plan: Plan, day: str, longer: int) -> Waiving | None:
    if case.waiver is None:
        return None
    starts = date.fromisoformat(day)
    spec = WaiverSpec.model_validate(
        {
            "id": "case",
            "control": case.control,
            "accepts": case.waiver.accepts,
            "scope": {"subject": f"sha256:{_SUBJECT}"},
            "reason": "a case of its tests",
            "owner": "owner@case.example",
            "requested_by": "developer@case.example",
            "starts": starts,
            "expires": starts + timedelta(days=(case.waiver.longest or 1) - 1 + longer),
            "approvals": [{"by": "owner@case.example", "role": "risk-owner"}],
        }
    )
    return Waiving(
        waivers=(Waiver(spec=spec, signed_by=("owner@case.example",)),),
        occasion=Occasioned(on=starts, subject=_SUBJECT, longest=LONGEST),
        known={control.spec.id: waivable(control) for control in plan.controls},
    )


def with_control(pack: Pack, id_: str, spec: ControlSpec) -> Pack:
    """Return a pack with another form of one of its controls, which is not disabled."""
    controls, history = list(pack.spec.controls), list(pack.history)
    index = next(number for number, control in enumerate(controls) if control.id == id_)
    controls[index], history[index] = spec, replace(history[index], disabled=None)
    changed = pack.spec.model_copy(update={"controls": tuple(controls)})
    return replace(pack, spec=changed, history=tuple(history))


def by_control(prepared: tuple[Prepared, ...]) -> Mapping[str, list[Prepared]]:
    """Return cases by their control, in order."""
    found: dict[str, list[Prepared]] = {}
    for one in prepared:
        found.setdefault(one.case.control, []).append(one)
    return found
