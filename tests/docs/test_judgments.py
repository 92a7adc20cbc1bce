"""The page on people's judgments: every block of it runs, and prints what it shows."""

import re
import shlex
import shutil
from pathlib import Path

import pytest
import typer

from hcgov.cli import app
from hcgov.core.judged import Judgments
from hcgov.core.long_tables import COLUMNS
from hcgov.io.data import data_path
from hcgov.io.long.mapping import parse_mapping
from hcgov.io.yaml import parse
from tests.cli.conftest import Hcgov, hcgov  # noqa: F401 - a fixture
from tests.docs.walkthrough import shows, steps, walk

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = DOCS / "judgments.md"
GROUPS = ("annotate", "judge", "personalization", "preferences")


def test_every_block_does_what_the_page_says(
    tmp_path: Path,
    hcgov: Hcgov,  # noqa: F811 - the fixture
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    ended: dict[str, int] = {}

    def run(command: str) -> str:
        name, *words = shlex.split(command)
        if name == "cp":
            source = data_path("examples", Path(words[1]).name)
            shutil.copytree(source, tmp_path / words[2], ignore=shutil.ignore_patterns(".hcgov"))
            return ""
        assert name == "hcgov"
        ran = hcgov(*words)
        ended[command] = ran.exit_code
        return ran.output.replace("\u00a0", " ")  # the page has plain blanks

    walked = list(walk(PAGE, tmp_path, run))
    different = {command: printed for command, printed, shown in walked if not shows(shown, printed)}
    assert different == {}
    assert {command for command, code in ended.items() if code} == {
        "hcgov check mine --no-mlflow --output-format concise"
    }
    assert ended["hcgov check mine --no-mlflow --output-format concise"] == 3


def test_every_block_of_yaml_is_what_it_says() -> None:
    found = [step for step in steps(PAGE) if step.file.endswith(".yaml")]
    assert len(found) >= 4
    for step in found:
        parse(step.text.encode(), step.file)
        if step.file.endswith("-mapping.yaml"):
            mapping, told = parse_mapping(step.text.encode(), step.file)
            assert told == []
            assert mapping is not None


def test_it_shows_every_command_about_judgments() -> None:
    group = typer.main.get_command(app)
    known = {
        f"hcgov {name} {command}"
        for name in GROUPS
        for command in group.commands[name].commands  # type: ignore[attr-defined]  # a group
    }
    page = PAGE.read_text(encoding="utf-8")
    used = {" ".join(step.command.split()[:3]) for step in steps(PAGE)}
    assert known - used == set()
    assert len(known) == 9
    assert "hcgov annotate report comments.csv --column item=comment" in page


def test_it_names_every_table_and_what_it_cannot_do_without() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for kind, columns in COLUMNS.items():
        (row,) = re.findall(rf"^\| `{kind.value}` \| .* \| (.*) \|$", page, re.MULTILINE)
        assert re.findall(r"`(\w+)`", row) == [name for name, column in columns.items() if column.required]


def test_the_mapping_of_the_public_release_lacks_only_its_columns() -> None:
    parts = (DOCS / "mappings" / "personalization-release.yaml").read_text(encoding="utf-8").split("\n---\n")
    assert len(parts) == 3
    for stage, part in enumerate(parts, start=1):
        mapping, told = parse_mapping(part.encode(), "release")
        assert told == []
        assert mapping is not None
        assert mapping.constants["stage"] == str(stage)
        assert all(re.fullmatch("<.+>", column) for column in mapping.columns.values())
        known = COLUMNS[Judgments.model_validate({"kind": "personalization", "path": "x"}).long_kind]
        assert {*mapping.columns, *mapping.constants} <= set(known)
        assert {name for name, column in known.items() if column.required} <= {
            *mapping.columns,
            *mapping.constants,
        }
        for name, meant in mapping.values.items():
            assert not known[name].values or {*meant.values()} <= set(known[name].values)


def test_the_commands_of_the_readme_are_understood() -> None:
    readme = (DOCS.parent / "README.md").read_text(encoding="utf-8")
    commands = re.findall(rf"^\$ hcgov ((?:{'|'.join(GROUPS)}) .*?) +#", readme, re.MULTILINE)
    assert len(commands) == 2
    for command in commands:
        context = typer.main.get_command(app)
        words = shlex.split(command)
        while hasattr(context, "commands"):
            context = context.commands[words.pop(0)]
        context.make_context("hcgov", words)
