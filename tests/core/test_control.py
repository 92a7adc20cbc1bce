"""What a policy's author may leave out of a control, and what not."""

from decimal import Decimal

import pytest
from pydantic import ValidationError

from hcgov.core.control import ControlSpec
from hcgov.core.limit import Limit

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


def _limit(safety: str | None, confidence: str | None = None) -> Limit:
    given = SPEC | {
        "limit": {"at_least": "0.80"} | ({} if confidence is None else {"confidence": confidence})
    }
    limit = ControlSpec.model_validate(given | ({} if safety is None else {"safety": safety})).limit_value()
    assert limit is not None
    return limit


def test_a_strict_control_is_judged_at_a_higher_confidence_and_never_at_a_lower_one() -> None:
    assert _limit(None) == _limit("standard")
    assert (_limit(None).confidence, _limit(None).ratio_n_eff) == (Decimal("0.95"), 0)
    assert (_limit("strict").confidence, _limit("strict").ratio_n_eff) == (Decimal("0.965"), 50)
    assert _limit("strict", "0.90").confidence == Decimal("0.965")
    assert _limit("strict", "0.99").confidence == Decimal("0.99")
    assert _limit("standard", "0.90").confidence == Decimal("0.90")


def test_safety_is_standard_or_strict() -> None:
    with pytest.raises(ValidationError, match="safety"):
        ControlSpec.model_validate(SPEC | {"safety": "stricter"})
