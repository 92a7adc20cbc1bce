"""Cards: front matter, headings that are headings, and sections that say something."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcgov.core.evidence.absent import Absence, Absent
from hcgov.core.evidence.documents import Card
from hcgov.io.readers import card, datasheet

FRONT = "---\nlicense: mit\nlanguage:\n- en\n---\n"


@pytest.fixture
def read(blob):
    def from_text(text, front=FRONT):
        return card.read(blob(front + text))

    return from_text


def headings(found):
    return [(section.level, section.heading, section.filled) for section in found.sections]


def test_front_matter_and_sections_are_read_with_their_lines(read):
    found = read("\n# Card\n\nSays something.\n\n## Uses ##\n\nTriage\n")
    assert found.front_matter == {"license": "mit", "language": ["en"]}
    assert [(s.heading, s.level, s.text, s.line) for s in found.sections] == [
        ("Card", 1, "Says something.", 7),
        ("Uses", 2, "Triage", 11),
    ]


def test_a_heading_is_not_content_but_what_stands_below_it_is(read):
    found = read(
        "# Card\n\n## Bias\n\n### Known\n\nOlder people are missed.\n\n## Uses\n\n[More Information Needed]\n"
    )
    assert headings(found) == [(1, "Card", False), (2, "Bias", False), (3, "Known", True), (2, "Uses", False)]
    assert found.filled("Bias")
    assert not found.filled("Uses")
    assert found.has("Uses")


def test_what_stands_in_code_comments_and_lists_is_no_heading(read):
    fences = "# Card\n\n```python\n# Uses\n```\n\n~~~\n## Bias\n~~~\n\n    # Indented\n\n"
    hidden = "<!--\n\n# Hidden\n\ntext\n\n-->\n- # Item\n"
    assert [heading for _, heading, _ in headings(read(fences + hidden))] == ["Card"]


def test_a_comment_of_several_paragraphs_and_its_headings_say_nothing(read):
    assert headings(read("# Uses\n\n<!-- one\n\ntwo\n\n# three\n\n-->\n")) == [(1, "Uses", False)]


def test_setext_headings_and_markup_in_headings_are_read(read):
    found = read("**Card** for `x`\n====\n\nText.\n\nUses & [links](http://a.b)\n---\n\nText.\n")
    assert headings(found) == [(1, "Card for x", True), (2, "Uses & links", True)]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_byte_order_marks_change_nothing(blob, line_end, mark):
    text = (mark + FRONT + "# Uses\n\nTriage.\n\n# Bias\n\nTODO\n").replace("\n", line_end)
    found = card.read(blob(text.encode()))
    assert headings(found) == [(1, "Uses", True), (1, "Bias", False)]
    assert [section.line for section in found.sections] == [6, 10]


def test_code_and_tables_are_content_where_they_hold_any(read):
    found = read(
        "# A\n\n```\nimport x\n```\n\n# B\n\n```\n\n```\n\n# C\n\n| n | p |\n|---|---|\n| License | MIT |\n\n"
        "# D\n\n| n | p |\n|---|---|\n| License | TBD |\n\n# E\n\n| n | p |\n|---|---|\n"
    )
    assert [filled for _, _, filled in headings(found)] == [True, False, True, False, False]
    assert found.sections[2].text == "License | MIT"


def test_links_within_the_page_and_to_the_template_are_no_content(read):
    contribute = "https://github.com/huggingface/datasets/blob/master/CONTRIBUTING.md#how-to-contribute-to-the-dataset-cards"
    found = read(
        f"# Contents\n\n- [Uses](#uses)\n- [Bias](#bias)\n\n# Uses\n\n[See the guide]({contribute})\n\n"
        "# Paper\n\n[A paper](https://doi.org/10.1145/3458723)\n"
    )
    assert headings(found) == [(1, "Contents", False), (1, "Uses", False), (1, "Paper", True)]


def test_a_quotation_is_content_and_a_quoted_instruction_is_not(read):
    found = read("# A\n\n> We asked 33,000 workers.\n\n# B\n\n> Provide a summary of the limits.\n")
    assert [filled for _, _, filled in headings(found)] == [True, False]


@pytest.mark.parametrize(
    ("front", "line"),
    [
        ("", "line 1"),
        ("# Card\n", "line 1"),
        ("---\nlicense: mit\n", "line 1"),
        ("---\nlicense: mit\nlicense: gpl\n---\n", "line 3"),
        ("---\na: [1\n---\n", "line 3"),
        ("---\n[]\n---\n", "line 1"),
        ("---\n---\n", "line 1"),
        ("---\nlicense: &x mit\n---\n", "line 2"),
        ("---\n{{ card_data }}\n---\n", "line 2"),
    ],
)
def test_front_matter_that_is_missing_or_broken_is_told_with_its_line(read, front, line):
    found = read("# Card\n\nText.\n", front=front)
    assert isinstance(found, Absent)
    assert line in str(found.detail)
    assert "README.md" in str(found.detail)


def test_other_encodings_and_very_large_cards_are_refused(blob):
    assert card.read(blob((FRONT + "é").encode("latin-1"))).reason is Absence.WRONG_ENCODING
    assert card.read(blob(FRONT + "x" * (1 << 20))).reason is Absence.TOO_LARGE


def test_a_datasheet_needs_no_front_matter_but_answers(blob):
    text = (
        "# Datasheet\n\n## Motivation\n\n**For what purpose was the dataset created?** Was there a task in mind?\n"
        "Please provide a description.\n\n## Uses\n\n**Has it been used?** Yes, in one study.\n"
    )
    found = datasheet.read(blob(text, kind="datasheet"))
    assert isinstance(found, Card)
    assert found.front_matter == {}
    assert not found.filled("Motivation")
    assert found.filled("Uses")
    assert datasheet.read(blob(FRONT + text)).front_matter["license"] == "mit"
    assert datasheet.read(blob(" \n")).reason is Absence.EMPTY_FILE


def test_a_rule_at_the_top_of_a_datasheet_is_no_front_matter(blob):
    assert datasheet.read(blob("---\n# Datasheet\n\nText.\n")).sections[0].filled


@given(st.text(alphabet="# -=`~<!>[](){}|\n*_aA:", max_size=120))
def test_any_markdown_is_read(text):
    from hcgov.core.evidence.source import Source
    from hcgov.io.files import Blob

    data = (FRONT + text).encode()
    source = Source(artifact="a", kind="model_card", location="a.md", sha256="0" * 64, size=len(data))
    found = card.read(Blob(data=data, source=source))
    assert isinstance(found, Card | Absent)
    if isinstance(found, Card):
        assert all(section.filled == bool(section.text) for section in found.sections)
