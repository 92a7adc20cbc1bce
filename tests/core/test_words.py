"""Words by which people answer for something."""

import pytest
from pydantic import ValidationError

from hcgov.core.policy import Disabled, Loosen
from hcgov.core.waiver import Approval
from hcgov.core.words import says

INVISIBLE = (
    "\u200b\u200b\u200b",
    "\u3164\u3164\u3164",
    "\u2800\u2800\u2800",
    " \u2060. ",
    "\u202e\u202c\u202e",
)


@pytest.mark.parametrize("text", INVISIBLE)
def test_what_cannot_be_read_is_no_reason_and_nobody(text: str):
    assert not says(text)
    with pytest.raises(ValidationError, match="says nothing"):
        Loosen(reason=text, approved_by="jane@acme.example")
    with pytest.raises(ValidationError, match="says nothing"):
        Disabled(control="ACME-1", reason="not trained here", approved_by=text)
    with pytest.raises(ValidationError, match="says nothing"):
        Approval(by=text, role="risk-owner")


@pytest.mark.parametrize("text", ["цель", "理由がある", "سبب", "कारण", "7 people"])
def test_words_of_every_script_are_words(text: str):
    assert says(text)
    assert Loosen(reason=text, approved_by="李").reason == text
