"""A small project whose one failing control can be waived, and ways to write its exceptions."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from hcgov.app.check import Asked, run_check
from hcgov.core.record import ReportV1

NOW = datetime(2026, 12, 10, 9, 0, tzinfo=UTC)

MANIFEST = """\
hcgov: 1
kind: Project
system: {{name: Relay, version: 1.0.0, risk_profile: standard}}
policies: [own.yaml]
subject: [model]
slices: {{by: [age]}}
{more}artifacts:
  model: {{kind: file, path: model.bin}}
  predictions: {{kind: table, path: p.csv, unit: person, outcomes: {{refused: {{column: refused, adverse: higher}}}}}}
"""

POLICY = """\
hcgov: 1
kind: PolicyPack
metadata: {{id: org.acme, version: 1.0.0, title: Acme rules, owner: me}}
controls:
  - id: ACME-1
    title: Refusals are even
    stage: evaluation
    check: evaluation.rate_gap@1
    with: {{table: predictions, outcome: refused}}
    limit: {{at_most: "0.10"}}
    severity: {severity}
    enforcement: {enforcement}
    why: people
    fix: mend
    source: organisation
  - id: ACME-2
    title: Refusals are not very uneven
    stage: evaluation
    check: evaluation.rate_gap@1
    with: {{table: predictions, outcome: refused}}
    limit: {{at_most: "0.90"}}
    severity: low
    enforcement: overridable
    why: people
    fix: mend
    source: organisation
"""

WAIVER = """\
  - id: {id}
    control: {control}
    accepts: [fail]
    scope:
      subject: "sha256:{subject}"
      observed: {{at_most: "{ceiling}"}}
    reason: {reason}
    compensating: [a person reads every refusal]
    owner: cro@acme.example
    requested_by: dev@acme.example
    starts: 2026-12-01
    expires: {expires}
    approvals:
      - by: {by}
        role: {role}
{signature}"""

EVEN = {"18-29": 300, "30-59": 300, "75+": 300}
UNEVEN = {"18-29": 300, "30-59": 300, "75+": 700}


class Excepting:
    """A project in a folder: of 1,000 people in each age band so many are refused."""

    def __init__(self, folder: Path, *, severity: str = "medium", enforcement: str = "overridable") -> None:
        self.folder = folder
        folder.mkdir(parents=True)
        (folder / "model.bin").write_text("weights", encoding="utf-8")
        self.manifest()
        self.policy(severity, enforcement)
        self.refused(UNEVEN)

    def manifest(self, *more: str) -> None:
        content = MANIFEST.format(more="".join(f"{line}\n" for line in more))
        (self.folder / "hcgov.yaml").write_text(content, encoding="utf-8")

    def policy(self, severity: str = "medium", enforcement: str = "overridable") -> None:
        content = POLICY.format(severity=severity, enforcement=enforcement)
        (self.folder / "own.yaml").write_text(content, encoding="utf-8")

    def refused(self, counts: dict[str, int]) -> None:
        rows = [f"{age},{int(i < n)}" for age, n in counts.items() for i in range(1000)]
        (self.folder / "p.csv").write_text("age,refused\n" + "\n".join(rows) + "\n", encoding="utf-8")

    @property
    def subject(self) -> str:
        digest = hashlib.sha256((self.folder / "model.bin").read_bytes()).hexdigest()
        report = self.check().subject
        assert [part.sha256 for part in report.parts] == [digest]
        return report.sha256

    def waiver(self, **changes: str) -> str:
        given = {
            "id": "W-1",
            "control": "ACME-1",
            "subject": self.subject if "subject" not in changes else "",
            "ceiling": "0.45",
            "reason": "Retraining is scheduled.",
            "expires": "2026-12-31",
            "by": "cro@acme.example",
            "role": "risk-owner",
            "signature": "",
        }
        return WAIVER.format(**(given | changes))

    def waivers(self, *written: str, file: str = "waivers.yaml") -> None:
        content = "kind: WaiverSet\nwaivers:\n" + "".join(written) if written else "kind: WaiverSet\n"
        (self.folder / file).write_text(content, encoding="utf-8")

    def check(
        self, *, now: datetime = NOW, trusted_ref: str = "", stages: Sequence[str] = ("evaluation",)
    ) -> ReportV1:
        asked = Asked(root=self.folder, now=now, stages=tuple(stages), trusted_ref=trusted_ref)
        return run_check(asked, lambda _: None).report


def told(report: ReportV1) -> dict[str, str]:
    return {notice.code: notice.message.text for notice in report.notices}
