"""A project whose model is a folder, records of it, and a real MLflow registry in this process."""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from hcgov.app.check import Asked
from hcgov.app.gate import run_gate
from hcgov.app.promote import Promoted, Promotion, promote, target_of
from hcgov.app.registry_audit import Audit, audit_registry
from hcgov.app.release_gate import Gated, Question, gate_record
from hcgov.app.rendering import Outputs
from hcgov.app.weighing import Demands
from hcgov.core.record import ReportV1
from hcgov.io.tracking.protocol import FOUND, Message, StoreError, failed
from hcgov.io.tracking.registered import Registry
from hcgov.io.tracking.registry import serve
from hcgov.io.tracking.uri import Store
from tests.app.excepting import EVEN, UNEVEN, Excepting

if TYPE_CHECKING:
    pass

NOW = datetime(2026, 12, 10, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
ONE_STAGE = ("evaluation",)


class Releasing(Excepting):
    """A project that passes until :meth:`fails` is called."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.refused(EVEN)
        (folder / "model" / "sub").mkdir(parents=True)
        self.weights("first")

    def manifest(self, *more: str) -> None:
        super().manifest(*more)
        manifest = self.folder / "hcgov.yaml"
        manifest.write_text(manifest.read_text().replace("path: model.bin", "path: model"), encoding="utf-8")

    @property
    def digest(self) -> str:
        return self.check().subject.sha256

    def weights(self, content: str) -> Path:
        (self.folder / "model" / "weights.bin").write_text(content, encoding="utf-8")
        (self.folder / "model" / "sub" / "config.json").write_text("{}", encoding="utf-8")
        return self.folder / "model"

    def fails(self) -> None:
        self.refused(UNEVEN)

    def record(
        self,
        *,
        now: datetime = NOW,
        exit_zero: bool = False,
        fresh: bool = False,
        select: tuple[str, ...] = (),
        stages: tuple[str, ...] = ONE_STAGE,
    ) -> Path:
        """Check as `hcgov check` does, with record and ledger."""
        asked = Asked(
            root=self.folder, now=now, stages=stages, exit_zero=exit_zero, select=select, fresh=fresh
        )
        return run_gate(asked, Outputs.parse(()), lambda _: None, track=False).saved.folder / "report.json"

    def gate(
        self, record: Path | None = None, *, subject: str = "", anywhere: bool = False, **demands
    ) -> Gated:
        given = Demands(**{"now": LATER, "stages": ONE_STAGE, **demands})
        where = None if anywhere else self.folder
        return gate_record(
            Question(record=record or self.folder, demands=given, project=where, subject=subject)
        )


def edited(record: Path, change: Callable[[dict], None]) -> Path:
    """Change a record as somebody with an editor would."""
    content = json.loads(record.read_text())
    change(content)
    record.write_text(json.dumps(content), encoding="utf-8")
    return record


def report_of(record: Path) -> ReportV1:
    return ReportV1.model_validate_json(record.read_text())


class Registered:
    """A registry in a SQLite file; ``before`` is called with every job, to come in between."""

    def __init__(self, folder: Path) -> None:
        # It asks a host of its makers otherwise.
        os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
        from mlflow import MlflowClient

        self.store = Store(uri=f"sqlite:///{folder}/registry.db", artifacts=str(folder / "artifacts"))
        self.client: MlflowClient = MlflowClient(tracking_uri=self.store.uri, registry_uri=self.store.uri)
        self.between: Callable[[Message], None] = lambda _: None

    def version(self, name: str, model: Path) -> str:
        if not self.client.search_registered_models(f'name = "{name}"'):
            self.client.create_registered_model(name)
        return str(self.client.create_model_version(name, model.as_uri()).version)

    def ask(self, job: Message, *, seconds: float | None = None) -> Message:
        """Do what the tracking process does, in this one."""
        self.between(job)
        try:
            return {"event": FOUND, "registry": serve(self.client, self.store, job, lambda _: None)}
        except StoreError as error:
            return failed(error.code, error.reason)

    @contextmanager
    def connect(self, store: Store, environ: Mapping[str, str]) -> Iterator[Registry]:
        assert store.uri == self.store.uri
        assert environ is os.environ
        yield Registry(self)

    def alias(self, name: str, alias: str = "champion") -> str:
        return str(self.client.get_registered_model(name).aliases.get(alias, ""))

    def tags(self, name: str, version: str) -> dict[str, str]:
        return dict(self.client.get_model_version(name, version).tags)

    def promote(
        self,
        project: Releasing,
        model: str,
        *,
        alias: str = "champion",
        tag: str = "",
        record: Path | None = None,
        dry_run: bool = False,
        allow_conditions: bool = False,
        **demands,
    ) -> Promoted:
        given = {"now": LATER, "stages": ONE_STAGE, "fail_on": () if allow_conditions else ("waived",)}
        question = Question(
            record=record or project.folder, demands=Demands(**{**given, **demands}), project=project.folder
        )
        promotion = Promotion(
            question=question,
            target=target_of(model, "" if tag else alias, tag),
            tracking_uri=self.store.uri,
            dry_run=dry_run,
        )
        return promote(promotion, self.connect)

    def audit(self, *projects: Releasing, models: tuple[str, ...] = ()) -> Audit:
        folders = [project.folder for project in projects]
        return audit_registry(folders, models=models, tracking_uri=self.store.uri, connect=self.connect)


def told(claims, state: str) -> dict[str, str]:
    return {claim.topic: claim.text for claim in claims if claim.state == state}
