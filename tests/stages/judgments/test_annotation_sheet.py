from dataclasses import replace

import pytest

from hcgov.core.long_tables import Scale
from hcgov.core.sheet import Bars, Grid, Note, Tone
from hcgov.stages.judgments.annotating import crowd, halves, says, truth
from hcgov.stages.judgments.sheets.annotation import annotation_request, annotation_sections

STARS = ("1", "2", "3")


def full(people: int = 80, items: int = 300, each: int = 5):
    made = crowd(
        says(0.8, STARS),
        people=people,
        items=items,
        each=each,
        region=halves,
        more={
            "gold_label": lambda item, _: truth(item, STARS) if item % 4 == 0 else None,
            "position": lambda item, _: float(item),
            "seconds": lambda item, person: 5.0 + (item * person) % 20,
            "pay": lambda *_: 0.1,
            "consent": lambda _, person: "expired" if person == 3 else "given",
        },
        randomised=True,
    )
    return replace(made, scale=Scale.ORDINAL)


def parts(sections, kind):
    return {part.id: part for section in sections for part in section.parts if isinstance(part, kind)}


def told(sections):
    return " ".join(str(sections).split())


def test_the_report_has_its_sections_and_every_table_is_square():
    sections = annotation_sections(full())
    assert [one.id for one in sections] == [
        "who-judged",
        "agreement",
        "group-disagreement",
        "majority",
        "quality",
        "consent-and-pay",
        "concentration",
    ]
    grids = parts(sections, Grid)
    assert {"ratings-per-item", "people-region", "coefficients", "group-association", "care"} <= set(grids)
    assert all(len(row) == len(grid.head) for grid in grids.values() for row in grid.rows)
    assert {"coefficients-bars", "with-the-majority", "group-offset"} <= set(parts(sections, Bars))
    alpha = grids["coefficients"].rows[0][1]
    assert alpha.low < alpha.value < alpha.high


def test_no_person_is_named():
    long = full()
    written = told(annotation_sections(long))
    assert not any(f"'{name}'" in written for name in long.codes("annotator").names)


@pytest.mark.parametrize(
    "long",
    [
        crowd(says(0.9), people=1, each=1),
        crowd(says(0.9), items=1),
        crowd(lambda item, person: "x"),
        crowd(says(0.9), items=0),
        crowd(says(0.9), each=1, region=halves),
        crowd(says(0.9), people=2, each=2, region=halves),
    ],
    ids=["one annotator", "one item", "one label", "nothing", "no overlap", "two annotators"],
)
def test_of_bad_input_the_report_says_why_it_says_nothing(long):
    sections = annotation_sections(long)
    notes = [part for one in sections for part in one.parts if isinstance(part, Note)]
    assert any(note.tone is Tone.CANNOT_TELL for note in notes)


def test_opinions_have_no_gold_and_no_model_of_errors():
    sections = annotation_sections(full(), subjective=True)
    assert "no fault of anybody" in told(sections)
    assert "Dawid" not in told(sections)
    assert "accuracy on gold items" not in told(sections)


def test_it_asks_for_what_it_reads():
    asked = annotation_request("annotations")
    assert asked.needs == ("item", "annotator", "label")
    assert {"gold_label", "pay", "consent"} <= set(asked.may)


def test_groups_are_permuted_on_a_sample_of_many_judgments_and_the_sheet_says_so(monkeypatch):
    long = full()
    assert "drawn at random (seed" not in told(annotation_sections(long))
    monkeypatch.setattr("hcgov.stages.judgments.group_labels.PERMUTED", 600)
    sections = annotation_sections(long)
    table = parts(sections, Grid)["group-association"]
    assert "judgments of items drawn at random (seed 20240607)" in str(table.rows[0][4])
    assert 300 < table.rows[0][3].n < 900
    assert sections == annotation_sections(long)
