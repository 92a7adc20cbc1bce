"""What a policy's author may leave out of a control, and what not."""

import pytest
from pydantic import ValidationError

from hcgov.core.control import ControlSpec

SPEC = {
    "id": "X-1",
    "title": "A control",
    "stage": "evaluation",
    "check": "evaluation.rate_gap@1",
    "severity": "high",
    "enforcement": "overridable",
    "why": "people",
    "fix": "mend",
    "source": "convention",
}


@pytest.mark.parametrize("reason", [None, "", "  "])
def test_small_slices_are_only_listed_for_a_reason(reason: str | None) -> None:
    given = SPEC | {"small_slices": "list"} | ({} if reason is None else {"small_slices_reason": reason})
    with pytest.raises(ValidationError, match="small_slices_reason"):
        ControlSpec.model_validate(given)
    assert ControlSpec.model_validate(given | {"small_slices_reason": "The file is closed."})
