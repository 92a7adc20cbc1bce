"""What the page on signed evidence shows is understood, and its commands do what it says."""

import json
import re
import shlex
from pathlib import Path

import pytest

from hcgov.core.control import EvidenceDemand
from hcgov.io.signatures import PREDICATE
from hcgov.io.signing import read_statement
from hcgov.io.yaml import parse
from tests.app.excepting import EVEN, Excepting
from tests.cli.conftest import Hcgov, hcgov  # noqa: F401 - a fixture

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "evidence.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^\$ (hcgov .*)$", PAGE, re.MULTILINE)


def block(language: str) -> str:
    (found,) = re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    return found


def test_the_statement_that_is_shown_is_one():
    said = read_statement(block("json").encode(), "page")
    assert said.predicate_type == PREDICATE
    assert said.predicate.keys() == {"artifact", "signed_on"} == json.loads(block("json"))["predicate"].keys()


def test_the_commands_in_their_order_lead_from_missing_to_passed(
    tmp_path: Path,
    hcgov: Hcgov,  # noqa: F811 - the fixture
    monkeypatch: pytest.MonkeyPatch,
):
    project = Excepting(tmp_path / "my-assistant")
    project.refused(EVEN)
    project.manifest("trust: trust.yaml")
    demand = block("yaml")
    data = parse(demand.strip().encode(), "page").data
    assert isinstance(data, dict)
    EvidenceDemand.model_validate(data["evidence"][0])
    policy = project.folder / "own.yaml"
    policy.write_text(
        policy.read_text(encoding="utf-8").replace(
            "    severity: medium\n", f"    severity: medium\n{demand}"
        ),
        encoding="utf-8",
    )
    monkeypatch.chdir(tmp_path)
    checked = ("check", "my-assistant", "--no-mlflow", "--stage", "evaluation")
    for number, command in enumerate(COMMANDS):
        words = shlex.split(command)[1:]
        if words[0] == "check":
            words = list(checked)
        ran = hcgov(*words)
        assert ran.exit_code == 0, f"{command}\n{ran.output}"
        if number == 0:
            entry = "hcgov: 1\n" + ran.stdout.partition("hcgov: 1\n")[2]
            (project.folder / "trust.yaml").write_text(entry, encoding="utf-8")
            unsigned = hcgov(*checked)
            assert unsigned.exit_code == 3
            assert "hcgov evidence sign predictions --key KEY" in " ".join(unsigned.stdout.split())
    assert "wrote my-assistant/p.csv.dsse.json" in hcgov(*shlex.split(COMMANDS[1])[1:]).stdout


@pytest.mark.parametrize(
    ("words", "part"),
    [(("predictionz",), "did you mean `predictions`?"), (("predictions", "nowhere"), "hcgov init")],
)
def test_a_misspelt_artifact_or_folder_is_told(
    tmp_path: Path,
    hcgov: Hcgov,  # noqa: F811 - the fixture
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    part: str,
):
    project = Excepting(tmp_path / "p")
    monkeypatch.chdir(project.folder)
    ran = hcgov("evidence", "sign", *words, "--key", "k.key")
    assert ran.exit_code == 2
    assert part in ran.output
