"""The family judge: all measurements of one metric at one slicing depth meet the control's limit together.

Passing every slice is an intersection-union test (Berger 1982) and needs no correction: each passes by its own
one-sided bound. Accusing a slice does: Holm's step-down (Holm 1979) over the family. Slices that cannot be
resolved stand outside the family: they enter no comparison and no count.

The families of a control are judged side by side, step by step, so that the bounds of each step can be computed
together where there are many (:mod:`hcgov.stats.many`). No family knows of another but for the error they share.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import permutations

from hcgov.core.estimate import Estimate, Method
from hcgov.core.finding import Bound, Finding
from hcgov.core.limit import Limit, Side
from hcgov.core.measurement import GroupCount, Measurement
from hcgov.core.slices import Slice
from hcgov.core.status import Reason, Verdict
from hcgov.judgement.saying import about, judged
from hcgov.judgement.strictness import without_thin_ratios
from hcgov.judgement.undecided import too_small, unresolved
from hcgov.stats import many
from hcgov.stats.bounds import point
from hcgov.stats.differences import widest_half_width
from hcgov.stats.hypothetical import best_case
from hcgov.stats.many import Subject, subject
from hcgov.stats.multiplicity import holm_levels, holm_reject

_TOO_FEW = (Reason.SMALL_N, Reason.FEW_PEOPLE)

SURE = Decimal("0.8")
"""From this confidence on, a value on the right side of its limit can never be accused of breaking it."""


@dataclass(kw_only=True)
class _Case:
    """A measurement with an interval, and what each step finds of it: bounds, p-value, level of accusing."""

    place: int
    measurement: Measurement
    subject: Subject
    passing: float = 0.0
    passes: bool = False
    p: float = 1.0
    level: float = 0.0
    size: int = 0
    verdict: Verdict = Verdict.INCONCLUSIVE
    failing: float = 0.0
    needed: int | None = None


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
    return judge_families([(measurements, sharing)], limit)[0]


def judge_families(
    families: Sequence[tuple[Sequence[Measurement], int]], limit: Limit, *, together: bool | None = None
) -> tuple[tuple[Finding, ...], ...]:
    """Judge several families against the same limit.

    Parameters
    ----------
    families
        Measurements of each and how many share its error, as for :func:`judge`.
    limit
        The control's limit.
    together
        Whether bounds are computed on numpy; ``None`` decides by how many there are. The findings are the same.

    Returns
    -------
    tuple of tuple of Finding
        One tuple a family, in its order.
    """
    if together is None:
        together = many.pays(sum(len(measurements) for measurements, _ in families))
    made = [
        _Family(measurements=without_thin_ratios(measurements, limit), sharing=sharing)
        for measurements, sharing in families
    ]
    judging = _Judging(limit=limit, together=together)
    for family in made:
        _gather(family)
    judging.resolve(made)
    judging.accuse(made)
    judging.decide([case for family in made for case in family.cases])
    for family in made:
        family.told.update(judging.findings(family.cases))
    return tuple(tuple(family.told[place] for place in sorted(family.told)) for family in made)


def _gather(family: _Family) -> None:
    """Tell what has no interval apart from the cases that have one."""
    for place, measurement in enumerate(family.measurements):
        estimate = measurement.estimate
        if measurement.reason in _TOO_FEW and estimate is not None and point(estimate) is not None:
            family.few.append((place, measurement))
        elif measurement.reason is not None or estimate is None:
            family.told[place] = unresolved(measurement, measurement.reason or Reason.SMALL_N)
        elif estimate.method is Method.POINT:
            family.told[place] = unresolved(measurement, Reason.NO_INTERVAL)
        elif point(estimate) is None:
            family.told[place] = unresolved(measurement, Reason.SMALL_N)
        else:
            family.cases.append(_Case(place=place, measurement=measurement, subject=subject(estimate)))


@dataclass(frozen=True, kw_only=True)
class _Judging:
    """The steps of judging against one limit, over all cases of all families at once."""

    limit: Limit
    together: bool

    def resolve(self, families: Sequence[_Family]) -> None:
        """Find the bounds that decide PASS, and name what is too small for any verdict."""
        cases = [case for family in families for case in family.cases]
        for case, bound in zip(cases, self._passing([case.subject for case in cases]), strict=True):
            case.passing, case.passes = bound, self.limit.holds(bound)
        best = [_best_comparisons(family.measurements) for family in families]
        asked = [m.estimate for comparisons in best for m in comparisons.values() if m.estimate is not None]
        asked += [case.subject.estimate for case in cases if not case.passes]
        resolvable = self._resolvable({id(estimate): estimate for estimate in asked})
        for family, comparisons in zip(families, best, strict=True):
            tiny = {
                group: m
                for group, m in comparisons.items()
                if m.estimate is not None and not resolvable[id(m.estimate)]
            }
            self._set_aside(family, tiny, resolvable)

    def _set_aside(
        self, family: _Family, tiny: dict[Slice, Measurement], resolvable: dict[int, bool]
    ) -> None:
        """Name each slice and each comparison that is too small, once; the others stay."""
        named, left = set[Slice](), []
        aside: list[tuple[int, Measurement, GroupCount | None]] = []
        for case in family.cases:
            small = next((g for g in case.measurement.groups if g.slice in tiny), None) if tiny else None
            if small is not None:
                if small.slice not in named:
                    aside.append((case.place, tiny[small.slice], small))
                    named.add(small.slice)
            elif case.passes or resolvable[id(case.subject.estimate)]:
                left.append(case)
            else:
                aside.append((case.place, case.measurement, None))
        family.cases = left
        known = [measurement for _, measurement, _ in aside] + [measurement for _, measurement in family.few]
        beyond = self._beyond(family, known)
        for (place, measurement, group), apart in zip(aside, beyond, strict=False):
            family.told[place] = too_small(measurement, self.limit, group, beyond=apart)
        for (place, measurement), apart in zip(family.few, beyond[len(aside) :], strict=True):
            few = too_small(measurement, self.limit, measurement.groups[0], beyond=True) if apart else None
            family.told[place] = few or unresolved(replace(measurement, estimate=None), Reason.SMALL_N)

    def _beyond(self, family: _Family, aside: Sequence[Measurement]) -> list[bool]:
        """Return which of the comparisons set aside break the limit for more than chance (Bonferroni over them)."""
        subjects = [subject(m.estimate) for m in aside if m.estimate is not None]
        alpha = (1.0 - float(self.limit.confidence)) / family.sharing / max(1, len(aside))
        found = many.p_values(subjects, float(self.limit.value), self.limit.side, together=self.together)
        return [p <= alpha for p in found]

    def accuse(self, families: Sequence[_Family]) -> None:
        """Find who is accused of breaking the limit, by Holm's step-down in each family."""
        # The p-value of a value that keeps the limit is above one half: it accuses nobody.
        sure = self.limit.confidence >= SURE
        beyond = [
            case
            for family in families
            for case in family.cases
            if not sure or (value := case.subject.estimate.value) is None or not self.limit.holds(value)
        ]
        found = many.p_values(
            [case.subject for case in beyond],
            float(self.limit.value),
            self.limit.side,
            together=self.together,
        )
        for case, p in zip(beyond, found, strict=True):
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

    def decide(self, cases: Sequence[_Case]) -> None:
        """Find the bounds that decide FAIL, the verdicts, and what the undecided would need."""
        bounds = many.lowers if self.limit.side is Side.AT_MOST else many.uppers
        levels = [case.level for case in cases]
        found = bounds([case.subject for case in cases], levels, together=self.together)
        for case, bound in zip(cases, found, strict=True):
            case.failing = bound
            if case.passes:
                case.verdict = Verdict.PASS
            elif case.verdict is Verdict.FAIL and self.limit.holds(bound):
                case.verdict = Verdict.INCONCLUSIVE
        open_cases = [case for case in cases if case.verdict is Verdict.INCONCLUSIVE]
        needed = many.labels(
            [case.subject for case in open_cases],
            self.limit,
            [case.level for case in open_cases],
            together=self.together,
        )
        for case, rows in zip(open_cases, needed, strict=True):
            case.needed = rows

    def findings(self, cases: Sequence[_Case]) -> Iterator[tuple[int, Finding]]:
        """Yield what is said of judged cases, each with its place."""
        limit, level, written = self.limit, float(self.limit.confidence), str(self.limit)
        passing, failing = ("upper", "lower") if limit.side is Side.AT_MOST else ("lower", "upper")
        for case in cases:
            measurement, verdict = case.measurement, case.verdict
            pass_bound = Bound(value=case.passing, level=level, end=passing)
            fail_bound = Bound(value=case.failing, level=case.level, end=failing)
            who, estimate = about(measurement), case.subject.estimate
            deciding = fail_bound if verdict is Verdict.FAIL else pass_bound
            finding = Finding(
                about=who,
                metric=measurement.metric,
                verdict=verdict,
                text=judged(who, estimate, written, verdict, deciding),
                narrow=case.passes
                and limit.narrow is not None
                and not limit.holds(case.passing, value=limit.narrow),
                primary=measurement.depth <= 1,
                reason=Reason.NEAR_THRESHOLD if verdict is Verdict.INCONCLUSIVE else None,
                scope=measurement.scope,
                against=measurement.against,
                depth=measurement.depth,
                estimate=estimate,
                groups=measurement.groups,
                pass_bound=pass_bound,
                fail_bound=fail_bound,
                family=case.size,
                labels_needed=case.needed,
            )
            yield case.place, finding

    def _passing(self, subjects: Sequence[Subject]) -> list[float]:
        bounds = many.uppers if self.limit.side is Side.AT_MOST else many.lowers
        levels = [float(self.limit.confidence)] * len(subjects)
        return bounds(subjects, levels, together=self.together)

    def _resolvable(self, estimates: Mapping[int, Estimate]) -> dict[int, bool]:
        """Return whether the most favourable data of the same size could pass at all."""
        limit, level, widest = self.limit, float(self.limit.confidence), float(self.limit.value)
        told: dict[int, bool] = {}
        unsure: dict[int, Subject] = {}
        for key, estimate in estimates.items():
            # Large groups need no search for the bound: equal rates, whatever they are, lie at most this far apart.
            gap = estimate.method is Method.MIETTINEN_NURMINEN and limit.side is Side.AT_MOST
            if gap and widest_half_width(estimate, level) <= widest:
                told[key] = True
            else:
                unsure[key] = subject(best_case(estimate, limit.side))
        bounds = self._passing(list(unsure.values()))
        return told | {key: limit.holds(bound) for key, bound in zip(unsure, bounds, strict=True)}


def _best_comparisons(measurements: Sequence[Measurement]) -> dict[Slice, Measurement]:
    """Return each slice's most favourable comparison: the one with the largest other side.

    Where even that cannot be resolved, the slice stands outside the family and enters no pair.
    """
    best: dict[Slice, tuple[float, Measurement]] = {}
    for measurement in measurements:
        interval = measurement.estimate is not None and measurement.estimate.method is not Method.POINT
        if measurement.reason is None and interval and len(measurement.groups) > 1:
            for group, other in permutations(measurement.groups, 2):
                if not group.slice.rest_of and other.n_eff >= best.get(group.slice, (0.0, measurement))[0]:
                    best[group.slice] = (other.n_eff, measurement)
    return {group: measurement for group, (_, measurement) in best.items()}
