"""When a control applies: named conditions of packs written out, and what is known of them in a project."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from hcgov.core.condition import Condition, ConditionError, Told, Truth, Value, evaluate
from hcgov.core.condition_text import read_condition
from hcgov.core.evidence.source import Tree
from hcgov.core.mistake import Mistake, Position
from hcgov.core.policy import WrittenPack
from hcgov.core.project import System
from hcgov.core.status import Enforcement, Reason, Verdict
from hcgov.core.text import text
from hcgov.judgement.planned import Aside, Planned

Where = Callable[..., Position | None]


def named_conditions(
    pack: WrittenPack, inherited: Mapping[str, Tree], told: list[Mistake]
) -> dict[str, Tree]:
    """Return the conditions under a pack's `facts:`, written out; each may speak of those before it."""
    known = dict(inherited)
    own: dict[str, Tree] = {}
    for name, tree in pack.head.facts.items():
        written = _written_out(tree, known)  # type: ignore[arg-type]  # pydantic hands on what was parsed
        try:
            read_condition(written, {})
        except ConditionError:
            told.append(_mistake(tree, known, lambda *at, n=name: pack.places.value("facts", n, *at)))  # type: ignore[arg-type]  # as above
            continue
        known[name] = own[name] = written
    return own


def with_conditions(
    tree: Mapping[str, Tree], named: Mapping[str, Tree], where: Where
) -> tuple[dict[str, Tree], list[Mistake]]:
    """Write out the names in a control's `applies_when`; parameters and result as for parameters."""
    condition = tree.get("applies_when")
    if condition is None:
        return dict(tree), []
    written = _written_out(condition, named)
    try:
        read_condition(written, {})
    except ConditionError:
        rest = {key: part for key, part in tree.items() if key != "applies_when"}
        return rest, [_mistake(condition, named, lambda *at: where("applies_when", *at))]
    return {**tree, "applies_when": written}, []


def _mistake(tree: Tree, named: Mapping[str, Tree], where: Where) -> Mistake:
    """Return what is wrong with a condition as it was written, names and all."""
    try:
        read_condition(tree, {name: read_condition(one, {}) for name, one in named.items()})
    except ConditionError as error:
        return Mistake(code="HCG-R013", message=error.message, where=where(*error.path), help=error.help)
    raise AssertionError("a condition that makes no sense written out makes none as written")


def _written_out(tree: Tree, named: Mapping[str, Tree]) -> Tree:
    if isinstance(tree, str):
        return named.get(tree, tree)
    if isinstance(tree, list):
        return [_written_out(part, named) for part in tree]
    if isinstance(tree, dict) and "fact" not in tree:
        return {key: part if key == "at_least" else _written_out(part, named) for key, part in tree.items()}
    return tree


def facts_of(system: System) -> dict[str, Value]:
    """Return what a project states of its system, by full name."""
    stated: dict[str, Value] = {
        "system.name": system.name,
        "system.version": system.version,
        "system.risk_profile": system.risk_profile.value,
    }
    if system.owner:
        stated["system.owner"] = system.owner
    return {**{f"system.{name}": value for name, value in system.facts.items()}, **stated}


def applies(condition: object, facts: Mapping[str, Value]) -> Told:
    """Say whether a control applies, from its written-out condition."""
    read: Condition = read_condition(condition, {})  # type: ignore[arg-type]  # a tree, held by resolution before
    return evaluate(read, facts)


def situated(control: Planned, facts: Mapping[str, Value], day: str) -> Planned:
    """Set a control aside where it is disabled, or does not or may not apply; then nothing is read for it.

    Parameters
    ----------
    facts
        What the project states of its system, by full name.
    day
        ISO date (UTC): before the day from which it takes effect, a control is advisory. Empty: all are in effect.
    """
    aside = _disabled(control) or _not_applying(control, facts)
    return _on(control if aside is None else replace(control, aside=aside, requests={}), day)


def _disabled(control: Planned) -> Aside | None:
    history = control.pack.history
    entry = history[control.index].disabled if control.index < len(history) else None
    if entry is None:
        return None
    told = text("disabled by {who}: {reason}", who=entry.approved_by, reason=entry.reason)
    return Aside(verdict=Verdict.NOT_EVALUATED, text=told, disabled=True)


def _not_applying(control: Planned, facts: Mapping[str, Value]) -> Aside | None:
    if control.spec.applies_when is None:
        return None
    told = applies(control.spec.applies_when, facts)
    if told.truth is Truth.TRUE:
        return None
    if told.truth is Truth.FALSE:
        return Aside(verdict=Verdict.NOT_APPLICABLE, text=text("does not apply: {why}", why=told.why))
    unknown = text("whether this applies cannot be told: {why}", why=told.why)
    return Aside(verdict=Verdict.INCONCLUSIVE, text=unknown, reason=Reason.UNKNOWN_FACT)


def _on(control: Planned, day: str) -> Planned:
    """Make a control advisory before the day from which it takes effect."""
    begins = control.spec.effective_from
    if begins is None or not day or day >= begins:
        return control
    return replace(control, enforcement=Enforcement.ADVISORY, upcoming=begins)
