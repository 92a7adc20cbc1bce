"""What two manifests state otherwise that decides how policies judge: slices, facts, and how judgments are read."""

from collections.abc import Iterator, Sequence

from hcgov.core.condition import comparison_facts, shown
from hcgov.core.condition_text import read_condition
from hcgov.core.control import EnforcementByProfile
from hcgov.core.frozen import frozen
from hcgov.core.judged import LongMapping
from hcgov.core.parameters import compare_models
from hcgov.core.policy import Pack
from hcgov.core.project import Project
from hcgov.core.relation import Change, Relation, change
from hcgov.judgement.situations import facts_of


@frozen
class ProjectChange:
    """One thing that the project states otherwise; ``kind`` is ``slices``, ``fact`` or ``mapping``."""

    kind: str
    change: Change


def project_changes(old: Project, new: Project, packs: Sequence[Pack]) -> Iterator[ProjectChange]:
    """Yield what two manifests state otherwise.

    A fact that a control applies by, or that its enforcement depends on, cannot be compared: which controls apply,
    and how firmly, is another matter after it. Nor can how a file becomes a table of judgments: a mapping can leave
    people out, or make two groups one.
    """
    for one in compare_models(old.slices, new.slices, ("slices",)):
        yield ProjectChange(kind="slices", change=one)
    before, after = facts_of(old.system), facts_of(new.system)
    read = _facts_read(packs)
    for name in dict.fromkeys((*before, *after)):
        if before.get(name) != after.get(name):
            does = Relation.INCOMPARABLE if name in read else Relation.NEUTRAL
            note = "controls apply, or are enforced, by it" if name in read else ""
            was, is_ = (None if one is None else shown(one) for one in (before.get(name), after.get(name)))
            yield ProjectChange(kind="fact", change=change((name,), does, was, is_, note))
    yield from _mappings(old, new)


def _mappings(old: Project, new: Project) -> Iterator[ProjectChange]:
    """Yield how tables of judgments that both manifests name are read otherwise."""
    for name in new.artifacts:
        one, other = old.judgments(name), new.judgments(name)
        if one is None or other is None:
            continue
        for key in (*LongMapping.model_fields, "annotators"):
            was, is_ = getattr(one, key), getattr(other, key)
            if was != is_:
                does = change((name, key), Relation.INCOMPARABLE, was, is_, "another table may come of it")
                yield ProjectChange(kind="mapping", change=does)


def _facts_read(packs: Sequence[Pack]) -> set[str]:
    found: set[str] = set()
    for control in (one for pack in packs for one in pack.spec.controls):
        if control.applies_when is not None:
            condition = read_condition(control.applies_when, {})  # type: ignore[arg-type]  # a tree, held by resolution before
            found |= set(comparison_facts(condition))
        if isinstance(control.enforcement, EnforcementByProfile):
            found.add("system.risk_profile")
    return found
