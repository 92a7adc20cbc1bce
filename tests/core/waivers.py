"""Waivers, controls and findings for tests of exceptions."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from hcgov.core.acceptance import Occasioned, Waivable
from hcgov.core.estimate import Estimate, Method
from hcgov.core.finding import Finding
from hcgov.core.limit import Limit, Side
from hcgov.core.slices import Slice
from hcgov.core.status import Enforcement, Severity, Verdict
from hcgov.core.terms import LONGEST, Waiver
from hcgov.core.text import text
from hcgov.core.waiver import WaiverSpec

SUBJECT = "a" * 64
DAY = date(2026, 12, 10)

WRITTEN: Mapping[str, object] = {
    "id": "W-1",
    "control": "X-1",
    "accepts": ["fail"],
    "scope": {"subject": f"sha256:{SUBJECT}"},
    "reason": "Retraining is scheduled.",
    "compensating": ["a person reads every refusal"],
    "owner": "cro@acme.example",
    "requested_by": "dev@acme.example",
    "starts": "2026-12-01",
    "expires": "2026-12-20",
    "approvals": [{"by": "cro@acme.example", "role": "risk-owner"}],
}


def waiver(*, signed: bool = False, unsigned: tuple[str, ...] = (), **changes: object) -> Waiver:
    spec = WaiverSpec.model_validate({**WRITTEN, **changes})
    return Waiver(spec=spec, signed_by=("cro@acme.example",) if signed else (), unsigned=unsigned)


def scope(**changes: object) -> dict[str, object]:
    return {"subject": f"sha256:{SUBJECT}"} | changes


def control(**changes: object) -> Waivable:
    given: dict[str, object] = {
        "id": "X-1",
        "check": "evaluation.rate_gap@1",
        "severity": Severity.MEDIUM,
        "enforcement": Enforcement.OVERRIDABLE,
        "limit": Limit(side=Side.AT_MOST, value=Decimal("0.10")),
    }
    return Waivable(**(given | changes))  # type: ignore[arg-type]  # a test names what it changes


def occasion(on: date = DAY, subject: str = SUBJECT) -> Occasioned:
    return Occasioned(on=on, subject=subject, longest=LONGEST)


def finding(
    verdict: Verdict = Verdict.FAIL,
    value: float | None = 0.15,
    *,
    listed: bool = False,
    about: str = "",
    **groups: str,
) -> Finding:
    where = Slice(values=tuple(groups.items())) if groups else None
    return Finding(
        about=about or str(where or "it"),
        metric="gap",
        verdict=verdict,
        text=text("said"),
        scope=where,
        listed=listed,
        estimate=None
        if value is None
        else Estimate(value=value, n=100, n_eff=100.0, people=100, method=Method.MIETTINEN_NURMINEN),
    )
