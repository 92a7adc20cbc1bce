from hcgov.core.measurement import Answered
from hcgov.stages.data.dataset_card_complete import SECTIONS, DatasetCardComplete, dataset_card_complete
from hcgov.stages.specimens import card

TOLD = "Tickets of one year, read by two people each."
KEYS = {"license": "mit", "language": "en", "pretty_name": "Tickets"}


def answers(front_matter, told, **params):
    document = card("dataset_card", front_matter, told)
    return [s.answer for s in dataset_card_complete(card=document, params=DatasetCardComplete(**params))]


def test_the_former_template_of_the_hub_is_accepted_too():
    headings = (
        "Dataset Summary", "Supported Tasks and Leaderboards", "Discouraged Use", "Data Fields",
        "Curation Rationale", "Source Data", "Personal and Sensitive Information", "Discussion of Biases",
        "Dataset Curators",
    )  # fmt: skip
    assert set(answers(KEYS, dict.fromkeys(headings, TOLD))) == {Answered.MET}


def test_a_file_that_is_no_card_meets_nothing():
    assert set(answers({}, {})) == {Answered.NOT_MET}


def test_what_is_asked_for_can_be_widened_by_policy():
    sections = dict.fromkeys((names[0] for names in SECTIONS), TOLD) | {"Contact": "data@example.org"}
    assert set(answers(KEYS, sections)) == {Answered.MET}
    asked = answers(KEYS, sections, keys=("license", "source_datasets"), sections=(("Annotation process",),))
    assert asked == [Answered.MET, Answered.NOT_MET, Answered.NOT_MET, Answered.MET]
