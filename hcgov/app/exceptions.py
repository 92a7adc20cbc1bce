"""Waivers and the baseline of a project: read, held against its policies, verified.

Every mistake in them is told before anything is read or judged. With a trusted ref what takes effect is what stands
there; what is checked out is validated, and where it differs it is told by name.
"""

from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from hcgov.app.project import Loaded
from hcgov.app.trusted import Side, head_side, trusted_side
from hcgov.core.acceptance import Occasioned, Waivable, problems
from hcgov.core.frozen import frozen
from hcgov.core.mistake import AuthoringError, Mistake, did_you_mean
from hcgov.core.status import Enforcement
from hcgov.core.terms import Waiver, WaiverSet, shortest
from hcgov.core.text import Text
from hcgov.io.manifest import FILE, read_manifest
from hcgov.io.waivers import Written
from hcgov.judgement.exceptions import Baselined, Waiving, waivable
from hcgov.judgement.plan import plan_known
from hcgov.judgement.situations import facts_of

if TYPE_CHECKING:
    from hcgov.core.baseline import EntrySpec
    from hcgov.io.signing.trust import Trust

Told = tuple[str, Text]


@frozen
class Exceptions:
    """The exceptions of a project on a day.

    Parameters
    ----------
    waivers
        Those that may take effect.
    baseline
        Failures that are known; ``None`` where the project keeps no baseline.
    known
        Every control of the policies, by id.
    trust
        Keys that count; ``None`` where the project names none.
    notices
        What a trusted ref and what is checked out say differently.
    """

    on: date
    waivers: WaiverSet = field(default_factory=WaiverSet)
    baseline: "tuple[EntrySpec, ...] | None" = None
    known: Mapping[str, Waivable] = field(default_factory=dict)
    trust: "Trust | None" = None
    notices: tuple[Told, ...] = ()

    def waiving(self, subject: str) -> Waiving | None:
        """Return the waivers for a subject's SHA-256; empty where it is not known."""
        if not self.waivers.waivers:
            return None
        occasion = Occasioned(on=self.on, subject=subject, longest=self.waivers.longest)
        return Waiving(waivers=self.waivers.waivers, occasion=occasion, known=self.known)

    def baselined(self, system: str) -> Baselined | None:
        """Return the baseline for a system."""
        return None if self.baseline is None else Baselined(entries=self.baseline, on=self.on, system=system)


def load_exceptions(loaded: Loaded, on: date, trusted_ref: str = "", *, strict: bool = True) -> Exceptions:
    """Read waivers and baseline of a project.

    Parameters
    ----------
    on
        The day of the check, in UTC.
    trusted_ref
        Branch, tag or commit whose waivers and baseline take effect; what is checked out if empty.
    strict
        Whether what could never take effect under these policies is a mistake; else it is left to be told.

    Raises
    ------
    AuthoringError
        With every mistake in what is checked out, or because there is no such ref.
    """
    head, told = head_side(loaded.manifest)
    known = _known(loaded, on) if head.written.waivers or head.baseline is not None or trusted_ref else {}
    mistakes = [*told, *(_policy_mistakes(head, known, on) if strict else ())]
    waivers, unproved = _verified(head, on)
    mistakes += unproved
    if mistakes:
        raise AuthoringError(mistakes)
    if not trusted_ref:
        return _exceptions(head, waivers, known, on)
    from hcgov.app.trust_differences import differences  # without a trusted ref nothing differs

    base, notices = trusted_side(loaded.manifest.root, loaded.manifest.file, trusted_ref)
    found = _exceptions(base, _verified(base, on)[0], known, on)
    return replace(found, notices=(*notices, *differences(base, head)))


def form_mistakes(root: Path) -> list[Mistake]:
    """Return the mistakes that waivers and baseline hold by themselves, where manifest or policies hold some too."""
    manifest, _ = read_manifest(root, FILE)
    return [] if manifest is None else head_side(manifest)[1]


