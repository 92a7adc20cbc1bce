"""Reading one run from a store; runs in the tracking process only."""

import math
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from hcgov.core.evidence.source import Tree
from hcgov.core.mistake import did_you_mean
from hcgov.core.text import text
from hcgov.io.tracking.protocol import BAD_URI, NO_RUN, NOT_FOUND, StoreError
from hcgov.io.tracking.store import told_by_mlflow

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities import Run
    from mlflow.entities.model_registry import ModelVersion

_ABSENT = ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE")
_LOOKED_AT = 200
_HEX = re.compile(r"[0-9a-f]{64}")
_CONTEXT = "mlflow.data.context"
_SHA256 = "hcgov.sha256"
# Who started a run is nobody's business here, and is no evidence.
_LEFT_OUT = ("mlflow.user",)


def read(client: "MlflowClient", tracking_uri: str, uri: str) -> dict[str, Tree]:
    """Read the run behind ``runs:/<id>``, ``models:/<name>/<version>`` or ``models:/<name>@<alias>``.

    Returns
    -------
    dict
        The run in the form of an exported run, see :func:`hcgov.io.tracking.runs.parse_exported_run`.

    Raises
    ------
    StoreError
        The address is none, leads to nothing, or the store refuses.
    """
    with told_by_mlflow(tracking_uri):
        scheme, _, rest = uri.partition(":/")
        if scheme == "runs":
            return _exported(_run(client, rest.strip("/").partition("/")[0], uri))
        if scheme == "models":
            return _exported(_run(client, _behind(client, rest.strip("/"), uri), uri))
    told = text(
        "`{uri}` is no address of a run: write runs:/<id>, models:/<name>/<version> or "
        "models:/<name>@<alias>",
        uri=uri,
    )
    raise StoreError(BAD_URI, told)


def _run(client: "MlflowClient", run_id: str, uri: str) -> "Run":
    from mlflow.exceptions import MlflowException

    try:
        run = client.get_run(run_id)
    except MlflowException as error:
        if error.error_code not in _ABSENT:
            raise
        help_line = _near_run(client, run_id)
        told = text("there is no run `{uri}` in the store; {help}", uri=uri, help=help_line)
        raise StoreError(NOT_FOUND, told) from None
    if run.info.lifecycle_stage != "active":
        raise StoreError(NOT_FOUND, text("run `{uri}` was deleted in the store; restore it there", uri=uri))
    return run


def _near_run(client: "MlflowClient", wanted: str) -> str:
    """Name the run that was meant: people write a run's name or the beginning of its id."""
    experiments = client.search_experiments(max_results=_LOOKED_AT)
    ids = [experiment.experiment_id for experiment in experiments]
    runs = client.search_runs(ids, max_results=_LOOKED_AT) if ids else []
    for run in runs:
        short = len(wanted) >= 6 and run.info.run_id.startswith(wanted)
        if short or (wanted and run.info.run_name == wanted):
            return f"did you mean `runs:/{run.info.run_id}`?"
    return did_you_mean(wanted, [run.info.run_id for run in runs]) or "the store holds no runs"


def _behind(client: "MlflowClient", model: str, uri: str) -> str:
    """Return the id of the run behind a model version or a logged model."""
    if model.startswith("m-") and "/" not in model and "@" not in model:
        return _of_logged_model(client, model, uri)
    name, alias = model.rpartition("@")[::2] if "@" in model else (model.rpartition("/")[0], "")
    version = "" if alias else model.rpartition("/")[2]
    if not name or not (alias or version.isdecimal()):
        told = text(
            "`{uri}` names no version: write models:/<name>/<version> or models:/<name>@<alias>; "
            "`latest` moves",
            uri=uri,
        )
        raise StoreError(BAD_URI, told)
    run_id = _of_version(client, name, version, alias, uri)
    if not run_id:
        raise StoreError(NO_RUN, text("model version `{uri}` names no run that made it", uri=uri))
    return run_id


def _of_version(client: "MlflowClient", name: str, version: str, alias: str, uri: str) -> str:
    from mlflow.exceptions import MlflowException

    try:
        if alias:
            return str(client.get_model_version_by_alias(name, alias).run_id or "")
        return str(client.get_model_version(name, version).run_id or "")
    except MlflowException as error:
        # A missing alias is INVALID_PARAMETER_VALUE, a missing model or version RESOURCE_DOES_NOT_EXIST.
        if error.error_code not in _ABSENT:
            raise
        told = text(
            "there is no `{uri}` in the store; {help}", uri=uri, help=_near_model(client, name, alias)
        )
        raise StoreError(NOT_FOUND, told) from None


def _near_model(client: "MlflowClient", name: str, alias: str) -> str:
    from mlflow.exceptions import MlflowException

    try:
        model = client.get_registered_model(name)
    except MlflowException as error:
        if error.error_code not in _ABSENT:
            raise
        found = client.search_registered_models(max_results=_LOOKED_AT)
        return did_you_mean(name, [known.name for known in found]) or "the store holds no models"
    if alias:
        return did_you_mean(alias, model.aliases) or f"`{name}` has no aliases"
    versions = sorted({int(known.version) for known in _versions(client, name)})
    if not versions:
        return f"`{name}` has no versions"
    return f"`{name}` has versions " + ", ".join(str(number) for number in versions[-8:])


def _versions(client: "MlflowClient", name: str) -> "Iterable[ModelVersion]":
    return client.search_model_versions(f"name = '{name}'", max_results=_LOOKED_AT) if "'" not in name else []


def _of_logged_model(client: "MlflowClient", model_id: str, uri: str) -> str:
    from mlflow.exceptions import MlflowException

    try:
        run_id = client.get_logged_model(model_id).source_run_id
    except MlflowException as error:
        if error.error_code not in _ABSENT:
            raise
        raise StoreError(NOT_FOUND, text("there is no model `{uri}` in the store", uri=uri)) from None
    if not run_id:
        raise StoreError(NO_RUN, text("model `{uri}` names no run that made it", uri=uri))
    return str(run_id)


def _exported(run: "Run") -> dict[str, Tree]:
    datasets = run.inputs.dataset_inputs if run.inputs is not None else []
    inputs = [
        (str(item.dataset.name), str(item.dataset.digest), {tag.key: str(tag.value) for tag in item.tags})
        for item in datasets
    ]
    inputs.sort(key=lambda item: (item[0], item[1], sorted(item[2].items())))
    return {
        "schema": "hcgov.run/1",
        "run_id": str(run.info.run_id),
        "status": str(run.info.status),
        "start_time": int(run.info.start_time or 0),
        "params": {key: str(value) for key, value in sorted(run.data.params.items())},
        "tags": {k: str(v) for k, v in sorted(run.data.tags.items()) if k not in _LEFT_OUT},
        "metrics": {
            key: float(value) if math.isfinite(value) else None
            for key, value in sorted(run.data.metrics.items())
        },
        "inputs": [
            {
                "name": name,
                "digest": digest,
                "sha256": _digest(tags),
                "context": tags.get(_CONTEXT, ""),
            }
            for name, digest, tags in inputs
        ],
    }


def _digest(tags: dict[str, str]) -> str:
    """Return the full digest of an input; MLflow's own has 36 characters at most and proves nothing."""
    value = tags.get(_SHA256, "").strip().lower()
    return value if _HEX.fullmatch(value) else ""
