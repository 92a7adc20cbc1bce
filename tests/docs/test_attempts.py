"""What the page on attempts shows works in its order, and its figures are those of the spending rule."""

import re
import shlex
from pathlib import Path

import pytest

from hcgov.core.control import ControlSpec
from hcgov.core.limit import Limit, Side
from hcgov.core.project import Table
from hcgov.io.yaml import parse
from hcgov.judgement.attempts import spent_limit
from tests.cli.conftest import Hcgov, copied, hcgov  # noqa: F401 - a fixture

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "attempts.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^\$ hcgov (.*)$", PAGE, re.MULTILINE)
BLOCKS = re.findall(r"^```yaml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def test_the_commands_work_in_their_order(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    hcgov: Hcgov,  # noqa: F811 - the fixture
) -> None:
    copied("support-copilot", tmp_path / "my-assistant")
    monkeypatch.chdir(tmp_path)
    said = []
    for command in COMMANDS:
        run = hcgov(*shlex.split(command))
        assert run.exit_code == 0, f"{command}\n{run.output}"
        said.append(run.stdout)
    first, second, fresh, shown, registered, _ = said
    assert "no earlier attempts are known here" in " ".join(first.split())
    assert "the stored verdict" in second
    assert "the stored verdict" not in fresh
    assert [line.split()[2] for line in shown.splitlines()] == [
        "policy-registered",
        "run-started",
        "run-finished",
        "run-started",
        "run-finished",
    ]
    assert "training_data" in registered


def test_the_blocks_are_understood() -> None:
    manifest, control = (parse(block.encode(), "page", max_bytes=10_000).data for block in BLOCKS)
    assert isinstance(manifest, dict)
    table = manifest["artifacts"]["predictions"]  # type: ignore[index,call-overload]  # as the page has it
    assert Table.model_validate(table).sample == "2027-spring"
    assert isinstance(control, dict)
    rest = {
        "id": "X-1",
        "title": "One",
        "stage": "evaluation",
        "check": "evaluation.rate_gap@1",
        "severity": "low",
    }
    rest |= {"enforcement": "mandatory", "why": "Why.", "fix": "Fix.", "source": "default"}
    assert ControlSpec.model_validate(rest | control).attempts == "show"


def test_the_figures_are_those_of_the_rule() -> None:
    from decimal import Decimal

    def cells(name: str) -> list[str]:
        (row,) = re.findall(rf"^\| {name} \| (.*) \|$", PAGE, re.MULTILINE)
        return [cell.strip() for cell in row.split("|")]

    limit = Limit(side=Side.AT_MOST, value=Decimal("0.10"))
    levels = [spent_limit(limit, int(k)).pass_level for k in cells("attempt")]
    assert cells("a pass may err, of .05") == [f"{1 - level:.4f}".removeprefix("0") for level in levels]
    confidence = [f"{100 * level:.2f} %" for level in levels]
    assert cells('confidence of the bound that decides "met"') == confidence
