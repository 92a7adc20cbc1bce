"""The card's YAML front matter: a person's keys are kept, the results of the record are put beside them."""

import re
from collections.abc import MutableMapping, MutableSequence
from io import StringIO
from typing import TYPE_CHECKING

from hcgov.core.record import ControlV1, EvidenceV1, FindingV1, ReportV1
from hcgov.io.render.reading import slice_name, worst_measured
from hcgov.io.yaml import parse

if TYPE_CHECKING:
    from ruamel.yaml import YAML

_HEADER = re.compile(r"\A\s*?---[ \t]*\n(.*?\n)?---[ \t]*(?:\n|\Z)", re.DOTALL)

BOUND = "hcgov_control"
"""The key in ``args`` that binds a number of the card to a control of ours; such results are replaced."""

KEYS = ("language", "license", "tags", "model-index")
TAG = "hcgov"

Node = MutableMapping[str, object]


def split(text: str) -> tuple[str, str]:
    """Split a card into its front matter (without the fences) and its body."""
    found = _HEADER.match(text)
    return (found[1] or "", text[found.end() :]) if found else ("", text)


def joined(header: str, body: str) -> str:
    """Join front matter and body; the body begins after one blank line and ends with one line break."""
    blank = "" if body.startswith("\n") else "\n"
    return f"---\n{header}---\n{blank}{body.rstrip()}\n"


def merged(header: str, report: ReportV1) -> tuple[str, tuple[str, ...]]:
    """Return the front matter with the record's results, and the keys that still have no value.

    Raises
    ------
    AuthoringError
        The front matter is not YAML that we accept, or no mapping.
    """
    yaml = _yaml()
    data = _loaded(yaml, header)
    for key in ("language", "license"):
        value = report.system.facts.get(key)
        if key not in data and isinstance(value, str) and value.strip():
            data[key] = _quoted(value.strip())
    tags = data.get("tags")
    if not isinstance(tags, MutableSequence):
        tags = data["tags"] = [] if tags is None else [tags]
    if TAG not in tags:
        tags.append(TAG)
    index = _index(data.get("model-index"), report)
    if index:
        data["model-index"] = index
    elif "model-index" in data:
        del data["model-index"]
    out = StringIO()
    yaml.dump(data, out)
    return out.getvalue(), tuple(key for key in KEYS if not data.get(key))


def _yaml() -> "YAML":
    from ruamel.yaml import YAML

    yaml = YAML(typ="rt", pure=True)
    yaml.preserve_quotes = True
    yaml.allow_unicode = True
    yaml.width = 1 << 16  # lines are not wrapped anew, so that a person's lines stay as they are
    yaml.representer.ignore_aliases = lambda *_: True
    return yaml


def _loaded(yaml: "YAML", header: str) -> Node:
    if header.strip():
        # Our own reader first: it refuses anchors, tags and duplicate keys, and tells the place of each.
        found = parse(f"\n{header}".encode(), "README.md").data
        if isinstance(found, dict):
            loaded: Node = yaml.load(header)
            return loaded
        from hcgov.core.mistake import AuthoringError, Mistake, Position

        where = Position(file="README.md", line=2, column=1)
        raise AuthoringError(
            [
                Mistake(
                    code="HCG-Y001", message="the front matter is no mapping of names to values", where=where
                )
            ]
        )
    empty: Node = yaml.load("{}")
    empty_map = getattr(empty, "fa", None)
    if empty_map is not None:
        empty_map.set_block_style()  # "{}" was read in flow style; what is put in shall stand line by line
    return empty


def _quoted(text: str) -> object:
    # Always in quotes: YAML 1.1 readers, as the hub's, take a bare `no`, `on` or `12:30` for something else.
    from ruamel.yaml.scalarstring import DoubleQuotedScalarString

    return DoubleQuotedScalarString(text)


def _number(value: float) -> object:
    """Return a number that is printed with four decimals, as readers of the card compare it."""
    from ruamel.yaml import YAML

    return YAML(typ="rt", pure=True).load(f"{value:.4f}")


def _index(found: object, report: ReportV1) -> list[object]:
    """Return ``model-index``: every entry and result of other origin as it was, and ours anew."""
    entries = list(found) if isinstance(found, MutableSequence) else []
    results = _results(report)
    for entry in entries:
        if isinstance(entry, MutableMapping) and isinstance(entry.get("results"), MutableSequence):
            entry["results"] = [result for result in entry["results"] if not _ours(result)]
    if results:
        first = next((entry for entry in entries if isinstance(entry, MutableMapping)), None)
        if first is None:
            first = {"name": _quoted(report.system.name), "results": []}
            entries.append(first)
        kept = first.get("results")
        first["results"] = [*(kept if isinstance(kept, MutableSequence) else ()), *results]
    return [entry for entry in entries if not isinstance(entry, MutableMapping) or entry.get("results")]


def _ours(result: object) -> bool:
    metrics = result.get("metrics") if isinstance(result, MutableMapping) else None
    if not isinstance(metrics, MutableSequence) or not metrics:
        return False
    return all(
        isinstance(metric, MutableMapping)
        and isinstance(metric.get("args"), MutableMapping)
        and BOUND in metric["args"]
        for metric in metrics
    )


def _results(report: ReportV1) -> list[object]:
    """Return one result for each control that a limit judges, with its worst value."""
    evidence = {item.id: item for item in report.evidence}
    made: list[object] = []
    for control in report.controls:
        worst = worst_measured(control) if control.limit is not None else None
        if worst is None or worst.estimate is None or worst.estimate.value is None:
            continue
        table = next((evidence[name] for name in control.evidence if name in evidence), None)
        made.append(
            {
                "task": {"type": _quoted(_task(report))},
                "dataset": _dataset(table),
                "metrics": [_metric(control, worst, worst.estimate.value)],
            }
        )
    return made


def _task(report: ReportV1) -> str:
    """Return the task as the system's facts state it; ``other`` where they do not, never a guess."""
    for key in ("task", "pipeline_tag"):
        value = report.system.facts.get(key)
        if isinstance(value, str) and value.strip():
            return value.strip()
    return "other"


def _dataset(table: EvidenceV1 | None) -> Node:
    if table is None:
        return {"type": _quoted("other"), "name": _quoted("Not provided")}
    made: Node = {"type": _quoted(table.artifact), "name": _quoted(table.description or table.artifact)}
    if table.sha256:
        made["args"] = {"sha256": _quoted(table.sha256)}
    return made


def _metric(control: ControlV1, worst: FindingV1, value: float) -> Node:
    args: Node = {BOUND: _quoted(control.id), "hcgov_metric": _quoted(worst.metric)}
    if worst.slice:
        args["hcgov_slice"] = _quoted(slice_name(worst))
    if worst.against:
        args["hcgov_against"] = _quoted(worst.against)
    return {
        "type": _quoted(worst.metric),
        "name": _quoted(control.title),
        "value": _number(value),
        "args": args,
    }
