"""The section of a judge card on known weaknesses of judges."""

from collections.abc import Iterator

import numpy as np

from hcgov.core.estimate import Estimate
from hcgov.core.sheet import Cell, Grid, Section, Unit, Value
from hcgov.core.status import Reason
from hcgov.core.text import Text, text
from hcgov.stages.evaluation.judge_alternative_annotator import JudgeAlternativeAnnotator, test_of
from hcgov.stages.evaluation.judge_calibration import calibration_of
from hcgov.stages.evaluation.judge_carry_over import carry_over_of
from hcgov.stages.evaluation.judge_drift import again_of
from hcgov.stages.evaluation.judge_gamed import gamed_share, probes_of
from hcgov.stages.evaluation.judge_mention_bias import METRICS, mention_bias_of
from hcgov.stages.evaluation.judge_order_consistency import orders_of
from hcgov.stages.evaluation.judge_ranking import ranking_of
from hcgov.stages.evaluation.judge_self_preference import self_preference_of
from hcgov.stages.evaluation.judge_stability import stability_of
from hcgov.stages.judgments.arrays import numbers
from hcgov.stages.judgments.judge_ratings import Ratings, Refused
from hcgov.stages.judgments.judging import Matched
from hcgov.stages.judgments.values import value_of
from hcgov.stats.crossed import Rows
from hcgov.stats.judges.gaps import mean_gap

_Row = tuple[Cell, ...]


def weaknesses(found: Ratings, beside: Matched | Refused, name: str, id_: str = "") -> Section:
    """Return what is known of a judge's steadiness and biases, and of each what is not known and why.

    Parameters
    ----------
    found
        All scores.
    beside
        The judge's scores beside people's, or why there are none.
    name
        The judge.
    id_
        Ends the ids of the section and its table.
    """
    rows = (*_alone(found, name), *_with_people(found, beside))
    grid = Grid(
        id=f"weaknesses{id_}",
        title=text("Weaknesses"),
        head=(text("what"), text("value"), text("how to read it")),
        rows=rows,
    )
    return Section(
        id=f"weaknesses{id_}",
        title=text("Where `{judge}` is known to err", judge=name),
        about=text(
            "What judges tend to get wrong. Where a value is missing the table says what was not recorded; it is not "
            "known then, which is no good sign."
        ),
        parts=(grid,),
    )


def _alone(found: Ratings, name: str) -> Iterator[_Row]:
    """Yield what a judge's own scores tell."""
    own = np.flatnonzero(found.of(name) & (found.probe < 0))
    stable = stability_of(found, own)
    yield _row(
        text("says the same again"),
        stable if isinstance(stable, Refused) else stable[0],
        Unit.SHARE,
        text("share of repetitions with the same answer"),
    )
    order = _lacks("order") if not found.long.has("order") else orders_of(found, own)
    yield _row(
        text("prefers the same in either order"),
        order if isinstance(order, Refused) else order.consistency,
        Unit.SHARE,
        text("share of pairs, shown in both orders, with the same preference"),
    )
    yield _row(
        text("favours a place"),
        order if isinstance(order, Refused) else order.fairness,
        Unit.POINTS,
        text("pairs in which the last is always taken minus those in which the first is"),
    )
    gamed = gamed_share(found, *probes_of(found, name))
    yield _row(
        text("is taken in by outputs made to game it"),
        gamed,
        Unit.SHARE,
        text("share rated above the honest output"),
    )
    again = again_of(found, name)
    moved = (
        again
        if isinstance(again, Refused)
        else found.known_people(mean_gap(again[1], Rows(people=found.cluster(again[0])), reach=found.reach))
    )
    yield _row(text("has moved since the first round"), moved, Unit.PLAIN, text("last round minus first"))
    if found.long.has("mentions", "family", "rater_family"):
        yield _carried(found)


