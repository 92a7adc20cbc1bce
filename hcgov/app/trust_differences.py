"""What a change does to the exceptions of a project, told by name: none of it takes effect before it is merged."""

from collections import Counter
from collections.abc import Iterator

from hcgov.app.trusted import Side
from hcgov.core.baseline import EntrySpec
from hcgov.core.project import Project
from hcgov.core.status import RiskProfile
from hcgov.core.terms import shortest
from hcgov.core.text import Text, text
from hcgov.core.waiver import WaiverSpec

Told = tuple[str, Text]

_NO_READING = ("description", "sha256")
"""Parts of an artifact that change nothing in how it is read; a pin that does not match is told by itself."""


def differences(base: Side, head: Side) -> Iterator[Told]:
    """Yield what is checked out and differs from what stands at the trusted ref."""
    yield from _manifest(base, head)
    yield from _waivers(base, head)
    yield from _baseline(base, head)


def _manifest(base: Side, head: Side) -> Iterator[Told]:
    if base.project is None or head.project is None:
        return
    for key in ("waivers", "baseline", "trust"):
        there, here = _named(base.project, key), _named(head.project, key)
        if there != here:
            message = text(
                "`{key}` names {here} here and {there} at {ref}: what {ref} names holds",
                key=key,
                here=here or "nothing",
                there=there or "nothing",
                ref=base.ref,
            )
            yield "HCG-G103", message
    if base.trust_data != head.trust_data:
        yield (
            "HCG-G104",
            text("the trusted keys differ from those at {ref}, whose keys hold", ref=base.ref),
        )
    profiles = tuple(RiskProfile)
    here_profile, there_profile = head.project.system.risk_profile, base.project.system.risk_profile
    if profiles.index(here_profile) < profiles.index(there_profile):
        message = text(
            "the risk profile is lowered: {there} at {ref}, {here} here; controls may be enforced less firmly",
            there=there_profile.value,
            here=here_profile.value,
            ref=base.ref,
        )
        yield "HCG-G105", message
    yield from _what_is_judged(base.project, head.project, base.ref)


def _what_is_judged(there: Project, here: Project, ref: str) -> Iterator[Told]:
    """Yield what the manifest says otherwise of the evidence: an outcome turned round passes by the same limit."""
    for name in sorted(there.artifacts.keys() & here.artifacts.keys()):
        old, new = there.artifacts[name].model_dump(), here.artifacts[name].model_dump()
        what = [key for key in {**old, **new} if key not in _NO_READING and old.get(key) != new.get(key)]
        if what:
            message = text(
                "the artifact {name} is not declared as at {ref} ({what}): it may be read, or counted, otherwise",
                name=name,
                ref=ref,
                what=", ".join(what),
            )
            yield "HCG-G106", message
    if there.subject != here.subject:
        message = text(
            "what is released is {here} here and {there} at {ref}",
            here=", ".join(here.subject) or "not said",
            there=", ".join(there.subject) or "not said",
            ref=ref,
        )
        yield "HCG-G106", message


def _named(project: Project, key: str) -> str:
    value = getattr(project, key)
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def _waivers(base: Side, head: Side) -> Iterator[Told]:
    there = {written.spec.id: written.spec for written in base.written.waivers}
    here = {written.spec.id: written.spec for written in head.written.waivers}
    for name in sorted(here.keys() | there.keys()):
        if name not in there:
            yield "HCG-W110", _added(here[name], base.ref)
        elif name not in here:
            message = text(
                "the waiver {id} of {control} is removed here; it holds until that is in {ref}",
                id=name,
                control=there[name].control,
                ref=base.ref,
            )
            yield "HCG-W112", message
        elif here[name] != there[name]:
            message = text(
                "the waiver {id} of {control} is changed here ({what}); what {ref} says of it holds",
                id=name,
                control=there[name].control,
                what=", ".join(_changed(there[name], here[name])),
                ref=base.ref,
            )
            yield "HCG-W111", message
    if shortest(base.written.terms) != shortest(head.written.terms):
        message = text("the longest terms of waivers differ from those at {ref}, which hold", ref=base.ref)
        yield "HCG-W113", message


def _added(spec: WaiverSpec, ref: str) -> Text:
    return text(
        "the waiver {id} of {control} is added by this change; it accepts nothing until it is in {ref}",
        id=spec.id,
        control=spec.control,
        ref=ref,
    )


def _changed(there: WaiverSpec, here: WaiverSpec) -> list[str]:
    return [name for name in WaiverSpec.model_fields if getattr(there, name) != getattr(here, name)]


def _baseline(base: Side, head: Side) -> Iterator[Told]:
    """Compare entries as multisets: exchanging one for another is one removed and one added, never nothing."""
    there, here = Counter(base.entries or ()), Counter(head.entries or ())
    removed, added = list((there - here).elements()), list((here - there).elements())
    for entry in added:
        old = next((one for one in removed if one.fingerprint == entry.fingerprint), None)
        if old is not None:
            removed.remove(old)
            message = text(
                "the baseline's entry for {control}, {about} is changed here ({what}); what {ref} says holds",
                control=entry.control,
                about=entry.about,
                what=", ".join(_differing(old, entry)),
                ref=base.ref,
            )
            yield "HCG-B111", message
        else:
            message = text(
                "the baseline's entry for {control}, {about} is added by this change; it counts once it is in {ref}",
                control=entry.control,
                about=entry.about,
                ref=base.ref,
            )
            yield "HCG-B110", message
    for entry in removed:
        message = text(
            "the baseline's entry for {control}, {about} is removed here; it counts until that is in {ref}",
            control=entry.control,
            about=entry.about,
            ref=base.ref,
        )
        yield "HCG-B112", message


def _differing(old: EntrySpec, new: EntrySpec) -> list[str]:
    return [name for name in EntrySpec.model_fields if getattr(old, name) != getattr(new, name)]
