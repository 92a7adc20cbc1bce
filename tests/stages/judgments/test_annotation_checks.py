from dataclasses import replace

import numpy as np
import pytest

from hcgov.core.evidence.long import coded
from hcgov.core.long_tables import Scale
from hcgov.core.measurement import Measurement
from hcgov.core.slices import SliceRules
from hcgov.core.status import Reason
from hcgov.stages.data.annotation_agreement import AnnotationAgreement, annotation_agreement
from hcgov.stages.data.annotation_careless import AnnotationCareless, annotation_careless
from hcgov.stages.data.annotation_consent import AnnotationConsent, annotation_consent
from hcgov.stages.data.annotation_group_disagreement import (
    AnnotationGroupDisagreement,
    annotation_group_disagreement,
)
from hcgov.stages.data.annotation_group_offset import AnnotationGroupOffset, annotation_group_offset
from hcgov.stages.data.annotation_majority_gap import AnnotationMajorityGap, annotation_majority_gap
from hcgov.stages.data.annotation_retest import AnnotationRetest, annotation_retest
from hcgov.stages.judgments.annotating import crowd, halves, says
from hcgov.stages.judgments.labels import labels_of
from hcgov.stats.agreement.judged import Metric


def doubled(long):
    """Return a table in which every row stands twice."""
    columns = {
        name: coded([*told, *told])
        for name in long.columns
        if (told := [long.codes(name).names[c] for c in long.codes(name).codes])
    }
    groups = {
        name: coded([*told, *told])
        for name, found in long.groups.items()
        if (told := [found.names[c] for c in found.codes])
    }
    return replace(long, rows=2 * long.rows, columns=columns, groups=groups)


def judged(found):
    return [one for one in found if isinstance(one, Measurement) and not one.shown]


BAD = {
    "one annotator": (crowd(says(0.9), people=1, each=1, region=halves), Reason.FEW_PEOPLE),
    "one item": (crowd(says(0.9), items=1, region=halves), Reason.SMALL_N),
    "one label": (crowd(lambda item, person: "x", region=halves), Reason.CONSTANT_OUTCOME),
    "no overlap": (crowd(says(0.9), each=1, region=halves), Reason.UNMATCHED_PAIRS),
    "doubled": (doubled(crowd(says(0.9), region=halves)), Reason.REPEATED),
    "nothing": (crowd(says(0.9), items=0, region=halves), Reason.MISSING_OUTCOMES),
}


@pytest.mark.parametrize("case", BAD)
@pytest.mark.parametrize(
    ("check", "params"),
    [
        (annotation_agreement, AnnotationAgreement()),
        (annotation_majority_gap, AnnotationMajorityGap()),
        (annotation_group_disagreement, AnnotationGroupDisagreement(draws=99)),
        (annotation_group_offset, AnnotationGroupOffset()),
    ],
    ids=["agreement", "majority", "disagreement", "offset"],
)
def test_bad_input_gets_a_reason_and_never_a_number(case, check, params):
    long, reason = BAD[case]
    found = judged(check(long=long, params=params))
    assert [(one.estimate, one.reason) for one in found] == [(None, reason)]
    assert found[0].note is not None


@pytest.mark.parametrize("check", [annotation_majority_gap, annotation_group_offset])
def test_a_column_that_nobody_has_is_named(check):
    long = replace(
        crowd(says(0.9), people=80, items=300, region=halves), rules=SliceRules(by=("age", "region"))
    )
    params = AnnotationMajorityGap() if check is annotation_majority_gap else AnnotationGroupOffset()
    found = judged(check(long=long, params=params))
    missing = [one for one in found if one.reason is Reason.MISSING_DEMOGRAPHICS]
    assert [one.scope.columns for one in missing] == [("age",)]
    assert any(one.estimate is not None for one in found)


def test_tiny_groups_are_named_and_not_judged():
    long = crowd(
        says(0.9), people=90, items=500, region=lambda p: "east" if p < 3 else ("north" if p % 2 else "south")
    )
    found = judged(annotation_majority_gap(long=long, params=AnnotationMajorityGap()))
    by_scope = {one.scope.values[0][1]: one for one in found}
    assert by_scope["east"].reason in {Reason.FEW_PEOPLE, Reason.SMALL_N}
    assert by_scope["east"].estimate is None
    assert by_scope["north"].reason is None


