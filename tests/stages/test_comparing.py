"""Nearly everyone's case is short-cut, and nobody can tell from what is measured."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcgov.core.evidence.counts import Cell, Counts, Rate
from hcgov.core.measurement import Measurement
from hcgov.core.slices import NOT_RECORDED, SliceRules
from hcgov.stages import comparing
from hcgov.stages.evaluation.rate_gap import gap
from hcgov.stages.lacking import Gaps
from hcgov.stages.worked import SOURCE

RATE = Rate(outcome="prediction")
GAPS = Gaps(outcomes=0.05, groups=0.20)
GROUP = st.sampled_from(["a", "b", "c", NOT_RECORDED])
CELLS = st.lists(
    st.builds(
        Cell,
        groups=st.tuples(GROUP, GROUP),
        flags=st.tuples(st.sampled_from([0, 0, 1, 1, None])),
        n=st.sampled_from([1, 3, 40, 900]),
    ),
    min_size=1,
    max_size=14,
).map(tuple)


def _measured(cells: tuple[Cell, ...]) -> list[Measurement]:
    counts = Counts(
        table="predictions",
        columns=("sex", "region"),
        outcomes=("prediction",),
        cells=cells,
        people_known=True,
        rules=SliceRules(by=("sex", "region"), cross=2, min_people=5),
        source=SOURCE,
    )
    return list(
        comparing.with_everyone_else(
            counts, RATE, metric="rate_gap", gaps=GAPS, compare=lambda a, b: gap(a, b, adverse_higher=True)
        )
    )


@given(cells=CELLS)
def test_a_comparison_with_the_rest_is_the_same_by_the_long_way(cells: tuple[Cell, ...]) -> None:
    short = _measured(cells)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(comparing, "NOBODY", object())  # nobody is known to be recorded
        assert _measured(cells) == short
