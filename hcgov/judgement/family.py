"""The family judge: all measurements of one metric at one slicing depth meet the control's limit together.

Passing every slice is an intersection-union test (Berger 1982) and needs no correction: each passes by its own
one-sided bound. Accusing a slice does: Holm's step-down (Holm 1979) over the family. Slices that cannot be
resolved stand outside the family: they enter no comparison and no count.

Families and controls are judged side by side, step by step, so that the bounds of each step can be computed together
where there are many (:mod:`hcgov.stats.many`). No family knows of another but for the error they share, and no control
of any.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from math import inf

from hcgov.core.estimate import Method
from hcgov.core.finding import Bound, Finding
from hcgov.core.frozen import frozen
from hcgov.core.limit import Limit, Side
from hcgov.core.measurement import GroupCount, Measurement
from hcgov.core.status import Reason, Verdict
from hcgov.judgement.aside import beyond, passing_bounds, resolvable
from hcgov.judgement.comparable import Who, best_comparisons, first_in
from hcgov.judgement.saying import about, judged
from hcgov.judgement.thin_ratios import without_thin_ratios
from hcgov.judgement.undecided import too_small, unresolved
from hcgov.stats import many
from hcgov.stats.bounds import point
from hcgov.stats.many import Steps, Subject, subject
from hcgov.stats.multiplicity import holm_levels, holm_reject

_TOO_FEW = (Reason.SMALL_N, Reason.FEW_PEOPLE)

SURE = Decimal("0.8")
"""From this confidence on, a value on the right side of its limit can never be accused of breaking it."""


@dataclass(slots=True)
class _Case:
    """A measurement with an interval, and what each step finds of it: bounds, p-value, level of accusing."""

    place: int
    measurement: Measurement
    value: float
    subject: Subject
    passing: float = field(default=0.0, init=False)
    passes: bool = field(default=False, init=False)
    would_pass: bool = field(default=False, init=False)
    p: float = field(default=1.0, init=False)
    level: float = field(default=0.0, init=False)
    size: int = field(default=0, init=False)
    verdict: Verdict = field(default=Verdict.INCONCLUSIVE, init=False)
    failing: float = field(default=0.0, init=False)
    needed: int | None = field(default=None, init=False)


@dataclass(kw_only=True)
class _Family:
    """One family on its way: findings told by place, cases still to be judged, and slices of too few people."""

    measurements: Sequence[Measurement]
    sharing: int
    told: dict[int, Finding] = field(default_factory=dict)
    cases: list[_Case] = field(default_factory=list)
    few: list[tuple[int, Measurement]] = field(default_factory=list)


def judge(measurements: Sequence[Measurement], limit: Limit, *, sharing: int = 1) -> tuple[Finding, ...]:
    """Judge the measurements of one family against a limit.

    Parameters
    ----------
    measurements
        All of one metric and one depth, in the order they are to be reported.
    limit
        The control's limit; its confidence is that of either one-sided bound.
    sharing
        Families of the same control and depth, one a metric: they share the error of accusing (Bonferroni).
    """
    return many.alone(judge_families([(measurements, sharing)], limit))[0]


def judge_families(
    families: Sequence[tuple[Sequence[Measurement], int]], limit: Limit
) -> Steps[tuple[tuple[Finding, ...], ...]]:
    """Judge several families against the same limit, in steps.

    Parameters
    ----------
    families
        Measurements of each and how many share its error, as for :func:`judge`.
    limit
        The control's limit.

    Returns
    -------
    tuple of tuple of Finding
        One tuple a family, in its order.
    """
    made = [
        _Family(measurements=without_thin_ratios(measurements, limit), sharing=sharing)
        for measurements, sharing in families
    ]
    judging = _Judging(limit=limit)
    for family in made:
        _gather(family)
    yield from judging.resolve(made)
    yield from judging.accuse(made)
    yield from judging.decide([case for family in made for case in family.cases])
    for family in made:
        family.told.update(judging.findings(family.cases))
    return tuple(tuple(family.told[place] for place in sorted(family.told)) for family in made)


def _gather(family: _Family) -> None:
    """Tell what has no interval apart from the cases that have one."""
    without = Method.POINT
    for place, measurement in enumerate(family.measurements):
        estimate, reason = measurement.estimate, measurement.reason
        if estimate is None:
            family.told[place] = unresolved(measurement, reason or Reason.SMALL_N)
        elif reason is not None:
            if reason in _TOO_FEW and point(estimate) is not None:
                family.few.append((place, measurement))
            else:
                family.told[place] = unresolved(measurement, reason)
        elif estimate.method is without:
            family.told[place] = unresolved(measurement, Reason.NO_INTERVAL)
        elif (value := point(estimate)) is None:
            family.told[place] = unresolved(measurement, Reason.SMALL_N)
        else:
            family.cases.append(_Case(place, measurement, value, subject(estimate)))


@frozen
class _Judging:
    """The steps of judging against one limit, over all cases of all families at once."""

    limit: Limit

    def resolve(self, families: Sequence[_Family]) -> Steps[None]:
        """Find the bounds that decide PASS, and name what is too small for any verdict."""
        cases = [case for family in families for case in family.cases]
        bounds = yield from self._passing(cases, self.limit.pass_level)
        for case, bound, passes in zip(cases, bounds, self.limit.hold(bounds), strict=True):
            case.passing, case.passes, case.would_pass = bound, passes, passes
        yield from self._forgive(cases)
        best = [best_comparisons(family.measurements) for family in families]
        asked = [m.estimate for comparisons in best for m in comparisons.values() if m.estimate is not None]
        asked += [case.subject.estimate for case in cases if not case.would_pass]
        could_pass = yield from resolvable({id(one): one for one in asked}, self.limit)
        for family, comparisons in zip(families, best, strict=True):
            tiny = {
                group: m
                for group, m in comparisons.items()
                if m.estimate is not None and not could_pass[id(m.estimate)]
            }
            yield from self._set_aside(family, tiny, could_pass)

    def _forgive(self, cases: Sequence[_Case]) -> Steps[None]:
        """Find what would pass had earlier attempts spent nothing.

        Which slices stand in the family does not depend on attempts: who is accused at the first is accused at the
        tenth. What passes at the stricter level passes at this one.
        """
        if self.limit.spent is None:
            return
        short = [case for case in cases if not case.passes]
        bounds = yield from self._passing(short, float(self.limit.confidence))
        for case, passes in zip(short, self.limit.hold(bounds), strict=True):
            case.would_pass = passes

    def _set_aside(
        self, family: _Family, tiny: dict[Who, Measurement], could_pass: dict[int, bool]
    ) -> Steps[None]:
        """Name each slice and each comparison that is too small, once; the others stay."""
        named, left = set[Who](), []
        aside: list[tuple[int, Measurement, GroupCount | None]] = []
        for case in family.cases:
            small = first_in(tiny, case.measurement.groups) if tiny else None
            if small is not None:
                who = small.slice.values
                if who not in named:
                    aside.append((case.place, tiny[who], small))
                    named.add(who)
            elif case.would_pass or could_pass[id(case.subject.estimate)]:
                left.append(case)
            else:
                aside.append((case.place, case.measurement, None))
        family.cases = left
        far, few_far = yield from beyond(
            [measurement for _, measurement, _ in aside],
            [measurement for _, measurement in family.few],
            [case.subject for case in left],
            self.limit,
            sharing=family.sharing,
        )
        for (place, measurement, group), apart in zip(aside, far, strict=True):
            family.told[place] = too_small(measurement, self.limit, group, beyond=apart)
        for (place, measurement), apart in zip(family.few, few_far, strict=True):
            few = too_small(measurement, self.limit, measurement.groups[0], beyond=True) if apart else None
            family.told[place] = few or unresolved(replace(measurement, estimate=None), Reason.SMALL_N)

    def _passing(self, cases: Sequence[_Case], level: float) -> Steps[list[float]]:
        return passing_bounds([case.subject for case in cases], self.limit, level)

    def accuse(self, families: Sequence[_Family]) -> Steps[None]:
        """Find who is accused of breaking the limit, by Holm's step-down in each family."""
        cases = [case for family in families for case in family.cases]
        suspects = cases
        if self.limit.confidence >= SURE:
            # The p-value of a value that keeps the limit is above one half: it accuses nobody.
            keeps = self.limit.hold([case.value for case in cases])
            suspects = [c for c, kept in zip(cases, keeps, strict=True) if not kept or c.value == inf]
        found = yield from many.p_values(
            [case.subject for case in suspects], float(self.limit.value), self.limit.side
        )
        for case, p in zip(suspects, found, strict=True):
            case.p = p
        for family in families:
            self._step_down(family)

    def _step_down(self, family: _Family) -> None:
        cases = family.cases
        alpha, p_values = (1.0 - float(self.limit.confidence)) / family.sharing, [case.p for case in cases]
        accused, levels = holm_reject(p_values, alpha), holm_levels(len(cases), alpha)
        stopped = sum(accused)
        for rank, index in enumerate(sorted(range(len(cases)), key=p_values.__getitem__)):
            case = cases[index]
            # From the first that is not accused on, the step-down has stopped: nobody gets an easier level.
            case.level, case.size = levels[min(rank, stopped)], len(cases)
            if accused[index]:
                case.verdict = Verdict.FAIL

    def decide(self, cases: Sequence[_Case]) -> Steps[None]:
        """Find the bounds that decide FAIL, the verdicts, and what the undecided would need."""
        bounds = many.lowers if self.limit.side is Side.AT_MOST else many.uppers
        levels = [case.level for case in cases]
        found = yield from bounds([case.subject for case in cases], levels)
        passed, undecided = Verdict.PASS, Verdict.INCONCLUSIVE
        for case, bound, kept in zip(cases, found, self.limit.hold(found), strict=True):
            case.failing = bound
            if case.passes:
                case.verdict = passed
            elif kept:
                case.verdict = undecided
        open_cases = [case for case in cases if case.verdict is undecided]
        needed = yield from many.labels(
            [case.subject for case in open_cases], self.limit, [case.level for case in open_cases]
        )
        for case, rows in zip(open_cases, needed, strict=True):
            case.needed = rows

    def findings(self, cases: Sequence[_Case]) -> Iterator[tuple[int, Finding]]:
        """Yield what is said of judged cases, each with its place."""
        limit, level, written = self.limit, self.limit.pass_level, ("limit", str(self.limit))
        passing, failing = ("upper", "lower") if limit.side is Side.AT_MOST else ("lower", "upper")
        failed, undecided, near = Verdict.FAIL, Verdict.INCONCLUSIVE, Reason.NEAR_THRESHOLD
        tighter = limit.narrow
        for case in cases:
            measurement, verdict = case.measurement, case.verdict
            pass_bound = Bound.of(case.passing, level, passing)
            fail_bound = Bound.of(case.failing, case.level, failing)
            deciding = fail_bound if verdict is failed else pass_bound
            who = about(measurement)
            yield (
                case.place,
                Finding.about_measured(
                    measurement,
                    who,
                    verdict,
                    judged(who, case.value, written, verdict, deciding),
                    near if verdict is undecided else None,
                    (pass_bound, fail_bound),
                    case.passes and tighter is not None and not limit.holds(case.passing, value=tighter),
                    case.size,
                    case.needed,
                    False,
                ),
            )
