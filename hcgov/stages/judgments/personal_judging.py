"""Every judge that is held against people, one after another."""

from collections.abc import Callable, Iterator

import numpy as np

from hcgov.core.evidence.long import Long
from hcgov.core.measurement import Measurement
from hcgov.core.slices import Slice
from hcgov.core.status import Reason
from hcgov.core.text import text
from hcgov.stages.judgments.personal_params import JudgedParams
from hcgov.stages.judgments.personal_rows import (
    Bools,
    StageRows,
    Why,
    obstacle,
    of_people,
    only_synthetic,
    stage_rows,
)
from hcgov.stages.judgments.personal_slices import Told, measured, nothing


def each_judge(
    long: Long,
    stage: str,
    metric: str,
    params: JudgedParams,
    held: Callable[[StageRows, str], Callable[[Bools], Told]],
) -> Iterator[Measurement]:
    """Yield a metric of every judge, or of the one that is named, over people's own conversations.

    Parameters
    ----------
    held
        From people's rows with those of one judge, and the judge's name, to the metric over some of these rows.
    """
    everything = stage_rows(long, stage)
    own = of_people(everything)
    why = only_synthetic(everything) or obstacle(own, min_raters=params.min_raters)
    if why is not None:
        yield nothing(metric, why)
        return
    names = [name for name in own.judges if params.rater in ("", name)]
    if not names:
        who = f"`{params.rater}`" if params.rater else "a judge"
        note = text("stage {stage} has no judgment by {who}", stage=stage, who=who)
        yield nothing(metric, (Reason.UNMATCHED_PAIRS, note))
        return
    for name in names:
        rows = own.where(own.human | (own.named(name) & own.judge))
        if missed := unjudged(rows, name, params.max_missing):
            yield nothing(metric, missed, Slice(values=(("rater", name),)))
            continue
        yield from measured(rows, metric, "`label`", held(rows, name), params.gaps, rater=name)


def unjudged(rows: StageRows, name: str, most: float) -> Why | None:
    """Return why a judge cannot be held against people: of what they judged, it left out too much.

    What it leaves out may be what is hard to judge, or one group's.
    """
    ours = np.unique(rows.items[rows.human])
    left = int((~np.isin(ours, rows.items[rows.named(name) & ~rows.human])).sum())
    if left <= most * ours.size:
        return None
    return Reason.UNMATCHED_PAIRS, text(
        "{n} of {all} {all|item|items} that people judged were not judged by `{who}`; at most {share} may be left out",
        n=left,
        all=ours.size,
        who=name,
        share=f"{most:.0%}",
    )
