"""Real annotations: POPQUORN, LeWiDi and CrowS-Pairs, read here in a few lines and judged by the checks."""

import ast
import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from hcgov.core.evidence.long import Long, coded
from hcgov.core.evidence.source import Source
from hcgov.core.long_tables import LongKind, Scale
from hcgov.core.measurement import Measurement
from hcgov.core.slices import SliceRules
from hcgov.core.status import Reason
from hcgov.stages.data.annotation_agreement import AnnotationAgreement, annotation_agreement
from hcgov.stages.data.annotation_group_disagreement import (
    AnnotationGroupDisagreement,
    annotation_group_disagreement,
)
from hcgov.stages.data.annotation_group_offset import AnnotationGroupOffset, annotation_group_offset
from hcgov.stages.data.annotation_majority_gap import AnnotationMajorityGap, annotation_majority_gap
from hcgov.stages.data.annotation_overlap import AnnotationOverlap, annotation_overlap
from hcgov.stages.judgments.labels import labels_of

SOURCE = Source(artifact="annotations", kind="long", location="annotations", sha256="0" * 64, size=1)


def table(
    rows: Sequence[tuple[str, str, str | None]],
    groups: Mapping[str, Sequence[str | None]],
    scale: Scale = Scale.NOMINAL,
) -> Long:
    items, people, labels = zip(*rows, strict=True)
    return Long(
        table="annotations",
        kind=LongKind.ANNOTATIONS,
        rows=len(rows),
        columns={"item": coded(items), "annotator": coded(people), "label": coded(labels)},
        groups={name: coded(values) for name, values in groups.items()},
        scale=scale,
        rules=SliceRules(by=tuple(groups), cross=1),
        source=SOURCE,
    )


@pytest.fixture(scope="module")
def popquorn(real_data: Path) -> Long:
    path = real_data / "popquorn" / "dataset" / "offensiveness" / "raw_data.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    judgments = [(row["instance_id"], row["user_id"], row["offensiveness"] or None) for row in rows]
    groups = {name: [row[name] or None for row in rows] for name in ("race", "age")}
    return table(judgments, groups, Scale.ORDINAL)


def of(found: Sequence[Measurement], metric: str) -> dict[str, Measurement]:
    return {one.scope.values[0][1]: one for one in found if one.metric == metric and one.scope.values}


def test_popquorn_has_the_published_size(popquorn: Long) -> None:
    labels = labels_of(popquorn)
    assert (popquorn.rows, labels.judged.n_items, labels.judged.n_people) == (13_036, 1_500, 262)
    assert labels.names == ("1.0", "2.0", "3.0", "4.0", "5.0")


def test_black_and_older_annotators_rate_more_offensive(popquorn: Long) -> None:
    # Pei and Jurgens 2023 (arXiv:2306.06826), section 4.
    offset = list(annotation_group_offset(long=popquorn, params=AnnotationGroupOffset()))
    signed = of(offset, "signed_offset")
    assert signed["Black or African American"].estimate.value > 0.1
    assert signed["White"].estimate.value < 0
    assert signed["Black or African American"].estimate.value > signed["White"].estimate.value
    young = [signed[name].estimate.value for name in ("18-24", "25-29", "30-34")]
    old = [signed[name].estimate.value for name in ("54-59", "60-64", ">65")]
    assert sum(old) / 3 > sum(young) / 3 + 0.1


def test_tiny_groups_are_named_and_not_judged(popquorn: Long) -> None:
    for found in (
        annotation_majority_gap(long=popquorn, params=AnnotationMajorityGap()),
        annotation_group_offset(long=popquorn, params=AnnotationGroupOffset()),
    ):
        arab = [one for one in found if not one.shown and one.scope.values == (("race", "Arab American"),)]
        assert {one.reason for one in arab} <= {Reason.SMALL_N, Reason.FEW_PEOPLE}
        assert all(one.estimate is None for one in arab)
        assert arab


def test_offensiveness_is_an_opinion_that_people_share_little(popquorn: Long) -> None:
    found = {
        one.metric: one
        for one in annotation_agreement(long=popquorn, params=AnnotationAgreement())
        if isinstance(one, Measurement)
    }
    alpha = found["krippendorff_alpha"].estimate
    assert 0.2 < alpha.value < 0.4
    assert 0 < dict(alpha.statistics)["se"] < 0.05


def test_groups_are_compared_by_permutation(popquorn: Long) -> None:
    params = AnnotationGroupDisagreement(draws=99)
    told = list(annotation_group_disagreement(long=popquorn, params=params))
    found = of(told, "permutation_p")
    # White annotators agree a little more among themselves; groups of fewer than 30 people are not compared.
    assert found["White"].estimate.value < 0.5
    assert "Native American" not in found
    assert of(told, "group_association")["Native American"].reason is Reason.FEW_PEOPLE


def test_multipico_has_the_published_size(real_data: Path) -> None:
    path = real_data / "lewidi" / "LeWiDi_3-2025" / "MP" / "MP_dev.json"
    items = json.loads(path.read_text(encoding="utf-8"))
    rows = [(item, who, label) for item, told in items.items() for who, label in told["annotations"].items()]
    meta = json.loads((path.parent / "MP_annotators_meta.json").read_text(encoding="utf-8"))
    gender = [str(meta[who.removeprefix("Ann")]["Gender"]) for _, who, _ in rows]
    long = table(rows, {"gender": gender})
    labels = labels_of(long)
    assert (labels.judged.n_items, labels.judged.rows) == (3_005, 15_178)
    found = list(annotation_agreement(long=long, params=AnnotationAgreement()))
    assert 0.0 < found[0].estimate.value < 0.5
    gaps = list(annotation_majority_gap(long=long, params=AnnotationMajorityGap()))
    compared = {one.scope.values[0][1] for one in gaps if not one.shown and one.reason is None}
    assert {"Female", "Male"} <= compared
    expired = [one for one in gaps if one.scope.values == (("gender", "DATA_EXPIRED"),)]
    assert all(one.scope.values[0][1] != "(not recorded)" for one in expired)


def test_crows_pairs_bias_types(real_data: Path) -> None:
    with (real_data / "crows-pairs" / "data" / "crows_pairs_anonymized.csv").open(encoding="utf-8") as file:
        pairs = list(csv.DictReader(file))
    types = [pair["bias_type"] for pair in pairs]
    assert (len(pairs), types.count("race-color"), types.count("gender")) == (1_508, 516, 262)
    rows = []
    for place, pair in enumerate(pairs):
        who, said = ast.literal_eval(pair["anon_annotators"]), ast.literal_eval(pair["annotations"])
        # An annotator may name several types, or none; the set of them is the label.
        rows += [
            (str(place), person, "+".join(sorted(told)) or None)
            for person, told in zip(who, said, strict=True)
        ]
    long = table(rows, {})
    assert long.rows == 5 * 1_508
    labels = labels_of(long)
    assert labels.judged.n_items == 1_508
    statements = {one.about: one for one in annotation_overlap(long=long, params=AnnotationOverlap())}
    assert statements["judgments are kept"].answer == "met"
    found = list(annotation_agreement(long=long, params=AnnotationAgreement(max_missing=0.2)))
    assert found[0].metric == "krippendorff_alpha"
    assert found[0].estimate.value > 0.5
