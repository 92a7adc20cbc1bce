from dataclasses import replace

from hcgov.core.measurement import Answered
from hcgov.stages.data.croissant_rai import CroissantRai, croissant_rai, examples

SOUND = examples()[0].evidence["croissant"]


def answers(**changed):
    found = croissant_rai(croissant=replace(SOUND, **changed), params=CroissantRai())
    return {s.about: s.answer for s in found}


def test_the_rai_version_alone_is_no_version_of_croissant():
    for versions in ((), ("http://mlcommons.org/croissant/RAI/1.0",), ("https://schema.org",)):
        assert answers(conforms_to=versions)["conformsTo"] is Answered.NOT_MET


def test_each_required_property_must_say_enough():
    for value in ("", "N/A", "[More Information Needed]", "Some biases."):
        assert answers(rai={**SOUND.rai, "dataBiases": value})["rai:dataBiases"] is Answered.NOT_MET
    assert answers(rai={})["rai:dataCollection"] is Answered.NOT_MET


def test_thirty_characters_are_enough_and_twenty_nine_are_not():
    assert answers(rai={**SOUND.rai, "dataBiases": "b" * 29})["rai:dataBiases"] is Answered.NOT_MET
    assert answers(rai={**SOUND.rai, "dataBiases": "b" * 30})["rai:dataBiases"] is Answered.MET


def test_the_prefix_may_be_written_or_left_out():
    prefixed = {f"rai:{name}": value for name, value in SOUND.rai.items()}
    assert set(answers(rai=prefixed).values()) == {Answered.MET}


def test_every_problem_is_told_on_its_own():
    found = answers(problems=("no name", "no licence"))
    assert [about for about, answer in found.items() if answer is Answered.NOT_MET] == [
        "specification 1",
        "specification 2",
    ]
