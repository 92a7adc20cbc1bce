"""The page about testing policies: every block of it runs, and prints what it shows."""

import shlex
from pathlib import Path

import pytest

from hcgov.core.cases import Case, Change, PolicyCases
from tests.cli.conftest import Hcgov, hcgov  # noqa: F401 - a fixture
from tests.docs.walkthrough import shows, walk

PAGE = Path(__file__).resolve().parents[2] / "docs" / "policy-testing.md"


def test_every_block_does_what_the_page_says(
    tmp_path: Path,
    hcgov: Hcgov,  # noqa: F811 - the fixture
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.chdir(tmp_path)

    def run(command: str) -> str:
        name, *words = shlex.split(command)
        assert name == "hcgov"
        return hcgov(*words, "-q").output

    walked = list(walk(PAGE, tmp_path, run))
    assert len(walked) == 4
    assert {command: printed for command, printed, shown in walked if not shows(shown, printed)} == {}


def test_the_page_names_every_key_of_a_case():
    table = PAGE.read_text(encoding="utf-8").partition("| key |")[2].partition("\n\n")[0]
    keys = {*Case.model_fields, *Change.model_fields} - {"control", "name"} | {"base"}
    assert {key for key in keys if f"`{key}`" not in table} == set()
    assert "base" in PolicyCases.model_fields
