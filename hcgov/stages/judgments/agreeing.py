"""How far people agree: every coefficient with its interval; on numpy."""

from collections.abc import Mapping

import numpy as np

from hcgov.core.estimate import Estimate
from hcgov.stages.judgments.labels import Labels
from hcgov.stats.agreement.alpha import krippendorff_alpha
from hcgov.stats.agreement.coefficients import alpha, brennan_prediger, fleiss, gwet, percent
from hcgov.stats.agreement.distances import weights
from hcgov.stats.agreement.intervals import binned, corrected, replicates, share_agreed

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
    judged = binned(labels.judged)
    q, metric = judged.n_labels, labels.metric
    found = replicates(judged)
    near = weights(metric, judged.values)
    exact = krippendorff_alpha(labels.judged, metric)
    return {
        ALPHA: corrected(exact, found, alpha(q, metric, judged.values), judged, drawn=drawn),
        GWET: corrected(None, found, gwet(q, near), judged, drawn=drawn),
        FLEISS: corrected(None, found, fleiss(q, near), judged, drawn=drawn),
        UNIFORM: corrected(None, found, brennan_prediger(q, near), judged, drawn=drawn),
        PERCENT: share_agreed(found, percent(q, np.eye(q)), judged, drawn=drawn),
    }
