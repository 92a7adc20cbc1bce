"""Croissant metadata (JSON-LD, versions 0.8, 1.0 and 1.1) with the properties of Croissant-RAI 1.0.

Names are compared by their last part, so ``rai:dataBiases``, the full address and the bare name are one
property. What is not as the specification asks is told as a problem; it does not stop the reading.
"""

import re
from collections.abc import Iterator
from datetime import datetime

from hcgov.core.evidence.absent import Absent
from hcgov.core.evidence.documents import Croissant
from hcgov.core.evidence.source import Tree
from hcgov.core.mistake import AuthoringError
from hcgov.io.files import Blob
from hcgov.io.readers.absences import from_mistakes, unreadable
from hcgov.io.readers.prose import content
from hcgov.io.yaml import parse_json

RAI_PROPERTIES = (
    "dataCollection",
    "dataCollectionType",
    "dataCollectionMissingData",
    "dataCollectionRawData",
    "dataCollectionTimeframe",
    "dataImputationProtocol",
    "dataManipulationProtocol",
    "dataPreprocessingProtocol",
    "dataAnnotationProtocol",
    "dataAnnotationPlatform",
    "dataAnnotationAnalysis",
    "dataReleaseMaintenancePlan",
    "personalSensitiveInformation",
    "dataSocialImpact",
    "dataBiases",
    "dataLimitations",
    "dataUseCases",
    "annotationsPerItem",
    "annotatorDemographics",
    "machineAnnotationTools",
)
"""The twenty properties of Croissant-RAI 1.0, under the names of its definitions."""

_SPELLINGS = {
    "annotationplatform": "dataAnnotationPlatform",
    "annotationprotocol": "dataAnnotationProtocol",
    "annotationanalysis": "dataAnnotationAnalysis",
    "usecases": "dataUseCases",
    "datareleasemaintenance": "dataReleaseMaintenancePlan",
    "datacollectionraw": "dataCollectionRawData",
    "datacollectiontimeframestart": "dataCollectionTimeframe",
    "datacollectiontimeframeend": "dataCollectionTimeframe",
} | {name.lower(): name for name in RAI_PROPERTIES}
"""Spellings in the specification's own overview and examples, lower case."""

_REQUIRED = ("name", "description", "url", "license", "creator", "datePublished")
_VERSION = re.compile(r"https?://mlcommons\.org/croissant/1\.[01]/?\Z")
_ADDRESS = re.compile(r"https?://[^\s/.]+(\.[^\s/.]+)+\S*\Z")
_STRUCTURE = frozenset({"distribution", "recordSet", "conformsTo"})


def read(blob: Blob) -> Croissant | Absent:
    """Read a Croissant document: a JSON object that describes one schema.org Dataset."""
    try:
        data = parse_json(blob.data, blob.source.location).data
    except AuthoringError as error:
        return from_mistakes(blob, error)
    nodes = list(_datasets(data))
    if len(nodes) != 1:
        return unreadable(
            blob, f"it describes {len(nodes) or 'no'} schema.org Dataset(s), and one is expected"
        )
    node = nodes[0]
    properties: dict[str, list[Tree]] = {}
    for key, value in node.items():
        if not key.startswith("@"):
            properties.setdefault(_local(key), []).extend(_items(value))
    conforms_to = tuple(_flat(value) for value in properties.get("conformsTo", ()))
    return Croissant(
        conforms_to=tuple(value for value in conforms_to if value),
        fields=_fields(properties),
        rai=_rai(properties),
        record_sets=len(properties.get("recordSet", ())),
        files=len(properties.get("distribution", ())),
        problems=tuple(_problems(node, properties)),
        source=blob.source,
    )


