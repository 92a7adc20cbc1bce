"""Write the reference pages from the code itself: ``python docs/generate.py``. A test holds them up to date."""

import ast
import inspect
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

from hcgov.app.codes import CODES, REASONS
from hcgov.core.check import Check, Params
from hcgov.core.control import EnforcementByProfile
from hcgov.core.direction import declarations
from hcgov.core.judged import LongMapping
from hcgov.core.limit import LimitRange
from hcgov.core.long_tables import COLUMNS, PERSON, LongColumn, LongKind
from hcgov.io.data import data_path
from hcgov.io.group_metrics import known_metrics
from hcgov.io.long.formats import FORMATS, load
from hcgov.io.plugins import load_registry
from hcgov.io.policies import load_pack, shipped

HERE = Path(__file__).resolve().parent

STRICTER = """The last column says which value of a parameter is the stricter one: it asks for all that the other
asks for, and more. A parameter that names what a control is about makes *another control* of it, which is neither
stricter nor looser. Values outside the range are refused, and so are limits that could never fail or never
pass."""


def pages() -> dict[Path, str]:
    """Return every generated page by its path."""
    return {
        HERE / "reference" / "checks.md": "\n".join(_checks()) + "\n",
        HERE / "reference" / "controls.md": "\n".join(_controls()) + "\n",
        HERE / "reference" / "codes.md": "\n".join(_codes()) + "\n",
        HERE / "reference" / "judgments.md": "\n".join(_judgments()) + "\n",
    }


def _checks() -> Iterator[str]:
    registry = load_registry()
    yield "# Checks\n\nWritten by `python docs/generate.py` from the checks; `hcgov explain ID` shows the same.\n"
    yield textwrap.fill(STRICTER, 110)
    for stage in registry.stages.values():
        yield f"\n## {stage.title}"
        for check in registry.checks.values():
            if check.stage == stage.id:
                yield from _check(check)
    yield "\n## Metrics that `evaluation.group_metric` knows\n\nOf fairlearn and scikit-learn, by name:\n"
    yield textwrap.fill(", ".join(f"`{name}`" for name in known_metrics()) + ".", 110)


def _check(check: Check[Params]) -> Iterator[str]:
    yield f"\n### `{check.id}@{check.major}`\n\n**{check.title}**\n"
    yield textwrap.fill(" ".join(check.about.split()), 110)
    yield "\n| parameter | meaning | default | range | stricter |\n|---|---|---|---|---|"
    for one in declarations(check.params):
        default = (
            "required"
            if one.field.is_required()
            else _default(one.field.get_default(call_default_factory=True))
        )
        within = str(one.range) if one.numeric else ""
        yield f"| `{one.name}` | {one.field.description or ''} | {default} | {within} | {one.direction} |"
    yield f"\nJudged {check.judged.value.replace('_', ' ')}. Supports: {', '.join(check.supports)}."
    if isinstance(check.limit, LimitRange):
        metrics = ", ".join(f"`{metric}`" for metric in check.limit.metrics)
        yield f"\nLimits of {metrics}: {check.limit}."
    elif check.limit is not None:
        yield "\nWhich limits decide anything depends on the parameters."
    yield "\nExamples: " + "; ".join(f"{e.title} → {e.expect.value}" for e in check.examples()) + "."


def _default(value: object) -> str:
    if value is None:
        return "left out"
    if isinstance(value, tuple | list):
        return f"`{', '.join(map(str, value))}`" if value else "none"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _controls() -> Iterator[str]:
    yield "# Controls of the shipped packs\n\nWritten by `python docs/generate.py`."
    for name, path in shipped().items():
        pack = load_pack(name, path, path.name).spec
        yield f"\n## {pack.metadata.id} {pack.metadata.version}: {pack.metadata.title}"
        for spec in pack.controls:
            limit = spec.limit_value()
            given = spec.enforcement
            how = (
                given.model_dump(by_alias=True, exclude_none=True)
                if isinstance(given, EnforcementByProfile)
                else given
            )
            enforced = (
                ", ".join(f"{k}: {v.value}" for k, v in how.items()) if isinstance(how, dict) else how.value
            )
            yield f"\n### {spec.id}: {spec.title}\n"
            yield f"- check: `{spec.check}`, stage {spec.stage}"
            if limit is not None:
                yield f"- limit: {limit} ({spec.source}), by the one-sided {100 * float(limit.confidence):g}% bound"
            yield f"- severity {spec.severity.value}; enforcement {enforced}"
            yield f"- why: {spec.why}\n- to mend: {spec.fix}\n- supports: {', '.join(spec.supports) or 'nothing'}"


