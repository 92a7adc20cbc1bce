"""Evidence that is not what it has to be lets no release pass, whatever the controls say of it."""

from pathlib import Path

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
