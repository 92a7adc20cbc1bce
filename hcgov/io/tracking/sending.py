"""Logging one record to a store; runs in the tracking process only.

It may be stopped at any moment and repeated: the run is found again by the digest of its report, and
everything in it is written so that writing it twice changes nothing.
"""

import hashlib
import json
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit
from urllib.request import url2pathname

from hcgov.core.text import text
from hcgov.io.tracking import names
from hcgov.io.tracking.attachments import Attachment, attachments
from hcgov.io.tracking.mapping import TrackedDataset, TrackedRun, mapping
from hcgov.io.tracking.protocol import (
    ARTIFACT,
    BAD_RECORD,
    DONE,
    LOGGED,
    REFUSED,
    RUN,
    Message,
    StoreError,
    word,
    words,
)
from hcgov.io.tracking.store import told_by_mlflow
from hcgov.io.tracking.uri import Kind, Store, kind_of

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities import DatasetInput, Run

_T = TypeVar("_T")
_MAX_RECORD = 64 << 20
_STATE = "hcgov.logged"
_RUN_ID = re.compile(r"^[a-zA-Z0-9][\w-]{0,255}$", re.ASCII)


def send_record(client: "MlflowClient", store: Store, job: Message, say: Callable[[Message], None]) -> None:
    """Log a record into one run: the run begun for it earlier, or a new one.

    Parameters
    ----------
    client
        Client of the open store.
    store
        The store, for the place of artifacts.
    job
        ``report`` (path of report.json), ``experiment`` (empty: the system's name), ``run_id`` (empty
        where none is known), ``files`` (pairs of a path and its name below ``hcgov/``).
    say
        Takes what has been done; the run's id as soon as there is one.

    Raises
    ------
    StoreError
        The record cannot be read or the store refuses something.
    """
    path = Path(word(job, "report"))
    tracked, digest, system = _read(path)
    with told_by_mlflow(store.uri):
        experiment_id, experiment = _experiment(client, store, word(job, "experiment") or system)
        run = _find(client, experiment_id, word(job, "run_id"), digest)
        complete = run is not None and run.data.tags.get(_STATE) == "complete"
        if run is None:
            run = _begin(client, experiment_id, tracked, digest)
        run_id = str(run.info.run_id)
        about: Message = {"run_id": run_id, "experiment": experiment, "experiment_id": experiment_id}
        say({"event": RUN, **about})
        left_out = 0
        if not complete:
            _log(client, run_id, tracked, say)
            attached = attachments(path, words(job, "files"))
            left_out = _attach(client, store, run, attached, say, note=tracked.note)
            client.set_tag(run_id, _STATE, "complete")
            client.set_terminated(run_id, tracked.status)
        say({"event": DONE, "left_out": left_out, **about})


def _read(path: Path) -> tuple[TrackedRun, str, str]:
    """Read a record; returns what to log, the digest of its bytes and the system's name."""
    from pydantic import ValidationError

    from hcgov.core.record import ReportV1

    try:
        with path.open("rb") as file:
            data = file.read(_MAX_RECORD + 1)
    except OSError as error:
        told = text("`{path}` cannot be read: {error}", path=path, error=error.strerror or error)
        raise StoreError(BAD_RECORD, told) from None
    if len(data) > _MAX_RECORD:
        raise StoreError(BAD_RECORD, text("`{path}` is larger than 64 MB, no record is", path=path))
    digest = hashlib.sha256(data).hexdigest()
    try:
        report = ReportV1.model_validate_json(data)
    except ValidationError as error:
        # The values of the record stay out of the sentence.
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the document"
        told = text("`{path}` is no hcgov record: {where}: {why}", path=path, where=where, why=first["msg"])
        raise StoreError(BAD_RECORD, told) from None
    return mapping(report, digest), digest, report.system.name


def _experiment(client: "MlflowClient", store: Store, wanted: str) -> tuple[str, str]:
    """Find or create an experiment; returns its id and name.

    Only a server knows a place for artifacts by itself; all other stores would use ``mlruns`` in the
    working directory.
    """
    name = names.clean(wanted, 400).strip() or "hcgov"
    place = None if store.kind in (Kind.HTTP, Kind.OTHER) else Path(store.artifacts).as_uri()
    found = client.get_experiment_by_name(name)
    if found is not None and store.embedded and found.artifact_location != place:
        # The project was moved or copied: its store still names the old place, which is not ours any more.
        name = f"{name} ({hashlib.sha256(store.artifacts.encode()).hexdigest()[:8]})"
        found = client.get_experiment_by_name(name)
    if found is None:
        return _create_experiment(client, name, place), name
    if found.lifecycle_stage != "active":
        told = text(
            "experiment `{name}` was deleted in the store; restore it there, or name another in "
            "`tracking.experiment`",
            name=name,
        )
        raise StoreError(REFUSED, told)
    return str(found.experiment_id), name


