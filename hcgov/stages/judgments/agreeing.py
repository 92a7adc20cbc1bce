"""How far people agree: every coefficient with its interval; on numpy."""

from collections.abc import Mapping

import numpy as np

from hcgov.core.estimate import Estimate
from hcgov.stages.judgments.labels import Labels
from hcgov.stats.agreement.alpha import krippendorff_alpha
from hcgov.stats.agreement.coefficients import alpha, brennan_prediger, fleiss, gwet, percent
from hcgov.stats.agreement.distances import weights
from hcgov.stats.agreement.intervals import binned, corrected, replicates, share_agreed
from hcgov.stats.agreement.judged import Metric
from hcgov.stats.agreement.naming import naming

ALPHA, GWET, FLEISS, UNIFORM, PERCENT = (
    "krippendorff_alpha",
    "gwet_ac",
    "fleiss_kappa",
    "brennan_prediger",
    "percent_agreement",
)


def coefficients(labels: Labels, *, drawn: bool) -> Mapping[str, Estimate | None]:
    """Return every coefficient of agreement, by name; ``None`` where it has no interval at all.

    ``drawn`` is whether the people are some of many who could have judged, as for
    :func:`hcgov.stats.agreement.intervals.spread`. Partial agreement counts by the scale of the labels, except in
    percent agreement, which is the share of pairs that say the same.
    """
    metric = labels.metric
    judged = binned(labels.judged, metric)
    q = judged.n_labels
    found = replicates(judged)
    near = weights(metric, judged.values)
    exact = krippendorff_alpha(labels.judged, metric)
    told = naming(labels.judged)
    names = metric is Metric.NOMINAL
    return {
        ALPHA: corrected(exact, found, alpha(q, metric, judged.values), judged, drawn=drawn),
        GWET: corrected(told.gwet if names else None, found, gwet(q, near), judged, drawn=drawn),
        FLEISS: corrected(told.fleiss if names else None, found, fleiss(q, near), judged, drawn=drawn),
        UNIFORM: corrected(
            told.brennan_prediger if names else None, found, brennan_prediger(q, near), judged, drawn=drawn
        ),
        PERCENT: share_agreed(found, percent(q, np.eye(q)), judged, value=told.percent, drawn=drawn),
    }