def _exceptions(
    side: Side, waivers: tuple[Waiver, ...], known: Mapping[str, Waivable], on: date
) -> Exceptions:
    return Exceptions(
        on=on,
        waivers=WaiverSet(waivers=waivers, longest=shortest(side.written.terms)),
        baseline=side.entries,
        known=known,
        trust=side.trust,
    )


def _known(loaded: Loaded, on: date) -> dict[str, Waivable]:
    """Return every control of the policies, also those of stages that are not judged this time."""
    system = loaded.manifest.project.system
    planned, _ = plan_known(
        loaded.packs, loaded.registry, system.risk_profile, facts=facts_of(system), day=on.isoformat()
    )
    return {control.spec.id: waivable(control) for control in planned.controls}


def _policy_mistakes(side: Side, known: Mapping[str, Waivable], on: date) -> Iterator[Mistake]:
    """Yield what could never take effect under these policies; a waiver that has ended is history."""
    longest = shortest(side.written.terms)
    for written in side.written.waivers:
        spec = written.spec
        if on > spec.expires:
            continue
        if spec.control not in known:
            yield Mistake(
                code="HCG-W008",
                message=f"{spec.id}: there is no control `{spec.control}`",
                where=written.where("control"),
                help=did_you_mean(spec.control, known),
            )
            continue
        own_flaws = ("HCG-W003", "HCG-W007")  # told with the form
        for problem in problems(Waiver(spec=spec), known[spec.control], longest):
            if problem.code not in own_flaws:
                yield Mistake(
                    code=problem.code,
                    message=f"{spec.id}: {problem.message}",
                    where=written.where(*problem.at),
                    help=problem.help,
                )
    yield from _baseline_mistakes(side, known)


def _baseline_mistakes(side: Side, known: Mapping[str, Waivable]) -> Iterator[Mistake]:
    if side.baseline is None or side.baseline.spec is None:
        return
    for index, entry in enumerate(side.baseline.spec.entries):
        control = known.get(entry.control)
        if control is not None and control.enforcement is Enforcement.MANDATORY:
            yield Mistake(
                code="HCG-B002",
                message=f"`{entry.control}` is mandatory, and the failures of mandatory controls are never known ones",
                where=side.baseline.where("entries", index, "control"),
                help="mend what it names, and remove the entry",
            )


def _verified(side: Side, on: date) -> tuple[tuple[Waiver, ...], list[Mistake]]:
    """Return waivers with whose signatures were verified, and what is wrong with those that were not."""
    waivers, told = [], []
    for written in side.written.waivers:
        signed_by, unsigned = list[str](), list[str]()
        for index, approval in enumerate(written.spec.approvals):
            if side.trust is None or on > written.spec.expires:
                continue
            problem = _unproved(side, written, index, on) if approval.signature else None
            if problem is not None:
                told.append(problem)
            (signed_by if approval.signature and problem is None else unsigned).append(approval.by)
        waivers.append(
            Waiver(
                spec=written.spec,
                where=written.where(),
                signed_by=tuple(signed_by),
                unsigned=tuple(unsigned),
            )
        )
    return tuple(waivers), told


def _unproved(side: Side, written: Written, index: int, on: date) -> Mistake | None:
    """Return why the signature of an approval does not approve, or ``None``."""
    from hcgov.io.approvals import NotApproved, verified
    from hcgov.io.named import Named, bytes_of

    approval = written.spec.approvals[index]
    where = written.where("approvals", index, "signature")
    try:
        data = bytes_of(Named(path=approval.signature, where=where), side.read, code="HCG-W009", help=_SIGN)
        if side.trust is not None:
            verified(data, approval.signature, written.spec, approval, side.trust, on)
    except AuthoringError as error:
        return error.mistakes[0]
    except NotApproved as why:
        message = f"{written.spec.id}: `{approval.signature}` does not approve it: {why}"
        return Mistake(code="HCG-W009", message=message, where=where, help=_SIGN)
    return None


_SIGN = "`hcgov waiver sign` writes the signature of who approves, over the waiver as it is now"
