"""What a plan is: controls bound to checks, in the order of stages."""

from collections.abc import Mapping

from hcgov.core.check import Check, Params, Request
from hcgov.core.control import ControlSpec
from hcgov.core.frozen import frozen
from hcgov.core.limit import Limit
from hcgov.core.mistake import Position
from hcgov.core.policy import Pack
from hcgov.core.stage import Stage
from hcgov.core.status import Enforcement, Reason, Verdict
from hcgov.core.text import Text


@frozen
class Registry:
    """What is installed: stages, checks by id, and stage packs that could not be imported with the reason."""

    stages: Mapping[str, Stage]
    checks: Mapping[str, Check[Params]]
    broken: Mapping[str, Text]


@frozen
class Aside:
    """Why a control does not run: it is disabled, does not apply, or nobody can tell whether it applies."""

    verdict: Verdict
    text: Text
    reason: Reason | None = None
    disabled: bool = False


@frozen
class Planned:
    """A control that will run.

    Parameters
    ----------
    spec, pack
        The control as written, and where.
    check, params
        ``None`` where the check's pack could not be imported or the check crashed; then ``broken`` says why.
    requests
        What the check wants to know, by argument name.
    supporting
        It runs because a selected control reads its estimates, and is not judged itself.
    aside
        Set where it does not run; it stays listed all the same.
    upcoming
        The day from which it will be enforced as written, while it is only advisory; else empty.
    attempt
        Which attempt at its labels this is, from 1.
    withdrawn
        Clauses that it claims to support although its limit lies beyond their floor.
    """

    spec: ControlSpec
    pack: Pack
    index: int
    enforcement: Enforcement
    limit: Limit | None = None
    check: Check[Params] | None = None
    params: Params | None = None
    requests: Mapping[str, Request]
    broken: Text | None = None
    supporting: bool = False
    aside: Aside | None = None
    upcoming: str = ""
    attempt: int = 1
    withdrawn: tuple[str, ...] = ()

    def where(self, *path: str | int) -> Position | None:
        """Return the place of a part of the control."""
        return self.pack.where("controls", self.index, *path)


@frozen
class Plan:
    """The controls to run, in the order of stages and packs, and the stages they stand in.

    ``left_out`` are the ids of controls of these stages that were not selected by name.
    """

    controls: tuple[Planned, ...]
    stages: tuple[Stage, ...]
    not_run: tuple[Stage, ...]
    left_out: tuple[str, ...] = ()

    @property
    def selected(self) -> tuple[Planned, ...]:
        """The controls that are judged."""
        return tuple(control for control in self.controls if not control.supporting)
