"""report.json: written the same for the same report, read back with a clear word where it is not ours."""

import json

from pydantic import ValidationError
from pydantic_core import to_jsonable_python

from hcgov.core.record import SCHEMA, ReportV1

MAX_BYTES = 64 * 1024 * 1024


class NotAReport(ValueError):  # noqa: N818 - it says what the file is, as the other refusals of readers do
    """The bytes are not a report that this version can read; the message says why, for people."""


def render_json(report: ReportV1) -> str:
    """Return report.json: UTF-8 text, keys in the order of the model, maps as they stand, one trailing newline.

    Maps are not sorted: the order of a slice's columns is part of its name. Reading the text and writing it again
    gives the same bytes, so its SHA-256 identifies the report.

    Raises
    ------
    ValueError
        A number is NaN or infinite; the record says ``null`` for what has no value.
    """
    # Without indentation the encoder written in C is used, which is ten times faster on a large record.
    text = json.dumps(
        report.model_dump(by_alias=True),
        ensure_ascii=False,
        allow_nan=False,
        separators=(",", ":"),
        # Parameters of checks may hold decimals, dates or sets; pydantic's own rules make them JSON.
        default=to_jsonable_python,
    )
    return (text if text.isascii() else text.encode("utf-8", "replace").decode()) + "\n"


def report_digest(report: ReportV1) -> str:
    """Return the SHA-256 of report.json, in hexadecimal."""
    from hashlib import sha256

    return sha256(render_json(report).encode()).hexdigest()


def read_report(data: bytes) -> ReportV1:
    """Read report.json.

    Raises
    ------
    NotAReport
        The bytes are too many, are no JSON, are another kind of file, or come from another version.
    """
    if len(data) > MAX_BYTES:
        raise NotAReport(f"the file has {len(data):,} bytes; a report has at most {MAX_BYTES:,}")
    try:
        found = json.loads(data.decode("utf-8-sig"), parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise NotAReport(f"the file is not readable JSON: {error}") from error
    named = found.get("schema") if isinstance(found, dict) else None
    if not isinstance(named, str) or not named.startswith("hcgov.report/"):
        raise NotAReport(f'the file is not a report of hcgov: it has no `"schema": "{SCHEMA}"`')
    if named != SCHEMA:
        raise NotAReport(
            f"the report has schema `{named}` and this version reads `{SCHEMA}`; "
            "read it with the version of hcgov that wrote it, or a newer one"
        )
    try:
        return ReportV1.model_validate_json(json.dumps(found))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the document"
        more = error.error_count() - 1
        also = f" (and {more} more)" if more else ""
        raise NotAReport(f"the report does not keep to `{SCHEMA}`: {where}: {first['msg']}{also}") from error


def _refuse(constant: str) -> object:
    raise ValueError(f"{constant} is no JSON number")
