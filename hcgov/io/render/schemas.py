"""JSON Schemas of the files that people and other programs write or read, made from the models."""

import json
from collections.abc import Mapping

from pydantic import BaseModel

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def report_schema() -> str:
    """Return the JSON Schema of report.json, version 1."""
    from hcgov.core.record import ReportV1

    return _schema(ReportV1, "hcgov.report-1", "report.json, version 1", mode_out=True)


def manifest_schema() -> str:
    """Return the JSON Schema of ``hcgov.yaml``, version 1, for editors."""
    from hcgov.core.project import Project

    return _schema(Project, "hcgov.manifest-1", "hcgov.yaml, version 1", mode_out=False)


def waivers_schema() -> str:
    """Return the JSON Schema of a file of waivers, version 1, for editors."""
    from hcgov.core.waiver import WaiverSetSpec

    return _schema(WaiverSetSpec, "hcgov.waivers-1", "Waivers, version 1", mode_out=False)


def baseline_schema() -> str:
    """Return the JSON Schema of a baseline, version 1."""
    from hcgov.core.baseline import BaselineSpec

    return _schema(BaselineSpec, "hcgov.baseline-1", "Baseline, version 1", mode_out=False)


def sheet_schema() -> str:
    """Return the JSON Schema of a sheet about judgments, version 1."""
    from hcgov.io.render.sheets.schema import sheet_tree

    return described(sheet_tree(), "hcgov.sheet-1", "Sheet about people's judgments, version 1")


def schemas() -> dict[str, str]:
    """Return these schemas by their file names in ``reports/schemas``; those of policies are made elsewhere."""
    return {
        "hcgov.report-1.schema.json": report_schema(),
        "hcgov.manifest-1.schema.json": manifest_schema(),
        "hcgov.waivers-1.schema.json": waivers_schema(),
        "hcgov.baseline-1.schema.json": baseline_schema(),
        "hcgov.sheet-1.schema.json": sheet_schema(),
    }


def _schema(model: type[BaseModel], name: str, title: str, *, mode_out: bool) -> str:
    made = model.model_json_schema(by_alias=True, mode="serialization" if mode_out else "validation")
    return described(made, name, title)


def described(made: Mapping[str, object], name: str, title: str) -> str:
    """Return a schema as text, with who it is.

    Parameters
    ----------
    name
        The last part of its `$id`.
    title
        What it is the schema of, for people.
    """
    head = {"$schema": _DIALECT, "$id": f"urn:hcgov:schema:{name}", "title": title}
    return (
        json.dumps({**head, **{k: v for k, v in made.items() if k != "title"}}, ensure_ascii=False, indent=2)
        + "\n"
    )
