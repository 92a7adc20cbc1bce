import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcgov.stages.prose import characters, folded, only_links, placeholder, words


@pytest.mark.parametrize(
    "written",
    ["", "  ", "TBD", "todo: ask them", "N/A", "n.a.", "...", "…", "-", "???", "[More Information Needed]",
     "<name of the team>", "{{ card_data }}", "Lorem ipsum dolor", "To be determined.", "(coming soon)",
     "unknown", "**TBD**", "[insert harms here]", "insert text here", "Your name here", "Not applicable",
     "not known.", "to be announced soon", "To be filled in later", "Work in progress",
     "Please describe what the system is for, and who gains from it."],
)  # fmt: skip
def test_what_still_waits_to_be_written_is_a_placeholder(written):
    assert placeholder(written)


@pytest.mark.parametrize(
    "written",
    ["Ticket authors", "none", "no", "0", "[the paper](https://example.org)", "<https://example.org>",
     "<team@example.org>", "Unknown callers are asked for their name",
     "Nothing is known of them, as nobody asked",
     "Todos and appointments of staff", "Fill in the form of a caller", "Not known to anyone before the trial",
     "Your call is taken by a person", "Callers who say please"],
)  # fmt: skip
def test_what_says_something_is_no_placeholder(written):
    assert not placeholder(written)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("https://example.org/a-very-long-path-that-says-nothing-by-itself", True),
        ("See [the paper describing all of it in much detail](https://example.org).", True),
        ("See the paper.", False),
        ("", False),
        ("Callers wrote the tickets in one year; see [the paper](https://example.org).", False),
    ],
)
def test_a_text_that_only_points_elsewhere_is_told_from_one_that_says_something(written, expected):
    assert only_links(written) is expected


@given(st.text())
def test_no_text_crashes_and_padding_changes_nothing(written):
    assert placeholder(f" {written} ") == placeholder(written) or not written.isprintable()
    assert words(written + " " + written) == words(written)
    assert characters(f"  {written}  ") == characters(written)
    assert folded(folded(written)) == folded(written)
    only_links(written)