def _codes() -> Iterator[str]:
    yield "# Codes\n\nWritten by `python docs/generate.py`.\n\n| code | meaning |\n|---|---|"
    for code, meaning in sorted(CODES.items()):
        yield f"| `{code}` | {meaning.replace('|', chr(92) + '|')} |"
    yield "\n## Reasons\n\nWhy a finding could not be decided or evidence was absent, as `report.json` names it.\n"
    yield "| reason | meaning |\n|---|---|"
    for reason, meaning in sorted(REASONS.items()):
        yield f"| `{reason}` | {meaning} |"


JUDGED = """One table a kind, one row a judgment. A file needs the columns that are required; each further one
answers more questions. Every other column of a file may describe people, and is a group when it is named as a slice.
What the words mean and how a file is mapped: [people's judgments](../judgments.md)."""

FORMAT_NOTE = """A format is named with `format:` in the manifest or `--format` at a command. A file that is named to
a command without either is looked at; where one format alone fits, that is taken. A column that the file does not
hold stays away. Whatever else a file says of people or items can be named as a slice."""


def _judgments() -> Iterator[str]:
    yield "# Tables of judgments\n\nWritten by `python docs/generate.py` from the tables and the readers of formats.\n"
    yield textwrap.fill(JUDGED, 110)
    for kind, columns in COLUMNS.items():
        yield f"\n## `{kind.value}`\n\nThe person is the `{PERSON[kind]}`.\n"
        yield "| column | what it is | holds | required |\n|---|---|---|---|"
        for name, column in columns.items():
            yield f"| `{name}` | {column.about} | {_held(column)} | {'yes' if column.required else ''} |"
    yield "\n## Keys of a mapping\n"
    yield "In the manifest at an artifact of these kinds, or in a file that `mapping:` names.\n"
    yield "| key | meaning | default |\n|---|---|---|"
    for name, field in LongMapping.model_fields.items():
        value = field.get_default(call_default_factory=True)
        yield f"| `{name}` | {field.description or 'How a CSV file is written.'} | {_unset(value)} |"
    yield "\n## Formats\n"
    yield textwrap.fill(FORMAT_NOTE, 110)
    for name in FORMATS:
        yield from _format(name)


def _held(column: LongColumn) -> str:
    if column.values:
        return "one of " + ", ".join(f"`{value}`" for value in column.values)
    return column.holds.value


def _unset(value: object) -> str:
    if isinstance(value, dict | tuple | None) or value == "":
        return "none"
    return f"`{value}`" if isinstance(value, str) else "as for tables"


def _format(name: str) -> Iterator[str]:
    module = sys.modules[load(name).__name__]  # type: ignore[attr-defined]  # a format is a module
    yield f"\n### `{name}`\n"
    first, _, rest = inspect.cleandoc(module.__doc__ or "").partition("\n\n")
    yield textwrap.fill(first, 110)
    if rest:
        yield "\n" + textwrap.fill(" ".join(rest.split()), 110)
    yield f"\nFiles: {', '.join(f'`{suffix}`' for suffix in load(name).SUFFIXES)}."
    yield "\n| table | columns that it can fill |\n|---|---|"
    for kind, columns in _filled(module):
        yield f"| `{kind.value}` | {', '.join(f'`{column}`' for column in columns)} |"


def _filled(module: object) -> Iterator[tuple[LongKind, tuple[str, ...]]]:
    """Yield the tables that a reader gathers, with their columns, as its source says them."""
    for node in ast.walk(ast.parse(inspect.getsource(module))):  # type: ignore[arg-type]  # a module
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Gathered":
            kind, columns = (
                eval(compile(ast.Expression(part), "reader", "eval"), vars(module))  # noqa: S307 - our own source
                for part in node.args[:2]
            )
            yield kind, columns


if __name__ == "__main__":
    assert data_path("policies").is_dir()
    for page, content in pages().items():
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(content, encoding="utf-8")
