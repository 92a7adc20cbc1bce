"""A check: a function from typed evidence and typed parameters to observations; nothing else."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from enum import StrEnum
from typing import Generic, TypeVar

from pydantic import ConfigDict

from hcgov.core.evidence.absent import Absence, Absent
from hcgov.core.evidence.counts import Counts, CountsOf, Overlap, OverlapOf, Shares, SharesOf
from hcgov.core.evidence.documents import (
    Answers,
    AnswersOf,
    Card,
    CardOf,
    Croissant,
    CroissantOf,
    Digest,
    DigestOf,
    EvalLog,
    EvalLogOf,
    Record,
    RecordOf,
    Run,
    RunOf,
    SubjectOf,
)
from hcgov.core.evidence.long import Long, LongOf
from hcgov.core.evidence.metrics import (
    Estimates,
    EstimatesOf,
    Expectations,
    ExpectationsOf,
    GroupMetric,
    GroupMetricOf,
)
from hcgov.core.evidence.scores import Scores, ScoresOf
from hcgov.core.frozen import frozen
from hcgov.core.limit import Limit, LimitRange
from hcgov.core.measurement import Observation
from hcgov.core.occasion import Occasion
from hcgov.core.plainly import Plainly
from hcgov.core.status import Verdict

Request = (
    CountsOf
    | ScoresOf
    | SharesOf
    | OverlapOf
    | RecordOf
    | CardOf
    | CroissantOf
    | AnswersOf
    | EvalLogOf
    | DigestOf
    | SubjectOf
    | RunOf
    | ExpectationsOf
    | GroupMetricOf
    | EstimatesOf
    | LongOf
)
Evidence = (
    Counts
    | Scores
    | Shares
    | Overlap
    | Record
    | Card
    | Croissant
    | Answers
    | EvalLog
    | Digest
    | Run
    | Expectations
    | GroupMetric
    | Estimates
    | Long
)


class Params(Plainly):
    """Base of every check's parameters: frozen, and an unknown key is a mistake.

    Each parameter says in its type which value of it is stricter (:mod:`hcgov.core.direction`); only text may
    leave it out, which then names what the control is about.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


P = TypeVar("P", bound=Params)

Limited = LimitRange | Callable[[P], LimitRange] | None
"""The limits that decide anything, or how they depend on the parameters."""


class Judged(StrEnum):
    """How a check's observations become verdicts."""

    BY_LIMIT = "by_limit"
    BY_STATEMENT = "by_statement"
    SHOWN = "shown"


@frozen
class Example(Generic[P]):
    """A worked example of a check: it is a test, and it is documentation.

    ``evidence`` is what the check is given, by argument name; ``limit`` is needed where a limit judges.
    """

    title: str
    params: P
    evidence: Mapping[str, Evidence]
    expect: Verdict
    limit: Limit | None = None
    occasion: Occasion = field(default_factory=lambda: Occasion(date="2026-11-21"))


@frozen
class Check(Generic[P]):
    """A check as the host sees it.

    Parameters
    ----------
    id, major
        ``<stage>.<file>`` and the major version of its meaning.
    title, about
        The first line of the module's docstring, and the function's.
    params
        The parameter model.
    asks
        From parameters to what the check wants to know, by argument name.
    measure
        The function; called with the evidence by name, then ``params=`` (and ``occasion=`` where it asks).
    absent_is_pending
        A record that is not there yet waits for a person: ``pending`` rather than ``missing``.
    limit
        Which limits decide anything; ``None`` where none judges, or the check does not say.
    """

    id: str
    stage: str
    major: int
    title: str
    about: str
    params: type[P]
    asks: Callable[[P], Mapping[str, Request]]
    measure: Callable[..., Iterable[Observation]]
    judged: Judged
    supports: tuple[str, ...]
    examples: Callable[[], tuple[Example[P], ...]]
    takes_occasion: bool = False
    absent_is_pending: bool = False
    limit: Limited[P] = None

    def limits(self, params: P) -> LimitRange | None:
        """Return which limits decide anything, or ``None`` where the check does not say."""
        return self.limit(params) if callable(self.limit) else self.limit

    def awaits(self, request: Request, absent: Absent) -> bool:
        """Whether this absence means that a person has yet to write a record; else evidence is missing."""
        return (
            self.absent_is_pending
            and isinstance(request, RecordOf | AnswersOf)
            and absent.reason in (Absence.NO_FILE, Absence.NOT_DECLARED)
        )


@frozen
class Declared(Generic[P]):
    """What the :func:`check` decorator leaves in a module; the host adds id and stage from where it stands."""

    params: type[P]
    asks: Callable[[P], Mapping[str, Request]]
    measure: Callable[..., Iterable[Observation]]
    judged: Judged
    major: int
    supports: tuple[str, ...]
    examples: Callable[[], tuple[Example[P], ...]]
    takes_occasion: bool
    absent_is_pending: bool = False
    limit: Limited[P] = None

    def __call__(self, *args: object, **kwargs: object) -> Iterable[Observation]:
        """Call the check as the plain function it is."""
        return self.measure(*args, **kwargs)


def check(
    *,
    asks: Callable[[P], Mapping[str, Request]],
    params: type[P],
    examples: Callable[[], tuple[Example[P], ...]],
    judged: Judged = Judged.BY_LIMIT,
    major: int = 1,
    supports: tuple[str, ...] = (),
    absent_is_pending: bool = False,
    limit: Limited[P] = None,
) -> Callable[[Callable[..., Iterable[Observation]]], Declared[P]]:
    """Declare the check of a module.

    Parameters
    ----------
    asks
        From parameters to requests, by the argument names of the function.
    params
        The frozen parameter model.
    examples
        Worked examples: at least one that passes, one that fails and one that cannot tell.
    judged
        Whether a limit on the control decides, the check's own statements do, or values are only shown.
    major
        Raise it when the meaning changes.
    supports
        Framework clauses, such as ``"nist-ai-rmf:MEASURE 2.11"``.
    absent_is_pending
        True for sign-offs and the like: a record that nobody has written yet is ``pending``, as a person must
        still act; one that cannot be read is ``missing`` all the same.
    limit
        Which limits decide anything: any other is an authoring mistake. Given with ``Judged.BY_LIMIT``; a function
        where it depends on the parameters.
    """

    def declare(function: Callable[..., Iterable[Observation]]) -> Declared[P]:
        names = function.__code__.co_varnames[
            : function.__code__.co_argcount + function.__code__.co_kwonlyargcount
        ]
        return Declared(
            params=params,
            asks=asks,
            measure=function,
            judged=judged,
            major=major,
            supports=supports,
            examples=examples,
            takes_occasion="occasion" in names,
            absent_is_pending=absent_is_pending,
            limit=limit,
        )

    return declare


AnyEvidence = Evidence | Absent
