"""The model registry: versions fetched, aliases moved and listed; runs in the tracking process only."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from hcgov.core.evidence.source import Tree
from hcgov.core.mistake import did_you_mean
from hcgov.core.text import text
from hcgov.io.tracking.protocol import (
    ALIASES,
    ARTIFACT,
    FETCH,
    MOVE,
    NOT_FOUND,
    REFUSED,
    RESTORE,
    TAGGED,
    Message,
    StoreError,
    word,
    words,
)
from hcgov.io.tracking.store import told_by_mlflow
from hcgov.io.tracking.uri import Store, redact

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities.model_registry import ModelVersion

_ABSENT = ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE")
_A_PAGE = 100
_LOOKED_AT = 200
_BEAT = 1.0
_OURS = "hcgov."


def serve(client: "MlflowClient", store: Store, job: Message, say: Callable[[Message], None]) -> Tree:
    """Answer one job about the registry.

    Raises
    ------
    StoreError
        There is no such model or version, or the registry refuses.
    """
    answers: dict[str, Callable[[], Tree]] = {
        FETCH: lambda: _fetch(client, store, job, say),
        MOVE: lambda: _move(client, job),
        RESTORE: lambda: _restore(client, job),
        ALIASES: lambda: _aliases(client, say),
        TAGGED: lambda: _tagged(client, job),
    }
    with told_by_mlflow(store.uri):
        return answers[word(job, "do")]()


def _fetch(client: "MlflowClient", store: Store, job: Message, say: Callable[[Message], None]) -> Tree:
    """Find a model version and download what it consists of, as whoever serves it would.

    The download starts at the address that the registry gives out, not at ``models:/``: under that one MLflow adds
    a file of its own, and the digest would be another.
    """
    import mlflow
    from mlflow.artifacts import download_artifacts

    name, version, folder = word(job, "name"), word(job, "version"), word(job, "folder")
    found = _version(client, name, version)
    if str(found.status) != "READY":
        told = text(
            "version {version} of `{name}` is not ready: {status}",
            version=version,
            name=name,
            status=found.status,
        )
        raise StoreError(REFUSED, told)
    path = ""
    if folder:
        with _alive(say):
            path = download_artifacts(
                client.get_model_version_download_uri(name, version),
                dst_path=folder,
                tracking_uri=store.uri,
                registry_uri=mlflow.get_registry_uri(),
            )
    return {
        "path": path,
        "source": redact(str(found.source or "")),
        "tags": {**_tags(found)},
        "aliases": {**_aliases_of(client, name)},
    }


def _move(client: "MlflowClient", job: Message) -> Tree:
    """Tag a version, and move an alias to it if nobody has moved it meanwhile; then read again what stands there."""
    name, version, alias = word(job, "name"), word(job, "version"), word(job, "alias")
    key, value = word(job, "key"), word(job, "value")
    before = _aliases_of(client, name).get(alias, "") if alias else ""
    if alias and before != word(job, "expected"):
        return {"moved": False, "before": before, "after": before, "tags": {}}
    for tag, content in words(job, "tags"):
        client.set_model_version_tag(name, version, tag, content)
    if alias:
        client.set_registered_model_alias(name, alias, version)
    else:
        client.set_model_version_tag(name, version, key, value)
    found = _tags(_version(client, name, version), ours=False)
    after = _aliases_of(client, name).get(alias, "") if alias else version if found.get(key) == value else ""
    return {"moved": True, "before": before, "after": after, "tags": {**found}}


def _restore(client: "MlflowClient", job: Message) -> Tree:
    """Let an alias point where it did, unless somebody has moved it since."""
    name, version, alias, before = (word(job, key) for key in ("name", "version", "alias", "before"))
    if alias and _aliases_of(client, name).get(alias, "") != version:
        return {"restored": False}
    if not alias:
        client.delete_model_version_tag(name, version, word(job, "key"))
    elif before:
        client.set_registered_model_alias(name, alias, before)
    else:
        client.delete_registered_model_alias(name, alias)
    return {"restored": True}


def _aliases(client: "MlflowClient", say: Callable[[Message], None]) -> Tree:
    """List every alias of every model, page by page, with our tags of the version that it points to."""
    rows: list[Tree] = []
    token: str | None = None
    while True:
        page = client.search_registered_models(max_results=_A_PAGE, page_token=token)
        for model in page:
            for alias, version in sorted((model.aliases or {}).items()):
                rows.append(
                    {"name": model.name, "alias": alias, **_pointed(client, model.name, str(version))}
                )
            say({"event": ARTIFACT, "name": model.name})
        token = page.token
        if not token:
            return rows


def _pointed(client: "MlflowClient", name: str, version: str) -> dict[str, Tree]:
    from mlflow.exceptions import MlflowException

    try:
        tags = _tags(client.get_model_version(name, version))
    except MlflowException as error:
        if error.error_code not in _ABSENT:
            raise
        return {"version": version, "there": False, "tags": {}}
    return {"version": version, "there": True, "tags": {**tags}}


def _tagged(client: "MlflowClient", job: Message) -> Tree:
    """List the versions of a model that carry a tag with this value, with our tags."""
    name, key, value = word(job, "name"), word(job, "key"), word(job, "value")
    rows: list[Tree] = []
    token: str | None = None
    while True:
        page = client.search_model_versions(_named(name), max_results=_A_PAGE, page_token=token)
        rows += [
            {"version": str(one.version), "tags": {**_tags(one)}}
            for one in page
            if one.name == name and (one.tags or {}).get(key) == value
        ]
        token = page.token
        if not token:
            return rows


def _version(client: "MlflowClient", name: str, version: str) -> "ModelVersion":
    from mlflow.exceptions import MlflowException

    try:
        return client.get_model_version(name, version)
    except MlflowException as error:
        if error.error_code not in _ABSENT:
            raise
        told = text(
            "there is no `{uri}` in the registry; {help}",
            uri=f"models:/{name}/{version}",
            help=_near(client, name),
        )
        raise StoreError(NOT_FOUND, told) from None


def _near(client: "MlflowClient", name: str) -> str:
    """Name the model that was meant, or the versions that there are."""
    from mlflow.exceptions import MlflowException

    try:
        client.get_registered_model(name)
    except MlflowException as error:
        if error.error_code not in _ABSENT:
            raise
        known = [model.name for model in client.search_registered_models(max_results=_LOOKED_AT)]
        return did_you_mean(name, known) or ("the store holds no models" if not known else "see its models")
    found = client.search_model_versions(_named(name), max_results=_LOOKED_AT)
    numbers = sorted(int(one.version) for one in found if one.name == name)
    listed = ", ".join(map(str, numbers[-8:]))
    return f"`{name}` has versions {listed}" if numbers else f"`{name}` has no versions"


def _named(name: str) -> str:
    """Return a filter for a model's versions; MLflow knows no escapes, so a name with both quotes has none."""
    quote = next((one for one in ("'", '"') if one not in name), "")
    return f"name = {quote}{name}{quote}" if quote else ""


def _aliases_of(client: "MlflowClient", name: str) -> dict[str, str]:
    # A missing alias would be an error by its own name; the model's list has it or not.
    found = client.get_registered_model(name).aliases or {}
    return {str(alias): str(version) for alias, version in found.items()}


def _tags(version: "ModelVersion", *, ours: bool = True) -> dict[str, str]:
    found = version.tags or {}
    return {str(k): str(v) for k, v in sorted(found.items()) if not ours or str(k).startswith(_OURS)}


@contextmanager
def _alive(say: Callable[[Message], None]) -> Iterator[None]:
    """Give signs of life during a long download; a server that falls silent ends it by MLflow's own timeout."""
    done = threading.Event()

    def beat() -> None:
        while not done.wait(_BEAT):
            with suppress(ValueError):  # the pipe was closed
                say({"event": ARTIFACT, "name": "download"})

    beating = threading.Thread(target=beat, daemon=True)
    beating.start()
    try:
        yield
    finally:
        done.set()
        beating.join()
