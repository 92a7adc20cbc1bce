"""What says something, and what a template left behind."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcgov.io.readers.prose import content


@pytest.mark.parametrize(
    "left_behind",
    [
        "[More Information Needed]",
        "[MORE INFORMATION NEEDED]",
        "[Needs More Information]",
        "More information needed.",
        "[More Information Needed] because the paper is not yet published.",
        "{{ direct_use | default('[More Information Needed]', true)}}",
        "{{ bias }}",
        "<!-- Motivation for the creation of this dataset. -->",
        "<!-- never closed",
        "Curated by: [More Information Needed]",
        "Leaderboard:",
        "Funded by [optional]: [More Information Needed]",
        "[optional]",
        "TODO",
        "TODO: write this before release",
        "License TBD",
        "N/A",
        "[N/A]",
        "n/a.",
        "Paper: N/A",
        "Unknown",
        "To be determined.",
        "Coming soon!",
        "-",
        "...",
        "***",
        "",
        "Lorem ipsum",
        "[Insert your text here]",
        "For what purpose was the dataset created? Was there a specific task in mind? Please provide a description.",
        "For what purpose\nwas the dataset created?",
        "If so, please describe why.",
        "Briefly summarize the dataset, its intended use and the supported tasks.",
        "This section describes suitable use cases for the dataset.",
        "Use the code below to get started with the model.",
        "Users (both direct and downstream) should be made aware of the risks, biases and limitations of the"
        " model. More information needed for further recommendations.",
    ],
)
def test_what_a_template_leaves_is_no_content(left_behind):
    assert content(left_behind) == ""


@pytest.mark.parametrize(
    "said",
    [
        "English",
        "None.",
        "MIT",
        "Homepage: https://example.org/",
        "No annotators were paid.",
        "List of all 14 columns with their types.",
        "The dataset was created for research. Was it paid? By a foundation.",
        "日本語のツイート",
        "90 %",
        "The TODO items of the issue tracker were removed from the texts before training the model.",
    ],
)
def test_what_an_author_wrote_is_content(said):
    assert content(said)


def test_placeholders_are_cut_out_of_what_is_kept():
    assert content("Ratings from 1 to 5 ([More Information Needed])").startswith("Ratings from 1 to 5")
    assert content("License: MIT\nPaper: [More Information Needed]") == "License: MIT"


def test_lines_of_prose_are_joined_and_labelled_lines_are_not():
    assert content("Written by\nhand.\nLicense: MIT") == "Written by hand.\nLicense: MIT"
    assert content("a = 1\nb = 2", wrapped=False) == "a = 1\nb = 2"


@given(st.text(max_size=200))
def test_any_text_is_judged_and_the_judgement_is_stable(paragraph):
    told = content(paragraph)
    assert bool(told) == any(character.isalnum() for character in told)


def test_a_very_long_line_of_brackets_is_judged_in_no_time():
    assert content("{" * 200_000) == ""
    assert content("<" * 200_000) == ""
    assert content("please " * 20_000 + "x")
