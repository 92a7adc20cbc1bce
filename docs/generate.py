"""Write the reference pages from the code itself: ``python docs/generate.py``. A test holds them up to date."""

import textwrap
from collections.abc import Iterator
from pathlib import Path

from hcgov.app.codes import CODES, REASONS
from hcgov.core.check import Check, Params
from hcgov.core.control import EnforcementByProfile
from hcgov.core.direction import declarations
from hcgov.core.limit import LimitRange
from hcgov.io.data import data_path
from hcgov.io.group_metrics import known_metrics
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


if __name__ == "__main__":
    assert data_path("policies").is_dir()
    for page, content in pages().items():
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(content, encoding="utf-8")