def _with_people(found: Ratings, beside: Matched | Refused) -> Iterator[_Row]:
    """Yield what a judge's scores tell beside people's."""
    everyone = np.ones(0 if isinstance(beside, Refused) else beside.at.size, dtype=np.bool_)
    long = found.long
    stand_in = (
        beside if isinstance(beside, Refused) else test_of(beside, everyone, JudgeAlternativeAnnotator())
    )
    yield (
        text("is shown to stand in for people"),
        _told(stand_in if isinstance(stand_in, Refused) else stand_in.winning_rate),
        text("share of people (with 30 judgments) whom it is shown to be as close to the others as"),
    )
    numeric = beside if isinstance(beside, Refused) or beside.numeric else _lacks("positive")
    with_family = long.has("family", "rater_family")
    own = numeric if isinstance(numeric, Refused) else _lacks("family")
    if not isinstance(numeric, Refused) and with_family:
        yield _row(
            text("favours its own family"),
            self_preference_of(numeric, everyone),
            Unit.PLAIN,
            text("judge minus people on its family's outputs, minus that on others'"),
        )
    else:
        yield _row(text("favours its own family"), own, Unit.PLAIN, text("the family was not recorded"))
    mention = numeric if isinstance(numeric, Refused) else _lacks("mentions")
    if not isinstance(numeric, Refused) and long.has("mentions"):
        one = mention_bias_of(numeric, everyone)
        yield _row(
            text("rewards mentions of what is known of the user"),
            one if isinstance(one, Refused) else one[METRICS[0]],
            Unit.PLAIN,
            text("with minus without a mention, judge minus people"),
        )
    else:
        yield _row(text("rewards mentions"), mention, Unit.PLAIN, text("mentions were not recorded"))
    yield _calibration(numeric, found)
    yield _ranking(beside, found)


def _calibration(beside: Matched | Refused, found: Ratings) -> _Row:
    what, how = text("is sure of what is so"), text("calibration error of its probabilities; 0 is best")
    if isinstance(beside, Refused) or not found.long.has("probability"):
        return _row(what, beside if isinstance(beside, Refused) else _lacks("probability"), Unit.PLAIN, how)
    one = calibration_of(beside, np.ones(beside.at.size, dtype=np.bool_), numbers(found.long, "probability"))
    return (what, _told(one if isinstance(one, Refused) else one.error, Unit.PLAIN), how)


def _ranking(beside: Matched | Refused, found: Ratings) -> _Row:
    what = text("puts systems in the right order")
    how = text("share of the pairs of systems that people tell apart which it orders as they do")
    if not found.long.has("system"):
        return _row(what, _lacks("system"), Unit.SHARE, how)
    one = ranking_of(beside)
    return (what, _told(one if isinstance(one, Refused) else one.accuracy), how)


def _carried(found: Ratings) -> _Row:
    one = carry_over_of(found)
    what = text("families reward their own habit of mentioning")
    if isinstance(one, Refused) or one.correlation is None:
        told = one if isinstance(one, Refused) else _lacks("families that both write and judge")
        return _row(what, told, Unit.PLAIN, text("rank correlation over families"))
    how = text(
        "rank correlation over {n} families, {kind} two-sided p {p}",
        n=one.correlation.n,
        kind="exact" if one.correlation.exact else "approximate",
        p=f"{one.correlation.p:.3f}",
    )
    return (what, Value(value=one.correlation.rho), how)


def _told(found: float | Refused | None, unit: Unit = Unit.SHARE) -> Value:
    """Return a number without an interval, or why there is none."""
    if isinstance(found, Refused):
        return Value(value=None, unit=unit, why=found.text)
    return Value(value=found, unit=unit, why=text("too few judgments for it") if found is None else None)


def _row(what: Text, found: Estimate | Refused, unit: Unit, how: Text) -> _Row:
    if isinstance(found, Refused):
        return (what, Value(value=None, unit=unit, why=found.text), how)
    return (what, value_of(found, unit), how)


def _lacks(what: str) -> Refused:
    return Refused(reason=Reason.MISSING_OUTCOMES, text=text("not recorded: {what}", what=what))
