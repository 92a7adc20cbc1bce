import pytest

from hcgov.core.measurement import Answered
from hcgov.stages.data.datasheet_complete import SECTIONS, DatasheetComplete, datasheet_complete
from hcgov.stages.specimens import card

TOLD = "Two people read every ticket before it entered the set; a third settled where they differed."


def answers(sections):
    found = datasheet_complete(datasheet=card("datasheet", {}, sections), params=DatasheetComplete())
    return {s.about: s.answer for s in found}


@pytest.mark.parametrize("left_out", [names[0] for names in SECTIONS])
def test_each_of_the_seven_sections_is_needed(left_out):
    found = answers({names[0]: TOLD for names in SECTIONS if names[0] != left_out})
    assert len(found) == 7
    assert found.pop(f"section {left_out}") is Answered.NOT_MET
    assert set(found.values()) == {Answered.MET}


def test_numbered_headings_in_the_words_of_the_paper_are_accepted():
    # Section titles of Gebru et al. 2021.
    titles = (
        "1. Motivation", "2. Composition", "3. Collection Process", "4. Preprocessing/cleaning/labeling",
        "5. Uses", "6. Distribution", "7. Maintenance",
    )  # fmt: skip
    assert set(answers(dict.fromkeys(titles, TOLD)).values()) == {Answered.MET}
