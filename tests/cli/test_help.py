"""Help: every command and option says what it is for, and the README lists the commands that there are."""

import pkgutil
import re
import shlex
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
import typer
from typer.core import TyperCommand, TyperGroup

import hcgov.cli
from hcgov import __version__
from hcgov.cli import app
from hcgov.cli.commands import LINES
from tests.cli.conftest import Hcgov, Process

README = Path(__file__).resolve().parents[2] / "README.md"
COMMANDS = typer.main.get_command(app)
BUILT = dict(COMMANDS.commands)


def every_command(commands=BUILT, path=()):
    for name, command in commands.items():
        yield (*path, name), command
        if hasattr(command, "commands"):
            yield from every_command(command.commands, (*path, name))


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


def helped(group, width):
    context = group.make_context("hcgov", [], resilient_parsing=True, terminal_width=width)
    return group.get_help(context)


@pytest.mark.parametrize("width", [40, 60, 80, 100, 200])
def test_the_help_is_the_one_of_a_group_that_has_built_all_its_commands(width):
    whole = TyperGroup(
        commands=dict(BUILT),
        params=COMMANDS.params,
        help=COMMANDS.help,
        epilog=COMMANDS.epilog,
        rich_markup_mode=None,
    )
    assert helped(COMMANDS, width) == helped(whole, width)


@pytest.mark.parametrize("name", LINES)
def test_the_line_of_a_command_is_the_first_of_its_own_help(name):
    """However it is cut: completing a name in a shell shows less of it than the help does."""
    for limit in range(5, 160):
        said = TyperCommand(name, help=LINES[name]).get_short_help_str(limit)
        assert said == BUILT[name].get_short_help_str(limit)
    assert (BUILT[name].name, BUILT[name].hidden, BUILT[name].deprecated) == (name, False, False)


def test_every_file_with_a_command_is_in_the_table():
    files = [one.name for one in pkgutil.iter_modules(hcgov.cli.__path__)]
    assert {name for name in files if hasattr(import_module(f"hcgov.cli.{name}"), "app")} == set(LINES)


def test_completion_is_offered_once_and_not_by_each_command():
    offered = [path for path, command in every_command() for p in command.params if "completion" in p.name]
    assert offered == []
    assert "--install-completion" in [option for p in COMMANDS.params for option in p.opts]


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("hcgov po", "policy"),
        ("hcgov policy va", "validate"),
        ("hcgov policy e", "explain"),
        ("hcgov preferences exp", "export"),
        ("hcgov check --fai", "--fail-on"),
        ("hcgov check --color al", "always"),
        ("hcgov chek --fai", ""),
    ],
)
def test_a_shell_completes_commands_of_any_depth_and_their_options(typed, completed, process: Process):
    asked = {"COMP_WORDS": typed, "COMP_CWORD": str(len(typed.split()) - 1)}
    run = process(**asked, _HCGOV_COMPLETE="complete_bash")
    assert (run.returncode, run.stdout.strip()) == (0, completed)


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
    assert "No such command 'chek'. Did you mean 'check'?" in run.stderr
    assert "No such command 'valdate'. Did you mean 'validate'?" in hcgov("policy", "valdate").stderr


def test_the_readme_names_no_command_that_is_not_there_and_leaves_none_out():
    text = README.read_text(encoding="utf-8")
    named = set(re.findall(r"`hcgov ([a-z]+)", text)) | set(
        re.findall(r"^(?:\$ )?hcgov ([a-z]+)", text, re.MULTILINE)
    )
    assert named, "the README names no command"
    assert named == set(LINES)


BREAKING = """
import sys
class Breaks:
    def find_spec(self, name, *_):
        if name == "hcgov.cli.doctor":
            raise {error}
sys.meta_path.insert(0, Breaks())
sys.argv = ["hcgov", "doctor"]
from hcgov.__main__ import main
main()
"""


@pytest.mark.parametrize(
    ("error", "code", "told"),
    [
        ("EOFError('marshal data too short')", 70, "`doctor` cannot be loaded: EOFError"),
        ("KeyError('x')", 70, "`doctor` cannot be loaded: KeyError"),
        ("BrokenPipeError()", 70, "`doctor` cannot be loaded: BrokenPipeError"),
        ("SystemExit(0)", 70, "`doctor` cannot be loaded: SystemExit"),
        ("ImportError('gone')", 70, "`doctor` cannot be loaded: ImportError"),
        ("KeyboardInterrupt()", 130, "interrupted"),
    ],
)
def test_a_command_that_cannot_be_loaded_is_an_internal_error_and_no_verdict(error, code, told):
    program = [sys.executable, "-c", BREAKING.format(error=error)]
    left = subprocess.run(program, capture_output=True, text=True, check=False)
    assert left.returncode == code
    assert told in left.stderr
