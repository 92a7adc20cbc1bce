"""Croissant metadata of versions 0.8 and 1.0, and the examples of the RAI specification."""

import json
import re

from hcgov.core.evidence.documents import Croissant
from hcgov.io.readers import croissant


def test_every_document_is_read(real_data, real_blob):
    for path in sorted((real_data / "croissant/datasets").rglob("metadata.json")):
        found = croissant.read(real_blob(path, "croissant"))
        assert isinstance(found, Croissant), path.parent.name
        written = json.loads(path.read_bytes())
        assert found.record_sets == len(written["recordSet"])
        assert found.files == len(written["distribution"])
        is_old = path.parent.parent.name == "0.8"
        assert bool(found.conforms_to) != is_old
        assert any("conformsTo" in problem for problem in found.problems) == is_old


def test_a_licence_that_is_no_licence_is_told(real_data, real_blob):
    folder = real_data / "croissant/datasets/1.0"
    problems = croissant.read(real_blob(folder / "credit-g/metadata.json", "croissant")).problems
    assert "licence `Public` is neither an SPDX identifier nor a web address" in problems
    titanic = croissant.read(real_blob(folder / "titanic/metadata.json", "croissant"))
    assert not [problem for problem in titanic.problems if "licence" in problem]
    assert titanic.fields["license"] == "afl-3.0"


def test_rai_properties_of_a_real_document_are_read(real_data, real_blob):
    path = real_data / "croissant/datasets/1.0/bigcode-the-stack/metadata.json"
    found = croissant.read(real_blob(path, "croissant"))
    assert len(found.rai) == 9
    assert found.rai["dataCollectionType"] == "Web Scraping; Others"
    assert set(found.rai) <= set(croissant.RAI_PROPERTIES)


def test_the_reader_knows_every_property_that_the_specification_defines(real_data):
    text = (real_data / "croissant/docs/croissant-rai-spec.md").read_text()
    defined = set(re.findall(r"<td>rai:(\w+)</td>", text))
    assert defined == set(croissant.RAI_PROPERTIES)
