"""Evidence that is not what it has to be lets no release pass, whatever the controls say of it."""

from itertools import permutations
from pathlib import Path

import pytest

from hcgov.app.gather import Gathered
from hcgov.core.check import Request
from hcgov.core.evidence.absent import INTEGRITY, Absence, Absent
from hcgov.core.evidence.counts import CountsOf, Rate
from hcgov.core.evidence.documents import Digest, DigestOf
from hcgov.core.evidence.source import Source
from hcgov.core.text import text
from tests.app.breaking import Copy


def test_a_wrong_digest_that_only_an_advisory_control_reads_is_not_called_passed(tmp_path: Path) -> None:
    copy = Copy(tmp_path)
    copy.manifest("risk_profile: high", "risk_profile: standard")  # then HC-DSN-02 advises
    entry = "path: design/purpose.yaml"
    copy.manifest(entry, f"{entry}, sha256: '{'0' * 64}'")
    ended = copy.check("HC-DSN-01", "HC-DSN-02")
    assert ended.report is not None
    assert {c.id: c.disposition for c in ended.report.controls} == {
        "HC-DSN-01": "clear",
        "HC-DSN-02": "warned",
    }
    assert (ended.code, ended.report.decision.value) == (4, "incomplete")


def test_a_wrong_digest_is_told_although_the_table_was_asked_for_as_another_kind_before(
    tmp_path: Path,
) -> None:
    copy = Copy(tmp_path)
    copy.unpin("predictions")
    entry = f"path: {copy.file('predictions').relative_to(copy.root)}"
    copy.manifest(entry, f"{entry}\n    sha256: '{'0' * 64}'")
    copy.manifest("policies: [hc-core]", "policies: [hc-core, wrong.yaml]")
    (copy.root / "wrong.yaml").write_text(WRONG_KIND)
    ended = copy.check("HC-DSN-01", "X-LOG", "HC-EVL-01")
    assert ended.report is not None
    (predictions,) = [e for e in ended.report.evidence if e.artifact == "predictions"]
    assert predictions.absent == "wrong_digest"
    assert "the digest of predictions" in ended.report.decision.reason
    assert ended.code == 4


WRONG_KIND = """\
hcgov: 1
kind: PolicyPack
metadata: {id: wrong, version: 1.0.0, title: A control that asks for another kind, owner: me}
controls:
  - id: X-LOG
    title: The evaluation ran to its end
    stage: evaluation
    check: evaluation.log_succeeded@1
    with: {log: predictions}
    severity: low
    enforcement: advisory
    why: What did not run to its end tells nothing.
    fix: Run it again.
    source: organisation
"""


def _counts(name: str) -> Request:
    return CountsOf(table="t", rates=(Rate(outcome=name),))


@pytest.mark.parametrize(
    "order", list(permutations([Absence.TOO_MANY_GROUPS, Absence.NO_FILE, Absence.CHANGED]))
)
def test_that_a_table_changed_is_kept_whatever_else_its_requests_lack(order: tuple[Absence, ...]) -> None:
    gathered = Gathered()
    for number, reason in enumerate(order):
        gathered.keep(_counts(f"o{number}"), Absent(reason=reason, artifact="t", detail=text("gone")))
    assert gathered.absent["t"].reason is Absence.CHANGED
    assert [one.reason for one in gathered.evidence.values() if isinstance(one, Absent)] == list(order)


def test_of_two_that_are_no_integrity_the_first_is_kept() -> None:
    gathered = Gathered()
    for reason in (Absence.NO_FILE, Absence.UNREADABLE):
        gathered.lack(Absent(reason=reason, artifact="t", detail=text("gone")))
    assert gathered.absent["t"].reason is Absence.NO_FILE
    assert Absence.NO_FILE not in INTEGRITY


def test_a_table_that_is_not_as_it_was_read_before_has_changed_although_something_else_was_absent() -> None:
    gathered = Gathered()

    def read(digest: str) -> Digest:
        source = Source(artifact="t", kind="table", location="t.csv", sha256=digest * 64, size=1)
        return Digest(sha256=source.sha256, sources=(source,))

    gathered.keep(DigestOf(artifact="t"), read("a"))
    gathered.lack(Absent(reason=Absence.TOO_MANY_GROUPS, artifact="t", detail=text("too many")))
    gathered.keep(_counts("o"), read("b"))
    assert gathered.absent["t"].reason is Absence.CHANGED
