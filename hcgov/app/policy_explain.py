"""Explain one control of a project: the rule and where its parts come from, then what a record says of it."""

import re
from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from hcgov.app.diff import find_record
from hcgov.app.policy import Sound, control_text, read_policies
from hcgov.app.save import newest
from hcgov.core.condition import evaluate, shown
from hcgov.core.condition_text import read_condition
from hcgov.core.limit import Limit, LimitRange
from hcgov.core.mistake import AuthoringError, Mistake, did_you_mean
from hcgov.core.policy import Pack
from hcgov.core.record import ControlV1, ReportV1
from hcgov.core.slices import SliceChoice, SliceRules
from hcgov.io.manifest import FILE as MANIFEST
from hcgov.io.manifest import read_manifest
from hcgov.io.render.explained import change_lines, recorded_lines
from hcgov.io.render.plain import plain
from hcgov.judgement.rejudging import from_record
from hcgov.judgement.situations import facts_of
from hcgov.judgement.smallest_change import Turns, turns

_PARAMETER = re.compile(r"""["']?\$\{(?P<name>[A-Za-z][A-Za-z0-9._-]*)\}""")


def explain_control(id_: str, project: Path, run: str = "") -> str:
    """Return what there is to say about a control, as lines for people.

    Parameters
    ----------
    id_
        Id of the control.
    project
        Folder of the project; a pack by itself has no record.
    run
        The record, as for :func:`~hcgov.app.diff.find_record`; the newest of the project if empty.

    Raises
    ------
    AuthoringError
        Policies hold mistakes, or there is no such control or record.
    """
    sound = read_policies([str(project)], Path())
    pack, index = _found(id_, sound)
    lines = [
        f"# {pack.spec.metadata.id} {pack.spec.metadata.version} in {pack.file}",
        control_text(sound, pack, index, origins=True).rstrip(),
        *_parameters(pack, index),
        *_facts(pack, index, project),
        "",
        *_recorded(id_, sound, project, run, pack.spec.controls[index].limit_value()),
    ]
    return "\n".join(lines) + "\n"


def _found(id_: str, sound: Sound) -> tuple[Pack, int]:
    known = []
    for pack in sound.packs:
        for index, spec in enumerate(pack.spec.controls):
            if spec.id == id_:
                return pack, index
            known.append(spec.id)
    message = f"there is no control `{id_}` in these policies"
    raise AuthoringError([Mistake(code="HCG-U001", message=message, help=did_you_mean(id_, known))])


def _parameters(pack: Pack, index: int) -> Iterator[str]:
    """Yield which parts hold the value of a parameter of their pack, as seen where they are written."""
    history = pack.history[index]
    seen: dict[str, str] = {}
    for path in _paths(pack.spec.controls[index].model_dump(by_alias=True, exclude_unset=True)):
        place = history.value(*path)
        written = None if place is None else _PARAMETER.match(place.source[place.column - 1 :])
        if written is not None:
            seen.setdefault(".".join(map(str, path)), written["name"])
    if seen:
        yield "# parameters"
    for field, name in seen.items():
        own = pack.spec.parameters.get(name) if history.pack == pack.spec.metadata.id else None
        where = "" if own is None else f", declared at {pack.places.key('parameters', name)}"
        default = "" if own is None else f", default {own.default}"
        yield f"#   {field} is `{name}` of {history.pack}{default}{where}"


def _paths(tree: object, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from _paths(value, (*at, str(key)))
    else:
        yield at


def _facts(pack: Pack, index: int, project: Path) -> Iterator[str]:
    """Yield the facts that decide whether the control applies, and what they come to in the project."""
    condition = pack.spec.controls[index].applies_when
    if condition is None:
        return
    yield "# facts"
    manifest = read_manifest(project)[0] if (project / MANIFEST).is_file() else None
    facts = {} if manifest is None else facts_of(manifest.project.system)
    read = read_condition(condition, {})  # type: ignore[arg-type]  # a tree, held by resolution before
    told = evaluate(read, facts)
    for name, value in told.read.items():
        yield f"#   {name} is {plain(shown(value))}"
    yield f"#   so whether it applies is {told.truth.name.lower()}"


def _recorded(id_: str, sound: Sound, project: Path, run: str, limit: Limit | None) -> Iterator[str]:
    if not run and not newest(project).is_file():
        yield "no record: `hcgov check` makes one"
        return
    report = find_record(run or str(project), project)
    control = next((one for one in report.controls if one.id == id_), None)
    if control is None:
        yield f"record {plain(report.id)} does not hold {id_}: it was not selected, or is newer than the record"
        return
    yield from recorded_lines(report, control)
    if (
        control.limit is not None
        and str(limit) != f"{'≤' if control.limit.side == 'at_most' else '≥'} {control.limit.value}"
    ):
        yield f"  the policy now says {limit or 'no limit'}; what follows is about the limit of the record"
    yield ""
    yield from change_lines(report, control, _turns(report, control, sound, project))


def _turns(report: ReportV1, control: ControlV1, sound: Sound, project: Path) -> Turns:
    rules, allowed = _judged_by(control, sound, project)
    try:
        return turns(from_record(control, rules), allowed)
    except (ValueError, KeyError):
        return Turns(
            why=f"the record holds what hcgov {report.tool.version} wrote and this version cannot judge again"
        )


def _judged_by(
    control: ControlV1, sound: Sound, project: Path
) -> tuple[SliceRules | None, LimitRange | None]:
    """Return what project and control say of slices, and which limits make sense; ``None`` where that is not known."""
    check = sound.registry.checks.get(control.check.partition("@")[0])
    if check is None:
        return None, None
    try:
        params = check.params.model_validate(control.params)
    except ValidationError:
        return None, None
    choice: object = getattr(params, "slices", None)
    manifest = read_manifest(project)[0] if (project / MANIFEST).is_file() else None
    if manifest is None or not isinstance(choice, SliceChoice):
        return None, check.limits(params)
    return manifest.project.slices.tightened(choice), check.limits(params)
