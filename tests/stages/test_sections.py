from hcgov.core.evidence.documents import Card, Section
from hcgov.core.measurement import Answered
from hcgov.stages.sections import filled_sections, front_matter
from hcgov.stages.specimens import card, source

TOLD = "Two people read every ticket before it entered the set."


def nested(*sections):
    told = tuple(
        Section(heading=heading, level=level, text=text, filled=bool(text), line=line)
        for line, (level, heading, text) in enumerate(sections, start=10)
    )
    return Card(front_matter={}, sections=told, source=source("card.md", "dataset_card"))


def answers(document, *required, **options):
    options = {"min_characters": 20} | options
    return [s.answer for s in filled_sections(document, required, **options)]


def test_a_section_is_filled_by_what_stands_below_it_but_not_by_what_follows():
    document = nested((2, "Uses", ""), (3, "Direct Use", TOLD), (2, "Contact", ""), (2, "Structure", TOLD))
    assert answers(document, ("Uses",), ("Contact",)) == [Answered.MET, Answered.NOT_MET]


def test_any_of_the_alternative_headings_will_do_whatever_its_case_and_number():
    document = nested((2, "3.1 DATA COLLECTION, and processing", TOLD))
    assert answers(document, ("Source Data", "Data Collection")) == [Answered.MET]


def test_a_heading_that_is_missing_is_told_with_the_nearest_one():
    document = nested((2, "Limitatons", TOLD))
    (statement,) = filled_sections(document, (("Limitations",),), min_characters=20)
    assert statement.answer is Answered.NOT_MET
    assert "did you mean `Limitatons`?" in str(statement.text)
    assert statement.where is None


def test_an_empty_section_is_told_with_its_line():
    (statement,) = filled_sections(nested((2, "Uses", "")), (("Uses",),), min_characters=20)
    assert statement.answer is Answered.NOT_MET
    assert str(statement.where) == "card.md:10:1"


def test_a_word_fills_no_section_and_a_link_cannot_be_told_except_for_a_contact():
    document = nested((2, "Uses", "Text."), (2, "Contact", "https://example.org/contact-us"))
    assert answers(document, ("Uses",), ("Contact",)) == [Answered.NOT_MET, Answered.CANNOT_TELL]
    assert answers(document, ("Contact",), links_suffice=True, min_characters=1) == [Answered.MET]


def test_a_document_without_headings_has_no_section():
    (statement,) = filled_sections(nested(), (("Uses",),), min_characters=1)
    assert statement.answer is Answered.NOT_MET
    assert "no headings" in str(statement.text)


def test_front_matter_must_be_there_and_say_something():
    values = {
        "license": "mit",
        "language": [],
        "tags": ["TBD"],
        "pretty_name": None,
        "gated": False,
        "x": {"y": 0},
    }
    document = card("card.md", values, {})
    told = {s.about: s.answer for s in front_matter(document, (*values, "licence"))}
    assert told == {
        "front matter license": Answered.MET,
        "front matter language": Answered.NOT_MET,
        "front matter tags": Answered.NOT_MET,
        "front matter pretty_name": Answered.NOT_MET,
        "front matter gated": Answered.MET,
        "front matter x": Answered.MET,
        "front matter licence": Answered.NOT_MET,
    }
