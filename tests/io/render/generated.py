"""The files that are made from the source: examples, schemas and the message catalogue.

``python -m tests.io.render.generated`` writes them; a test compares each with what the source gives now.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from hcgov.app.schemas import schemas
from hcgov.io.render.html import render_html
from hcgov.io.render.html.environment import templates
from hcgov.io.render.json_report import render_json
from hcgov.io.render.model_card import render_model_card, render_model_card_html
from hcgov.io.render.sheets import render_sheet_html, render_sheet_json, render_sheet_terminal
from hcgov.io.render.summary import render_markdown
from hcgov.io.render.terminal import render_concise, render_full
from tests.io.render.sample_reports import excepted, failing
from tests.io.render.sample_sheets import sheet

ROOT = Path(__file__).resolve().parents[3]
TEMPLATES = ROOT / "reports" / "templates" / "html"

MARKS = {"N_": "", "say": "", "text": "python-brace-format"}
"""Calls whose first argument, where it is a constant, is a message; and the flag of its placeholders."""

Message = tuple[str, str]
"""Singular and plural; the plural is empty where there is none."""


def generated() -> dict[Path, str]:
    """Return every generated file with its content."""
    report, under_exceptions = failing(), excepted()
    card = render_model_card(report)
    examples = {
        "report.json": render_json(report),
        "report.html": render_html(report),
        "summary.md": render_markdown(report),
        "terminal.txt": render_full(report, color=False, width=100),
        "concise.txt": render_concise(report),
        "model_card/README.md": card,
        "model_card/model-card.html": render_model_card_html(report, card),
        "exceptions/terminal.txt": render_full(under_exceptions, color=False, width=100),
        "exceptions/concise.txt": render_concise(under_exceptions),
        "exceptions/summary.md": render_markdown(under_exceptions),
        "exceptions/report.html": render_html(under_exceptions),
        "sheet/sheet.html": render_sheet_html(sheet()),
        "sheet/sheet.json": render_sheet_json(sheet()),
        "sheet/sheet.txt": render_sheet_terminal(sheet(), width=100),
    }
    files = {ROOT / "reports" / "examples" / name: content for name, content in examples.items()}
    files |= {ROOT / "reports" / "schemas" / name: content for name, content in schemas().items()}
    return files | {ROOT / "reports" / "catalogues" / "hcgov.pot": catalogue()}


def catalogue() -> str:
    """Return the message catalogue: texts of templates and of the source, by message, without line numbers."""
    found: dict[Message, tuple[set[str], set[str]]] = {}
    for message, flag, place in (*_from_templates(), *from_source()):
        places, flags = found.setdefault(message, (set(), set()))
        places.add(place)
        flags.update(filter(None, [flag]))
    entries = [_entry(message, *found[message]) for message in sorted(found)]
    head = (
        "# Messages of hcgov. Made by `python -m tests.io.render.generated`.\n"
        'msgid ""\nmsgstr ""\n'
        '"Project-Id-Version: hcgov\\n"\n'
        '"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=UTF-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n'
        '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n'
    )
    return "\n".join([head, *entries])


def _from_templates() -> Iterator[tuple[Message, str, str]]:
    env = templates("en")
    for path in sorted(TEMPLATES.glob("*.j2")):
        place = path.relative_to(ROOT).as_posix()
        for _, _, message in env.extract_translations(path.read_text(encoding="utf-8")):
            parts = message if isinstance(message, tuple) else (message, "")
            singular, plural = parts[0], parts[1] or ""
            if singular:
                yield (singular, plural), "python-format" if "%" in singular else "", place


def from_source() -> Iterator[tuple[Message, str, str]]:
    """Yield every message in the source with the flag of its placeholders and its file."""
    for path in sorted((ROOT / "hcgov").rglob("*.py")):
        place = path.relative_to(ROOT).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            function = node.func
            name = function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
            first = node.args[0]
            if (
                name in MARKS
                and isinstance(first, ast.Constant)
                and isinstance(first.value, str)
                and first.value
            ):
                # Of two forms of a word Python's own formatting knows nothing.
                flag = MARKS[name] if "{" in first.value and "|" not in first.value else ""
                yield (first.value, ""), flag, place


def _entry(message: Message, places: set[str], flags: set[str]) -> str:
    singular, plural = message
    lines = [f"#: {place}" for place in sorted(places)]
    lines += [f"#, {', '.join(sorted(flags))}"] if flags else []
    lines += [f"msgid {_quoted(singular)}"]
    lines += [f"msgid_plural {_quoted(plural)}", 'msgstr[0] ""', 'msgstr[1] ""'] if plural else ['msgstr ""']
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    for plain, escaped in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\t", "\\t")):
        text = text.replace(plain, escaped)
    return f'"{text}"'


if __name__ == "__main__":
    for path, content in generated().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8", newline="\n")
        print(path.relative_to(ROOT))