def _create_experiment(client: "MlflowClient", name: str, place: str | None) -> str:
    from mlflow.exceptions import MlflowException

    try:
        return str(client.create_experiment(name, artifact_location=place))
    except MlflowException as error:
        # Another check may have created it in between.
        found = client.get_experiment_by_name(name)
        if error.error_code != "RESOURCE_ALREADY_EXISTS" or found is None:
            raise
        return str(found.experiment_id)


def _find(client: "MlflowClient", experiment_id: str, known: str, digest: str) -> "Run | None":
    """Find the run that was begun for this report: by its id, else by the report's digest."""
    from mlflow.exceptions import MlflowException

    if _RUN_ID.match(known):
        try:
            run = client.get_run(known)
        except MlflowException as error:
            if error.error_code not in ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"):
                raise
        else:
            active = run.info.lifecycle_stage == "active"
            if active and run.data.tags.get("hcgov.report.sha256") == digest:
                return run
    runs = client.search_runs([experiment_id], f"tags.`hcgov.report.sha256` = '{digest}'", max_results=1)
    return runs[0] if runs else None


def _begin(client: "MlflowClient", experiment_id: str, tracked: TrackedRun, digest: str) -> "Run":
    return client.create_run(
        experiment_id,
        start_time=tracked.started,
        run_name=tracked.name,
        tags={"hcgov.report.sha256": digest, _STATE: "incomplete"},
    )


def _log(client: "MlflowClient", run_id: str, tracked: TrackedRun, say: Callable[[Message], None]) -> None:
    from mlflow.entities import Metric, Param, RunTag

    # The record's own time makes a metric that is logged again the same metric.
    stamp = tracked.started or 0
    metrics = [Metric(name, value, stamp, 0) for name, value in tracked.metrics.items()]
    params = [Param(name, value) for name, value in tracked.params.items()]
    tags = [RunTag(name, value) for name, value in tracked.tags.items()]
    client.log_batch(
        run_id,
        metrics=metrics[: names.METRICS_A_BATCH - names.PARAMS_A_BATCH - names.TAGS_A_BATCH],
        params=params[: names.PARAMS_A_BATCH],
        tags=tags[: names.TAGS_A_BATCH],
        synchronous=True,
    )
    say({"event": LOGGED})
    rest = metrics[names.METRICS_A_BATCH - names.PARAMS_A_BATCH - names.TAGS_A_BATCH :]
    for part in _parts(rest, names.METRICS_A_BATCH):
        client.log_batch(run_id, metrics=part, synchronous=True)
        say({"event": LOGGED})
    inputs = [_input(dataset) for dataset in tracked.datasets]
    for some in _parts(inputs, names.DATASETS_A_BATCH):
        client.log_inputs(run_id, some)
        say({"event": LOGGED})


def _input(dataset: TrackedDataset) -> "DatasetInput":
    from mlflow.entities import Dataset, DatasetInput, InputTag

    remote = dataset.source.startswith(("http://", "https://"))
    kind, source = ("http", {"url": dataset.source}) if remote else ("local", {"uri": dataset.source})
    tags = {"mlflow.data.context": dataset.context, **dataset.tags}
    return DatasetInput(
        Dataset(dataset.name, dataset.digest, kind, json.dumps(source)),
        [InputTag(key, value) for key, value in tags.items()],
    )


def _attach(
    client: "MlflowClient",
    store: Store,
    run: "Run",
    attached: Sequence[Attachment],
    say: Callable[[Message], None],
    *,
    note: str,
) -> int:
    """Upload the record's files; returns how many had to be left out.

    A server that keeps artifacts in a folder of its own machine tells the client that folder; where this
    machine does not have it, MLflow would create it here, and nobody would find the files.
    """
    uri = str(run.info.artifact_uri)
    if store.kind is Kind.HTTP and not _reachable(uri):
        return len(attached)
    if not any(item.name == "summary.md" for item in attached):
        client.log_text(run.info.run_id, note + "\n", "hcgov/summary.md")
        say({"event": ARTIFACT, "name": "summary.md"})
    with tempfile.TemporaryDirectory(prefix="hcgov-") as folder:
        for item in attached:
            local = item.path
            if local.name != Path(item.name).name:
                local = Path(folder) / Path(item.name).name
                shutil.copyfile(item.path, local)
            below = (Path("hcgov") / item.name).parent.as_posix()
            client.log_artifact(run.info.run_id, str(local), below)
            say({"event": ARTIFACT, "name": item.name})
    return 0


def _reachable(uri: str) -> bool:
    """Say whether artifacts that are put at ``uri`` arrive where others find them."""
    if kind_of(uri) is not Kind.FOLDER:
        return True
    folder = Path(url2pathname(urlsplit(uri).path) if uri.startswith("file:") else uri)
    # <root>/<experiment>/<run>/artifacts: the root must be there, the rest is created by the first run.
    return folder.is_absolute() and any(parent.is_dir() for parent in folder.parents[:3])


def _parts(items: Sequence[_T], size: int) -> Iterator[Sequence[_T]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
