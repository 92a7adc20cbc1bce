"""The difference of two policies, for people and for programs."""

import json
from collections.abc import Iterator, Mapping, Sequence

from hcgov.core.relation import Change
from hcgov.io.render.plain import plain
from hcgov.judgement.policy_difference import ControlDifference, Kind, PolicyDifference, VersionStep
from hcgov.judgement.policy_parts import Part
from hcgov.judgement.project_difference import ProjectChange

SCHEMA = "hcgov.policy-diff/1"

LONGEST = 120
"""Characters of one value that are shown to people; JSON has the whole of it."""


def policy_difference_text(
    found: PolicyDifference, project: Sequence[ProjectChange], *, old: str, new: str
) -> str:
    """Return what differs as lines for people: controls first, then what they rest on, then versions."""
    lines = [f"{plain(old)} -> {plain(new)}", ""]
    for one in found.controls:
        lines += _control(one)
    lines += _packs(found)
    for part in found.parts:
        lines += [
            f"{part.kind} of {plain(part.pack)}{' (new)' if part.adds else ''}",
            *_changes([part.change]),
        ]
    for stated in project:
        lines += [f"{stated.kind} of the project", *_changes([stated.change])]
    if len(lines) == 2:
        lines.append("nothing differs in what is asked")
    return "\n".join([*lines, "", *map(_version, found.versions)]).rstrip() + "\n"


def _control(one: ControlDifference) -> Iterator[str]:
    kind = f"renamed from {plain(one.was)}" if one.kind is Kind.RENAMED else one.kind.value
    note = f" ({one.note})" if one.note else ""
    yield f"{plain(one.control)}  {kind}: {one.relation.value}{note}"
    if one.kind is Kind.CHANGED:
        yield from _changes(one.changes)


def _changes(changes: Sequence[Change]) -> Iterator[str]:
    for one in changes:
        old, new = (plain(value, longest=LONGEST) or "nothing" for value in (one.old, one.new))
        note = f" ({plain(one.note)})" if one.note else ""
        yield f"  {plain(one.field)}: {old} -> {new}: {one.relation.value}{note}"


def _packs(found: PolicyDifference) -> Iterator[str]:
    for name in found.new_packs:
        yield f"pack {plain(name)}  new"
    for name in found.removed_packs:
        yield f"pack {plain(name)}  removed"


def _version(one: VersionStep) -> str:
    """Return one line about a version, such as ``org.acme 1.2.0 -> 1.2.1: asks for MAJOR, was PATCH: too little``."""
    made = "the same version" if one.made.name == "NONE" else one.made.name
    if one.back:
        made = "a lower version"
    if one.asked.name == "NONE" and not one.back:
        asked, verdict = "asks for no step", "sound"
    else:
        reasons = f" ({plain('; '.join(one.reasons), longest=4 * LONGEST)})" if one.reasons else ""
        asked, verdict = f"asks for {one.asked.name}{reasons}", "enough" if one.enough else "too little"
    return f"version of {plain(one.pack)} {one.old} -> {one.new}: {asked}; it was {made}: {verdict}"


def policy_difference_json(
    found: PolicyDifference, project: Sequence[ProjectChange], *, old: str, new: str
) -> str:
    """Return what differs as one JSON document, schema ``hcgov.policy-diff/1``."""
    document = {
        "schema": SCHEMA,
        "old": old,
        "new": new,
        "controls": [
            {
                "control": one.control,
                "kind": one.kind.value,
                "was": one.was,
                "relation": one.relation.value,
                "note": one.note,
                "changes": [_change(change) for change in one.changes],
            }
            for one in found.controls
        ],
        "parts": [_part(part) for part in found.parts],
        "project": [{"kind": one.kind, **_change(one.change)} for one in project],
        "new_packs": found.new_packs,
        "removed_packs": found.removed_packs,
        "versions": [
            {
                "pack": one.pack,
                "old": one.old,
                "new": one.new,
                "asked": one.asked.name,
                "made": one.made.name,
                "enough": one.enough,
                "reasons": one.reasons,
            }
            for one in found.versions
        ],
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _part(part: Part) -> Mapping[str, object]:
    return {"kind": part.kind, "pack": part.pack, "adds": part.adds, **_change(part.change)}


def _change(one: Change) -> Mapping[str, object]:
    return {
        "field": one.field,
        "path": one.path,
        "relation": one.relation.value,
        "old": one.old,
        "new": one.new,
        "note": one.note,
    }
