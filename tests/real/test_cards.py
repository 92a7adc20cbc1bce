"""413 dataset cards of the Hugging Face hub, model cards, and the hub's own templates and fixtures."""

import re

import pytest

from hcgov.core.evidence.absent import Absent
from hcgov.core.evidence.documents import Card
from hcgov.io.readers import card, datasheet, read_document

# What the template of the hub asks for; the sections that most of these cards left as they were.
ASKED = (
    "Curation Rationale",
    "Source Data",
    "Annotations",
    "Personal and Sensitive Information",
    "Social Impact of Dataset",
    "Discussion of Biases",
    "Other Known Limitations",
)
PLACEHOLDER = re.compile(
    r"\[?(more information needed|needs more information)\]?(\(http\S+\))?", re.IGNORECASE
)


@pytest.fixture(scope="module")
def cards(real_data, real_blob):
    paths = sorted((real_data / "cards-hf-datasets" / "datasets").rglob("README.md"))
    return {path: read_document("dataset_card", real_blob(path, "dataset_card")) for path in paths}


def test_no_card_crashes_the_reader_and_nearly_all_are_read(cards):
    assert len(cards) >= 413
    absent = {
        path.parent.name: str(found.detail) for path, found in cards.items() if isinstance(found, Absent)
    }
    # Four builders' pages have no front matter; one card has numbers as keys.
    assert sorted(absent) == ["audiofolder", "conll2000", "csv", "imagefolder", "json"]
    assert all("failed" not in told and "line" in told for told in absent.values())


def test_no_card_whose_sections_are_placeholders_is_complete(cards):
    complete, hollow = [], []
    for path, found in cards.items():
        if isinstance(found, Absent):
            continue
        raw = _raw_sections(path, found)
        for section in found.sections:
            if section.heading in ASKED and _only_placeholders(raw[section.line]):
                hollow.append(section)
                assert not section.filled, (path.parent.name, section.heading)
        if all(found.filled(name) for name in ASKED):
            complete.append(path.parent.name)
            assert not any(PLACEHOLDER.fullmatch(_below(found, raw, name).strip()) for name in ASKED), (
                path.parent.name
            )
    assert len(hollow) > 800  # the oracle itself has something to find
    assert 0 < len(complete) < 60


def test_sections_that_people_wrote_are_filled(cards):
    """Ten words or more of prose, without any of the template's words, are content."""
    missed, seen = [], 0
    for path, found in cards.items():
        if isinstance(found, Absent):
            continue
        raw = _raw_sections(path, found)
        for section in found.sections:
            words = re.findall(r"[A-Za-z]{2,}", raw[section.line])
            if section.heading in ASKED and len(words) >= 10 and not PLACEHOLDER.search(raw[section.line]):
                seen += 1
                if not section.filled and "<!--" not in raw[section.line]:
                    missed.append((path.parent.name, section.heading))
    assert seen > 300
    assert missed == []


def _raw_sections(path, found):
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    starts = [section.line for section in found.sections]
    return {
        a: "\n".join(lines[a : b - 1]) for a, b in zip(starts, [*starts, len(lines) + 1][1:], strict=True)
    }


def _only_placeholders(raw):
    left = [line for line in raw.splitlines() if line.strip()]
    return bool(left) and all(PLACEHOLDER.fullmatch(line.strip()) for line in left)


def _below(found, raw, name):
    at = next(i for i, section in enumerate(found.sections) if section.heading == name)
    parts = [raw[found.sections[at].line]]
    for section in found.sections[at + 1 :]:
        if section.level <= found.sections[at].level:
            break
        parts.append(raw[section.line])
    return "\n".join(parts)


@pytest.mark.parametrize("template", ["datasetcard_template.md", "modelcard_template.md"])
def test_an_official_template_left_as_it_is_has_no_filled_section(real_data, real_blob, template):
    path = real_data / "hf-card-templates/src/huggingface_hub/templates" / template
    told = card.read(real_blob(path, "model_card"))
    assert isinstance(told, Absent)
    assert "line 4" in str(told.detail)
    body = datasheet.read(_with_front_matter(real_blob(path, "model_card")))
    assert len(body.sections) > 15
    assert [section.heading for section in body.sections if section.filled] == []


def _with_front_matter(blob):
    from dataclasses import replace

    return replace(blob, data=blob.data.replace(b"{{ card_data }}", b"license: mit"))


@pytest.mark.parametrize(
    ("fixture", "line"),
    [
        ("sample_invalid_card_data.md", "line 1"),
        ("sample_no_metadata.md", "line 1"),
        ("sample_template.md", "line 2"),
    ],
)
def test_invalid_cards_are_absent_with_the_line(real_data, real_blob, fixture, line):
    path = real_data / "hf-card-templates/tests/fixtures/cards" / fixture
    found = card.read(real_blob(path, "model_card"))
    assert isinstance(found, Absent)
    assert line in str(found.detail)


def test_valid_fixtures_are_read(real_data, real_blob):
    folder = real_data / "hf-card-templates/tests/fixtures/cards"
    simple = card.read(real_blob(folder / "sample_simple_model_index.md", "model_card"))
    assert simple.front_matter["model-index"][0]["results"][0]["metrics"][0]["value"] == 0.9
    windows = card.read(real_blob(folder / "sample_windows_line_breaks.md", "model_card"))
    assert windows.front_matter["language"] == "eo"
    assert [section.heading for section in windows.sections] == ["Hello old Windows line breaks"]


@pytest.mark.parametrize(
    ("path", "filled"),
    [
        ("cards-llama/models/llama2/MODEL_CARD.md", ("Model Details", "Intended Use", "Training Data")),
        ("cards-llama/models/llama3_1/MODEL_CARD.md", ("Model Information", "Ethical Considerations")),
        ("cards-gpt3/model-card.md", ("Model Use", "Limitations", "Data, Performance, and Limitations")),
        ("instructgpt/model-card.md", ("Model Use", "Limitations", "Data and Performance")),
    ],
)
def test_model_cards_without_front_matter_are_absent_and_their_prose_can_be_read(
    real_data, real_blob, path, filled
):
    assert isinstance(card.read(real_blob(real_data / path, "model_card")), Absent)
    found = datasheet.read(real_blob(real_data / path, "datasheet"))
    assert isinstance(found, Card)
    assert [name for name in filled if not found.filled(name)] == []


def test_a_real_readme_is_no_complete_datasheet(real_data, real_blob):
    found = datasheet.read(real_blob(real_data / "datasheet-nrcd/README.md", "datasheet"))
    assert found.filled("Data Quality Notes")
    assert not found.filled("Motivation")
    prism = card.read(real_blob(real_data / "prism/prism_datacard.md", "dataset_card"))
    assert prism.front_matter["license"] == "cc"
    assert prism.filled("Dataset Details")
