import pytest

from hcgov.core.measurement import Answered
from hcgov.stages.deployment.model_card_complete import SECTIONS, ModelCardComplete, model_card_complete
from hcgov.stages.specimens import card

TOLD = "Drafts replies that an agent reads, changes and sends."
KEYS = {"license": "mit", "model-index": [{"name": "Relay"}]}
FULL = {names[0]: TOLD for names in SECTIONS} | {"Model Card Contact": "m@example.org"}


def answers(front_matter, sections):
    found = model_card_complete(card=card("model_card", front_matter, sections), params=ModelCardComplete())
    return {s.about: s.answer for s in found}


@pytest.mark.parametrize("heading", FULL)
def test_each_section_is_needed(heading):
    found = answers(KEYS, {name: told for name, told in FULL.items() if name != heading})
    assert found.pop(f"section {heading}") is Answered.NOT_MET
    assert set(found.values()) == {Answered.MET}


def test_a_contact_may_be_an_address_alone_but_not_empty():
    assert set(answers(KEYS, FULL).values()) == {Answered.MET}
    assert answers(KEYS, FULL | {"Model Card Contact": ""})["section Model Card Contact"] is Answered.NOT_MET


def test_a_licence_is_needed():
    assert answers({"model-index": "x"}, FULL)["front matter license"] is Answered.NOT_MET
