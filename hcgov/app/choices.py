"""Choices of a project that shape what is judged: a reader of the report sees them, not only who wrote them."""

from collections.abc import Iterator

from hcgov.core.evidence.counts import CountsOf, SharesOf
from hcgov.core.evidence.long import LongOf
from hcgov.core.project import Table
from hcgov.core.slices import SliceRules
from hcgov.core.text import Text, text
from hcgov.io.manifest import Manifest
from hcgov.judgement.plan import Plan

USUAL = SliceRules()
USUAL_MISSING = 0.05


def choices(plan: Plan, manifest: Manifest) -> Iterator[Text]:
    """Yield where a project or policy departs from the usual, or takes its own word for something.

    None of these is a mistake. Each could hide a group, so that none may stay between the lines of a manifest.
    """
    yield from _slices(manifest.project.slices)
    for control in plan.selected:
        allowed = getattr(control.params, "max_missing", None)
        if isinstance(allowed, float | int) and allowed > USUAL_MISSING:
            yield text(
                "{control}: up to {share} of the values may be missing; the usual is {usual}",
                control=control.spec.id,
                share=f"{allowed:.0%}",
                usual=f"{USUAL_MISSING:.0%}",
            )
    asked = {
        request.table
        for control in plan.selected
        for request in control.requests.values()
        if isinstance(request, CountsOf | SharesOf)
    }
    for name in sorted(asked):
        table = manifest.project.table(name)
        if table is not None:
            yield from _bindings(name, table)
    longs = {r.table for c in plan.selected for r in c.requests.values() if isinstance(r, LongOf)}
    if longs:
        from hcgov.app.mappings import mapped  # most projects hold no judgments

        yield from mapped(longs, manifest)


def _slices(rules: SliceRules) -> Iterator[Text]:
    if rules.min_people < USUAL.min_people:
        yield text(
            "Groups of {n} or more people are judged; the usual is {usual}",
            n=rules.min_people,
            usual=USUAL.min_people,
        )
    if rules.coverage < USUAL.coverage:
        yield text(
            "Crossings count as looked at where {share} of the people stand in conclusive ones; the usual is {usual}",
            share=f"{rules.coverage:.4g}",
            usual=f"{USUAL.coverage:.4g}",
        )
    if rules.report:
        yield text("Reported, not gating: groups of {columns}", columns=", ".join(rules.report))
    if rules.cross < USUAL.cross and len(rules.by) > 1:
        yield text("Crossings of {columns} are not compared", columns=", ".join(rules.by))


def _bindings(name: str, table: Table) -> Iterator[Text]:
    for group, column in table.roles.groups.items():
        if group != column:
            yield text(
                "In `{table}`, the group `{group}` is read from the column `{column}`",
                table=name,
                group=group,
                column=column,
            )
    for column, position in table.columns.items():
        yield text(
            "In `{table}`, `{column}` is the column at position {position}, counted from 0, whatever the header says",
            table=name,
            column=column,
            position=position,
        )
    if table.count is not None and table.count.unit == "person":
        yield text(
            "That each unit counted in `{column}` of `{table}` is another person is the project's own word",
            table=name,
            column=table.count.column,
        )
    elif table.unit == "person":
        yield text("That each row of `{table}` is another person is the project's own word", table=name)
