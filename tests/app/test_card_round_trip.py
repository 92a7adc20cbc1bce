"""A card written from a record says what the next check of the same project finds."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

from hcgov.app.card import write_model_card
from hcgov.app.check import Asked, Checked, run_check
from hcgov.app.save import save
from hcgov.io.data import data_path

NOW = datetime(2026, 11, 21, tzinfo=UTC)
MEASURED = ("HC-EVL", "HC-DAT-06", "HC-DEP-01", "HC-DEP-02")


def _check(root: Path, *select: str) -> Checked:
    return run_check(Asked(root=root, now=NOW, select=select), lambda _: None)


def test_the_card_of_a_project_keeps_its_prose_and_its_numbers_are_those_of_the_record(
    tmp_path: Path,
) -> None:
    root = tmp_path / "relay"
    shutil.copytree(data_path("examples", "support-copilot"), root, ignore=shutil.ignore_patterns(".hcgov"))
    first = _check(root, *MEASURED)
    save(first.report, root)
    own = root / "deployment" / "model_card.md"
    before = own.read_text(encoding="utf-8")
    (card,) = write_model_card(root, tmp_path / "CARD.md", html=None, keep=None)
    written = card.read_text(encoding="utf-8")
    prose = next(line for line in before.splitlines() if len(line) > 60 and line[0].isalpha())
    assert prose in written
    shutil.copy(card, own)
    again = _check(root, "HC-DEP-01", "HC-DEP-02").report
    assert {c.id: c.verdict for c in again.controls} == {"HC-DEP-01": "pass", "HC-DEP-02": "pass"}
    told = [f.message.text for c in again.controls if c.id == "HC-DEP-02" for f in c.findings]
    assert len([t for t in told if "HC-DAT-06" in t or "HC-EVL" in t]) >= 6


def test_a_number_that_was_changed_by_hand_is_found(tmp_path: Path) -> None:
    root = tmp_path / "relay"
    shutil.copytree(data_path("examples", "support-copilot"), root, ignore=shutil.ignore_patterns(".hcgov"))
    save(_check(root, *MEASURED).report, root)
    own = root / "deployment" / "model_card.md"
    write_model_card(root, own, html=None, keep=None)
    text = own.read_text(encoding="utf-8")
    value = next(line for line in text.splitlines() if line.strip().startswith("value:"))
    own.write_text(text.replace(value, value.split(":")[0] + ": 0.9871", 1), encoding="utf-8")
    (control,) = _check(root, "HC-DEP-02").report.controls
    assert control.verdict == "fail"
    assert "0.9871" in control.headline.text
