"""Croissant metadata, in the spellings that are found."""

import json

import pytest

from hcgov.core.evidence.absent import Absence, Absent
from hcgov.io.readers import croissant


def document(**changes):
    whole = {
        "@context": {"@vocab": "https://schema.org/"},
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.1",
        "name": "n",
        "description": "A description.",
        "license": "CC-BY-4.0",
        "url": "https://example.org/d",
        "creator": {"@type": "Person", "name": "A. Person"},
        "datePublished": "2026-01-31",
        "distribution": [{"@type": "cr:FileObject", "@id": "f"}],
        "recordSet": [{"@type": "cr:RecordSet", "@id": "r"}],
    }
    return {key: value for key, value in (whole | changes).items() if value is not None}


@pytest.fixture
def read(blob):
    return lambda **changes: croissant.read(blob(json.dumps(document(**changes)), "c.json", "croissant"))


def test_a_document_as_the_specification_asks_has_no_problems(read):
    found = read()
    assert found.problems == ()
    assert found.conforms_to == ("http://mlcommons.org/croissant/1.1",)
    assert (found.files, found.record_sets) == (1, 1)
    assert found.fields["creator"] == "A. Person"
    assert found.rai == {}


def test_there_are_the_twenty_properties_of_the_rai_vocabulary():
    assert len(set(croissant.RAI_PROPERTIES)) == 20


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("rai:dataBiases", "dataBiases"),
        ("dataBiases", "dataBiases"),
        ("http://mlcommons.org/croissant/RAI/dataBiases", "dataBiases"),
        ("rai:useCases", "dataUseCases"),
        ("rai:annotationPlatform", "dataAnnotationPlatform"),
        ("rai:dataReleaseMaintenance", "dataReleaseMaintenancePlan"),
        ("rai:dataCollectionRaw", "dataCollectionRawData"),
        ("rai:dataCollectionTimeFrameStart", "dataCollectionTimeframe"),
    ],
)
def test_spellings_of_rai_properties_are_normalised(read, written, name):
    assert read(**{written: "Speech of older people is missing."}).rai == {
        name: "Speech of older people is missing."
    }


def test_lists_and_objects_become_text(read):
    rai = read(
        **{
            "rai:dataUseCases": ["Testing", {"@value": "Teaching"}, {"name": "Named"}],
            "rai:dataCollectionTimeFrameStart": {"@type": "Date", "@value": "2015"},
            "rai:dataCollectionTimeFrameEnd": {"@value": "2022"},
            "rai:annotationsPerItem": 3,
        }
    ).rai
    assert rai["dataUseCases"] == "Testing; Teaching; Named"
    assert rai["dataCollectionTimeframe"] == "2015; 2022"
    assert rai["annotationsPerItem"] == "3"


@pytest.mark.parametrize("nothing", ["", "TBD", "N/A", "[More Information Needed]", [], None, {}])
def test_a_rai_property_that_says_nothing_is_left_out(read, nothing):
    assert read(**{"rai:dataBiases": nothing}).rai == {}


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"conformsTo": None}, "`conformsTo` is missing"),
        ({"conformsTo": "http://mlcommons.org/croissant/9.9"}, "neither Croissant 1.0 nor 1.1"),
        ({"license": "Public"}, "licence `Public` is neither"),
        ({"license": ["MIT", "unknown"]}, "licence `unknown` is neither"),
        ({"license": None}, "property `license` is missing"),
        ({"description": "TODO"}, "property `description` is missing"),
        ({"creator": None}, "property `creator` is missing"),
        ({"url": "example"}, "`url` is not a web address"),
        ({"datePublished": "last week"}, "`datePublished` is not an ISO 8601 date"),
        ({"distribution": []}, "there is no `distribution`"),
        ({"distribution": [{"@type": "DataDownload"}]}, "entry 1 of `distribution`"),
        ({"recordSet": None}, "there is no `recordSet`"),
        ({"@context": None}, "there is no `@context`"),
    ],
)
def test_what_is_not_as_the_specification_asks_is_a_problem(read, changes, problem):
    assert any(told.startswith(problem) or problem in told for told in read(**changes).problems)


@pytest.mark.parametrize(
    "licence",
    [
        "mit",
        "CC-BY-4.0",
        "MIT OR Apache-2.0",
        "https://creativecommons.org/licenses/by/4.0/",
        {"@type": "CreativeWork", "name": "ours", "url": "https://example.org/licence"},
    ],
)
def test_spdx_identifiers_and_addresses_are_licences(read, licence):
    assert read(license=licence).problems == ()


def test_a_graph_and_full_addresses_are_read(blob):
    node = {f"https://schema.org/{k}" if k[0] != "@" else k: v for k, v in document().items()}
    context = node.pop("@context")
    text = json.dumps({"@context": context, "@graph": [{"@type": "Person"}, node]})
    found = croissant.read(blob(text, "c.json"))
    assert found.problems == ()
    assert found.fields["name"] == "n"


@pytest.mark.parametrize(
    "text", ["{}", "[]", '{"@type": "Person"}', "1", "{", '{"@type": "Dataset", "@type": "x"}']
)
def test_what_describes_no_data_set_is_absent(blob, text):
    found = croissant.read(blob(text, "c.json"))
    assert isinstance(found, Absent)
    assert found.reason is Absence.UNREADABLE