def _datasets(data: Tree) -> Iterator[dict[str, Tree]]:
    """Yield the nodes of type Dataset: the document itself, or those of its graph."""
    graph = data.get("@graph", data) if isinstance(data, dict) else data
    context = data.get("@context") if isinstance(data, dict) else None
    for node in _items(graph):
        types = _items(node.get("@type")) if isinstance(node, dict) else []
        if isinstance(node, dict) and any(_local(str(type_)) == "Dataset" for type_ in types):
            # The context may stand beside the graph; it belongs to the node all the same.
            yield {"@context": context, **node}


def _local(name: str) -> str:
    return re.split(r"[/#:]", name)[-1]


def _items(value: Tree) -> list[Tree]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _flat(value: Tree) -> str:
    """Return a JSON-LD value as text: lists joined, objects by value, identity, name or their parts."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "; ".join(part for part in map(_flat, value) if part)
    if isinstance(value, dict):
        for key in ("@value", "@list", "@id", "name", "url", "text"):
            if told := _flat(value.get(key)):
                return told
        parts = ((key, _flat(part)) for key, part in value.items() if not key.startswith("@"))
        return "; ".join(f"{_local(key)}: {part}" for key, part in parts if part)
    return str(value).strip()


def _fields(properties: dict[str, list[Tree]]) -> dict[str, str]:
    flat = {name: _flat(values) for name, values in properties.items() if not _is_apart(name)}
    return {name: value for name, value in flat.items() if value}


def _is_apart(name: str) -> bool:
    return name in _STRUCTURE or name.lower() in _SPELLINGS


def _rai(properties: dict[str, list[Tree]]) -> dict[str, str]:
    """Return the RAI properties that say something, under their normalised names."""
    found: dict[str, list[str]] = {}
    for name, values in properties.items():
        told = content(_flat(values))
        if told and name.lower() in _SPELLINGS:
            found.setdefault(_SPELLINGS[name.lower()], []).append(told)
    return {name: "; ".join(told) for name, told in found.items()}


def _problems(node: dict[str, Tree], properties: dict[str, list[Tree]]) -> Iterator[str]:
    if not node.get("@context"):
        yield "there is no `@context`"
    versions = [_flat(value) for value in properties.get("conformsTo", ())]
    if not any(versions):
        yield "`conformsTo` is missing (version 0.8 has none): it is not said which version is followed"
    elif not any(_VERSION.match(version) for version in versions):
        yield "`conformsTo` names neither Croissant 1.0 nor 1.1"
    for name in _REQUIRED:
        if not content(_flat(properties.get(name, [])), wrapped=False):
            yield f"the required property `{name}` is missing or says nothing"
    for name in ("url", "datePublished"):
        if (value := _flat(properties.get(name, []))) and not _fits(name, value):
            yield f"`{name}` is not {'a web address' if name == 'url' else 'an ISO 8601 date'}"
    for licence in properties.get("license", ()):
        if not _is_licence(value := _licence(licence)):
            yield f"licence `{value}` is neither an SPDX identifier nor a web address"
    yield from _parts(properties)


def _parts(properties: dict[str, list[Tree]]) -> Iterator[str]:
    files = properties.get("distribution", [])
    if not files:
        yield "there is no `distribution`: no file is described"
    for index, entry in enumerate(files):
        types = _items(entry.get("@type")) if isinstance(entry, dict) else []
        if not {_local(str(type_)) for type_ in types} & {"FileObject", "FileSet"}:
            yield f"entry {index + 1} of `distribution` is neither a FileObject nor a FileSet"
    if not properties.get("recordSet"):
        yield "there is no `recordSet`: the records and their fields are not described"


def _fits(name: str, value: str) -> bool:
    if name == "url":
        return _ADDRESS.match(value) is not None
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def _licence(value: Tree) -> str:
    """Return a licence as text; of a CreativeWork its address before its name."""
    if isinstance(value, dict) and (url := _flat(value.get("url"))):
        return url
    return _flat(value)


def _is_licence(value: str) -> bool:
    from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

    if _ADDRESS.match(value):
        return True
    try:
        canonicalize_license_expression(value)
    except InvalidLicenseExpression:
        return False
    return True
