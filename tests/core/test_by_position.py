"""What a run makes by the thousand is filled by position: the same records as those their classes make by name."""

import pickle
from dataclasses import FrozenInstanceError, fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcgov.core.estimate import Estimate, Method
from hcgov.core.evidence.counts import Cell, SliceSums
from hcgov.core.finding import Bound, Finding
from hcgov.core.measurement import Extreme, GroupCount, Measurement
from hcgov.core.slices import Slice
from hcgov.core.status import Reason, Verdict
from hcgov.core.text import Text

numbers = st.floats(allow_nan=False)
words = st.text(max_size=5)
sizes = st.integers(0, 10**9)
maybe_sizes = st.none() | sizes
slices = st.builds(
    Slice, values=st.lists(st.tuples(words, words), max_size=2).map(tuple), rest_of=st.booleans()
)
pairs = st.lists(st.tuples(words, words), max_size=3).map(tuple)
statistics = st.lists(st.tuples(words, numbers), max_size=4).map(tuple)
estimates = st.builds(
    Estimate,
    value=st.none() | numbers,
    n=sizes,
    n_eff=numbers,
    people=maybe_sizes,
    method=st.sampled_from(Method),
    statistics=statistics,
)
groups = st.builds(GroupCount, slice=slices, positives=numbers, n=sizes, n_eff=numbers, people=maybe_sizes)
extremes = st.builds(Extreme, estimate=estimates, reason=st.sampled_from(Reason))
bounds = st.builds(Bound, value=numbers, level=numbers, end=words)
texts = st.builds(Text, template=words, values=pairs)
measurements = st.builds(
    Measurement,
    metric=words,
    scope=slices,
    against=st.none() | slices,
    estimate=st.none() | estimates,
    groups=st.lists(groups, max_size=2).map(tuple),
    depth=st.integers(0, 3),
    shown=st.booleans(),
    extremes=st.lists(extremes, max_size=2).map(tuple),
)


def same(made: object, named: object) -> None:
    """Both are one record: equal, of one class, shown and pickled alike, every field filled, and frozen."""
    assert made == named
    assert type(made) is type(named)
    assert repr(made) == repr(named)
    assert hash(made) == hash(named)
    assert pickle.loads(pickle.dumps(made)) == named
    name = fields(made)[0].name  # type: ignore[arg-type]  # a record is a dataclass
    with pytest.raises(FrozenInstanceError):
        setattr(made, name, None)


@given(one=estimates)
def test_an_estimate(one: Estimate) -> None:
    same(Estimate.of(one.value, one.n, one.n_eff, one.people, one.method, one.statistics), one)


@given(one=texts)
def test_a_text(one: Text) -> None:
    same(Text.of(one.template, one.values), one)


@given(one=groups)
def test_the_counts_of_a_group(one: GroupCount) -> None:
    same(GroupCount.of(one.slice, one.positives, one.n, one.n_eff, one.people), one)


@given(
    one=st.builds(
        Cell,
        groups=st.lists(st.none() | words, max_size=3).map(tuple),
        flags=st.lists(st.sampled_from([0, 1, None]), max_size=3).map(tuple),
        n=sizes,
        weights=st.none() | st.tuples(numbers, numbers),
    )
)
def test_a_cell(one: Cell) -> None:
    same(Cell.of(one.groups, one.flags, one.n, one.weights), one)


@given(
    one=st.builds(
        SliceSums, slice=slices, n=sizes, positives=sizes, missing=sizes, people=maybe_sizes, crowd=st.none()
    )
)
def test_the_sums_of_a_slice(one: SliceSums) -> None:
    same(SliceSums.of(one.slice, one.n, one.positives, one.missing, one.people, one.crowd), one)


@given(one=bounds)
def test_a_bound(one: Bound) -> None:
    same(Bound.of(one.value, one.level, one.end), one)


@given(one=measurements)
def test_a_measurement(one: Measurement) -> None:
    made = Measurement.of(*[getattr(one, part.name) for part in fields(Measurement)])
    same(made, one)
    assert replace(made, note=Text(template="so")) == replace(one, note=Text(template="so"))


@given(
    one=measurements,
    who=words,
    verdict=st.sampled_from(Verdict),
    said=texts,
    reason=st.none() | st.sampled_from(Reason),
    ends=st.tuples(st.none() | bounds, st.none() | bounds),
    narrow=st.booleans(),
    family=sizes,
    needed=maybe_sizes,
    shown=st.booleans(),
)
def test_a_finding_about_a_measurement(
    *,
    one: Measurement,
    who: str,
    verdict: Verdict,
    said: Text,
    reason: Reason | None,
    ends: tuple[Bound | None, Bound | None],
    narrow: bool,
    family: int,
    needed: int | None,
    shown: bool,
) -> None:
    made = Finding.about_measured(one, who, verdict, said, reason, ends, narrow, family, needed, shown)
    named = Finding(
        about=who,
        metric=one.metric,
        verdict=verdict,
        text=said,
        narrow=narrow,
        primary=one.depth <= 1,
        reason=reason,
        scope=one.scope,
        against=one.against,
        depth=one.depth,
        estimate=one.estimate,
        groups=one.groups,
        pass_bound=ends[0],
        fail_bound=ends[1],
        family=family,
        labels_needed=needed,
        shown=shown,
    )
    same(made, named)
    assert replace(made, listed=True) == replace(named, listed=True)
