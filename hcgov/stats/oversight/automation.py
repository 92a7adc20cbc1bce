"""A task that a machine took over: who does it now, from the audits of its work so far."""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import TypeAlias

from hcgov.core.frozen import frozen
from hcgov.core.limit import Side
from hcgov.stats.multiplicity import spending_level
from hcgov.stats.sequences import beta_binomial_lower, beta_binomial_p_value, beta_binomial_upper


class TaskState(StrEnum):
    """Who does a task."""

    HUMAN = "human"
    ASSISTED = "assisted"
    """A machine suggests, and a person decides on each."""
    AUTOMATED = "automated"
    """A machine decides, and a person looks at some."""


_Step: TypeAlias = tuple[TaskState, int, int, int, int, int | None]
"""State, audits, errors, audits and errors of the window, and when it fell back."""

_LOWER = (TaskState.HUMAN, TaskState.ASSISTED, TaskState.AUTOMATED)


@frozen
class FallBack:
    """When an automated task falls back.

    Parameters
    ----------
    assisted_above
        Share of errors, in (0, 1), above which people decide again.
    human_above
        Share of errors above which the machine does not even suggest; at least ``assisted_above``.
    alpha
        Probability that a machine that keeps the limit ever falls back, over the whole life of the task.
    window
        Audits after which counting begins anew, so that a good past does not hide a bad present.
    """

    assisted_above: float
    human_above: float
    alpha: float = 0.05
    window: int = 400

    def __post_init__(self) -> None:
        if not 0.0 < self.assisted_above <= self.human_above < 1.0:
            raise ValueError("limits lie in (0, 1), that of assistance not above that of people alone")
        if not 0.0 < self.alpha <= 0.5 or self.window < 1:
            raise ValueError("an error probability lies in (0, 0.5], and a window holds audits")


@frozen
class Audited:
    """Where a task stands after an audit.

    Parameters
    ----------
    state
        Who does the task from here on. It never rises: a hand-over has to be shown anew.
    seen, errors
        Audits so far, and errors among them.
    window_seen, window_errors, level
        The same of the present window, and the confidence that its bounds have at all times.
    tuned
        Audits at which those bounds are tightest.
    fell_at
        Number of the audit (from 1) at which it first fell back; ``None`` where it has not.
    """

    state: TaskState
    seen: int
    errors: int
    window_seen: int
    window_errors: int
    level: float
    tuned: float
    fell_at: int | None

    @property
    def bounds(self) -> tuple[float, float]:
        """Share of errors in the present window, bounded at all times together."""
        counts = (self.window_errors, self.window_seen, self.tuned, self.level)
        return beta_binomial_lower(*counts), beta_binomial_upper(*counts)


def audited(errors: Iterable[bool], rule: FallBack) -> Iterator[Audited]:
    """Yield where a task stands before any audit and after each one.

    Parameters
    ----------
    errors
        Of each audited item, in order, whether the machine was wrong. The order must be that of the work, and the
        items drawn at random from it.
    rule
        When it falls back.

    Notes
    -----
    A beta-binomial confidence sequence (Howard, Ramdas, McAuliffe and Sekhon 2021, doi:10.1214/20-AOS1991) in each
    window; window k spends 6 alpha / (pi^2 k^2) of the error, so that the probability of ever falling back without
    cause stays below alpha however long the task runs and however often one looks.
    """
    for step in _steps(errors, rule):
        yield _told(step, rule)


def last_audited(errors: Iterable[bool], rule: FallBack) -> Audited:
    """Return where a task stands after all audits; see :func:`audited`."""
    last: _Step = (TaskState.AUTOMATED, 0, 0, 0, 0, None)
    for step in _steps(errors, rule):
        last = step
    return _told(last, rule)


def _steps(errors: Iterable[bool], rule: FallBack) -> Iterator[_Step]:
    state, seen, total, inside, wrong = TaskState.AUTOMATED, 0, 0, 0, 0
    fell: int | None = None
    yield state, seen, total, inside, wrong, fell
    for error in errors:
        if inside == rule.window:
            inside = wrong = 0
        seen, inside = seen + 1, inside + 1
        if error:
            total, wrong = total + 1, wrong + 1
            # The lower bound rises with errors only.
            state = min(state, _bound_to(wrong, inside, _spent(seen, rule), rule), key=_LOWER.index)
            if fell is None and state is not TaskState.AUTOMATED:
                fell = seen
        yield state, seen, total, inside, wrong, fell


def _told(step: _Step, rule: FallBack) -> Audited:
    state, seen, total, inside, wrong, fell = step
    return Audited(
        state=state,
        seen=seen,
        errors=total,
        window_seen=inside,
        window_errors=wrong,
        level=1.0 - _spent(max(seen, 1), rule),
        tuned=rule.window / 4.0,
        fell_at=fell,
    )


def _spent(seen: int, rule: FallBack) -> float:
    """Return the error that the window of an audit (from 1) spends."""
    return spending_level(rule.alpha, (seen - 1) // rule.window + 1)


def _bound_to(wrong: int, seen: int, alpha: float, rule: FallBack) -> TaskState:
    for state, limit in ((TaskState.HUMAN, rule.human_above), (TaskState.ASSISTED, rule.assisted_above)):
        if beta_binomial_p_value(wrong, seen, rule.window / 4.0, limit, Side.AT_MOST) < alpha:
            return state
    return TaskState.AUTOMATED
