"""Exceptions: what waivers and the baseline say of the findings of every control.

An exception changes what the gate does with a finding, never what the finding says. It reaches no control but its
own, and it never makes anything worse.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from hcgov.core.acceptance import Occasioned, Refusal, Standing, Waivable, acceptance, standing_of
from hcgov.core.finding import Finding
from hcgov.core.frozen import frozen
from hcgov.core.known import Compared, Failure, Known, compare
from hcgov.core.status import Disposition, Enforcement, Verdict, dispose, worst
from hcgov.core.terms import Waiver
from hcgov.judgement.engine import Assessed
from hcgov.judgement.fingerprint import fingerprint
from hcgov.judgement.plan import Planned

if TYPE_CHECKING:
    from hcgov.core.baseline import EntrySpec

IN_THE_WAY = (Disposition.BLOCKED, Disposition.UNDETERMINED)


@frozen
class Waiving:
    """The waivers of a project.

    Parameters
    ----------
    waivers
        In the order of their ids; of several that accept one finding the first counts.
    occasion
        The day, what is released, and the longest terms.
    known
        Every control of the policies by id, also those that are not judged this time.
    """

    waivers: tuple[Waiver, ...]
    occasion: Occasioned
    known: Mapping[str, Waivable]


@frozen
class Baselined:
    """The baseline of a project, the day it is held against, and the system whose findings it is about."""

    entries: "tuple[EntrySpec, ...]"
    on: date
    system: str


@frozen
class Excepted:
    """What exceptions say of one control.

    Parameters
    ----------
    disposition
        Of the control, exceptions included.
    waivers
        For each finding the id of the waiver that accepts it, or nothing.
    known
        For each finding what the baseline says of it, or nothing.
    """

    disposition: Disposition
    waivers: tuple[str, ...]
    known: tuple[str, ...]

    @property
    def baseline(self) -> str:
        """What the baseline says of the control: the worst of what it says of its findings."""
        return next((word for word in (Known.WORSE, Known.NEW, Known.KNOWN) if word in self.known), "")


@dataclass(kw_only=True)
class Used:
    """A waiver on its day, and what became of it.

    Parameters
    ----------
    judged
        Whether its control was judged this time; otherwise nothing is known of its use.
    accepted
        What it accepts, in words.
    beyond
        Findings that it would accept were they no worse, and why it does not.
    shared
        Ids of waivers that accepted a finding first that this one accepts too.
    """

    waiver: Waiver
    standing: Standing
    judged: bool = False
    accepted: list[str] = field(default_factory=list)
    beyond: list[tuple[Finding, Refusal]] = field(default_factory=list)
    shared: list[str] = field(default_factory=list)


_Offer = tuple[Used, tuple[Refusal | None, ...]]
"""A waiver, and for each finding why it does not accept it."""


def waivable(control: Planned) -> Waivable:
    """Return what the rules of waivers ask of a control."""
    name, _, major = control.spec.check.partition("@")
    if control.check is not None:
        major = str(control.check.major)
    return Waivable(
        id=control.spec.id,
        check=f"{name}@{major or 1}",
        severity=control.spec.severity,
        enforcement=control.enforcement,
        limit=control.limit,
    )


def standings(waiving: Waiving, judged: Sequence[Assessed]) -> dict[str, Used]:
    """Return every waiver with where it stands, before anything was accepted."""
    ids = {one.control.spec.id for one in judged}
    return {
        waiver.id: Used(
            waiver=waiver,
            standing=standing_of(waiver, waiving.known.get(waiver.spec.control), waiving.occasion),
            judged=waiver.spec.control in ids,
        )
        for waiver in waiving.waivers
    }


def compared(
    baseline: Baselined | None, judged: Sequence[Assessed]
) -> tuple[dict[tuple[str, int], Known], Compared]:
    """Compare every failure that may be known with the baseline; the words are by control and number of finding."""
    if baseline is None:
        return {}, Compared()
    places = [
        (one, index)
        for one in judged
        for index, finding in enumerate(one.findings)
        if _may_be_known(one, finding)
    ]
    failures = [failure_of(one, one.findings[index], baseline.system) for one, index in places]
    found = compare(baseline.entries, failures, baseline.on)
    words = {
        (one.control.spec.id, index): word for (one, index), word in zip(places, found.words, strict=True)
    }
    return words, found


def _may_be_known(assessed: Assessed, finding: Finding) -> bool:
    """Whether a finding is a failure that blocks and may be known: advice does not block, and what is mandatory is."""
    overridable = assessed.control.enforcement is Enforcement.OVERRIDABLE
    return overridable and finding.verdict is Verdict.FAIL and not finding.listed


def failure_of(assessed: Assessed, finding: Finding, system: str) -> Failure:
    """Return a failing finding as a baseline sees it."""
    limit = assessed.control.limit
    return Failure(
        fingerprint=fingerprint(finding, assessed.control, system),
        control=assessed.control.spec.id,
        about=finding.about,
        metric=finding.metric,
        value=None if finding.estimate is None else finding.estimate.value,
        side=None if limit is None else limit.side,
    )


def excepted(
    assessed: Assessed,
    waiving: Waiving | None,
    used: Mapping[str, Used],
    words: Mapping[tuple[str, int], Known],
) -> Excepted:
    """Say what the gate does with a control, exceptions included; what was used is noted in ``used``."""
    spec = assessed.control.spec
    # Where every finding is only listed, the control's own verdict stands alone, and is accepted as a finding would be.
    alone = Finding(
        about=spec.title, metric=spec.check, verdict=assessed.verdict, text=assessed.findings[0].text
    )
    findings = (*assessed.findings, alone)
    offers = _offers(assessed, findings, waiving, used)
    dispositions, waivers, known = [], [], []
    for index, finding in enumerate(assessed.findings):
        plain = _plain(assessed, finding)
        waiver = _accepting(index, finding, offers) if plain in IN_THE_WAY else ""
        word = words.get((spec.id, index), "")
        accepted = waiver != "" or (word == Known.KNOWN and plain is Disposition.BLOCKED)
        dispositions.append(Disposition.WAIVED if accepted else plain)
        waivers.append(waiver)
        known.append(str(word))
    # The control's own verdict is joined in, so that listing every finding can never clear a control.
    own = _disposed(assessed, assessed.verdict, narrow=assessed.narrow)
    if own in IN_THE_WAY and _all_accepted(assessed, dispositions, lambda: _accepting(-1, alone, offers)):
        own = Disposition.WAIVED
    return Excepted(disposition=worst((*dispositions, own)), waivers=tuple(waivers), known=tuple(known))


def _offers(
    assessed: Assessed, findings: Sequence[Finding], waiving: Waiving | None, used: Mapping[str, Used]
) -> list[_Offer]:
    if waiving is None:
        return []
    control, occasion = waivable(assessed.control), waiving.occasion
    return [
        (used[waiver.id], acceptance(waiver, control, findings, occasion).refusals)
        for waiver in waiving.waivers
        if waiver.spec.control == control.id
    ]


def _plain(assessed: Assessed, finding: Finding) -> Disposition:
    if finding.listed:
        return Disposition.LISTED
    return _disposed(assessed, finding.verdict, narrow=finding.narrow)


def _disposed(assessed: Assessed, verdict: Verdict, *, narrow: bool) -> Disposition:
    aside = assessed.control.aside
    disabled = aside is not None and aside.disabled
    return dispose(verdict, assessed.control.enforcement, narrow=narrow, disabled=disabled)


def _all_accepted(assessed: Assessed, dispositions: Sequence[Disposition], alone: Callable[[], str]) -> bool:
    """Whether everything that gives a control its verdict is accepted."""
    giving = [
        disposition
        for finding, disposition in zip(assessed.findings, dispositions, strict=True)
        if finding.verdict is assessed.verdict and not finding.listed
    ]
    return not any(one in IN_THE_WAY for one in giving) if giving else alone() != ""


def _accepting(index: int, finding: Finding, offers: Sequence[_Offer]) -> str:
    """Return the id of the first waiver that accepts a finding, or nothing."""
    first = ""
    for one, refusals in offers:
        refusal = refusals[index]
        if refusal is None and first:
            one.shared.append(first)
        elif refusal is None:
            first = one.waiver.id
            one.accepted.append(finding.about)
        elif refusal in (Refusal.WORSE, Refusal.NO_VALUE):
            one.beyond.append((finding, refusal))
    return first
