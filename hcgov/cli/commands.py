"""Which commands there are, and how one of them is built: only the one that is asked for is imported."""

import sys
from collections import UserDict
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

LINES = {
    "init": "Write a manifest and the documents that the core policy asks for, with questions instead of answers.",
    "check": "Check a project against its policies and decide.",
    "gate": "Decide from a record, so that uploads and reviews can sit between the check and the gate.",
    "promote": "Move an alias to a model version, only with a fresh passing record of exactly these bytes and this "
    "policy.",
    "diff": "Tell what newly fails, is fixed or is undecided, which limits moved, and how far each value went.",
    "register": "Register policy and data in the ledger; a later check of anything else is incomplete.",
    "report": "Render a record: every rendering is a function of report.json alone.",
    "explain": "Tell what a control, check or error code means: why, how it is measured, how to mend it.",
    "rules": "List the installed checks and the controls of the shipped packs, or the roads of expectations.",
    "log": "Send records to MLflow that were not sent yet, because the store was down or nobody asked.",
    "demo": "Copy an example project, check it, log it, write report and card, and say what to look at next.",
    "doctor": "Look at versions, the project, its artifacts' pins, the tracking store and the folders; change nothing.",
    "card": "Write cards from a record.",
    "waiver": "Draft, list, check and sign waivers: exceptions with an owner, a reason and a last day.",
    "baseline": "Keep the failures that are known: new ones block, known ones may not get worse.",
    "policy": "Validate, resolve and lock policy packs.",
    "annotate": "Labels and those who gave them: agreement, groups, quality, pay.",
    "preferences": "Preferences: plan, profile, opinion groups, aggregation with a receipt, and training files.",
    "judge": "Judge models held against people.",
    "personalization": "Personalization in three stages, people beside synthetic data and judges.",
    "evidence": "Sign evidence, where a policy asks who vouches for it.",
    "ledger": "Show and verify the ledger of a project.",
    "keys": "Make key pairs for development, and list keys.",
}
"""What the help says of each command, in its order. ``hcgov.cli.NAME`` has the command itself, as its ``app``."""


class _Later(UserDict[str, Any]):
    """Commands by name: which there are is known, and one is imported and built when it is asked for."""

    def __getitem__(self, name: str) -> Any:
        if name not in self.data:
            raise KeyError(name)
        try:
            return typer.main.get_command(import_module(f"hcgov.cli.{name}").app)
        except KeyboardInterrupt:
            sys.stderr.write("interrupted\n")
            raise
        except (
            BaseException
        ) as error:  # some kinds would leave with 0, 1 or 2, which speak of a gate or of the usage
            told = f"the command `{name}` cannot be loaded: {type(error).__name__}: {error}"
            raise RuntimeError(told) from error


# A context is Click's or, by its release, Typer's own: there is no one name for it.
class Commands(TyperGroup):
    """The group of all commands, of which only the one that is asked for is built.

    Importing all of them and building their options took longer than all that a small command does. Names and lines are
    enough for the help, and names for telling which one was meant by a misspelt one.
    """

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.commands = _Later(LINES)

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names of all commands, in their order."""
        return list(LINES)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the commands into the help: as a group does whose commands are nothing but their lines."""
        told = TyperGroup(commands=[TyperCommand(name, help=line) for name, line in LINES.items()])
        told.format_commands(ctx, formatter)
