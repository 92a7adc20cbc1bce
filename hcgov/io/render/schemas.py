"""JSON Schemas of the files that people and other programs write or read, made from the models."""

import json

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


def policy_schema() -> str:
    """Return the JSON Schema of a policy pack, version 1, for editors."""
    from hcgov.core.policy import PackSpec

    return _schema(PackSpec, "hcgov.policy-1", "Policy pack, version 1", mode_out=False)


def schemas() -> dict[str, str]:
    """Return every schema by its file name in ``reports/schemas``."""
    return {
        "hcgov.report-1.schema.json": report_schema(),
        "hcgov.manifest-1.schema.json": manifest_schema(),
        "hcgov.policy-1.schema.json": policy_schema(),
    }


def _schema(model: type[BaseModel], name: str, title: str, *, mode_out: bool) -> str:
    made = model.model_json_schema(by_alias=True, mode="serialization" if mode_out else "validation")
    head = {"$schema": _DIALECT, "$id": f"urn:hcgov:schema:{name}", "title": title}
    return (
        json.dumps({**head, **{k: v for k, v in made.items() if k != "title"}}, ensure_ascii=False, indent=2)
        + "\n"
    )
