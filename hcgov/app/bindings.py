"""What the outcomes of a run mean, for whoever recomputes it: columns, and the values that count."""

from collections.abc import Iterator

from hcgov.core.artifacts import Scalar
from hcgov.core.evidence.counts import CountsOf
from hcgov.core.project import Outcome
from hcgov.core.record import BindingV1
from hcgov.io.manifest import Manifest
from hcgov.judgement.plan import Plan


def bindings(plan: Plan, manifest: Manifest) -> tuple[BindingV1, ...]:
    """Return the meaning of every outcome that a control of the plan reads, in the order of the plan."""
    asked = dict.fromkeys(
        (request.table, outcome)
        for control in plan.controls
        for request in control.requests.values()
        if isinstance(request, CountsOf)
        for rate in request.rates
        for outcome in rate.outcomes
    )
    return tuple(_bound(asked, manifest))


def _bound(asked: dict[tuple[str, str], None], manifest: Manifest) -> Iterator[BindingV1]:
    for name, outcome in asked:
        table = manifest.project.table(name)
        if table is None:
            continue
        meant = table.outcomes.get(outcome, Outcome())
        yield BindingV1(
            table=name,
            outcome=outcome,
            column=meant.column or getattr(table.roles, outcome, None) or "",
            positive=tuple(_written(value) for value in meant.positive),
            negative=tuple(_written(value) for value in meant.negative),
            at_least="" if meant.at_least is None else str(meant.at_least),
            adverse=meant.adverse or "",
        )


def _written(value: Scalar) -> str:
    """Return a value as YAML writes it."""
    return str(value).lower() if isinstance(value, bool) else str(value)