def test_repeats_are_left_out_and_told():
    long = crowd(says(0.9))
    again = {name: long.codes(name) for name in ("item", "annotator", "label")}
    rows = list(range(long.rows)) + list(range(20))
    columns = {name: coded([told.names[told.codes[row]] for row in rows]) for name, told in again.items()}
    more = replace(long, rows=len(rows), columns=columns)
    labels = labels_of(more)
    assert (labels.repeated, labels.judged.rows) == (20, long.rows)
    first, second = (
        [one.estimate for one in annotation_agreement(long=table, params=AnnotationAgreement())]
        for table in (long, more)
    )
    assert first == second


def test_the_first_of_two_judgments_counts():
    long = crowd(says(0.9), people=3, items=2, each=1)
    columns = {
        "item": coded(["a", "a", "b"]),
        "annotator": coded(["p", "p", "p"]),
        "label": coded(["late", "early", "early"]),
        "submitted_at": long.columns["item"],
    }
    from hcgov.core.evidence.long import numbered

    columns["submitted_at"] = numbered([20.0, 10.0, None])
    labels = labels_of(replace(long, rows=3, columns=columns))
    assert labels.rows.tolist() == [1, 2]


def test_numbers_are_ordered_as_numbers_and_questions_kept_apart():
    long = crowd(says(0.9, ("10", "9", "100")), people=5, items=6)
    labels = labels_of(replace(long, scale=Scale.ORDINAL))
    assert labels.names == ("9", "10", "100")
    assert labels.judged.values.tolist() == [9.0, 10.0, 100.0]
    assert labels.metric is Metric.ORDINAL
    questions = coded([("q1", "q2")[i % 2] for i in range(long.rows)])
    apart = labels_of(replace(long, columns={**long.columns, "question": questions}))
    assert apart.judged.n_items > labels.judged.n_items
    assert apart.judged.rows == long.rows


def test_names_without_order_have_no_severity():
    long = crowd(says(0.9, ("fine", "rude", "odd")), people=80, region=halves)
    found = judged(annotation_group_offset(long=long, params=AnnotationGroupOffset()))
    assert [one.reason for one in found] == [Reason.MISSING_OUTCOMES]


def test_no_text_names_a_person():
    long = crowd(says(0.9), people=80, items=400, region=halves, more={"seconds": lambda *_: 0.5})
    told = [
        *annotation_agreement(long=long, params=AnnotationAgreement()),
        *annotation_majority_gap(long=long, params=AnnotationMajorityGap()),
        *annotation_careless(long=long, params=AnnotationCareless()),
        *annotation_retest(long=long, params=AnnotationRetest()),
    ]
    names = set(long.codes("annotator").names)
    for one in told:
        assert not names & set(str(one.note).replace(",", " ").split())


def test_flags_are_no_reason_to_withhold_pay():
    long = crowd(says(0.9), people=80, items=400, more={"seconds": lambda *_: 0.5})
    found = judged(annotation_careless(long=long, params=AnnotationCareless()))
    assert "never a reason to withhold pay" in str(found[0].note)


def test_expired_and_unknown_consent_are_told_apart():
    of = ("given", "expired", "unknown", None)
    long = crowd(says(0.9), people=40, more={"consent": lambda _, person: of[person % 4]})
    found = {one.about: str(one.text) for one in annotation_consent(long=long, params=AnnotationConsent())}
    assert "10 people" in found["expired consent"]
    assert "20 people" in found["unknown consent"]


def test_the_order_of_rows_changes_nothing():
    long = crowd(says(0.8), people=70, items=200, region=halves)
    order = np.random.default_rng(0).permutation(long.rows)

    def mixed(found):
        return coded([found.names[found.codes[row]] for row in order])

    other = replace(
        long,
        columns={name: mixed(long.codes(name)) for name in long.columns},
        groups={name: mixed(found) for name, found in long.groups.items()},
    )
    for check, params in (
        (annotation_agreement, AnnotationAgreement()),
        (annotation_majority_gap, AnnotationMajorityGap()),
        (annotation_group_offset, AnnotationGroupOffset()),
    ):
        for one, two in zip(check(long=long, params=params), check(long=other, params=params), strict=True):
            assert (one.metric, one.scope, one.reason) == (two.metric, two.scope, two.reason)
            if one.estimate is not None:
                assert one.estimate.value == pytest.approx(two.estimate.value)
