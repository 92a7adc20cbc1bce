"""Works that go side by side find what each finds alone, and none of them suffers from what another asks."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcgov.core.estimate import Estimate, Method
from hcgov.core.limit import Side
from hcgov.stats.bounds import NoInterval, lower, p_value, upper
from hcgov.stats.differences import miettinen_nurminen
from hcgov.stats.many import Steps, Subject, alone, lowers, p_values, side_by_side, subject, uppers
from hcgov.stats.proportions import rate
from hcgov.stats.ratios import koopman

COUNTS = st.tuples(st.integers(0, 40), st.integers(40, 90), st.integers(0, 30), st.integers(30, 60))
SUBJECTS = st.lists(
    st.builds(
        lambda counts, make: subject(make(counts)),
        COUNTS,
        st.sampled_from(
            [lambda c: miettinen_nurminen(*c), lambda c: koopman(*c), lambda c: rate(c[0], c[1], people=c[1])]
        ),
    ),
    max_size=4,
)
MOVES = st.lists(
    st.tuples(st.sampled_from(["lower", "upper", "p"]), SUBJECTS, st.sampled_from([0.9, 0.95])), max_size=4
)
POINT = subject(Estimate(value=0.1, n=9, n_eff=9.0, people=9, method=Method.POINT))


def _work(moves: list[tuple[str, list[Subject], float]]) -> Steps[list[list[float]]]:
    found = []
    for name, subjects, level in moves:
        if name == "p":
            found.append((yield from p_values(subjects, 0.1, Side.AT_MOST)))
        else:
            bounds = lowers if name == "lower" else uppers
            found.append((yield from bounds(subjects, [level] * len(subjects))))
    return found


@settings(max_examples=60, deadline=None)
@given(works=st.lists(MOVES, max_size=4), together=st.sampled_from([None, True, False]))
def test_each_finds_what_it_finds_alone(
    works: list[list[tuple[str, list[Subject], float]]], together: bool | None
) -> None:
    expected = [
        [
            [
                p_value(one.estimate, 0.1, Side.AT_MOST)
                if name == "p"
                else (lower if name == "lower" else upper)(one.estimate, level)
                for one in subjects
            ]
            for name, subjects, level in moves
        ]
        for moves in works
    ]
    assert side_by_side(map(_work, works), together=together) == expected
    assert [alone(_work(moves)) for moves in works] == expected


def test_what_cannot_be_computed_is_raised_in_the_work_that_asked_for_it() -> None:
    def careful() -> Steps[str]:
        try:
            yield from uppers([POINT], [0.95])
        except NoInterval:
            return "told"
        return "missed"

    one = subject(rate(3, 30, people=30))
    found = side_by_side([_work([("upper", [one], 0.95)]), careful(), _work([("upper", [one], 0.9)])])  # type: ignore[list-item]  # works of two kinds
    assert found == [[[upper(one.estimate, 0.95)]], "told", [[upper(one.estimate, 0.9)]]]
    with pytest.raises(NoInterval):
        alone(uppers([POINT], [0.95]))
