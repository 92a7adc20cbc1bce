"""Help: every command and option says what it is for, and the README lists the commands that there are."""

import re
import shlex
from pathlib import Path

import pytest
import typer

from hcgov import __version__
from hcgov.cli import app
from tests.cli.conftest import Hcgov, Process

README = Path(__file__).resolve().parents[2] / "README.md"
COMMANDS = typer.main.get_command(app)


def every_command(group=COMMANDS, path=()):
    for name, command in group.commands.items():
        yield (*path, name), command
        if hasattr(command, "commands"):
            yield from every_command(command, (*path, name))


@pytest.mark.parametrize(
    ("path", "command"), [pytest.param(*one, id=" ".join(one[0])) for one in every_command()]
)
def test_every_command_and_every_option_says_what_it_is_for(path, command, hcgov: Hcgov):
    run = hcgov(*path, "--help")
    assert run.exit_code == 0
    assert command.help
    for parameter in command.params:
        assert getattr(parameter, "help", ""), f"{' '.join(path)}: {parameter.name}"
        for option in (name for name in parameter.opts if name.startswith("-")):
            assert option in run.stdout


@pytest.mark.parametrize(
    ("path", "command"),
    [pytest.param(*one, id=" ".join(one[0])) for one in every_command() if not hasattr(one[1], "commands")],
)
def test_every_command_has_an_example_that_it_understands(path, command):
    title, _, examples = command.epilog.partition(": ")
    assert title in ("Example", "Examples")
    for example in examples.split("; "):
        words = shlex.split(example)
        assert tuple(words[: len(path) + 1]) == ("hcgov", *path)
        command.make_context("hcgov", words[len(path) + 1 :])


def test_the_exit_codes_stand_in_the_help(hcgov: Hcgov):
    told = " ".join(hcgov("--help").stdout.split())
    for code in (
        "0 passed",
        "1 failed",
        "2 wrong usage",
        "3 incomplete",
        "4 evidence integrity",
        "70 internal",
        "130",
    ):
        assert code in told


def test_no_command_at_all_shows_the_help_and_decides_nothing(hcgov: Hcgov):
    run = hcgov()
    assert run.exit_code == 2
    assert "Usage: hcgov" in run.stdout + run.stderr


@pytest.mark.parametrize("asked", ["--version", "-V"])
def test_the_version_is_told(asked, hcgov: Hcgov, process: Process):
    assert hcgov(asked).stdout == f"hcgov {__version__}\n"
    assert process(asked).stdout == f"hcgov {__version__}\n"


def test_a_misspelt_command_is_wrong_usage(hcgov: Hcgov):
    run = hcgov("chek")
    assert run.exit_code == 2
    assert "check" in run.stderr


def test_the_readme_names_no_command_that_is_not_there_and_leaves_none_out():
    text = README.read_text(encoding="utf-8")
    named = set(re.findall(r"`hcgov ([a-z]+)", text)) | set(
        re.findall(r"^(?:\$ )?hcgov ([a-z]+)", text, re.MULTILINE)
    )
    assert named, "the README names no command"
    assert named == set(COMMANDS.commands)
