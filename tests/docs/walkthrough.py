"""Walking through a page: its files are written, its commands run, and what they print is what it shows.

A block with a title is a file: ```` ```yaml title="own.yaml" ````. A block of ``console`` holds commands (``$ …``),
each with its output; a line ``...`` stands for any lines, and ``…`` within a line for any words.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

_BLOCK = re.compile(r"^```(\w+)(?: title=\"([^\"]+)\")?\n(.*?)^```", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Step:
    """A file to write, or a command to run with what it prints."""

    file: str = ""
    command: str = ""
    text: str


def steps(page: Path) -> Iterator[Step]:
    """Yield what a page does, in its order.

    Raises
    ------
    AssertionError
        A block is neither a file nor commands, so that nobody would try it.
    """
    for language, title, content in _BLOCK.findall(page.read_text(encoding="utf-8")):
        if language == "console":
            for command, output in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", content, re.MULTILINE):
                yield Step(command=command, text=output.rstrip("\n"))
        else:
            assert title, f"a block of {language} has no title: {content[:60]}"
            yield Step(file=title, text=content)


def walk(page: Path, folder: Path, run: Callable[[str], str]) -> Iterator[tuple[str, str, str]]:
    """Write and run everything; yield each command with what it printed and what the page shows."""
    for step in steps(page):
        if step.file:
            target = folder / step.file
            assert target.resolve().is_relative_to(folder.resolve())
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(step.text, encoding="utf-8")
        else:
            yield step.command, run(step.command).rstrip("\n"), step.text


def shows(shown: str, printed: str) -> bool:
    """Whether a page shows what was printed.

    >>> shows("wrote x\\n...\\nend", "wrote x\\n1\\n2\\nend"), shows("run …", "run 7f3a"), shows("a", "b")
    (True, True, False)
    """
    lines = [
        r"(?:.*\n)*?" if line.strip() == "..." else re.escape(line).replace("…", r"[^\n]*") + r"\n"
        for line in shown.splitlines()
    ]
    return re.fullmatch("".join(lines), printed + "\n" if printed else "") is not None
