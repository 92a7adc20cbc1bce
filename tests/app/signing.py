"""A small project whose one control asks that what it reads is signed, and keys to sign with."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from hcgov.app.signatures import sign_evidence
from hcgov.core.record import ControlV1
from hcgov.io.signing import load_private, new_pair
from tests.app.excepting import EVEN, NOW, Excepting

DAY = NOW.date()
DEMAND = "[{signed_by: [role:eval-runner], max_age: P30D}]"
ENTRY = """\
  - id: "{id}"
    name: {name}
    roles: [{roles}]
    public: {public}
    valid_from: "{since}"
    valid_until: "{until}"
{revoked}"""


class Signing(Excepting):
    """The control ACME-1 holds on its data, and asks for the signature of an eval-runner."""

    def __init__(self, folder: Path, demand: str = DEMAND) -> None:
        super().__init__(folder)
        self.keys = folder.parent / "keys"
        self.entries: list[str] = []
        self.refused(EVEN)
        self.demand(demand)
        self.manifest("trust: trust.yaml")

    def demand(self, written: str) -> None:
        policy = self.folder / "own.yaml"
        first, second = policy.read_text(encoding="utf-8").split("  - id: ACME-2")
        lines = [line for line in first.splitlines() if not line.startswith("    evidence:")]
        content = "\n".join([*lines, f"    evidence: {written}", f"  - id: ACME-2{second}"])
        policy.write_text(content, encoding="utf-8")

    def key(self, name: str) -> Path:
        if not (self.keys / f"{name}.key").exists():
            new_pair(self.keys, name)
        return self.keys / f"{name}.key"

    def trust(
        self,
        name: str = "ci",
        roles: Sequence[str] = ("eval-runner",),
        *,
        since: date = DAY - timedelta(days=300),
        until: date = DAY + timedelta(days=300),
        revoked: str = "",
    ) -> None:
        public = load_private(self.key(name)).public
        entry = ENTRY.format(
            id=public.key_id,
            name=name,
            roles=", ".join(roles),
            public=public.line,
            since=since,
            until=until,
            revoked=f'    revoked: {{on: "{DAY}", reason: {revoked}}}\n' if revoked else "",
        )
        self.entries = [one for one in self.entries if public.key_id not in one] + [entry]
        content = "hcgov: 1\nkind: Trust\nkeys:\n" + "".join(self.entries)
        (self.folder / "trust.yaml").write_text(content, encoding="utf-8")

    def sign(self, name: str = "ci", *, on: date = DAY, of: str = "predictions", renew: bool = False) -> Path:
        return sign_evidence(self.folder, of, self.key(name), today=on, renew=renew)

    def control(self, **asked: object) -> ControlV1:
        (found,) = (one for one in self.check(**asked).controls if one.id == "ACME-1")
        return found

    def lacks(self, **asked: object) -> str:
        """Return why evidence is missing; nothing is judged then."""
        found = self.control(**asked)
        assert (found.verdict, found.disposition) == ("missing", "undetermined")
        assert found.signed == ()
        assert found.limit is not None
        assert not any(finding.estimate for finding in found.findings)
        return found.headline.text
