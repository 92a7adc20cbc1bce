"""Shares of groups, also thin ones, moved towards that of everyone: to be looked at, never to decide anything."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from hcgov.core.sheet import Cell, Grid, Unit, Value
from hcgov.core.text import text
from hcgov.stages.judgments.values import LEVEL, value_of
from hcgov.stats.crossed import Rows
from hcgov.stats.heterogeneity import shrunken_rates
from hcgov.stats.sampling.margins import Margin
from hcgov.stats.sampling.weighted import Answers, unweighted_share


def pooled_grids(margins: Sequence[Margin], told: Sequence[tuple[str, Answers]]) -> Iterator[Grid]:
    """Yield, of each margin, the share of each alternative in each group: its own, and partially pooled.

    Parameters
    ----------
    margins
        Whose levels are the groups.
    told
        Alternatives with people's answers about them.
    """
    for margin in margins:
        rows = tuple(row for name, answers in told for row in _rows(margin, name, answers))
        if rows:
            yield Grid(
                id=f"sampling-groups-{margin.name}",
                title=text("Share of preference by {column}", column=margin.name),
                head=(text("model"), text("group"), text("own share"), text("partially pooled")),
                rows=rows,
                note=text(
                    "Partially pooled shares lean on everyone's where a group has few people. They are for looking at: "
                    "a small group that is truly different is moved towards the others, so they decide nothing. "
                    "Intervals are between people."
                ),
            )


def _rows(margin: Margin, name: str, answers: Answers) -> Iterator[tuple[Cell, ...]]:
    answers = replace(answers, rows=Rows(people=answers.rows.people))
    level = margin.place[np.maximum(answers.rows.people, 0)]
    own = [unweighted_share(answers, level == code) for code in range(len(margin.levels))]
    there = [code for code, estimate in enumerate(own) if estimate.value is not None]
    if not there:
        return
    counts = [((own[code].value or 0.0) * own[code].n_eff, own[code].n_eff) for code in there]
    for code, pooled in zip(there, shrunken_rates(counts, level=LEVEL), strict=True):
        yield (
            text("{name}", name=name),
            text("{group}", group=margin.levels[code]),
            value_of(own[code], Unit.SHARE),
            Value(
                value=pooled.value, unit=Unit.SHARE, low=pooled.low, high=pooled.high, people=own[code].people
            ),
        )
